"""The button *Test connection*, with a server that sends requests to itself."""
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from administrator import Administrator
from application import Application
from client import SystemCase


class TestConnection(SystemCase):

    @classmethod
    def setUpClass(cls):
        cls.administrator = Administrator()
        cls.user = cls.administrator.make_user(f'connected{os.getpid()}')

    def outcome(self, record):
        """What the button shows."""
        shown = self.administrator.call('oauth2.client', 'action_test_connection', [record])
        [test] = self.administrator.call(shown['res_model'], 'read', [shown['res_id']], ['problems', 'fine'])
        return test

    def test_nothing_is_in_the_way_of_one_that_works(self):
        record, _client_id, _secret = self.administrator.register_robot(
            self.user, self.administrator.scopes('contacts.read'))
        self.administrator.call('oauth2.client', 'write', [record], {
            'default_scope_ids': [(6, 0, self.administrator.scopes('contacts.read'))]})
        test = self.outcome(record)
        self.assertFalse(test['problems'])
        self.assertIn(f'This server answers at its issuer, {self.url}', test['fine'])

    def test_the_issuer_is_asked_as_an_application_asks(self):
        record, _client_id = self.administrator.register('Lost', ['https://app.example.com/'])
        confirmed = self.sql("SELECT value FROM ir_config_parameter WHERE key = 'restapi_oauth2.issuer'")
        self.addCleanup(self.set_issuer, confirmed[0][0])
        self.set_issuer('http://127.0.0.1:9')
        self.assertIn('Nobody answers at http://127.0.0.1:9/', self.outcome(record)['problems'])
        other = Application()
        self.addCleanup(other.close)
        self.set_issuer(other.address)
        self.assertIn('another server answers, or another database', self.outcome(record)['problems'])

    def test_it_is_no_use_of_the_application(self):
        """*Who has access* is evidence: only requests of a program count."""
        shown = self.administrator.new_application('service', name='Nightly', user_id=self.user, scope_ids=[
            (6, 0, self.administrator.scopes('contacts.read'))])
        [record] = self.administrator.call('oauth2.client', 'search', [('client_id', '=', shown['client_identifier'])])
        self.assertIn('A token was made', self.outcome(record)['fine'])
        self.assertFalse(self.sql('SELECT used_at FROM oauth2_use WHERE client_id = %s' % record))
        self.assertFalse(self.sql('SELECT id FROM oauth2_authorization WHERE client_id = %s' % record))

    def test_many_at_once_keep_no_worker_waiting(self):
        record, _client_id = self.administrator.register('Busy', ['https://app.example.com/'])

        def press(administrator):
            began = monotonic()
            try:
                return administrator.call('oauth2.client', 'action_test_connection', [record]), monotonic() - began
            except AssertionError as error:
                return str(error), monotonic() - began

        administrators = [Administrator() for _number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(press, administrators))
        shown = [outcome['res_id'] for outcome, _seconds in outcomes if not isinstance(outcome, str)]
        self.assertTrue(shown)
        for test in self.administrator.call('oauth2.connection.test', 'read', shown, ['problems', 'fine']):
            self.assertIn('This server answers at its issuer', test['fine'])
        for outcome, seconds in outcomes:
            self.assertLess(seconds, 10)
            if isinstance(outcome, str):
                self.assertIn('Another connection is being tested', outcome)

    def test_who_does_not_answer_may_be_busy(self):
        record, _client_id = self.administrator.register('Slow', ['https://app.example.com/'])
        confirmed = self.sql("SELECT value FROM ir_config_parameter WHERE key = 'restapi_oauth2.issuer'")
        self.addCleanup(self.set_issuer, confirmed[0][0])
        slow = self.enterContext(socket.create_server(('127.0.0.1', 0)))
        self.set_issuer(f'http://127.0.0.1:{slow.getsockname()[1]}')
        began = monotonic()
        self.assertIn('all workers of this server were busy', self.outcome(record)['problems'])
        self.assertLess(monotonic() - began, 5)

    def set_issuer(self, issuer):
        """As an administrator does in the general settings."""
        [settings] = self.administrator.call('res.config.settings', 'create', [{'oauth2_issuer': issuer}])
        self.administrator.call('res.config.settings', 'execute', [settings])
