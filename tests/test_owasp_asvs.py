"""OWASP ASVS 5.0, chapter V10: its requirements for pages for people and for the rights of a client."""
from odoo import Command
from odoo.tests import new_test_user

from .browser import CHALLENGE
from .common import PATH, basic_header
from .relying_party import RelyingPartyCase
from .requirement import requirement

LOOPBACK = 'http://127.0.0.1/callback'


class TestConsent(RelyingPartyCase):

    @requirement('OWASP ASVS 5.0', '10.7.1', 'Something more is asked for: scope, resource or host')
    def test_who_asks_for_more_asks_anew(self):
        self.app.redirect_uri_ids = [Command.create({'uri': 'https://other.example.com/callback'})]
        self.tokens_of_person()
        self.assertIn('code', self.arrived(self.ask_person()))
        for more in ({'scope': 'openid email'}, {'resource': 'https://odoo.example.com/json/2'},
                     {'redirect_uri': 'https://other.example.com/callback'}, {'prompt': 'consent'}):
            with self.subTest(more):
                self.assertPage(self.ask_person(**more), 'App wants access to your YourCompany account')

    @requirement('OWASP ASVS 5.0', '10.7.1', 'A public client without an https address of its own asks always')
    @requirement('RFC 8252', '8.6', 'What was allowed is not remembered for a client that anybody could pretend to be')
    def test_who_cannot_prove_itself_asks_always(self):
        self.app.write({'pkce': 'automatic', 'is_public': True, 'redirect_uri_ids': [
            Command.create({'uri': LOOPBACK})]})
        pkce = {'code_challenge': CHALLENGE, 'code_challenge_method': 'S256'}
        page = self.fill_in_login(self.ask_person(redirect_uri=LOOPBACK, **pkce))
        for _time in range(2):
            self.assertPage(page, 'App wants access to your YourCompany account')
            self.assertTrue(self.press(page, 'allow').headers['Location'].startswith(LOOPBACK + '?code='))
            page = self.ask_person(redirect_uri=LOOPBACK, **pkce)

    @requirement('OWASP ASVS 5.0', '10.7.2')
    def test_what_the_page_says(self):
        self.app.write({'publisher': 'Makers & Co', 'authorization_lifetime': 12})
        page = self.fill_in_login(self.ask_person(scope='openid email'))
        sentences = self.env['oauth2.scope'].search([('name', 'in', ('openid', 'email'))]).mapped('description')
        self.assertEqual(len(sentences), 2)
        for words in ('wants access to', 'Makers &amp; Co', 'Ada Person', 'app.example.com', '12 days', *sentences):
            self.assertIn(words, page.text)
        other = self.env['oauth2.scope'].search([('name', '=', 'address')]).description
        self.assertNotIn(other, page.text)

    @requirement('OWASP ASVS 5.0', '10.7.3')
    @requirement('OWASP ASVS 5.0', '10.4.9', 'What was taken back is dead at once')
    def test_a_person_takes_it_back(self):
        tokens = self.tokens_of_person(scope='odoo')
        self.assertWorks(tokens['access_token'])
        preferences = self.env['res.users'].with_user(self.person).get_view(
            self.env.ref('base.view_users_form_simple_modif').id, 'form')
        self.assertIn('name="action_disconnect"', preferences['arch'])
        app = self.person.with_user(self.person).oauth2_access_ids
        self.assertEqual((app.application, app.user_id), ('App', self.person))
        self.assertEqual(app.description, self.env['oauth2.scope'].search([('name', '=', 'odoo')]).description)
        somebody = new_test_user(self.env, 'oauth2_somebody', groups='base.group_user')
        self.assertFalse(self.env['oauth2.access'].with_user(somebody).search([]))
        app.action_disconnect()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.app, self.app_secret), 400, 'invalid_grant')
        self.assertPage(self.ask_person(scope='odoo'), 'App wants access to your YourCompany account')


class TestSubject(RelyingPartyCase):

    @requirement('OWASP ASVS 5.0', '10.3.3', 'Another user with the same login and address is another subject')
    @requirement('OIDC Core', '5.7', 'sub and iss together name a user, and nothing else does')
    def test_a_subject_is_never_given_to_somebody_else(self):
        def subject(user):
            return self.userinfo(self.tokens_of_person(user=user, scope='openid email'))

        values = {'login': 'ada@example.com', 'password': 'ada@example.com', 'groups': 'base.group_user'}
        former = new_test_user(self.env, **values)
        first = subject(former)
        former.unlink()
        self.forget_session()
        second = subject(new_test_user(self.env, **values))
        self.assertEqual(first['email'], second['email'])
        self.assertNotEqual(first['sub'], second['sub'])


class TestClients(RelyingPartyCase):

    @requirement('OWASP ASVS 5.0', '10.4.11', 'A client gets no scope that it was not given, though the user has it')
    def test_a_client_has_the_scopes_that_it_was_given(self):
        self.app.scope_ids = self.env['oauth2.scope'].search([('name', 'in', ('openid', 'email'))])
        self.assertEqual(self.tokens_of_person(scope='openid email')['scope'], 'openid email')
        self.assertEqual(self.tokens_of_person(scope='openid odoo')['scope'], 'openid')
        for scope in ('odoo', 'profile'):
            with self.subTest(scope):
                self.assertEqual(self.arrived(self.ask_person(scope=scope))['error'], 'invalid_scope')

    @requirement('OWASP ASVS 5.0', '10.3.2', 'A token opens nothing that its scope does not name')
    @requirement('RFC 6750', '3.1', 'Too narrow a scope is 403 insufficient_scope, and told what is needed')
    def test_a_token_opens_what_its_scope_names(self):
        for scope, status, needed in (('openid email', (403, 200), 'contacts.read'), ('odoo', (200, 403), 'openid')):
            tokens = self.tokens_of_person(scope=scope)
            answers = self.call(tokens['access_token']), self.ask_userinfo(tokens)
            with self.subTest(scope):
                self.assertEqual(tuple(answer.status_code for answer in answers), status)
                [challenge] = [answer.headers['WWW-Authenticate'] for answer in answers if answer.status_code == 403]
                self.assertIn('error="insufficient_scope"', challenge)
                self.assertIn(f'scope="{needed}"', challenge)

    @requirement('OWASP ASVS 5.0', '10.4.10', 'Revocation and introspection know no client without its secret')
    def test_every_direct_endpoint_asks_for_the_secret(self):
        token = self.tokens_of_person()['refresh_token']
        for endpoint in ('revoke', 'introspect'):
            for secret in (None, '', 'wrong'):
                with self.subTest(endpoint, secret=secret):
                    body = {'token': token, 'client_id': self.app.client_id, 'client_secret': secret}
                    self.assertRefused(self.ask(endpoint, data=body), 401, 'invalid_client')
            self.assertRefused(self.ask(endpoint, data={'token': token}), 401, 'invalid_client')
        headers = {'Authorization': basic_header(self.app.client_id, self.app_secret)}
        self.assertTrue(self.ask('introspect', headers=headers, data={'token': token}).json()['active'])

    @requirement('OWASP ASVS 5.0', '10.4.6', 'Without a challenge there is no code')
    @requirement('RFC 9700', '2.1.1', 'PKCE is required where the code goes by way of a browser')
    def test_without_a_challenge_there_is_no_code(self):
        self.app.pkce = 'required'
        answer = self.arrived(self.ask_person())
        self.assertEqual(answer['error'], 'invalid_request')
        self.assertIn('PKCE', answer['error_description'])


class TestLogout(RelyingPartyCase):

    def is_logged_in(self):
        return 'code' in self.arrived(self.ask_person(prompt='none'))

    @requirement('OWASP ASVS 5.0', '10.6.2')
    @requirement('OIDC RP-Initiated Logout', '2', 'Without an ID token of this session as a hint the user is asked')
    def test_nobody_is_logged_out_by_a_link(self):
        hint = self.tokens_of_person()['id_token']
        self.forget_session()
        self.tokens_of_person()
        for query in ({}, {'client_id': self.app.client_id}, {'id_token_hint': 'x'}, {'id_token_hint': hint}):
            with self.subTest(list(query)):
                page = self.visit(f'{PATH}/logout', params=query)
                self.assertPage(page, 'Sign out of Odoo?')
                self.assertTrue(self.is_logged_in())
        page = self.visit(f'{PATH}/logout')
        self.press(page, 'stay')
        self.assertTrue(self.is_logged_in())
        self.press(page, 'sign_out')
        self.assertFalse(self.is_logged_in())

    @requirement('OIDC RP-Initiated Logout', '2', 'With an ID token of this session as a hint the user is signed out')
    def test_the_applications_own_user_is_logged_out(self):
        hint = self.tokens_of_person()['id_token']
        self.assertTrue(self.is_logged_in())
        self.visit(f'{PATH}/logout', params={'id_token_hint': hint})
        self.assertFalse(self.is_logged_in())
