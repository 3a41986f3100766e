"""A database without a confirmed address, such as a copy, does not answer in the original's name."""
from contextlib import contextmanager

from lxml import html

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import PATH
from .endpoints import ISSUER, EndpointCase
from .requirement import requirement

# Every endpoint, and a method that it answers.
ENDPOINTS = {
    'authorize': 'GET', 'consent': 'GET', 'access_token': 'POST', 'token': 'POST', 'revoke': 'POST',
    'introspect': 'POST', 'userinfo': 'GET', 'jwks': 'GET', 'logout': 'GET', 'something': 'GET',
    '/.well-known/oauth-authorization-server': 'GET', '/.well-known/openid-configuration': 'GET',
    '/.well-known/oauth-protected-resource': 'GET', '/.well-known/oauth-protected-resource/json/2': 'GET',
}

WAYS = ('copied', 'neutralised', 'taken_away')


@tagged('post_install', '-at_install')
class TestIssuer(EndpointCase):

    def copied(self):
        """As Odoo makes a copy: it gets another UUID."""
        self.env['ir.config_parameter'].init(force=True)

    def neutralised(self):
        """As Odoo neutralises a copy."""
        with file_open('restapi_oauth2/data/neutralize.sql') as statements:
            self.sql(statements.read())

    def taken_away(self):
        """Somebody deletes the system parameter."""
        self.setting('issuer', False)

    @contextmanager
    def without_issuer(self, how):
        """For as long as the block runs."""
        with self.subTest(how), self.cr.savepoint() as savepoint:
            getattr(self, how)()
            self.env.registry.clear_cache()
            yield
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def visit_endpoint(self, address, method, accept):
        return self.url_open(address if address.startswith('/') else f'{PATH}/{address}', method=method,
                             headers={'Accept': accept}, allow_redirects=False)

    @requirement('attack', '85', 'Without an issuer of its own a database answers 503 at every endpoint')
    def test_attack_85_every_endpoint_says_so(self):
        for how in WAYS:
            with self.without_issuer(how):
                for address, method in ENDPOINTS.items():
                    for accept in ('application/json', 'text/html'):
                        with self.subTest(address, accept=accept):
                            response = self.visit_endpoint(address, method, accept)
                            self.assertEqual(response.status_code, 503)
                            self.assertNotIn('Location', response.headers)
                            self.assertIn('has no issuer: an administrator sets or confirms it', response.text)
                            self.assertNotIn(ISSUER, response.text)
                self.assertRefused(self.visit_endpoint('token', 'POST', '*/*'), 503, 'temporarily_unavailable')
                page = html.fromstring(self.visit_endpoint('authorize', 'GET', 'text/html').content)
                self.assertEqual(page.findtext('.//h1'), 'This cannot be done now')

    @requirement('attack', '85', 'A copy neither takes the original\'s tokens nor fails where it is shown one')
    def test_attack_85_tokens_are_refused(self):
        tokens = self.tokens()
        self.assertAlive(tokens)
        for how in WAYS:
            with self.without_issuer(how):
                response = self.call(tokens['access_token'])
                self.assertChallenged(response, 401, 'error="invalid_token"')
                self.assertNotIn('resource_metadata', response.headers['WWW-Authenticate'])
                self.assertChallenged(self.call('no-api-key'), 401, 'Bearer error="invalid_token"')
                with self.assertRaisesRegex(Exception, 'Access Denied'), mute_logger('odoo.http'):
                    self.xmlrpc_object.execute_kw(
                        self.env.cr.dbname, self.user.id, tokens['access_token'], 'res.users', 'context_get', [])

    @requirement('attack', '85', 'Nothing is used up or stored meanwhile')
    def test_attack_85_nothing_is_used_up(self):
        code = self.code()
        issuer_database = self.env['oauth2.configuration']._parameter('issuer_database')
        self.setting('issuer_database', 'of-another')
        self.assertRefused(self.redeem(code), 503, 'temporarily_unavailable')
        self.setting('issuer_database', issuer_database)
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('attack', '85', 'An administrator says where a copy is, and then it answers')
    def test_attack_85_an_administrator_says_where_it_is(self):
        tokens = self.tokens()
        self.copied()
        settings = self.env['res.config.settings'].create({})
        self.assertFalse(settings.oauth2_issuer)
        self.assertEqual(settings.oauth2_address, self.env['ir.config_parameter'].get_param('web.base.url'))
        settings.execute()  # another setting is saved: that says nothing about the issuer
        self.assertEqual(self.metadata().status_code, 503)
        self.env['res.config.settings'].create({'oauth2_issuer': 'https://staging.example.com'}).execute()
        self.env.flush_all()
        self.assertEqual(self.metadata().json()['issuer'], 'https://staging.example.com')
        self.assertAlive(self.tokens())
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    def test_another_issuer_by_a_system_parameter(self):
        self.setting('issuer', 'https://other.example.com')  # in the database where one was set
        self.assertEqual(self.metadata().json()['issuer'], 'https://other.example.com')
