"""Guessing codes, polling and requesting codes: no table grows, and no guess succeeds."""
from unittest.mock import patch

from odoo.tests import new_test_user, warmup

from ..models.devices import oauth2_device_guess as guesses
from ..models.devices import oauth2_device_request as requests
from ..models.devices.oauth2_device_guess import FREE_OF_CALLER, FREE_OF_USER
from ..protocol import user_code
from .devices import DeviceCase
from .requirement import requirement
from .test_statements import StatementsCase

# What docs/security.md says of them.
LIMITS = {
    'wrong codes of a user': (guesses.FREE_OF_USER, 5),
    'wrong codes at an address': (guesses.FREE_OF_CALLER, 20),
    'devices that wait, of an application': (requests.MOST_OF_CLIENT, 1000),
    'devices that wait, of an application, one of each address': (requests.MOST_OF_CALLERS, 10_000),
    'devices that wait, of an application without a secret and an address': (requests.MOST_OF_CALLER, 20),
    'letters of a code': (user_code.LENGTH, 8),
    'letters to choose from': (len(user_code.ALPHABET), 20),
}


class TestGuessing(DeviceCase):

    def guess(self, times):
        return [self.type_code(user_code.new()).status_code for _time in range(times)]

    def test_the_table_of_limits(self):
        for name, (is_, documented) in LIMITS.items():
            with self.subTest(name):
                self.assertEqual(is_, documented)

    @requirement('RFC 8628', '5.1', 'Who has typed five wrong codes has to wait, longer each time')
    def test_attack_62_a_user_guesses(self):
        self.assertEqual(self.guess(FREE_OF_USER + 2), [200] * FREE_OF_USER + [429] * 2)
        device = self.device()
        self.assertEqual(self.type_code(device['user_code']).status_code, 429)  # right ones, too
        waits = []
        for _time in range(8):
            self.sql("UPDATE oauth2_device_guess SET wrong_at = wrong_at - interval '16 minutes'")
            self.assertEqual(self.guess(2), [200, 429])
            waits.append(int(self.type_code('BCDF-GHJK').headers['Retry-After']))
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[0], 15)
        self.assertEqual(waits[-1], 960)
        event = self.env['oauth2.event'].search([('name', '=', 'device_codes_guessed')])
        self.assertEqual((len(event), event.user_id), (1, self.person))
        self.sql("UPDATE oauth2_device_guess SET wrong_at = wrong_at - interval '61 minutes'")
        self.assertEqual(self.guess(FREE_OF_USER + 1), [200] * FREE_OF_USER + [429])

    @requirement('attack', '68', 'Wrong codes of many users at one address are counted together')
    def test_attack_68_many_users_guess_at_one_address(self):
        answers = []
        for number in range(FREE_OF_CALLER // FREE_OF_USER + 1):
            new_test_user(self.env, f'oauth2_guesses_{number}', groups='base.group_portal',
                          password=f'oauth2_guesses_{number}')
            self.log_in(f'oauth2_guesses_{number}')
            answers += self.guess(FREE_OF_USER)
        self.assertEqual(answers, [200] * FREE_OF_CALLER + [429] * FREE_OF_USER)

    @requirement('RFC 8628', '5.1', 'Right codes cost nothing, however many')
    def test_right_codes_are_not_counted(self):
        with patch.object(requests, 'MOST_OF_CALLER', 1000):
            for _time in range(FREE_OF_CALLER + 2):
                self.assertEqual(self.type_code(self.device()['user_code']).status_code, 303)
        self.assertFalse(self.env['oauth2.device.guess'].search_count([]))

    def test_what_cannot_be_a_code_is_not_counted(self):
        for code in ('hello', '1234-5678', 'BCDF-GHJ', ''):
            self.type_code(code)
        self.assertFalse(self.env['oauth2.device.guess'].search_count([]))

    @requirement('attack', '62', 'Neither of the codes is stored')
    def test_attack_62_the_codes_are_not_stored(self):
        device = self.device()
        self.answer_device(device)
        self.poll(device)
        for table in ('oauth2_device_request', 'oauth2_authorization_code', 'oauth2_authorization', 'oauth2_event'):
            self.env.cr.execute(f'SELECT array_agg(t::text)::text FROM {table} t')
            rows = self.env.cr.fetchone()[0] or ''
            for secret in (device['device_code'], device['user_code'], device['user_code'].replace('-', '')):
                self.assertNotIn(secret, rows)

    def test_wrong_codes_are_forgotten(self):
        self.guess(1)
        self.sql("UPDATE oauth2_device_guess SET wrong_at = wrong_at - interval '2 hours'")
        self.env['oauth2.device.guess']._gc_guesses()
        self.assertFalse(self.env['oauth2.device.guess'].search_count([]))


class TestFloods(DeviceCase):

    @requirement('attack', '75', 'Anybody may ask for codes of a device, and only so many wait')
    def test_attack_75_requests_of_devices(self):
        answers = [self.begin_device() for _time in range(requests.MOST_OF_CALLER + 2)]
        self.assertEqual([answer.status_code for answer in answers], [200] * requests.MOST_OF_CALLER + [429] * 2)
        self.assertRefused(answers[-1], 429, 'temporarily_unavailable')
        self.assertIn('Retry-After', answers[-1].headers)
        self.assertEqual(self.env['oauth2.device.request'].search_count([]), requests.MOST_OF_CALLER)
        # One that proves itself may ask for many: they may all come from one server.
        self.device(self.till, self.till_secret)
        self.sql("UPDATE oauth2_device_request SET network = '203.0.113.7'")
        self.device()

    def test_attack_75_requests_from_many_addresses(self):
        with patch.object(requests, 'MOST_OF_CLIENT', 3):
            for _time in range(3):
                self.device()
                self.sql("UPDATE oauth2_device_request SET network = id::text")
            self.device()  # of this address none waits: it is not shut out by the others
            self.assertRefused(self.begin_device(), 429, 'temporarily_unavailable')
            self.sql("UPDATE oauth2_device_request SET expires_at = now() AT TIME ZONE 'UTC'")
            self.device()

    def test_old_requests_go(self):
        self.device()
        self.sql("UPDATE oauth2_device_request SET expires_at = now() AT TIME ZONE 'UTC' - interval '11 minutes'")
        kept = self.device()
        self.env['oauth2.device.request']._gc_requests()
        self.assertEqual(self.env['oauth2.device.request'].search_count([]), 1)
        self.assertRefused(self.poll(kept), 400, 'authorization_pending')

    @requirement('attack', '75', 'Polling writes nothing')
    def test_attack_75_polling_writes_nothing(self):
        device = self.device()
        self.env.cr.execute('SELECT xmin::text, ctid::text FROM oauth2_device_request')
        before = self.env.cr.fetchall()
        for _time in range(5):
            self.poll_at_once(device)
        self.env.cr.execute('SELECT xmin::text, ctid::text FROM oauth2_device_request')
        self.assertEqual(self.env.cr.fetchall(), before)


class TestStatementsOfDevices(DeviceCase, StatementsCase):

    @warmup
    def test_a_device_that_asks_costs_two(self):
        with self.assertStatements(2):
            self.begin_device()

    @warmup
    def test_a_poll_costs_two(self):
        device = self.device()
        self.poll(device)
        with self.assertStatements(2):
            self.poll_at_once(device)

    @warmup
    def test_fetching_the_tokens_costs_four(self):
        device = self.device()
        self.answer_device(device)
        with self.assertStatements(4):
            self.poll(device)
