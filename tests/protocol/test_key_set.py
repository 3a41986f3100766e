import json
import unittest
from contextlib import suppress

import jwt as pyjwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.key_set import LIMIT, MOST_KEYS, Problem, UnusableKeySet, described, parse

RSA, SHORT = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 1024)
P256, P521, K256 = (ec.generate_private_key(curve) for curve in (ec.SECP256R1(), ec.SECP521R1(), ec.SECP256K1()))
ED25519, ED448 = ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()
KINDS = ((RSA, 'RS256'), (P256, 'ES256'), (P521, 'ES512'), (ED25519, 'EdDSA'))


def jwk(key, algorithm, **members):
    """A key as JSON Web Key, private where the key is; None takes a member away."""
    members = {**pyjwt.get_algorithm_by_name(algorithm).to_jwk(key, as_dict=True), **members}
    return {name: value for name, value in members.items() if value is not None}


def public(key, algorithm, **members):
    return jwk(key.public_key(), algorithm, **members)


def pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def key_set(*members, **others):
    return json.dumps({'keys': list(members), **others})


class TestPEM(unittest.TestCase):

    def test_several_keys(self):
        blocks = [ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode() for _time in range(2)]
        self.assertEqual(len(parse('\n'.join(blocks))), 2)
        for wrong in (f'{blocks[0]} and {blocks[1]}', f'{blocks[0]}x', blocks[0][:60], f'{blocks[0]}\0'):
            with self.subTest(wrong), self.assertRaises(UnusableKeySet):
                parse(wrong)


class TestKeySet(unittest.TestCase):

    def assertProblem(self, problem, *texts):
        for text in texts:
            with self.subTest(text[:80]), self.assertRaises(UnusableKeySet) as caught:
                parse(text)
            self.assertEqual(caught.exception.problem, problem)

    @requirement('RFC 7517', '5', 'The keys of a set, with their names')
    def test_a_set_a_key_and_a_pem(self):
        for key, algorithm in KINDS:
            with self.subTest(algorithm):
                [named] = parse(key_set(public(key, algorithm, kid='one'), version=2))
                self.assertEqual((named.kid, algorithm in named.algorithms), ('one', True))
                [alone] = parse(json.dumps(public(key, algorithm)))
                [of_pem] = parse(f'\n{pem(key)}\n')
                self.assertEqual(alone, of_pem)
                self.assertEqual((alone.kid, alone.thumbprint), (None, named.thumbprint))
                self.assertTrue(alone.is_named(alone.thumbprint))
                self.assertFalse(named.is_named(named.thumbprint))

    @requirement('RFC 7638', '3.1', 'A key is told by its thumbprint')
    def test_the_thumbprint_of_the_rfcs(self):
        [key] = parse(json.dumps({
            'kty': 'OKP', 'crv': 'Ed25519', 'x': '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}))
        self.assertEqual(key.thumbprint, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')  # RFC 8037, appendix A.3
        self.assertEqual(described([key]), f'(EdDSA): {key.thumbprint}')

    @requirement('RFC 8725', '3.1', 'A key is used with the algorithms that fit it, and no others')
    def test_the_algorithms_of_a_key(self):
        for members, algorithms in (
                (public(RSA, 'RS256'), ('RS256', 'PS256')),
                (public(RSA, 'RS256', alg='PS256'), ('PS256',)),
                (public(P256, 'ES256', alg='ES256'), ('ES256',)),
                (public(ED25519, 'EdDSA', alg='Ed25519'), ('EdDSA', 'Ed25519'))):
            [key] = parse(key_set(members))
            self.assertEqual(key.algorithms, algorithms)
        self.assertProblem(
            Problem.KIND, *(key_set(public(RSA, 'RS256', alg=alg)) for alg in ('HS256', 'none', 'ES256', 7, ['RS256'])),
            key_set(public(K256, 'ES256K')), pem(K256), pem(ED448), key_set(
                {'kty': 'OKP', 'crv': ['Ed25519'], 'x': 'AA'}), key_set({'kty': ['RSA']}),
            key_set({'kty': 'AKP', 'pub': 'AA', 'alg': 'ML-DSA-44'}))

    @requirement('attack', '69', 'A private key is not taken for a public one')
    def test_private_and_symmetric_keys(self):
        self.assertProblem(
            Problem.PRIVATE, *(key_set(jwk(key, algorithm)) for key, algorithm in KINDS),
            key_set(public(RSA, 'RS256'), jwk(P256, 'ES256')), key_set(jwk(P256, 'ES256', use='enc')),
            *(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption()).decode() for key, _algorithm in KINDS))
        self.assertProblem(Problem.SYMMETRIC, key_set({'kty': 'oct', 'k': 'AAAA'}), key_set(
            {**public(RSA, 'RS256'), 'k': 'AAAA'}))

    def test_what_is_no_set(self):
        self.assertProblem(
            Problem.NOT_READ, '', '{', '[]', '7', 'null', '{}', '{"keys": {}}', '{"keys": null}', 'ssh-rsa AAAA',
            '[' * 9000, '1' * 9000)
        self.assertProblem(Problem.EMPTY, key_set(), key_set(public(RSA, 'RS256', use='enc')),
                           key_set(public(RSA, 'RS256', key_ops=['encrypt'])))
        self.assertProblem(Problem.TOO_LONG, ' ' * (LIMIT + 1))
        self.assertProblem(Problem.TOO_MANY, key_set(*[{}] * (MOST_KEYS + 1)))
        self.assertProblem(Problem.SAME_KID, key_set(public(RSA, 'RS256', kid='a'), public(P256, 'ES256', kid='a')))
        self.assertProblem(Problem.SIZE, key_set(public(SHORT, 'RS256')), pem(SHORT))
        self.assertProblem(
            Problem.UNREADABLE, key_set(None), key_set('key'), key_set(public(RSA, 'RS256', n=None)),
            key_set(public(RSA, 'RS256', n=7)), key_set(public(RSA, 'RS256', n='+')),
            key_set(public(RSA, 'RS256', e='')), key_set(public(P256, 'ES256', x='AA')),
            key_set(public(P256, 'ES256', x=public(P521, 'ES512')['x'])),
            key_set(public(ED25519, 'EdDSA', x='AA')), key_set(public(RSA, 'RS256', kid=7)),
            key_set(public(RSA, 'RS256', kid='')), key_set(public(RSA, 'RS256', kid='a\n')),
            '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', '-----BEGIN CERTIFICATE-----\n',
            '-----BEGIN PUBLIC KEY-----\n\u20ac')

    @PROPERTY
    @given(st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(['keys', 'kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'kid', 'use', 'key_ops']),
            inner | st.sampled_from(['RSA', 'EC', 'OKP', 'P-256', 'Ed25519', 'sig', 'AQAB']), max_size=5)))
    def test_any_json(self, content):
        with suppress(UnusableKeySet):
            parse(json.dumps(content))
