"""Clients that register themselves: other people's code, and many at once, at four worker processes."""
from collections import Counter

import requests
from administrator import Administrator
from application import NodeApplication
from browser import BrowserCase
from client import AT_ONCE, PATH, SystemCase
from requirement import requirement


def let(case, **parameters):
    """Choose settings for a test."""
    administrator = Administrator()

    def choose(**values):
        for name, value in values.items():
            administrator.call('ir.config_parameter', 'set_param', f'restapi_oauth2.{name}', value)

    case.addCleanup(choose, **dict.fromkeys(parameters, False))
    case.sql("DELETE FROM oauth2_event WHERE name = 'client_registered'")
    choose(**parameters)
    return administrator


class TestRegisteringAtOnce(SystemCase):

    def register(self, token=None):
        return requests.post(f'{self.url}{PATH}/register', timeout=60, json={
            'redirect_uris': ['https://app.example.com/callback'], 'client_name': 'At once'},
            headers={'Authorization': f'Bearer {token}'} if token else {})

    def count(self):
        return self.sql("SELECT count(*) FROM oauth2_client WHERE registration = 'dynamic'")[0][0]

    @requirement('attack', '63', 'Of thirty registrations at once, as many are accepted as the quota says')
    def test_attack_63_the_quota(self):
        let(self, dynamic_registration='open', registrations_per_address='7')
        before = self.count()
        answers = self.at_once(self.register)
        self.assertEqual(Counter(answer.status_code for answer in answers), {201: 7, 429: AT_ONCE - 7})
        self.assertEqual(self.count(), before + 7)
        self.assertTrue(all(int(answer.headers['Retry-After']) > 0 for answer in answers if answer.status_code == 429))

    @requirement('RFC 7591', '3', 'Of thirty at once, as many are accepted as the initial access token is for')
    def test_an_initial_access_token(self):
        administrator = let(self, dynamic_registration='token')
        [initial] = administrator.call('oauth2.initial.access.token', 'create', [{'name': 'At once', 'uses_left': 5}])
        token = administrator.confirmed('oauth2.initial.access.token', 'action_generate', [initial])['default_token']
        before = self.count()
        answers = self.at_once(lambda: self.register(token))
        self.assertEqual(Counter(answer.status_code for answer in answers), {201: 5, 401: AT_ONCE - 5})
        self.assertEqual(self.count(), before + 5)


class TestOtherPeoplesCode(BrowserCase):

    @requirement('RFC 7591', '3', 'Other people\'s code registers itself and signs somebody in')
    @requirement('RFC 7592', '2.3', 'What it was given ends when it deletes its registration')
    def test_an_application_that_knows_only_the_issuer(self):
        administrator = let(self, dynamic_registration='open')
        for auth_method, who in (('client_secret_basic', 'open'), ('none', 'open'), ('none', 'token')):
            with self.subTest(auth_method, who=who):
                administrator.call('ir.config_parameter', 'set_param', 'restapi_oauth2.dynamic_registration', who)
                token = None
                if who == 'token':
                    [initial] = administrator.call('oauth2.initial.access.token', 'create', [{'name': 'Assistant'}])
                    token = administrator.confirmed(
                        'oauth2.initial.access.token', 'action_generate', [initial])['default_token']
                self.sign_in_with(auth_method, token)

    def sign_in_with(self, auth_method, token):
        application, window = NodeApplication('registration.mjs'), self.window()
        self.addCleanup(application.close)
        application.configure(issuer=self.url, auth_method=auth_method, initial_access_token=token)
        window.open(application.address)
        registered = application.told('registered')
        self.assertEqual('client_secret' in registered, auth_method != 'none')
        window.sign_in(self.login, self.login)
        window.wait_for('button[value=allow]')
        for shown in ('127.0.0.1', 'Nobody here knows this application', 'Assistant'):
            self.assertIn(shown, window.text)
        window.answer('allow')
        self.assertEqual(application.told('signed_in'), {'scope': 'openid contacts.read', 'status': 200})
        window.open(f'{application.address}/leave')
        self.assertEqual(application.told('left'), {'deleted': 204, 'status': 401})
