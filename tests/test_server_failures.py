"""What a client sees when the server fails, and that nothing is lost."""
from contextlib import ExitStack, contextmanager
from unittest.mock import patch
from urllib.parse import urlencode

from lxml import html
from werkzeug.exceptions import BadRequest

from odoo.exceptions import UserError
from odoo.service import model as service
from odoo.tools import mute_logger

from ..wire import lost_race
from .browser import BrowserCase
from .common import PATH, REDIRECT_URI, OAuth2Case, oauth_header
from .requirement import requirement


class TestServerFailures(OAuth2Case):

    def setUp(self):
        super().setUp()
        # All requests of a test share its transaction, which is under way. tests/system/test_races.py has real ones.
        self.patch(lost_race, 'WAITING', 'SELECT')

    def failing(self, fail, times=1):
        """Let the token endpoint fail so many times, after it has done all of its work."""
        endpoint = type(self.env['oauth2.token.endpoint'])
        original, left = endpoint._answer, [None] * times

        def answer(self, parameters, address):
            answered = original(self, parameters, address)
            if left:
                left.pop()
                fail(self.env)
            return answered

        self.patch(endpoint, '_answer', answer)

    def lose_a_race(self, env):
        """As PostgreSQL does when somebody else was faster."""
        env.cr.execute("DO $$ BEGIN RAISE EXCEPTION 'faster' USING ERRCODE = 'serialization_failure'; END $$")

    @requirement('contract', '3', 'A request that lost a race is run again, in every form that it may have')
    def test_a_lost_race_is_run_again(self):
        grant = {'grant_type': 'authorization_code', 'redirect_uri': REDIRECT_URI}
        headers = {'Authorization': oauth_header(client_id=self.client.client_id, client_secret=self.secret)}
        for form, options in {
            'form': lambda body: {'data': body},
            'JSON': lambda body: {'json': body},
            'multipart': lambda body: {'files': {name: (None, value) for name, value in body.items()}},
        }.items():
            code = self.code()
            self.failing(self.lose_a_race)
            with self.subTest(form), patch.object(service.time, 'sleep') as sleep, mute_logger('odoo.sql_db'):
                response = self.ask('access_token', headers=headers, **options({**grant, 'code': code}))
                self.assertEqual(response.status_code, 200, response.text)
                self.assertAlive(response.json())
                self.assertFalse(sleep.called)

    @requirement('contract', '3', 'Who loses every time is told to come back: 503 with Retry-After')
    def test_a_race_that_is_lost_for_good(self):
        code = self.code()
        self.patch(service, 'MAX_TRIES_ON_CONCURRENCY_FAILURE', 1)
        self.failing(self.lose_a_race, times=2)  # it is run again once at once, and then as often as Odoo is told to
        with mute_logger('odoo.sql_db', 'odoo.http'):
            response = self.redeem(code)
        self.assertRefused(response, 503, 'temporarily_unavailable')
        self.assertEqual(response.headers['Retry-After'], '1')
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_what_was_taken_away_meanwhile(self):
        def refuse(env):
            raise UserError('somebody has deleted 4711')

        code = self.code()
        self.failing(refuse)
        with mute_logger('odoo.http'):
            response = self.redeem(code)
        self.assertRefused(response, 503, 'temporarily_unavailable')
        self.assertNotIn('4711', response.text)
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_what_odoo_cannot_read_is_the_clients_fault(self):
        def refuse(env):
            raise BadRequest('4711')

        code = self.code()
        self.failing(refuse)
        response = self.redeem(code)
        self.assertRefused(response, 400, 'invalid_request')
        self.assertNotIn('4711', response.text)
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('contract', '3', 'A failure of the server is 500 server_error, and says no more')
    def test_a_failure_says_nothing(self):
        def fail(env):
            raise ValueError('secret 4711')

        code = self.code()
        self.failing(fail)
        with self.assertLogs('odoo.http', 'ERROR') as logs:
            response = self.redeem(code)
        self.assertRefused(response, 500, 'server_error')
        self.assertNotIn('4711', response.text)
        self.assertNotIn('Traceback', response.text)
        self.assertIn('4711', logs.output[0])
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_other_addresses_are_answered_by_odoo(self):
        for path in (PATH + 'x', PATH[:-1], '/nothing', PATH + '.well-known'):
            with self.subTest(path):
                response = self.url_open(path, headers={'Accept': 'application/json'})
                self.assertEqual(response.status_code, 404)
                self.assertTrue(response.headers['Content-Type'].startswith('text/html'))


class TestFailuresForPeople(BrowserCase):
    """At addresses for people, a failure shows a page; a program gets its own format at the same address."""

    @staticmethod
    def fail(env):
        raise ValueError('secret 4711')

    @staticmethod
    def fail_in_the_database(env):
        env.cr.execute('SELECT secret_4711')

    @staticmethod
    def take_away(env):
        raise UserError('somebody has deleted 4711')

    @staticmethod
    def cannot_read(env):
        raise BadRequest('4711')

    @contextmanager
    def failing(self, fail):
        """Let every endpoint fail at which a person may come, in the midst of its work."""
        with ExitStack() as stack:
            for model, name in (('oauth2.authorization.endpoint', '_client'), ('oauth2.end.session.endpoint', '_read')):
                original = getattr(type(self.env[model]), name)

                def failing(self, *args, original=original):
                    original(self, *args)
                    fail(self.env)

                stack.enter_context(patch.object(type(self.env[model]), name, failing))
            stack.enter_context(mute_logger('odoo.http', 'odoo.sql_db'))
            yield

    def addresses(self):
        """How a person comes to each of them: the address, and what is sent."""
        action, hidden = self.form(self.begin())
        return {
            'authorize': (f'{PATH}/authorize?{urlencode(self.parameters())}', {}),
            'authorize, by a form': (f'{PATH}/authorize', {'method': 'POST', 'data': self.parameters()}),
            'consent': (action, {}),
            'consent, answered': (action, {'method': 'POST', 'data': {**hidden, 'answer': 'allow'}}),
            'logout': (f'{PATH}/logout', {}),
        }

    @requirement('contract', '3', 'A person gets a page also where the server fails, and a program what it asks for')
    def test_whoever_comes_gets_what_it_can_read(self):
        self.log_in()
        addresses = self.addresses()
        for fail, status, words in (
            (self.fail, 500, 'ask the administrator'), (self.fail_in_the_database, 500, 'ask the administrator'),
            (self.take_away, 503, 'Try again'), (self.cannot_read, 400, 'cannot be answered'),
        ):
            for name, (address, options) in addresses.items():
                with self.subTest(name, status=status), self.failing(fail):
                    page = self.visit(address, **options)
                    self.assertEqual(page.status_code, status, page.text)
                    self.assertEqual(page.headers['Content-Type'], 'text/html; charset=utf-8')
                    self.assertIn("default-src 'none'", page.headers['Content-Security-Policy'])
                    self.assertEqual(page.headers['Cache-Control'], 'no-store')
                    self.assertIn(words, html.fromstring(page.content).text_content())
                    self.assertNotIn('4711', page.text)
                    self.assertNotIn('Traceback', page.text)
                    for accept in ('application/json', '*/*'):
                        answer = self.url_open(address, headers={'Accept': accept}, allow_redirects=False, **options)
                        self.assertEqual((answer.status_code, answer.headers['Content-Type']),
                                         (status, 'application/json; charset=utf-8'))
                        self.assertNotIn('4711', answer.text)

    def test_a_program_gets_no_page_where_no_person_comes(self):
        endpoint = type(self.env['oauth2.token.endpoint'])
        self.patch(endpoint, '_answer', lambda self, parameters, address: 1 / 0)
        with mute_logger('odoo.http'):
            response = self.visit(f'{PATH}/access_token', method='POST', data={'grant_type': 'refresh_token'})
        self.assertEqual(response.status_code, 500)
        self.assertNotIn('html', response.headers['Content-Type'])
