import unittest

from requirement import requirement

from protocol.bearer import challenge
from protocol.errors import ExpiredToken, InsufficientScope, InvalidToken, NoToken


class TestChallenge(unittest.TestCase):

    @requirement('RFC 6750', '3.1', 'A request without a token is told how to come, and no error code')
    def test_request_without_a_token_made_no_error(self):
        self.assertEqual(challenge(NoToken()), 'Bearer realm="Odoo"')
        self.assertEqual(challenge(NoToken(), scope='a b'), 'Bearer realm="Odoo", scope="a b"')

    @requirement('RFC 6750', '3', 'The challenge has the error and its description')
    def test_bad_token_is_told_so(self):
        for error in (InvalidToken('the token is no good'), ExpiredToken('the token is no good')):
            self.assertEqual(
                challenge(error), 'Bearer error="invalid_token", error_description="the token is no good"')

    @requirement('RFC 6750', '3.1', 'A token that is too narrow is told the scope that it lacks')
    def test_narrow_token_is_told_what_is_missing(self):
        self.assertEqual(
            challenge(InsufficientScope('openid')),
            'Bearer error="insufficient_scope", '
            'error_description="the access token does not suffice: ask for the scope openid", '
            'scope="openid"')

    @requirement('RFC 9728', '5.1', 'A challenge names the address of the metadata')
    def test_every_challenge_may_name_the_metadata(self):
        address = 'https://odoo.example.com/.well-known/oauth-protected-resource'
        for error in (NoToken(), InvalidToken('no'), InsufficientScope('odoo')):
            self.assertEqual(challenge(error, address), f'{challenge(error)}, resource_metadata="{address}"')

    def test_detail_for_the_log_stays_out(self):
        self.assertNotIn('expired', challenge(InvalidToken('no', detail='expired')))


if __name__ == '__main__':
    unittest.main()
