"""A device shows a code, and a person answers it on a phone, in a real browser; and many polls at once."""
import collections
import os

import requests
from administrator import Administrator
from browser import BrowserCase
from client import PATH
from requirement import requirement
from sign_in import App, Person

GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'
PHONE = (390, 844)


class TestDevice(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = Administrator()
        cls.login = f'device{os.getpid()}'
        cls.administrator.make_user(cls.login)
        record = cls.administrator.new_application('device', name='Television')
        [client] = cls.administrator.call('oauth2.client', 'read', [record], ['client_id'])
        cls.television = App(cls.url, client['client_id'])

    def device(self):
        """What the device is told."""
        answer = self.television.ask('device_authorization', scope='openid profile')
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def poll(self, device):
        return self.television.ask('access_token', grant_type=GRANT_TYPE, device_code=device['device_code'])

    @requirement('RFC 8628', '3.3', 'A person types the code on a phone, logs in on the way, and allows the device')
    def test_on_a_phone(self):
        device = self.device()
        window = self.window()
        window.resize(*PHONE)
        window.open(device['verification_uri'])
        window.sign_in(self.login, self.login)
        window.wait_for('#user_code')
        window.wait('document.activeElement.id == "user_code"')
        window.look(f'document.querySelector("#user_code").value = {device["user_code"].lower()!r}')
        self.assertLessEqual(window.look('document.documentElement.scrollWidth'), PHONE[0])
        self.keep(window, 'code')
        window.press_enter('#user_code')
        window.wait_for('button[value=allow]')
        self.assertIn(device['user_code'], window.text)
        self.assertIn('from the address 127.0.0.1', ' '.join(window.text.split()))
        self.assertLessEqual(window.look('document.documentElement.scrollWidth'), PHONE[0])
        self.keep(window, 'consent')
        window.press('button[value=allow]')
        window.wait('document.body.innerText.includes("The device has access")')
        self.keep(window, 'outcome')
        answer = self.poll(device)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self.television.userinfo(answer.json())['name'].lower(), self.login)

    def keep(self, window, name):
        """Store a picture where somebody wants to look at it."""
        if folder := os.environ.get('RESTAPI_OAUTH2_LOOK'):
            for width, height in (PHONE, (1400, 900)):
                with open(f'{folder}/{name}-{width}.png', 'wb') as file:
                    file.write(window.picture(width, height))
            window.resize(*PHONE)

    @requirement('RFC 8628', '3.5', 'Of many polls at once, by several workers, one gets tokens, and they stay good')
    def test_many_polls_at_once(self):
        device = self.device()
        Person(self.url, self.login).connect_device(device['verification_uri_complete'])
        answers = self.at_once(lambda: self.poll(device))
        counted = collections.Counter(answer.status_code for answer in answers)
        self.assertEqual(counted, {200: 1, 400: len(answers) - 1}, [answer.text for answer in answers])
        self.assertEqual({answer.json().get('error') for answer in answers if answer.status_code == 400}, {'slow_down'})
        [tokens] = [answer.json() for answer in answers if answer.status_code == 200]
        self.television.userinfo(tokens)

    @requirement('attack', '62', 'Of many guesses at once no more are tried than one after the other')
    def test_attack_62_many_guesses_at_once(self):
        login = f'guesses{os.getpid()}'
        self.administrator.make_user(login)
        person = Person(self.url, login)
        form = person.form(person.open(f'{self.url}{PATH}/device'))
        fields, cookies = {**dict(form.fields), 'user_code': 'BCDF-GHJK'}, person.session.cookies.get_dict()
        answers = self.at_once(lambda: requests.post(
            form.action, data=fields, cookies=cookies, allow_redirects=False, timeout=60))
        tried = [answer.status_code for answer in answers].count(200)
        self.assertLessEqual(tried, 5)
        self.assertEqual({answer.status_code for answer in answers} - {200, 429}, set())
