"""Signing in writes some values, but none of that ends the user's tokens."""
import json
import os
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from passlib.hash import pbkdf2_sha512

from odoo import Command
from odoo.http import root

from ..requirement import requirement
from .common import PASSWORD, SECRET, AuthCase, totp_code
from .directory import BASE, Directory

# A device that is trusted gets a name after its browser.
FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'


class Provider(BaseHTTPRequestHandler):
    """Another server with which people sign in. It knows one person, to whom all its codes and tokens belong."""

    person = {'sub': 'ada-4711', 'email': 'ada@example.com'}
    key = rsa.generate_private_key(65537, 2048)

    def do_GET(self):
        """Tell whose access token it is, or its public key."""
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        self.answer({'keys': [{**public, 'kid': 'only'}]} if self.path == '/jwks' else self.person)

    def do_POST(self):
        """Give tokens for a code: the access token is what the code was."""
        data = parse_qs(self.rfile.read(int(self.headers['Content-Length'])).decode())
        claims = {**self.person, 'aud': 'odoo', 'exp': int(time.time()) + 60}
        id_token = jwt.encode(claims, self.key, 'RS256', {'kid': 'only'})
        self.answer({'access_token': data['code'][0], 'id_token': id_token})

    def answer(self, value):
        """Answer with JSON."""
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


@contextmanager
def provider():
    """The address of a provider, as long as the block runs."""
    with ThreadingHTTPServer(('127.0.0.1', 0), Provider) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f'http://127.0.0.1:{server.server_port}'
        finally:
            server.shutdown()
            thread.join()


class TestSigningIn(AuthCase):

    def setUp(self):
        super().setUp()
        self.held = self.tokens()

    def stored_password(self):
        self.env.cr.execute('SELECT password FROM res_users WHERE id = %s', [self.user.id])
        return self.env.cr.fetchone()[0]

    @requirement('contract', '6', 'Tokens live on when their user signs in, though the stored hash is made anew')
    def test_password(self):
        old = pbkdf2_sha512.using(rounds=2).hash(PASSWORD)  # Odoo makes others (in tests of one round)
        self.sql('UPDATE res_users SET password = %s WHERE id = %s', old, self.user.id)
        self.sign_in_with_password()
        self.assertSignedIn()
        self.env.invalidate_all()
        self.assertNotEqual(self.stored_password(), old)
        self.assertAlive(self.held)

    @requirement('contract', '6', 'Tokens live on when their user signs in with a second factor, and trusts the device')
    def test_second_factor(self):
        self.user.totp_secret = SECRET
        held = self.tokens()
        self.assertTrue(self.sign_in_with_password().endswith('/web/login/totp?redirect=%2Fodoo'))
        _action, hidden = self.form(self.visit('/web/login/totp'))
        response = self.visit('/web/login/totp', method='POST', data={
            **hidden, 'totp_token': totp_code(SECRET), 'remember': '1'}, headers={'User-Agent': FIREFOX})
        self.assertEqual(response.status_code, 303, response.text)
        self.assertSignedIn()
        self.user.invalidate_recordset()
        self.assertTrue(self.user.totp_trusted_device_ids)
        self.press('res.users', 'revoke_all_devices', self.user.id)
        self.user.invalidate_recordset()
        self.assertFalse(self.user.totp_trusted_device_ids)
        self.assertAlive(held)

    @requirement('contract', '6', 'Tokens live on when their user signs in with a passkey, or gives it another name')
    def test_passkey(self):
        self.sign_in_with_password()
        authenticator, passkey = self.add_passkey()
        held = self.tokens()
        self.sign_in_with_passkey(authenticator)
        self.assertSignedIn()
        self.assertEqual(self.passkey(authenticator).sign_count, authenticator.count)
        self.rpc('auth.passkey.key', 'write', passkey.ids, {'name': 'Old telephone'})
        self.user.write({'auth_passkey_key_ids': [Command.update(passkey.id, {'name': 'Older'})]})
        self.assertEqual(self.passkey(authenticator).name, 'Older')
        self.assertAlive(held)

    def sign_in_elsewhere(self, parameter, **values):
        """Sign the user in with another server's answers, twice; Odoo keeps the access token of each."""
        oauth_provider = self.env['auth.oauth.provider'].create({
            'name': 'Elsewhere', 'body': 'Sign in elsewhere', 'enabled': True, 'client_id': 'odoo', **values})
        self.user.write({'oauth_provider_id': oauth_provider.id, 'oauth_uid': Provider.person['sub']})
        held = self.tokens()
        for access_token in ('first', 'second'):
            self.authenticate(None, None)
            state = json.dumps({'d': self.env.cr.dbname, 'p': oauth_provider.id})
            response = self.visit('/auth_oauth/signin?' + urlencode({parameter: access_token, 'state': state}))
            self.assertEqual(response.status_code, 303, response.text)
            self.assertSignedIn()
            self.user.invalidate_recordset()
            self.assertEqual(self.user.oauth_access_token, access_token)
        return held

    @requirement('contract', '6', 'Tokens live on when their user signs in at another server, whose token Odoo keeps')
    def test_another_server(self):
        with provider() as address:
            held = self.sign_in_elsewhere(
                'access_token', auth_endpoint=f'{address}/authorize', validation_endpoint=f'{address}/userinfo')
        self.user.remove_oauth_access_token()
        self.assertAlive(held)

    @requirement('contract', '6', "Tokens live on when their user signs in with the community's OpenID Connect")
    def test_another_server_with_openid_connect(self):
        with provider() as address:
            held = self.sign_in_elsewhere(
                'code', flow='id_token_code', auth_endpoint=f'{address}/authorize',
                token_endpoint=f'{address}/token', jwks_uri=f'{address}/jwks')
        self.assertAlive(held)

    @requirement('contract', '6', "Tokens live on when their user's session ends because nobody used it")
    def test_session_that_times_out(self):
        self.sign_in_with_password()
        self.assertSignedIn()
        session_file = root.session_store.get_session_filename(self.opener.cookies['session_id'])
        os.utime(session_file, (0, 0))
        self.assertIn('/web/login', self.visit('/odoo').headers['Location'])
        self.assertAlive(self.held)

    @requirement('contract', '6', 'Tokens live on when their user proves anew who it is, after a while')
    def test_identity_is_checked_again(self):
        self.sign_in_with_password()
        self.assertIsNone(self.make_jsonrpc_request('/auth-timeout/session/check-identity', {
            'type': 'password', 'login': self.user.login, 'password': PASSWORD}))
        self.assertSignedIn()
        self.assertAlive(self.held)


class TestDirectory(AuthCase):
    """A user whose password is only in the company's directory."""

    def setUp(self):
        super().setUp()
        directory = Directory(self.user.login, 'In the directory')
        self.addCleanup(directory.close)
        self.env['res.company.ldap'].create({
            'company': self.env.company.id, 'ldap_server': '127.0.0.1', 'ldap_server_port': directory.port,
            'ldap_filter': '(uid=%s)', 'ldap_base': BASE, 'create_user': False})
        self.sql('UPDATE res_users SET password = NULL WHERE id = %s', self.user.id)

    @requirement('contract', '6', 'Tokens live on when their user signs in with the password of a directory')
    def test_signing_in(self):
        held = self.tokens()
        self.sign_in_with_password('In the directory')
        self.assertSignedIn()
        self.assertAlive(held)

    @requirement('attack', '31', 'A user who changes the password in a directory, by way of Odoo, loses the tokens')
    def test_attack_31_another_password(self):
        held = self.tokens()
        self.sign_in_with_password('In the directory')
        self.assertTrue(self.rpc('res.users', 'change_password', 'In the directory', 'Somewhere else'))
        self.assertDead(held)
        held = self.tokens()
        self.assertEqual(self.login_page(login=self.user.login, password='In the directory').status_code, 200)
        self.sign_in_with_password('Somewhere else')
        self.assertSignedIn()
        self.assertAlive(held)
