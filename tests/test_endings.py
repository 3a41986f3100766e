"""What has ended stays ended, whatever comes afterwards, and whatever was going on at that moment."""
from odoo.tests import new_test_user, tagged

from .browser import VERIFIER, BrowserCase
from .common import REDIRECT_URI
from .requirement import requirement


@tagged('post_install', '-at_install')
class TestEndings(BrowserCase):
    """Each ending, what is restored after it, and what was issued before it."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def endings(self):
        """What ends what Ada has allowed Wiki: how it is done, how as much is brought back, and the reason in the
        list.
        """
        return {
            'the application is archived': (self.wiki.action_archive, self.wiki.action_unarchive, 'client'),
            'it becomes public': (lambda: self.wiki.write({'is_public': True}), self._confidential_again, 'client'),
            'it loses a grant type': (lambda: self.wiki.write({'grant_refresh_token': False}),
                                      lambda: self.wiki.write({'grant_refresh_token': True}), 'client'),
            'the user is archived': (self.person.action_archive, self.person.action_unarchive, 'user'),
            'the password changes': (lambda: self.person.write({'password': 'another-password'}),
                                     lambda: self.person.write({'password': 'oauth2_person'}), 'user'),
            'the consent is withdrawn': (lambda: self._consent()._withdraw(), lambda: None, 'consent'),
            'everything ends': (self.env['oauth2.ending']._end_everything, lambda: None, 'client'),
        }

    def _consent(self):
        return self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)])

    def _confidential_again(self):
        self.wiki.is_public = False
        self.env['oauth2.client.secret']._store(self.wiki, self.wiki_secret)

    def _log_in_again(self):
        self.env.invalidate_all()
        self.log_in()

    @requirement('attack', '90', 'What has ended does not live again when application, user or consent come back')
    @requirement('contract', '6', 'Endings are epochs: a new consent revives nothing')
    def test_attack_90_nothing_comes_back(self):
        for name, (end, bring_back, reason) in self.endings().items():
            with self.subTest(name):
                tokens = self.tokens_of_wiki(scope='openid odoo', prompt='consent')
                self.assertWorks(tokens['access_token'])
                former = self.authorization(self.wiki)
                end()
                self.assertFalse(former.is_active)
                self.assertEqual(former.revoked_because, reason)
                bring_back()
                self._log_in_again()
                self.assertWorks(self.tokens_of_wiki(scope='openid odoo', prompt='consent')['access_token'])
                self.assertEqual(self.call(tokens['access_token']).status_code, 401)
                self.assertRefused(
                    self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')
                former.invalidate_recordset()
                self.assertFalse(former.is_active)

    @requirement('attack', '89', 'A code from before an ending is worth nothing after it')
    def test_attack_89_codes_from_before(self):
        for name, (end, bring_back, _reason) in self.endings().items():
            with self.subTest(name):
                code = self.allow(prompt='consent')['code']
                end()
                bring_back()
                self._log_in_again()
                self.allow(prompt='consent')
                self.assertRefused(
                    self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER), 400, 'invalid_grant')

    @requirement('attack', '90', 'An authorization that begins anew in an old row takes a new name')
    def test_attack_90_client_credentials_begin_anew(self):
        client, secret = self.make_client('Robot', self.user, grant_client_credentials=True)
        self.authenticate(None, None)

        def token():
            return self.token(client, secret, grant_type='client_credentials').json()['access_token']

        for name, end, bring_back in (
            ('archived', client.action_archive, client.action_unarchive),
            ('another user', lambda: client.write({'user_id': self.person.id}),
             lambda: client.write({'user_id': self.user.id})),
            ('revoked', lambda: self.authorization(client)._revoke('administrator'), lambda: None),
            ('expired', lambda: self.sql("UPDATE oauth2_authorization SET idle_expires_at = now() - interval '1 day',"
                                         " expires_at = now() - interval '1 day'"), lambda: None),
        ):
            with self.subTest(name):
                former = token()
                self.assertWorks(former)
                end()
                bring_back()
                self.assertEqual(self.call(former).status_code, 401)
                self.assertWorks(token())
                self.assertEqual(self.call(former).status_code, 401)
        self.assertEqual(self.env['oauth2.authorization'].search_count([('client_id', '=', client.id)]), 1)

    def test_an_application_that_goes_on_keeps_its_tokens(self):
        """A change that takes nothing away ends nothing."""
        tokens = self.tokens_of_wiki(scope='openid odoo')
        self.wiki.write({'name': 'Another name', 'active': True, 'grant_refresh_token': True, 'is_public': False})
        self.env['oauth2.consent']._record(
            self.wiki, self.person.id, 'profile', 'https://odoo.example.com', REDIRECT_URI)
        self.assertWorks(tokens['access_token'])
        self.assertEqual(self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret).status_code, 200)

    def test_ending_costs_as_much_for_many_authorizations_as_for_one(self):
        self.tokens_of_wiki()
        self.sql(""" INSERT INTO oauth2_authorization (client_id, user_id, scope, grant_type, generation, rotated_at,
                            idle_expires_at, expires_at, is_direct, client_epoch, user_epoch, consent_epoch)
                     SELECT client_id, user_id, scope, grant_type, generation, rotated_at, idle_expires_at, expires_at,
                            is_direct, client_epoch, user_epoch, consent_epoch
                       FROM oauth2_authorization, generate_series(1, 1000) WHERE client_id = %s """, self.wiki.id)
        self.assertEqual(self.wiki.authorization_count, 1001)
        versions = self._versions()
        self.wiki.action_archive()
        self.person.write({'password': 'another-password'})
        self.env.flush_all()
        self.assertEqual(self._versions(), versions, 'no authorization is written')
        self.wiki.invalidate_recordset()
        self.assertEqual(self.wiki.authorization_count, 0)
        self.assertEqual(self.env['oauth2.event'].search_count(
            [('name', '=', 'application_ended'), ('client_id', '=', self.wiki.id)]), 1)

    def _versions(self):
        self.env.cr.execute('SELECT id, xmin FROM oauth2_authorization ORDER BY id')
        return self.env.cr.fetchall()

    def test_a_deleted_application_or_user_leaves_nothing_to_be_seen(self):
        self.tokens_of_wiki()
        application, user = self.make_client('Short-lived')[0], new_test_user(self.env, 'oauth2_leaver')
        self.env['oauth2.consent']._record(
            application, user.id, 'openid', 'https://odoo.example.com', REDIRECT_URI)
        for gone in (application, user):
            gone.unlink()
        for records in (self.env['oauth2.consent'], self.env['oauth2.authorization']):
            found = records.search([('client_id', 'not in', self.wiki.ids)])
            self.assertFalse(found & records.search([]) - records.search([('client_id.active', 'in', [True, False])]))
            self.assertTrue(records.formatted_read_group([], ['client_id', 'user_id'], ['__count']))
        consents = self.env['oauth2.consent']
        self.assertEqual(consents.search_count([]), 1)
        self.assertEqual(consents._gc_consents(), (1, False))


@tagged('post_install', '-at_install')
class TestSuperuser(BrowserCase):
    """OdooBot, number 1, may do everything: even if somebody makes it active, there are no tokens in its name."""

    def setUp(self):
        super().setUp()
        self.root = self.env.ref('base.user_root')
        self.root.write({'password': 'oauth2_root', 'login': 'oauth2_root'})
        self.sql('UPDATE res_users SET active = TRUE WHERE id = 1')

    @requirement('attack', '84', 'The superuser gets no code and no token, in no mode')
    def test_attack_84_signing_in(self):
        self.log_in('oauth2_root')
        self.assertEqual(self.arrived(self.begin())['error'], 'access_denied')
        self.assertRefused(self.authorize(self.wiki, scope='openid'), 403, 'access_denied')
        self.assertFalse(self.env['oauth2.consent'].search([('user_id', '=', 1)]))
        self.assertFalse(self.env['oauth2.authorization.code'].search([('user_id', '=', 1)]))

    @requirement('attack', '84', 'The superuser gets no code and no token, in no mode')
    def test_attack_84_acting_for_it(self):
        client, secret = self.make_client('Robot', self.user, grant_client_credentials=True)
        token = self.token(client, secret, grant_type='client_credentials').json()['access_token']
        self.assertWorks(token)
        # Past all checks of the ORM.
        self.sql('UPDATE oauth2_client SET user_id = 1 WHERE id = %s', client.id)
        self.assertEqual(self.call(token).status_code, 401)
        self.assertRefused(
            self.token(client, secret, grant_type='client_credentials'), 400, 'unauthorized_client')
        self.assertRefused(self.authorize(client), 401, 'invalid_client')
        self.sql('UPDATE oauth2_authorization SET user_id = 1 WHERE client_id = %s', client.id)
        self.assertEqual(self.call(token).status_code, 401)
