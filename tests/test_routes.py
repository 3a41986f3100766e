"""Routes of other addons: `auth='oauth2'`, and bearer routes that name no scopes."""
import json
from datetime import datetime, timedelta

from odoo.tools import mute_logger

from . import controllers  # noqa: F401 (its routes are there once it is imported)
from .controllers import PATH
from .requirement import requirement
from .scoped import AS_A_PERSON, ScopedCase

METADATA = 'resource_metadata="https://odoo.example.com/.well-known/oauth-protected-resource"'


class RoutesCase(ScopedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.registry.clear_cache('routing')
        cls.addClassCleanup(cls.env.registry.clear_cache, 'routing')
        cls.make_scope('shop.read')
        cls.make_scope('shop.write')
        cls.env['ir.ui.view'].create({
            'name': 'test', 'type': 'qweb', 'key': 'restapi_oauth2.test_report',
            'arch': '<t t-name="restapi_oauth2.test_report"><p t-field="partner.name"/><p t-out="partner.phone"/></t>'})

    def get(self, route, token=None, **headers):
        authorization = {'Authorization': f'Bearer {token}'} if token else {}
        return self.url_open(PATH + route, headers={**authorization, **headers}, allow_redirects=False)


class TestOAuth2Routes(RoutesCase):

    @requirement('contract', '7', "A route with auth='oauth2' is told client, scopes and authorization")
    def test_what_a_controller_is_told(self):
        token = self.token_with('shop.read contacts.read')
        response = self.get('/orders', token)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json(), {
            'uid': self.ann.id, 'client': 'Robot', 'scopes': ['contacts.read', 'shop.read'],
            'authorization': self.authorization(self.robot).id, 'user': self.ann.id})
        self.assertNotIn('Set-Cookie', response.headers)

    @requirement('RFC 6750', '3.1', 'A route says which scopes it needs, all of them')
    def test_scopes_that_are_missing(self):
        for scope, status in (('shop.read', 403), ('shop.write', 403), ('shop.read shop.write', 200)):
            token = self.token_with(scope)
            response = self.url_open(f'{PATH}/orders/rpc', headers={
                'Authorization': f'Bearer {token}', 'Content-Type': 'application/json'},
                data=json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'call', 'params': {'number': 7}}))
            with self.subTest(scope):
                self.assertEqual(response.status_code, status, response.text[:500])
                if status == 200:
                    self.assertEqual(response.json()['result'], {'client': 'Robot', 'number': 7})
                else:
                    self.assertIn('scope="shop.read shop.write"', response.headers['WWW-Authenticate'])
                    self.assertIn('error', response.json())
        response = self.get('/orders', self.token_with('contacts.read'))
        self.assertEqual(response.status_code, 403)
        self.assertIn('scope="contacts.read shop.read"', response.headers['WWW-Authenticate'])
        self.assertIn(METADATA, response.headers['WWW-Authenticate'])

    @requirement('RFC 6750', '3', 'Nothing but a good token opens such a route')
    def test_nothing_but_a_token(self):
        key = self.env['res.users.apikeys'].with_user(self.ann).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        good = self.token_with('shop.read')
        self.authenticate('oauth2_ann', 'oauth2_ann')
        for name, headers in {
            'a session': {}, 'a session, by a person': AS_A_PERSON, 'an API key': {'Authorization': f'Bearer {key}'},
            'a forged token': {'Authorization': f'Bearer {good[:-4]}AAAA'}, 'no token': {'Authorization': 'Bearer'},
            'a password': {'Authorization': 'Basic b2F1dGgyX2Fubjpv'},
        }.items():
            for route in ('/orders', '/anybody'):
                with self.subTest(name, route=route):
                    response = self.url_open(PATH + route, headers=headers, allow_redirects=False)
                    self.assertEqual(response.status_code, 401, response.text[:300])
                    self.assertTrue(response.headers['WWW-Authenticate'].startswith('Bearer '))
                    self.assertIn(METADATA, response.headers['WWW-Authenticate'])
        self.leave_session()
        self.assertEqual(self.get('/anybody', good).text, str(self.ann.id))

    def test_errors_of_json_rpc_are_json_rpc(self):
        response = self.url_open(f'{PATH}/orders/rpc', headers={'Content-Type': 'application/json'},
                                 data='{"jsonrpc": "2.0", "id": 1, "method": "call", "params": {}}')
        self.assertEqual(response.status_code, 401)
        self.assertEqual(set(response.json()), {'jsonrpc', 'id', 'error'})
        self.assertIn('Bearer realm="Odoo", scope="shop.read shop.write"', response.headers['WWW-Authenticate'])

    def test_a_revoked_token(self):
        token = self.token_with('shop.read')
        self.authorization(self.robot)._revoke('administrator')
        response = self.get('/orders', token)
        self.assertEqual(response.status_code, 401)
        self.assertIn('invalid_token', response.headers['WWW-Authenticate'])

    @requirement('contract', '7', "A route with auth='oauth2' is its own door; request.oauth2.call goes through ours")
    def test_calls_for_the_application(self):
        everything, partners = self.token_with('shop.read'), self.env['res.partner']
        response = self.get('/contacts?as=application', everything)
        self.assertEqual(response.status_code, 403)
        self.assertIn('contacts.read', response.headers['WWW-Authenticate'])
        self.make_scope('companies', {'model': 'res.partner', 'domain': "[('is_company', '=', True)]"})
        narrow = self.token_with('shop.read companies')
        for way, records, domain in (('application', partners.with_user(self.ann), [('is_company', '=', True)]),
                                     ('user', partners.with_user(self.ann), []), ('server', partners, [])):
            with self.subTest(way):
                self.assertEqual(int(self.get(f'/contacts?as={way}', narrow).text), records.search_count(domain))
        self.robot.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        response = self.get('/contacts?as=application', self.token_with('shop.read odoo'))
        self.assertEqual(int(response.text), partners.with_user(self.ann).search_count([]))

    @requirement('contract', '7', 'A route for a scope that only reads writes nothing; others are its own')
    def test_routes_that_read(self):
        for scope, routes, written in (
            ('contacts.read', '/write/contacts', False), ('contacts.read shop.read', '/write/contacts', False),
            ('contacts.read shop.read', '/write/orders', True), ('shop.read', '/write/orders', True),
            ('contacts.write', '/write/anything', True), ('contacts.read', '/write/anything', False),
            ('shop.read', '/write/anything', True),
        ):
            with self.subTest(scope, route=routes), mute_logger('odoo.sql_db'):
                response = self.get(routes, self.token_with(scope))
                self.assertEqual(response.status_code, 200 if written else 403, response.text[:300])
                if not written:
                    self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])


class TestBearerRoutes(RoutesCase):

    @requirement('attack', '58', 'Bearer routes that name no scopes are for tokens that may do everything')
    def test_attack_58_bearer_routes_of_other_addons(self):
        self.robot.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        for scope, status in (('contacts.read', 403), ('odoo.read', 403), ('shop.read', 403), ('odoo', 200)):
            token = self.token_with(scope)
            for route in (f'/contact/{self.bob.id}', f'/report/{self.bob.id}'):
                with self.subTest(scope, route=route):
                    response = self.get(route, token)
                    self.assertEqual(response.status_code, status, response.text[:300])
                    self.assertEqual(self.bob.phone in response.text, status == 200)
                    if status == 403:
                        self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])
                        self.assertIn(f'scope="odoo {scope}"', response.headers['WWW-Authenticate'])  # both
            response = self.url_open(f'{PATH}/write', method='POST', headers={'Authorization': f'Bearer {token}'})
            self.assertEqual(response.status_code, status, response.text[:300])
        self.assertEqual(self.env['res.partner'].search_count([('ref', '=', 'written')]), 1)

    def test_others_have_no_token(self):
        key = self.env['res.users.apikeys'].with_user(self.ann).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        self.robot.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        self.assertEqual(self.get('/session', key).text, 'none')
        self.assertEqual(self.get('/session', self.token_with('odoo')).text, 'token')
        self.authenticate('oauth2_ann', 'oauth2_ann')
        self.assertEqual(self.get('/session', **AS_A_PERSON).text, 'none')
