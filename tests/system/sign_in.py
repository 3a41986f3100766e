"""An application and a person, by the requests of their programs: for tests that need no real browser."""
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import jwt
import reference_page
import requests
from client import PATH
from lxml import html

REDIRECT_URI = 'https://app.example.com/callback'
# RFC 7636 appendix B.
VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'


def claims(token):
    """What a JWT says."""
    return jwt.decode(token, options={'verify_signature': False})


class App:
    """An application, with the values from its registration; a public one has no secret."""

    def __init__(self, url, client_id, secret=None):
        self.url = url
        self.credentials = {'client_id': client_id} | ({'client_secret': secret} if secret else {})

    def ask(self, endpoint, **parameters):
        """The answer of an endpoint that takes this application's credentials."""
        return requests.post(f'{self.url}{PATH}/{endpoint}', data=self.credentials | parameters, timeout=60)

    def tokens(self, **grant):
        """What the token endpoint gives for a grant."""
        response = self.ask('access_token', **grant)
        assert response.status_code == 200, response.text
        return response.json()

    def redeem(self, code, **parameters):
        """Trade a code."""
        return self.tokens(grant_type='authorization_code', code=code, redirect_uri=REDIRECT_URI, **parameters)

    def refresh(self, tokens):
        """Trade the refresh token of an answer for the next answer."""
        return self.tokens(grant_type='refresh_token', refresh_token=tokens['refresh_token'])

    def act(self):
        """Tokens of the user that it acts for, got with the documented requests."""
        return reference_page.tokens(self.url, **self.credentials)

    def call(self, tokens, model='res.users', method='context_get', **arguments):
        """The answer to a call of Odoo's API with the access token of an answer."""
        return requests.post(f'{self.url}/json/2/{model}/{method}', json=arguments, timeout=60,
                             headers={'Authorization': f'Bearer {tokens["access_token"]}'})

    def userinfo(self, tokens):
        """Whom the access token is about."""
        response = requests.get(f'{self.url}{PATH}/userinfo', timeout=60,
                                headers={'Authorization': f'Bearer {tokens["access_token"]}'})
        assert response.status_code == 200, response.text
        return response.json()


class Person:
    """Somebody whose password is the login, with a browser of their own."""

    def __init__(self, url, login):
        self.url = url
        self.session = requests.Session()
        form = self.form(self.session.get(f'{url}/web/login', timeout=60))
        self.session.post(f'{url}/web/login', timeout=60, allow_redirects=False, data={
            **dict(form.fields), 'login': login, 'password': login})

    def ask(self, app, scope, **parameters):
        """Where an application's request leads: a page of the server, or the redirection to the application."""
        query = urlencode({
            'client_id': app.credentials['client_id'], 'redirect_uri': REDIRECT_URI, 'response_type': 'code',
            'scope': scope, 'code_challenge': CHALLENGE, 'code_challenge_method': 'S256', 'state': 'as-sent',
            **parameters})
        return self.open(f'{self.url}{PATH}/authorize?{query}')

    def open(self, url):
        """Where an address leads, as above."""
        response = self._get(url)
        while response.is_redirect and self._leads_to(response).startswith(f'{self.url}/'):
            response = self._get(self._leads_to(response))
        return response

    def allow(self, page, **fields):
        """Press *Allow*."""
        form = self.form(page)
        return self.session.post(form.action, timeout=60, allow_redirects=False, data={
            **dict(form.fields), 'answer': 'allow', **fields})

    def connect_device(self, address):
        """Open the address that a device shows, go on with its code, and allow it what it asks for."""
        form = self.form(self.open(address))
        page = self.session.post(form.action, timeout=60, data=dict(form.fields), headers={'Accept': 'text/html'})
        answered = self.open(urljoin(page.url, self.allow(page).headers['Location']))
        assert 'The device has access' in answered.text, answered.text

    def sign_in(self, app, scope, **fields):
        """Allow an application what it asks for. Gives its tokens."""
        return self.arrive(app, self.allow(self.ask(app, scope), **fields))

    def arrive(self, app, response):
        """The tokens that an application gets for the code with which the browser comes to it."""
        location = self._leads_to(response)
        assert response.status_code == 303 and location.startswith(f'{REDIRECT_URI}?'), response.text or location
        return app.redeem(parse_qs(urlsplit(location).query)['code'][0], code_verifier=VERIFIER)

    def _get(self, url):
        return self.session.get(url, timeout=60, allow_redirects=False, headers={'Accept': 'text/html'})

    def _leads_to(self, response):
        return urljoin(response.url, response.headers.get('Location', ''))

    def form(self, page):
        """The form of a page, with its address made absolute."""
        form = html.fromstring(page.text, base_url=page.url).find('.//form')
        assert form is not None, page.text
        form.make_links_absolute()
        return form
