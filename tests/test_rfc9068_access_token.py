"""RFC 9068 and RFC 7517: access tokens as JWTs that others can verify, and the keys for it."""
import json

import jwt

from odoo.tools import file_open

from .common import OAuth2Case
from .requirement import requirement


class TestAccessToken(OAuth2Case):

    def published(self):
        """The key set, as a resource server gets it."""
        response = self.ask('jwks', 'GET')
        self.assertEqual(response.status_code, 200)
        return jwt.PyJWKSet.from_dict(response.json())

    @requirement('RFC 9068', '2.2', 'The claims of an access token')
    @requirement('RFC 9068', '2.1', 'The type of an access token is at+jwt')
    def test_claims_and_header(self):
        access_token = self.tokens()['access_token']
        header = jwt.get_unverified_header(access_token)
        self.assertEqual((header['typ'], header['alg']), ('at+jwt', 'RS256'))
        claims = jwt.decode(access_token, self.published()[header['kid']], algorithms=['RS256'],
                            audience='https://odoo.example.com', issuer='https://odoo.example.com')
        self.assertEqual(claims, {
            'iss': 'https://odoo.example.com', 'aud': 'https://odoo.example.com', 'sub': self.subject(self.user),
            'client_id': self.client.client_id, 'scope': 'odoo', 'authorization': self.authorization().name,
            'iat': claims['iat'], 'exp': claims['iat'] + 1800, 'jti': claims['jti']})
        self.assertGreaterEqual(len(claims['jti']), 22)

    @requirement('RFC 7519', '4.1.7', 'Each token has its own identifier')
    def test_each_token_has_its_own_identifier(self):
        tokens = self.tokens()
        answers = [tokens, self.refresh(tokens['refresh_token']).json()]
        identifiers = {jwt.decode(answer['access_token'], options={'verify_signature': False})['jti']
                       for answer in answers}
        self.assertEqual(len(identifiers), 2)

    @requirement('RFC 7517', '4', 'The key set has the public parts, and nothing private')
    def test_the_key_set(self):
        response = self.ask('jwks', 'GET')
        self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
        self.assertIn('max-age', response.headers['Cache-Control'])
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        for key in response.json()['keys']:
            self.assertEqual(set(key), {'kty', 'n', 'e', 'kid', 'use', 'alg'})
            self.assertEqual((key['kty'], key['use'], key['alg']), ('RSA', 'sig', 'RS256'))
        self.assertEqual(self.ask('jwks', 'HEAD').status_code, 200)
        self.assertRefused(self.ask('jwks', 'POST'), 405, 'invalid_request')

    @requirement('contract', '6', 'The key of refresh tokens is published nowhere')
    def test_refresh_tokens_are_for_this_server_alone(self):
        header = jwt.get_unverified_header(self.tokens()['refresh_token'])
        self.assertEqual((header['typ'], header['alg']), ('rt+jwt', 'HS256'))
        self.assertNotIn(header['kid'], self.ask('jwks', 'GET').text)

    def test_refresh_tokens_name_no_person(self):
        claims = jwt.decode(self.tokens()['refresh_token'], options={'verify_signature': False})
        self.assertEqual(set(claims), {'iss', 'aud', 'iat', 'exp', 'authorization', 'generation'})

    @requirement('RFC 8414', '3.3', 'The issuer is a setting, not what a request or a login says')
    def test_the_issuer_is_not_the_callers_word(self):
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://evil.example.com')
        response = self.redeem(self.code(), headers={'X-Forwarded-Host': 'evil.example.com'})
        claims = jwt.decode(response.json()['access_token'], options={'verify_signature': False})
        self.assertEqual(claims['iss'], 'https://odoo.example.com')


class TestSigningKeys(OAuth2Case):

    def other_key(self, purpose='access_token'):
        """A second key of this database."""
        self.env['oauth2.signing.key']._generate(purpose)
        self.env.registry.clear_cache()
        return self.env['oauth2.signing.key'].search([('purpose', '=', purpose)], limit=1)

    def test_the_installation_made_them(self):
        keys = self.env['oauth2.signing.key'].search([])
        self.assertEqual(sorted(keys.mapped('purpose')), ['access_token', 'browser', 'refresh_token'])

    @requirement('RFC 7518', '3.2', 'A key of HS256 has 256 bits; one of RS256 has 2048 (section 3.3)')
    def test_new_keys_are_long_enough(self):
        self.other_key()
        self.other_key('refresh_token')
        keys = self.env['oauth2.signing.key']
        self.assertEqual([key.public.key_size for key in keys._by_kid('access_token').values()], [2048] * 2)
        self.assertEqual([8 * len(key.private) for key in keys._by_kid('refresh_token').values()], [256] * 2)

    @requirement('contract', '6', 'A deleted key ends the tokens that it signed')
    @requirement('attack', '69', 'A deleted key ends the tokens that it signed, and is not published any more')
    def test_a_deleted_key(self):
        tokens = self.tokens()
        self.env['oauth2.signing.key'].search([('purpose', '=', 'access_token')]).unlink()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertAlive(self.tokens())  # a new one was made
        self.assertEqual(len(self.ask('jwks', 'GET').json()['keys']), 1)

    def test_a_deleted_key_that_another_thread_has_just_read(self):
        tokens = self.tokens()
        keys = self.env['oauth2.signing.key']
        # What that thread does, done here.
        keys_of_before = keys._timed('access_token')
        keys.search([('purpose', '=', 'access_token')]).unlink()
        type(keys)._timed.__cache__.add_value(keys, 'access_token', cache_value=keys_of_before)
        self.assertWorks(tokens['access_token'])
        self.env.cr.postcommit.run()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('contract', '6', 'A duplicated database accepts none of the original\'s tokens')
    def test_a_duplicated_database(self):
        tokens = self.tokens()
        self.assertAlive(tokens)
        self.env['ir.config_parameter'].init(force=True)  # what duplicating a database does
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')  # the very same
        self.env.registry.clear_cache()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'invalid_grant')
        self.assertAlive(self.tokens())

    @requirement('contract', '6', 'A neutralised database accepts none of the original\'s tokens, codes and secrets')
    def test_a_neutralised_database(self):
        tokens, code = self.tokens(), self.code()
        models = ('oauth2.signing.key', 'oauth2.authorization.code', 'oauth2.authorization', 'oauth2.client.secret')
        with file_open('restapi_oauth2/data/neutralize.sql') as statements:
            neutralize = statements.read()
        self.assertTrue(all(self.env[model].search_count([]) for model in models))
        self.sql(neutralize)
        self.env.registry.clear_cache()
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')  # the very same
        self.assertEqual([self.env[model].search_count([]) for model in models], [0] * 4)
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token']), 401, 'invalid_client')
        self.assertRefused(self.redeem(code), 401, 'invalid_client')

    def test_the_private_part_is_no_field(self):
        self.assertNotIn('private_key', self.env['oauth2.signing.key'].fields_get())
        read = json.dumps(self.env['oauth2.signing.key'].search([]).read(), default=str)
        self.env.cr.execute('SELECT private_key FROM oauth2_signing_key')
        for private_key, in self.env.cr.fetchall():
            self.assertNotIn(private_key, read)
