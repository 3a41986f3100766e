"""RFC 8707: tokens for APIs outside Odoo, which open nothing here."""
import json
from xmlrpc.client import Fault

from odoo import Command
from odoo.exceptions import ValidationError

from .endpoints import ISSUER, JSON_2, EndpointCase, claims_of
from .requirement import requirement

TOOLS = 'https://tools.example.com/mcp'


class TestAPIs(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tools = cls.env['oauth2.resource'].create({
            'name': 'Tools', 'uri': TOOLS,
            'scope_ids': [Command.create({'name': name, 'description': f'Do {name}'})
                          for name in ('tools.run', 'tools.look')]})
        cls.server, cls.server_secret = cls.make_client('Tool server', resource_id=cls.tools.id)
        cls.client.write({'scope_ids': [Command.link(scope.id) for scope in cls.tools.scope_ids],
                          'grant_client_credentials': True})

    def tokens_for_tools(self, scope='tools.run', **parameters):
        response = self.redeem(self.code(scope=scope, resource=TOOLS), **parameters)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    # ------------------------------------------------------------------
    # What a token is for
    # ------------------------------------------------------------------

    @requirement('RFC 8707', '2', 'A token for an API has no scope but those of the API')
    def test_a_token_for_an_api(self):
        tokens = self.tokens_for_tools('odoo tools.run')
        claims = claims_of(tokens['access_token'])
        self.assertEqual((claims['aud'], claims['scope'], tokens['scope']), (TOOLS, 'tools.run', 'tools.run'))
        refreshed = self.refresh(tokens['refresh_token']).json()
        self.assertEqual(claims_of(refreshed['access_token'])['aud'], TOOLS)
        answer = self.for_itself(resource=TOOLS + '/', scope='tools.look odoo').json()
        claims = claims_of(answer['access_token'])
        self.assertEqual((claims['aud'], claims['scope']), (TOOLS, 'tools.look'))

    @requirement('RFC 8707', '2', 'A token for this server has no scope of another API')
    def test_a_token_for_this_server(self):
        for resource in (None, ISSUER, JSON_2):
            with self.subTest(resource):
                tokens = self.redeem(self.code(scope='odoo tools.run', resource=resource)).json()
                self.assertEqual(tokens['scope'], 'odoo')
                self.assertEqual(self.for_itself(scope='odoo tools.run', resource=resource).json()['scope'], 'odoo')
        self.assertRefused(self.authorize(scope='tools.run'), 400, 'invalid_scope')
        self.assertRefused(self.authorize(scope='odoo', resource=TOOLS), 400, 'invalid_scope')

    @requirement('RFC 8707', '2.2', 'An API that was not named with the code is named in vain afterwards')
    def test_an_api_that_was_not_granted(self):
        code = self.code(scope='odoo')
        self.assertRefused(self.redeem(code, resource=TOOLS), 400, 'invalid_target')
        tokens = self.redeem(code).json()
        self.assertRefused(self.refresh(tokens['refresh_token'], resource=TOOLS), 400, 'invalid_target')
        self.assertEqual(self.authorization().generation, 0)
        tokens = self.tokens_for_tools()
        for resource in (ISSUER, JSON_2):
            self.assertRefused(self.refresh(tokens['refresh_token'], resource=resource), 400, 'invalid_target')
        self.assertEqual(self.authorization().generation, 0)
        self.assertEqual(self.refresh(tokens['refresh_token'], resource=TOOLS).status_code, 200)

    @requirement('RFC 8707', '2', 'An API that is archived, or that this server has moved to, is none')
    def test_an_api_that_is_gone(self):
        tokens = self.tokens_for_tools()
        self.tools.active = False
        self.env.flush_all()
        self.assertRefused(self.authorize(scope='tools.run', resource=TOOLS), 400, 'invalid_target')
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'invalid_target')
        self.assertEqual(self.asked_by_tools(tokens['access_token']), {'active': False})
        self.assertRefused(self.authorize(scope='tools.run'), 400, 'invalid_scope')
        self.tools.active = True
        self.setting('issuer', 'https://tools.example.com')
        self.assertRefused(self.authorize(scope='tools.run', resource=TOOLS), 400, 'invalid_target')

    @requirement('RFC 8707', '2.2', 'A refresh that is refused takes no token away: it works once the API is back')
    def test_an_api_that_comes_back(self):
        token = self.tokens_for_tools()['refresh_token']
        for change, back, error in (
            (lambda: self.tools.write({'active': False}), lambda: self.tools.write({'active': True}), 'invalid_target'),
            (lambda: self.client.write({'scope_ids': [Command.unlink(scope.id) for scope in self.tools.scope_ids]}),
             lambda: self.client.write({'scope_ids': [Command.link(scope.id) for scope in self.tools.scope_ids]}),
             'invalid_scope'),
        ):
            with self.subTest(error):
                generation = self.authorization().generation
                change()
                self.env.flush_all()
                for parameters in ({}, {'scope': 'tools.run'}, {'resource': TOOLS}):
                    self.assertEqual(self.refresh(token, **parameters).status_code, 400)
                self.assertRefused(self.refresh(token), 400, error)
                self.assertEqual(self.authorization().generation, generation)
                back()
                self.env.flush_all()
                refreshed = self.refresh(token)
                self.assertEqual(refreshed.status_code, 200, refreshed.text)
                token = refreshed.json()['refresh_token']

    def test_an_api_may_want_shorter_lives(self):
        self.tools.access_token_lifetime = 5
        self.assertEqual(self.tokens_for_tools()['expires_in'], 300)
        self.assertEqual(self.tokens()['expires_in'], 1800)
        self.tools.access_token_lifetime = 60
        self.assertEqual(self.tokens_for_tools()['expires_in'], 1800)

    # ------------------------------------------------------------------
    # Where it is taken
    # ------------------------------------------------------------------

    @requirement('attack', '92', 'A token for an API opens nothing at any address of this server')
    def test_it_opens_nothing_here(self):
        token = self.tokens_for_tools()['access_token']
        self.assertChallenged(self.userinfo(token), 401, 'invalid_token')
        for address in ('/json/2/res.users/context_get', '/mcp', '/json/1/contacts'):
            response = self.url_open(
                address, data=json.dumps({}), headers={'Authorization': f'Bearer {token}',
                                                       'Content-Type': 'application/json'})
            self.assertIn(response.status_code, (401, 404), address)
        with self.assertRaises(Fault):
            self.xmlrpc_object.execute_kw(self.env.cr.dbname, self.user.id, token, 'res.users', 'context_get', [])

    # ------------------------------------------------------------------
    # Who may ask about it
    # ------------------------------------------------------------------

    def asked_by_tools(self, token):
        return self.introspect(token, self.server, self.server_secret).json()

    @requirement('attack', '92', 'An API introspects the access tokens that are for it, and no others')
    def test_an_api_asks_about_its_own_tokens(self):
        tokens = self.tokens_for_tools()
        answer = self.asked_by_tools(tokens['access_token'])
        self.assertEqual((answer['active'], answer['aud'], answer['scope'], answer['client_id']),
                         (True, TOOLS, 'tools.run', self.client.client_id))
        self.assertNotIn('username', answer)
        self.assertEqual(self.asked_by_tools(tokens['refresh_token']), {'active': False})
        self.assertEqual(self.asked_by_tools(self.tokens()['access_token']), {'active': False})
        others = self.env['oauth2.resource'].create({'name': 'Other', 'uri': 'https://other.example.com'})
        for values in ({'resource_id': others.id}, {'is_resource_server': True}, {}):
            third, secret = self.make_client('Third', **values)
            self.assertEqual(self.introspect(tokens['access_token'], third, secret).json(), {'active': False})

    # ------------------------------------------------------------------
    # What an administrator registers
    # ------------------------------------------------------------------

    def test_addresses(self):
        for uri in (ISSUER, ISSUER + '/mcp', JSON_2, 'http://tools.example.com', TOOLS + '/', TOOLS + '?a=b',
                    TOOLS + '#a', 'https://Tools.example.com/mcp', 'tools', 'com.example:/tools', TOOLS + '/../x', ''):
            with self.subTest(uri), self.assertRaises(ValidationError):
                self.env['oauth2.resource'].create({'name': 'Odd', 'uri': uri})
        for uri in ('https://tools.example.com', 'http://localhost:8000/mcp', ISSUER.replace('odoo', 'odoo.tools')):
            with self.subTest(uri):
                self.env['oauth2.resource'].create({'name': 'Good', 'uri': uri})

    def test_its_scopes_open_nothing_in_odoo(self):
        scope = self.tools.scope_ids[0]
        for values in ({'line_ids': [Command.create({'model': 'res.partner'})]}, {'opens': 'reading'},
                       {'is_default': True}):
            with self.subTest(values), self.env.cr.savepoint(), self.assertRaises(ValidationError):
                scope.write(values)
        with self.env.cr.savepoint(), self.assertRaises(ValidationError):
            self.env['oauth2.scope.line'].create({'scope_id': scope.id, 'model': 'res.partner'})
        for name in ('openid', 'odoo', 'contacts.read'):
            known = self.env['oauth2.scope'].search([('name', '=', name)])
            with self.subTest(name), self.env.cr.savepoint(), self.assertRaises(ValidationError):
                known.resource_id = self.tools

    # ------------------------------------------------------------------
    # What a person sees
    # ------------------------------------------------------------------

    @requirement('contract', '7', 'The consent page names the API, and asks for no companies')
    def test_the_consent_page(self):
        self.wiki.scope_ids += self.tools.scope_ids
        self.log_in()
        page = self.begin(scope='openid tools.run', resource=TOOLS)
        self.assertIn('Tools', page.text)
        self.assertIn('Do tools.run', page.text)
        tokens = self.tokens_of_wiki(scope='openid tools.run', resource=TOOLS)
        claims = claims_of(tokens['access_token'])
        self.assertEqual((claims['aud'], claims['scope']), (TOOLS, 'openid tools.run'))
        self.assertChallenged(self.userinfo(tokens['access_token']), 401, 'invalid_token')
        self.assertEqual(claims_of(tokens['id_token'])['aud'], self.wiki.client_id)
