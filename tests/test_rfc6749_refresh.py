"""RFC 6749 §6 and RFC 9700 §4.14: refresh tokens, rotated at every use."""
from datetime import timedelta

from .common import OAuth2Case
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
