"""What people do in the browser."""
from urllib.parse import urlencode

from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..protocol.opening import Line
from .browser import CHALLENGE
from .common import PATH

# Asked again and again until it is true: opens what asks once more, presses Disconnect, and waits for the page without.
HAS_DISCONNECTED = """
    document.body.textContent.includes('No application is connected')
        || (document.querySelector('summary').click(),
            document.querySelector('button[name=answer][value=disconnect]').click())
"""
# Asked again and again until it is true: presses Allow, and waits until the browser is back at the application.
HAS_ALLOWED = """
    location.pathname === '/web/login_successful'
        || document.querySelector('button[name=answer][value=allow]').click()
"""


@tagged('post_install', '-at_install')
class TestTours(HttpCase):
    """The tours in static/tests/tours, and the state of the database after them."""

    def test_an_administrator_creates_an_application_copies_its_secret_and_archives_it(self):
        new_test_user(self.env, 'oauth2_tour_administrator', groups='base.group_system')
        user = new_test_user(self.env, 'oauth2_tour_integration', groups='base.group_user', name='Tour integration')

        self.start_tour('/odoo', 'restapi_oauth2_application', login='oauth2_tour_administrator')

        client = self.env['oauth2.client'].with_context(active_test=False).search([('name', '=', 'Tour shop')])
        self.assertFalse(client.active)
        self.assertEqual(client.user_id, user)
        self.assertEqual(client.redirect_uri_ids.mapped('uri'), ['https://shop.example.com/callback'])
        self.assertEqual(client.authorization_ids.mapped('revoked_because'), ['client'])
        self.env.cr.execute("SELECT * FROM oauth2_client_secret WHERE client_id = %s", [client.id])
        [secret] = self.env.cr.dictfetchall()
        self.assertTrue(secret['hash'].startswith('$pbkdf2-sha512$'))
        self.assertEqual(len(secret['last_characters']), 4)
        self.assertEqual(secret.keys() - MAGIC_COLUMNS, {
            'client_id', 'last_characters', 'label', 'used_at', 'expires_at', 'hash'})

    @mute_logger('odoo.http')
    def test_an_administrator_of_nothing_else_is_told_what_is_wrong_with_a_redirect_uri(self):
        new_test_user(self.env, 'oauth2_tour_only', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')

        self.start_tour('/odoo', 'restapi_oauth2_redirect_uri', login='oauth2_tour_only')

        client = self.env['oauth2.client'].search([('name', '=', 'Tour redirects')])
        self.assertEqual(
            client.redirect_uri_ids.mapped('uri'), ['http://127.0.0.1/first', 'http://127.0.0.1/callback'])

    @mute_logger('odoo.http')
    def test_an_administrator_registers_a_public_application(self):
        new_test_user(self.env, 'oauth2_tour_administrator', groups='base.group_system')

        self.start_tour('/odoo', 'restapi_oauth2_public_application', login='oauth2_tour_administrator')

        client = self.env['oauth2.client'].search([('name', '=', 'Tour phone')])
        self.assertTrue(client.is_public)
        self.assertFalse(client.grant_client_credentials)
        self.assertEqual((client.publisher, client.client_uri), ('Tour Ltd.', 'https://tour.example.com'))
        self.assertEqual(client.redirect_uri_ids.mapped('uri'), ['com.example.tour:/callback'])

    @mute_logger('odoo.http')
    def test_an_administrator_changes_the_settings(self):
        new_test_user(self.env, 'oauth2_tour_administrator', groups='base.group_system')

        self.start_tour('/odoo', 'restapi_oauth2_settings', login='oauth2_tour_administrator')

        configuration = self.env['oauth2.configuration']
        self.assertEqual(configuration._issuer(), 'https://odoo.example.com')
        self.assertEqual(configuration._number('access_token_lifetime'), 20)

    @mute_logger('odoo.http')
    def test_an_administrator_makes_a_scope_of_models(self):
        new_test_user(self.env, 'oauth2_tour_administrator', groups='base.group_system')

        self.start_tour('/odoo', 'restapi_oauth2_scope', login='oauth2_tour_administrator')

        scope = self.env['oauth2.scope'].search([('name', '=', 'shop.read')])
        self.assertEqual((scope.description, scope.opens, scope.is_default), ('Read your orders', 'lines', False))
        [line] = scope.line_ids
        self.assertEqual(line._line(), Line(
            'res.country', frozenset({'read'}), "[('code', '=', 'BE')]", frozenset({'code'})))

    def test_a_user_allows_an_application_and_disconnects_it(self):
        user = new_test_user(self.env, 'oauth2_tour_user', groups='base.group_user')
        # The browser is kept from every other machine, so the application is on this one.
        client = self.env['oauth2.client'].create({
            'name': 'Tour wiki', 'redirect_uri_ids': [(0, 0, {'uri': 'http://127.0.0.1/web/login_successful'})]})
        parameters = {
            'client_id': client.client_id, 'redirect_uri': f'{self.base_url()}/web/login_successful',
            'response_type': 'code', 'scope': 'odoo', 'code_challenge': CHALLENGE, 'code_challenge_method': 'S256'}

        self.browser_js(f'{PATH}/authorize?{urlencode(parameters)}', "console.log('test successful')", HAS_ALLOWED,
                        login='oauth2_tour_user')

        consents = self.env['oauth2.consent'].search([('client_id', '=', client.id)])
        self.assertEqual((consents.user_id, consents.scope), (user, 'odoo'))

        self.start_tour('/odoo', 'restapi_oauth2_connected_apps', login='oauth2_tour_user')

        self.assertFalse(consents.exists())


@tagged('post_install', '-at_install')
class TestFirstTime(HttpCase):
    """What somebody does who has never registered an application: at most eight actions
    (static/tests/tours/first_time_tours.js).
    """

    def setUp(self):
        super().setUp()
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        self.env['oauth2.client'].with_context(active_test=False).search([]).unlink()
        new_test_user(self.env, 'oauth2_tour_administrator', groups='base.group_system')
        self.integration = new_test_user(
            self.env, 'oauth2_tour_integration', groups='base.group_user', name='Tour integration')

    def begin(self, name, address='/odoo'):
        self.start_tour(address, f'restapi_oauth2_first_{name}', login='oauth2_tour_administrator')
        return self.env['oauth2.client'].search([])

    def test_a_web_application(self):
        client = self.begin('web')
        self.assertEqual((client.name, client.kind, client.scope), ('Grafana', 'web', 'openid profile email'))
        self.assertEqual(client.redirect_uri_ids.uri, 'https://dashboards.example.com/login/generic_oauth')

    def test_a_server_to_server_connection(self):
        client = self.begin('server')
        self.assertEqual((client.name, client.kind, client.user_id), ('Nightly report', 'service', self.integration))
        self.assertEqual((client.scope, len(client.secret_ids)), ('contacts.read', 1))

    def test_a_mobile_app(self):
        client = self.begin('app')
        self.assertEqual((client.kind, client.redirect_uri_ids.uri), ('app', 'com.example.tour:/callback'))

    def test_a_portal_user_disconnects(self):
        """On one page, with two clicks."""
        pia = new_test_user(self.env, 'oauth2_tour_portal', groups='base.group_portal')
        client = self.env['oauth2.client'].create({'name': 'Tour wiki'})
        self.env['oauth2.consent']._record(
            client, pia.id, 'openid', 'https://odoo.example.com', 'https://app.example.com/')
        self.browser_js(f'{PATH}/connected-apps', "console.log('test successful')", HAS_DISCONNECTED,
                        login='oauth2_tour_portal')
        self.assertFalse(self.env['oauth2.consent'].search([('client_id', '=', client.id)]))

    def test_the_question_of_an_auditor(self):
        for name, scope in (('Tour wiki', 'contacts.read'), ('Tour till', 'companies.read')):
            client = self.env['oauth2.client'].create({
                'name': name, 'scope_ids': [(6, 0, self.env['oauth2.scope'].search([('name', '=', scope)]).ids)]})
            self.env['oauth2.consent']._record(
                client, self.integration.id, scope, 'https://odoo.example.com', 'https://app.example.com/')
        self.begin('auditor')


@tagged('post_install', '-at_install')
class TestFirstTimeOnAPhone(TestFirstTime):
    """The same on a phone, with Odoo's screens for phones."""
    allow_inherited_tests_method = True
    browser_size = '390x844'
    touch_enabled = True

    def begin(self, name):
        return super().begin(name, '/odoo/oauth2-access' if name == 'auditor' else '/odoo/oauth2-new-application')
