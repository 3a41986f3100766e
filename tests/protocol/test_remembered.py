"""Tokens whose signatures were verified before."""
import time
import unittest
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec
from requirement import requirement

from protocol import jwt
from protocol.errors import ExpiredToken, InvalidToken
from protocol.remembered import RememberedTokens

ISSUER, API = 'https://odoo.example.com', 'https://odoo.example.com/json/2'
PRIVATE = ec.generate_private_key(ec.SECP256R1())
KEY = jwt.Key('1', 'ES256', PRIVATE, PRIVATE.public_key())


class TestRemembered(unittest.TestCase):

    def setUp(self):
        super().setUp()
        self.tokens = RememberedTokens('at+jwt', {'sub': str}, most=3)
        self.token = self.new()
        self.assertEqual(self.decode()['sub'], 'ann')

    def new(self, lifetime=60, subject='ann', token_type='at+jwt'):
        now = int(time.time())
        return jwt.encode({'iss': ISSUER, 'aud': ISSUER, 'iat': now, 'exp': now + lifetime, 'sub': subject}, KEY,
                          token_type)

    def decode(self, token=None, keys=KEY, issuer=ISSUER, audiences=(ISSUER,)):
        keys = {keys.kid: keys} if keys else {}
        return self.tokens.decode(token or self.token, keys, issuer, audiences)

    def is_verified(self, **options):
        """Whether a token is verified, and not only remembered."""
        with patch.object(jwt, 'verify', wraps=jwt.verify) as verify:
            self.decode(**options)
        return verify.called

    def test_a_signature_is_verified_once(self):
        self.assertFalse(self.is_verified())
        self.assertTrue(self.is_verified(token=self.new(subject='bob')))

    @requirement('attack', '69', 'A deleted key verifies nothing, not even what was verified before')
    def test_a_key_that_is_gone(self):
        with self.assertRaises(InvalidToken):
            self.decode(keys=None)
        other = ec.generate_private_key(ec.SECP256R1())
        with self.assertRaises(InvalidToken):
            self.decode(keys=jwt.Key('1', 'ES256', other, other.public_key()))
        self.assertTrue(self.is_verified(keys=jwt.Key(*KEY)))

    @requirement('RFC 9068', '4', 'Audience, issuer and expiry of a token are checked each time')
    def test_what_is_checked_each_time(self):
        with self.assertRaisesRegex(InvalidToken, jwt.REFUSED):
            self.decode(audiences=[API])
        with self.assertRaises(InvalidToken):
            self.decode(issuer='https://other.example.com')
        with patch('protocol.remembered.time.time', return_value=time.time() + 61), self.assertRaises(ExpiredToken):
            self.decode()

    def test_what_is_refused_is_not_remembered(self):
        for token in (self.new(lifetime=-1), self.new(token_type='rt+jwt'), self.token[:-3] + 'AAA', '\ud800', ''):
            for _again in range(2):
                with self.assertRaises(InvalidToken):
                    self.tokens.decode(token, {'1': KEY}, ISSUER, [ISSUER])

    def test_a_changed_claim_changes_nothing_for_others(self):
        self.decode()['sub'] = 'mallory'
        self.assertEqual(self.decode()['sub'], 'ann')

    def test_the_oldest_go_first(self):
        for number in range(3):
            self.decode(self.new(subject=str(number)))
        self.assertEqual(len(self.tokens._tokens), 3)
        self.assertTrue(self.is_verified())

    def test_no_token_is_kept(self):
        self.assertNotIn(self.token, repr(vars(self.tokens)))
