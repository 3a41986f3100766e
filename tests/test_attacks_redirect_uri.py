"""The catalogue of attacks (docs/security.md), cases 1 to 11: redirect URIs."""
from odoo.exceptions import ValidationError

from .browser import AS_A_BROWSER
from .common import PATH, REDIRECT_URI, OAuth2Case
from .requirement import requirement


class TestRedirectURIAttacks(OAuth2Case):

    def assertRejected(self, *uris):
        """None of these passes for the registered one, in either mode, and nothing is sent anywhere."""
        for uri in uris:
            with self.subTest(uri):
                response = self.authorize(redirect_uri=uri)
                self.assertRefused(response, 400, 'invalid_request')
                self.assertNotIn('Location', response.headers)
                page = self.ask('authorize', 'GET', AS_A_BROWSER, params={
                    'client_id': self.client.client_id, 'response_type': 'code', 'redirect_uri': uri})
                self.assertEqual(
                    (page.status_code, page.headers['Content-Type']), (400, 'text/html; charset=utf-8'), page.text)
                self.assertNotIn('Location', page.headers)

    def assertNotRegistrable(self, *uris):
        """No administrator can register one of these, for answers or for the way out."""
        for uri in uris:
            for field in ('redirect_uri_ids', 'post_logout_redirect_uri_ids'):
                with self.subTest(uri, field=field), self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.client[field] = [(0, 0, {'uri': uri})]

    @requirement('attack', '1', 'No error is redirected to a URI that is not registered')
    @requirement('RFC 6749', '4.1.2.1', 'Where client or redirect URI are wrong, nothing is redirected')
    def test_attack_01_no_error_leaves_for_an_unregistered_uri(self):
        for change in ({}, {'response_type': 'token'}, {'scope': 'x'}, {'prompt': 'none'}, {'client_id': 'A' * 32}):
            for accept in ('text/html', 'application/json'):
                with self.subTest(change, accept=accept):
                    response = self.ask('authorize', 'GET', {'Accept': accept}, params={
                        'client_id': self.client.client_id, 'response_type': 'code',
                        'redirect_uri': 'https://evil.example.com/', **change})
                    self.assertIn(response.status_code, (400, 401))
                    self.assertNotIn('Location', response.headers)

    @requirement('attack', '2', 'No prefix, suffix, further path or dot segment matches')
    @requirement('RFC 9700', '4.1.3', 'Redirect URIs are compared as strings')
    @requirement('OWASP ASVS 5.0', '10.4.1', 'No neighbour of the path')
    def test_attack_02_neighbours_of_the_path(self):
        self.assertRejected(
            REDIRECT_URI + '/', REDIRECT_URI + '/more', REDIRECT_URI + '.evil', REDIRECT_URI[:-1],
            'https://app.example.com', 'https://app.example.com/', REDIRECT_URI + '/../callback',
            'https://app.example.com/x/..;/callback', 'https://app.example.com/%2e%2e/callback',
            'https://app.example.com/./callback', 'https://app.example.com//callback',
            'https://app.example.com/%63allback', 'https://app.example.com.evil.example.com/callback')

    @requirement('attack', '3', 'No further or reordered query, parameter or fragment matches')
    @requirement('RFC 9700', '4.1.3', 'Redirect URIs are compared as strings')
    @requirement('OWASP ASVS 5.0', '10.4.1', 'No other query, no fragment')
    def test_attack_03_query_and_fragment(self):
        self.client.redirect_uri_ids.uri = REDIRECT_URI + '?a=1&b=2'
        self.assertRejected(
            REDIRECT_URI, REDIRECT_URI + '?b=2&a=1', REDIRECT_URI + '?a=1&b=2&c=3', REDIRECT_URI + '?a=1&b=2#',
            REDIRECT_URI + '?a=1&b=2#x', REDIRECT_URI + ';x?a=1&b=2', REDIRECT_URI + '?a=1&b=2&', REDIRECT_URI + '?')
        self.assertEqual(self.authorize(redirect_uri=REDIRECT_URI + '?a=1&b=2').status_code, 200)

    @requirement('attack', '4', 'Upper and lower case are different')
    @requirement('OWASP ASVS 5.0', '10.4.1', 'No other case')
    def test_attack_04_case(self):
        self.assertRejected('https://app.example.com/Callback', 'https://APP.example.com/callback',
                            'HTTPS://app.example.com/callback')

    @requirement('attack', '5', 'User information is refused, at registration and in requests')
    def test_attack_05_user_information(self):
        uris = ('https://app.example.com@evil.example.com/callback', 'https://a@b@app.example.com/callback',
                'http://localhost:80@evil.example.com/', 'https://user:secret@app.example.com/callback')
        self.assertNotRegistrable(*uris)
        self.assertRejected(*uris)

    @requirement('attack', '6', 'There are no patterns: a dot is a dot, and a star is refused')
    @requirement('OWASP ASVS 5.0', '10.4.1', 'No patterns')
    def test_attack_06_patterns(self):
        self.assertRejected('https://appxexample.com/callback', 'https://appaexample.com/callback')
        self.assertNotRegistrable('https://*.example.com/callback', 'https://app.example.com/*', 'https://a.example/.*')

    @requirement('attack', '7', 'Of a loopback address the port may differ, and nothing else')
    @requirement('RFC 8252', '7.3', 'Of the IP literals of the loopback interface any port is good')
    def test_attack_07_loopback(self):
        for registered, good, bad in (
            ('http://127.0.0.1/cb', ('http://127.0.0.1:1/cb', 'http://127.0.0.1:65535/cb', 'http://127.0.0.1/cb'), (
                'http://127.0.0.1:1/cb/', 'http://127.0.0.1:1/', 'http://127.0.0.2:1/cb', 'http://localhost:1/cb',
                'http://u@127.0.0.1:1/cb', 'http://127.0.0.1:1@evil.example.com/cb', 'https://127.0.0.1:1/cb',
                'http://127.0.0.1.evil.example.com/cb', 'http://127.0.0.1:1x/cb', 'http://127.0.0.1:/cb')),
            ('http://[::1]:8080/cb', ('http://[::1]/cb', 'http://[::1]:9/cb'), ('http://[::2]/cb', 'http://[::1]:9/x')),
            ('http://localhost/cb', ('http://localhost/cb', 'http://localhost:1/cb'), (
                'http://127.0.0.1/cb', 'http://localhost.:1/cb', 'http://LOCALHOST:1/cb', 'http://localhost:1/cb/')),
        ):
            self.client.redirect_uri_ids.uri = registered
            for uri in good:
                with self.subTest(registered, uri=uri):
                    self.assertEqual(self.authorize(redirect_uri=uri).status_code, 200)
            self.assertRejected(*bad)

    @requirement('attack', '7', 'The code of a loopback address is for the port that it was asked with')
    def test_attack_07_the_port_is_part_of_the_request(self):
        self.client.redirect_uri_ids.uri = 'http://127.0.0.1/cb'
        code = self.code(redirect_uri='http://127.0.0.1:7000/cb')
        self.assertRefused(self.redeem(code, redirect_uri='http://127.0.0.1:7001/cb'), 401, 'invalid_grant')
        self.assertEqual(self.redeem(code, redirect_uri='http://127.0.0.1:7000/cb').status_code, 200)

    @requirement('attack', '8', 'Schemes that run something in a browser are not registrable')
    def test_attack_08_schemes_that_run_something(self):
        self.assertNotRegistrable(
            'javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd',
            'about:blank', 'blob:https://a.example/x', 'intent://x', 'ftp://a.example/', 'urn:ietf:wg:oauth:2.0:oob')

    @requirement('attack', '8', 'The links of the consent page lead to web pages, and run nothing')
    def test_attack_08_links(self):
        for field in ('client_uri', 'policy_uri', 'tos_uri'):
            for uri in ('javascript:alert(1)', 'JavaScript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)',
                        'data:text/html,x', 'vbscript:x', 'http://app.example.com/', '//app.example.com/', 'https:x',
                        'https://', 'https://good@evil.example.com/', 'https://app.example.com/"onclick="x',
                        'HTTPS://app.example.com/', 'javascript://app.example.com/%0aalert(1)', 'app.example.com'):
                with self.subTest(field, uri=uri), self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.client[field] = uri
            self.client[field] = f'https://app.example.com/{field}#part'

    @requirement('attack', '9', 'A redirect URI does not bring its own code, state or iss')
    @requirement('RFC 6749', '3.1.2', 'The query of a redirect URI does not name what answers add')
    def test_attack_09_answer_parameters(self):
        self.assertNotRegistrable(*(f'{REDIRECT_URI}?{name}=x' for name in ('code', 'state', 'iss', 'error')),
                                  REDIRECT_URI + '?a=1&%63ode=x')

    @requirement('attack', '10', 'http is for this machine only')
    @requirement('RFC 9700', '2.6', 'No answer is sent over plain http, but to this machine')
    def test_attack_10_plain_http(self):
        self.assertNotRegistrable('http://app.example.com/callback', 'http://10.0.0.1/', 'http://127.0.0.1.nip.io/',
                                  'http://[::ffff:127.0.0.1]/', 'http://0.0.0.0/')

    @requirement('attack', '11', 'What is no URI is refused quickly, and never a 500')
    def test_attack_11_what_is_no_uri(self):
        uris = ('http://[', 'http://[::1', 'https://app.example.com/\r\nx', 'https://app.example.com/\x00', 'https://ü.de/',
                'https://app.example.com:99999/', 'https://', '://', 'https:app.example.com', 'callback', '//x/y',
                'https://app.example.com/ x', 'https://app.example.com\\@evil.example.com/', 'https://a/%zz')
        self.assertNotRegistrable(*(uri for uri in uris if '\x00' not in uri))
        self.assertRejected(*uris)
        response = self.ask('authorize', 'POST', {'Accept': 'application/json'},
                            data={'redirect_uri': 'https://a/' + 'a' * 1_000_000})
        self.assertRefused(response, 413, 'invalid_request')
        response = self.url_open(f'{PATH}/authorize?redirect_uri=https://a/' + 'a' * 10_000,
                                 headers={'Accept': 'application/json'})
        self.assertRefused(response, 400, 'invalid_request')
