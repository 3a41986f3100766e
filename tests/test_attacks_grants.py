"""The catalogue of attacks (docs/security.md), cases 12 to 32: clients, codes and refresh tokens."""
from odoo.tests import new_test_user

from .browser import AllowedCase
from .common import REDIRECT_URI, basic_header, oauth_header
from .requirement import requirement
from .test_rfc7636_pkce import CHALLENGE, VERIFIER


class TestGrantAttacks(AllowedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other, cls.other_secret = cls.make_client('Other')

    @requirement('attack', '12', 'Doubled parameters and parameters with brackets are refused')
    @requirement('RFC 6749', '3.2', 'A parameter that comes twice is invalid_request')
    def test_attack_12_parameter_pollution(self):
        code = self.code()
        body = [('client_id', self.client.client_id), ('client_secret', self.secret), ('code', code),
                ('grant_type', 'authorization_code'), ('redirect_uri', REDIRECT_URI)]
        for extra in body:
            with self.subTest(extra[0]):
                self.assertRefused(self.ask('access_token', data=[*body, extra]), 400, 'invalid_request')
        # What reads like another one is another one.
        response = self.ask('access_token', data=[*body, ('scope[a]', 'b'), ('code[]', 'x'), ('Code', 'x')])
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('attack', '13', 'Token requests are POST, and their secrets are not in the URL')
    @requirement('RFC 6749', '3.2', 'Token requests are POST')
    def test_attack_13_credentials_in_the_url(self):
        code = self.code()
        query = {'client_id': self.client.client_id, 'client_secret': self.secret, 'code': code,
                 'grant_type': 'authorization_code', 'redirect_uri': REDIRECT_URI}
        self.assertRefused(self.ask('access_token', 'GET', params=query), 405, 'invalid_request')
        self.assertRefused(self.ask('access_token', params=query), 400, 'invalid_request')
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('attack', '14', 'One way of authentication, and one client, in a request')
    def test_attack_14_two_clients_in_a_request(self):
        headers = {'Authorization': basic_header(self.client.client_id, self.secret)}
        body = {'grant_type': 'authorization_code', 'code': self.code(), 'redirect_uri': REDIRECT_URI}
        for more in ({'client_id': self.other.client_id}, {'client_secret': self.secret},
                     {'client_id': self.other.client_id, 'client_secret': self.other_secret}):
            self.assertRefused(self.ask('access_token', headers=headers, data={**body, **more}), 400, 'invalid_request')

    @requirement('attack', '15', 'A confidential client without its secret is nobody')
    @requirement('OWASP ASVS 5.0', '10.4.10', 'A missing or empty secret is none')
    def test_attack_15_no_secret(self):
        grant = {'grant_type': 'authorization_code', 'code': self.code(), 'redirect_uri': REDIRECT_URI}
        for credentials in ({'client_id': self.client.client_id},
                            {'client_id': self.client.client_id, 'client_secret': ''}):
            self.assertRefused(self.ask('access_token', data={**credentials, **grant}), 401, 'invalid_client')
            header = {'Authorization': oauth_header(**credentials, **grant)}
            self.assertRefused(self.ask('access_token', headers=header), 401, 'invalid_client')
        header = {'Authorization': basic_header(self.client.client_id, '')}
        self.assertRefused(self.ask('access_token', headers=header, data=grant), 401, 'invalid_client')

    @requirement('attack', '16', 'Basic credentials are form-decoded, once')
    @requirement('RFC 6749', 'B', 'The halves of Basic credentials are form-encoded')
    def test_attack_16_encoded_basic_credentials(self):
        secret = 'a:b+c%20d e/ü'
        self.env['oauth2.client.secret'].search([('client_id', '=', self.client.id)]).unlink()
        self.env['oauth2.client.secret']._store(self.client, secret)
        grant = {'grant_type': 'authorization_code', 'redirect_uri': REDIRECT_URI}
        response = self.ask('access_token', data={**grant, 'code': self.code()},
                            headers={'Authorization': basic_header(self.client.client_id, secret)})
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('attack', '17', 'An unknown client costs the same work as a wrong secret')
    def test_attack_17_the_same_work_for_everybody(self):
        from ..models.clients import oauth2_client_secret as module

        work = []

        class Counting:
            def verify_and_update(self, secret, stored_hash):
                work.append(stored_hash)
                return original.verify_and_update(secret, stored_hash)

        original = module._HASHES
        self.env['oauth2.client.secret']._store(self.other, 'Z' * 32)
        self.patch(module, '_HASHES', Counting())
        costs = set()
        for client_id in (self.client.client_id, self.other.client_id, 'A' * 32):
            work.clear()
            self.assertRefused(self.ask('access_token', data={
                'client_id': client_id, 'client_secret': 'wrong', 'grant_type': 'authorization_code'}),
                401, 'invalid_client')
            costs.add(len(work))
        self.assertEqual(costs, {2})

    @requirement('attack', '18', 'A replayed code is refused, and ends the tokens that came of it')
    @requirement('OWASP ASVS 5.0', '10.4.2', 'Access and refresh token of the first use are dead')
    def test_attack_18_code_replay(self):
        code = self.code()
        tokens = self.redeem(code).json()
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')
        self.assertDead(tokens)

    @requirement('attack', '18', 'A replay that proves nothing ends nothing')
    def test_attack_18_an_unproven_replay_ends_nothing(self):
        code = self.code(code_challenge=CHALLENGE, code_challenge_method='S256')
        tokens = self.redeem(code, code_verifier=VERIFIER).json()
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, code_verifier='x' * 43), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, self.other, self.other_secret, code_verifier=VERIFIER),
                           400, 'invalid_grant')
        self.assertAlive(tokens)

    @requirement('attack', '20', 'The code of a client is nothing to another')
    @requirement('RFC 6749', '4.1.3', 'A code is for its client')
    def test_attack_20_a_code_of_another_client(self):
        code = self.code()
        self.assertRefused(self.redeem(code, self.other, self.other_secret), 400, 'invalid_grant')
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('attack', '21', 'A failed attempt does not use up the code of the victim')
    def test_attack_21_a_failed_attempt_uses_nothing_up(self):
        code = self.code()
        self.assertRefused(self.redeem(code, redirect_uri='https://evil.example.com/'), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, redirect_uri=None), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, secret='wrong'), 401, 'invalid_client')
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('attack', '22', 'A challenge without its verifier is refused')
    @requirement('OWASP ASVS 5.0', '10.4.6', 'A challenge needs its verifier')
    def test_attack_22_no_verifier(self):
        code = self.code(code_challenge=CHALLENGE, code_challenge_method='S256')
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')

    @requirement('attack', '23', 'A verifier without a challenge is refused')
    @requirement('RFC 9700', '4.8.2', 'A verifier without a challenge is refused')
    def test_attack_23_challenge_taken_away(self):
        self.assertRefused(self.redeem(self.code(), code_verifier=VERIFIER), 400, 'invalid_grant')

    @requirement('attack', '24', 'Nothing but a well-formed S256 challenge is taken')
    @requirement('OWASP ASVS 5.0', '10.4.6', 'plain is refused')
    def test_attack_24_malformed_challenges(self):
        for challenge, method in (
            (CHALLENGE, 'plain'), (CHALLENGE, ''), (CHALLENGE, 'S256\n'), (CHALLENGE + '\n', 'S256'),
            (CHALLENGE[:42], 'S256'), (CHALLENGE + 'A', 'S256'), ('ü' * 43, 'S256'),
        ):
            with self.subTest(challenge, method=method):
                self.assertRefused(self.authorize(code_challenge=challenge, code_challenge_method=method),
                                   400, 'invalid_request')

    @requirement('attack', '26', 'An old refresh token ends the family, and that stays')
    @requirement('OWASP ASVS 5.0', '10.4.5', 'A replay ends access and refresh tokens')
    def test_attack_26_refresh_token_reuse(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        third = self.refresh(second['refresh_token']).json()
        self.assertRefused(self.refresh(first['refresh_token']), 400, 'invalid_grant')
        for answer in (first, second, third):
            self.assertDead(answer)

    @requirement('attack', '27', 'A revoked family has no grace')
    def test_attack_27_no_grace_after_revocation(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        self.authorization()._revoke('administrator')
        self.assertDead(first)
        self.assertDead(second)

    @requirement('attack', '28', 'The refresh token of a client is nothing to another, and the victim keeps it')
    @requirement('RFC 6749', '6', 'A refresh token is for its client')
    def test_attack_28_a_refresh_token_of_another_client(self):
        tokens = self.tokens()
        for _time in range(2):
            response = self.refresh(tokens['refresh_token'], self.other, self.other_secret)
            self.assertRefused(response, 400, 'invalid_grant')
        self.assertAlive(tokens)

    @requirement('attack', '29', 'The scope does not grow at refresh')
    @requirement('RFC 6749', '6', 'The scope is not more than was granted')
    def test_attack_29_scope_escalation(self):
        tokens = self.tokens()
        self.client.scope_ids += self.env.ref('restapi_oauth2.scope_contacts_write')
        for scope in ('odoo contacts.write', 'contacts.write', 'admin'):
            self.assertRefused(self.refresh(tokens['refresh_token'], scope=scope), 400, 'invalid_scope')
        answer = self.refresh(tokens['refresh_token'], scope='odoo admin').json()
        self.assertEqual(answer['scope'], 'odoo')
        self.assertAlive(answer)

    @requirement('attack', '30', 'A scope at the token endpoint does not change what a code is for')
    def test_attack_30_scope_beside_a_code(self):
        self.assertEqual(self.redeem(self.code(), scope='odoo admin').json()['scope'], 'odoo')

    @requirement('attack', '31', 'A user who is archived, loses the password or the second factor, loses the tokens')
    def test_attack_31_changed_users(self):
        for change in ({'active': False}, {'password': 'Another one 1'}, {'login': 'renamed'}):
            with self.subTest(change):
                user = new_test_user(self.env, 'oauth2_changing', groups='base.group_user')
                client, secret = self.make_client('Changing', user)
                tokens = self.tokens(client, secret)
                user.write(change)
                self.assertEqual(self.call(tokens['access_token']).status_code, 401)
                self.assertRefused(self.refresh(tokens['refresh_token'], client, secret), 400, 'invalid_grant')
                user.write({'active': True})
                self.assertEqual(self.call(tokens['access_token']).status_code, 401)
                client.unlink()
                user.unlink()

    @requirement('attack', '31', 'A token has the rights that its user has now')
    def test_attack_31_rights_are_those_of_now(self):
        access_token = self.tokens()['access_token']
        self.assertEqual(self.call(access_token, 'res.groups', 'search_count', domain=[]).status_code, 200)
        self.user.group_ids = self.env.ref('base.group_portal')
        self.assertEqual(self.call(access_token, 'res.groups', 'search_count', domain=[]).status_code, 403)

    @requirement('attack', '32', 'A client that is archived, deleted or loses its user or grant type loses the tokens')
    def test_attack_32_changed_clients(self):
        for change in ({'active': False}, {'grant_refresh_token': False}, {'grant_authorization_code': False},
                       {'has_direct_authorization': False}, {'has_direct_authorization': False, 'user_id': False}):
            with self.subTest(change):
                client, secret = self.make_client('Changing', self.user)
                tokens, code = self.tokens(client, secret), self.code(client)
                before = client.read(change, load=None)[0]
                client.write(change)
                client.write(before)
                self.assertEqual(self.call(tokens['access_token']).status_code, 401)
                self.assertRefused(self.refresh(tokens['refresh_token'], client, secret), 400, 'invalid_grant')
                self.assertRefused(self.redeem(code, client, secret), 401, 'invalid_grant')
                client.unlink()
