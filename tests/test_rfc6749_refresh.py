"""RFC 6749 §6 and RFC 9700 §4.14: refresh tokens, rotated at every use."""
from datetime import timedelta, timezone

import psycopg2

from odoo.tools import mute_logger

from .common import OAuth2Case
from .endpoints import JSON_2, claims_of
from .requirement import requirement


class TestRefreshToken(OAuth2Case):

    def age(self, seconds):
        """Let time pass since the last rotation."""
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - make_interval(secs => %s)", seconds)

    @requirement('RFC 6749', '6', 'A refresh token gives a new access token')
    def test_a_new_access_token(self):
        tokens = self.tokens()
        refreshed = self.refresh(tokens['refresh_token']).json()
        self.assertEqual(set(refreshed), set(tokens))
        self.assertNotEqual(refreshed['access_token'], tokens['access_token'])
        self.assertWorks(refreshed['access_token'])
        self.assertWorks(tokens['access_token'])  # it has its own time

    @requirement('RFC 9700', '4.14.2', 'Each use gives another refresh token')
    @requirement('OWASP ASVS 5.0', '10.4.5', 'Every use gives another token')
    def test_every_use_rotates(self):
        refresh_token = self.tokens()['refresh_token']
        seen = {refresh_token}
        for _time in range(4):
            refresh_token = self.refresh(refresh_token).json()['refresh_token']
            seen.add(refresh_token)
        self.assertEqual(len(seen), 5)
        self.assertEqual(self.env['oauth2.authorization'].search_count([('client_id', '=', self.client.id)]), 1)

    @requirement('contract', '5', 'In the grace period the last token gives the same successor again')
    def test_a_lost_answer_is_given_again(self):
        first = self.tokens()['refresh_token']
        second = self.refresh(first).json()['refresh_token']
        self.age(29)
        again = self.refresh(first)
        self.assertEqual(again.status_code, 200)
        self.assertWorks(again.json()['access_token'])
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at + interval '29 seconds'")
        self.assertEqual(self.refresh(first).json()['refresh_token'], second)
        self.assertEqual(self.refresh(second).status_code, 200)

    @requirement('contract', '5', 'The grace period begins with the rotation')
    def test_the_grace_begins_with_the_rotation(self):
        first = self.tokens()['refresh_token']
        self.age(3600)
        second = self.refresh(first).json()['refresh_token']
        self.assertEqual(self.refresh(first).json()['refresh_token'], second)
        self.age(3600)
        self.assertRefused(self.refresh(first), 400, 'invalid_grant')

    @requirement('RFC 9700', '4.14.2', 'A replay after the grace period ends the family')
    @requirement('OWASP ASVS 5.0', '10.4.5', 'A replay ends access and refresh tokens')
    def test_a_replay_after_the_grace_ends_everything(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        self.age(30)
        self.assertRefused(self.refresh(first['refresh_token']), 400, 'invalid_grant')
        self.assertDead(second)
        self.assertDead(first)
        self.assertEqual(self.authorization().revoked_because, 'refresh_token_replay')

    @requirement('RFC 9700', '4.14.2', 'A token two generations old ends the family, also at once')
    def test_an_older_token_ends_everything(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        third = self.refresh(second['refresh_token']).json()
        self.assertRefused(self.refresh(first['refresh_token']), 400, 'invalid_grant')
        self.assertDead(third)

    @requirement('contract', '5', 'A refresh token that is not used for long expires')
    @requirement('RFC 9700', '4.14.2', 'A refresh token that is not used for long expires')
    def test_idle_expiry(self):
        tokens = self.tokens()
        self.sql("UPDATE oauth2_authorization SET idle_expires_at = rotated_at - interval '1 second'")
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'invalid_grant')

    @requirement('OWASP ASVS 5.0', '10.4.8', 'Refresh tokens expire absolutely, however often they are used')
    def test_absolute_expiry(self):
        tokens = self.tokens()
        self.sql("UPDATE oauth2_authorization SET expires_at = rotated_at + interval '10 minutes'")
        refreshed = self.refresh(tokens['refresh_token']).json()
        self.assertEqual(self.authorization().idle_expires_at, self.authorization().expires_at)
        self.assertLessEqual(refreshed['expires_in'], 600)
        self.sql("UPDATE oauth2_authorization SET expires_at = rotated_at, idle_expires_at = rotated_at")
        self.assertDead(refreshed)

    @requirement('OWASP ASVS 5.0', '10.4.8', '180 days, by default')
    def test_how_long_an_authorization_lasts(self):
        days = timedelta(days=1)
        self.tokens()
        authorization = self.authorization()
        self.assertEqual(authorization.idle_expires_at - authorization.rotated_at, 30 * days)
        self.assertEqual(authorization.expires_at - authorization.rotated_at, 180 * days)
        self.client.authorization_lifetime = 7
        refresh_token = self.tokens()['refresh_token']
        for _time in range(2):
            authorization = self.authorization()
            self.assertEqual(authorization.idle_expires_at, authorization.expires_at)
            self.assertEqual(authorization.expires_at - authorization.create_date, 7 * days)
            self.assertEqual(self.refresh(refresh_token).status_code, 200)

    @requirement('RFC 6749', '6', 'The scope is not more than was granted')
    def test_scope_cannot_grow(self):
        refresh_token = self.tokens()['refresh_token']
        self.client.scope_ids += self.env.ref('restapi_oauth2.scope_contacts_read')
        self.assertRefused(self.refresh(refresh_token, scope='odoo contacts.read'), 400, 'invalid_scope')
        self.assertEqual(self.refresh(refresh_token, scope='odoo').json()['scope'], 'odoo')

    @requirement('RFC 6749', '5.2', 'What is no refresh token is invalid_grant')
    def test_what_is_no_refresh_token(self):
        tokens = self.tokens()
        good = tokens['refresh_token']
        for value in ('x', 'a.b.c', tokens['access_token'], good + 'A', good[:-1]):
            with self.subTest(value[:10]):
                self.assertRefused(self.refresh(value), 400, 'invalid_grant')
        self.assertAlive(tokens)

    @requirement('RFC 6749', '6', 'refresh_token is required')
    def test_refresh_token_is_required(self):
        self.assertRefused(self.token(grant_type='refresh_token'), 400, 'invalid_request')


class TestKeptRefreshToken(OAuth2Case):
    """For software that forgets new refresh tokens: it keeps the same one as long as the authorization lives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.refresh_rotation = 'keep'

    def age(self, seconds):
        """Let time pass since the last use."""
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - make_interval(secs => %s),"
                 " idle_expires_at = idle_expires_at - make_interval(secs => %s)", seconds, seconds)

    def refreshed(self, refresh_token, **parameters):
        """The refresh token of the answer to one."""
        response = self.refresh(refresh_token, **parameters)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertWorks(response.json()['access_token'])
        return response.json()['refresh_token']

    def events(self, *names):
        return self.env['oauth2.event'].search([('client_id', '=', self.client.id), ('name', 'in', names)])

    @requirement('contract', '5', 'A client that is to keep its refresh token gets the same one again')
    def test_the_same_token_again_and_again(self):
        first = self.tokens()['refresh_token']
        for passed in (0, 1, 31, 3600, 24 * 3600):
            self.age(passed)
            self.assertEqual(self.refreshed(first), first)
        self.assertEqual(self.authorization().generation, 0)
        self.assertFalse(self.events('restored_backup_seen', 'authorization_revoked'))

    @requirement('contract', '5', 'It expires with its authorization; the idle end stands in the row')
    def test_when_it_ends(self):
        token = self.tokens()['refresh_token']
        authorization = self.authorization()
        self.assertEqual(claims_of(token)['exp'], authorization.expires_at.replace(tzinfo=timezone.utc).timestamp())
        idle_end = authorization.idle_expires_at
        self.age(24 * 3600)
        self.assertLess(self.authorization().idle_expires_at, idle_end)
        self.refreshed(token)
        self.assertGreaterEqual(self.authorization().idle_expires_at, idle_end)
        self.age(31 * 24 * 3600)
        self.assertRefused(self.refresh(token), 400, 'invalid_grant')
        other = self.tokens()['refresh_token']
        self.authorization()._revoke('administrator')
        self.assertRefused(self.refresh(other), 400, 'invalid_grant')

    def test_it_never_outlives_the_absolute_end(self):
        self.client.authorization_lifetime = 7
        token = self.tokens()['refresh_token']
        for _time in range(2):
            authorization = self.authorization()
            self.assertEqual(authorization.idle_expires_at, authorization.expires_at)
            self.assertEqual(self.refreshed(token), token)

    def test_scope_and_resource_are_held_as_ever(self):
        self.client.scope_ids += self.env.ref('restapi_oauth2.scope_contacts_read')
        token = self.redeem(self.code(scope='odoo', resource=JSON_2)).json()['refresh_token']
        self.assertRefused(self.refresh(token, scope='odoo contacts.read'), 400, 'invalid_scope')
        self.assertRefused(self.refresh(token, resource='https://odoo.example.com'), 400, 'invalid_target')
        self.assertEqual(self.refreshed(token, scope='odoo', resource=JSON_2), token)

    @requirement('contract', '5', 'A client that rotates again may use the token that it kept once')
    def test_from_keeping_to_rotating(self):
        kept = self.tokens()['refresh_token']
        self.age(3600)
        self.refreshed(kept)
        self.client.refresh_rotation = 'rotate'
        second = self.refreshed(kept)
        self.assertNotEqual(second, kept)
        self.assertEqual(self.refreshed(kept), second)  # the grace period
        third = self.refreshed(second)
        self.assertFalse(self.events('restored_backup_seen', 'authorization_revoked'))
        self.client.refresh_rotation = 'keep'
        self.assertRefused(self.refresh(kept), 400, 'invalid_grant')
        fourth = self.refreshed(third)
        self.age(3600)
        self.assertEqual(self.refreshed(fourth), fourth)
        self.assertEqual(self.authorization().generation, 3)
        self.client.refresh_rotation = 'rotate'
        self.assertRefused(self.refresh(kept), 400, 'invalid_grant')
        self.assertRefused(self.refresh(fourth), 400, 'invalid_grant')
        self.assertEqual(self.authorization().revoked_because, 'refresh_token_replay')

    @requirement('contract', '5', 'What was rotated before is no alarm where the client keeps its token now')
    def test_from_rotating_to_keeping(self):
        self.client.refresh_rotation = 'rotate'
        first = self.tokens()['refresh_token']
        second = self.refreshed(first)
        self.client.refresh_rotation = 'keep'
        third = self.refreshed(second)
        self.assertEqual(self.refreshed(second), third)
        for _time in range(3):
            self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - interval '1 hour'")
            for old in (first, second):
                self.assertRefused(self.refresh(old), 400, 'invalid_grant')
            self.assertEqual(self.refreshed(third), third)
        self.assertFalse(self.events('restored_backup_seen', 'authorization_revoked'))

    @requirement('contract', '5', 'A kept token that is ahead of its row is taken from a client that proves itself')
    def test_a_restored_backup(self):
        kept = self.tokens()['refresh_token']
        self.refreshed(kept)
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - interval '1 day'")
        self.assertEqual(self.refreshed(kept), kept)
        self.assertFalse(self.events('restored_backup_seen'))

    @requirement('contract', '5', 'Only a client with a secret may keep its token, and becoming public ends that')
    def test_public_clients_rotate(self):
        client, _secret = self.make_client('People', refresh_rotation='keep')
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            client.is_public = True
            self.env.flush_all()
        self.env.invalidate_all()
        epochs = 'SELECT epoch FROM oauth2_client WHERE id = %s'
        self.env.cr.execute(epochs, [client.id])
        former = self.env.cr.fetchone()
        client.write({'is_public': True, 'refresh_rotation': 'rotate'})
        self.env.flush_all()
        self.env.cr.execute(epochs, [client.id])
        self.assertNotEqual(self.env.cr.fetchone(), former)
