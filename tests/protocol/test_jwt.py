import base64
import hashlib
import hmac
import json
import time
import unittest

import jwt as pyjwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.errors import ExpiredToken, InvalidToken
from protocol.jwt import (
    ACCESS_TOKEN_TYPE,
    ID_TOKEN_TYPE,
    LIMIT,
    REFRESH_TOKEN_TYPE,
    REFUSED,
    USERINFO_TYPE,
    Key,
    decode,
    encode,
    half_hash,
    looks_like_jwt,
    new_id,
    public_jwk,
)

ISSUER, AUDIENCE = 'https://odoo.example.com', 'https://odoo.example.com/api'
REQUIRED = {'sub': str, 'generation': int}

_rsa = rsa.generate_private_key(65537, 2048)
_other_rsa = rsa.generate_private_key(65537, 2048)
RS256 = Key('rs', 'RS256', _rsa, _rsa.public_key())
HS256 = Key('hs', 'HS256', b'0123456789abcdef0123456789abcdef', b'0123456789abcdef0123456789abcdef')
KEYS = {key.kid: key for key in (RS256, HS256)}
_p256, _ed25519 = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
ES256 = Key('es', 'ES256', _p256, _p256.public_key())
EDDSA = Key('ed', 'EdDSA', _ed25519, _ed25519.public_key())
PAIRS = (RS256, ES256, EDDSA)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def segment(value):
    """A value as a part of a token; a text stands for itself, so that any JSON can be written."""
    return base64url((value if isinstance(value, str) else json.dumps(value)).encode())


def header(**members):
    """A header as this server writes it for HS256, but for these members; None takes one away."""
    members = {'alg': 'HS256', 'kid': 'hs', 'typ': ACCESS_TOKEN_TYPE, **members}
    return {name: value for name, value in members.items() if value is not None}


def claims(**members):
    """Claims that are good, but for these; None takes one away."""
    now = int(time.time())
    members = {'iss': ISSUER, 'aud': AUDIENCE, 'iat': now, 'exp': now + 3600, 'sub': '7', 'generation': 1, **members}
    return {name: value for name, value in members.items() if value is not None}


def by_hand(head, payload, secret=HS256.private):
    """A token that PyJWT would not write, with a valid HMAC."""
    signed = f'{segment(head)}.{segment(payload)}'
    return f'{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}'


def rsa_by_hand(head, payload):
    signed = f'{segment(head)}.{segment(payload)}'
    return f'{signed}.{base64url(RS256.private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}'


def read(token, **arguments):
    return decode(token, **{
        'keys': KEYS, 'token_type': ACCESS_TOKEN_TYPE, 'issuer': ISSUER, 'audiences': {AUDIENCE}, 'required': REQUIRED,
        **arguments})


class JwtCase(unittest.TestCase):

    def assertRefused(self, token, detail=None, **arguments):
        with self.assertRaises(InvalidToken) as caught:
            read(token, **arguments)
        self.assertEqual(caught.exception.description, REFUSED)
        self.assertNotIsInstance(caught.exception, ExpiredToken)
        if detail:
            self.assertEqual(caught.exception.detail, detail)

    NOT_CANONICAL = 'not a compact JWT in its canonical form'
    NOT_OURS = 'header is not one of ours, or the token is of another type'
    UNKNOWN_KEY = 'unknown key, or not its algorithm'
    WRONG_CLAIM = 'a claim has the wrong type, or is no possible time'


class TestRoundTrip(JwtCase):

    def test_what_is_signed_is_what_is_read(self):
        for key in KEYS.values():
            with self.subTest(key.algorithm):
                self.assertEqual(read(encode(claims(), key, ACCESS_TOKEN_TYPE)), claims())

    @requirement('RFC 7515', '4.1', 'The header has alg, kid and typ, and nothing more')
    def test_header_is_what_the_specifications_ask_for_and_nothing_more(self):
        for key in KEYS.values():
            with self.subTest(key.algorithm):
                self.assertEqual(
                    pyjwt.get_unverified_header(encode(claims(), key, ACCESS_TOKEN_TYPE)),
                    {'alg': key.algorithm, 'kid': key.kid, 'typ': 'at+jwt'})

    def test_equal_claims_make_equal_tokens(self):
        for key in KEYS.values():
            with self.subTest(key.algorithm):
                same = claims()
                self.assertEqual(encode(dict(same), key, REFRESH_TOKEN_TYPE), encode(dict(same), key,
                                 REFRESH_TOKEN_TYPE))

    @requirement('RFC 7515', '5.2', 'A token of another library is read')
    def test_token_does_not_depend_on_the_library_that_wrote_it(self):
        same = claims()
        payload = json.dumps(same, separators=(',', ':'))
        head = '{"alg":"HS256","kid":"hs","typ":"rt+jwt"}'  # sorted
        self.assertEqual(encode(same, HS256, REFRESH_TOKEN_TYPE), by_hand(head, payload))

    def test_claims_are_not_changed_by_signing(self):
        same = claims()
        before = dict(same)
        encode(same, HS256, ACCESS_TOKEN_TYPE)
        self.assertEqual(same, before)

    @requirement('RFC 8725', '3.11', 'Kinds of token are told apart by their type')
    def test_types_of_tokens_differ(self):
        self.assertEqual((ACCESS_TOKEN_TYPE, REFRESH_TOKEN_TYPE, ID_TOKEN_TYPE, USERINFO_TYPE),
                         ('at+jwt', 'rt+jwt', 'JWT', 'userinfo+jwt'))

    def test_tokens_made_by_hand_in_these_tests_are_good_before_they_are_spoilt(self):
        self.assertEqual(read(by_hand(header(), claims())), claims())
        self.assertEqual(read(rsa_by_hand(header(alg='RS256', kid='rs'), claims())), claims())

    @PROPERTY
    @given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
    def test_any_further_claims_are_read_back(self, further):
        members = {**{f'x{name}': value for name, value in further.items()}, **claims()}
        self.assertEqual(read(encode(members, HS256, ACCESS_TOKEN_TYPE)), members)


class TestLooksLikeJwt(unittest.TestCase):

    def test_two_dots_make_the_shape(self):
        for text, shape in {'a.b.c': True, '..': True, 'a.b': False, 'a.b.c.d': False, 'a': False, '': False,
                            '0123456789abcdef0123456789abcdef01234567': False}.items():
            with self.subTest(text):
                self.assertIs(looks_like_jwt(text), shape)

    def test_every_token_has_it(self):
        self.assertIs(looks_like_jwt(encode(claims(), HS256, ACCESS_TOKEN_TYPE)), True)


class TestNewId(unittest.TestCase):

    def test_has_128_bits_and_is_another_each_time(self):
        ids = {new_id() for _ in range(100)}
        self.assertEqual(len(ids), 100)
        self.assertEqual({len(base64.urlsafe_b64decode(value + '==')) for value in ids}, {16})


class TestKey(unittest.TestCase):

    def test_representation_shows_no_key_material(self):
        self.assertEqual(repr(HS256), "Key('hs', 'HS256')")
        self.assertEqual(f'{RS256}', "Key('rs', 'RS256')")


class TestPublicJwk(unittest.TestCase):

    @requirement('RFC 7518', '6.3.1', 'A published RSA key has its public members alone')
    def test_has_the_public_members_and_nothing_else(self):
        jwk = public_jwk(RS256)
        self.assertEqual(set(jwk), {'kty', 'n', 'e', 'kid', 'use', 'alg'})
        self.assertEqual(
            {name: jwk[name] for name in ('kty', 'e', 'kid', 'use', 'alg')},
            {'kty': 'RSA', 'e': 'AQAB', 'kid': 'rs', 'use': 'sig', 'alg': 'RS256'})

    def test_verifies_a_token(self):
        for key in PAIRS:
            with self.subTest(key.algorithm):
                jwk = pyjwt.PyJWK(json.loads(json.dumps(public_jwk(key))))
                same = claims()
                self.assertEqual(pyjwt.decode(encode(same, key, ACCESS_TOKEN_TYPE), jwk, audience=AUDIENCE), same)

    @requirement('RFC 7518', '6.2.1', 'A published elliptic curve key has its public members alone')
    def test_of_an_elliptic_curve_has_its_public_members(self):
        jwk = public_jwk(ES256)
        self.assertEqual(set(jwk), {'kty', 'crv', 'x', 'y', 'kid', 'use', 'alg'})
        self.assertEqual((jwk['kty'], jwk['crv'], jwk['alg']), ('EC', 'P-256', 'ES256'))

    def test_of_an_edwards_curve_has_its_public_members(self):  # RFC 8037 §2
        jwk = public_jwk(EDDSA)
        self.assertEqual(set(jwk), {'kty', 'crv', 'x', 'kid', 'use', 'alg'})
        self.assertEqual((jwk['kty'], jwk['crv'], jwk['alg']), ('OKP', 'Ed25519', 'EdDSA'))

    def test_has_no_private_member_whatever_key_is_given(self):
        for key in (HS256, *(pair._replace(public=pair.private) for pair in PAIRS)):
            with self.subTest(key.algorithm):
                # RFC 7518 §6.2.2, §6.3.2, §6.4.1
                self.assertEqual(set(public_jwk(key)) & {'d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'}, set())


class TestHalfHash(unittest.TestCase):

    @requirement('OIDC Core', '3.1.3.6', 'at_hash is the left half of the hash that the signature uses')
    def test_left_half_of_the_hash_of_the_algorithm(self):
        # The one of the specification's own example, with SHA-256.
        text = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'
        for key in (RS256, ES256):
            self.assertEqual(half_hash(text, key), '77QmUPtjPfzWtF2AnpK9RQ')
        self.assertEqual(half_hash(text, EDDSA), base64url(hashlib.sha512(text.encode()).digest()[:32]))


class TestHeader(JwtCase):

    def test_token_of_another_type_is_refused(self):
        for token_type in (REFRESH_TOKEN_TYPE, 'JWT', 'jwt', 'AT+JWT', 'application/at+jwt', '', 1, ['at+jwt'], True):
            with self.subTest(token_type):
                self.assertRefused(by_hand(header(typ=token_type), claims()), self.NOT_OURS)
        self.assertRefused(by_hand(header(), claims()), self.NOT_OURS, token_type=REFRESH_TOKEN_TYPE)

    def test_header_that_lacks_a_member_is_refused(self):
        for name in ('alg', 'kid', 'typ'):
            with self.subTest(name):
                self.assertRefused(by_hand(header(**{name: None}), claims()), self.NOT_OURS)

    def test_member_that_is_null_is_refused(self):
        for name in ('alg', 'kid', 'typ'):
            with self.subTest(name):
                self.assertRefused(by_hand({**header(), name: None}, claims()))

    def test_header_with_a_further_member_is_refused(self):
        public = public_jwk(RS256)
        for further in (
                {'jwk': public}, {'jwk': {'kty': 'oct', 'k': base64url(b'secret')}},
                {'jku': 'https://evil.example/keys'}, {'x5u': 'https://evil.example/certificate'}, {'x5c': ['MIIB']},
                {'x5t': 'a'}, {'cty': 'JWT'}, {'zip': 'DEF'}, {'b64': True}, {'enc': 'A256GCM'}, {'p2c': 10**9},
                {'': ''}, {'KID': 'hs'}):
            with self.subTest(further):
                self.assertRefused(by_hand(header(**further), claims()), self.NOT_OURS)

    @requirement('RFC 7515', '4.1.11', 'A critical extension that is not understood makes the token invalid')
    def test_critical_extensions_are_refused(self):
        for further in ({'crit': ['b64'], 'b64': False}, {'crit': ['b64'], 'b64': True}, {'crit': []},
        {'crit': ['exp'], 'exp': 1},
                        {'crit': 'b64'}, {'crit': None}, {'b64': False}, {'crit': [[]]}, {'crit': ['b64']}):
            with self.subTest(further):
                self.assertRefused(by_hand({**header(), **further}, claims()))

    @requirement('RFC 7797', '6', 'A payload that is not encoded is refused')
    def test_payload_that_is_not_encoded_is_refused(self):
        head = segment({**header(), 'b64': False, 'crit': ['b64']})
        payload = 'admin'
        signature = base64url(hmac.digest(HS256.private, f'{head}.{payload}'.encode(), hashlib.sha256))
        self.assertRefused(f'{head}.{payload}.{signature}')
        self.assertRefused(f'{head}..{signature}', self.NOT_CANONICAL)

    def test_kid_that_is_no_string_is_refused(self):
        for kid in (1, 0, 1.5, True, False, [], ['hs'], {}, {'hs': 'hs'}, [['hs']]):
            with self.subTest(kid):
                self.assertRefused(by_hand({**header(), 'kid': kid}, claims()))

    @requirement('RFC 7515', '4.1.4', 'kid names one of our keys, or the token is refused')
    def test_unknown_key_is_refused(self):
        for kid in ('', 'HS', 'hs ', 'hs\0', 'other', "' OR 1=1 --", "hs' UNION SELECT 'x", '../../../../dev/null',
        '/dev/null',
                    'https://evil.example/key', '__class__', 'é', '\ud800', 'hs' * 1000):
            with self.subTest(kid[:30]):
                self.assertRefused(by_hand(header(kid=kid), claims()), self.UNKNOWN_KEY)
                self.assertRefused(by_hand(header(kid=kid), claims()), self.UNKNOWN_KEY, keys={'hs': HS256})
        self.assertRefused(by_hand(header(), claims()), self.UNKNOWN_KEY, keys={})

    def test_header_that_is_no_object_is_refused(self):
        for head in ('[]', 'null', '"a"', '1', '', '{', '{}', 'NaN', '\0', '{"alg": "HS256"', "{'alg': 'HS256'}"):
            with self.subTest(head):
                self.assertRefused(by_hand(head, claims()))

    def test_deep_header_is_refused(self):
        for head in ('[' * 5000, '[' * 2500 + ']' * 2500, '{"a":' * 1000, '{"a":' * 900 + '1' + '}' * 900,
                     '{"alg":"HS256","typ":"at+jwt","kid":%s}' % ('[' * 2000 + ']' * 2000)):
            token = by_hand(head, claims())
            with self.subTest(head[:5]):
                self.assertLess(len(token), LIMIT)  # it gets as far as the parser
                self.assertRefused(token)


class TestAlgorithm(JwtCase):

    @requirement('RFC 8725', '3.2', 'none is no algorithm')
    def test_none_in_any_spelling_is_refused(self):
        for algorithm in ('none', 'None', 'NONE', 'nOnE', 'none ', '', 'null'):
            for kid in KEYS:
                head, payload = segment(header(alg=algorithm, kid=kid)), segment(claims())
                with self.subTest(algorithm, kid=kid):
                    self.assertRefused(f'{head}.{payload}.', self.NOT_CANONICAL)
                    self.assertRefused(f'{head}.{payload}.AAAA', self.UNKNOWN_KEY)
                    self.assertRefused(by_hand(header(alg=algorithm, kid=kid), claims()), self.UNKNOWN_KEY)

    @requirement('RFC 8725', '3.1', 'A key has one algorithm, and a token cannot choose another')
    def test_algorithm_that_is_not_the_one_of_the_key_is_refused(self):
        for algorithm in ('HS384', 'HS512', 'RS256', 'RS384', 'PS256', 'ES256', 'EdDSA', 'hs256', 1, True, [],
        ['HS256'], {}):
            with self.subTest(algorithm):
                self.assertRefused(by_hand(header(alg=algorithm), claims()), self.UNKNOWN_KEY)

    @requirement('RFC 8725', '3.1', 'A key has one algorithm, and a token cannot choose another')
    def test_public_key_of_the_server_is_no_secret_to_sign_with(self):
        public = RS256.public
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        jwk = public_jwk(RS256)
        secrets = {
            'PEM': pem, 'PEM without its last line end': pem.strip(), 'PEM with CR LF': pem.replace(b'\n', b'\r\n'),
            'PEM of PKCS #1': public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1),
            'DER': public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
            'DER of PKCS #1': public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1),
            'JWK': json.dumps(jwk).encode(), 'JWK without spaces': json.dumps(jwk, separators=(',', ':')).encode(),
            'modulus': jwk['n'].encode(), 'nothing': b'', 'kid': b'rs',
            'the key as Python shows it': str(public).encode(),
        }
        for what, secret in secrets.items():
            with self.subTest(what):
                self.assertRefused(by_hand(header(kid='rs'), claims(), secret), self.UNKNOWN_KEY)
                self.assertRefused(by_hand(header(kid='rs', alg='RS256'), claims(), secret), 'InvalidSignatureError')
                self.assertRefused(by_hand(header(), claims(), secret), 'InvalidSignatureError')

    def test_key_names_the_algorithm_also_when_there_is_but_one_key(self):
        self.assertRefused(
            by_hand(header(kid='rs'), claims(), b'x' * 32), self.UNKNOWN_KEY, keys={'rs': RS256})


class TestSignature(JwtCase):

    @requirement('RFC 7515', '5.2', 'A signature of another key is refused')
    def test_signature_of_another_key_is_refused(self):
        other_hs = HS256._replace(private=b'x' * 32)
        other_rs = RS256._replace(private=_other_rsa)
        for key in (other_hs, other_rs):
            with self.subTest(key.algorithm):
                self.assertRefused(encode(claims(), key, ACCESS_TOKEN_TYPE), 'InvalidSignatureError')

    def test_signature_of_another_token_is_refused(self):
        one, other = (encode(claims(sub=sub), HS256, ACCESS_TOKEN_TYPE).split('.') for sub in ('7', '8'))
        self.assertRefused('.'.join([*one[:2], other[2]]), 'InvalidSignatureError')
        self.assertRefused('.'.join([one[0], other[1], one[2]]), 'InvalidSignatureError')

    def test_expired_token_with_a_wrong_signature_is_no_expired_token(self):
        expired = claims(iat=1, exp=2)
        self.assertRefused(by_hand(header(), expired, b'x' * 32), 'InvalidSignatureError')
        self.assertRefused(by_hand(header(kid='other'), expired), self.UNKNOWN_KEY)
        self.assertRefused(by_hand(header(typ='rt+jwt'), expired), self.NOT_OURS)
        self.assertRefused(by_hand(header(), expired)[:-1] + '!', self.NOT_CANONICAL)


class TestShape(JwtCase):

    def test_anything_around_or_within_a_token_is_refused(self):
        token = by_hand(header(), claims())
        head, payload, signature = token.split('.')
        for bad in (
                '', '.', '..', '...', 'a', 'a.b', f'{head}.{payload}', f'{head}.{payload}.', f'.{payload}.{signature}',
                f'{head}..{signature}', token + '.', '.' + token, token + '.' + signature, f' {token}', f'{token} ',
                f'{token}\n', f'\n{token}', f'{token}\0', f'{head} .{payload}.{signature}',
                f'{head}.\n{payload}.{signature}', f'{token}=', f'{token}==', f'{head}=.{payload}.{signature}',
                f'{head}.{payload}=.{signature}', f'{token}é', f'{token}\ud800', token.replace('.', '．'),
                f'Bearer {token}', f'"{token}"', f'{token},{token}', token + '٣',
                json.dumps({'protected': head, 'payload': payload, 'signature': signature})):
            with self.subTest(ascii(bad[:20]), length=len(bad)):
                self.assertRefused(bad, self.NOT_CANONICAL)

    def test_truncated_token_is_refused(self):
        token = by_hand(header(), claims())
        for length in range(len(token)):
            with self.subTest(length):
                self.assertRefused(token[:length])

    def test_one_more_character_is_refused(self):
        token = by_hand(header(), claims())
        for character in 'Aa0-_':
            with self.subTest(character):
                self.assertRefused(token + character)
                self.assertRefused(character + token)

    def test_signature_has_one_spelling_only(self):
        alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        token = by_hand(header(), claims())
        spellings = [token[:-1] + character for character in alphabet]
        signature = base64.urlsafe_b64decode(token.rpartition('.')[2] + '=')
        same_bytes = [spelling for spelling in spellings
                      if base64.urlsafe_b64decode(spelling.rpartition('.')[2] + '=') == signature and spelling != token]
        self.assertEqual(len(same_bytes), 3)
        for spelling in same_bytes:
            with self.subTest(spelling[-1]):
                self.assertRefused(spelling, self.NOT_CANONICAL)

    def test_signature_in_the_other_base64_alphabet_is_refused(self):
        head, payload, signature = next(
            token.split('.') for token in (by_hand(header(), claims(sub=str(number))) for number in range(1000))
            if {'-', '_'} <= set(token.rpartition('.')[2]))
        self.assertRefused('.'.join([head, payload, signature.replace('-', '+').replace('_', '/')]), self.NOT_CANONICAL)

    def test_signature_of_an_impossible_length_is_refused(self):
        head, payload, signature = by_hand(header(), claims()).split('.')
        for length in (1, 5, 41):
            with self.subTest(length):
                self.assertRefused(f'{head}.{payload}.{signature[:length]}', self.NOT_CANONICAL)

    def test_longest_token_is_read_and_one_character_more_is_not(self):
        self.assertEqual(LIMIT, 8192)
        # Base64 leaves one length of four out; the two algorithms leave out different ones.
        self.assertEqual(read(self._token_of_length(8192, HS256))['sub'], '7')
        self.assertRefused(self._token_of_length(8193, RS256), self.NOT_CANONICAL)

    def _token_of_length(self, length, key):
        spare = (length - len(encode(claims(x=''), key, ACCESS_TOKEN_TYPE))) * 3 // 4
        tokens = (encode(claims(x='a' * more), key, ACCESS_TOKEN_TYPE) for more in range(spare - 3, spare + 4))
        return next(token for token in tokens if len(token) == length)

    def test_huge_token_is_refused(self):
        token = by_hand(header(), claims())
        for huge in (token + 'A' * 8_000_000, 'A' * 8_000_000, '.' * 8_000_000, 'A.' * 4_000_000,
                     by_hand(header(), claims(x='a' * 6_000_000))):
            with self.subTest(huge[:2]):
                self.assertRefused(huge, self.NOT_CANONICAL)

    @PROPERTY
    @given(st.one_of(st.text(), st.text('ab.-_=').map('a.b.'.__add__),
                     st.lists(st.binary().map(base64url), min_size=3, max_size=3).map('.'.join)))
    def test_any_text_is_refused(self, text):
        self.assertRefused(text)

    JSON_VALUES = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=5)

    @PROPERTY
    @given(st.sampled_from(['alg', 'kid', 'typ', 'crit', 'b64', 'jwk', 'cty']), JSON_VALUES)
    def test_any_other_value_in_the_header_is_refused(self, name, value):
        if {**header(), name: value} != header():
            self.assertRefused(by_hand({**header(), name: value}, claims()))

    @PROPERTY
    @given(st.sampled_from(['iss', 'aud', 'iat', 'exp', 'sub', 'generation', 'nbf', 'jti']), JSON_VALUES)
    def test_any_value_of_a_claim_is_read_or_refused(self, name, value):
        try:
            found = read(by_hand(header(), {**claims(), name: value}))
        except InvalidToken as error:
            self.assertEqual(error.description, REFUSED)
            return
        self.assertEqual(
            {name: type(found[name]) for name in ('iss', 'aud', 'iat', 'exp', 'sub', 'generation')},
            {'iss': str, 'aud': str, 'iat': int, 'exp': int, 'sub': str, 'generation': int})


class TestClaims(JwtCase):

    @requirement('RFC 7519', '4.1.1', 'Another issuer is refused')
    def test_another_issuer_is_refused(self):
        for issuer in ('https://evil.example', ISSUER + '/', ISSUER.upper(), '', [ISSUER], [], {}, 1, True,
        ISSUER[:-1]):
            with self.subTest(issuer):
                self.assertRefused(by_hand(header(), claims(iss=issuer)))

    @requirement('RFC 7519', '4.1.3', 'Another audience is refused')
    @requirement('OWASP ASVS 5.0', '10.3.1', 'A token with another audience is refused')
    def test_another_audience_is_refused(self):
        for audience in ('https://evil.example', AUDIENCE + '/', ISSUER, '', [AUDIENCE], [AUDIENCE, 'x'], [],
        {AUDIENCE: 1}, 1, True):
            with self.subTest(audience):
                self.assertRefused(by_hand(header(), claims(aud=audience)))

    def test_token_of_another_server_is_refused_here(self):
        token = by_hand(header(), claims())
        self.assertRefused(token, issuer='https://other.example.com')
        self.assertRefused(token, audiences={'https://other.example.com'})
        self.assertRefused(token, audiences=())

    @requirement('RFC 9068', '4', 'A token is taken only by a resource that it names')
    def test_one_of_several_audiences_is_enough(self):
        for audience in (AUDIENCE, ISSUER):
            token = by_hand(header(), claims(aud=audience))
            self.assertEqual(read(token, audiences=[ISSUER, AUDIENCE])['aud'], audience)
        self.assertRefused(by_hand(header(), claims(aud=[ISSUER, AUDIENCE])), audiences=[ISSUER, AUDIENCE])

    def test_who_looks_at_the_audience_itself_gets_any_text_but_nothing_else(self):
        self.assertEqual(read(by_hand(header(), claims(aud='client')), audiences=None)['aud'], 'client')
        for audience in ([AUDIENCE], {AUDIENCE: 1}, 1, True, None):
            with self.subTest(audience):
                self.assertRefused(by_hand(header(), claims(aud=audience)), audiences=None)

    @requirement('OIDC RP-Initiated Logout', '2', 'An ID token that has expired still says who somebody was')
    def test_token_may_be_expired_only_where_the_caller_says_so(self):
        expired = by_hand(header(), claims(exp=int(time.time()) - 10**6))
        self.assertLess(read(expired, may_be_expired=True)['exp'], time.time())
        with self.assertRaises(ExpiredToken):
            read(expired)
        for spoilt in (claims(exp=None), claims(exp='x'), claims(exp=1.5), claims(exp=True), claims(exp=10**30)):
            with self.subTest(spoilt.get('exp')):
                self.assertRefused(by_hand(header(), spoilt), may_be_expired=True)
        self.assertRefused(by_hand(header(), claims(exp=1), b'another key of thirty-two bytes.'), may_be_expired=True)

    def test_missing_claim_is_refused(self):
        for name in ('iss', 'aud', 'iat', 'exp', *REQUIRED):
            with self.subTest(name):
                self.assertRefused(by_hand(header(), claims(**{name: None})), 'MissingRequiredClaimError')
                self.assertRefused(by_hand(header(), {**claims(), name: None}), 'MissingRequiredClaimError')

    def test_required_claim_of_another_type_is_refused(self):
        for name, values in {
            'generation': (True, False, 1.0, '1', [1], {}), 'sub': (7, 7.0, True, ['7'], {}),
            'jti': (1, True, []), 'iat': (True, False, 1.0, '1', [1], {}), 'exp': (4e9, '4000000000', [4000000000], {}),
        }.items():
            for value in values:
                with self.subTest(name, value=value):
                    token = by_hand(header(), claims(**{'jti': 'a', name: value}))
                    self.assertRefused(token, required={**REQUIRED, 'jti': str})

    def test_boolean_is_no_number(self):
        for value in (True, False):
            with self.subTest(value):
                self.assertRefused(by_hand(header(), claims(generation=value)), self.WRONG_CLAIM)
                self.assertRefused(by_hand(header(), claims(iat=value)), self.WRONG_CLAIM)

    def test_claims_that_are_not_required_may_be_missing(self):
        self.assertEqual(read(by_hand(header(), claims(sub=None, generation=None)), required={})['iss'], ISSUER)

    @requirement('RFC 7519', '4.1.4', 'An expired token is refused')
    def test_expired_token_is_known_as_such(self):
        now = int(time.time())
        for expiry in (now, now - 1, 1, 0, -1, -10**30):
            with self.subTest(expiry), self.assertRaises(ExpiredToken) as caught:
                read(by_hand(header(), claims(exp=expiry)))
            self.assertEqual((caught.exception.description, caught.exception.detail), (REFUSED, 'expired'))

    def test_expiry_that_is_no_whole_number_is_never_good(self):
        for expiry in ('1', 'x', '', 'NaN', True, False, 4e9, 4000000000.5, 1e308, [], {}, [4000000000], '4000000000'):
            with self.subTest(expiry), self.assertRaises(InvalidToken) as caught:
                read(by_hand(header(), claims(exp=expiry)))
            self.assertEqual(caught.exception.description, REFUSED)

    def test_expiry_is_a_number_that_every_program_reads_alike(self):
        self.assertEqual(read(by_hand(header(), claims(exp=2**53)))['exp'], 2**53)
        for expiry in (2**53 + 1, 10**30):
            with self.subTest(expiry):
                self.assertRefused(by_hand(header(), claims(exp=expiry)), self.WRONG_CLAIM)

    def test_numbers_beyond_all_bounds_raise_nothing_else(self):
        for name in ('exp', 'iat', 'nbf', 'generation', 'sub'):
            for number in ('1e999', '-1e999', 'NaN', 'Infinity', '-Infinity', '9' * 4000, '-' + '9' * 4000, '9' * 5000,
            '1e-999'):
                payload = json.dumps(claims(**{name: 'HERE'})).replace('"HERE"', number)
                with self.subTest(name, number=number[:10]):
                    try:
                        found = read(by_hand(header(), payload))
                    except InvalidToken as error:
                        self.assertEqual(error.description, REFUSED)
                    else:
                        self.assertIn((name, type(found[name])), [('exp', int), ('generation', int), ('nbf', int),
                                      ('nbf', float)])

    @requirement('RFC 7519', '4.1.5', 'A token that is not good yet is refused')
    def test_token_that_is_not_good_yet_is_refused(self):
        now = int(time.time())
        self.assertEqual(read(by_hand(header(), claims(nbf=now)))['nbf'], now)
        for not_before in (now + 3600, 10**30, 'x', [], {}):
            with self.subTest(not_before):
                self.assertRefused(by_hand(header(), claims(nbf=not_before)))

    @requirement('attack', '70', 'The clocks of two hosts may be a minute apart, and no more')
    def test_clocks_of_two_hosts_may_be_a_minute_apart(self):
        now = int(time.time())
        for issued, good in ((0, True), (now - 10**6, True), (now + 40, True), (now + 120, False), (10**30, False),
                             (-1, False), (-10**30, False)):
            token = by_hand(header(), claims(iat=issued))
            with self.subTest(issued):
                if good:
                    self.assertEqual(read(token)['iat'], issued)
                else:
                    self.assertRefused(token, self.WRONG_CLAIM)

    @requirement('RFC 7519', '7.2', 'The payload is one JSON object')
    def test_payload_that_is_no_object_is_refused(self):
        for payload in ('[]', 'null', '"a"', '1', '', '{', '{}', 'NaN', '[{}]', '\0', "{'iss': 'a'}"):
            with self.subTest(payload):
                self.assertRefused(by_hand(header(), payload))

    def test_payload_that_is_not_utf_8_is_refused(self):
        signed = f'{segment(header())}.{base64url(b"{%s: 1}" % bytes([34, 255, 34]))}'
        signature = base64url(hmac.digest(HS256.private, signed.encode(), hashlib.sha256))
        self.assertRefused(f'{signed}.{signature}')

    def test_deep_payload_is_refused(self):
        for payload in ('[' * 5000, '[' * 2500 + ']' * 2500, '{"a":' * 1000, '{"a":' * 900 + '1' + '}' * 900):
            token = by_hand(header(), payload)
            with self.subTest(payload[:5]):
                self.assertLess(len(token), LIMIT)  # it gets as far as the parser
                self.assertRefused(token)


if __name__ == '__main__':
    unittest.main()
