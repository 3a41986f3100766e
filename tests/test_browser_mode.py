"""The contract's browser mode: login, consent, and back to the application."""
import time
from base64 import b32decode, b32encode
from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo.addons.auth_totp.models.totp import hotp

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
        self.assertEqual(userinfo.json(), {'sub': self.subject(self.person)})

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
        logged_in = self.submit_login(response.headers['Location'], back)
        self.assertTrue(logged_in.headers['Location'].endswith(back), logged_in.headers['Location'])
        arrived = self.arrived(self.answer(self.visit(back), 'allow'))
        self.assertEqual(set(arrived), {'code', 'state', 'iss'})

    @requirement('contract', '4', 'The second factor is asked for, and who has not given it gets no code')
    def test_login_with_a_second_factor(self):
        secret = b32encode(b'twenty bytes of test')
        self.person.totp_secret = secret.decode()
        self.authenticate(None, None)
        response = self.begin()
        [back] = parse_qs(urlsplit(response.headers['Location']).query)['redirect']
        second = self.submit_login(response.headers['Location'], back).headers['Location']
        self.assertEqual(urlsplit(second).path, '/web/login/totp')
        halfway = self.visit(back)
        self.assertEqual((halfway.status_code, urlsplit(halfway.headers['Location']).path), (303, '/web/login'))
        page = html.fromstring(self.visit(second).content)
        logged_in = self.visit('/web/login/totp', method='POST', data={
            'csrf_token': page.xpath('//input[@name="csrf_token"]/@value')[0], 'redirect': back,
            'totp_token': str(hotp(b32decode(secret), int(time.time() / 30)) % 10 ** 6).zfill(6)})
        self.assertTrue(logged_in.headers['Location'].endswith(back), logged_in.headers['Location'])
        self.assertEqual(set(self.arrived(self.answer(self.visit(back), 'allow'))), {'code', 'state', 'iss'})

    def submit_login(self, address, back):
        """Log in on the page at this address, which knows where to go back to."""
        page = self.visit(address)
        token = html.fromstring(page.content).xpath('//input[@name="csrf_token"]/@value')[0]
        response = self.visit('/web/login', method='POST', data={
            'csrf_token': token, 'login': 'oauth2_person', 'password': 'oauth2_person', 'redirect': back})
        self.assertEqual(response.status_code, 303)
        return response
