"""The button *Test connection*: what would go wrong, in words."""
from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import OAuth2Case


class TestConnectionTest(OAuth2Case):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_tester', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.narrow = cls.env.ref('restapi_oauth2.scope_contacts_read')
        cls.service, _secret = cls.make_client(
            'Report', cls.user, has_direct_authorization=False, grant_client_credentials=True,
            grant_authorization_code=False, redirect_uris=(), scope_ids=[Command.set(cls.narrow.ids)],
            default_scope_ids=[Command.set(cls.narrow.ids)])

    def setUp(self):
        super().setUp()
        self.env['oauth2.configuration']._confirm_issuer(self.base_url())

    def outcome(self, client):
        """What the button shows."""
        self.env.flush_all()
        with mute_logger('odoo.http'):
            action = client.with_user(self.administrator).action_test_connection()
        return self.env['oauth2.connection.test'].browse(action['res_id'])

    def assertProblem(self, words, client):
        self.assertIn(words, self.outcome(client).problems)

    def test_a_token_is_made_used_and_taken_back(self):
        """tests/system/test_connection.py tests that the server answers: in Odoo's tests it cannot."""
        fine = self.outcome(self.service).fine
        for words in ('It acts as Integration', 'There is a secret that is valid',
                      'A token was made and is good, for: contacts.read'):
            self.assertIn(words, fine)
        self.assertFalse(self.env['oauth2.authorization'].search([('client_id', '=', self.service.id)]))

    def test_each_problem_has_its_sentence(self):
        secrets = self.service.secret_ids
        secrets.expires_at = '2020-01-01'
        self.assertProblem('The secret has expired', self.service)
        secrets.unlink()
        self.assertProblem('There is no secret', self.service)
        self.service.scope_ids = self.env.ref('restapi_oauth2.scope_openid')
        self.assertProblem('no scope that opens something', self.service)
        self.assertProblem('A request for a token is refused', self.service)
        self.service.scope_ids = self.env['oauth2.scope'].create(
            {'name': 'moon.read', 'description': 'Read the moon', 'required_model': 'moon.phase'})
        self.assertProblem('open nothing in this database: moon.read', self.service)
        self.service.user_id = False
        self.assertProblem('acts as nobody', self.service)
        self.service.active = False
        self.assertProblem('is archived', self.service)
        self.client.redirect_uri_ids.unlink()
        self.assertProblem('There is no redirect URI', self.client)
        self.user.active = False
        self.assertProblem('The user as whom it acts is archived', self.client)

    def test_each_sentence_has_a_line_and_a_mark(self):
        self.service.scope_ids = False
        test = self.outcome(self.service)
        for text, marks in ((test.problems, '!'), (test.fine, '✓→')):
            for line in text.splitlines():
                self.assertIn(line[:2], [f'{mark} ' for mark in marks], line)

    def test_a_resource_server_is_told_what_it_may_do(self):
        api, _secret = self.make_client('API', None, redirect_uris=(), is_resource_server=True,
                                        grant_authorization_code=False, grant_refresh_token=False)
        self.assertIn(f'it may ask about tokens for {self.base_url()}/json/2.', self.outcome(api).fine)
        self.env['ir.config_parameter'].set_param('restapi_oauth2.introspection', 'False')
        self.assertProblem('Introspection is switched off', api)

    def make_api(self, **values):
        return self.env['oauth2.resource'].create({
            'name': 'Tools', 'uri': 'https://tools.example.com/mcp',
            'scope_ids': [Command.create({'name': 'tools.run', 'description': 'Run tools'})], **values})

    def test_what_a_scope_of_an_api_opens_is_for_the_api_to_say(self):
        self.service.scope_ids |= self.make_api().scope_ids
        test = self.outcome(self.service)
        self.assertNotIn('tools.run', test.problems or '')
        self.assertIn('It may ask for: ', test.fine)
        self.service.scope_ids = self.env['oauth2.scope'].search([('name', '=', 'tools.run')])
        self.service.default_scope_ids = False
        test = self.outcome(self.service)
        self.assertNotIn('no scope that opens something', test.problems)
        self.assertNotIn('A request for a token is refused', test.problems)
        self.assertIn('A token was made and is good, for: tools.run', test.fine)

    def test_what_an_api_lacks_is_told_at_its_own_application(self):
        tools = self.make_api(exchange_scope_ids=self.narrow.ids)
        api, _secret = self.make_client('API', None, redirect_uris=(), resource_id=tools.id, grant_token_exchange=True,
                                        grant_authorization_code=False, grant_refresh_token=False)
        no_scopes, no_exchange = 'The API has no scopes', 'May use in Odoo is empty at the API Tools'
        problems = self.outcome(api).problems or ''
        self.assertNotIn(no_scopes, problems)
        self.assertNotIn(no_exchange, problems)
        tools.exchange_scope_ids = False
        self.assertProblem(no_exchange, api)
        api.grant_token_exchange = False
        self.assertNotIn(no_exchange, self.outcome(api).problems or '')
        tools.scope_ids.unlink()
        self.assertProblem(no_scopes, api)

    def test_without_an_issuer(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.issuer', '')
        self.assertProblem('has no issuer', self.client)
