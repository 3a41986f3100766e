"""CORS for JSON-2: by application and exact origin, and for nobody until an administrator lists an origin."""
import json

from odoo.exceptions import ValidationError

from .requirement import requirement
from .scoped import ScopedCase

ORIGIN = 'https://app.example.com'
CALL = '/json/2/res.partner/search_count'


class TestCrossOrigin(ScopedCase):

    def preflight(self, origin, address=CALL):
        return self.url_open(address, method='OPTIONS', headers={
            'Origin': origin, 'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'authorization,content-type'})

    def post(self, token, origin, address=CALL):
        return self.url_open(
            address,
            data=json.dumps({'domain': []}),
            headers={
                'Content-Type': 'application/json',
                'Authorization': f'Bearer {token}',
                **({'Origin': origin} if origin else {}),
            },
        )

    def allowed(self, response):
        return response.headers.get('Access-Control-Allow-Origin')

    @requirement('contract', '7', 'No page of another origin reads JSON-2 as long as nobody has said that it may')
    def test_none_by_default(self):
        token = self.token_with('contacts.read')
        self.assertEqual(self.post(token, ORIGIN).status_code, 200)
        for response in (
            self.post(token, ORIGIN),
            self.preflight(ORIGIN),
            self.post('x', ORIGIN),
            self.post(token, None),
        ):
            self.assertEqual([name for name in response.headers if name.startswith('Access-Control')], [])

    @requirement('contract', '7', 'A page of an origin that is named for an application reads with its tokens')
    def test_an_origin_that_is_named(self):
        self.robot.cors_origins = f'{ORIGIN} http://127.0.0.1:5173'
        token = self.token_with('contacts.read')
        for origin in self.robot.cors_origins.split():
            preflight = self.preflight(origin)
            self.assertEqual((preflight.status_code, self.allowed(preflight)), (204, origin))
            self.assertEqual(preflight.headers['Access-Control-Allow-Methods'], 'POST')
            self.assertIn('Authorization', preflight.headers['Access-Control-Allow-Headers'])
            self.assertIn('Origin', preflight.headers['Vary'])
            answers = {
                200: self.post(token, origin), 403: self.post(token, origin, '/json/2/res.users/search_count'),
                401: self.post('a.b.c', origin), 404: self.post(token, origin, '/json/2/res.partner/nonsense'),
            }
            for status, response in answers.items():
                with self.subTest(origin, status=status):
                    self.assertEqual((response.status_code, self.allowed(response)), (status, origin))
                    self.assertIn('Origin', response.headers['Vary'])
                    self.assertEqual(response.headers['Access-Control-Expose-Headers'], 'Retry-After, WWW-Authenticate')
                    self.assertNotIn('Access-Control-Allow-Credentials', response.headers)

    @requirement('attack', '42', 'Origins are compared letter by letter, and by application')
    def test_attack_42_other_origins_and_other_applications(self):
        self.robot.cors_origins = ORIGIN
        token = self.token_with('contacts.read')
        for origin in ('https://app.example.com.evil.example', 'https://evil.example', 'https://app.example.com:8443',
                       'http://app.example.com', 'https://APP.example.com', 'null', 'https://app.example.co',
                       'https://sub.app.example.com', '*', ORIGIN + '/', '', 'x' * 9000):
            with self.subTest(origin[:50]):
                self.assertIsNone(self.allowed(self.preflight(origin)))
                self.assertIsNone(self.allowed(self.post(token, origin)))
        of_another = self.tokens()['access_token']  # of the application Shop
        response = self.post(of_another, ORIGIN)
        self.assertEqual((response.status_code, self.allowed(response)), (200, None))
        self.client.cors_origins = ORIGIN
        self.assertEqual(self.allowed(self.post(of_another, ORIGIN)), ORIGIN)

    def test_what_is_taken_away_counts_at_once(self):
        self.robot.cors_origins = ORIGIN
        token = self.token_with('contacts.read')
        self.assertEqual(self.allowed(self.post(token, ORIGIN)), ORIGIN)
        self.robot.cors_origins = False
        self.assertIsNone(self.allowed(self.post(token, ORIGIN)))
        self.assertIsNone(self.allowed(self.preflight(ORIGIN)))
        self.robot.cors_origins = ORIGIN
        self.robot.active = False
        self.assertIsNone(self.allowed(self.preflight(ORIGIN)))

    @requirement('attack', '42', 'Other addresses of Odoo are read by no page of another origin')
    def test_attack_42_other_addresses(self):
        self.robot.cors_origins = ORIGIN
        token = self.token_with('odoo.read')
        for address in (
            '/json/1/res.partner',
            '/web/login',
            '/web/dataset/call_kw',
            '/jsonrpc',
            '/doc-bearer/index.json',
        ):
            with self.subTest(address):
                self.assertIsNone(self.allowed(self.preflight(ORIGIN, address)))
                response = self.url_open(address, headers={'Origin': ORIGIN, 'Authorization': f'Bearer {token}'},
                                         allow_redirects=False)
                self.assertIsNone(self.allowed(response))

    def test_how_an_origin_is_written(self):
        for origins in ('https://app.example.com/', 'app.example.com', '*', 'null', 'https://App.example.com',
                        f'{ORIGIN}, https://b.example', 'http://app.example.com', 'https://app.example.com:443'):
            with self.subTest(origins), self.assertRaises(ValidationError), self.cr.savepoint():
                self.robot.cors_origins = origins
