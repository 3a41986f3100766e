"""Attack case 71: an attacker without account or secret requests an application's own sign-in link."""
from urllib.parse import urlencode

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .browser import CHALLENGE, VERIFIER
from .common import PATH, REDIRECT_URI, basic_header, oauth_header
from .endpoints import EndpointCase
from .requirement import requirement

# What the sign-in links of applications carry beside client, callback and state.
LINKS = {
    'plain': {},
    'PKCE': {'code_challenge': CHALLENGE, 'code_challenge_method': 'S256'},
    'OpenID Connect': {'scope': 'openid', 'nonce': 'n'},
    'OpenID Connect and PKCE': {
        'scope': 'openid profile', 'nonce': 'n', 'code_challenge': CHALLENGE, 'code_challenge_method': 'S256'},
    'max_age': {'max_age': '3600'},
    'nonce': {'nonce': 'n'},
}
ACCEPTS = ('application/json', 'application/xml', 'text/xml;q=0.1')


class TestServiceUserIsNotSignedInAs(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # People sign in to it, and it gets tokens for itself, too.
        cls.portal, cls.portal_secret = cls.make_client(
            'Portal', cls.user, has_direct_authorization=False, grant_client_credentials=True)
        cls.portal.pkce = 'never'
        cls.portal.scope_ids = cls.env['oauth2.scope'].search([('name', 'in', ('odoo', 'openid', 'profile'))])

    def link(self, client, extra):
        """The parameters of the link with which a client sends people to sign in."""
        return {'client_id': client.client_id, 'redirect_uri': REDIRECT_URI, 'response_type': 'code',
                'state': 'as-sent', **extra}

    def asked_by_a_program(self, client, extra):
        """The answers to such a link, asked in every way that is answered in place."""
        link = self.link(client, extra)
        for accept in ACCEPTS:
            yield self.ask('authorize', 'GET', {'Accept': accept}, params=link)
            yield self.ask('authorize', 'POST', {'Accept': accept}, data=link)
        yield self.ask('authorize', 'GET', {'Authorization': oauth_header(**link)})
        yield self.ask('authorize', 'GET', {'Authorization': "OAuth x='y'"}, params=link)

    def as_the_callback_does(self, client, secret, code, extra):
        """The answers to what a library for OAuth sends when a code comes to the callback."""
        grant = {'grant_type': 'authorization_code', 'code': code, 'redirect_uri': REDIRECT_URI}
        if 'code_challenge' in extra:
            grant['code_verifier'] = VERIFIER
        in_body = {'client_id': client.client_id, 'client_secret': secret}
        yield self.ask('access_token', data={**in_body, **grant})
        yield self.ask('access_token', json={**in_body, **grant})
        yield self.ask('access_token', files={name: (None, value) for name, value in {**in_body, **grant}.items()})
        yield self.ask('token', headers={'Authorization': basic_header(client.client_id, secret)}, data=grant)

    @requirement('attack', '71', 'Of an application that people sign in to, nobody gets the code of its service user')
    def test_attack_71_a_sign_in_link_asked_for_directly_gives_no_code_of_the_service_user(self):
        for name, extra in LINKS.items():
            with self.subTest(name):
                for response in self.asked_by_a_program(self.portal, extra):
                    self.assertEqual(response.status_code, 401, response.text)
                    self.assertIn('login_required', response.text)
        self.env.cr.execute('SELECT FROM oauth2_authorization_code WHERE client_id = %s', [self.portal.id])
        self.assertEqual(self.env.cr.rowcount, 0)

    @requirement('attack', '71', 'The code of a service user is worth nothing at a callback')
    def test_attack_71_a_callback_cannot_redeem_the_code_of_a_service_user(self):
        code = self.code()
        for extra in LINKS.values():
            for response in self.as_the_callback_does(self.client, self.secret, code, extra):
                self.assertRefused(response, 400, 'invalid_grant')
        response = self.token_with_oauth_header(
            grant_type='authorization_code', code=code, redirect_uri=REDIRECT_URI, code_verifier=VERIFIER)
        self.assertRefused(response, 401, 'invalid_grant')
        # None of this has used the code up: it is still good for the program that asked for it.
        self.assertAlive(self.redeem(code).json())

    @requirement('attack', '71', 'A direct request that asks for what signs people in is refused, not trimmed')
    @requirement('contract', '4', 'A direct request that names an OpenID scope, nonce, max_age or code_challenge is '
                                  'refused')
    def test_attack_71_a_direct_request_asks_for_nothing_that_signs_people_in(self):
        refused = {
            'nonce': ({'nonce': 'n'}, 'invalid_request'),
            'max_age': ({'max_age': '60'}, 'invalid_request'),
            'code_challenge': ({'code_challenge': CHALLENGE, 'code_challenge_method': 'S256'}, 'invalid_request'),
            'code_challenge_method alone': ({'code_challenge_method': 'S256'}, 'invalid_request'),
            **{scope: ({'scope': scope}, 'invalid_scope') for scope in (
                'openid', 'odoo openid', 'profile', 'email', 'address', 'phone', 'odoo offline_access', 'odoo,openid',
                ' odoo  openid')},
        }
        for name, (extra, error) in refused.items():
            with self.subTest(name):
                self.assertRefused(self.authorize(**extra), 400, error)
        self.assertEqual(self.authorize(scope='odoo').status_code, 200)

    @requirement('attack', '71', 'An application for direct authorization has no browser mode')
    @requirement('contract', '4', 'Browser mode is refused for a client with direct authorization')
    def test_attack_71_nobody_signs_in_to_an_application_for_programs(self):
        self.log_in()
        for name, extra in LINKS.items():
            query = urlencode(self.link(self.client, extra))
            with self.subTest(name):
                for response in (self.visit(f'{PATH}/authorize?{query}'),
                                 self.visit(f'{PATH}/authorize', method='POST', data=self.link(self.client, extra)),
                                 self.ask('authorize', 'GET', {'Accept': '*/*'}, params=self.link(self.client, extra))):
                    self.assertEqual(response.status_code, 400, response.text)
                    self.assertIn('unauthorized_client', response.text)
                    self.assertNotIn('Location', response.headers)
        page = self.visit(f'{PATH}/authorize?{query}')
        self.assertEqual(page.headers['Content-Type'], 'text/html; charset=utf-8')

    @requirement('attack', '71', 'A page that was open when direct authorization was switched on gives no code')
    def test_attack_71_a_consent_page_that_waited_meanwhile(self):
        self.log_in()
        page = self.begin(self.portal)
        self.portal.write({'has_direct_authorization': True, 'scope_ids': [Command.set(
            self.env.ref('restapi_oauth2.scope_odoo').ids)]})
        response = self.answer(page, 'allow')
        self.assertEqual(response.status_code, 400, response.text)
        self.assertNotIn('Location', response.headers)

    @requirement('attack', '71', 'What was given in one mode ends with it')
    def test_attack_71_switching_ends_what_was_given_before(self):
        direct, code = self.tokens(), self.code()
        self.client.has_direct_authorization = False
        for response in (self.call(direct['access_token']), self.refresh(direct['refresh_token']), *(
                self.as_the_callback_does(self.client, self.secret, code, {})), self.token_with_oauth_header(
                    grant_type='authorization_code', code=code, redirect_uri=REDIRECT_URI)):
            self.assertIn(response.status_code, (400, 401), response.text)

        self.log_in()
        signed_in = self.tokens_of_wiki(self.portal, self.portal_secret)
        code = self.arrived(self.begin(self.portal))['code']  # the consent is remembered
        self.portal.write({'has_direct_authorization': True, 'scope_ids': [Command.set(
            self.env.ref('restapi_oauth2.scope_odoo').ids)]})
        self.assertEqual(self.userinfo(signed_in['access_token']).status_code, 401)
        self.assertRefused(
            self.refresh(signed_in['refresh_token'], self.portal, self.portal_secret), 400, 'invalid_grant')
        self.assertRefused(self.token(self.portal, self.portal_secret, grant_type='authorization_code', code=code,
                                      redirect_uri=REDIRECT_URI, code_verifier=VERIFIER), 400, 'invalid_grant')
        self.assertFalse(self.env['oauth2.consent'].search([('client_id', '=', self.portal.id)]))

    @requirement('attack', '71', 'The row says at each use which mode a client has')
    def test_attack_71_a_switch_beside_the_application_counts_too(self):
        direct, code = self.tokens(), self.code()
        self.sql('UPDATE oauth2_client SET has_direct_authorization = FALSE WHERE id = %s', self.client.id)
        self.assertEqual(self.call(direct['access_token']).status_code, 401)
        self.assertRefused(self.refresh(direct['refresh_token']), 400, 'invalid_grant')
        self.assertRefused(self.token_with_oauth_header(
            grant_type='authorization_code', code=code, redirect_uri=REDIRECT_URI), 401, 'invalid_grant')
        self.log_in()
        signed_in = self.tokens_of_wiki(self.portal, self.portal_secret, scope='odoo')
        code = self.arrived(self.begin(self.portal, scope='odoo'))['code']
        self.sql('UPDATE oauth2_client SET has_direct_authorization = TRUE WHERE id = %s', self.portal.id)
        for parameters, error in (({'scope': 'openid'}, 'invalid_scope'), ({'nonce': 'n'}, 'invalid_request')):
            self.assertRefused(self.authorize(self.portal, **parameters), 400, error)
        self.assertEqual(self.call(signed_in['access_token']).status_code, 401)
        self.assertRefused(
            self.refresh(signed_in['refresh_token'], self.portal, self.portal_secret), 400, 'invalid_grant')
        self.assertRefused(self.token(self.portal, self.portal_secret, grant_type='authorization_code', code=code,
                                      redirect_uri=REDIRECT_URI, code_verifier=VERIFIER), 400, 'invalid_grant')

    @requirement('attack', '71', 'The database holds no application that could be asked in both ways')
    def test_attack_71_the_database_keeps_both_modes_apart(self):
        openid = self.env['oauth2.scope'].search([('name', '=', 'openid')])
        no_user, _secret = self.make_client('Nobody')
        own_scope = self.env['oauth2.scope'].create({'name': 'own', 'description': 'Own', 'opens': 'reading'})
        self.client.scope_ids += own_scope
        email = self.env['oauth2.scope'].search([('name', '=', 'email')])
        in_sql = {
            'public': lambda: self.client.write({'is_public': True, 'user_id': False}),
            'no user any more': lambda: self.client.write({'user_id': False}),
            'no user': lambda: no_user.write({'has_direct_authorization': True, 'scope_ids': [Command.clear()]}),
            'behind the ORM': lambda: self.sql(
                'UPDATE oauth2_client SET user_id = NULL WHERE id = %s', self.client.id),
        }
        by_orm = {
            'an OpenID scope': lambda: self.client.write({'scope_ids': [Command.link(openid.id)]}),
            'with its OpenID scopes': lambda: self.portal.write({'has_direct_authorization': True}),
            'a scope that becomes an OpenID scope': lambda: (
                email.write({'name': 'mail'}), own_scope.write({'name': 'email'})),
        }
        for error, attempts in ((CheckViolation, in_sql), (ValidationError, by_orm)):
            for name, attempt in attempts.items():
                with self.subTest(name), mute_logger('odoo.sql_db'), self.assertRaises(error), self.cr.savepoint():
                    attempt()
                    self.env.flush_all()
                self.env.invalidate_all()

    @requirement('attack', '71', 'The database holds no direct code that says who signed in')
    def test_attack_71_the_database_holds_no_direct_code_for_signing_in(self):
        self.code()
        for column, value in (('nonce', 'n'), ('code_challenge', CHALLENGE), ('session_id', 'x'),
                              ('scope', 'odoo openid')):
            with self.subTest(column), mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation), \
                    self.cr.savepoint():
                self.cr.execute(f'UPDATE oauth2_authorization_code SET {column} = %s WHERE is_direct', [value])

    # ------------------------------------------------------------------
    # What goes on
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'Without direct authorization: the user who is logged in and has consented')
    def test_a_program_gets_the_code_of_who_is_logged_in_and_has_allowed_it(self):
        self.log_in()
        self.assertRefused(self.authorize(self.portal, scope='odoo'), 401, 'consent_required')
        self.allow(self.portal, scope='odoo')
        code = self.authorize(self.portal, scope='odoo').json()['code']
        response = self.redeem(code, self.portal, self.portal_secret)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(self.authorization(self.portal).user_id, self.person)

    @requirement('contract', '5', 'client_credentials goes with browser mode, and needs no direct authorization')
    def test_client_credentials_of_an_application_that_people_sign_in_to(self):
        response = self.for_itself(self.portal, self.portal_secret, scope='odoo')
        self.assertEqual(response.status_code, 200, response.text)
        self.assertWorks(response.json()['access_token'])
        self.log_in()
        self.assertWorks(self.tokens_of_wiki(self.portal, self.portal_secret, scope='odoo')['access_token'])

    @requirement('contract', '4', 'PKCE settings do not concern direct codes')
    def test_direct_codes_know_no_pkce(self):
        for self.client.pkce in ('never', 'automatic', 'required'):
            self.assertAlive(self.tokens())

    @requirement('contract', '4', 'A new client for direct authorization may ask for odoo, and for no OpenID scope')
    def test_the_scopes_of_a_new_application(self):
        self.assertEqual(self.client.scope, 'odoo')
        self.assertIn('openid', self.wiki.scope.split())

    def test_a_deleted_service_user_leaves_its_application_archived(self):
        tokens = self.tokens()
        self.user.unlink()
        self.assertEqual(
            (self.client.active, self.client.has_direct_authorization, self.client.user_id.id), (False, False, False))
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertEqual((self.portal.active, self.portal.user_id.id), (True, False))

    # ------------------------------------------------------------------
    # The form
    # ------------------------------------------------------------------

    def test_the_form_offers_three_choices(self):
        form = Form(self.env['oauth2.client'])
        form.name = 'By form'
        self.assertEqual(form.acts_for, 'people')
        self.assertIn('openid', form.scope_ids[:].mapped('name'))
        form.acts_for = 'direct'
        form.user_id = self.user
        self.assertNotIn('openid', form.scope_ids[:].mapped('name'))
        client = form.save()
        self.assertEqual((client.has_direct_authorization, client.grant_client_credentials, client.user_id),
                         (True, False, self.user))
        with Form(client) as form:
            self.assertEqual(form.acts_for, 'direct')
            form.acts_for = 'client_credentials'
        self.assertEqual((client.has_direct_authorization, client.grant_client_credentials, client.user_id),
                         (False, True, self.user))
        with Form(client) as form:
            self.assertEqual(form.acts_for, 'client_credentials')
            form.acts_for = 'people'
        self.assertEqual((client.has_direct_authorization, client.grant_client_credentials, client.user_id.id),
                         (False, False, False))

    def test_the_three_choices_say_what_an_application_is(self):
        for has_direct, has_credentials in ((True, True), (True, False), (False, True), (False, False)):
            self.client.write({
                'has_direct_authorization': has_direct, 'grant_client_credentials': has_credentials})
            self.assertEqual(self.client.acts_for, 'direct' if has_direct else 'client_credentials')
        self.assertEqual(self.wiki.acts_for, 'people')
