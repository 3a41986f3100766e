"""RFC 8252: applications on people's own machines, which cannot keep a secret."""
import psycopg2

from odoo.tools import mute_logger

from .browser import CHALLENGE, VERIFIER
from .common import basic_header
from .endpoints import EndpointCase
from .requirement import requirement

LOOPBACK, LOOPBACK_6 = 'http://127.0.0.1/callback', 'http://[::1]/callback'
PRIVATE_USE = 'com.example.app:/callback'
CLAIMED = 'https://app.example.com/callback'


class TestNativeApps(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app, cls.app_secret = cls.make_client(
            'Pocket', redirect_uris=(LOOPBACK, LOOPBACK_6, PRIVATE_USE, CLAIMED), is_public=True)

    def setUp(self):
        super().setUp()
        self.log_in()

    def code_of_app(self, uri, **parameters):
        """What a person has allowed, sent to one of the addresses."""
        page = self.begin(self.app, redirect_uri=uri, **parameters)
        return self.arrived(self.answer(page, 'allow') if page.status_code == 200 else page, uri)['code']

    def redeem_by_app(self, code, headers=None, **parameters):
        """Trade a code as an application without a secret does."""
        body = {'client_id': self.app.client_id, 'grant_type': 'authorization_code', 'code': code,
                'redirect_uri': CLAIMED, 'code_verifier': VERIFIER, **parameters}
        return self.ask('access_token', headers=headers,
                        data={name: value for name, value in body.items() if value is not None})

    # ------------------------------------------------------------------
    # Where answers go
    # ------------------------------------------------------------------

    @requirement('RFC 8252', '7.3', 'The port of a loopback redirect URI may be any')
    def test_any_port_of_this_machine(self):
        for uri in ('http://127.0.0.1:49152/callback', 'http://127.0.0.1:8080/callback', LOOPBACK,
                    'http://[::1]:61023/callback'):
            with self.subTest(uri):
                response = self.redeem_by_app(self.code_of_app(uri), redirect_uri=uri)
                self.assertEqual(response.status_code, 200, response.text)

    @requirement('RFC 6749', '4.1.3', 'redirect_uri is the one of the authorization request, with its port')
    def test_the_port_of_the_token_request_is_that_of_the_authorization_request(self):
        code = self.code_of_app('http://127.0.0.1:49152/callback')
        for uri in ('http://127.0.0.1:49153/callback', LOOPBACK, None):
            self.assertRefused(self.redeem_by_app(code, redirect_uri=uri), 400, 'invalid_grant')
        self.assertEqual(self.redeem_by_app(code, redirect_uri='http://127.0.0.1:49152/callback').status_code, 200)

    @requirement('RFC 8252', '8.3', 'localhost is no loopback literal: its port is compared')
    def test_nothing_but_the_port_may_differ(self):
        for uri in ('http://127.0.0.1:49152/other', 'http://127.0.0.1:49152/callback?x=1', 'http://127.0.0.2/callback',
                    'http://localhost:49152/callback', 'https://127.0.0.1/callback',
                    'https://app.example.com:8443/callback', 'com.example.app:/other', 'com.example.app2:/callback'):
            with self.subTest(uri):
                response = self.begin(self.app, redirect_uri=uri)
                self.assertEqual(response.status_code, 400)
                self.assertNotIn('Location', response.headers)

    @requirement('RFC 8252', '7.1', 'A redirect URI may have a private-use scheme')
    def test_a_scheme_of_its_own(self):
        response = self.redeem_by_app(self.code_of_app(PRIVATE_USE), redirect_uri=PRIVATE_USE)
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('contract', '4', 'A program may be sent back to localhost, at any port, and by its own scheme')
    def test_programs_as_they_are(self):
        self.app.redirect_uri_ids = [
            (0, 0, {'uri': uri}) for uri in ('http://localhost/callback', 'cursor://anysphere.cursor-mcp/oauth/callback')]
        for uri in ('http://localhost:33418/callback', 'cursor://anysphere.cursor-mcp/oauth/callback'):
            with self.subTest(uri):
                response = self.redeem_by_app(self.code_of_app(uri), redirect_uri=uri)
                self.assertEqual(response.status_code, 200, response.text)
                self.assertIn('error', self.arrived(self.begin(self.app, redirect_uri=uri, prompt='none'), uri))

    @requirement('RFC 8252', '7.2', 'A redirect URI may be https')
    def test_a_claimed_https_address(self):
        self.assertEqual(self.redeem_by_app(self.code_of_app(CLAIMED)).status_code, 200)

    @requirement('RFC 8252', '8.6', 'Where a client cannot prove itself, the user is asked each time')
    @requirement('OWASP ASVS 5.0', '10.7.1', 'A public client at an address that is not its own alone asks each time')
    def test_consent_is_remembered_only_for_a_claimed_address(self):
        for uri, is_asked_again in ((CLAIMED, False), (LOOPBACK, True), (PRIVATE_USE, True)):
            with self.subTest(uri):
                self.code_of_app(uri)
                self.assertEqual(self.begin(self.app, redirect_uri=uri).status_code == 200, is_asked_again)
                arrived = self.arrived(self.begin(self.app, redirect_uri=uri, prompt='none'), uri)
                self.assertEqual('error' in arrived, is_asked_again)

    # ------------------------------------------------------------------
    # Without a secret
    # ------------------------------------------------------------------

    @requirement('RFC 8252', '6', 'A public client uses PKCE, always')
    @requirement('RFC 9700', '2.1.1', 'A public client uses PKCE')
    def test_pkce_in_a_browser_and_in_direct_mode(self):
        without = {'code_challenge': None, 'code_challenge_method': None}
        self.assertEqual(self.arrived(self.begin(self.app, redirect_uri=CLAIMED, **without))['error'],
                         'invalid_request')
        self.code_of_app(CLAIMED, scope='odoo')
        self.assertRefused(self.authorize(self.app, redirect_uri=CLAIMED), 400, 'invalid_request')
        code = self.code(self.app, redirect_uri=CLAIMED, scope='odoo', code_challenge=CHALLENGE,
                         code_challenge_method='S256')
        for verifier in (None, VERIFIER[:-1] + 'A'):
            self.assertRefused(self.redeem_by_app(code, code_verifier=verifier), 400, 'invalid_grant')
        self.assertEqual(self.redeem_by_app(code).status_code, 200)

    def test_it_cannot_be_exempted_from_pkce(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.app.pkce = 'never'
            self.env.flush_all()

    @requirement('contract', '5', 'A public client that sends a secret is invalid_client')
    def test_a_secret_is_refused_even_a_right_one(self):
        code = self.code_of_app(CLAIMED)
        for secret in (self.app_secret, 'x'):
            self.assertRefused(self.redeem_by_app(code, client_secret=secret), 401, 'invalid_client')
            headers = {'Authorization': basic_header(self.app.client_id, secret)}
            self.assertRefused(self.redeem_by_app(code, headers, client_id=None), 401, 'invalid_client')
        headers = {'Authorization': basic_header(self.app.client_id, '')}
        self.assertRefused(self.redeem_by_app(code, headers, client_id=None), 401, 'invalid_client')
        self.assertEqual(self.redeem_by_app(code).status_code, 200)

    @requirement('RFC 9700', '4.14.2', 'Refresh tokens of public clients are rotated')
    def test_refresh_without_a_secret(self):
        tokens = self.redeem_by_app(self.code_of_app(CLAIMED)).json()

        def refresh(token):
            return self.ask('access_token', data={
                'grant_type': 'refresh_token', 'client_id': self.app.client_id, 'refresh_token': token})
        refreshed = refresh(tokens['refresh_token']).json()
        self.assertNotEqual(refreshed['refresh_token'], tokens['refresh_token'])
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - interval '1 minute'")
        self.assertRefused(refresh(tokens['refresh_token']), 400, 'invalid_grant')
        self.assertRefused(refresh(refreshed['refresh_token']), 400, 'invalid_grant')

    def test_a_grant_of_another_client_is_none_of_its_own(self):
        code = self.allow()['code']
        self.assertRefused(self.redeem_by_app(code), 400, 'invalid_grant')

    def test_a_confidential_client_does_not_become_public_by_leaving_its_secret_out(self):
        code = self.allow()['code']
        response = self.redeem_by_app(code, client_id=self.wiki.client_id)
        self.assertRefused(response, 401, 'invalid_client')

    def test_it_acts_for_nobody(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.app.user_id = self.user
            self.env.flush_all()

    @requirement('contract', '6', 'An application that becomes public loses what it got by its secret')
    def test_becoming_public_ends_what_was_given(self):
        tokens = self.tokens_of_wiki(scope='odoo')
        self.wiki.is_public = True
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    # ------------------------------------------------------------------
    # Switched off
    # ------------------------------------------------------------------

    def test_where_public_clients_are_switched_off(self):
        code = self.code_of_app(CLAIMED)
        tokens = self.redeem_by_app(self.code_of_app(CLAIMED)).json()
        self.setting('public_clients', False)
        self.assertEqual(self.begin(self.app, redirect_uri=CLAIMED).status_code, 401)
        self.assertRefused(self.redeem_by_app(code), 401, 'invalid_client')
        self.assertRefused(self.ask('access_token', data={
            'grant_type': 'refresh_token', 'client_id': self.app.client_id,
            'refresh_token': tokens['refresh_token']}), 401, 'invalid_client')
        self.assertEqual(self.begin().status_code, 200)
