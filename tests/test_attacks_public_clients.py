"""The catalogue of attacks (docs/security.md), cases 18 to 24, 28 to 30, in browser mode: public clients, PKCE, and the
scope of a refresh.
"""
from .browser import CHALLENGE, VERIFIER, BrowserCase
from .common import REDIRECT_URI
from .requirement import requirement

JSON_2 = 'https://odoo.example.com/json/2'


class TestPublicClientAttacks(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app, _secret = cls.make_client('App', is_public=True)
        cls.exempt, cls.exempt_secret = cls.make_client('Old', pkce='never')
        cls.wiki.pkce = 'required'

    def setUp(self):
        super().setUp()
        self.log_in()

    def ask_token(self, client=None, secret=None, **parameters):
        """A token request; of a public client, which only names itself, without a secret."""
        client = client or self.app
        body = {'client_id': client.client_id, 'client_secret': secret, **parameters}
        return self.ask('access_token', data={name: value for name, value in body.items() if value is not None})

    def trade(self, code, client=None, secret=None, **parameters):
        return self.ask_token(client, secret, **{
            'grant_type': 'authorization_code', 'code': code, 'redirect_uri': REDIRECT_URI, 'code_verifier': VERIFIER,
            **parameters})

    def renew(self, refresh_token, client=None, secret=None, **parameters):
        return self.ask_token(client, secret, grant_type='refresh_token', refresh_token=refresh_token, **parameters)

    def tokens_of_app(self, **parameters):
        response = self.trade(self.allow(self.app, prompt='consent', **parameters)['code'])
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    @requirement('attack', '18', 'The replayed code of a public client ends the tokens, but not without its verifier')
    def test_attack_18_code_replay(self):
        code = self.allow(self.app, scope='odoo')['code']
        tokens = self.trade(code).json()
        self.assertRefused(self.trade(code, code_verifier=None), 400, 'invalid_grant')
        self.assertRefused(self.trade(code, code_verifier='x' * 43), 400, 'invalid_grant')
        self.assertWorks(tokens['access_token'])
        self.assertRefused(self.trade(code), 400, 'invalid_grant')
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.renew(tokens['refresh_token']), 400, 'invalid_grant')

    @requirement('attack', '20', 'Codes of public and of confidential clients are nothing to the others')
    def test_attack_20_codes_of_other_clients(self):
        other, _secret = self.make_client('Other app', is_public=True)
        code = self.allow(self.app)['code']
        self.assertRefused(self.trade(code, other), 400, 'invalid_grant')
        self.assertRefused(self.trade(code, self.wiki, self.wiki_secret), 400, 'invalid_grant')
        self.assertEqual(self.trade(code).status_code, 200)
        code = self.allow(self.wiki)['code']
        self.assertRefused(self.trade(code), 400, 'invalid_grant')
        self.assertEqual(self.trade(code, self.wiki, self.wiki_secret).status_code, 200)

    @requirement('attack', '21', 'A failed attempt does not use up the code of a public client')
    def test_attack_21_a_failed_attempt_uses_nothing_up(self):
        code = self.allow(self.app)['code']
        for wrong in ({'redirect_uri': 'https://evil.example.com/'}, {'code_verifier': None},
                      {'code_verifier': 'x' * 43}, {'code_verifier': VERIFIER + 'x'}):
            self.assertRefused(self.trade(code, **wrong), 400, 'invalid_grant')
        self.assertRefused(self.trade(code, client_secret='x'), 401, 'invalid_client')
        self.assertEqual(self.trade(code).status_code, 200)
        code = self.allow(self.app, prompt='consent')['code']
        self.sql("UPDATE oauth2_authorization_code SET expires_at = now() AT TIME ZONE 'UTC'")
        self.assertRefused(self.trade(code), 400, 'invalid_grant')

    @requirement('attack', '22', 'The verifier cannot be left out, by nobody who sent a challenge')
    def test_attack_22_no_verifier(self):
        for client, secret in ((self.app, None), (self.wiki, self.wiki_secret), (self.exempt, self.exempt_secret)):
            with self.subTest(client.name):
                code = self.allow(client)['code']
                for verifier in (None, '', CHALLENGE, 'x' * 43):
                    self.assertRefused(self.trade(code, client, secret, code_verifier=verifier), 400, 'invalid_grant')

    @requirement('attack', '23', 'Who takes the challenge away gets no code; of an exempt client the verifier tells it')
    @requirement('RFC 9700', '2.1.1', 'Every client uses PKCE that has to')
    def test_attack_23_challenge_taken_away(self):
        stripped = {'code_challenge': None, 'code_challenge_method': None}
        for client in (self.app, self.wiki):
            with self.subTest(client.name):
                self.assertEqual(self.arrived(self.begin(client, **stripped))['error'], 'invalid_request')
                program = self.ask('authorize', 'GET', {'Accept': 'application/json'},
                                   params=self.parameters(client, **stripped))
                self.assertEqual(program.status_code, 400 if client == self.app else 401, program.text)
        code = self.allow(self.exempt, **stripped)['code']
        self.assertRefused(self.trade(code, self.exempt, self.exempt_secret), 400, 'invalid_grant')
        response = self.trade(code, self.exempt, self.exempt_secret, code_verifier=None)
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('attack', '24', 'Nothing but a well-formed S256 challenge is taken, of no client')
    def test_attack_24_malformed_challenges_and_verifiers(self):
        for client in (self.app, self.wiki, self.exempt):
            for challenge, method in (
                (CHALLENGE, 'plain'), (CHALLENGE, ''), (CHALLENGE, 's256'), (CHALLENGE[:42], 'S256'), ('', 'S256'),
                (CHALLENGE + '=', 'S256'), (CHALLENGE + 'A', 'S256'), (CHALLENGE[:42] + '+', 'S256'),
                ('ü' * 43, 'S256'),
            ):
                with self.subTest(client.name, challenge=challenge, method=method):
                    arrived = self.arrived(self.begin(client, code_challenge=challenge, code_challenge_method=method))
                    self.assertEqual(arrived['error'], 'invalid_request')
            for broken in ({'code_challenge': CHALLENGE + '\n'}, {'code_challenge_method': 'S256\n'}):
                self.assertEqual(self.begin(client, **broken).status_code, 400)
        code = self.allow(self.app)['code']
        for verifier in ('a' * 42, 'a' * 129, VERIFIER + '=', *(VERIFIER[:-1] + last for last in ' +ü')):
            with self.subTest(verifier):
                self.assertRefused(self.trade(code, code_verifier=verifier), 400, 'invalid_grant')

    @requirement('attack', '28', 'Refresh tokens of public and of confidential clients are nothing to the others')
    def test_attack_28_refresh_tokens_of_other_clients(self):
        other, _secret = self.make_client('Other app', is_public=True)
        of_app, of_wiki = self.tokens_of_app(), self.tokens_of_wiki()
        for _time in range(2):
            self.assertRefused(self.renew(of_app['refresh_token'], other), 400, 'invalid_grant')
            self.assertRefused(self.renew(of_app['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')
            self.assertRefused(self.renew(of_wiki['refresh_token']), 400, 'invalid_grant')
        self.assertEqual(self.renew(of_app['refresh_token']).status_code, 200)
        self.assertEqual(self.renew(of_wiki['refresh_token'], self.wiki, self.wiki_secret).status_code, 200)

    @requirement('attack', '26', 'An old refresh token of a public client ends the family')
    @requirement('RFC 9700', '2.2.2', 'Refresh tokens of public clients are rotated, and a replay is noticed')
    def test_attack_26_refresh_token_reuse(self):
        first = self.tokens_of_app(scope='odoo')
        second = self.renew(first['refresh_token']).json()
        third = self.renew(second['refresh_token']).json()
        self.assertRefused(self.renew(first['refresh_token']), 400, 'invalid_grant')
        self.assertRefused(self.renew(third['refresh_token']), 400, 'invalid_grant')
        for tokens in (first, second, third):
            self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('attack', '29', 'A refresh brings less, and never more than was granted')
    @requirement('RFC 6749', '6', 'The scope of a refresh is not more than was granted')
    def test_attack_29_less_and_never_more(self):
        tokens = self.tokens_of_app(scope='openid odoo')
        less = self.renew(tokens['refresh_token'], scope='openid').json()
        self.assertEqual(less['scope'], 'openid')
        self.assertEqual(self.call(less['access_token']).status_code, 403)
        for scope in ('openid odoo email', 'email', 'admin', 'openid,email'):
            with self.subTest(scope):
                self.assertRefused(self.renew(less['refresh_token'], scope=scope), 400, 'invalid_scope')
        again = self.renew(less['refresh_token']).json()
        self.assertEqual(again['scope'], 'openid odoo')

    @requirement('attack', '29', 'A scope that is taken from the client is gone at once, from old tokens too')
    def test_attack_29_a_scope_that_is_taken_away(self):
        tokens = self.tokens_of_app(scope='openid odoo')
        code = self.allow(self.app, scope='openid odoo', prompt='consent')['code']
        self.assertWorks(tokens['access_token'])
        self.app.scope_ids -= self.env.ref('restapi_oauth2.scope_odoo')
        self.assertEqual(self.call(tokens['access_token']).status_code, 403)
        self.assertEqual(self.trade(code).json()['scope'], 'openid')
        renewed = self.renew(tokens['refresh_token']).json()
        self.assertEqual(renewed['scope'], 'openid')
        self.assertRefused(self.renew(renewed['refresh_token'], scope='odoo'), 400, 'invalid_scope')
        self.app.scope_ids = False
        self.assertRefused(self.renew(renewed['refresh_token']), 400, 'invalid_scope')

    @requirement('attack', '29', 'The resource that was granted stays the only one')
    @requirement('RFC 8707', '2.2', 'A token request names no other resource than was granted')
    def test_attack_29_a_wider_resource(self):
        code = self.allow(self.app, scope='odoo', resource=JSON_2)['code']
        for resource in ('https://odoo.example.com', 'https://evil.example.com', JSON_2 + '//'):
            with self.subTest(resource):
                self.assertRefused(self.trade(code, resource=resource), 400, 'invalid_target')
        tokens = self.trade(code).json()
        for resource in ('https://odoo.example.com', 'https://evil.example.com'):
            with self.subTest(resource, at='refresh'):
                self.assertRefused(self.renew(tokens['refresh_token'], resource=resource), 400, 'invalid_target')
        tokens = self.renew(tokens['refresh_token']).json()
        self.assertWorks(tokens['access_token'])
        elsewhere = self.url_open('/json/1/res.partner', headers={'Authorization': f"Bearer {tokens['access_token']}"})
        self.assertEqual(elsewhere.status_code, 401)

    @requirement('attack', '30', 'Scope and challenge beside a code do not change what was allowed')
    def test_attack_30_scope_beside_a_code(self):
        response = self.trade(self.allow(self.app)['code'], scope='openid odoo', code_challenge='A' * 43, nonce='x')
        self.assertEqual(response.json()['scope'], 'openid')
