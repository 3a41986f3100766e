"""RFC 9207: every answer by way of the browser names its issuer."""
from lxml import html

from .endpoints import ISSUER, EndpointCase
from .requirement import requirement


class TestIssuerInAnswers(EndpointCase):

    def setUp(self):
        super().setUp()
        self.log_in()

    @requirement('RFC 9207', '2', 'A success has iss')
    @requirement('RFC 9700', '2.1', 'A client that uses several servers can tell whose answer it gets')
    def test_a_code(self):
        self.assertEqual(self.allow()['iss'], ISSUER)
        self.assertEqual(self.arrived(self.begin())['iss'], ISSUER)

    @requirement('RFC 9207', '2', 'An error has iss')
    def test_errors(self):
        errors = {
            'access_denied': lambda: self.answer(self.begin(), 'deny'),
            'consent_required': lambda: self.begin(prompt='none'),
            'invalid_scope': lambda: self.begin(scope='nonsense'),
            'invalid_request': lambda: self.begin(code_challenge_method=None),
            'unsupported_response_type': lambda: self.begin(response_type='token'),
            'request_not_supported': lambda: self.begin(request='x'),
        }
        for error, ask in errors.items():
            with self.subTest(error):
                arrived = self.arrived(ask())
                self.assertEqual((arrived['error'], arrived['iss'], arrived['state']), (error, ISSUER, 'as-sent'))

    @requirement('RFC 9207', '2.4', 'It is the issuer of the metadata, to the letter')
    def test_it_is_the_issuer_of_the_metadata(self):
        self.setting('issuer', ISSUER + '/erp')
        self.assertEqual(self.allow()['iss'], self.metadata().json()['issuer'])

    @requirement('RFC 9207', '3', 'The metadata say so')
    def test_the_metadata_say_so(self):
        self.assertIs(self.metadata().json()['authorization_response_iss_parameter_supported'], True)

    @requirement('OAuth Form Post', '2', 'A form that answers has all that an address would have')
    def test_an_answer_by_form(self):
        for page in (self.answer(self.begin(response_mode='form_post'), 'allow'),
                     self.begin(response_mode='form_post', scope='nonsense')):
            form = html.fromstring(page.content).forms[0]
            self.assertEqual(form.fields['iss'], ISSUER)

    def test_an_application_may_not_have_an_iss_of_its_own_in_its_address(self):
        arrived = self.arrived(self.begin(scope='nonsense', iss='https://evil.example.com'))
        self.assertEqual(arrived['iss'], ISSUER)
