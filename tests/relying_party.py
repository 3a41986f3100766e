"""Shared by the tests of OpenID Connect: an application that sends a person to sign in with a password."""
from urllib.parse import urlsplit

import jwt
from lxml import html

from odoo.http import root

from .browser import BrowserCase
from .common import PATH, REDIRECT_URI

ISSUER = 'https://odoo.example.com'


class RelyingPartyCase(BrowserCase):
    """The application `App`, which does not use PKCE, like the OpenID conformance suite."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app, cls.app_secret = cls.make_client('App', pkce='never')

    # ------------------------------------------------------------------
    # The browser
    # ------------------------------------------------------------------

    def follow(self, response):
        """Go where the browser is sent, up to a page, or to where it leaves this server."""
        while response.headers.get('Location', REDIRECT_URI).startswith(('/', self.base_url())):
            response = self.visit(response.headers['Location'])
        return response

    def ask_person(self, client=None, method='GET', **parameters):
        """An authorization request by way of the browser, up to a page or the application's address."""
        parameters = self.parameters(
            client or self.app, **{'code_challenge': None, 'code_challenge_method': None, **parameters})
        place = 'params' if method == 'GET' else 'data'
        return self.follow(self.visit(f'{PATH}/authorize', method=method, **{place: parameters}))

    def press(self, page, answer):
        """Press a button of a page, and see what comes of it."""
        return self.follow(self.answer(page, answer))

    def fill_in_login(self, page, user=None):
        """Fill in Odoo's login page."""
        [form] = html.fromstring(page.content).xpath('//form[contains(@class, "oe_login_form")]')
        login = (user or self.person).login
        fields = {**dict(form.form_values()), 'login': login, 'password': login}
        return self.follow(self.visit(form.action, method='POST', data=fields))

    def forget_session(self):
        """Come with a browser that has no session here."""
        self.opener.cookies.pop('session_id')

    def age_session(self, seconds):
        """Let the login of the browser's session be older."""
        session = root.session_store.get(self.opener.cookies['session_id'])
        for name in ('create_time', 'oauth2_login_time'):
            if name in session:
                session[name] -= seconds
        root.session_store.save(session)

    # ------------------------------------------------------------------
    # The flow
    # ------------------------------------------------------------------

    def person_allows(self, client=None, user=None, **parameters):
        """An authorization request, and the person does what the pages ask for. Gives the answer's parameters."""
        page = self.ask_person(client, **parameters)
        if urlsplit(page.url).path == '/web/login':
            page = self.fill_in_login(page, user)
        if page.status_code == 200:
            page = self.press(page, 'allow')
        return self.arrived(page)

    def tokens_of_person(self, client=None, secret=None, user=None, verifier=None, **parameters):
        """What the application gets for what a person allowed."""
        code = self.person_allows(client, user, **parameters)['code']
        response = self.redeem(code, client or self.app, secret or self.app_secret, code_verifier=verifier)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def id_token(self, tokens, client=None):
        """The claims of the ID token, once its signature is proven by the key that its header names.

        By PyJWT and the published keys, not by our own code.
        """
        header = jwt.get_unverified_header(tokens['id_token'])
        [key] = [key for key in self.ask('jwks', 'GET').json()['keys'] if key['kid'] == header['kid']]
        self.assertEqual(header['alg'], key['alg'])
        return jwt.decode(
            tokens['id_token'], jwt.PyJWK(key), algorithms=[key['alg']], issuer=ISSUER,
            audience=(client or self.app).client_id, options={'require': ['iss', 'sub', 'aud', 'exp', 'iat']})

    def ask_userinfo(self, tokens, method='GET'):
        """The userinfo endpoint's answer to an access token in the header."""
        return self.ask('userinfo', method, {'Authorization': f'Bearer {tokens["access_token"]}'})

    def userinfo(self, tokens, method='GET'):
        """What it tells."""
        response = self.ask_userinfo(tokens, method)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
        return response.json()

    # ------------------------------------------------------------------
    # Assertions
    # ------------------------------------------------------------------

    def assertPage(self, response, headline):
        """The browser shows a page of ours, with this headline."""
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(html.fromstring(response.content).xpath('//h1')[0].text_content(), headline)
