"""Requests that wait in a browser while a person signs in, in each of Odoo's ways."""
import json
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import html

from ..common import PATH
from ..requirement import requirement
from .common import PASSWORD, SECRET, AuthCase, totp_code
from .test_sign_in import provider


class TestWaiting(AuthCase):

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.login = self.begin(prompt='login').headers['Location']
        [self.back] = parse_qs(urlsplit(self.login).query)['redirect']

    def give_second_factor(self, response):
        """Give it on the page to which a response leads."""
        address = response.headers['Location']
        self.assertEqual(urlsplit(address).path, '/web/login/totp')
        self.assertEqual(urlsplit(self.visit(self.back).headers['Location']).path, '/web/login')  # not yet
        _action, hidden = self.form(self.visit(address))
        return self.visit(address, method='POST', data={**hidden, 'totp_token': totp_code(SECRET)})

    def assertIsAsked(self, response):
        """The browser is sent back to the request that waits, and there it is answered."""
        self.assertEqual(response.status_code, 303, response.text)
        back = urlsplit(response.headers['Location'])
        self.assertEqual((back.path, f'{back.path}?{back.query}'), (f'{PATH}/consent', self.back))
        self.assertIn('code', self.arrived(self.answer(self.visit(self.back), 'allow')))

    @requirement('contract', '4', 'A request waits while a person signs in at another server, second factor included')
    def test_another_server(self):
        with provider() as address:
            elsewhere = self.env['auth.oauth.provider'].create({
                'name': 'Elsewhere', 'auth_endpoint': f'{address}/authorize', 'validation_endpoint': address,
                'body': 'Sign in elsewhere', 'enabled': True})
            self.user.write({'oauth_provider_id': elsewhere.id, 'oauth_uid': 'ada-4711'})
            self.user.totp_secret = SECRET
            [link] = [link for link in html.fromstring(self.visit(self.login).content).xpath('//a/@href')
                      if link.startswith(address)]
            [state] = parse_qs(urlsplit(link).query)['state']
            self.assertEqual(json.loads(state)['p'], elsewhere.id)
            response = self.visit('/auth_oauth/signin?' + urlencode({'access_token': 'x', 'state': state}))
        self.assertIsAsked(self.give_second_factor(response))

    @requirement('contract', '4', 'A request waits while a person signs in with password and second factor')
    def test_password_and_second_factor(self):
        self.user.totp_secret = SECRET
        _action, hidden = self.form(self.visit(self.login))
        self.assertIsAsked(self.give_second_factor(self.visit('/web/login', method='POST', data={
            **hidden, 'login': self.user.login, 'password': PASSWORD, 'type': 'password', 'redirect': self.back})))
