"""The block in the general settings: what it refuses, and what it changes."""
from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..models.oauth2_configuration import DEFAULTS, LIMITS
from ..protocol.issuer import Problem
from .common import PATH
from .endpoints import ISSUER, EndpointCase
from .requirement import requirement

# One for each kind of problem, and words of the sentence that names it.
PROBLEMS = {
    Problem.NOT_AN_ADDRESS: ('odoo.example.com', 'address at which applications reach Odoo'),
    Problem.PLAIN_HTTP: ('http://odoo.example.com', 'use https'),
    Problem.QUERY_OR_FRAGMENT: ('https://odoo.example.com?db=x', 'must not have a query'),
    Problem.SLASH: ('https://odoo.example.com/', 'Leave out the slash'),
    Problem.PATH: ('https://odoo.example.com/a/../b', 'Its path may hold'),
}


class TestSettings(EndpointCase):

    def save(self, **values):
        """What the button Save does."""
        self.env['res.config.settings'].create({f'oauth2_{name}': value for name, value in values.items()}).execute()
        self.env.flush_all()

    def stored(self, name):
        return self.env['ir.config_parameter'].get_param('restapi_oauth2.' + name)

    # ------------------------------------------------------------------
    # The issuer
    # ------------------------------------------------------------------

    def assertIssuerRefused(self, issuer, words):
        with self.subTest(issuer), self.assertRaises(ValidationError) as caught, self.cr.savepoint():
            self.save(issuer=issuer)
        self.assertIn(words, str(caught.exception))
        self.assertIn('Issuer', str(caught.exception))
        self.assertEqual(self.stored('issuer'), ISSUER)

    @requirement('RFC 8414', '2', 'What cannot be an issuer is refused with a sentence')
    def test_every_problem_has_its_sentence(self):
        self.assertEqual(set(PROBLEMS), set(Problem))
        for issuer, words in PROBLEMS.values():
            self.assertIssuerRefused(issuer, words)

    def test_more_that_is_no_issuer(self):
        for issuer in (False, '', ' ', 'https://', 'https://Odoo.example.com', 'ftp://a', 'https://a b'):
            self.assertIssuerRefused(issuer, 'address at which applications reach Odoo')
        self.assertIssuerRefused('https://a/%20', 'Its path may hold')
        self.assertIssuerRefused('https://a/b/', 'Leave out the slash')

    def test_good_ones(self):
        for issuer in ('https://odoo.example.com:8443', 'http://localhost:8069', 'https://example.com/erp'):
            with self.subTest(issuer):
                self.save(issuer=issuer)
                self.assertEqual(self.metadata().json()['issuer'], issuer)

    def test_a_bad_one_that_stands_there_keeps_nobody_from_saving_other_things(self):
        self.setting('issuer', 'http://odoo.example.com/')
        self.save(access_token_lifetime=5)
        self.assertEqual((self.stored('access_token_lifetime'), self.stored('issuer')),
                         ('5', 'http://odoo.example.com/'))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.save(issuer='http://other.example.com/')

    @requirement('contract', '6', 'Tokens of another issuer are good for nothing')
    def test_another_issuer_ends_the_tokens_of_the_former(self):
        tokens = self.tokens()
        self.save(issuer='https://other.example.com')
        self.assertDead(tokens)
        self.assertAlive(self.tokens())

    # ------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------

    def test_numbers_have_their_bounds(self):
        for name, most in LIMITS.items():
            for value in (0, -1, most + 1, 2 ** 31 - 1):
                with self.subTest(name, value=value), self.assertRaises(ValidationError) as caught, self.cr.savepoint():
                    self.save(**{name: value})
                self.assertIn(f'a number from 1 to {most}', str(caught.exception))
            for value in (1, most):
                self.save(**{name: value})
                self.assertEqual(self.env['oauth2.configuration']._number(name), value)

    def test_nothing_that_was_saved_means_the_defaults(self):
        for name in LIMITS:
            self.setting(name, False)
        settings = self.env['res.config.settings'].create({})
        self.assertEqual({name: settings[f'oauth2_{name}'] for name in LIMITS}, DEFAULTS)
        self.assertEqual(settings.oauth2_signing_algorithm, 'RS256')

    # ------------------------------------------------------------------
    # Schemes of programs
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'An administrator adds schemes of programs, but none that runs or sends its address')
    def test_schemes_of_programs(self):
        def register(uri):
            self.client.redirect_uri_ids = [(0, 0, {'uri': uri})]

        with self.assertRaisesRegex(ValidationError, 'added in the general settings'), self.cr.savepoint():
            register('myapp:/callback')
        for schemes, bad in (('myapp javascript', 'javascript'), ('My', 'My'), ('ms-word', 'ms-word')):
            with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
                self.save(program_schemes=schemes)
            self.assertIn(f'{bad} cannot be one', str(caught.exception))
        self.save(program_schemes='other myapp')
        register('myapp:/callback')
        self.assertEqual(self.authorize(redirect_uri='myapp:/callback').status_code, 200)
        # Whatever stands in the parameter, the database refuses.
        self.setting('program_schemes', 'javascript ms-word')
        for uri in ('javascript:alert(1)', 'ms-word:x', 'DATA:x'):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                register(uri)
            with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
                self.sql('UPDATE oauth2_redirect_uri SET uri = %s', uri)

    # ------------------------------------------------------------------
    # Switches
    # ------------------------------------------------------------------

    @requirement('contract', '1', 'A new database has all of it switched on but what is unsafe')
    def test_what_is_switched_on_at_first(self):
        settings = self.env['res.config.settings'].create({})
        self.assertEqual(
            [settings[f'oauth2_{name}'] for name in (
                'openid_connect', 'introspection', 'client_credentials', 'public_clients', 'credentials_in_query',
                'pkce_required')],
            [True, True, True, True, False, False])

    @requirement('contract', '1', 'What is switched off answers 404 and is not in the metadata')
    def test_each_switch_takes_its_endpoints_away_and_brings_them_back(self):
        endpoints = {
            'openid_connect': {'userinfo_endpoint': ('userinfo', 'GET'), 'end_session_endpoint': ('logout', 'GET')},
            'introspection': {'introspection_endpoint': ('introspect', 'POST')},
        }
        for switch, members in endpoints.items():
            for is_on in (False, True):
                self.save(**{switch: is_on})
                metadata = self.metadata().json()
                for member, (address, method) in members.items():
                    with self.subTest(member, is_on=is_on):
                        self.assertEqual(member in metadata, is_on)
                        self.assertEqual(self.is_there(address, method), is_on)
                for always in ('authorize', 'access_token', 'token', 'revoke'):
                    self.assertTrue(self.is_there(always))

    def test_client_credentials(self):
        self.client.grant_client_credentials = True
        token = self.for_itself().json()['access_token']
        self.save(client_credentials=False)
        self.assertRefused(self.for_itself(), 400, 'unsupported_grant_type')
        self.assertWorks(token)  # until it expires
        self.save(client_credentials=True)
        self.assertEqual(self.for_itself().status_code, 200)

    def test_secrets_in_addresses(self):
        query = {'client_id': self.client.client_id, 'client_secret': self.secret}
        for is_on, error in ((False, 'secret must not be sent in the URL'), (True, 'grant_type is missing')):
            self.save(credentials_in_query=is_on)
            self.assertIn(error, self.ask('access_token', params=query).json()['error_description'])

    def test_what_is_written_by_hand_is_understood(self):
        for value, expected in (('True', True), ('true', True), ('1', True), ('False', False), ('0', False),
                                ('no', False), (False, False)):
            with self.subTest(value):
                self.setting('introspection', value)
                self.assertEqual(self.is_there('introspect'), expected)

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def test_the_form_shows_and_saves_all_of_it(self):
        with Form(self.env['res.config.settings']) as form:
            self.assertEqual(form.oauth2_issuer, ISSUER)
            form.oauth2_access_token_lifetime = 10
            form.oauth2_openid_connect = False
        form.record.execute()
        self.assertEqual(self.stored('access_token_lifetime'), '10')
        self.assertFalse(self.is_there('userinfo', 'GET'))
        self.assertEqual(self.url_open(f'{PATH}/jwks').status_code, 200)

    def test_the_applications_are_one_click_away(self):
        action = self.env['res.config.settings'].create({}).action_oauth2_applications()
        self.assertEqual(action['res_model'], 'oauth2.client')
