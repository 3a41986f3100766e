"""The catalogue of attacks (docs/security.md), cases 12 to 16, 27, 55 and 68, at the endpoints for revocation and
introspection.
"""
from .browser import VERIFIER, BrowserCase
from .common import REDIRECT_URI, basic_header, oauth_header
from .requirement import requirement

SHOWN_TO = ('revoke', 'introspect')


class ShownTokensCase(BrowserCase):
    """A client that presents tokens to these endpoints, and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other, cls.other_secret = cls.make_client('Other', cls.user)

    def show(self, endpoint, token, client=None, secret=None, **more):
        """Show a token to an endpoint, as a client."""
        client = client or self.client
        body = {'client_id': client.client_id, 'client_secret': secret or self.secret, 'token': token, **more}
        return self.ask(endpoint, data={name: value for name, value in body.items() if value is not None})


class TestTokenEndpointAttacks(ShownTokensCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app, cls.app_secret = cls.make_client('App', is_public=True)
        cls.good = {'client_id': cls.client.client_id, 'client_secret': cls.secret}

    def app_tokens(self):
        """What the public client holds."""
        self.log_in()
        code = self.allow(self.app, scope='odoo', prompt='consent')['code']
        response = self.ask('access_token', data={
            'client_id': self.app.client_id, 'grant_type': 'authorization_code', 'code': code,
            'redirect_uri': REDIRECT_URI, 'code_verifier': VERIFIER})
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    # ------------------------------------------------------------------
    # 12 to 16: parameters and clients
    # ------------------------------------------------------------------

    @requirement('attack', '12', 'Doubled parameters are refused wherever tokens are shown')
    def test_attack_12_doubled_parameters(self):
        tokens = self.tokens()
        body = [*self.good.items(), ('token', tokens['access_token']), ('token_type_hint', 'access_token')]
        for endpoint in SHOWN_TO:
            for extra in body:
                with self.subTest(endpoint, extra=extra[0]):
                    self.assertRefused(self.ask(endpoint, data=[*body, extra]), 400, 'invalid_request')
        doubled = self.ask('userinfo', data={'access_token': tokens['access_token']}, headers={
            'Authorization': f"Bearer {tokens['access_token']}"})
        self.assertRefused(doubled, 400, 'invalid_request')
        self.assertAlive(tokens)

    @requirement('attack', '13', 'No token and no secret is read from the URL, and GET is refused')
    def test_attack_13_tokens_in_the_url(self):
        tokens = self.tokens()
        query = {**self.good, 'token': tokens['access_token']}
        for endpoint in SHOWN_TO:
            with self.subTest(endpoint):
                response = self.ask(endpoint, 'GET', params=query)
                self.assertRefused(response, 405, 'invalid_request')
                self.assertEqual(response.headers['Allow'], 'POST')
                self.assertRefused(self.ask(endpoint, params=query), 400, 'invalid_request')
                self.assertRefused(self.ask(endpoint, data=self.good, params={'token': tokens['access_token']}),
                                   400, 'invalid_request')
        self.assertAlive(tokens)

    @requirement('attack', '14', 'One client, and one way of authentication, wherever tokens are shown')
    def test_attack_14_two_clients(self):
        tokens = self.tokens()
        header = {'Authorization': basic_header(*self.good.values())}
        for endpoint in SHOWN_TO:
            for more in ({'client_id': self.other.client_id}, {'client_secret': self.secret},
                         {'client_id': self.other.client_id, 'client_secret': self.other_secret}):
                with self.subTest(endpoint, more=list(more)):
                    response = self.ask(endpoint, headers=header, data={'token': tokens['access_token'], **more})
                    self.assertRefused(response, 400, 'invalid_request')
            same = self.ask(endpoint, headers=header, data={'token': 'x', 'client_id': self.client.client_id})
            self.assertEqual(same.status_code, 200, same.text)
        self.assertAlive(tokens)

    @requirement('attack', '15', 'A confidential client without its secret is nobody; a public client has no secret')
    @requirement('RFC 6749', '3.2.1', 'A public client that sends a secret is refused')
    def test_attack_15_no_secret_and_one_too_many(self):
        grants = {'revoke': {'token': 'x'}, 'introspect': {'token': 'x'},
                  'access_token': {'grant_type': 'refresh_token', 'refresh_token': 'x'}}
        for endpoint, body in grants.items():
            for secret in (None, '', 'wrong', self.other_secret):
                with self.subTest(endpoint, secret=secret):
                    credentials = {'client_id': self.client.client_id}
                    if secret is not None:
                        credentials['client_secret'] = secret
                    self.assertRefused(self.ask(endpoint, data={**credentials, **body}), 401, 'invalid_client')
            for secret in ('x', self.app_secret, self.secret):
                with self.subTest(endpoint, public=secret):
                    credentials = {'client_id': self.app.client_id, 'client_secret': secret}
                    for request in ({'data': {**credentials, **body}},
                                    {'data': body, 'headers': {'Authorization': basic_header(*credentials.values())}},
                                    {'headers': {'Authorization': oauth_header(**credentials, **body)}}):
                        self.assertRefused(self.ask(endpoint, **request), 401, 'invalid_client')
            for client in (self.app, self.client):
                response = self.ask(endpoint, data=body, headers={'Authorization': basic_header(client.client_id, '')})
                self.assertRefused(response, 401, 'invalid_client')
        public = self.ask('introspect', data={'client_id': self.app.client_id, 'token': 'x'})
        self.assertRefused(public, 401, 'invalid_client')

    @requirement('attack', '15', 'Where public clients are switched off, there are none')
    def test_attack_15_public_clients_switched_off(self):
        tokens = self.app_tokens()
        self.env['ir.config_parameter'].set_param('restapi_oauth2.public_clients', False)
        grant = {'client_id': self.app.client_id, 'grant_type': 'refresh_token',
                 'refresh_token': tokens['refresh_token']}
        self.assertRefused(self.ask('access_token', data=grant), 401, 'invalid_client')
        self.assertEqual(self.begin(self.app).status_code, 401)

    @requirement('attack', '16', 'Basic credentials are form-decoded, once, wherever tokens are shown')
    def test_attack_16_encoded_basic_credentials(self):
        secret = 'a:b+c%20d e/ü'
        self.client.secret_ids.unlink()
        self.env['oauth2.client.secret']._store(self.client, secret)
        for endpoint in SHOWN_TO:
            for presented, status in ((secret, 200), (secret.replace('+', ' '), 401), ('a', 401)):
                with self.subTest(endpoint, secret=presented):
                    response = self.ask(endpoint, data={'token': 'x'}, headers={
                        'Authorization': basic_header(self.client.client_id, presented)})
                    self.assertEqual(response.status_code, status, response.text)

    @requirement('attack', '76', 'Guesses lock nobody out, wherever a secret is taken')
    def test_attack_76_guessing_secrets_elsewhere(self):
        for attempt in range(30):
            self.assertRefused(self.show(SHOWN_TO[attempt % 2], 'x', secret='wrong'), 401, 'invalid_client')
        for endpoint in SHOWN_TO:
            self.assertEqual(self.show(endpoint, 'x').status_code, 200)

    # ------------------------------------------------------------------
    # 55: revocation
    # ------------------------------------------------------------------

    @requirement('attack', '55', 'A client cannot revoke what is another\'s, and is not told so')
    @requirement('RFC 7009', '2.1', 'Only the client that a token was made for revokes it')
    def test_attack_55_tokens_of_others(self):
        tokens = self.tokens()
        for kind in ('access_token', 'refresh_token'):
            for client, secret in ((self.other, self.other_secret), (self.wiki, self.wiki_secret)):
                response = self.show('revoke', tokens[kind], client, secret)
                self.assertEqual((response.status_code, response.json()), (200, {}))
            response = self.ask('revoke', data={'client_id': self.app.client_id, 'token': tokens[kind]})
            self.assertEqual((response.status_code, response.json()), (200, {}))
        self.assertAlive(tokens)

    @requirement('attack', '55', 'Either token ends both, whatever the hint says')
    @requirement('RFC 7009', '2.1', 'A wrong token_type_hint does not keep a token alive')
    def test_attack_55_wrong_hints(self):
        for kind in ('access_token', 'refresh_token'):
            for hint in (None, 'access_token', 'refresh_token', 'id_token', "' OR 1=1"):
                with self.subTest(kind, hint=hint):
                    tokens = self.tokens()
                    self.assertEqual(self.show('revoke', tokens[kind], token_type_hint=hint).status_code, 200)
                    self.assertDead(tokens)

    @requirement('attack', '55', 'A public client gives its own tokens back')
    def test_attack_55_public_clients(self):
        for kind in ('access_token', 'refresh_token'):
            tokens = self.app_tokens()
            response = self.ask('revoke', data={'client_id': self.app.client_id, 'token': tokens[kind]})
            self.assertEqual(response.status_code, 200)
            self.assertEqual(self.call(tokens['access_token']).status_code, 401)
            response = self.ask('access_token', data={
                'client_id': self.app.client_id, 'grant_type': 'refresh_token',
                'refresh_token': tokens['refresh_token']})
            self.assertRefused(response, 400, 'invalid_grant')

    @requirement('attack', '27', 'A refresh token that was given back has no grace')
    def test_attack_27_no_grace_after_giving_back(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        self.assertEqual(self.show('revoke', first['refresh_token']).status_code, 200)
        self.assertDead(first)
        self.assertDead(second)

    @requirement('attack', '55', 'A token of the client\'s own that was revoked does not come back with the next one')
    def test_attack_55_client_credentials(self):
        self.client.grant_client_credentials = True
        first = self.token(grant_type='client_credentials').json()['access_token']
        self.assertEqual(self.show('revoke', first).status_code, 200)
        self.assertEqual(self.call(first).status_code, 401)
        second = self.token(grant_type='client_credentials').json()['access_token']
        self.assertWorks(second)
        self.assertEqual(self.call(first).status_code, 401)
