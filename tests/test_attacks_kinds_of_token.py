"""The catalogue of attacks (docs/security.md), cases 50, 57 to 59 and 70, with tokens of users who signed in."""
import base64
import json
import re
import time

import jwt

from odoo.tests import get_db_name

from .browser import BrowserCase, query_of
from .controllers import PATH as PATH_OF_TESTS
from .requirement import requirement


class TestKindsOfToken(BrowserCase):

    def setUp(self):
        super().setUp()
        self.log_in()
        self.good = self.tokens_of_wiki(scope='openid profile odoo')
        self.authenticate(None, None)

    def userinfo(self, token=None, method='GET', headers=None, **options):
        bearer = {'Authorization': f'Bearer {token}'} if token else {}
        return self.ask('userinfo', method, {**bearer, **(headers or {})}, **options)

    @requirement('attack', '50', 'No kind of token passes for another, wherever one is taken')
    @requirement('RFC 8725', '3.11', 'Kinds of token are told apart by their type')
    def test_attack_50_no_kind_of_token_passes_for_another(self):
        as_jwt = self.userinfo(self.good['access_token'], headers={'Accept': 'application/jwt'}).text
        for name, token in {'ID token': self.good['id_token'], 'refresh token': self.good['refresh_token'],
                            'userinfo': as_jwt}.items():
            with self.subTest(name):
                self.assertEqual(self.call(token).status_code, 401)
                self.assertRefused(self.userinfo(token), 401, 'invalid_token')
        for name, token in {'ID token': self.good['id_token'], 'access token': self.good['access_token'],
                            'userinfo': as_jwt}.items():
            with self.subTest(name, at='refresh'):
                self.assertRefused(self.refresh(token, self.wiki, self.wiki_secret), 400, 'invalid_grant')
        for token in (self.good['id_token'], as_jwt):
            mine = {'client_id': self.wiki.client_id, 'client_secret': self.wiki_secret, 'token': token}
            self.assertEqual(self.ask('introspect', data=mine).json(), {'active': False})
            self.assertEqual(self.ask('revoke', data=mine).status_code, 200)
        self.assertWorks(self.good['access_token'])

    @requirement('attack', '57', 'Userinfo wants a token of somebody who signed in, and tells what its scopes tell')
    @requirement('OIDC Core', '5.3', 'A token without openid opens nothing here')
    def test_attack_57_userinfo_without_the_scope(self):
        self.client.grant_client_credentials = True
        own = self.token(grant_type='client_credentials').json()['access_token']
        for token in (self.tokens()['access_token'], own):
            response = self.userinfo(token)
            self.assertRefused(response, 403, 'insufficient_scope')
            self.assertIn('scope="openid"', response.headers['WWW-Authenticate'])
        self.assertRefused(self.token(grant_type='client_credentials', scope='openid'), 400, 'invalid_scope')
        self.log_in()
        narrow = self.tokens_of_wiki(scope='openid', prompt='consent')['access_token']
        self.authenticate(None, None)
        self.assertEqual(set(self.userinfo(narrow).json()), {'sub'})
        self.wiki.scope_ids -= self.env.ref('restapi_oauth2.scope_profile')
        self.assertNotIn('name', self.userinfo(self.good['access_token']).json())

    @requirement('attack', '57', 'A token stands in the header, or in a form that is posted, and nowhere else')
    @requirement('RFC 6750', '2.3', 'A token in the URL is not read')
    def test_attack_57_tokens_elsewhere(self):
        token = self.good['access_token']
        basic = base64.b64encode(f'oauth2_person:{token}'.encode()).decode()
        for name, options in {
            'query': {'params': {'access_token': token}},
            'query of POST': {'method': 'POST', 'params': {'access_token': token}},
            'body of GET': {'data': {'access_token': token}},
            'JSON': {'method': 'POST', 'json': {'access_token': token}},
            'multipart': {'method': 'POST', 'files': {'access_token': (None, token)}},
            'cookie': {'cookies': {'access_token': token}}, 'Basic': {'headers': {'Authorization': f'Basic {basic}'}},
            'OAuth': {'headers': {'Authorization': f'OAuth access_token={token}'}},
            'bare': {'headers': {'Authorization': token}},
        }.items():
            with self.subTest(name):
                response = self.userinfo(**options)
                self.assertEqual(response.status_code, 401, response.text)
                self.assertEqual(response.headers['WWW-Authenticate'], 'Bearer realm="Odoo"')
        self.assertEqual(self.userinfo(method='POST', data={'access_token': token}).status_code, 200)

    @requirement('attack', '57', 'A token opens no session, and stands in for no password where one is opened')
    def test_attack_57_tokens_as_passwords(self):
        token = self.good['access_token']
        login = self.visit('/web/session/authenticate', method='POST', headers={'Content-Type': 'application/json'},
                           data=json.dumps({'params': {'db': get_db_name(), 'login': 'oauth2_person',
                                                       'password': token}}))
        self.assertIn('Access Denied', login.text)

    @requirement('attack', '58', 'A token that opens nothing of Odoo, or one API, opens no other bearer route')
    @requirement('RFC 6750', '3.1', 'A token that is too narrow gets insufficient_scope')
    def test_attack_58_every_bearer_route(self):
        self.log_in()
        narrow = self.tokens_of_wiki(scope='openid profile', prompt='consent')['access_token']
        for_json_2 = self.tokens_of_wiki(scope='odoo', resource='https://odoo.example.com/json/2')['access_token']
        self.authenticate(None, None)
        routes = {rule.rule: rule.endpoint.routing for rule in self.env['ir.http'].routing_map().iter_rules()
                  if rule.endpoint.routing['auth'] == 'bearer' and not rule.rule.startswith(PATH_OF_TESTS)}
        self.assertIn('/json/1/<path:subpath>', routes)
        for route, routing in routes.items():
            address = re.sub('<[^>]+>', 'x', route)
            method = (routing.get('methods') or ['GET'])[0]
            with self.subTest(route):
                options = {'headers': {'Authorization': f'Bearer {narrow}'}}
                if method == 'POST':
                    options['json'] = {}
                response = self.url_open(address, method=method, allow_redirects=False, **options)
                self.assertEqual(response.status_code, 403, response.text[:300])
                self.assertIn('error="insufficient_scope"', response.headers['WWW-Authenticate'])
                self.assertIn('scope="odoo"', response.headers['WWW-Authenticate'])
                self.assertIn('resource_metadata="', response.headers['WWW-Authenticate'])
                options['headers'] = {'Authorization': f'Bearer {for_json_2}'}
                response = self.url_open(address, method=method, allow_redirects=False, **options)
                self.assertEqual(response.status_code, 404 if address.startswith('/json/2/') else 401)
        options = {'headers': {'Authorization': f'Bearer {for_json_2}'}}
        for address in ('/json/2', '/json/2x/res.users/context_get', '/json/1/../2/x', '//json/2/res.users/read'):
            response = self.url_open(address, allow_redirects=False, **options)
            self.assertNotEqual(response.status_code, 200, address)

    @requirement('attack', '58', 'A token opens none of Odoo\'s pages and none of its downloads')
    def test_attack_58_session_routes(self):
        attachment = self.env['ir.attachment'].create({'name': 'x', 'raw': b'4711'})
        for address in ('/odoo', '/web', f'/web/content/{attachment.id}', '/web/session/account', '/my',
                        '/json/res.partner'):
            with self.subTest(address):
                response = self.url_open(address, allow_redirects=False, headers={
                    'Authorization': f"Bearer {self.good['access_token']}"})
                self.assertNotEqual(response.status_code, 200, response.text[:300])
                self.assertNotIn('session_id', response.headers.get('Set-Cookie', ''))

    @requirement('attack', '59', 'A client speaks in its own name, which is no user\'s')
    @requirement('RFC 9700', '4.15', 'The names of clients and of users do not collide')
    def test_attack_59_a_client_is_no_user(self):
        self.client.grant_client_credentials = True
        answer = self.token(grant_type='client_credentials').json()
        claims = jwt.decode(answer['access_token'], options={'verify_signature': False})
        self.assertEqual(claims['sub'], self.client.client_id)
        self.assertFalse(claims['sub'].isdigit())
        self.assertEqual(set(answer) & {'refresh_token', 'id_token'}, set())
        self.assertWorks(answer['access_token'])
        key = self.env['oauth2.signing.key']._current('access_token')
        for sub in (self.subject(self.user), self.subject(self.person), self.wiki.client_id):
            forged = jwt.encode({**claims, 'sub': sub}, key.private, algorithm=key.algorithm,
                                headers={'typ': 'at+jwt', 'kid': key.kid})
            self.assertEqual(self.call(forged).status_code, 401)
        claims = jwt.decode(self.good['access_token'], options={'verify_signature': False})
        forged = jwt.encode({**claims, 'sub': self.wiki.client_id}, key.private, algorithm=key.algorithm,
                            headers={'typ': 'at+jwt', 'kid': key.kid})
        self.assertEqual(self.call(forged).status_code, 401)

    @requirement('attack', '59', 'Only a client that an administrator has given the grant type speaks in its own name')
    def test_attack_59_who_may(self):
        self.assertRefused(self.token(grant_type='client_credentials'), 400, 'unauthorized_client')
        self.wiki.grant_client_credentials = True
        self.assertRefused(self.token(self.wiki, self.wiki_secret, grant_type='client_credentials', scope='odoo'),
                           400, 'unauthorized_client')
        self.client.grant_client_credentials = True
        self.assertRefused(self.token(secret='wrong', grant_type='client_credentials'), 401, 'invalid_client')
        own = self.token(grant_type='client_credentials').json()['access_token']
        self.user.active = False
        self.assertEqual(self.call(own).status_code, 401)
        self.assertRefused(self.token(grant_type='client_credentials'), 400, 'unauthorized_client')
        self.env['ir.config_parameter'].set_param('restapi_oauth2.client_credentials', False)
        self.assertRefused(self.token(grant_type='client_credentials'), 400, 'unsupported_grant_type')

    @requirement('attack', '70', 'Ages past every clock are ages; a token that has expired a second ago has expired')
    def test_attack_70_ages(self):
        self.log_in()
        for max_age in ('2147483648', '99999999999', '0000000000'):
            with self.subTest(max_age):
                response = self.begin(max_age=max_age, prompt='none')
                self.assertEqual('code' in query_of(response.headers['Location']), max_age[0] != '0')
        for max_age in ('9' * 12, '-1', '1.5', '1e9', '٣', 'NaN'):
            with self.subTest(max_age):
                self.assertEqual(self.arrived(self.begin(max_age=max_age))['error'], 'invalid_request')
        claims = jwt.decode(self.good['access_token'], options={'verify_signature': False})
        key = self.env['oauth2.signing.key']._current('access_token')
        for past, status in ((1, 401), (-30, 200)):
            token = jwt.encode({**claims, 'exp': int(time.time()) - past}, key.private, algorithm=key.algorithm,
                               headers={'typ': 'at+jwt', 'kid': key.kid})
            self.assertEqual(self.call(token).status_code, status)
