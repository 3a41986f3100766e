"""RFC 7636: Proof Key for Code Exchange. Optional where the code goes straight to a program."""
from .browser import AllowedCase
from .requirement import requirement

# RFC 7636 appendix B.
VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'


class TestPKCE(AllowedCase):

    def challenged_code(self):
        return self.code(code_challenge=CHALLENGE, code_challenge_method='S256')

    @requirement('RFC 7636', '4.6', 'The verifier that the challenge was made of opens the code')
    def test_the_right_verifier(self):
        self.assertEqual(self.redeem(self.challenged_code(), code_verifier=VERIFIER).status_code, 200)

    @requirement('RFC 7636', '4.6', 'Another verifier, or none, does not, and does not use the code up')
    @requirement('OWASP ASVS 5.0', '10.4.6', 'Only the right verifier opens the code')
    def test_wrong_verifiers(self):
        code = self.challenged_code()
        for verifier in (None, VERIFIER[:-1], VERIFIER + 'A', VERIFIER[:-1] + 'A', CHALLENGE, 'x' * 129, 'ü' * 43):
            with self.subTest(verifier):
                self.assertRefused(self.redeem(code, code_verifier=verifier), 400, 'invalid_grant')
        self.assertEqual(self.redeem(code, code_verifier=VERIFIER).status_code, 200)

    @requirement('RFC 9700', '4.8.2', 'A verifier without a challenge is refused')
    def test_a_challenge_that_was_taken_away(self):
        self.assertRefused(self.redeem(self.code(), code_verifier=VERIFIER), 400, 'invalid_grant')

    @requirement('RFC 9700', '2.1.1', 'S256 is the only method')
    @requirement('RFC 7636', '4.4.1', 'A method that is not supported is invalid_request')
    @requirement('OWASP ASVS 5.0', '10.4.6', 'plain is refused')
    def test_no_other_method(self):
        for method in (None, 'plain', 's256', 'S512', 'S256 '):
            with self.subTest(method):
                response = self.authorize(code_challenge=CHALLENGE, code_challenge_method=method)
                self.assertRefused(response, 400, 'invalid_request')

    @requirement('RFC 7636', '4.2', 'A challenge is 43 characters of base64url')
    def test_a_challenge_is_43_characters_of_base64url(self):
        for challenge in (None, CHALLENGE[:-1], CHALLENGE + 'A', CHALLENGE[:-1] + '=', CHALLENGE[:-1] + '+'):
            with self.subTest(challenge):
                response = self.authorize(code_challenge=challenge, code_challenge_method='S256')
                self.assertRefused(response, 400, 'invalid_request')
