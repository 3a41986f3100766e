"""Routes of other addons: `auth='oauth2'`, and bearer routes that know nothing of scopes."""
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
        cls.make_scope('orders.read')
        cls.make_scope('orders.write')
        cls.env['ir.ui.view'].create({
            'name': 'test', 'type': 'qweb', 'key': 'restapi_oauth2.test_report',
            'arch': '<t t-name="restapi_oauth2.test_report"><p t-field="partner.name"/><p t-out="partner.phone"/></t>'})

    def get(self, route, token=None, **headers):
        authorization = {'Authorization': f'Bearer {token}'} if token else {}
        return self.url_open(PATH + route, headers={**authorization, **headers}, allow_redirects=False)


class TestOAuth2Routes(RoutesCase):

    @requirement('contract', '7', "A route with auth='oauth2' is told client, scopes and authorization")
    def test_what_a_controller_is_told(self):
        token = self.token_with('orders.read contacts.read')
        response = self.get('/orders', token)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json(), {
            'uid': self.ann.id, 'client': 'Robot', 'scopes': ['contacts.read', 'orders.read'],
            'authorization': self.authorization(self.robot).id, 'user': self.ann.id})
        self.assertNotIn('Set-Cookie', response.headers)

    @requirement('RFC 6750', '3.1', 'A route says which scopes it needs, all of them')
    def test_scopes_that_are_missing(self):
        for scope, status in (('orders.read', 403), ('orders.write', 403), ('orders.read orders.write', 200)):
            token = self.token_with(scope)
            response = self.url_open(f'{PATH}/orders/rpc', headers={
                'Authorization': f'Bearer {token}', 'Content-Type': 'application/json'},
                data=json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'call', 'params': {'number': 7}}))
            with self.subTest(scope):
                self.assertEqual(response.status_code, status, response.text[:500])
                if status == 200:
                    self.assertEqual(response.json()['result'], {'client': 'Robot', 'number': 7})
                else:
                    self.assertIn('scope="orders.read orders.write"', response.headers['WWW-Authenticate'])
                    self.assertIn('error', response.json())
        response = self.get('/orders', self.token_with('contacts.read'))
        self.assertEqual(response.status_code, 403)
        self.assertIn('scope="orders.read"', response.headers['WWW-Authenticate'])
        self.assertIn(METADATA, response.headers['WWW-Authenticate'])

    @requirement('RFC 6750', '3', 'Nothing but a good token opens such a route')
    def test_nothing_but_a_token(self):
        key = self.env['res.users.apikeys'].with_user(self.ann).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        good = self.token_with('orders.read')
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
        self.assertIn('Bearer realm="Odoo"', response.headers['WWW-Authenticate'])

    def test_a_revoked_token(self):
        token = self.token_with('orders.read')
        self.authorization(self.robot)._revoke('administrator')
        response = self.get('/orders', token)
        self.assertEqual(response.status_code, 401)
        self.assertIn('invalid_token', response.headers['WWW-Authenticate'])

    @requirement(
        'contract', '7', 'The limit of a token holds in controllers of other addons; sudo() is their own affair'
    )
    def test_the_limit_holds(self):
        self.assertEqual(self.get('/contacts', self.token_with('orders.read')).status_code, 403)
        response = self.get('/contacts', self.token_with('orders.read contacts.read'))
        self.assertEqual(int(response.text), self.env['res.partner'].with_user(self.ann).search_count([]))
        response = self.get('/contacts?sudo=1', self.token_with('orders.read'))
        self.assertEqual(int(response.text), self.env['res.partner'].search_count([]))


    @requirement('contract', '7', 'A route for a scope that only reads writes nothing; others are its own')
    def test_routes_that_read(self):
        for scope, routes, written in (
            ('contacts.read', '/write/contacts', False), ('contacts.read orders.read', '/write/contacts', False),
            ('contacts.read orders.read', '/write/orders', True), ('orders.read', '/write/orders', True),
            ('contacts.write', '/write/anything', True), ('contacts.read', '/write/anything', False),
            ('orders.read', '/write/anything', True),
        ):
            with self.subTest(scope, route=routes), mute_logger('odoo.sql_db'):
                response = self.get(routes, self.token_with(scope))
                self.assertEqual(response.status_code, 200 if written else 403, response.text[:300])
                if not written:
                    self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])


class TestBearerRoutes(RoutesCase):
    @requirement(
        'attack', '58', 'Bearer routes of other addons are held to the scopes, though they know nothing of them'
    )
    def test_attack_58_bearer_routes_of_other_addons(self):
        self.make_scope('companies', {'model': 'res.partner', 'domain': "[('is_company', '=', True)]"})
        self.make_scope('names', {'model': 'res.partner', 'field_names': 'name display_name'})
        for scope, partner, status in (
            ('contacts.read', self.bob, 200), ('companies', self.bob, 403), ('companies', self.acme, 200),
            ('names', self.acme, 403), ('companies.read', self.acme, 403), ('orders.read', self.acme, 403),
        ):
            token = self.token_with(scope)
            for route in (f'/contact/{partner.id}', f'/report/{partner.id}'):
                with self.subTest(scope, partner=partner.name, route=route):
                    response = self.get(route, token)
                    self.assertEqual(response.status_code, status, response.text[:300])
                    self.assertEqual(partner.phone in response.text, status == 200)
                    if status == 403:
                        self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])

    @requirement('contract', '7', 'A token that only reads writes nothing, not even by sudo')
    def test_sudo_does_not_write(self):
        with self.assertLogs('odoo.sql_db', 'ERROR'):
            response = self.url_open(f'{PATH}/write', method='POST', headers={
                'Authorization': f"Bearer {self.token_with('contacts.read')}"})
        self.assertEqual(response.status_code, 403, response.text[:300])
        self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])
        self.assertEqual(self.env['res.partner'].search_count([('ref', '=', 'written')]), 0)
        response = self.url_open(f'{PATH}/write', method='POST', headers={
            'Authorization': f"Bearer {self.token_with('contacts.write')}"})
        self.assertEqual(response.text, 'written')

    def test_others_have_no_token(self):
        key = self.env['res.users.apikeys'].with_user(self.ann).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        self.assertEqual(self.get('/session', key).text, 'none')
        self.assertEqual(self.get('/session', self.token_with('contacts.read')).text, 'token')
        self.authenticate('oauth2_ann', 'oauth2_ann')
        self.assertEqual(self.get('/session', **AS_A_PERSON).text, 'none')
