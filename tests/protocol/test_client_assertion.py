import base64
import hashlib
import hmac
import json
import time
import unittest

import jwt as pyjwt
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement
from test_key_set import ED25519, KINDS, P256, RSA, key_set, public

from protocol.client_assertion import CLOCK_SKEW, LIFETIME, UnknownKey, subject, verify
from protocol.errors import InvalidClient
from protocol.key_set import parse

ISSUER, CLIENT = 'https://odoo.example.com', 'AnApplicationOfSomebody'
KEYS = parse(key_set(*(public(key, algorithm, kid=algorithm) for key, algorithm in KINDS)))
HIDDEN = 'client authentication failed'


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def segment(value):
    return base64url((value if isinstance(value, str) else json.dumps(value)).encode())


def signed(claims, header=None, key=RSA, algorithm='RS256'):
    """A JWT of these claims, whatever they are; of the header, None takes a member away."""
    header = {'alg': algorithm, 'kid': algorithm, **(header or {})}
    first = segment({name: value for name, value in header.items() if value is not None})
    text = f'{first}.{segment(claims)}'
    return f'{text}.{base64url(pyjwt.get_algorithm_by_name(algorithm).sign(text.encode(), key))}'


def claims(**others):
    """What an assertion says; None takes a claim away."""
    now = int(time.time())
    members = {'iss': CLIENT, 'sub': CLIENT, 'aud': ISSUER, 'jti': 'one', 'iat': now, 'exp': now + 60, **others}
    return {name: value for name, value in members.items() if value is not None}


class TestClientAssertion(unittest.TestCase):

    def verify(self, assertion, keys=KEYS):
        return verify(assertion, keys, CLIENT, ISSUER)

    def assertRefused(self, assertion, words=HIDDEN, error=InvalidClient, keys=KEYS):
        with self.assertRaises(error) as caught:
            self.verify(assertion, keys)
        self.assertIn(words, caught.exception.description)
        self.assertTrue(caught.exception.detail)

    @requirement('RFC 7523', '3', 'An assertion is signed by a key of the client')
    def test_every_kind_of_key(self):
        for key, algorithm in KINDS:
            with self.subTest(algorithm):
                assertion = signed(claims(), key=key, algorithm=algorithm)
                self.assertEqual(subject(assertion), CLIENT)
                self.assertEqual(self.verify(assertion).jti, 'one')
        self.assertEqual(self.verify(signed(claims(), {'kid': 'RS256'}, algorithm='RS256')).jti, 'one')

    @requirement('RFC 9864', '2.2', 'EdDSA with Ed25519 may be called Ed25519')
    def test_the_other_name_of_eddsa(self):
        assertion = signed(claims(), {'alg': 'Ed25519', 'kid': 'EdDSA'}, ED25519, 'EdDSA')
        self.assertEqual(self.verify(assertion).jti, 'one')

    @requirement('OIDC Core', '10.1', 'A kid is needed only where several keys would fit')
    def test_which_key(self):
        no_kid = signed(claims(), {'kid': None})
        self.assertEqual(self.verify(no_kid).jti, 'one')
        two = parse(key_set(public(RSA, 'RS256', kid='a'), public(RSA, 'RS256', kid='b')))
        self.assertRefused(no_kid, error=UnknownKey, keys=two)
        self.assertEqual(self.verify(signed(claims(), {'kid': 'b'}), two).jti, 'one')
        for kid in ('c', 'ES256', '../../etc/passwd', "' OR 1=1 --", ''):
            self.assertRefused(signed(claims(), {'kid': kid}), error=UnknownKey)
        for kid in (7, ['RS256'], {'a': 1}, True):
            self.assertRefused(signed(claims(), {'kid': kid}))
        self.assertRefused(no_kid, error=UnknownKey, keys=())

    @requirement('attack', '45', 'A client assertion without a signature is refused')
    @requirement('attack', '46', 'The public key of a client is no secret to sign an assertion with')
    def test_no_other_algorithm(self):
        pem = RSA.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        for alg in ('none', 'None', 'nOnE', '', 'HS256', 'HS512', 'RS1', 'RS512', 'ES256K', 7, ['RS256']):
            for secret in (None, b'', pem, json.dumps(public(RSA, 'RS256')).encode()):
                text = f"{segment({'alg': alg, 'kid': 'RS256'})}.{segment(claims())}"
                signature = b'' if secret is None else hmac.digest(secret or b'\0', text.encode(), hashlib.sha256)
                self.assertRefused(f'{text}.{base64url(signature)}')
        for alg in ('PS256', 'ES256', 'EdDSA'):  # of another kind than the signature
            self.assertRefused(signed(claims(), {'alg': alg}))
        self.assertRefused(signed(claims(), {'alg': 'PS256'}), keys=parse(key_set(public(RSA, 'RS256', alg='RS256'))),
                           error=UnknownKey)

    @requirement('attack', '47', 'A key that comes with an assertion is not looked at')
    @requirement('attack', '49', 'An assertion that has to be understood in another way is refused')
    def test_the_header(self):
        other = public(P256, 'ES256')
        self.assertRefused(signed(claims(), {'jwk': other, 'kid': None}, P256, 'ES256'), keys=parse(
            key_set(public(RSA, 'RS256'))), error=UnknownKey)
        for passed_over in ({'jku': 'https://evil.example.com/keys'}, {'x5t': 'AA'}, {'cty': 'JWT'}):
            self.assertEqual(self.verify(signed(claims(), passed_over)).jti, 'one')
        for header in ({'crit': ['exp']}, {'crit': []}, {'b64': False, 'crit': ['b64']}, {'b64': True}):
            self.assertRefused(signed(claims(), header))

    @requirement('attack', '50', 'A token of another kind is no client assertion')
    @requirement('RFC 8725', '3.11', 'An assertion may have a type of its own, and no other')
    def test_the_type(self):
        for kind in (None, 'JWT', 'jwt', 'client-authentication+jwt', 'application/client-authentication+jwt'):
            self.assertEqual(self.verify(signed(claims(), {'typ': kind})).jti, 'one')
        for kind in ('at+jwt', 'dpop+jwt', 'logout+jwt', 'oauth-authz-req+jwt', 'secevent+jwt', '', 7, ['JWT']):
            self.assertRefused(signed(claims(), {'typ': kind}))

    @requirement('RFC 7523', '3', 'iss and sub are the client')
    def test_who(self):
        for name in ('iss', 'sub'):
            for value in (None, '', 'another', [CLIENT], 7, CLIENT + ' '):
                self.assertRefused(signed(claims(**{name: value})), 'iss and sub')

    @requirement('RFC 10070', '4', 'The issuer is the only audience; the address of an endpoint is none')
    @requirement('attack', '51', 'The audience of an assertion is neither a part of the issuer nor one of several')
    def test_for_whom(self):
        self.assertEqual(self.verify(signed(claims(aud=[ISSUER]))).jti, 'one')
        for value in (
                None, '', [], [[ISSUER]], {'a': ISSUER}, ISSUER + '/', ISSUER.upper(), 'https://odoo.example', True,
                f'{ISSUER}/restapi/1.0/common/oauth2/access_token', [ISSUER, 'https://other.example.com'],
                [ISSUER, ISSUER], [ISSUER, f'{ISSUER}/restapi/1.0/common/oauth2/access_token']):
            with self.subTest(value):
                self.assertRefused(signed(claims(aud=value)), 'aud has to be the issuer')

    @requirement('RFC 7523', '3', 'An assertion has an end, and is neither too old nor from the future')
    @requirement('attack', '60', 'Whatever it says itself, an assertion is good for ten minutes at most')
    def test_times(self):
        now = int(time.time())
        for good in (
                {'exp': now + 60.5}, {'iat': None}, {'iat': None, 'exp': now + LIFETIME}, {'nbf': now},
                {'iat': now + 20, 'nbf': now + 20}, {'exp': now - CLOCK_SKEW + 5, 'iat': now - 90},
                {'exp': now + 3600}, {'exp': now + 10 ** 9, 'iat': now - LIFETIME}):
            with self.subTest(good):
                self.assertLessEqual(self.verify(signed(claims(**good))).ends, now + LIFETIME + 2 * CLOCK_SKEW)
        for bad, words in (
                ({'exp': None}, 'exp is missing'), ({'exp': now - CLOCK_SKEW - 5}, 'expired'),
                ({'exp': now - 300}, 'expired'), ({'exp': now + 10 ** 9, 'iat': now - LIFETIME - 60}, 'expired'),
                ({'exp': now + LIFETIME + 60, 'iat': None}, 'too far ahead'), ({'iat': now + 90}, 'future'),
                ({'iat': now + 10 ** 9}, 'future'), ({'nbf': now + 90}, 'future'), ({'exp': str(now + 60)}, 'times'),
                ({'exp': [now + 60]}, 'times'), ({'exp': True}, 'times'), ({'iat': -1}, 'times'),
                ({'exp': 10 ** 400}, 'times'), ({'iat': 'now'}, 'times'), ({'nbf': {}}, 'times'),
                ({'exp': 2 ** 54}, 'times')):
            with self.subTest(bad):
                self.assertRefused(signed(claims(**bad)), words)
        for text in ('1e400', 'NaN', 'Infinity', '-Infinity'):
            payload = json.dumps(claims(exp=0)).replace('"exp": 0', f'"exp": {text}')
            self.assertRefused(signed(payload), 'times')

    @requirement('OIDC Core', '9', 'An assertion has a name, so that it can be used once')
    def test_a_name(self):
        for value in (None, '', 7, ['a'], 'x' * 256):
            self.assertRefused(signed(claims(jti=value)), 'jti')

    @requirement('attack', '53', 'An assertion in another spelling is refused')
    def test_what_is_no_jwt(self):
        good = signed(claims())
        head, payload, signature = good.split('.')
        for bad in ('', 'x', '..', 'a.b.c', good + '=', good + '.', f'{head}.{payload}.', good[:-2], f' {good}',
                    f'{head}.{segment("[]")}.{signature}', f'{head}.{segment("[" * 4000)}.{signature}', 'x' * 9000,
                    f'{head}.{segment(claims(sub="other"))}.{signature}'):
            with self.subTest(bad[-60:]):
                self.assertRefused(bad)
        for bad in ('', 'x', 'a.b.c', *(f'{head}.{segment(payload)}.{signature}' for payload in ('[]', {'sub': 7}))):
            with self.assertRaises(InvalidClient):
                subject(bad)
        for payload in ('[]', '"a"', '7', 'null', '{', '[' * 4000):
            self.assertRefused(signed(payload))

    @PROPERTY
    @given(st.dictionaries(st.sampled_from(['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti']), st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([CLIENT, ISSUER, '']),
        lambda inner: st.lists(inner, max_size=2))))
    def test_any_claims(self, some):
        try:
            verified = self.verify(signed({**claims(), **some}))
        except InvalidClient:
            return
        self.assertTrue(verified.jti)
