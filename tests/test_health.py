"""The page *Health*: what it finds, says and mends, and what an administrator accepts."""
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..models.health import health_of_server
from ..models.health.oauth2_health import HIGH
from .common import OAuth2Case


@tagged('post_install', '-at_install')
class TestHealth(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        cls.env['ir.config_parameter'].set_param('web.base.url', 'https://odoo.example.com')
        cls.administrator = new_test_user(
            cls.env, 'oauth2_health', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.user = new_test_user(cls.env, 'oauth2_health_user', groups='base.group_user')
        cls.client = cls.env['oauth2.client'].create({
            'name': 'Report', 'user_id': cls.user.id, 'grant_client_credentials': True,
            'scope_ids': [Command.set(cls.env.ref('restapi_oauth2.scope_contacts_read').ids)]})

    def found(self, check_name):
        """What a check finds of the server or of our application, after another look."""
        self.env.flush_all()
        self.env['oauth2.finding'].with_user(self.administrator).action_open()
        return self.env['oauth2.finding'].with_user(self.administrator).search(
            [('check_name', '=', check_name), ('client_id', 'in', (False, self.client.id))])

    def age(self, record, days):
        self.env.flush_all()
        self.env.cr.execute(SQL('UPDATE %s SET create_date = create_date - make_interval(days => %s) WHERE id = %s',
                                SQL.identifier(record._table), days, record.id))
        self.env.invalidate_all()

    def test_each_check_finds_what_it_is_for_and_nothing_once_it_is_mended(self):
        parameters, configuration = self.env['ir.config_parameter'], self.env['oauth2.configuration']
        everything = self.env.ref('restapi_oauth2.scope_odoo')
        narrow = self.env.ref('restapi_oauth2.scope_contacts_read')
        secrets = self.env['oauth2.client.secret']
        settings = new_test_user(self.env, 'oauth2_health_settings', groups='base.group_system')

        def make_old_secret():
            secrets._store(self.client, 'S' * 32)
            self.age(self.client.secret_ids[0], 400)

        def make_replaced_secret():
            for letter in 'UV':
                secrets._store(self.client, letter * 32)
                self.age(self.client.secret_ids[0], 40)
            self.env.cr.execute(SQL(
                'UPDATE oauth2_client_secret SET used_at = now() WHERE id = %s', max(self.client.secret_ids.ids)))
            self.env.invalidate_all()

        def make_unused():
            self.age(self.client, 100)

        def set_line(changes):
            narrow.line_ids[0].perm_write = changes

        cases = {
            'issuer_missing': (lambda: parameters.set_param('restapi_oauth2.issuer', ''),
                               lambda: configuration._confirm_issuer('https://odoo.example.com')),
            'issuer_without_https': (lambda: configuration._confirm_issuer('http://localhost:8069'),
                                     lambda: configuration._confirm_issuer('https://odoo.example.com')),
            'other_address': (lambda: parameters.set_param('web.base.url', 'https://other.example.com'),
                              lambda: parameters.set_param('web.base.url', 'https://odoo.example.com')),
            'credentials_in_query': (
                lambda: parameters.set_param('restapi_oauth2.credentials_in_query', 'True'), None),
            'fetch_networks': (lambda: parameters.set_param('restapi_oauth2.fetch_networks', '10.0.0.0/8'), None),
            'acts_as_administrator': (
                lambda: self.client.write({'user_id': settings.id, 'scope_ids': [Command.link(everything.id)]}),
                lambda: self.client.write({'user_id': self.user.id, 'scope_ids': [Command.set(narrow.ids)]})),
            'more_rights_than_scopes': (
                lambda: self.client.write({'user_id': settings.id, 'scope_ids': [Command.set(narrow.ids)]}),
                lambda: self.client.write({'user_id': self.user.id})),
            'opens_everything': (lambda: self.client.write({'scope_ids': [Command.link(everything.id)]}),
                                 lambda: self.client.write({'scope_ids': [Command.set(narrow.ids)]})),
            'old_secret': (make_old_secret, lambda: self.client.write({'secret_ids': [Command.clear()]})),
            'replaced_secret': (make_replaced_secret, lambda: self.client.write({'secret_ids': [Command.clear()]})),
            'no_secret': (lambda: (secrets._store(self.client, 'T' * 32),
                                   self.client.secret_ids.write({'expires_at': '2020-01-01'})),
                          lambda: self.client.write({'secret_ids': [Command.clear()]})),
            'pkce_never': (lambda: self.client.write({'pkce': 'never'}), None),
            'keeps_refresh_token': (lambda: self.client.write({'refresh_rotation': 'keep'}),
                                    lambda: self.client.write({'refresh_rotation': 'rotate'})),
            'keys_overdue': (lambda: self.env.cr.execute(
                "UPDATE oauth2_signing_key SET activates_at = activates_at - interval '10 years'"), None),
            'scope_says_less': (lambda: set_line(True), lambda: set_line(False)),
            'unused': (make_unused, None),
        }
        without_a_case = {'clocks', 'databases', 'proxy', 'takeover'}  # the last two: below, and test_brought_along
        self.assertEqual(set(self.env['oauth2.health']._checks()), cases.keys() | without_a_case)
        for name, (spoil, mend) in cases.items():
            with self.subTest(name):
                self.assertFalse(self.found(name))
                spoil()
                finding = self.found(name)
                self.assertEqual(len(finding), 1)
                self.assertTrue(finding.sentence and finding.why and finding.severity)
                self.assertEqual(finding.with_user(settings).can_be_mended, mend is None)
                self.assertTrue(finding.action_open_client())
                if mend:
                    mend()
                else:
                    finding.with_user(settings).action_mend()
                self.assertFalse(self.found(name))

    def test_what_is_accepted_stays_so_and_says_who_and_why(self):
        self.client.refresh_rotation = 'keep'
        finding = self.found('keeps_refresh_token')
        finding.acceptance = 'The till cannot do otherwise'
        self.assertTrue(self.found('keeps_refresh_token').is_accepted)
        event = self.env['oauth2.event'].search([('name', '=', 'finding_accepted')], limit=1)
        self.assertEqual((event.actor_id, event.new_value, event.client_id),
                         (self.administrator, 'The till cannot do otherwise', self.client))
        self.client.refresh_rotation = 'rotate'
        self.found('keeps_refresh_token')
        self.client.refresh_rotation = 'keep'
        self.assertFalse(self.found('keeps_refresh_token').is_accepted)

    def test_what_was_accepted_is_not_another_fact(self):
        everything = self.env.ref('restapi_oauth2.scope_odoo')
        for number in range(2):
            user = new_test_user(self.env, f'oauth2_health_admin{number}', groups='base.group_system')
            self.client.write({'user_id': user.id, 'scope_ids': [Command.link(everything.id)]})
            finding = self.found('acts_as_administrator')
            self.assertEqual(len(finding), 1)
            self.assertFalse(finding.is_accepted)
            finding.acceptance = 'This one may'

    def test_what_was_accepted_is_not_a_fact_that_has_grown(self):
        scopes = {name: self.env.ref(f'restapi_oauth2.scope_{name}') for name in ('odoo', 'odoo_read', 'contacts_read')}
        settings = new_test_user(self.env, 'oauth2_health_grown', groups='base.group_system')
        line = scopes['contacts_read'].line_ids[0]
        others = ['other']
        self.patch(health_of_server, 'list_dbs', lambda _force: [self.env.cr.dbname, *others])
        self.patch(health_of_server, 'config', {'dbfilter': '', 'db_name': [], 'proxy_mode': False})
        self.client.write({'user_id': settings.id, 'scope_ids': [Command.set(scopes['odoo_read'].ids)]})
        line.perm_write = True
        for name, grow in (
            ('scope_says_less', lambda: line.write({'perm_unlink': True})),
            ('scope_says_less', lambda: line.write({'method_names': '*'})),
            ('acts_as_administrator', lambda: self.client.write({'scope_ids': [Command.link(scopes['odoo'].id)]})),
            ('acts_as_administrator', lambda: scopes['odoo_read'].write({'opens': 'everything'})),
            ('databases', lambda: others.append('another')),
        ):
            with self.subTest(name):
                finding = self.found(name)
                finding.acceptance = 'Right as it is'
                self.assertTrue(self.found(name).is_accepted)
                grow()
                self.assertEqual(len(self.found(name)), 1)
                self.assertFalse(self.found(name).is_accepted)

    def test_another_severity_is_another_fact(self):
        self.client.refresh_rotation = 'keep'
        finding = self.found('keeps_refresh_token')
        finding.acceptance = 'The till cannot do otherwise'
        health, told = type(self.env['oauth2.health']), self.env['oauth2.health']._tells_keeps_refresh_token
        self.patch(health, '_tells_keeps_refresh_token',
                   lambda _self, client, detail: told(client, detail)._replace(severity=HIGH))
        finding = self.found('keeps_refresh_token')
        self.assertEqual((finding.severity, finding.is_accepted), (HIGH, False))

    def test_it_says_with_which_scopes_an_application_acts(self):
        settings = new_test_user(self.env, 'oauth2_health_scopes', groups='base.group_system')
        self.client.write({'user_id': settings.id, 'scope_ids': [Command.link(
            self.env.ref('restapi_oauth2.scope_odoo_read').id)]})
        self.assertIn('(contacts.read odoo.read)', self.found('acts_as_administrator').sentence)

    def test_a_reason_is_a_line_of_text(self):
        self.client.refresh_rotation = 'keep'
        finding = self.found('keeps_refresh_token')
        for reason, stored in (('a\0b\nc ', 'abc'), ('  ', ''), (False, ''), (7, '7')):
            finding.acceptance = reason
            self.assertEqual((finding.acceptance or '', finding.is_accepted), (stored, bool(stored)))

    def test_the_worst_comes_first(self):
        self.client.write({'pkce': 'never', 'refresh_rotation': 'keep', 'grant_authorization_code': True})
        self.env['ir.config_parameter'].set_param('restapi_oauth2.credentials_in_query', 'True')
        self.found('pkce_never')
        names = self.env['oauth2.finding'].search([]).mapped('check_name')
        self.assertLess(names.index('credentials_in_query'), names.index('pkce_never'))
        self.assertLess(names.index('pkce_never'), names.index('keeps_refresh_token'))

    def test_a_check_that_fails_keeps_no_other_and_loses_nothing(self):
        self.client.refresh_rotation = 'keep'
        kept = self.found('keeps_refresh_token')
        self.client.write({'pkce': 'never', 'grant_authorization_code': True})
        health = type(self.env['oauth2.health'])
        self.patch(health, '_finds_keeps_refresh_token', lambda _self: 1 / 0)
        with mute_logger('odoo.addons.restapi_oauth2.models.health.oauth2_health'):
            self.assertTrue(self.found('pkce_never'))
            self.assertEqual(self.found('keeps_refresh_token'), kept)

    def test_what_it_says_is_in_the_language_of_the_reader(self):
        self.client.pkce = 'never'
        finding = self.found('pkce_never')
        self.assertIn('Report', finding.sentence)
        self.client.name = 'Reports'
        finding.invalidate_recordset()
        self.assertIn('Reports', finding.sentence)

    def test_a_button_gives_nobody_more_rights(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.credentials_in_query', 'True')
        with self.assertRaises(AccessError):
            self.found('credentials_in_query').action_mend()
        self.env.cr.execute("UPDATE oauth2_signing_key SET activates_at = activates_at - interval '10 years'")
        finding, keys = self.found('keys_overdue'), self.env['oauth2.signing.key'].search([])
        self.assertFalse(finding.can_be_mended)
        with self.assertRaises(AccessError):
            finding.action_mend()
        self.assertEqual(self.env['oauth2.signing.key'].search([]), keys)

    def test_it_is_for_administrators(self):
        for method in ('action_open', 'action_mend', 'action_open_client'):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(self.env['oauth2.finding'].with_user(self.user).search([]) if method != 'action_open'
                        else self.env['oauth2.finding'].with_user(self.user), method)()


class TestHealthOfRequests(OAuth2Case):

    def test_a_proxy_that_odoo_does_not_expect(self):
        """Odoo's tests run without proxy_mode."""
        new_test_user(self.env, 'oauth2_health_proxy', groups='base.group_system', password='oauth2_health_proxy')
        self.authenticate('oauth2_health_proxy', 'oauth2_health_proxy')
        for headers, count in (({}, 0), ({'X-Forwarded-For': '192.0.2.1'}, 1), ({}, 0)):
            with self.subTest(headers):
                self.make_jsonrpc_request('/web/dataset/call_kw', {
                    'model': 'oauth2.finding', 'method': 'action_open', 'args': [], 'kwargs': {}}, headers=headers)
                self.env.invalidate_all()
                self.assertEqual(self.env['oauth2.finding'].search_count([('check_name', '=', 'proxy')]), count)
