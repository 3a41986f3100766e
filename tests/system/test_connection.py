"""The button *Test connection*, with a server that answers itself."""
import os

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

    def set_issuer(self, issuer):
        """As an administrator does in the general settings."""
        [settings] = self.administrator.call('res.config.settings', 'create', [{'oauth2_issuer': issuer}])
        self.administrator.call('res.config.settings', 'execute', [settings])
