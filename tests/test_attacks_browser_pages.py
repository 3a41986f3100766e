"""The catalogue of attacks (docs/security.md), cases 37, 38, 41, 42 and 44, on every page and endpoint."""
import base64
import hashlib
import re
from xml.etree import ElementTree

from lxml import html

from .browser import BrowserCase
from .common import PATH, REDIRECT_URI
from .requirement import requirement

HOSTILE = '\'"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}${7*7}'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(3)</script></svg>'
BYE = 'https://app.example.com/bye'


class TestPagesOfBrowserMode(BrowserCase):

    def setUp(self):
        super().setUp()
        self.wiki.post_logout_redirect_uri_ids = [(0, 0, {'uri': BYE})]
        self.log_in()

    def logout_page(self, **parameters):
        return self.visit(f'{PATH}/logout', params={'client_id': self.wiki.client_id, **parameters})

    def pages(self, **parameters):
        """Every page that there is, by its template."""
        logout = self.logout_page(post_logout_redirect_uri=BYE, **parameters)
        pages = {
            'consent': self.begin(**parameters),
            'account': self.begin(prompt='select_account', **parameters),
            'sign_in': self.begin(prompt='login', **parameters),
            'form_post': self.begin(prompt='none', response_mode='form_post', **parameters),
            'error_page': self.begin(**{'redirect_uri': 'https://evil.example.com', **parameters}),
            'stale page': self.visit(f'{PATH}/consent', params={'request_id': parameters.get('state', 'x')}),
            'logout': logout,
            'still_logged_in': self.answer(logout, 'stay'),
            'logged_out': self.answer(self.logout_page(), 'sign_out'),
        }
        self.log_in()
        return pages

    def make_everything_hostile(self):
        """Whatever can stand on a page, and be written by somebody."""
        self.wiki.write({'name': HOSTILE, 'publisher': HOSTILE, 'logo': base64.b64encode(SVG),
                         'client_uri': "https://app.example.com/?'onclick='alert(4)"})
        self.env['oauth2.scope'].search([]).write({'description': HOSTILE})
        self.person.name = HOSTILE
        self.person.company_id.name = HOSTILE

    @requirement('attack', '37', 'No page is shown in a frame')
    @requirement('RFC 9700', '4.16', 'Pages are not shown in frames')
    def test_attack_37_clickjacking(self):
        for name, page in self.pages().items():
            with self.subTest(name):
                self.assertTrue(page.headers['Content-Type'].startswith('text/html'), page.text)
                self.assertIn("frame-ancestors 'none'", page.headers['Content-Security-Policy'])
                self.assertEqual(page.headers['X-Frame-Options'], 'DENY')

    @requirement('attack', '37', 'The login page of Odoo, too, is not framed by other sites')
    def test_attack_37_the_login_page(self):
        self.authenticate(None, None)
        page = self.visit(self.begin().headers['Location'])
        self.assertEqual(page.status_code, 200)
        self.assertIn(page.headers['X-Frame-Options'], ('SAMEORIGIN', 'DENY'))
        self.assertRegex(page.headers['Content-Security-Policy'], r"frame-ancestors '(self|none)'")

    @requirement('attack', '38', 'Nothing that stands on a page runs in it')
    def test_attack_38_cross_site_scripting(self):
        self.make_everything_hostile()
        seen = ''
        for name, page in self.pages(state=HOSTILE, login_hint=HOSTILE, nonce=HOSTILE).items():
            with self.subTest(name):
                document = html.fromstring(page.content)
                self.assertNotIn('<script>alert', page.text)
                self.assertFalse(document.xpath('//img[not(starts-with(@src, "data:image/"))]'))
                self.assertFalse(document.xpath('//@*[starts-with(name(), "on")]'))
                self.assertFalse(document.xpath('//svg | //iframe | //object | //embed | //base | //link'))
                self.assertFalse([link for link in document.xpath('//a/@href')
                                  if not link.startswith('https://app.example.com/') and link != '/odoo'])
                self.assertNotIn('49', ' '.join(document.itertext()))  # nothing evaluates it
                seen += ' '.join(document.itertext())
        self.assertIn('alert(2)', seen, 'no page shows what was written: this test looks at nothing')

    @requirement('attack', '38', 'A page runs its own script and no other, and loads nothing')
    def test_attack_38_content_security_policy(self):
        scripts = 0
        for name, page in self.pages().items():
            with self.subTest(name):
                policy = page.headers['Content-Security-Policy']
                self.assertIn("default-src 'none'", policy)
                self.assertIn("base-uri 'none'", policy)
                self.assertNotRegex(policy, r"script-src[^;]*('unsafe|https?:|\*|data:|nonce)")
                inline = html.fromstring(page.content).xpath('//script')
                digests = {base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
                           for script in inline}
                self.assertEqual(digests, set(re.findall(r"'sha256-([^']+)'", policy)) if inline else set())
                scripts += len(inline)
        self.assertTrue(scripts)

    @requirement('attack', '38', 'The form that takes an answer to the application holds it to the letter')
    def test_attack_38_the_form_of_form_post(self):
        uri = REDIRECT_URI + "?a='b&c=(d)"
        self.wiki.redirect_uri_ids.uri = uri
        page = self.begin(redirect_uri=uri, response_mode='form_post', prompt='none', state=HOSTILE)
        address, fields = self.form(page)
        self.assertEqual((address, fields['state']), (uri, HOSTILE))
        self.assertEqual(set(fields), {'error', 'error_description', 'state', 'iss'})

    @requirement('attack', '38', 'A login hint is text on the login page')
    def test_attack_38_the_login_hint(self):
        self.authenticate(None, None)
        page = self.visit(self.begin(login_hint=HOSTILE).headers['Location'])
        self.assertNotIn('<script>alert', page.text)
        self.assertEqual(html.fromstring(page.content).xpath('//input[@name="login"]/@value'), [HOSTILE])

    @requirement('attack', '38', 'What users write about themselves is text in XML, too')
    def test_attack_38_userinfo_in_xml(self):
        self.person.name = '</name><admin>true</admin><![CDATA[&lol;]]>'
        token = self.tokens_of_wiki(scope='openid profile')['access_token']
        response = self.ask('userinfo', 'GET', {'Authorization': f'Bearer {token}', 'Accept': 'application/xml'})
        root = ElementTree.fromstring(response.content)
        self.assertEqual(root.findtext('name'), self.person.name)
        self.assertIsNone(root.find('admin'))

    @requirement('attack', '41', 'No page, answer or redirection is stored, and none passes its address on')
    @requirement('RFC 9700', '4.2.4', 'No address is passed on as a referrer')
    def test_attack_41_caches_and_referrers(self):
        tokens = self.tokens_of_wiki()
        self.log_in()
        mine = {'client_id': self.wiki.client_id, 'client_secret': self.wiki_secret, 'token': 'x'}
        bearer = {'Authorization': f"Bearer {tokens['access_token']}"}
        answers = {
            **self.pages(), 'redirection': self.begin(), 'to consent': self.visit(
                f'{PATH}/authorize', method='POST', data=self.parameters()),
            'denied': self.answer(self.begin(prompt='consent'), 'deny'),
            'revoked': self.ask('revoke', data=mine), 'introspected': self.ask('introspect', data=mine),
            'userinfo': self.ask('userinfo', 'GET', bearer),
            'signed userinfo': self.ask('userinfo', 'GET', {**bearer, 'Accept': 'application/jwt'}),
            'no userinfo': self.ask('userinfo', 'GET'),
        }
        self.authenticate(None, None)
        answers['to login'] = self.begin()
        for name, answer in answers.items():
            with self.subTest(name):
                self.assertEqual(answer.headers['Cache-Control'], 'no-store')
                self.assertEqual(answer.headers['Referrer-Policy'], 'no-referrer')

    @requirement('attack', '42', 'Pages of other sites read tokens and metadata, but nothing that rests on a session')
    @requirement('RFC 9700', '2.6', 'The authorization endpoint has no CORS')
    def test_attack_42_cors(self):
        origin = {'Origin': 'https://evil.example.com', 'Access-Control-Request-Method': 'POST',
                  'Access-Control-Request-Headers': 'Authorization'}
        well_known = '/.well-known/'
        for address, allowed in (
            (f'{PATH}/access_token', '*'), (f'{PATH}/token', '*'), (f'{PATH}/revoke', '*'), (f'{PATH}/userinfo', '*'),
            (f'{PATH}/jwks', '*'), (well_known + 'oauth-authorization-server', '*'),
            (well_known + 'openid-configuration', '*'), (f'{PATH}/introspect', None), (f'{PATH}/authorize', None),
            (f'{PATH}/consent', None), (f'{PATH}/logout', None), (f'{PATH}/nothing', None),
        ):
            for method in ('OPTIONS', 'GET', 'POST'):
                for accept in ('*/*', 'text/html', 'application/json'):
                    with self.subTest(address, method=method, accept=accept):
                        response = self.visit(address, method=method, headers={**origin, 'Accept': accept})
                        if method == 'OPTIONS' and allowed is None:
                            self.assertEqual(response.status_code, 404 if address.endswith('nothing') else 405)
                        self.assertEqual(response.headers.get('Access-Control-Allow-Origin'), allowed)
                        self.assertNotIn('Access-Control-Allow-Credentials', response.headers)

    @requirement('attack', '44', 'The metadata follow neither the Host header nor web.base.url')
    @requirement('RFC 8414', '3.3', 'The issuer is the one that clients know')
    def test_attack_44_metadata(self):
        first = self.url_open('/.well-known/openid-configuration').json()
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://evil.example.com')
        for headers in ({'Host': 'evil.example.com'}, {'X-Forwarded-Host': 'evil.example.com'},
                        {'Forwarded': 'host=evil.example.com'}, {'X-Forwarded-Proto': 'http'}):
            response = self.visit('/.well-known/openid-configuration', headers=headers)
            self.assertEqual(response.json(), first)
        self.assertEqual(first['issuer'], 'https://odoo.example.com')
        self.assertFalse([value for name, value in first.items() if name.endswith(('_endpoint', '_uri'))
                          and not value.startswith(f'https://odoo.example.com{PATH}/')])

    @requirement('attack', '44', 'There is one issuer, and no other path has metadata')
    @requirement('RFC 8414', '3.1', 'Metadata are found by the path of the issuer, and by no other')
    def test_attack_44_paths_of_no_issuer(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.issuer', 'https://odoo.example.com/erp')
        good = ('/.well-known/oauth-authorization-server', '/.well-known/oauth-authorization-server/erp',
                '/.well-known/openid-configuration', '/.well-known/openid-configuration/erp',
                '/erp/.well-known/openid-configuration')
        for address in good:
            self.assertEqual(self.visit(address).json()['issuer'], 'https://odoo.example.com/erp', address)
        for address in (
            '/erp/.well-known/oauth-authorization-server', '/.well-known/openid-configuration/other',
            '/other/.well-known/openid-configuration', '/.well-known/openid-configuration/ERP',
            '/.well-known/openid-configuration/erp/x', '/x/erp/.well-known/openid-configuration',
            '/.well-known/openid-configuration/%2ferp', '/.well-known/openid-configuration/x%2f..%2ferp',
            '/.well-known/openid-configuration/erp%00', '/.well-known/openid-configuration/erp%0aX-Evil:%201',
            '/.well-known/openid-configuration/' + '%2e%2e%2f' * 20, '/%3cscript%3e/.well-known/openid-configuration',
            '/.well-known/openid-configuration/%ff', '/.well-known/openid-configuration/' + 'a/' * 2000,
        ):
            with self.subTest(address):
                response = self.visit(address)
                self.assertEqual(response.status_code, 404, response.text[:200])
                self.assertNotIn('issuer"', response.text)
                self.assertNotIn('<script', response.text)
                self.assertNotIn('X-Evil', response.headers)
