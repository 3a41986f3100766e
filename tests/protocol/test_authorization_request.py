import unittest

from hypothesis import example, given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.authorization_request import PROMPTS, RESPONSE_MODES, AuthorizationRequest, read, response_mode
from protocol.errors import (
    InvalidRequest,
    OAuthError,
    RegistrationNotSupported,
    RequestNotSupported,
    RequestURINotSupported,
    UnsupportedResponseType,
)

CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'  # RFC 7636 appendix B
NAMES = ('response_type', 'prompt', 'max_age', 'nonce', 'login_hint', 'id_token_hint', 'code_challenge',
         'code_challenge_method', 'request', 'response_mode')


def asked(**parameters):
    return read({'response_type': 'code', **parameters})


class RequestCase(unittest.TestCase):

    def assertRefused(self, error, **parameters):
        with self.subTest(parameters), self.assertRaises(error) as caught:
            asked(**parameters)
        self.assertIs(type(caught.exception), error)


class TestRead(RequestCase):

    def test_what_is_not_asked_is_none(self):
        self.assertEqual(asked(), AuthorizationRequest(None, None, (), None, None, None))

    @requirement('OIDC Core', '3.1.2.1', 'The parameters of an authentication request are read')
    def test_what_is_asked_is_read(self):
        self.assertEqual(
            asked(code_challenge=CHALLENGE, code_challenge_method='S256', nonce='n', prompt='login consent',
                  max_age='60', login_hint='ada', id_token_hint='a.b.c', scope='odoo', display='page', unknown='x'),
            AuthorizationRequest(CHALLENGE, 'n', ('login', 'consent'), 60, 'ada', 'a.b.c'))

    @requirement('RFC 6749', '3.1.1', 'response_type is required')
    def test_response_type_is_required(self):
        with self.assertRaises(InvalidRequest) as caught:
            read({})
        self.assertEqual(caught.exception.description, 'response_type is missing')

    @requirement('RFC 9700', '2.1.2', 'No response type puts a token into an address')
    def test_no_other_response_type(self):
        for response_type in ('token', 'id_token', 'code id_token', 'code token', 'none', 'CODE', 'code '):
            self.assertRefused(UnsupportedResponseType, response_type=response_type)

    @requirement('OIDC Core', '3.1.2.6', 'What is not supported has an error of its own')
    def test_requests_in_other_forms_are_refused_by_name_before_all_else(self):
        for name, error in {'request': RequestNotSupported, 'request_uri': RequestURINotSupported,
                            'registration': RegistrationNotSupported}.items():
            self.assertRefused(error, **{name: 'x'})
            with self.assertRaises(error) as caught:
                read({name: 'x', 'prompt': 'nonsense'})
            self.assertIn(name, caught.exception.description)

    @PROPERTY
    @example({'response_type': 'code', 'max_age': '9' * 5000})
    @example({'response_type': 'code', 'max_age': '²'})
    @given(st.dictionaries(st.sampled_from(NAMES), st.text() | st.just('code') | st.just('S256')))
    def test_any_text_is_read_or_refused(self, parameters):
        try:
            found = read(parameters)
        except OAuthError as error:
            self.assertEqual(error.status, 400)
        else:
            self.assertEqual(parameters['response_type'], 'code')
            self.assertTrue(found.max_age is None or 0 <= found.max_age <= 10 ** 9)


class TestCodeChallenge(RequestCase):

    @requirement('RFC 7636', '4.3', 'A challenge comes with its method')
    @requirement('RFC 9700', '2.1.1', 'S256 is the only method')
    def test_challenge_without_a_method_would_be_plain(self):
        for method in (None, 'plain', 's256', ''):
            parameters = {} if method is None else {'code_challenge_method': method}
            self.assertRefused(InvalidRequest, code_challenge=CHALLENGE, **parameters)

    def test_method_without_a_challenge_is_a_mistake(self):
        self.assertRefused(InvalidRequest, code_challenge_method='S256')

    def test_challenge_that_is_none(self):
        for challenge in ('', CHALLENGE[1:], CHALLENGE + 'A', CHALLENGE[:-1] + '='):
            self.assertRefused(InvalidRequest, code_challenge=challenge, code_challenge_method='S256')


class TestPrompt(RequestCase):

    @requirement('OIDC Core', '3.1.2.1', 'prompt is a list of names, each of which is known')
    def test_prompts_count_once_in_their_order(self):
        self.assertEqual(PROMPTS, ('none', 'login', 'consent', 'select_account'))
        for text, expected in {'': (), 'none': ('none',), 'consent login': ('consent', 'login'),
                               'login login': ('login',), ' login ': ('login',)}.items():
            with self.subTest(text):
                self.assertEqual(asked(prompt=text).prompt, expected)

    def test_unknown_prompts_are_refused(self):
        for text in ('create', 'LOGIN', 'login create', 'login,consent'):
            self.assertRefused(InvalidRequest, prompt=text)

    @requirement('OIDC Core', '3.1.2.1', 'prompt=none with another prompt is an error')
    def test_none_stands_alone(self):
        for text in ('none login', 'login none', 'consent none'):
            self.assertRefused(InvalidRequest, prompt=text)
        self.assertEqual(asked(prompt='none none').prompt, ('none',))


class TestMaxAge(RequestCase):

    @requirement('OIDC Core', '3.1.2.1', 'max_age is a number of seconds; 0 is one')
    def test_number_of_seconds(self):
        for text, expected in {'0': 0, '1': 1, '007': 7, '86400': 86400, '99999999999': 10 ** 9}.items():
            with self.subTest(text):
                self.assertEqual(asked(max_age=text).max_age, expected)

    def test_no_other_text(self):
        for text in ('', '-1', '+1', '1.5', '1e3', ' 1', '1\n', '٣', '²', '0x10', '1_000', '9' * 12, 'NaN'):
            self.assertRefused(InvalidRequest, max_age=text)


class TestResponseMode(unittest.TestCase):

    @requirement('OAuth Form Post', '2', 'response_mode may be form_post')
    def test_query_unless_the_request_says_otherwise(self):
        self.assertEqual(RESPONSE_MODES, ('query', 'form_post'))
        self.assertEqual(response_mode({}), 'query')
        for mode in RESPONSE_MODES:
            self.assertEqual(response_mode({'response_mode': mode}), mode)

    def test_other_modes_are_refused(self):
        for mode in ('fragment', 'web_message', 'query.jwt', 'QUERY', ''):
            with self.subTest(mode), self.assertRaises(InvalidRequest):
                response_mode({'response_mode': mode})


if __name__ == '__main__':
    unittest.main()
