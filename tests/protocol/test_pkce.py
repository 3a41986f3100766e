import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.pkce import METHOD, challenge_of, is_challenge, is_verifier, verifies

# RFC 7636 appendix B.
VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
UNRESERVED = BASE64URL + '.~'
NOT_UNRESERVED = ' !"#$%&\'()*+,/:;<=>?@[\\]^`{|}\n\r\t\0\x7fé٣Ａ'


class TestVerifier(unittest.TestCase):

    @requirement('RFC 7636', '4.1', 'A verifier has 43 to 128 characters')
    def test_has_43_to_128_characters(self):
        for length, good in ((0, False), (42, False), (43, True), (128, True), (129, False)):
            with self.subTest(length):
                self.assertIs(is_verifier('a' * length), good)

    @requirement('RFC 7636', '4.1', 'A verifier is made of unreserved characters')
    def test_is_made_of_unreserved_characters(self):
        for character in UNRESERVED:
            with self.subTest(character):
                self.assertIs(is_verifier(character * 43), True)
        for character in NOT_UNRESERVED:
            with self.subTest(character):
                self.assertIs(is_verifier('a' * 42 + character), False)
                self.assertIs(is_verifier(character + 'a' * 42), False)

    def test_line_end_after_it_is_not_overlooked(self):
        self.assertIs(is_verifier(VERIFIER + '\n'), False)


class TestChallenge(unittest.TestCase):

    @requirement('RFC 7636', '4.2', 'The method is S256')
    def test_method_is_s256(self):
        self.assertEqual(METHOD, 'S256')

    @requirement('RFC 7636', 'B', 'The example of the specification')
    def test_example_of_the_rfc(self):
        self.assertEqual(challenge_of(VERIFIER), CHALLENGE)

    def test_has_43_characters(self):
        for length, good in ((0, False), (42, False), (43, True), (44, False), (128, False)):
            with self.subTest(length):
                self.assertIs(is_challenge('a' * length), good)

    @requirement('RFC 7636', '4.2', 'A challenge is 43 characters of base64url')
    def test_is_made_of_base64url_characters(self):
        for character in BASE64URL:
            with self.subTest(character):
                self.assertIs(is_challenge(character * 43), True)
        for character in NOT_UNRESERVED + '.~':
            with self.subTest(character):
                self.assertIs(is_challenge('a' * 42 + character), False)

    def test_line_end_after_it_is_not_overlooked(self):
        self.assertIs(is_challenge(CHALLENGE + '\n'), False)

    @PROPERTY
    @given(st.text(UNRESERVED, min_size=43, max_size=128))
    def test_every_verifier_has_one(self, verifier):
        self.assertIs(is_challenge(challenge_of(verifier)), True)
        self.assertIs(verifies(verifier, challenge_of(verifier)), True)


class TestVerifies(unittest.TestCase):

    @requirement('RFC 7636', 'B', 'The example of the specification')
    def test_example_of_the_rfc(self):
        self.assertIs(verifies(VERIFIER, CHALLENGE), True)

    def test_another_verifier_does_not_fit(self):
        self.assertIs(verifies(VERIFIER[:-1] + 'l', CHALLENGE), False)

    @requirement('RFC 9700', '2.1.1', 'plain is not known')
    def test_verifier_is_not_compared_with_itself_as_with_the_method_plain(self):
        self.assertIs(verifies(CHALLENGE, CHALLENGE), False)

    def test_text_that_is_no_verifier_fits_nothing_though_its_hash_be_the_same(self):
        for text in ('a' * 42, 'a' * 129, 'a' * 42 + '+', 'a' * 43 + '\n', ''):
            with self.subTest(text):
                self.assertIs(verifies(text, challenge_of(text)), False)

    def test_challenge_that_is_none_fits_no_verifier(self):
        for challenge in ('', CHALLENGE + '=', CHALLENGE + '\n', CHALLENGE[:-1] + 'é'):
            with self.subTest(challenge):
                self.assertIs(verifies(VERIFIER, challenge), False)

    @PROPERTY
    @given(st.text(), st.text())
    def test_any_two_texts_are_told_apart(self, verifier, challenge):
        self.assertIs(verifies(verifier, challenge), False)
        self.assertIs(verifies(VERIFIER, challenge), False)
        self.assertIs(verifies(verifier, CHALLENGE), False)


if __name__ == '__main__':
    unittest.main()
