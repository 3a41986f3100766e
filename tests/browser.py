"""A browser without scripts: it keeps cookies, reads forms, and follows redirects only when told."""
import time
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import html

from odoo.tests import HOST, new_test_user

from ..models.endpoints.authorization_browser import Pending
from ..models.keys.oauth2_signing_key import BROWSER
from ..protocol.sealed import seal, unseal
from .common import PATH, REDIRECT_URI, OAuth2Case

WAITING = 'oauth2_request_'
AS_A_BROWSER = {'Accept': 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'}
CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'  # RFC 7636 appendix B
VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'


def query_of(location):
    """The parameters that an address carries, each once."""
    pairs = parse_qsl(urlsplit(location).query, keep_blank_values=True, strict_parsing=True)
    if len(dict(pairs)) != len(pairs):
        raise AssertionError(f'a parameter stands twice in {location}')
    return dict(pairs)


class BrowserCase(OAuth2Case):
    """A person, `oauth2_person`, at a browser, and an application `Wiki` that asks its users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(
            cls.env, 'oauth2_person', groups='base.group_user', password='oauth2_person', name='Ada Person')
        cls.wiki, cls.wiki_secret = cls.make_client('Wiki')

    def waiting(self):
        """What the browser keeps for the server: for the name of each request that waits, a dictionary."""
        keys = [key.private for key in self.env['oauth2.signing.key']._by_kid(BROWSER).values()]
        sealed = {cookie.name.removeprefix(WAITING): cookie.value
                  for cookie in self.opener.cookies if cookie.name.startswith(WAITING)}
        return {name: Pending(*unseal(keys, name, value, 3600))._asdict() for name, value in sealed.items()}

    def wait(self, request_id, value):
        """Put a request into the browser, as the server would have sealed it."""
        sealed = self.seal(request_id, list(Pending(**value)), value['asked_at'])
        self.opener.cookies.set(WAITING + request_id, sealed, domain=HOST, path=PATH)

    def seal(self, request_id, value, since=None):
        """Any value, as the server would have sealed it."""
        key = self.env['oauth2.signing.key']._current(BROWSER).private
        return seal(key, request_id, value, time.time() if since is None else since)

    def log_in(self, login='oauth2_person'):
        """Have somebody logged in. A new session, as after a login."""
        self.authenticate(login, login)

    def sign_in(self, login, redirect='/odoo'):
        """Have somebody log in with the login form, in the session that there is."""
        _action, hidden = self.form(self.visit('/web/login'))
        response = self.visit('/web/login', method='POST', data={
            **hidden, 'login': login, 'password': login, 'redirect': redirect})
        self.assertEqual(response.status_code, 303, response.text)

    def visit(self, address, **options):
        """Open an address, and stay there."""
        response = self.url_open(address, headers={**AS_A_BROWSER, **options.pop('headers', {})},
                                 allow_redirects=False, **options)
        for cookie in self.opener.cookies:
            cookie.secure = False  # the issuer is https, the tests' own requests are not
        return response

    def parameters(self, client=None, **parameters):
        """An authorization request, with PKCE."""
        client = client or self.wiki
        parameters = {
            'client_id': client.client_id, 'redirect_uri': REDIRECT_URI, 'response_type': 'code', 'state': 'as-sent',
            'scope': 'openid', 'code_challenge': CHALLENGE, 'code_challenge_method': 'S256', **parameters}
        return {name: value for name, value in parameters.items() if value is not None}

    def begin(self, client=None, **parameters):
        """Come from the application with a request."""
        return self.visit(f'{PATH}/authorize?{urlencode(self.parameters(client, **parameters))}')

    def form(self, response):
        """The form of a page: its address, and its hidden fields."""
        self.assertEqual(response.status_code, 200, response.text)
        form = html.fromstring(response.content).forms[0]
        hidden = {field.name: field.value for field in form.xpath('.//input[@type="hidden"]')}
        return form.action, hidden

    def answer(self, response, answer, **changed):
        """Press a button of a page."""
        action, hidden = self.form(response)
        return self.visit(action, method='POST', data={**hidden, 'answer': answer, **changed})

    def allow(self, client=None, **parameters):
        """The whole way from the application to its redirect URI, where the person allows everything.

        :return: the parameters that arrive there.
        """
        return self.arrived(self.answer(self.begin(client, **parameters), 'allow'))

    def arrived(self, response, uri=REDIRECT_URI):
        """The parameters with which the browser is sent to the application."""
        self.assertEqual(response.status_code, 303, response.text)
        location = response.headers['Location']
        self.assertTrue(location.startswith(uri), location)
        return query_of(location)

    def disconnect(self, client=None):
        """Take back, as the person, what was allowed the client: `Wiki` if no other is named."""
        self.env['oauth2.access'].with_user(self.person).search(
            [('client_id', '=', (client or self.wiki).id)]).action_disconnect()
        self.env.flush_all()

    def tokens_of_wiki(self, client=None, secret=None, **parameters):
        """An answer of the token endpoint for what a person has allowed."""
        client, secret = client or self.wiki, secret or self.wiki_secret
        code = self.allow(client, **parameters)['code']
        response = self.redeem(code, client, secret, code_verifier=VERIFIER)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()


class AllowedCase(BrowserCase):
    """The client is `Wiki`, whose user is logged in and has allowed `odoo`. Its codes are redeemed as in RFC 6749.

    The client `Shop` of the other tests has direct authorization, whose codes need the documented header.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, cls.secret, cls.user = cls.wiki, cls.wiki_secret, cls.person
        cls.client.default_scope_ids = cls.env.ref('restapi_oauth2.scope_odoo')
        cls.env['oauth2.consent']._record(
            cls.client, cls.user.id, 'odoo', 'https://odoo.example.com', REDIRECT_URI)

    def setUp(self):
        super().setUp()
        self.log_in()
