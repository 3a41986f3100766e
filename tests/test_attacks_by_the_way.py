"""The catalogue of attacks (docs/security.md), cases 72 and 73: nobody gains rights through a side effect."""
from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import JsonRpcException, new_test_user
from odoo.tools import mute_logger

from .common import OAuth2Case
from .requirement import requirement

BAD_ADDRESSES = ('javascript:alert(1)', 'http://evil.example.com/', 'data:text/html,x', 'https://app.example.com/?code=1',
                 'https://good@evil.example.com/', 'https://app.example.com/#x', '//app.example.com/')
ADDRESSES = ('oauth2.redirect.uri', 'oauth2.post.logout.redirect.uri')


class TestByTheWay(OAuth2Case):
    """An OAuth2 administrator without the right Settings, in Odoo's web client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, 'oauth2_manager', groups='base.group_user,restapi_oauth2.group_oauth2_administrator',
            password='oauth2_manager')
        cls.narrow = cls.env.ref('restapi_oauth2.scope_companies_read')
        cls.odoo = cls.env.ref('restapi_oauth2.scope_odoo')

    def setUp(self):
        super().setUp()
        self.authenticate('oauth2_manager', 'oauth2_manager')

    def rpc(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        return self.make_jsonrpc_request(f'/web/dataset/call_kw/{model}/{method}', {
            'model': model, 'method': method, 'args': args, 'kwargs': kwargs})

    def assertRefusedByOdoo(self, model, method, *args, **kwargs):
        """The call is an error that says why, and leaves nothing behind."""
        before = self.stored()
        with self.assertRaises(JsonRpcException) as caught, mute_logger('odoo.http', 'odoo.sql_db'):
            self.rpc(model, method, *args, **kwargs)
        self.assertIn(str(caught.exception), ('odoo.exceptions.AccessError', 'odoo.exceptions.ValidationError'))
        self.assertEqual(self.stored(), before)

    def stored(self):
        """What decides about rights, as it is stored."""
        self.env.invalidate_all()
        clients = self.env['oauth2.client'].with_context(active_test=False).search([], order='id')
        return (clients.read(['client_id', 'user_id', 'active', 'scope_ids', *clients._grant_fields()]),
                *(self.env[model].search([]).read(['client_id', 'uri']) for model in ADDRESSES),
                self.env['oauth2.client.secret'].search([]).read(['expires_at']))

    # ------------------------------------------------------------------
    # What is worked out is not written
    # ------------------------------------------------------------------

    @requirement('attack', '72', 'What an application may ask for is its scopes, whatever else is written')
    def test_attack_72_the_names_of_scopes_are_not_written(self):
        self.client.scope_ids = self.narrow
        tokens = self.redeem(self.code(scope='companies.read')).json()
        for method, arguments in (
            ('write', [self.client.ids, {'scope': 'odoo'}]),
            ('web_save', [self.client.ids, {'scope': 'odoo'}, {}]),
            ('load', [['.id', 'scope'], [[str(self.client.id), 'odoo']]]),
        ):
            with self.subTest(method):
                self.rpc('oauth2.client', method, *arguments)
                self.assertRefused(self.authorize(scope='odoo'), 400, 'invalid_scope')
                self.assertEqual(self.refresh(tokens['refresh_token'], scope='odoo').status_code, 400)
        [own] = self.rpc('oauth2.client', 'create', [{
            'name': 'Own', 'scope': 'odoo', 'user_id': self.manager.id, 'scope_ids': [Command.set(self.narrow.ids)],
            'redirect_uri_ids': [Command.create({'uri': self.client.redirect_uri_ids.uri})]}])
        self.assertRefused(self.authorize(self.env['oauth2.client'].browse(own), scope='odoo'), 400, 'invalid_scope')

    @requirement('attack', '72', 'What an application may ask for is looked up at each request')
    def test_attack_72_a_scope_that_is_taken_away_or_renamed_is_gone_at_once(self):
        self.authenticate(None, None)
        self.client.scope_ids = self.narrow + self.odoo
        access_token = self.redeem(self.code(scope='companies.read odoo')).json()['access_token']
        self.assertWorks(access_token)
        self.odoo.name = 'renamed'
        self.assertEqual(self.call(access_token).status_code, 403)
        self.odoo.name = 'odoo'
        self.assertWorks(access_token)
        self.client.scope_ids = self.narrow
        self.assertEqual(self.call(access_token).status_code, 403)

    @requirement('attack', '72', "An application's ID is never changed")
    def test_attack_72_the_id_of_an_application_is_not_written(self):
        for method, arguments in (
            ('write', [self.client.ids, {'client_id': 'B' * 32}]),
            ('web_save', [self.client.ids, {'client_id': 'B' * 32}, {}]),
        ):
            with self.subTest(method):
                self.assertRefusedByOdoo('oauth2.client', method, *arguments)

    # ------------------------------------------------------------------
    # What is stored is checked
    # ------------------------------------------------------------------

    @requirement('attack', '73', 'Nobody without Settings has an application act for somebody else')
    def test_attack_73_no_default_makes_an_application_act_for_another_user(self):
        other = self.env.ref('base.user_admin').id
        self.assertRefusedByOdoo('oauth2.client', 'create', [{'name': 'x'}], context={'default_user_id': other})
        self.assertRefusedByOdoo('oauth2.client', 'web_save', [], {'name': 'x'}, {}, context={'default_user_id': other})
        own, _secret = self.make_client('Own', self.manager)
        self.assertRefusedByOdoo('oauth2.client', 'copy', own.ids, {'user_id': other})
        self.assertRefusedByOdoo('oauth2.client', 'copy', self.client.ids)
        self.env['ir.default'].set('oauth2.client', 'user_id', other)
        self.assertRefusedByOdoo('oauth2.client', 'create', [{'name': 'x'}])
        self.rpc('oauth2.client', 'create', [{'name': 'x', 'user_id': self.manager.id}])

    @requirement('attack', '73', 'Nobody without Settings gives more to an application that acts for somebody else')
    def test_attack_73_an_application_that_acts_for_another_user_gets_no_more(self):
        self.client.write({
            'scope_ids': [Command.set(self.narrow.ids)], 'active': False, 'grant_refresh_token': False,
            'grant_authorization_code': False})
        for change in ({'scope_ids': [Command.link(self.odoo.id)]}, {'scope_ids': [Command.set(self.odoo.ids)]},
                       {'active': True}, {'grant_refresh_token': True}, {'grant_client_credentials': 1},
                       {'grant_authorization_code': 'yes'}):
            for method, arguments in (('write', []), ('web_save', [{}])):
                with self.subTest(change, method=method):
                    self.assertRefusedByOdoo('oauth2.client', method, self.client.ids, change, *arguments)
        # Taking away is allowed, and so is what changes nothing.
        self.rpc('oauth2.client', 'write', self.client.ids, {
            'scope_ids': [Command.clear()], 'active': False, 'user_id': self.user.id, 'grant_refresh_token': False})
        self.assertFalse(self.client.scope_ids)

    @requirement('attack', '73', 'What is taken away ends what was given, however it is written')
    def test_attack_73_no_spelling_of_false_spares_the_tokens(self):
        for change in ({'active': 0}, {'active': None}, {'grant_refresh_token': ''},
                       {'is_public': 1, 'user_id': False, 'has_direct_authorization': 0}):
            with self.subTest(change), self.env.cr.savepoint():
                client, secret = self.make_client('Own', self.manager)
                tokens = self.tokens(client, secret)
                self.rpc('oauth2.client', 'write', client.ids, change)
                self.env.invalidate_all()
                self.assertFalse(self.authorization(client).is_active)
                self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('attack', '73', 'No way leads to an address that nobody may register')
    def test_attack_73_no_default_registers_a_bad_address(self):
        for model in ADDRESSES:
            for uri in BAD_ADDRESSES:
                values = {'client_id': self.client.id}
                with self.subTest(uri, model=model):
                    self.assertRefusedByOdoo(model, 'create', [values], context={'default_uri': uri})
                    self.assertRefusedByOdoo(model, 'create', [{**values, 'uri': uri}])
                    self.assertRefusedByOdoo(model, 'web_save', [], values, {}, context={'default_uri': uri})
            field = 'redirect_uri_ids' if model == ADDRESSES[0] else 'post_logout_redirect_uri_ids'
            self.assertRefusedByOdoo('oauth2.client', 'write', self.client.ids, {field: [Command.create({})]},
                                     context={'default_uri': BAD_ADDRESSES[0]})
            self.env['ir.default'].set(model, 'uri', BAD_ADDRESSES[0])
            self.assertRefusedByOdoo(model, 'create', [{'client_id': self.client.id}])

    @requirement('attack', '73', 'The database itself refuses what runs in a browser, and http to other machines')
    def test_attack_73_the_database_refuses_a_bad_address(self):
        for table in ('oauth2_redirect_uri', 'oauth2_post_logout_redirect_uri'):
            for uri in ('javascript:alert(1)', 'http://evil.example.com/', 'http://localhost.evil.example.com/',
                        'http://localhost:80@evil.example.com/', 'data:text/html,x', 'ftp://app.example.com/'):
                with self.subTest(uri, table=table), self.assertRaises(IntegrityError), self.env.cr.savepoint(), \
                        mute_logger('odoo.sql_db'):
                    self.env.cr.execute(f'INSERT INTO {table} (client_id, uri) VALUES (%s, %s)', [self.client.id, uri])
