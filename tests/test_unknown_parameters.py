"""RFC 6749 §3.1, §3.2: an endpoint ignores unknown parameters, whatever their names and values."""
import json
from urllib.parse import quote_plus, urlencode

from .common import PATH, REDIRECT_URI
from .endpoints import EndpointCase
from .requirement import requirement

# Names and values as they come, form-encoded.
UNKNOWN = (
    ('utm[source]', '1'), ('x' * 300, '1'), ('fbclid', 'x' * 3000), ('a b', '1'), ('ü', 'ü'), ('', 'x'), ('"', '\\'),
    ('state[]', '1'), ('a\n', 'b\0\r\n'), ('code\0', 'x'),
)
PASSED_OVER = '&'.join([*(f'{quote_plus(name)}={quote_plus(value)}' for name, value in UNKNOWN),
                        'utm=1&utm=2', '%ff=%ff', 'bytes=%ff%ed%a0%80', 'alone'])


class TestUnknownParameters(EndpointCase):

    @property
    def credentials(self):
        return {'client_id': self.client.client_id, 'client_secret': self.secret}

    def post(self, endpoint, body, content_type='application/x-www-form-urlencoded', **options):
        return self.ask(endpoint, data=body, headers={'Content-Type': content_type}, **options)

    @requirement('contract', '2', 'A parameter that this endpoint does not know is passed over, whatever it is')
    @requirement('RFC 6749', '3.1', 'Unknown parameters are passed over')
    def test_authorize(self):
        asked = {'client_id': self.client.client_id, 'redirect_uri': REDIRECT_URI, 'response_type': 'code'}
        for query in (f'{urlencode(asked)}&{PASSED_OVER}', f'{PASSED_OVER}&{urlencode(asked)}'):
            response = self.ask(f'authorize?{query}', 'GET', {'Accept': 'application/json'})
            self.assertEqual(response.status_code, 200, response.text)
        self.log_in()
        query = f'{urlencode(self.parameters())}&{PASSED_OVER}'
        page = self.visit(f'{PATH}/authorize?{query}')
        self.assertNotIn('fbclid', page.text)
        self.assertEqual(self.arrived(self.answer(page, 'allow')).keys(), {'code', 'state', 'iss'})
        posted = self.visit(f'{PATH}/authorize', method='POST', data=query, headers={
            'Content-Type': 'application/x-www-form-urlencoded'})
        self.assertEqual(posted.status_code, 303, posted.text)
        self.assertNotIn('fbclid', posted.headers['Location'])

    @requirement('contract', '2', 'A parameter that this endpoint does not know is passed over, whatever it is')
    @requirement('RFC 6749', '3.2', 'Unknown parameters are passed over')
    def test_the_endpoints_of_programs(self):
        tokens = self.tokens()
        for endpoint, asked in (
            ('access_token', {'grant_type': 'refresh_token', 'refresh_token': tokens['refresh_token']}),
            ('introspect', {'token': tokens['access_token']}), ('revoke', {'token': tokens['access_token']}),
            ('userinfo', {'access_token': self.openid_token()}),
        ):
            with self.subTest(endpoint):
                body = urlencode({**self.credentials, **asked})
                response = self.post(endpoint, f'{PASSED_OVER}&{body}&{PASSED_OVER}')
                self.assertEqual(response.status_code, 200, response.text)
                response = self.post(f'{endpoint}?{PASSED_OVER}', body)
                self.assertEqual(response.status_code, 200, response.text)

    def openid_token(self):
        self.log_in()
        return self.tokens_of_wiki()['access_token']

    @requirement('contract', '2', 'A parameter that this endpoint does not know is passed over, whatever it is')
    def test_logout(self):
        self.log_in()
        page = self.visit(f'{PATH}/logout?state=x&{PASSED_OVER}')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn('fbclid', page.text)

    @requirement('contract', '2', 'A JSON member that is null counts as not sent')
    def test_json(self):
        body = json.dumps({
            **self.credentials, 'grant_type': 'refresh_token', 'refresh_token': self.tokens()['refresh_token'],
            'scope': None, 'code': None, 'utm[source]': 1, 'extra': {'a': [None, {'b': 'c', 'code': 'x'}]}, 'x': True,
            'long': 'x' * 3000, 'bad': '\0'})
        # A member that is null may come twice, as what is not there.
        response = self.post('access_token', body[:-1] + ', "scope": null, "utm": 1, "utm": 2}', 'application/json')
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('contract', '2', 'Only known parameters are checked')
    def test_multipart(self):
        fields = {**self.credentials, 'grant_type': 'refresh_token', 'refresh_token': self.tokens()['refresh_token']}
        parts = [f'form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
        parts += ['form-data; name="utm[source]"\r\n\r\n1', 'form-data; name="x"\r\n\r\n1',
                  'form-data; name="x"\r\n\r\n\0',
                  'form-data; name="avatar"; filename="a.png"\r\n\r\nx']
        response = self.multipart('access_token', parts)
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('attack', '87', 'A multipart part without a name is an error of the request, not of the server')
    def test_attack_87_a_part_without_a_name(self):
        self.log_in()
        for endpoint in ('authorize', 'access_token', 'revoke', 'introspect', 'logout', 'consent'):
            for part in ('form-data\r\n\r\nx', 'form-data; filename="a.txt"\r\n\r\nx', 'form-data; name\r\n\r\nx'):
                with self.subTest(endpoint, part=part):
                    response = self.multipart(endpoint, [part])
                    self.assertEqual(response.status_code, 400, response.text)
                    self.assertEqual(response.json()['error'], 'invalid_request')

    def multipart(self, endpoint, parts):
        body = ''.join(f'--x\r\nContent-Disposition: {part}\r\n' for part in parts) + '--x--\r\n'
        return self.ask(endpoint, data=body.encode(), headers={'Content-Type': 'multipart/form-data; boundary=x'})

    @requirement('contract', '2', 'A known parameter that arrives twice is invalid_request')
    def test_known_ones_are_checked_as_ever(self):
        for endpoint, name in (
            ('authorize', 'nonce'), ('access_token', 'redirect_uri'), ('access_token', 'code_verifier'),
            ('revoke', 'token'), ('introspect', 'token_type_hint'), ('logout', 'post_logout_redirect_uri'),
        ):
            for body in (f'{name}=a%0ab', f'{name}=a&{name}=b', f'{name}=%ff', f'{name}={"x" * 8193}'):
                with self.subTest(endpoint, body=body[:20]):
                    self.assertRefused(self.post(endpoint, body), 400, 'invalid_request')
            self.assertRefused(self.post(f'{endpoint}?{name}=a', f'{name}=a'), 400, 'invalid_request')
            if endpoint != 'authorize':
                response = self.post(endpoint, json.dumps({name: 1}), 'application/json')
                self.assertRefused(response, 400, 'invalid_request')
