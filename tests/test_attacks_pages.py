"""The catalogue of attacks (docs/security.md), cases 37 to 44, 64 and 68: pages, headers, logs, guessing."""
import logging
import secrets

import psycopg2

from .common import OAuth2Case
from .requirement import requirement


class TestPageAttacks(OAuth2Case):

    def page(self, **query):
        return self.ask('authorize', 'GET', {'Accept': 'text/html'}, params={
            'client_id': self.client.client_id, 'response_type': 'code', 'redirect_uri': 'https://evil.example.com',
            **query})

    @requirement('attack', '37', 'No page of another site frames ours')
    @requirement('RFC 9700', '4.16', 'Pages are not shown in frames')
    def test_attack_37_clickjacking(self):
        page = self.page()
        self.assertIn("frame-ancestors 'none'", page.headers['Content-Security-Policy'])
        self.assertEqual(page.headers['X-Frame-Options'], 'DENY')

    @requirement('attack', '38', 'Nothing of a request is written into a page')
    def test_attack_38_cross_site_scripting(self):
        script = '<script>alert(1)</script>'
        for query in ({'state': script}, {'error_description': script}, {'redirect_uri': script}, {'scope': script},
                      {'login_hint': script}, {'client_id': script}):
            with self.subTest(query):
                page = self.page(**query)
                self.assertNotIn('alert(1)', page.text)
                self.assertIn("default-src 'none'", page.headers['Content-Security-Policy'])

    @requirement('attack', '41', 'No answer is stored, and no address is passed on')
    @requirement('RFC 9700', '4.2.4', 'No address is passed on as a referrer')
    def test_attack_41_caches_and_referrers(self):
        for response in (self.authorize(), self.redeem(self.code()), self.page(), self.ask('nothing')):
            self.assertEqual(response.headers['Cache-Control'], 'no-store')
            self.assertEqual(response.headers['Referrer-Policy'], 'no-referrer')

    @requirement('attack', '42', 'CORS at the token endpoint and the key set, without cookies; never at authorize')
    @requirement('RFC 9700', '2.6', 'The authorization endpoint has no CORS')
    def test_attack_42_cors(self):
        origin = {'Origin': 'https://evil.example.com', 'Access-Control-Request-Method': 'POST'}
        for endpoint, allowed in (('access_token', '*'), ('jwks', '*'), ('authorize', None), ('nothing', None)):
            for method in ('OPTIONS', 'GET', 'POST'):
                with self.subTest(endpoint, method=method):
                    response = self.ask(endpoint, method, origin)
                    if method != 'OPTIONS' or allowed:
                        self.assertEqual(response.headers.get('Access-Control-Allow-Origin'), allowed)
                    self.assertNotIn('Access-Control-Allow-Credentials', response.headers)

    @requirement('attack', '44', 'The issuer does not follow the Host header')
    def test_attack_44_host_header(self):
        issuers = set()
        for headers in ({}, {'X-Forwarded-Host': 'evil.example.com'}, {'Forwarded': 'host=evil.example.com'}):
            access_token = self.redeem(self.code(), headers=headers).json()['access_token']
            issuers.add(self.env['oauth2.configuration']._issuer())
            self.assertWorks(access_token)
        self.assertEqual(issuers, {'https://odoo.example.com'})

    @requirement('attack', '64', 'No secret, code or token is logged, at whatever level')
    def test_attack_64_nothing_secret_is_logged(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            code = self.code()
            wrong = self.token(secret='wrong-but-secret', grant_type='authorization_code', code=code)
            self.assertRefused(wrong, 401, 'invalid_client')
            tokens = self.redeem(code).json()
            self.redeem(code)
            refreshed = self.refresh(tokens['refresh_token'])
            self.assertRefused(refreshed, 400, 'invalid_grant')
            self.call(tokens['access_token'])
        ours = [line for line in logs.output if 'urllib3' not in line]
        self.assertTrue([line for line in ours if 'OAuth2' in line], 'nothing was logged at all')
        for secret in (code, self.secret, 'wrong-but-secret', tokens['access_token'], tokens['refresh_token']):
            self.assertFalse([line for line in ours if secret in line])

    @requirement('attack', '64', 'A request writes no lines of its own into the log')
    def test_attack_64_line_breaks_are_not_logged(self):
        with self.assertLogs('odoo.addons.restapi_oauth2', logging.INFO) as logs:
            self.ask('nothing%0a%0dOAuth2: forged')
            self.authorize(scope='a\nOAuth2: forged')
            self.token(grant_type='\nOAuth2: forged')
        self.assertFalse([line for line in logs.output if '\n' in line or '\r' in line])


    @requirement('attack', '64', 'A statement that fails does not put a secret, its hash or a key into the log')
    def test_attack_64_failed_statements(self):
        deleted, _secret = self.make_client('Deleted')
        deleted.unlink()
        keys = self.env['oauth2.signing.key']
        with self.assertNoLogs('odoo.sql_db', logging.INFO):
            with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
                self.env['oauth2.client.secret']._store(deleted, 'X' * 32)
            self.patch(secrets, 'token_urlsafe', lambda _bytes: keys.search([], limit=1).kid)
            for purpose in ('access_token', 'refresh_token'):
                with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
                    keys._generate(purpose)
