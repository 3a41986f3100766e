"""A page of another origin that calls Odoo's API, in a real browser, which enforces CORS."""
import json

from application import NodeApplication
from browser import BrowserCase
from requirement import requirement

PARTNERS = '/json/2/res.partner/search_read'
USERS = '/json/2/res.users/search_read'
REFUSED = {'refused': 'TypeError'}  # all that fetch() tells a page that may not know more


class TestSinglePageAPI(BrowserCase):

    def setUp(self):
        super().setUp()
        self.application = self.served()
        told = self.register(self.application.address, is_public=True, scope_ids=[
            (6, 0, self.administrator.scopes('contacts.read'))])
        self.application.configure(**told, scope='contacts.read', script='./single_page_api_script.mjs')
        self.client = self.administrator.call('oauth2.client', 'search', [('client_id', '=', told['client_id'])])
        self.told = told

    def served(self):
        """The server of a page, at a port of its own."""
        application = NodeApplication('single_page.mjs')
        self.addCleanup(application.close)
        return application

    def allow_origins(self, *origins):
        """What an administrator writes into the form of the application."""
        self.administrator.call('oauth2.client', 'write', self.client, {'cors_origins': ' '.join(origins)})

    def signed_in(self):
        """A window of a person who has signed in at the page, and the token that the page has."""
        window = self.window()
        self.allow(window, self.application.address)
        told = window.wait('window.told')
        self.assertIn('access_token', told)
        return window, told['access_token']

    def ask(self, window, path, token=None, **how):
        """What the page in a window reads when it calls the API."""
        headers = {'Authorization': f'Bearer {token}'} if token else {}
        return window.run(f'ask({json.dumps(path)}, {json.dumps(headers)}, {json.dumps(how)})')

    @requirement('contract', '7', 'No page of another origin reads JSON-2 as long as nobody has said that it may')
    @requirement('contract', '7', 'A page of an origin that is named for an application reads with its tokens')
    def test_a_page_calls_the_api_once_its_origin_is_named(self):
        window, token = self.signed_in()
        for path in (PARTNERS, USERS):
            self.assertEqual(self.ask(window, path, token), REFUSED)
        # It is the browser that keeps it from the page: the token is good.
        self.assertEqual(self.json2(token, 'res.partner', 'search_read', domain=[], limit=1).status_code, 200)

        self.allow_origins('https://app.example.com', self.application.address)
        for _time in range(8):  # at whichever worker
            answer = self.ask(window, PARTNERS, token)
            self.assertEqual((answer.get('status'), len(answer.get('body', ()))), (200, 3), answer)
            self.assertEqual({tuple(sorted(partner)) for partner in answer['body']}, {('display_name', 'id')})

        self.allow_origins()
        for _time in range(8):
            # Even though the browser remembers what it was told before.
            self.assertEqual(self.ask(window, PARTNERS, token), REFUSED)

    @requirement('RFC 6750', '3.1', 'A page of another origin can read what its token lacks')
    def test_the_page_reads_why_it_is_refused(self):
        self.allow_origins(self.application.address)
        window, token = self.signed_in()
        answer = self.ask(window, USERS, token)
        self.assertEqual(answer.get('status'), 403, answer)
        self.assertIn('error="insufficient_scope"', answer['challenge'])
        self.assertIn('users.read', answer['challenge'])
        self.assertEqual(answer['body']['name'], 'odoo.exceptions.AccessError')
        answer = self.ask(window, PARTNERS, token[:-4])
        self.assertEqual(answer.get('status'), 401, answer)
        self.assertIn('error="invalid_token"', answer['challenge'])

    @requirement('attack', '42', 'The browser keeps a good token from reading for a page that is not named')
    def test_attack_42_a_page_at_another_port(self):
        self.allow_origins(self.application.address)
        window, token = self.signed_in()
        other, elsewhere = self.served(), self.window()
        other.configure(**self.told, script='./single_page_api_script.mjs')
        elsewhere.open(f'{other.address}/ready')
        elsewhere.wait('window.told')
        for path in (PARTNERS, USERS):
            self.assertEqual(self.ask(elsewhere, path, token), REFUSED)
        self.assertEqual(self.ask(window, PARTNERS, token).get('status'), 200)
        self.allow_origins(self.application.address, other.address)
        self.assertEqual(self.ask(elsewhere, PARTNERS, token).get('status'), 200)

    @requirement('attack', '42', 'A page that is named reads nothing by the cookie of a person who is signed in')
    def test_attack_42_the_cookie_of_the_session(self):
        self.allow_origins(self.application.address)
        window, token = self.signed_in()
        for path in (PARTNERS, '/web/dataset/call_kw/res.partner/search_read'):
            self.assertEqual(self.ask(window, path, credentials='include'), REFUSED)
            self.assertEqual(self.ask(window, path, token, credentials='include'), REFUSED)
        self.assertEqual(self.ask(window, PARTNERS, token).get('status'), 200)
