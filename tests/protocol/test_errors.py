import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol import errors
from protocol.errors import (
    ExpiredToken,
    InsufficientScope,
    InvalidClient,
    InvalidRequest,
    InvalidToken,
    IssuerNotSet,
    MethodNotAllowed,
    NoToken,
    OAuthError,
    RedirectURIRefused,
    StalePage,
    TemporarilyUnavailable,
)

# RFC 6749 §5.2: error_description.
DESCRIPTION_CHARACTERS = ''.join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\')

CODES = {
    'OAuthError': ('server_error', 500),
    'InvalidRequest': ('invalid_request', 400),
    'StalePage': ('invalid_request', 400),
    'RedirectURIRefused': ('invalid_request', 400),
    'PKCELeftOut': ('invalid_request', 400),
    'MethodNotAllowed': ('invalid_request', 405),
    'RequestTooLarge': ('invalid_request', 413),
    'InvalidClient': ('invalid_client', 401),
    'ClientNotLetIn': ('invalid_client', 401),
    'InvalidGrant': ('invalid_grant', 400),
    'UnknownGrant': ('invalid_grant', 400),
    'UnauthorizedClient': ('unauthorized_client', 400),
    'UnsupportedGrantType': ('unsupported_grant_type', 400),
    'UnsupportedResponseType': ('unsupported_response_type', 400),
    'UnsupportedTokenType': ('unsupported_token_type', 400),
    'InvalidScope': ('invalid_scope', 400),
    'InvalidTarget': ('invalid_target', 400),
    'AccessDenied': ('access_denied', 403),
    'NotAdmitted': ('access_denied', 403),
    'DeviceDenied': ('access_denied', 400),
    'AuthorizationPending': ('authorization_pending', 400),
    'SlowDown': ('slow_down', 400),
    'DeviceCodeExpired': ('expired_token', 400),
    'LoginRequired': ('login_required', 401),
    'AccountSelectionRequired': ('account_selection_required', 401),
    'ConsentRequired': ('consent_required', 401),
    'RequestNotSupported': ('request_not_supported', 400),
    'RequestURINotSupported': ('request_uri_not_supported', 400),
    'RegistrationNotSupported': ('registration_not_supported', 400),
    'TemporarilyUnavailable': ('temporarily_unavailable', 503),
    'TooManyRequests': ('temporarily_unavailable', 429),
    'IssuerNotSet': ('temporarily_unavailable', 503),
    'NotFound': ('not_found', 404),
    'InvalidToken': ('invalid_token', 401),
    'NoToken': ('invalid_token', 401),
    'ExpiredToken': ('invalid_token', 401),
    'InsufficientScope': ('insufficient_scope', 403),
    'InvalidRedirectURI': ('invalid_redirect_uri', 400),
    'InvalidClientMetadata': ('invalid_client_metadata', 400),
    'InvalidSoftwareStatement': ('invalid_software_statement', 400),
}


class TestCodes(unittest.TestCase):

    @requirement('RFC 6749', '5.2', 'Each error has the code and the status of its specification')
    def test_every_class_has_the_code_and_the_status_of_its_specification(self):
        classes = {name: kind for name, kind in vars(errors).items()
                   if isinstance(kind, type) and issubclass(kind, OAuthError)}
        self.assertEqual({name: (kind.error, kind.status) for name, kind in classes.items()}, CODES)

    def test_expired_token_is_an_invalid_token_to_who_does_not_ask_more(self):
        self.assertTrue(issubclass(ExpiredToken, InvalidToken))

    def test_a_missing_issuer_is_a_temporary_matter(self):
        self.assertTrue(issubclass(IssuerNotSet, TemporarilyUnavailable))


class TestOAuthError(unittest.TestCase):

    def test_answer_has_the_code_and_the_description(self):
        self.assertEqual(
            InvalidRequest('code is missing').members(),
            {'error': 'invalid_request', 'error_description': 'code is missing'})

    def test_a_refused_redirect_uri_stays_on_the_server(self):
        error = RedirectURIRefused('https://evil.example.com/')
        self.assertEqual(error.uri, 'https://evil.example.com/')
        self.assertNotIn('evil', str(error.members()))

    @requirement('contract', '3', 'What only the operator should know goes to the log alone')
    def test_detail_stays_on_the_server(self):
        error = InvalidClient('no', detail='unknown client')
        self.assertEqual(error.detail, 'unknown client')
        self.assertNotIn('unknown client', str(error) + str(error.members()))

    def test_time_to_wait_is_kept(self):
        self.assertEqual(TemporarilyUnavailable('wait', retry_after=60).retry_after, 60)
        self.assertIsNone(InvalidRequest('no').retry_after)

    def test_client_that_fails_is_told_nothing_but_that(self):
        error = InvalidClient(detail='wrong secret')
        self.assertEqual((error.description, error.detail), ('client authentication failed', 'wrong secret'))

    @requirement('RFC 6750', '3.1', 'A token that is too narrow is told the scope that it lacks')
    def test_insufficient_scope_names_what_would_have_been_enough(self):
        error = InsufficientScope('openid')
        self.assertEqual(error.scope, 'openid')
        self.assertEqual(error.members(), {
            'error': 'insufficient_scope',
            'error_description': 'the access token does not suffice: ask for the scope openid'})

    def test_missing_token_is_an_invalid_token_that_is_told_where_it_belongs(self):
        self.assertIsInstance(NoToken(), InvalidToken)
        self.assertEqual(NoToken().description, 'send an access token: Authorization: Bearer')

    def test_only_a_stale_page_is_one(self):
        self.assertEqual((StalePage('no').is_stale_page, InvalidRequest('no').is_stale_page), (True, False))

    def test_method_not_allowed_names_the_methods_that_are(self):
        error = MethodNotAllowed(('GET', 'POST'))
        self.assertEqual(error.description, 'this endpoint answers GET and POST only')
        self.assertEqual(error.allowed, ('GET', 'POST'))

    def test_description_may_hold_every_character_of_the_rfc(self):
        self.assertEqual(OAuthError(DESCRIPTION_CHARACTERS).description, DESCRIPTION_CHARACTERS)

    @requirement('RFC 6749', '5.2', 'error_description keeps to its characters')
    def test_description_with_any_other_character_is_refused_where_it_is_written(self):
        for character in '"\\\n\r\t\0\x1f\x7f\x80é☃\ud800':
            for description in (character, 'a' + character, character + 'a'):
                with self.subTest(ascii(description)), self.assertRaises(ValueError) as caught:
                    OAuthError(description)
                self.assertNotIsInstance(caught.exception, OAuthError)
                self.assertIn('RFC 6749 section 5.2', str(caught.exception))

    @PROPERTY
    @given(st.text())
    def test_any_text_is_a_description_or_refused(self, text):
        try:
            accepted = OAuthError(text).description == text
        except ValueError:
            accepted = False
        self.assertEqual(accepted, set(text) <= set(DESCRIPTION_CHARACTERS))


if __name__ == '__main__':
    unittest.main()
