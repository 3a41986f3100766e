"""Shared by the tests with Odoo's modules to sign in with: a user who signs in, and buttons."""
import json
import time
from base64 import b32decode, b32encode

from odoo.addons.auth_totp.models.totp import hotp
from odoo.tests import tagged

from ..browser import BrowserCase
from .authenticator import Authenticator, encoded

SECRET = b32encode(b'twenty bytes of test').decode()
PASSWORD = 'oauth2_integration'


def totp_code(secret):
    """The six digits that a person's telephone shows now (RFC 6238)."""
    return str(hotp(b32decode(secret), int(time.time() / 30)) % 10 ** 6).zfill(6)


@tagged('-standard', 'restapi_oauth2_auth')
class AuthCase(BrowserCase):
    """The user of the application `Shop`, at a browser. The application's own tokens need neither."""

    def rpc(self, model, method, *arguments, **context):
        """What Odoo's web client sends for the user who is signed in."""
        return self.make_jsonrpc_request('/web/dataset/call_kw', {
            'model': model, 'method': method, 'args': arguments, 'kwargs': {'context': context}})

    def press(self, model, method, record_id, password=PASSWORD, **context):
        """Press a button, and give the password if it is asked for."""
        result = self.rpc(model, method, [record_id], **context)
        if isinstance(result, dict) and result.get('res_model') == 'res.users.identitycheck':
            result = self.rpc('res.users.identitycheck', 'run_check', [result['res_id']], password=password)
        return result

    def login_page(self, **data):
        """Open the login page without being signed in, and send its form."""
        self.authenticate(None, None)
        _action, hidden = self.form(self.visit('/web/login'))
        return self.visit('/web/login', method='POST', data={**hidden, 'redirect': '/odoo', **data})

    def sign_in_with_password(self, password=PASSWORD):
        """Sign the user in, as far as the password goes."""
        response = self.login_page(login=self.user.login, password=password, type='password')
        self.assertEqual(response.status_code, 303, response.text)
        return response.headers['Location']

    def sign_in_with_passkey(self, authenticator):
        """Sign the user in without a password."""
        self.authenticate(None, None)
        _action, hidden = self.form(self.visit('/web/login'))
        options = self.make_jsonrpc_request('/auth/passkey/start-auth', {})
        response = self.visit('/web/login', method='POST', data={
            **hidden, 'login': '', 'password': '', 'redirect': '/odoo', 'type': 'webauthn',
            'webauthn_response': json.dumps(authenticator.sign(options['challenge']))})
        self.assertEqual(response.status_code, 303, response.text)

    def add_passkey(self):
        """Add a passkey, as the user who is signed in."""
        authenticator = Authenticator(self.base_url())
        options = self.press('res.users', 'action_create_passkey', self.user.id)['context']['registration']
        wizard = self.rpc('auth.passkey.key.create', 'create', {'name': 'Telephone'})
        answer = authenticator.register(options['challenge'])
        self.assertTrue(self.make_jsonrpc_request('/web/dataset/call_kw', {
            'model': 'auth.passkey.key.create', 'method': 'make_key', 'args': [[wizard]],
            'kwargs': {'registration': answer}}))
        return authenticator, self.passkey(authenticator)

    def passkey(self, authenticator):
        """The record of a passkey."""
        self.env.invalidate_all()
        return self.env['auth.passkey.key'].search([
            ('credential_identifier', '=', encoded(authenticator.identifier))])

    def assertSignedIn(self):
        """The browser's user is the one that was signed in, second factor and all."""
        self.assertEqual(self.make_jsonrpc_request('/web/session/get_session_info', {})['uid'], self.user.id)

    # The application sends no cookies.

    def assertDead(self, tokens):
        self.authenticate(None, None)
        super().assertDead(tokens)

    def assertAlive(self, tokens):
        self.authenticate(None, None)
        super().assertAlive(tokens)
