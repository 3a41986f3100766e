"""The catalogue of attacks (docs/security.md), cases 31, 32 and 66: sessions, logins, and users who change."""
from odoo.http import root
from odoo.tests import HOST, new_test_user

from .browser import VERIFIER, BrowserCase
from .common import PATH
from .requirement import requirement


class TestSessionAttacks(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env, 'oauth2_second', groups='base.group_user', password='oauth2_second', name='Bob Second')

    def cookie(self):
        return self.opener.cookies.get('session_id', domain=HOST)

    def use(self, session_id):
        self.opener.cookies.set('session_id', session_id, domain=HOST)

    def stored_session(self):
        return root.session_store.get(self.cookie())

    def assertStale(self, response):
        self.assertEqual(response.status_code, 400, response.text)
        self.assertIn('This page is out of date', response.text)

    def assertGoesToLogin(self, response):
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers['Location'].startswith('/web/login?'), response.headers['Location'])

    @requirement('attack', '66', 'Who has planted a session finds nothing in it after the login')
    def test_attack_66_session_fixation(self):
        self.authenticate(None, None)
        waiting = self.begin()
        planted = self.cookie()
        [request_id] = self.waiting()
        address = f'{PATH}/consent?request_id={request_id}'
        self.assertGoesToLogin(waiting)
        self.sign_in('oauth2_person', address)
        own = self.cookie()
        self.assertNotEqual(own[:42], planted[:42])
        self.assertEqual(self.visit(address).status_code, 200)
        self.use(planted)
        waiting = self.waiting()
        self.opener.cookies.clear(HOST, PATH)  # of whoever has planted it
        self.assertStale(self.visit(address))
        self.use(own)
        self.wait(request_id, waiting[request_id])
        self.assertIn('code', self.arrived(self.answer(self.visit(address), 'allow')))

    @requirement('attack', '66', 'Signing in anew makes another session, and the old one is nobody\'s')
    def test_attack_66_signing_in_anew(self):
        self.log_in()
        page = self.begin(prompt='login')
        old = self.cookie()
        self.assertGoesToLogin(self.answer(page, 'sign_in'))
        self.assertNotEqual(self.cookie()[:42], old[:42])
        self.assertIsNone(self.stored_session().uid)
        new = self.cookie()
        self.use(old)
        self.assertGoesToLogin(self.answer(page, 'allow'))
        self.use(new)
        address = self.form(page)[0]
        self.sign_in('oauth2_person', address)
        self.assertIn('code', self.arrived(self.answer(self.visit(address), 'allow')))

    @requirement('attack', '66', 'A request waits in the session where it was made, and in no other')
    def test_attack_66_the_request_of_another_session(self):
        self.log_in()
        page = self.begin()
        address, _hidden = self.form(page)
        self.log_in('oauth2_second')
        own = self.begin()
        self.assertStale(self.visit(address))
        _address, hidden = self.form(own)
        self.assertStale(self.visit(address, method='POST', data={**hidden, 'answer': 'allow'}))
        self.assertFalse(self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)]))

    @requirement('attack', '66', 'What one user was shown, another who has logged in since does not allow')
    def test_attack_66_another_account_since_the_page_was_shown(self):
        self.log_in()
        address, _hidden = self.form(self.begin())
        self.sign_in('oauth2_second')
        self.assertEqual(self.stored_session().uid, self.second.id)
        _address, hidden = self.form(self.begin(state='another one'))  # with a CSRF token of now
        page = self.visit(address, method='POST', data={**hidden, 'answer': 'allow'})
        self.assertEqual(page.status_code, 200, page.text)
        self.assertIn('Bob Second', page.text)
        self.assertNotIn('Ada Person', page.text)
        self.assertFalse(self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)]))
        code = self.arrived(self.answer(page, 'allow'))['code']
        self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER)
        self.assertEqual(self.authorization(self.wiki).user_id, self.second)

    @requirement('attack', '66', 'An account that one user has chosen is not chosen for another')
    def test_attack_66_an_account_that_another_user_chose(self):
        self.log_in()
        chosen, _hidden = self.form(self.begin(prompt='select_account'))
        shown, _hidden = self.form(self.begin(prompt='select_account'))
        answer = self.answer(self.visit(chosen), 'continue')
        self.assertIn('value="allow"', self.visit(answer.headers['Location']).text)
        self.sign_in('oauth2_second')
        for address in (chosen, shown):  # whoever has just signed in has chosen the account
            page = self.visit(address).text
            self.assertIn('value="allow"', page)
            self.assertIn('Bob Second', page)
            self.assertNotIn('Ada Person', page)

    def backdate_login(self):
        """As if the login were an hour ago."""
        session = self.stored_session()
        session.update(oauth2_login_time=session['create_time'] - 3600, oauth2_login_user=session.uid)
        root.session_store.save(session)

    @requirement('attack', '66', 'The login of one user is not the login of the next one in the same session')
    def test_attack_66_the_time_of_the_login_is_the_users_own(self):
        self.log_in()
        self.assertEqual(self.arrived(self.begin(max_age='60', prompt='none'))['error'], 'consent_required')
        self.backdate_login()
        self.assertEqual(self.arrived(self.begin(max_age='60', prompt='none'))['error'], 'login_required')
        self.sign_in('oauth2_second')
        self.assertEqual(self.arrived(self.begin(max_age='60', prompt='none'))['error'], 'consent_required')

    @requirement('attack', '66', 'No application gets the rights of the superuser, whom no right limits')
    def test_attack_66_the_superuser(self):
        admin = self.env.ref('base.user_admin')
        admin.password = admin.login
        self.log_in(admin.login)
        self.visit('/web/become')
        self.assertEqual(self.stored_session().uid, 1)
        self.assertEqual(self.arrived(self.begin(scope='odoo'))['error'], 'access_denied')
        self.assertFalse(self.env['oauth2.authorization.code'].search([('client_id', '=', self.wiki.id)]))

    @requirement('attack', '66', 'Who has not given the second factor is not logged in, and gets no code')
    def test_attack_66_half_logged_in(self):
        self.log_in()
        self.allow()
        self.authenticate(None, None, session_extra={'pre_login': 'oauth2_person', 'pre_uid': self.person.id})
        self.assertGoesToLogin(self.begin())
        self.assertEqual(self.arrived(self.begin(prompt='none'))['error'], 'login_required')
        program = self.ask('authorize', 'GET', {'Accept': 'application/json'}, params=self.parameters())
        self.assertRefused(program, 401, 'login_required')
        [request_id] = self.waiting()
        self.assertGoesToLogin(self.visit(f'{PATH}/consent?request_id={request_id}'))

    @requirement('attack', '31', 'The session of a user who was archived or has a new password gives no code')
    def test_attack_31_sessions_of_changed_users(self):
        for change in ({'active': False}, {'password': 'Another one 1'}):
            with self.subTest(change):
                user = new_test_user(self.env, 'oauth2_changing', groups='base.group_user')
                self.log_in('oauth2_changing')
                self.allow()
                page = self.begin(prompt='consent')
                user.write(change)
                response = self.answer(page, 'allow')
                self.assertNotIn('code=', response.headers.get('Location', ''))
                self.assertGoesToLogin(self.begin())
                self.assertEqual(self.arrived(self.begin(prompt='none'))['error'], 'login_required')
                user.unlink()

    @requirement('attack', '31', 'What a user allowed dies with the user, or with the password')
    def test_attack_31_tokens_of_changed_users(self):
        for change in ({'active': False}, {'password': 'Another one 1'}, {'login': 'renamed'}):
            with self.subTest(change):
                user = new_test_user(self.env, 'oauth2_changing', groups='base.group_user')
                self.log_in('oauth2_changing')
                tokens = self.tokens_of_wiki(scope='openid odoo')
                code = self.arrived(self.begin(scope='openid odoo'))['code']
                bearer = {'Authorization': f"Bearer {tokens['access_token']}"}
                self.assertEqual(self.ask('userinfo', 'GET', bearer).json()['sub'], self.subject(user))
                user.write(change)
                user.write({'active': True})
                self.assertRefused(self.ask('userinfo', 'GET', bearer), 401, 'invalid_token')
                self.assertDeadForWiki(tokens, code)
                user.unlink()

    @requirement('attack', '32', 'What a client was allowed dies when it is archived or loses what it needs')
    def test_attack_32_clients_that_users_have_allowed(self):
        for change in ({'active': False}, {'grant_refresh_token': False}, {'grant_authorization_code': False},
                       {'is_public': True}):
            with self.subTest(change):
                self.wiki.write({name: not value for name, value in change.items()})
                self.log_in()
                tokens = self.tokens_of_wiki(scope='openid odoo', prompt='consent')
                code = self.arrived(self.begin(scope='openid odoo'))['code']
                self.wiki.write(change)
                self.wiki.write({name: not value for name, value in change.items()})
                if not self.wiki.secret_ids:  # who has been public has none left
                    self.env['oauth2.client.secret']._store(self.wiki, self.wiki_secret)
                self.assertDeadForWiki(tokens, code)

    def assertDeadForWiki(self, tokens, code):
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER), 400, 'invalid_grant')
