"""The button *Try sign-in*: an administrator sees what a user would be asked, and nothing is issued."""
import json

from lxml import html

from odoo import Command
from odoo.tests import new_test_user

from .browser import VERIFIER, BrowserCase
from .common import PATH, REDIRECT_URI
from .requirement import requirement

LEFT = ('oauth2_consent', 'oauth2_authorization', 'oauth2_authorization_code', 'oauth2_event', 'oauth2_use',
        'oauth2_answered_request', 'oauth2_subject')


class TestTrial(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_trier', groups='base.group_user,restapi_oauth2.group_oauth2_administrator',
            password='oauth2_trier', name='Grace Trier', email='grace@example.com')
        cls.wiki.scope_ids = cls.env['oauth2.scope'].search([('name', 'in', ('openid', 'profile', 'contacts.read'))])

    def begin_trial(self, client=None):
        action = (client or self.wiki).with_user(self.administrator).action_try_sign_in()
        self.env.flush_all()
        return self.visit(action['url'])

    def rows(self):
        """All that a sign-in leaves behind."""
        self.env.flush_all()
        rows = {}
        for table in LEFT:
            self.env.cr.execute(f'SELECT * FROM {table} ORDER BY 1')  # pylint: disable=sql-injection
            rows[table] = self.env.cr.fetchall()
        self.env.cr.execute('SELECT id, pkce_used_at, epoch FROM oauth2_client ORDER BY id')
        return {**rows, 'oauth2_client': self.env.cr.fetchall()}

    def claims(self, page):
        """What the page says of ID token and userinfo."""
        return [json.loads(pre.text_content()) for pre in html.fromstring(page.text).iter('pre')]

    @requirement('RFC 6749', '10.5', 'A trial by an administrator makes neither a code nor anything else')
    def test_it_tells_what_the_application_would_learn_and_leaves_nothing(self):
        self.log_in('oauth2_trier')
        before = self.rows()
        page = self.begin_trial()
        self.assertEqual(page.status_code, 200)
        for words in ('This is a trial', 'wants access to', 'Grace Trier', 'Read your contacts', 'app.example.com'):
            self.assertIn(words, page.text)
        done = self.answer(page, 'allow')
        self.assertEqual(done.status_code, 200, done.text)
        self.assertIn(REDIRECT_URI, done.text)
        id_token, userinfo = self.claims(done)
        subject = self.subject(self.administrator)
        self.assertEqual((id_token['sub'], id_token['aud']), (subject, self.wiki.client_id))
        self.assertNotIn('name', id_token)
        self.assertEqual((userinfo['sub'], userinfo['name']), (subject, 'Grace Trier'))
        self.assertNotIn('email', userinfo)
        scope = self.env.ref('restapi_oauth2.scope_contacts_read')
        self.assertIn(f'/odoo/oauth2-scopes/{scope.id}"', done.text)
        self.assertEqual(self.rows(), before)

    def test_it_tells_the_same_as_a_real_sign_in(self):
        self.wiki.has_claims_in_id_token = True
        self.log_in('oauth2_trier')
        shown_id_token, shown_userinfo = self.claims(self.answer(self.begin_trial(), 'allow'))
        arrived = self.allow(scope=self.wiki.scope)
        tokens = self.redeem(arrived['code'], self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()
        userinfo = self.ask('userinfo', 'GET', {'Authorization': f"Bearer {tokens['access_token']}"}).json()
        userinfo = {name: value.partition('?')[0] if name == 'picture' else value for name, value in userinfo.items()}
        self.assertEqual(shown_userinfo, userinfo)
        id_token = self.env['oauth2.authorization']._read_id_token(tokens['id_token'])
        for name in ('iat', 'exp', 'at_hash', 'nonce'):  # of that one token
            id_token.pop(name, None)
        self.assertEqual(shown_id_token, id_token)

    def test_scopes_of_an_api_are_asked_for_with_the_api(self):
        for name in ('Tools', 'Mail'):
            api = self.env['oauth2.resource'].create({
                'name': name, 'uri': f'https://{name.lower()}.example.com/mcp', 'scope_ids': [Command.create(
                    {'name': f'{name.lower()}.run', 'description': f'Run our {name}'})]})
            self.wiki.scope_ids |= api.scope_ids
        self.log_in('oauth2_trier')
        before = self.rows()
        shown = self.begin_trial()
        for words in ('This is a trial', 'Run our Mail'):
            self.assertIn(words, shown.text)
        for words in ('Run our Tools', 'Read your contacts'):
            self.assertNotIn(words, shown.text)
        done = self.answer(shown, 'allow')
        self.assertIn('mail.run', done.text)
        self.assertNotIn('tools.run', done.text)
        self.assertEqual(self.rows(), before)
        real = self.begin(scope=self.wiki.scope, resource='https://mail.example.com/mcp')
        for words in ('Run our Mail', 'mail.example.com'):
            self.assertEqual(words in shown.text, words in real.text)

    def test_where_it_was_allowed_before_it_asks_all_the_same(self):
        self.log_in('oauth2_trier')
        self.allow(scope=self.wiki.scope)
        before = self.rows()
        page = self.begin_trial()
        self.assertIn('This is a trial', page.text)
        self.answer(page, 'allow')
        self.assertEqual(self.rows(), before)

    def test_no_answer_leads_anywhere_else(self):
        self.log_in('oauth2_trier')
        for word in ('allow', 'deny'):
            page = self.answer(self.begin_trial(), word)
            self.assertEqual(page.status_code, 200)
            self.assertNotIn('code=', page.text)
        self.assertIn('access_denied', page.text)
        refused = self.answer(self.begin_trial(), 'sign_in')
        self.assertEqual(refused.status_code, 400)
        self.assertFalse(self.waiting(), 'the consent page proper knows nothing of a trial')

    def test_it_is_for_administrators_of_oauth2_alone(self):
        self.env.flush_all()
        address = f'{PATH}/try?client_id={self.wiki.client_id}'
        page = self.visit(address)
        self.assertEqual(page.status_code, 303)
        self.assertIn('/web/login', page.headers['Location'])
        self.log_in('oauth2_person')
        for answer in (self.visit(address), self.visit(address, method='POST', data={'answer': 'allow'})):
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn('Wiki', answer.text)

    def test_a_form_of_another_site_gets_nothing(self):
        self.log_in('oauth2_trier')
        self.env.flush_all()
        for token in ({}, {'csrf_token': 'x'}):
            answer = self.visit(f'{PATH}/try?client_id={self.wiki.client_id}', method='POST',
                                data={'answer': 'allow', **token})
            self.assertEqual(answer.status_code, 400)
            self.assertNotIn('grace@', answer.text)

    def test_what_would_be_refused_is_told_as_it_would_be(self):
        self.log_in('oauth2_trier')
        self.wiki.scope_ids = False
        before = self.rows()
        self.assertIn('invalid_scope', self.begin_trial().text)
        self.assertEqual(self.rows(), before)
        self.wiki.active = False
        self.assertEqual(self.begin_trial().status_code, 401)

    def test_companies_are_chosen_as_in_the_real_one(self):
        other = self.env['res.company'].create({'name': 'Other Ltd.'})
        self.administrator.company_ids = [Command.link(other.id)]
        self.log_in('oauth2_trier')
        page = self.begin_trial()
        self.assertIn('Other Ltd.', page.text)
        self.assertIn('Choose at least one company', self.answer(page, 'allow').text)
        done = self.answer(page, 'allow', **{f'company_{other.id}': 'yes'})
        self.assertIn('It would see', done.text)
        self.assertIn('Other Ltd.', done.text)
