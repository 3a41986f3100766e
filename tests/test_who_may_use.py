"""Who may use an application: on the pages, and with everything that was issued before."""
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import new_test_user

from .browser import VERIFIER, AllowedCase
from .requirement import requirement
from .test_pages import text


class TestWhoMayUse(AllowedCase):
    """`Wiki`, for which the person has allowed `odoo`, and a group that the person does not belong to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env['res.groups'].create({'name': 'Writers'})

    def assertOut(self, tokens, code):
        """Nothing that was given before is good for anything."""
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.ask('userinfo', 'GET', {'Authorization': f"Bearer {tokens['access_token']}"}),
                           401, 'invalid_token')
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, code_verifier=VERIFIER), 400, 'invalid_grant')

    def given(self):
        """Tokens, and a code that is not redeemed yet."""
        tokens = self.tokens_of()
        return tokens, self.arrived(self.begin(scope='odoo'))['code']

    def tokens_of(self):
        code = self.arrived(self.begin(scope='odoo'))['code']
        return self.redeem(code, code_verifier=VERIFIER).json()

    @requirement('attack', '32', 'Who is taken off the list of an application loses all that was given, at once')
    def test_attack_32_taken_off_the_list(self):
        other = new_test_user(self.env, 'oauth2_writer', groups='base.group_user')
        for way, narrow in {
            'a list of users': lambda: self.client.write({'allowed_user_ids': [Command.set(other.ids)]}),
            'a list of groups': lambda: self.client.write({'allowed_group_ids': [Command.set(self.group.ids)]}),
        }.items():
            with self.subTest(way):
                given = self.given()
                narrow()
                self.assertOut(*given)
                authorization = self.authorization()
                self.assertEqual((authorization.is_active, authorization.revoked_because), (False, 'excluded'))
                self.client.write({'allowed_group_ids': False, 'allowed_user_ids': False, 'open_to': 'everybody'})

    @requirement('attack', '32', 'Who leaves a group, or whose group no longer implies it, loses all at once')
    def test_attack_32_groups_change(self):
        outer = self.env['res.groups'].create({'name': 'Editors', 'implied_ids': [Command.link(self.group.id)]})
        self.client.allowed_group_ids = self.group
        for way, join, leave in (
            ('its own group', lambda: self.person.write({'group_ids': [Command.link(self.group.id)]}),
             lambda: self.person.write({'group_ids': [Command.unlink(self.group.id)]})),
            ('a group that implies it', lambda: self.person.write({'group_ids': [Command.link(outer.id)]}),
             lambda: outer.write({'implied_ids': [Command.unlink(self.group.id)]})),
        ):
            with self.subTest(way):
                join()
                given = self.given()
                self.assertWorks(given[0]['access_token'])
                leave()
                self.assertOut(*given)

    @requirement('attack', '32', 'An application whose last group is deleted is open to nobody')
    def test_attack_32_the_last_group_is_deleted(self):
        self.client.allowed_group_ids = self.group
        self.group.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.client.allowed_group_ids)
        self.assertEqual(text(self.begin(scope='odoo'), '//h1'), 'You may not use Wiki')
        self.client.allowed_group_ids = False  # saved once more, as it is
        self.assertEqual(self.client.open_to, 'listed')

    def test_a_list_that_is_filled_in_is_meant(self):
        client = self.env['oauth2.client'].create({
            'name': 'Blog', 'allowed_user_ids': [Command.set(self.person.ids)]})
        self.assertEqual(client.open_to, 'listed')
        self.person.active = False
        client = self.env['oauth2.client'].create({
            'name': 'Blog', 'allowed_user_ids': [Command.set(self.person.ids)]})
        self.assertEqual(client.open_to, 'listed')
        self.assertEqual(self.env['oauth2.client'].create({'name': 'Blog'}).open_to, 'everybody')

    @requirement('RFC 6749', '4.1.2.1', 'The server says no on a page, from which the client is told access_denied')
    def test_others_are_told_on_a_page(self):
        self.client.allowed_group_ids = self.group
        page = self.begin(scope='odoo')
        self.assertEqual(text(page, '//h1'), 'You may not use Wiki')
        for words in ('Ada Person', 'Ask the administrator', 'another account'):
            self.assertIn(words, text(page))
        self.assertNotIn('value="allow"', page.text)
        for answer in ('allow', 'continue'):  # which the page does not offer
            answered = self.answer(page, answer)
            if answered.status_code == 303:
                answered = self.visit(answered.headers['Location'])
            self.assertEqual(text(answered, '//h1'), 'You may not use Wiki')
        arrived = self.arrived(self.answer(page, 'deny'))
        self.assertEqual((arrived['error'], arrived['state']), ('access_denied', 'as-sent'))

    def test_another_account_may_use_it(self):
        new_test_user(self.env, 'oauth2_writer', groups='base.group_user', password='oauth2_writer')
        self.client.allowed_user_ids = self.env['res.users'].search([('login', '=', 'oauth2_writer')])
        login = self.answer(self.begin(scope='odoo'), 'sign_in')
        _action, hidden = self.form(self.visit(login.headers['Location']))
        logged_in = self.visit('/web/login', method='POST', data={
            **hidden, 'login': 'oauth2_writer', 'password': 'oauth2_writer'})
        self.assertIn('code', self.arrived(self.answer(self.visit(logged_in.headers['Location']), 'allow')))

    @requirement('OIDC Core', '3.1.2.6', 'With prompt=none the client is told, and no page is shown')
    def test_prompt_none(self):
        self.client.allowed_group_ids = self.group
        self.assertEqual(self.arrived(self.begin(scope='odoo', prompt='none'))['error'], 'access_denied')
        program = self.ask('authorize', 'GET', {'Accept': 'application/json'}, params=self.parameters(scope='odoo'))
        self.assertRefused(program, 403, 'access_denied')

    def test_no_code_is_made_where_the_list_has_changed_meanwhile(self):
        self.client.allowed_group_ids = self.group
        self.env.flush_all()
        codes = self.env['oauth2.authorization.code']
        self.assertIsNone(codes._issue(self.client, self.person.id, 'odoo', is_direct=False))

    def test_introspection_knows(self):
        api, secret = self.make_client('API', is_resource_server=True)
        tokens = self.tokens_of()
        self.client.allowed_group_ids = self.group
        answer = self.ask('introspect', data={
            'client_id': api.client_id, 'client_secret': secret, 'token': tokens['access_token']})
        self.assertEqual(answer.json(), {'active': False})

    def test_it_is_not_for_the_user_as_whom_an_application_acts(self):
        service = new_test_user(self.env, 'oauth2_service', groups='base.group_user')
        shop, secret = self.make_client('Other shop', service, grant_client_credentials=True)
        shop.allowed_group_ids = self.group
        self.authenticate(None, None)
        tokens = self.tokens(shop, secret)
        self.assertWorks(tokens['access_token'])
        itself = self.token(shop, secret, grant_type='client_credentials', scope='odoo').json()
        self.assertWorks(itself['access_token'])
        self.assertTrue(self.authorization(shop).is_active)

    def test_the_list_of_who_has_access_says_so(self):
        self.client.allowed_group_ids = self.group
        self.env.flush_all()
        access = self.env['oauth2.access'].search([('client_id', '=', self.client.id)])
        self.assertEqual(access.status, 'excluded')
        self.client.allowed_user_ids = self.person
        self.env.invalidate_all()
        self.assertEqual(access.status, 'never')

    def test_the_test_of_the_connection_says_that_nobody_is_left(self):
        self.assertTrue(self.client._has_users())
        self.client.allowed_user_ids = self.person
        self.assertTrue(self.client._has_users())
        self.person.active = False
        action = self.client.action_test_connection()
        self.assertIn('Nobody may use it', self.env['oauth2.connection.test'].browse(action['res_id']).problems)

    @requirement('attack', '86', 'A change of who may use an application is an event')
    def test_attack_86_a_change_is_an_event(self):
        self.client.allowed_group_ids = self.group
        events = self.env['oauth2.event'].search([
            ('client_id', '=', self.client.id), ('name', '=', 'application_changed'),
            ('happened_at', '>', datetime.now() - timedelta(hours=1))])
        self.assertIn(('Wiki: Groups that may use it', 'Writers'), [(one.detail, one.new_value) for one in events])
        self.assertIn(('Wiki: Who may use it', 'listed'), [(one.detail, one.new_value) for one in events])

    def test_a_call_costs_no_statement_more(self):
        """A token of an application with a list costs as many as one without."""
        spent = []
        for listed in (False, True):
            self.client.allowed_group_ids = self.env.ref('base.group_user') if listed else False
            access_token = self.tokens_of()['access_token']
            for _time in range(2):
                before = self.cr.sql_log_count
                self.assertWorks(access_token)
            spent.append(self.cr.sql_log_count - before)
        self.assertEqual(spent[0], spent[1])
