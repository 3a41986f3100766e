"""The catalogue of attacks (docs/security.md), cases 45 to 54, 57, 67 and 70: forged and misused tokens."""
import base64
import hashlib
import hmac
import json
import time

import jwt
from cryptography.hazmat.primitives import serialization

from .common import OAuth2Case
from .requirement import requirement


def b64(data):
    """base64url without padding, of bytes or of what JSON can hold."""
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


class TestTokenAttacks(OAuth2Case):

    def setUp(self):
        super().setUp()
        self.good = self.tokens()
        self.token_header, self.token_payload, self.token_signature = self.good['access_token'].split('.')
        self.claims = jwt.decode(self.good['access_token'], options={'verify_signature': False})
        self.key = self.env['oauth2.signing.key']._current('access_token')

    def signed(self, claims=None, without=(), **header):
        """A token signed with the server's own key, as only the server itself could make it."""
        header = {'alg': 'RS256', 'typ': 'at+jwt', 'kid': self.key.kid, **header}
        claims = {name: value for name, value in {**self.claims, **(claims or {})}.items() if name not in without}
        signing_input = f'{b64(header)}.{b64(claims)}'
        signature = jwt.get_algorithm_by_name('RS256').sign(signing_input.encode(), self.key.private)
        return f'{signing_input}.{b64(signature)}'

    def hmac_signed(self, secret, **header):
        signing_input = f"{b64({'alg': 'HS256', 'typ': 'at+jwt', 'kid': self.key.kid, **header})}.{self.token_payload}"
        return f'{signing_input}.{b64(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}'

    def assertNoGood(self, **tokens):
        """Each of these is refused with 401 invalid_token, never with a 500."""
        self.assertWorks(self.good['access_token'])
        for name, token in tokens.items():
            with self.subTest(name):
                response = self.call(token)
                self.assertEqual(response.status_code, 401, response.text[:300])
                self.assertIn('invalid_token', response.headers['WWW-Authenticate'])

    def test_the_forge_works(self):
        """Otherwise the refusals below would prove nothing."""
        self.assertWorks(self.signed())

    @requirement('attack', '45', 'There is no token without a signature')
    @requirement('RFC 8725', '3.2', 'none is no algorithm')
    def test_attack_45_no_signature(self):
        tokens = {}
        for algorithm in ('none', 'None', 'NONE', 'nOnE'):
            header = b64({'alg': algorithm, 'typ': 'at+jwt', 'kid': self.key.kid})
            tokens[algorithm] = f'{header}.{self.token_payload}.'
            tokens[algorithm + ' with the old signature'] = f'{header}.{self.token_payload}.{self.token_signature}'
        self.assertNoGood(**tokens, empty=f'{self.token_header}.{self.token_payload}.')

    @requirement('attack', '46', 'The public key is no shared secret')
    @requirement('RFC 8725', '3.1', 'A key has one algorithm, and a token cannot choose another')
    def test_attack_46_algorithm_confusion(self):
        public, encodings = self.key.public, serialization.Encoding
        pem = public.public_bytes(encodings.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        jwks = self.ask('jwks', 'GET')
        self.assertNoGood(
            pem=self.hmac_signed(pem), pem_stripped=self.hmac_signed(pem.strip()),
            pem_with_mark=self.hmac_signed(b'\xef\xbb\xbf' + pem),
            pkcs1=self.hmac_signed(public.public_bytes(encodings.PEM, serialization.PublicFormat.PKCS1)),
            der=self.hmac_signed(public.public_bytes(encodings.DER, serialization.PublicFormat.SubjectPublicKeyInfo)),
            jwks=self.hmac_signed(jwks.content), jwk=self.hmac_signed(json.dumps(jwks.json()['keys'][0]).encode()),
            other_algorithm=self.signed(alg='RS512'), ps256=self.signed(alg='PS256'))

    @requirement('attack', '47', 'A key that a token brings along is not used')
    @requirement('RFC 8725', '3.10', 'Keys and addresses of keys in a header are not trusted')
    def test_attack_47_keys_in_the_header(self):
        jwk = self.ask('jwks', 'GET').json()['keys'][0]
        self.assertNoGood(jwk=self.signed(jwk=jwk), jku=self.signed(jku='https://evil.example.com/jwks'),
                          x5u=self.signed(x5u='https://evil.example.com/'), x5c=self.signed(x5c=['MII=']))

    @requirement('attack', '48', 'The key ID is looked up, and nothing else is done with it')
    def test_attack_48_key_ids(self):
        refresh_kid = next(iter(self.env['oauth2.signing.key']._by_kid('refresh_token')))
        self.assertNoGood(
            injection=self.signed(kid="' OR 1=1 --"), path=self.signed(kid='../../../dev/null'),
            unknown=self.signed(kid='A' * 16), number=self.signed(kid=1), array=self.signed(kid=[self.key.kid]),
            null=self.signed(kid=None), empty=self.signed(kid=''), of_refresh_tokens=self.signed(kid=refresh_kid))

    @requirement('attack', '49', 'Extensions that are not understood are refused')
    @requirement('RFC 7515', '4.1.11', 'A critical extension that is not understood makes the token invalid')
    def test_attack_49_critical_extensions(self):
        self.assertNoGood(
            crit=self.signed(crit=['exp']), unknown=self.signed(crit=['x'], x=1), b64=self.signed(b64=False))

    @requirement('attack', '50', 'One kind of token does not pass for another')
    @requirement('RFC 9068', '4', 'Only the type at+jwt is an access token')
    @requirement('RFC 8725', '3.11', 'Kinds of token are told apart by their type')
    def test_attack_50_other_kinds_of_token(self):
        self.assertNoGood(refresh_token=self.good['refresh_token'], plain=self.signed(typ='JWT'),
                          logout=self.signed(typ='logout+jwt'), refresh=self.signed(typ='rt+jwt'))
        self.assertRefused(self.refresh(self.good['access_token']), 400, 'invalid_grant')
        self.assertRefused(self.refresh(self.signed(typ='rt+jwt')), 400, 'invalid_grant')

    @requirement('attack', '51', 'Claims have their type and value, to the letter')
    @requirement('RFC 9068', '4', 'Issuer, audience and expiry are checked')
    @requirement('OWASP ASVS 5.0', '10.3.1', 'A token with another audience, or several, is refused')
    def test_attack_51_claims(self):
        now, issuer = int(time.time()), self.claims['iss']
        cases = {
            'iss': (issuer + '/', issuer[:-1], [issuer], '', None), 'aud': ([issuer], [issuer, 'x'], 'x', None, {}),
            'exp': (str(now + 60), [now + 60], now - 1, -1, 10 ** 400, now + 60.5, True, None, 'x'),
            'iat': (-1, now + 3600, str(now), now - 0.5, True, None), 'nbf': (now + 3600, 'x'),
            'sub': (self.user.id, str(self.user.id), '1', self.claims['sub'] + ' ', self.claims['sub'].upper(), None),
            'client_id': ('A' * 32, None, [self.client.client_id]), 'jti': (1, None), 'scope': (['odoo'], None),
            'authorization': (self.authorization().id, str(self.authorization().id), 0, -1, 10 ** 30, True, 1.0, None,
                              '1 OR 1=1'),
        }
        self.assertNoGood(
            **{f'{name}={value!r:.30}': self.signed({name: value})
               for name, values in cases.items() for value in values},
            **{f'no {name}': self.signed(without=[name]) for name in cases if name != 'nbf'})

    @requirement('attack', '52', 'Oversized and deeply nested tokens are refused quickly')
    def test_attack_52_oversized_tokens(self):
        deep = ('[' * 2500 + ']' * 2500).encode()
        signing_input = f'{self.token_header}.{b64(deep)}'
        signature = jwt.get_algorithm_by_name('RS256').sign(signing_input.encode(), self.key.private)
        self.assertNoGood(
            long=f'{self.token_header}.{"A" * 40000}.{self.token_signature}', long_header=f'{"A" * 40000}.e30.x',
            deep_payload=f'{signing_input}.{b64(signature)}', deep_header=f'{b64(deep)}.{self.token_payload}.x',
            many_parts='a.' * 10000 + 'a')

    @requirement('attack', '53', 'A token has one spelling')
    def test_attack_53_other_spellings(self):
        token = self.good['access_token']
        alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        last = alphabet[alphabet.index(token[-1]) ^ 1]  # bits that decoding drops: 256 bytes are 341 1/3 characters
        self.assertNoGood(
            truncated=token[:-1], trailing=token + 'A', padded=token + '=', double_padded=token + '==',
            other_last_bits=token[:-1] + last, with_slash=token.replace('-', '+').replace('_', '/') + '/',
            inner_space=token.replace('.', '. ', 1), four_parts=token + '.A', payload_padding=token.replace('.', '=.'))

    @requirement('attack', '54', 'Tokens of another database are nothing to this one')
    def test_attack_54_another_database(self):
        self.assertWorks(self.good['access_token'])
        self.env['ir.config_parameter'].set_param('database.uuid', '00000000-0000-0000-0000-000000000000')
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')  # the very same
        self.env.registry.clear_cache()
        self.assertEqual(self.call(self.good['access_token']).status_code, 401)
        self.assertRefused(self.refresh(self.good['refresh_token']), 400, 'invalid_grant')

    @requirement('attack', '57', 'A token stands in the Authorization header, as Bearer, and nowhere else')
    @requirement('RFC 6750', '2', 'A token in any other place is not read')
    def test_attack_57_tokens_elsewhere(self):
        token = self.good['access_token']
        basic = base64.b64encode(f'oauth2_integration:{token}'.encode()).decode()
        for name, headers in {'Basic': {'Authorization': f'Basic {basic}'},
                              'OAuth': {'Authorization': f'OAuth {token}'},
                              'bare': {'Authorization': token}, 'cookie': {}}.items():
            with self.subTest(name):
                response = self.url_open('/json/2/res.users/context_get', data='{}', cookies={'access_token': token},
                                         headers={'Content-Type': 'application/json', **headers})
                self.assertEqual(response.status_code, 401)

    @requirement('attack', '58', 'A token opens bearer routes, and none that want a session')
    def test_attack_58_session_routes(self):
        call = {'params': {'model': 'res.users', 'method': 'context_get', 'args': [], 'kwargs': {}}}
        response = self.url_open('/web/dataset/call_kw/res.users/context_get', json=call, headers={
            'Authorization': f'Bearer {self.good["access_token"]}'})
        self.assertIn('Session Expired', response.text)

    @requirement('attack', '67', 'No client secret, and no hash of one, is a signing key')
    def test_attack_67_client_secrets_as_keys(self):
        self.env.cr.execute('SELECT hash FROM oauth2_client_secret WHERE client_id = %s', [self.client.id])
        stored_hash = self.env.cr.fetchone()[0]
        self.assertNoGood(
            secret=self.hmac_signed(self.secret.encode()), hash=self.hmac_signed(stored_hash.encode()),
            empty=self.hmac_signed(b''), client_id=self.hmac_signed(self.client.client_id.encode()))

    @requirement('attack', '70', 'Times after 2038 are times; the clock is UTC')
    def test_attack_70_far_times(self):
        self.assertWorks(self.signed({'exp': 2 ** 31 + 1}))
        self.assertWorks(self.signed({'exp': 2 ** 33}))
        self.assertNoGood(long_ago=self.signed({'exp': 0, 'iat': 0}))
