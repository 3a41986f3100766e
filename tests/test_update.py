"""The effect of an update on existing applications."""
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tools.misc import file_path

from .common import REDIRECT_URI
from .endpoints import ISSUER, EndpointCase
from .requirement import requirement


class TestUpdateOfServiceUsers(EndpointCase):
    """19.0.1.3.0: clients with a service user, which both gave that user's codes and signed people in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        script = file_path('restapi_oauth2/migrations/19.0.1.3.0/post-direct.py')
        cls.migrate = staticmethod(load_script(script, 'post-direct').migrate)
        cls.scopes = cls.env['oauth2.scope'].search([('name', 'in', ('odoo', 'openid', 'profile'))])

    def make_old(self, name, **values):
        """A client with a service user, as the update finds it."""
        return self.make_client(name, self.user, has_direct_authorization=False,
                                scope_ids=[Command.set(self.scopes.ids)], **values)

    def make_used_directly(self, name, **values):
        """A client that was used directly, with its tokens, as the update finds it: nobody has been asked."""
        client, secret = self.make_client(name, self.user, **values)
        tokens = self.tokens(client, secret)
        tokens['code'] = self.code(client)  # one more
        self.sql('UPDATE oauth2_client SET has_direct_authorization = NULL WHERE id = %s', client.id)
        client.scope_ids = self.scopes
        return client, secret, tokens

    def update(self):
        self.env.flush_all()
        self.migrate(self.env.cr, '19.0.1.2.0')
        self.env.invalidate_all()

    def decided(self, client):
        """What the event says that was decided of a client."""
        return self.env['oauth2.event'].search([
            ('name', '=', 'direct_authorization_decided'), ('client_id', '=', client.id)]).mapped('detail')

    @requirement('contract', '4', 'After the update the documented flow goes on for those that use it')
    def test_a_client_that_was_used_directly_goes_on(self):
        client, secret, tokens = self.make_used_directly('Connector', grant_client_credentials=True)
        itself = self.for_itself(client, secret, scope='odoo').json()
        self.update()
        self.assertTrue(client.has_direct_authorization)
        self.assertEqual(client.scope, 'odoo')
        self.assertEqual(
            self.decided(client),
            ['for programs alone, by direct authorization; it lost the scopes: openid profile'])
        self.assertWorks(tokens['access_token'])
        self.assertWorks(itself['access_token'])
        self.assertEqual(self.refresh(tokens['refresh_token'], client, secret).status_code, 200)
        self.assertWorks(self.tokens(client, secret)['access_token'])

    @requirement('attack', '71', 'After the update an application that people sign in to gives no direct codes')
    def test_a_client_that_people_sign_in_to(self):
        client, secret, tokens = self.make_used_directly('Portal', grant_client_credentials=True)
        itself = self.for_itself(client, secret, scope='odoo').json()
        self.log_in()
        signed_in = self.tokens_of_wiki(client, secret)
        self.update()
        self.authenticate(None, None)
        self.assertFalse(client.has_direct_authorization)
        self.assertEqual(client.scope_ids, self.scopes)
        self.assertEqual(
            self.decided(client), ['people sign in to it; no direct authorization; client credentials go on'])
        self.assertEqual(self.userinfo(signed_in['access_token']).status_code, 200)
        self.assertWorks(itself['access_token'])
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.authorize(client), 401, 'login_required')
        self.assertEqual(self.token_with_oauth_header(
            client, secret, grant_type='authorization_code', code=tokens['code'],
            redirect_uri=REDIRECT_URI).status_code, 401)

    def test_a_client_that_people_have_signed_in_to_once(self):
        client, _secret, _tokens = self.make_used_directly('Portal')
        self.env['oauth2.consent']._record(client, self.person.id, 'openid', ISSUER, REDIRECT_URI)
        self.env['oauth2.consent'].search([('client_id', '=', client.id)]).unlink()
        self.update()
        self.assertEqual(self.decided(client), ['people sign in to it; no direct authorization'])

    def test_clients_that_were_never_used(self):
        signs_out = {'post_logout_redirect_uri_ids': [Command.create({'uri': 'https://app.example.com/'})]}
        for number, (values, is_direct) in enumerate((
            ({}, True), ({'active': False}, True), ({'redirect_uris': ()}, True),
            ({'grant_client_credentials': True}, False), ({'grant_authorization_code': False}, False),
            ({'has_claims_in_id_token': True}, False), (signs_out, False),
        )):
            client, _secret = self.make_old(f'Never used {number}', **values)
            self.update()
            with self.subTest(values):
                self.assertEqual(client.has_direct_authorization, is_direct)
                self.assertEqual(len(self.decided(client)), 1)

    def test_what_is_decided_already_and_clients_without_a_user_stay_as_they_are(self):
        tokens = self.tokens()
        self.update()
        self.assertEqual((self.decided(self.client), self.decided(self.wiki)), ([], []))
        self.assertFalse(self.wiki.has_direct_authorization)
        self.assertAlive(tokens)


class TestUpdateOfDefaultScopes(EndpointCase):
    """19.0.1.4.0: the scopes for a request that names none are the application's own."""

    @requirement('contract', '4', 'An application that was there goes on with what it got without `scope`')
    def test_each_goes_on_with_what_it_got(self):
        migrate = load_script(
            file_path('restapi_oauth2/migrations/19.0.1.4.0/post-default_scopes.py'), 'post-default_scopes').migrate
        self.env['oauth2.scope'].create({'name': 'shop.read', 'description': 'Read the shop', 'is_default': True})
        may_ask_for = {
            'openid profile contacts.read': 'openid profile', 'openid email odoo': 'odoo',
            'odoo shop.read': 'odoo shop.read',
            'contacts.read': False}
        clients = {names: self.make_client(names, scope_ids=[Command.set(self.env['oauth2.scope'].search(
            [('name', 'in', names.split())]).ids)])[0] for names in may_ask_for}
        self.env.flush_all()
        migrate(self.env.cr, '19.0.1.3.0')
        self.env.invalidate_all()
        self.assertEqual({names: client.default_scope for names, client in clients.items()}, may_ask_for)


class TestUpdateOfPKCE(EndpointCase):
    """19.0.1.4.0: before, PKCE was required of all that were not exempt."""

    @requirement('contract', '4', 'An update leaves PKCE required of who has used it')
    def test_who_has_used_it_goes_on_having_to(self):
        migrate = load_script(file_path('restapi_oauth2/migrations/19.0.1.4.0/post-pkce.py'), 'post-pkce').migrate
        self.log_in()
        exempt, exempt_secret = self.make_client('Exempt')
        unused, _secret = self.make_client('Unused')
        consented, _secret = self.make_client('Consented')
        public, _secret = self.make_client('Public', is_public=True)
        for client, secret in ((self.wiki, self.wiki_secret), (exempt, exempt_secret)):
            self.tokens_of_wiki(client, secret)
        self.allow(consented)
        self.tokens()
        self.env.flush_all()
        self.env.cr.execute('ALTER TABLE oauth2_client ADD COLUMN is_exempt_from_pkce boolean')
        self.sql('UPDATE oauth2_client SET pkce_used_at = NULL')
        self.sql('UPDATE oauth2_client SET is_exempt_from_pkce = TRUE WHERE id = %s', exempt.id)
        migrate(self.env.cr, '19.0.1.3.0')
        self.env.invalidate_all()
        self.assertEqual(
            [(client.pkce, client.has_used_pkce) for client in (
                self.wiki, exempt, unused, consented, public, self.client)],
            [('automatic', True), ('never', False), ('automatic', False), ('automatic', True), ('automatic', False),
             ('automatic', False)])
