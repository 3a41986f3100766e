"""RFC 6749 §3.1, §3.2: unreadable input is refused, the parameter is named, and nothing changes."""
import gzip
import http.client
import json

from odoo.tests import HOST
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from .common import PATH, REDIRECT_URI, OAuth2Case, basic_header, oauth_header
from .endpoints import ISSUER, EndpointCase
from .requirement import requirement


class TestBadInput(OAuth2Case):

    def setUp(self):
        super().setUp()
        self.before = self.rows()

    def assertNothingChanged(self):
        self.assertEqual(self.rows(), self.before)

    @requirement('contract', '2', 'A header that cannot be read is invalid_request')
    def test_headers(self):
        good = oauth_header(client_id=self.client.client_id, response_type='code')
        for header in (
            good + ", state='open", good + ', state="open', good + ", ='x'", good + ', lonely', good + ', a b',
            good + ", state='%zz'", good + ", state='%'", good + ", state='%ff'", good + ", state='x'y",
            good + ", client_id='x'", good + ", state=a'b", good + ", state='\xfc'",
            good + ',' + good, good + ', state=%00', good + ', state=a%0d%0aSet-Cookie:x',
            good + ', state=' + 'x' * 4097,
        ):
            with self.subTest(header[-30:]):
                response = self.ask('authorize', 'GET', {'Authorization': header.encode('latin-1')})
                self.assertRefused(response, 400, 'invalid_request')
        self.assertNothingChanged()

    @requirement('RFC 6749', '3.2', 'A parameter that comes twice is invalid_request, in one source or in two')
    def test_doubled_parameters(self):
        credentials = {'client_id': self.client.client_id, 'client_secret': self.secret}
        header = {'Authorization': oauth_header(**credentials)}
        for name in ('client_id', 'code', 'grant_type', 'redirect_uri', 'scope', 'code_verifier'):
            for what, options in {
                'in the form': {'data': [(name, 'a'), (name, 'a')]},
                'with an empty one': {'data': [(name, 'a'), (name, '')]},
                'in JSON': {'data': f'{{"{name}": "a", "{name}": "a"}}', 'headers': {
                    'Content-Type': 'application/json'}},
                'in multipart': {'files': [(name, (None, 'a')), (name, (None, 'a'))]},
                'in the query': {'params': [(name, 'a'), (name, 'a')]},
                'in form and query': {'data': {name: 'a'}, 'params': {name: 'a'}},
                'in header and form': {'data': {name: 'a'}, 'headers': {
                    'Authorization': oauth_header(**{name: 'a'})}},
            }.items():
                with self.subTest(name, place=what):
                    response = self.ask('access_token', **options)
                    self.assertRefused(response, 400, 'invalid_request')
        self.assertRefused(self.ask('access_token', headers=header, data=credentials), 400, 'invalid_request')
        self.assertNothingChanged()

    @requirement('RFC 6749', '2.3', 'Two ways of client authentication at once are invalid_request')
    def test_two_authentication_methods(self):
        headers = {'Authorization': basic_header(self.client.client_id, self.secret)}
        for body in ({'client_secret': self.secret}, {'client_id': 'B' * 32},
                     {'client_id': self.client.client_id, 'client_secret': self.secret}):
            with self.subTest(list(body)):
                self.assertRefused(self.ask('access_token', headers=headers, data=body), 400, 'invalid_request')
        self.assertNothingChanged()

    @requirement('contract', '2', 'Control characters and values that are not UTF-8 are invalid_request')
    def test_control_characters(self):
        for value in ('%00', 'a%00b', '%0d%0a', '%0A', '%7f', '%1b', '%c2%80', '%ff', '%ed%a0%80', '%ef%bf%bf'):
            for name in ('client_id', 'client_secret', 'code', 'grant_type', 'redirect_uri', 'refresh_token'):
                with self.subTest(name, value=value):
                    response = self.ask('access_token', data=f'{name}={value}',
                                        headers={'Content-Type': 'application/x-www-form-urlencoded'})
                    self.assertRefused(response, 400, 'invalid_request')
        for value in ('%00', '%ff'):
            response = self.url_open(f'{PATH}/authorize?state={value}', headers={'Accept': 'application/json'})
            self.assertRefused(response, 400, 'invalid_request')
        self.assertNothingChanged()

    @requirement('contract', '2', 'A value past its limit is invalid_request')
    def test_long_values(self):
        for name, limit in {'client_id': 255, 'code': 255, 'refresh_token': 4096, 'redirect_uri': 2048}.items():
            with self.subTest(name):
                response = self.token(grant_type='authorization_code', **{name: 'x' * (limit + 1)})
                self.assertRefused(response, 400, 'invalid_request')
                self.assertIn(name, response.json()['error_description'])
        self.assertNothingChanged()

    @requirement('contract', '2', 'A request of more than 64 KiB is 413')
    def test_large_bodies(self):
        for content_type in ('application/x-www-form-urlencoded', 'application/json', 'text/plain',
                             'multipart/form-data; boundary=x'):
            with self.subTest(content_type):
                response = self.ask('access_token', data=b'x' * 65537, headers={'Content-Type': content_type})
                self.assertRefused(response, 413, 'invalid_request')
        self.assertNothingChanged()

    @requirement('contract', '2', 'A parameter that the endpoint does not know is passed over, whatever it is')
    def test_what_is_not_known_is_passed_over(self):
        unknown = [('utm[source]', '1'), ('long', 'y' * 3000), ('twice', '1'), ('twice', '2'), ('control', '\0'),
                   *((f'p{number}', '1') for number in range(200))]
        self.assertEqual(self.ask('authorize', 'GET', {'Accept': 'application/json'}, params=[
            ('client_id', self.client.client_id), ('response_type', 'code'), *unknown]).status_code, 200)
        self.assertEqual(self.ask('authorize', 'GET', {'Authorization': oauth_header(
            client_id=self.client.client_id, response_type='code', **dict(unknown[:2]))}).status_code, 200)
        body = {'client_id': self.client.client_id, 'client_secret': self.secret, 'redirect_uri': REDIRECT_URI,
                'grant_type': 'refresh_token'}
        for options in ({'data': [*body.items(), *unknown]}, {'data': body, 'params': unknown},
                        {'json': {**body, 'null': None, 'number': 1, 'list': ['x'], 'scope': None}},
                        {'files': [(name, (None, value)) for name, value in [*body.items(), *unknown[:2]]]},
                        {'files': [*((name, (None, value)) for name, value in body.items()), ('x', ('a.txt', b'x'))]}):
            with self.subTest(list(options)):
                response = self.ask('access_token', **options)
                self.assertRefused(response, 400, 'invalid_request')
                self.assertEqual(response.json()['error_description'], 'refresh_token is missing')

    @requirement('contract', '2', 'A JSON body is one object of strings')
    def test_bodies_that_are_no_json_object_of_strings(self):
        for body in ('', '{', '[]', '"x"', 'null', '1', '{"code": 1}', '{"code": ["a"]}', '{"code": {"b": "c"}}', 'NaN',
                     '{"code": NaN}', '[' * 30000, '{"a":' * 10000, '\xff', '{"code": "\\ud800"}',
                     '{"code": "\\u0000"}'):
            with self.subTest(body[:20]):
                response = self.ask('access_token', data=body.encode('latin-1'),
                                    headers={'Content-Type': 'application/json'})
                if body:
                    self.assertRefused(response, 400, 'invalid_request')
                else:
                    self.assertRefused(response, 401, 'invalid_client')
        self.assertNothingChanged()

    @requirement('contract', '2', 'Bodies are forms, multipart or JSON')
    def test_bodies_of_other_types(self):
        for content_type in ('text/plain', 'application/xml', 'application/octet-stream', ''):
            with self.subTest(content_type):
                response = self.ask('access_token', data=b'grant_type=x', headers={'Content-Type': content_type})
                self.assertRefused(response, 400, 'invalid_request')
        response = self.ask('access_token', data=gzip.compress(b'x' * 100000), headers={
            'Content-Type': 'application/x-www-form-urlencoded', 'Content-Encoding': 'gzip'})
        self.assertIn(response.status_code, (400, 401))
        response = self.ask('access_token', files={'code': ('name.txt', b'x')})
        self.assertRefused(response, 400, 'invalid_request')
        self.assertNothingChanged()

    def test_names_that_mean_something_to_python(self):
        for name in ('self', 'cls', 'args', 'kwargs', 'csrf_token', 'context', '__class__'):
            with self.subTest(name):
                for endpoint in ('authorize', 'access_token', 'jwks', 'nothing'):
                    response = self.ask(endpoint, 'POST', params={name: 'x'}, data={'x' + name: 'y'})
                    self.assertLess(response.status_code, 500)

    def test_basic_that_cannot_be_read(self):
        for header in ('Basic', 'Basic !!!', 'Basic ' + 'é', 'Basic Og==', 'Basic YQ==', 'Basic OnNlY3JldA==',
                       'Basic ' + basic_header('%ff', 'x')[6:]):
            with self.subTest(header):
                response = self.ask('access_token', headers={'Authorization': header.encode('latin-1')})
                self.assertRefused(response, 401, 'invalid_client')
        self.assertNothingChanged()

    @requirement('contract', '3', 'A redirect URI that is not registered is an error here, not a redirection')
    @requirement('RFC 6749', '4.1.2.1', 'Where client or redirect URI are wrong, nothing is redirected')
    def test_redirect_uris_that_are_not_registered(self):
        for uri in (REDIRECT_URI + '/', REDIRECT_URI + '?x=1', 'https://evil.example.com/', 'x', 'http://[',
                    'javascript:alert(1)', REDIRECT_URI + '#', 'ü', ' ' + REDIRECT_URI):
            with self.subTest(uri):
                response = self.authorize(redirect_uri=uri)
                self.assertRefused(response, 400, 'invalid_request')
                self.assertNotIn('Location', response.headers)
        self.assertNothingChanged()

    def test_bytes_of_the_query_that_nobody_has_encoded(self):
        """Client libraries do not send them. Servers may decode them differently, so they are refused."""
        for state in ('ü'.encode(), b'\xfc'):
            with self.subTest(state), self.allow_requests():
                connection = http.client.HTTPConnection(HOST, self.http_port(), timeout=20)
                connection._encode_request = lambda request: request.encode('latin-1')
                query = f'client_id={self.client.client_id}&response_type=code&state={state.decode("latin-1")}'
                connection.request('GET', f'{PATH}/authorize?{query}', headers={
                    'Accept': 'application/json',
                    'Cookie': f'{TEST_CURSOR_COOKIE_NAME}={self.opener.cookies[TEST_CURSOR_COOKIE_NAME]}'})
                response = connection.getresponse()
                answer = json.load(response)
                connection.close()
                self.assertEqual((response.status, answer.get('error')), (400, 'invalid_request'), answer)
        self.assertNothingChanged()

    @requirement('RFC 6749', '5.2', 'error_description keeps to its characters')
    def test_descriptions_stay_in_their_character_set(self):
        for response in (self.token(grant_type='<script>"\\'), self.authorize(scope='\\"'),
                         self.authorize(redirect_uri='<b>')):
            self.assertRegex(response.json()['error_description'], r'^[\x20-\x21\x23-\x5B\x5D-\x7E]+$')
            self.assertNotIn('<', json.dumps(response.json()))


class TestBadInputOfFurtherEndpoints(EndpointCase):
    """The same for the endpoints around the tokens: revocation, introspection, userinfo, logout, consent, metadata."""

    METHODS = {
        'authorize': 'GET, HEAD, POST', 'access_token': 'POST', 'token': 'POST', 'revoke': 'POST', 'introspect': 'POST',
        'userinfo': 'GET, HEAD, POST', 'logout': 'GET, HEAD, POST', 'consent': 'GET, HEAD, POST', 'jwks': 'GET, HEAD',
    }
    BODY = {'revoke': 'token', 'introspect': 'token', 'userinfo': 'access_token', 'logout': 'state',
            'consent': 'request_id', 'authorize': 'state'}

    def setUp(self):
        super().setUp()
        self.tokens()
        self.before = self.rows()

    def tearDown(self):
        self.assertEqual(self.rows(), self.before)
        super().tearDown()

    @property
    def credentials(self):
        return {'client_id': self.client.client_id, 'client_secret': self.secret}

    @requirement('RFC 9110', '15.5.6', 'Another method is 405 with Allow')
    def test_other_methods(self):
        for endpoint, allowed in self.METHODS.items():
            for method in ('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'):
                if method in allowed.split(', '):
                    continue
                with self.subTest(endpoint, method=method):
                    response = self.ask(endpoint, method)
                    self.assertEqual((response.status_code, response.headers['Allow']), (405, allowed))
                    if method != 'HEAD':
                        self.assertRefused(response, 405, 'invalid_request')

    @requirement('contract', '2', 'Control characters and values that are not UTF-8 are invalid_request')
    def test_control_characters(self):
        for endpoint, name in self.BODY.items():
            for value in ('%00', 'a%00b', '%0d%0aX:y', '%7f', '%c2%80', '%ff', '%ed%a0%80', '%ef%bf%bf'):
                with self.subTest(endpoint, value=value):
                    response = self.ask(endpoint, data=f'{name}={value}', headers={
                        'Content-Type': 'application/x-www-form-urlencoded'})
                    self.assertRefused(response, 400, 'invalid_request')
        for endpoint, name in (('logout', 'state'), ('consent', 'request_id'), ('authorize', 'nonce')):
            for value in ('%00', '%0a', '%ff'):
                response = self.ask(f'{endpoint}?{name}={value}', 'GET')
                self.assertRefused(response, 400, 'invalid_request')

    @requirement('contract', '2', 'A request of more than 64 KiB is 413')
    def test_large_bodies(self):
        for endpoint in self.BODY:
            for content_type in ('application/x-www-form-urlencoded', 'application/json', 'text/plain'):
                with self.subTest(endpoint, content_type=content_type):
                    response = self.ask(endpoint, data=b'x' * 65537, headers={'Content-Type': content_type})
                    self.assertRefused(response, 413, 'invalid_request')

    @requirement('RFC 6749', '3.1', 'A parameter that comes twice is invalid_request')
    def test_doubled_parameters(self):
        for endpoint, name in self.BODY.items():
            for data in ([(name, 'a'), (name, 'a')], [(name, 'a'), (name, '')]):
                with self.subTest(endpoint, data=data):
                    self.assertRefused(self.ask(endpoint, data=data), 400, 'invalid_request')
        for endpoint in ('logout', 'consent', 'authorize'):
            self.assertRefused(self.ask(f'{endpoint}?state=a&state=a', 'GET'), 400, 'invalid_request')

    @requirement('contract', '2', 'Bodies are forms, multipart or JSON')
    def test_bodies_of_other_types(self):
        for endpoint in self.BODY.keys() - {'userinfo'}:
            for content_type in ('text/plain', 'application/xml', 'application/octet-stream', ''):
                with self.subTest(endpoint, content_type=content_type):
                    response = self.ask(endpoint, data=b'token=x', headers={'Content-Type': content_type})
                    self.assertRefused(response, 400, 'invalid_request')
            response = self.ask(endpoint, files={self.BODY[endpoint]: ('name.txt', b'x')})
            self.assertRefused(response, 400, 'invalid_request')

    @requirement('contract', '2', 'A JSON body is one object of strings')
    def test_json(self):
        for endpoint in ('revoke', 'introspect'):
            self.assertEqual(self.ask(endpoint, json={**self.credentials, 'token': 'x'}).status_code, 200)
            for token in (1, None, ['x'], {'x': 'y'}, True):
                with self.subTest(endpoint, token=token):
                    response = self.ask(endpoint, json={**self.credentials, 'token': token})
                    self.assertRefused(response, 400, 'invalid_request')
            for body in ('{', '[]', '"x"', 'null', '[' * 30000):
                response = self.ask(endpoint, data=body, headers={'Content-Type': 'application/json'})
                self.assertRefused(response, 400, 'invalid_request')

    def test_tokens_that_are_none(self):
        shapes = ('x', '.', '..', '...', 'a.b.c', 'ü.ü.ü', 'e30.e30.e30', 'a' * 8000,
                  '.'.join(['a' * 2700] * 3), '%s', "' OR 1=1 --", '{}', 'Bearer x')
        for token in shapes:
            with self.subTest(token[:12]):
                self.assertEqual(self.revoke(token).json(), {})
                self.assertEqual(self.introspect(token).json(), {'active': False})
                response = self.ask('userinfo', 'GET', {'Authorization': f'Bearer {token}'.encode()})
                self.assertRefused(response, 401, 'invalid_token')
                self.assertRefused(self.ask('userinfo', data={'access_token': token}), 401, 'invalid_token')
        for endpoint, name in (('revoke', 'token'), ('introspect', 'token'), ('userinfo', 'access_token')):
            response = self.ask(endpoint, data={**self.credentials, name: 'a' * 8193})
            self.assertRefused(response, 400, 'invalid_request')
        for header in ('Bearer', 'Bearer ', 'bearer  ', 'Bearer a b', 'Bearer \xfc'):
            response = self.ask('userinfo', 'GET', {'Authorization': header.encode('latin-1')})
            self.assertEqual(response.status_code, 401)

    def test_hints_that_are_none(self):
        for hint in ('x', 'a.b.c', 'e30.e30.e30', 'ü', 'a' * 8192, '{}'):
            with self.subTest(hint[:12]):
                for endpoint in ('logout', 'authorize'):
                    response = self.ask(endpoint, 'GET', {'Accept': 'text/html'}, params={
                        'id_token_hint': hint, 'client_id': self.wiki.client_id, 'response_type': 'code'})
                    self.assertLess(response.status_code, 500)
        self.assertRefused(self.ask('logout', 'GET', params={'id_token_hint': 'a' * 8193}), 400, 'invalid_request')

    def test_names_that_mean_something_to_python(self):
        for name in ('self', 'cls', 'args', 'kwargs', 'issuer_path', 'unknown', 'context', 'session_id', 'debug', 'db'):
            with self.subTest(name):
                for endpoint, methods in self.METHODS.items():
                    for method in methods.split(', '):
                        self.assertLess(self.ask(endpoint, method, params={name: 'x'}).status_code, 500)
                self.assertEqual(self.metadata(params={name: 'x'}).status_code, 200)

    def test_parameters_that_are_not_looked_at_do_no_harm(self):
        self.log_in()
        page = self.begin(display='popup', ui_locales='fr de', claims_locales='fr', acr_values='1', unknown='x',
                          claims='{"userinfo": {"email": {"essential": true}}}')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn('popup', page.text)

    def test_addresses_of_metadata(self):
        for path in ('%00', '%ff', 'a%0ab', '..', '%2e%2e', 'x' * 2000, 'ü', '/', 'a//b'):
            for address in (f'/.well-known/oauth-authorization-server/{path}',
                            f'/.well-known/openid-configuration/{path}', f'/{path}/.well-known/openid-configuration'):
                with self.subTest(address[:60]):
                    response = self.url_open(address, allow_redirects=False)
                    self.assertLess(response.status_code, 500)
                    if response.ok and not response.is_redirect:  # a slash too many does no harm
                        self.assertEqual(response.json()['issuer'], ISSUER)
