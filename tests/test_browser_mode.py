"""The contract's browser mode: login, consent, and back to the application."""
from urllib.parse import parse_qs, urlsplit

from lxml import html

from .browser import VERIFIER, BrowserCase
from .requirement import requirement


class TestBrowserMode(BrowserCase):

    @requirement('contract', '4', 'Who allows an application something is sent back with code, state and iss')
    def test_the_whole_way(self):
        self.log_in()
        page = self.begin()
        self.assertEqual(page.status_code, 200)
        self.assertIn('Wiki', page.text)
        self.assertIn('Know who you are', page.text)
        self.assertIn('Ada Person', page.text)
        self.assertIn('app.example.com', page.text)
        arrived = self.arrived(self.answer(page, 'allow'))
        self.assertEqual(set(arrived), {'code', 'state', 'iss'})
        self.assertEqual((arrived['state'], arrived['iss']), ('as-sent', 'https://odoo.example.com'))
        tokens = self.redeem(arrived['code'], self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()
        self.assertEqual(tokens['scope'], 'openid')
        userinfo = self.ask('userinfo', 'GET', {'Authorization': f"Bearer {tokens['access_token']}"})
        self.assertEqual(userinfo.json(), {'sub': str(self.person.id)})

    @requirement('contract', '4', 'Deny is told the application as access_denied')
    def test_deny(self):
        self.log_in()
        arrived = self.arrived(self.answer(self.begin(), 'deny'))
        self.assertEqual((arrived['error'], arrived['state'], arrived['iss']),
                         ('access_denied', 'as-sent', 'https://odoo.example.com'))
        self.assertNotIn('code', arrived)
        self.assertEqual(self.env['oauth2.consent'].search_count([('client_id', '=', self.wiki.id)]), 0)

    @requirement('contract', '4', 'Who is not logged in goes to the login page, and comes back to the same request')
    def test_login_comes_first(self):
        self.authenticate(None, None)
        response = self.begin(login_hint='oauth2_person')
        self.assertEqual(response.status_code, 303)
        login = urlsplit(response.headers['Location'])
        self.assertEqual(login.path, '/web/login')
        query = parse_qs(login.query)
        self.assertEqual(query['login'], ['oauth2_person'])
        [back] = query['redirect']
        page = self.visit(response.headers['Location'])
        token = html.fromstring(page.content).xpath('//input[@name="csrf_token"]/@value')[0]
        logged_in = self.visit('/web/login', method='POST', data={
            'csrf_token': token, 'login': 'oauth2_person', 'password': 'oauth2_person', 'redirect': back})
        self.assertEqual(logged_in.status_code, 303)
        self.assertTrue(logged_in.headers['Location'].endswith(back), logged_in.headers['Location'])
        arrived = self.arrived(self.answer(self.visit(back), 'allow'))
        self.assertEqual(set(arrived), {'code', 'state', 'iss'})
