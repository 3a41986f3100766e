"""What browsers, proxies, link checkers and pages of other origins send by themselves (contract §2, §3)."""
import http.client
import json

from odoo.tests import HOST
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from .browser import AS_A_BROWSER
from .common import PATH
from .endpoints import EndpointCase
from .requirement import requirement

BROWSERS = (
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html, application/xhtml+xml, application/xml;q=0.9, image/webp, */*;q=0.8',
)


class TestHTTP(EndpointCase):

    # ------------------------------------------------------------------
    # Accept
    # ------------------------------------------------------------------

    @requirement('contract', '3', "A browser's own Accept gets JSON for what programs send, never XML")
    def test_a_browser_gets_json_where_no_person_comes(self):
        for accept in BROWSERS:
            for method, address, headers in (
                ('POST', 'access_token', {}), ('POST', 'revoke', {}), ('POST', 'introspect', {}),
                ('POST', 'userinfo', {}), ('GET', 'userinfo', {'Authorization': 'Bearer nonsense'}),
                ('GET', 'access_token', {'Authorization': 'Basic bm9uc2Vuc2U6'}),
            ):
                with self.subTest(address, method=method, accept=accept):
                    response = self.ask(address, method, {'Accept': accept, **headers})
                    self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
                    self.assertIn('error', response.json())
        response = self.ask('access_token', headers={'Accept': 'application/xml, text/html;q=0.5'})
        self.assertTrue(response.headers['Content-Type'].startswith('application/xml'))

    @requirement('contract', '3', 'Who opens an address of programs in a browser is told what it is for')
    def test_a_page_at_every_address(self):
        for address, status, words in (
            ('access_token', 405, 'gets the tokens'), ('token', 405, 'gets the tokens'), ('revoke', 405, 'gives back'),
            ('introspect', 405, 'asks whether'), ('userinfo', 401, 'who has signed in'), ('nothing', 404, 'nothing'),
            ('nothing/at/all', 404, 'nothing'), ('', 404, 'nothing'), ('authorize', 400, 'made a mistake'),
            ('consent', 400, 'made a mistake'), ('logout', 200, 'signed out'), ('connected-apps', 303, ''),
        ):
            for accept in (*BROWSERS, 'text/html'):
                with self.subTest(address, accept=accept):
                    page = self.ask(address, 'GET', {'Accept': accept})
                    self.assertEqual(
                        (page.status_code, page.headers['Content-Type']), (status, 'text/html; charset=utf-8'))
                    self.assertIn(words, page.text)
                    if status == 405:
                        self.assertEqual(page.headers['Allow'], 'POST')
                    self.assertNotIn('Basic', page.headers.get('WWW-Authenticate', ''))  # it would ask for a password
            if status >= 400:
                for accept, media_type in (
                    (None, 'application/json'), ('*/*', 'application/json'), ('application/json', 'application/json'),
                    ('application/json, text/html;q=0.9', 'application/json'), ('application/xml', 'application/xml'),
                ):
                    with self.subTest(address, accept=accept):
                        answer = self.ask(address, 'GET', {'Accept': accept})
                        self.assertEqual(answer.headers['Content-Type'], f'{media_type}; charset=utf-8')
        for address in ('jwks', '../../../../.well-known/openid-configuration'):  # what a browser shows as it is
            self.assertEqual(self.ask(address, 'GET', {'Accept': BROWSERS[0]}).headers['Content-Type'],
                             'application/json; charset=utf-8')

    @requirement('contract', '1', 'Another address is 404 in the format of who asks: a page for a browser')
    def test_an_address_that_there_is_not(self):
        for accept in BROWSERS:
            response = self.ask('autorize', 'GET', {'Accept': accept})
            self.assertEqual(
                (response.status_code, response.headers['Content-Type']), (404, 'text/html; charset=utf-8'))
            self.assertIn('not_found', response.text)
        self.assertRefused(self.ask('autorize', 'GET', {'Accept': '*/*'}), 404, 'not_found')
        self.assertIn('<error>not_found', self.ask('autorize', 'GET', {'Accept': 'application/xml'}).text)

    # ------------------------------------------------------------------
    # HEAD
    # ------------------------------------------------------------------

    @requirement('RFC 9110', '9.3.2', 'HEAD is answered where GET is, and changes nothing')
    def test_head(self):
        self.log_in()
        hint = self.tokens_of_wiki()
        bearer = {'Authorization': f"Bearer {hint['access_token']}"}
        codes = self.env['oauth2.authorization.code'].search_count([])
        for address, headers, status in (
            (f'authorize?client_id={self.client.client_id}&response_type=code', {'Accept': 'application/json'}, 200),
            ('authorize', AS_A_BROWSER, 200), (f"logout?id_token_hint={hint['id_token']}", AS_A_BROWSER, 200),
            ('userinfo', bearer, 200), ('userinfo', {}, 401), ('jwks', {}, 200), ('nothing', {}, 404),
            ('access_token', {}, 405),
        ):
            with self.subTest(address):
                response = self.ask(address, 'HEAD', headers)
                self.assertEqual((response.status_code, response.content), (status, b''))
        self.assertEqual(self.env['oauth2.authorization.code'].search_count([]), codes)
        self.assertEqual(self.stored_session()['uid'], self.person.id)

    # ------------------------------------------------------------------
    # CORS
    # ------------------------------------------------------------------

    @requirement('contract', '3', 'Pages may send what programs send, and read Retry-After')
    def test_cors(self):
        for address in (f'{PATH}/access_token', f'{PATH}/userinfo', '/.well-known/openid-configuration'):
            response = self.url_open(address, method='OPTIONS', headers={
                'Origin': 'https://page.example.com', 'Access-Control-Request-Method': 'POST'})
            self.assertEqual(response.status_code, 204)
            allowed = response.headers['Access-Control-Allow-Headers'].lower()
            for header in ('authorization', 'content-type', 'mcp-protocol-version', 'x-odoo-database'):
                self.assertIn(header, allowed)
            self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        exposed = self.ask('access_token').headers['Access-Control-Expose-Headers']
        self.assertEqual(exposed, 'Retry-After, WWW-Authenticate')
        self.assertNotIn('Access-Control-Expose-Headers', self.begin().headers)

    # ------------------------------------------------------------------
    # Bodies that come in chunks
    # ------------------------------------------------------------------

    @requirement('attack', '87', 'A body that comes in chunks is 413 past the limit, and is not cut')
    @requirement('contract', '2', 'Requests over 64 KiB are 413')
    def test_attack_87_chunked_bodies(self):
        body = f'client_id={self.client.client_id}&client_secret={self.secret}&grant_type=x'.encode()
        for padding, status, error in ((0, 400, 'unsupported_grant_type'), (65536, 413, 'invalid_request'),
                                       (200000, 413, 'invalid_request')):
            with self.subTest(padding):
                response, answer = self.post_in_chunks(body + b'&utm=' + b'x' * padding)
                self.assertEqual((response.status, answer['error']), (status, error), answer)

    def post_in_chunks(self, body):
        with self.allow_requests():
            connection = http.client.HTTPConnection(HOST, self.http_port(), timeout=20)
            chunks = iter([body[at:at + 5000] for at in range(0, len(body), 5000)])
            connection.request('POST', f'{PATH}/access_token', chunks, {
                'Content-Type': 'application/x-www-form-urlencoded', 'Transfer-Encoding': 'chunked',
                'Cookie': f'{TEST_CURSOR_COOKIE_NAME}={self.opener.cookies[TEST_CURSOR_COOKIE_NAME]}'},
                encode_chunked=True)
            response = connection.getresponse()
            answer = json.load(response)
            connection.close()
        return response, answer

    # ------------------------------------------------------------------
    # Addresses of people
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '5.1', 'email is an addr-spec, or is left out')
    def test_email_is_one_address(self):
        for email, claim in (('ada@example.com', 'ada@example.com'), ('"Ada" <Ada@Example.com>', 'ada@example.com'),
                             ('ada@example.com, bob@example.com', None), ('nonsense', None), (False, None),
                             # what Odoo makes an address of, or leaves as it is
                             ('@example.com', None), ('a@@example.com', None), ('"a b"@example.com', None),
                             ('ada@example.com\u200b', None), ('"><script>@example.com', None)):
            with self.subTest(email):
                self.person.email = email
                self.assertEqual(self.person._oauth2_claims({'email'}).get('email'), claim)

    @requirement('OIDC Core', '5.1', "website is the URL of the user's page")
    def test_website_is_a_web_page(self):
        for website, claim in (('https://ada.example.com/#me', 'https://ada.example.com/#me'),
                               ('ada.example.com', 'http://ada.example.com'), ('javascript:alert(1)', None),
                               ('data:text/html,x', None), (False, None)):
            with self.subTest(website):
                self.person.partner_id.website = website
                self.assertEqual(self.person._oauth2_claims({'profile'}).get('website'), claim)

    @requirement('contract', '6', 'Whether an address is verified is told as an administrator decides')
    def test_email_verified(self):
        self.person.write({'login': 'ada@example.com', 'email': 'Ada@example.com'})
        for setting, email, told in ((False, 'ada@example.com', None), ('false', 'ada@example.com', False),
                                     ('login', 'ada@example.com', True), ('login', 'other@example.com', None)):
            with self.subTest(setting, email=email):
                self.setting('email_verified', setting)
                self.person.email = email
                self.assertIs(self.person._oauth2_claims({'email'}).get('email_verified'), told)
        portal = self.env['res.users'].create({
            'name': 'P', 'login': 'p@example.com', 'email': 'p@example.com',
            'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        self.assertNotIn('email_verified', portal._oauth2_claims({'email'}))
