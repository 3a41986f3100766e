"""The catalogue of attacks (docs/security.md), cases 68, 75, 76: guesses gain nothing, and lock nobody out."""
import re

from passlib.hash import pbkdf2_sha512

from odoo.tools import SQL

from .browser import VERIFIER, BrowserCase
from .common import REDIRECT_URI, oauth_header
from .requirement import requirement

MANY = 25


class FloodCase(BrowserCase):

    def guess(self, **parameters):
        """A token request with something wrong."""
        return self.token(**{'secret': 'wrong', 'grant_type': 'authorization_code', 'code': '0' * 20, **parameters})

    def rows(self):
        """How many rows each table has that a request may write."""
        self.env.flush_all()
        return {table: self.env.execute_query(SQL('SELECT count(*) FROM %s', SQL.identifier(table)))[0][0]
                for table in ('oauth2_event', 'oauth2_authorization', 'oauth2_authorization_code', 'oauth2_consent',
                              'oauth2_authorization_end', 'oauth2_subject', 'ir_logging')}


class TestLockOut(FloodCase):

    def assertListenedTo(self):
        """The right secret, code and token are good for what they always are."""
        tokens = self.redeem(self.code())
        self.assertEqual(tokens.status_code, 200, tokens.text)
        self.assertEqual(self.refresh(tokens.json()['refresh_token']).status_code, 200)

    @requirement('attack', '76', 'Made-up codes with the right secret lock nobody out')
    @requirement('contract', '5', 'Who presents the right generated secret, code or token is never refused')
    def test_attack_76_made_up_codes(self):
        for _time in range(MANY):
            self.assertRefused(self.guess(secret=self.secret), 400, 'invalid_grant')
        self.assertListenedTo()

    @requirement('attack', '76', 'Refresh tokens of a key that was deleted lock nobody out')
    def test_attack_76_tokens_of_a_deleted_key(self):
        old = self.tokens()['refresh_token']
        self.env['oauth2.signing.key'].search([]).unlink()
        for _time in range(MANY):
            self.assertRefused(self.refresh(old), 400, 'invalid_grant')
        self.assertListenedTo()

    @requirement('attack', '76', 'Wrong secrets of an application lock it out nowhere')
    def test_attack_76_wrong_secrets(self):
        for _time in range(MANY):
            self.assertRefused(self.guess(), 401, 'invalid_client')
        self.assertListenedTo()
        response = self.ask('access_token', headers={'Authorization': oauth_header(
            client_id=self.client.client_id, client_secret=self.secret, grant_type='authorization_code',
            code=self.code(), redirect_uri=self.client.redirect_uri_ids.uri)})
        self.assertEqual(response.status_code, 200)

    @requirement('attack', '76', 'Failures with the name of a public application lock out none of its users')
    def test_attack_76_a_public_client_id(self):
        app, _secret = self.make_client('App', is_public=True)
        grant = {'client_id': app.client_id, 'grant_type': 'authorization_code', 'redirect_uri': REDIRECT_URI,
                 'code_verifier': VERIFIER}
        for _time in range(MANY):
            self.assertRefused(self.ask('access_token', data={**grant, 'code': '0' * 20}), 400, 'invalid_grant')
        self.log_in()
        code = self.allow(app, scope='odoo', prompt='consent')['code']
        self.assertEqual(self.ask('access_token', data={**grant, 'code': code}).status_code, 200)

    @requirement('attack', '76', 'Invented applications lock no other one out')
    def test_attack_76_invented_clients(self):
        for number in range(210):
            self.assertRefused(self.guess(client_id=f'{number:032}'), 401, 'invalid_client')
        self.assertListenedTo()


class TestCost(FloodCase):

    @requirement('attack', '75', 'Failures of all kinds leave one event for each application, and one for all others')
    def test_attack_75_failures_fill_no_table(self):
        before = self.rows()
        for number in range(MANY):
            self.guess(client_id=f'{number:032}')
            self.guess()
            self.guess(secret=self.secret)
            self.refresh('a.b.c')
            self.ask('introspect', data={'client_id': f'{number:032}', 'token': 'x'})
            self.authorize(redirect_uri='https://evil.example.com')
            self.call(f'a.b.{number}')
        after = self.rows()
        self.assertEqual({table: after[table] - count for table, count in before.items() if after[table] != count},
                         {'oauth2_event': 3})  # the redirect URI, too
        events = self.env['oauth2.event'].search([('name', '=', 'authentication_failed')])
        self.assertEqual(events.mapped('client_id'), self.client)
        self.assertEqual(events.mapped('address'), ['127.0.0.1', '127.0.0.1'])

    @requirement('attack', '75', 'Codes that nobody redeems are gone when they have expired')
    def test_attack_75_codes_are_bounded(self):
        used = self.code()
        tokens = self.redeem(used).json()
        for _time in range(MANY):
            self.code()
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '61 seconds'")
        good = self.code()
        self.env['oauth2.authorization.code']._remove_unused()
        self.env.cr.execute('SELECT count(*) FROM oauth2_authorization_code WHERE used_at IS NULL')
        self.assertEqual(self.env.cr.fetchone(), (1,))
        self.assertEqual(self.redeem(good).status_code, 200)
        # What was used is still known.
        self.assertEqual(self.redeem(used).status_code, 401)
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('attack', '68', 'A wrong secret costs as little as a right one')
    def test_attack_68_secrets_are_hashed_fast(self):
        self.assertEqual(self.hashes(), ['$pbkdf2-sha512$1$'])

    @requirement('attack', '68', 'A hash of an earlier version is replaced when its secret is used')
    def test_attack_68_a_slow_hash_is_replaced(self):
        slow = pbkdf2_sha512.using(rounds=6000).hash(self.secret)
        self.sql('UPDATE oauth2_client_secret SET hash = %s WHERE client_id = %s', slow, self.client.id)
        self.assertRefused(self.guess(), 401, 'invalid_client')
        self.assertEqual(self.hashes(), ['$pbkdf2-sha512$6000$'])
        self.assertEqual(self.redeem(self.code()).status_code, 200)
        self.assertEqual(self.hashes(), ['$pbkdf2-sha512$1$'])
        self.assertEqual(self.redeem(self.code()).status_code, 200)

    def hashes(self):
        """How the secrets of the client are stored."""
        self.env.cr.execute('SELECT hash FROM oauth2_client_secret WHERE client_id = %s', [self.client.id])
        return [re.match(r'\$pbkdf2-sha512\$\d+\$', stored)[0] for stored, in self.env.cr.fetchall()]

    @requirement('attack', '64', 'A secret in the field of the client ID is neither stored nor logged')
    def test_attack_64_a_secret_in_the_wrong_field(self):
        with self.assertLogs('odoo.addons.restapi_oauth2') as logs:
            self.assertRefused(self.guess(client_id=self.secret), 401, 'invalid_client')
        self.env.cr.execute('SELECT * FROM oauth2_event')
        self.assertNotIn(self.secret, str(self.env.cr.fetchall() + logs.output))

    @requirement('attack', '75', 'What a proxy or a caller says is an address is not stored unless it is one')
    def test_attack_75_addresses(self):
        for address, stored in (('192.0.2.1', '192.0.2.1'), ('2001:DB8::1', '2001:db8::1'), ('9' * 8000, False),
                                ('unknown', False), ("'; --", False), ('', False), (None, False)):
            with self.subTest(address):
                self.sql('DELETE FROM oauth2_event')
                self.env['oauth2.event']._record_seldom('authentication_failed', self.client, address=address)
                self.assertEqual(self.env['oauth2.event'].search([]).address, stored)
