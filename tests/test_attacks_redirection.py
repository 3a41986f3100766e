"""The catalogue of attacks (docs/security.md), cases 1, 7, 9, 39, 40 and 43: answers by redirection."""
from urllib.parse import urlsplit

from .browser import AS_A_BROWSER, BrowserCase, query_of
from .common import PATH, REDIRECT_URI
from .requirement import requirement

ISSUER = 'https://odoo.example.com'
# What makes an error of a request, and which one.
MISTAKES = (
    ({'response_type': 'token'}, 'unsupported_response_type'), ({'response_type': None}, 'invalid_request'),
    ({'scope': 'admin'}, 'invalid_scope'), ({'scope': 'openid\\'}, 'invalid_scope'),
    ({'prompt': 'none login'}, 'invalid_request'), ({'prompt': 'x'}, 'invalid_request'),
    ({'max_age': '-1'}, 'invalid_request'), ({'code_challenge': None}, 'invalid_request'),
    ({'code_challenge': None, 'code_challenge_method': None}, 'invalid_request'),
    ({'code_challenge_method': 'plain'}, 'invalid_request'),
    ({'resource': 'https://evil.example.com'}, 'invalid_target'), ({'request': 'a.b.c'}, 'request_not_supported'),
    ({'request_uri': 'https://evil.example.com/'}, 'request_uri_not_supported'),
    ({'registration': '{}'}, 'registration_not_supported'),
)


class TestRedirectionAttacks(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiki.pkce = 'required'

    def assertShown(self, response):
        """The error is shown, and the browser stays here."""
        self.assertIn(response.status_code, (400, 401), response.text)
        self.assertTrue(response.headers['Content-Type'].startswith('text/html'))
        for header in ('Location', 'Refresh'):
            self.assertNotIn(header, response.headers)
        self.assertNotIn('evil.example.com', response.text)
        self.assertNotIn('<form', response.text)

    @requirement('attack', '1', 'In browser mode, too, no error is redirected to a URI that is not registered')
    @requirement('RFC 9700', '4.11.2', 'Nobody is redirected before the redirect URI is known to be good')
    def test_attack_01_browsers_stay_here_where_the_uri_is_not_registered(self):
        several, _secret = self.make_client('Several', redirect_uris=(REDIRECT_URI, REDIRECT_URI + '2'))
        for login in (None, 'oauth2_person'):
            self.authenticate(login, login)
            for change, _error in (*MISTAKES, ({'prompt': 'none'}, ''), ({'response_mode': 'form_post'}, ''), ({}, '')):
                with self.subTest(change, login=login):
                    self.assertShown(self.begin(redirect_uri='https://evil.example.com/', **change))
                    self.assertShown(self.begin(redirect_uri='https://evil.example.com/', client_id='A' * 32, **change))
                    self.assertShown(self.begin(several, redirect_uri=None, **change))
        self.assertShown(self.begin(response_mode='fragment'))

    @requirement('attack', '1', 'A request by POST is not redirected to a URI that is not registered either')
    def test_attack_01_requests_by_post(self):
        body = self.parameters(redirect_uri='https://evil.example.com/', prompt='none')
        for wrong in ({}, {'client_id': 'A' * 32}, {'redirect_uri': REDIRECT_URI, 'client_secret': 'secret'}):
            with self.subTest(wrong):
                self.assertShown(self.visit(f'{PATH}/authorize', method='POST', data={**body, **wrong}))

    @requirement('attack', '1', 'Where the URI is registered, the client is told of the error there')
    @requirement('attack', '43', 'Errors, too, say who the server is')
    @requirement('RFC 9207', '2', 'Error responses have iss')
    def test_attack_43_errors_go_to_the_registered_uri_with_state_and_issuer(self):
        for login in (None, 'oauth2_person'):
            self.authenticate(login, login)
            for change, error in (*MISTAKES, ({'prompt': 'none'}, 'consent_required' if login else 'login_required')):
                with self.subTest(change, login=login):
                    arrived = self.arrived(self.begin(**change))
                    self.assertEqual((arrived['error'], arrived['state'], arrived['iss']), (error, 'as-sent', ISSUER))
                    self.assertNotIn('code', arrived)

    @requirement('attack', '43', 'Every answer names the issuer of the metadata, by form too')
    def test_attack_43_the_issuer_of_answers_and_metadata_is_one(self):
        metadata = self.url_open('/.well-known/oauth-authorization-server').json()
        self.assertEqual(metadata['issuer'], ISSUER)
        self.assertIs(metadata['authorization_response_iss_parameter_supported'], True)
        self.log_in()
        self.assertEqual(self.arrived(self.answer(self.begin(), 'deny'))['iss'], ISSUER)
        self.assertEqual(self.allow()['iss'], ISSUER)
        for change in ({}, {'scope': 'admin'}):
            address, fields = self.form(self.begin(response_mode='form_post', **change))
            self.assertEqual((address, fields['iss'], fields['state']), (REDIRECT_URI, ISSUER, 'as-sent'))

    @requirement('attack', '7', 'In browser mode, too, only the port of a loopback address may differ')
    def test_attack_07_the_answer_goes_to_the_port_of_the_request(self):
        client, _secret = self.make_client('Desktop', redirect_uris=['http://127.0.0.1/cb'], is_public=True)
        self.log_in()
        page = self.begin(client, redirect_uri='http://127.0.0.1:7000/cb')
        location = self.answer(page, 'allow').headers['Location']
        self.assertTrue(location.startswith('http://127.0.0.1:7000/cb?code='), location)

    @requirement('attack', '9', 'The query of a redirect URI stays, and no parameter stands twice in the answer')
    def test_attack_09_no_parameter_of_the_answer_stands_twice(self):
        uri = REDIRECT_URI + '?a=1&b=%26code%3Dx'
        self.wiki.redirect_uri_ids.uri = uri
        self.log_in()
        for response in (self.answer(self.begin(redirect_uri=uri), 'allow'),
                         self.begin(redirect_uri=uri, scope='admin', state='x&iss=https://evil.example.com&code=y#z')):
            arrived = query_of(response.headers['Location'])
            self.assertTrue(response.headers['Location'].startswith(uri + '&'))
            self.assertEqual((arrived['a'], arrived['b'], arrived['iss']), ('1', '&code=x', ISSUER))
            self.assertFalse(urlsplit(response.headers['Location']).fragment)
        self.assertNotIn('code', arrived)
        self.assertEqual(arrived['state'], 'x&iss=https://evil.example.com&code=y#z')

    @requirement('attack', '40', 'After a form the browser goes on with GET: 303')
    @requirement('RFC 9700', '4.12', 'A redirection never repeats a form elsewhere')
    def test_attack_40_redirections_are_303(self):
        self.wiki.post_logout_redirect_uri_ids = [(0, 0, {'uri': 'https://app.example.com/bye'})]
        self.log_in()
        way_out = {'client_id': self.wiki.client_id, 'post_logout_redirect_uri': 'https://app.example.com/bye'}
        for response in (
            self.visit(f'{PATH}/authorize', method='POST', data=self.parameters()),
            self.answer(self.begin(), 'deny'), self.answer(self.begin(), 'allow'), self.begin(prompt='none'),
            self.answer(self.begin(prompt='select_account'), 'continue'),
            self.visit(f'{PATH}/logout', method='POST', data=way_out),
            self.answer(self.visit(f'{PATH}/logout', params=way_out), 'sign_out'), self.begin(),
        ):
            self.assertEqual(response.status_code, 303, response.text)
            self.assertTrue(response.headers['Location'])
            self.assertFalse(response.content)

    @requirement('attack', '39', 'No policy keeps a browser from following the answer to the application')
    def test_attack_39_the_policy_of_forms(self):
        """Chromium applies form-action to the redirections after the form, wherever they lead."""
        client, _secret = self.make_client('App', redirect_uris=['com.example.app:/callback'], is_public=True)
        self.log_in()
        page = self.begin(client, redirect_uri='com.example.app:/callback')
        self.assertNotIn('form-action', page.headers['Content-Security-Policy'])
        location = self.answer(page, 'allow').headers['Location']
        self.assertTrue(location.startswith('com.example.app:/callback?code='), location)

    @requirement('attack', '66', 'The way to the login page leads nowhere else, whatever the request holds')
    def test_attack_66_the_way_to_the_login_page(self):
        self.authenticate(None, None)
        hint = 'x&redirect=https://evil.example.com/#'
        response = self.begin(login_hint=hint, state='&redirect=//evil.example.com')
        login = urlsplit(response.headers['Location'])
        self.assertEqual((login.scheme, login.netloc, login.path, login.fragment), ('', '', '/web/login', ''))
        query = query_of(response.headers['Location'])
        self.assertEqual(query['login'], hint)
        self.assertRegex(query['redirect'], rf'^{PATH}/consent\?request_id=[A-Za-z0-9_-]+$')

    @requirement('attack', '44', 'No redirection follows the Host header')
    def test_attack_44_redirections_and_the_host_header(self):
        self.authenticate(None, None)
        for headers in ({'Host': 'evil.example.com'}, {'X-Forwarded-Host': 'evil.example.com'}):
            response = self.begin_with(headers)
            self.assertEqual(response.status_code, 303)
            self.assertTrue(response.headers['Location'].startswith('/web/login?'), response.headers['Location'])

    def begin_with(self, headers):
        return self.visit(f'{PATH}/authorize', params=self.parameters(), headers={**AS_A_BROWSER, **headers})
