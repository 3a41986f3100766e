"""Trying to reach more than a scope: by relations, domains, groups, names, files, methods, contexts, caches and so on.

The scope `names` opens two fields of every contact; `companies` opens all fields of companies, for reading, changing
and adding. The target is Bob, a person with secrets.
"""
import json

from odoo.tests import new_test_user

from .requirement import requirement
from .scoped import ScopedCase

CONTACT = {'model': 'res.partner'}
HIDDEN = ('bob@example.com', '+32 2', 'B-4711')


class HostileCase(ScopedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_scope('names', {**CONTACT, 'field_names': 'name email'})
        cls.make_scope('companies', {
            **CONTACT, 'domain': "[('is_company', '=', True)]", 'perm_write': True, 'perm_create': True,
            'perm_unlink': True})
        cls.make_scope('everything.but', {**CONTACT}, {'model': 'res.country'})

    def assertTellsNothing(self, token, model, method, **arguments):
        """The call is refused, or its answer holds nothing of Bob but his number."""
        response = self.call(token, model, method, **arguments)
        self.assertIn(response.status_code, (200, 403, 404, 422), response.text[:500])
        body = response.json()
        told = json.dumps(body if response.status_code == 200 else body['message'])
        for secret in (*HIDDEN, 'Bob'):
            self.assertNotIn(secret, told, f'{model}.{method} {arguments}')
        return body


class TestRelations(HostileCase):

    @requirement('attack', '58', 'Fields of closed models are not read by way of relations')
    def test_attack_58_relations_to_closed_models(self):
        token = self.token_with('everything.but')
        self.acme.company_id = self.env.company
        for field, value in (('user_id', self.ann.id), ('company_id', self.env.company.id), ('create_uid', 1)):
            [classic] = self.ok(token, 'res.partner', 'read', ids=self.acme.ids, fields=[field])
            self.assertEqual(classic[field], [value, ''])
            [plain] = self.ok(token, 'res.partner', 'read', ids=self.acme.ids, fields=[field], load=None)
            self.assertEqual(plain[field], value)
            [web] = self.ok(token, 'res.partner', 'web_read', ids=self.acme.ids,
                            specification={field: {'fields': {'display_name': {}}}})
            self.assertEqual(web[field], {'id': value, 'display_name': ''})
            self.assertClosed(token, 'res.partner', 'web_read', ids=self.acme.ids,
                              specification={field: {'fields': {'name': {}}}})
            self.assertClosed(
                token, 'res.partner', 'export_data', ids=self.acme.ids, fields_to_export=[field + '/name']
            )
            self.assertClosed(token, 'res.partner', 'export_data', ids=self.acme.ids, fields_to_export=[field])
            [group] = self.ok(token, 'res.partner', 'formatted_read_group', domain=[('id', '=', self.acme.id)],
                              groupby=[field], aggregates=['__count'])
            self.assertEqual(group[field], [value, ''])
            self.assertClosed(token, 'res.partner', 'web_read_group', domain=[], groupby=[field], aggregates=[])
            [group] = self.ok(
                token,
                'res.partner',
                'read_group',
                domain=[('id', '=', self.acme.id)],
                fields=['__count'],
                groupby=[field],
            )
            self.assertEqual(group[field], [value, ''])
            self.assertClosed(token, 'res.partner', 'formatted_read_group', domain=[], groupby=[field + '.name'])
        for field in ('user_ids', 'bank_ids'):
            for method, arguments in (('read', {'fields': [field]}), ('web_read', {'specification': {field: {}}}),
                                      ('export_data', {'fields_to_export': [field + '/id']})):
                with self.subTest(field, method=method):
                    self.assertClosed(token, 'res.partner', method, ids=self.acme.ids, **arguments)

    @requirement('attack', '58', 'What a record is called that is closed is told nowhere')
    def test_attack_58_names_of_closed_records(self):
        self.bob.parent_id = False
        self.acme.parent_id = self.bob  # as an odd database may have it
        token = self.token_with('companies')
        [read] = self.ok(token, 'res.partner', 'read', ids=self.acme.ids, fields=['parent_id', 'child_ids'])
        self.assertEqual((read['parent_id'], read['child_ids']), ([self.bob.id, ''], []))
        for method, arguments in (
            ('read', {'ids': self.acme.ids, 'fields': ['parent_name']}),
            ('read', {'ids': self.acme.ids}),
            ('web_read', {'ids': self.acme.ids, 'specification': {'parent_id': {'fields': {'name': {}, 'phone': {}}}}}),
            ('web_read', {'ids': self.acme.ids, 'specification': {'child_ids': {'fields': {'name': {}, 'phone': {}}}}}),
            (
                'export_data',
                {'ids': self.acme.ids, 'fields_to_export': ['parent_id', 'parent_id/phone', 'child_ids/name']},
            ),
            ('formatted_read_group', {'domain': [], 'groupby': ['parent_id'], 'aggregates': ['__count']}),
            ('formatted_read_group', {'domain': [], 'groupby': ['parent_id.phone'], 'aggregates': ['__count']}),
            ('formatted_read_group', {'domain': [], 'groupby': ['id'], 'aggregates': ['phone:array_agg']}),
            ('formatted_read_group', {'domain': [], 'groupby': [], 'aggregates': ['parent_id:recordset', '__count']}),
            (
                'web_read_group',
                {
                    'domain': [],
                    'groupby': ['parent_id'],
                    'aggregates': [],
                    'groupby_read_specification': {'parent_id': {'name': {}, 'phone': {}}},
                },
            ),
            ('read_group', {'domain': [], 'fields': ['phone'], 'groupby': ['parent_id']}),
            ('name_search', {'name': 'Bob'}),
            ('name_search', {'name': 'Bob', 'operator': '='}),
            ('web_name_search', {'name': 'Bob', 'specification': {'display_name': {}, 'phone': {}}}),
            ('search_panel_select_range', {'field_name': 'parent_id'}),
            ('search_panel_select_multi_range', {'field_name': 'category_id'}),
            ('get_metadata', {'ids': self.bob.ids}),
            ('display_name', {'ids': self.bob.ids}),
            ('get_field_translations', {'ids': self.bob.ids, 'field_name': 'name'}),
            ('get_formview_action', {'ids': self.bob.ids}),
            ('name_get', {'ids': self.bob.ids}),
            ('copy_data', {'ids': self.bob.ids}),
            ('copy', {'ids': self.bob.ids}),
            ('address_get', {'ids': self.bob.ids}),
            ('create_company', {'ids': self.bob.ids}),
            ('web_save', {'ids': self.bob.ids, 'vals': {}, 'specification': {'phone': {}}}),
            (
                'web_save',
                {'ids': self.acme.ids, 'vals': {'name': 'x'}, 'specification': {'phone': {}}, 'next_id': self.bob.id},
            ),
        ):
            with self.subTest(method, **arguments):
                self.assertTellsNothing(token, 'res.partner', method, **arguments)

    @requirement('attack', '58', 'A property does not tell what the closed records are called that it names')
    def test_attack_58_names_of_closed_records_in_properties(self):
        properties = [
            {'name': 'boss', 'string': 'Boss', 'type': 'many2one', 'comodel': 'res.users', 'value': self.ann.id},
            {'name': 'team', 'string': 'Team', 'type': 'many2many', 'comodel': 'res.users', 'value': self.ann.ids},
            {'name': 'note', 'string': 'Note', 'type': 'char', 'value': 'Hello'}]
        self.acme.properties = [{**item, 'definition_changed': True} for item in properties]
        self.env.flush_all()
        mine = {'domain': [('id', '=', self.acme.id)]}
        token = self.token_with('everything.but')
        for method, arguments in (
            ('read', {'ids': self.acme.ids, 'fields': ['properties']}),
            ('search_read', {**mine, 'fields': ['properties']}),
            ('web_read', {'ids': self.acme.ids, 'specification': {'properties': {}}}),
        ):
            answer = json.dumps(self.ok(token, 'res.partner', method, **arguments))
            self.assertIn('Hello', answer)
            self.assertNotIn('Ann', answer)
        for method, arguments in (
            ('formatted_read_group', {**mine, 'groupby': ['properties.boss'], 'aggregates': ['__count']}),
            ('formatted_read_group', {**mine, 'groupby': ['properties.team'], 'aggregates': ['__count']}),
            ('read_group', {**mine, 'groupby': ['properties.boss'], 'fields': []}),
            ('export_data', {'ids': self.acme.ids, 'fields_to_export': ['properties.boss']}),
        ):
            self.assertClosed(token, 'res.partner', method, **arguments)
        self.assertEqual(self.ok(token, 'res.partner', 'export_data', ids=self.acme.ids, fields_to_export=[
            'properties.note']), {'datas': [['Hello']]})

    @requirement('attack', '58', 'A closed record is not copied from by being referred to')
    def test_attack_58_references_to_closed_records(self):
        token = self.token_with('companies')
        for vals in (
            {'parent_id': self.bob.id},
            {'child_ids': [(4, self.bob.id)]},
            {'child_ids': [(6, 0, self.bob.ids)]},
            {'child_ids': [(1, self.bob.id, {'name': 'x'})]},
            {'child_ids': [(2, self.bob.id)]},
            {'child_ids': [(3, self.bob.id)]},
            {'child_ids': [(5,)]},
            {'child_ids': False},
            {'child_ids': []},
            {'child_ids': self.bob.ids},
            {'commercial_partner_id': self.bob.id},
            {'user_id': self.ann.id},
            {'company_id': self.env.company.id},
            {'parent_id': 'x'},
            {'parent_id': {'name': 'x'}},
            {'parent_id': True},
            {'parent_id': [self.bob.id]},
        ):
            with self.subTest(**vals):
                self.assertClosed(token, 'res.partner', 'write', ids=self.acme.ids, vals=vals)
                self.assertClosed(
                    token, 'res.partner', 'create', vals_list=[{'name': 'x', 'is_company': True, **vals}]
                ) if vals not in (
                    {'child_ids': [(5,)]},
                    {'child_ids': False},
                    {'child_ids': []},
                    {'child_ids': [(3, self.bob.id)]},
                ) else None
        self.assertEqual((self.bob.parent_id, self.bob.name), (self.acme, 'Bob Test'))
        self.assertEqual(self.env['res.partner'].search_count([('name', '=', 'x')]), 0)


class TestDomains(HostileCase):

    @requirement('attack', '58', 'A domain does not ask about closed fields, models and records')
    def test_attack_58_domains_across_what_is_closed(self):
        for scope, domains in {
            'names': [
                [('phone', 'like', '+32')],
                ['!', ('phone', 'like', '+32')],
                [('user_id', '=', self.ann.id)],
                [('parent_id.name', '=', 'Acme Test')],
                [('child_ids.name', 'like', 'Bob')],
                [('vat', '!=', False)],
                [('display_name', 'ilike', 'Bob')],
                [('create_uid.login', 'like', 'a')],
                [('category_id', '!=', False)],
                [('id', 'in', [1]), '|', ('name', '=', 'x'), ('ref', '=', 'B-4711')],
                [('country_id.code', '=', 'BE')],
                [('child_ids', 'any', [('name', 'like', 'Bob')])],
                [('user_ids.login', '=', 'admin')],
                [('id', 'child_of', self.acme.id)],
                [('parent_id', 'child_of', self.acme.id)],
                [('write_date', '>', '2020-01-01')],
                [('create_date.month_number', '=', 1)],
            ],
            'everything.but': [
                [('user_id.login', '=', 'oauth2_ann')],
                [('user_id', 'ilike', 'Ann')],
                [('user_id.password', '!=', False)],
                [('user_ids.login', '=', 'admin')],
                [('user_ids', 'any', [('login', '=', 'admin')])],
                [('user_ids', '!=', False)],
                [('company_id.name', 'like', 'a')],
                [('bank_ids.acc_number', 'like', '1')],
                [('create_uid', 'any', [('login', 'like', 'a')])],
                [('create_uid.partner_id.phone', '=', '1')],
                [('child_ids.user_id.login', '=', 'a')],
                [('parent_id.create_uid.login', '=', 'a')],
                [('user_id', 'not any', [('login', '=', 'admin')])],
                [('self', '!=', 0)],
                [('main_user_id', '!=', False)],
            ],
        }.items():
            token = self.token_with(scope)
            for domain in domains:
                for method in ('search', 'search_count', 'search_read'):
                    with self.subTest(scope, domain=domain, method=method):
                        response = self.call(token, 'res.partner', method, domain=domain)
                        self.assertEqual(response.status_code, 403, response.text[:300])

    @requirement('attack', '58', 'A domain does not ask about records that are closed')
    def test_attack_58_domains_across_closed_records(self):
        token = self.token_with('companies')
        mine = ('id', '=', self.acme.id)
        for domain in (
            [('child_ids.name', 'like', 'Bob')],
            [('child_ids.ref', '=', 'B-4711')],
            [('child_ids', 'any', [('ref', '=', 'B-4711')])],
            [('child_ids', 'in', self.bob.ids)],
            [('child_ids', '=', self.bob.id)],
            [('child_ids', '!=', False)],
            [('child_ids', 'ilike', 'Bob')],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.ok(token, 'res.partner', 'search', domain=[mine, *domain]), [])
        for domain in ([('child_ids', 'not in', self.bob.ids)], [('child_ids', '=', False)],
                       [('child_ids', 'not any', [('ref', '=', 'B-4711')])]):
            with self.subTest(domain=domain):
                self.assertEqual(self.ok(token, 'res.partner', 'search', domain=[mine, *domain]), self.acme.ids)
        self.bob.parent_id = False
        self.acme.parent_id = self.bob
        for domain in ([('parent_id.ref', '=', 'B-4711')], [('parent_id', 'ilike', 'Bob')],
                       [('parent_id', 'any', [('phone', 'like', '+32')])], [('parent_id.parent_id.name', 'like', 'A')]):
            with self.subTest(domain=domain):
                self.assertEqual(self.ok(token, 'res.partner', 'search', domain=[mine, *domain]), [])
        self.assertClosed(token, 'res.partner', 'search', domain=[('parent_name', 'like', 'Bob')])
        self.assertClosed(token, 'res.partner', 'search', domain=[('child_ids.parent_name', 'like', 'A')])

    @requirement(
        'attack', '58', 'Relations that Odoo searches without rules are held to the token\'s records all the same'
    )
    def test_attack_58_relations_without_rules(self):
        """res.users.partner_id and res.partner.user_ids are such relations (`bypass_search_access`)."""
        self.make_scope('own.user', {'model': 'res.users', 'domain': "[('id', '=', user.id)]"}, CONTACT)
        token = self.token_with('own.user')
        admin = self.env.ref('base.user_admin')
        for domain in (
            [('user_ids.login', '=', 'admin')],
            [('user_ids', 'in', admin.ids)],
            [('user_ids', '!=', False)],
        ):
            self.assertClosed(token, 'res.partner', 'search', domain=domain)
        self.make_scope(
            'own.contact', {**CONTACT, 'domain': "[('id', '=', user.partner_id.id)]"},
            {'model': 'res.users', 'field_names': 'partner_id'}
        )
        token = self.token_with('own.contact')
        for domain in (
            [('partner_id.phone', '!=', 'x')],
            [('partner_id', 'any', [('id', '>', 0)])],
            [('partner_id.id', '>', 0)],
        ):
            with self.subTest(domain=domain):
                found = self.ok(token, 'res.users', 'search', domain=domain)
                self.assertLessEqual(set(found), {self.ann.id})

    @requirement('attack', '58', 'Records are not put in the order of what is closed')
    def test_attack_58_ordering(self):
        token = self.token_with('names')
        for order in ('phone', 'color desc', 'user_id', 'parent_id', 'country_id.name', 'complete_name', 'create_date'):
            with self.subTest(order):
                self.assertClosed(token, 'res.partner', 'search', domain=[], order=order)
        # The order that a model has by itself is Odoo's affair.
        default = self.ok(token, 'res.partner', 'search', domain=[('name', 'like', '% Test')])
        self.assertEqual(default, [self.acme.id, self.bob.id])
        token = self.token_with('everything.but')
        for name, user in (('A', self.ann), ('Z', self.env.ref('base.user_admin'))):
            user.partner_id.name = name
        self.bob.user_id = self.env.ref('base.user_admin')
        found = self.ok(token, 'res.partner', 'search', domain=[('name', 'like', '% Test')], order='user_id, id')
        self.assertEqual(found, (self.acme | self.bob).sorted('user_id.id').ids)


class TestDoors(HostileCase):

    @requirement('attack', '58', 'Files are as closed as what they belong to')
    def test_attack_58_attachments(self):
        attachments = self.env['ir.attachment']
        of_bob, of_acme, of_user = (
            attachments.create({'name': f'{record._name} {record.id}', 'raw': b'4711', 'res_model': record._name,
                                'res_id': record.id}) for record in (self.bob, self.acme, self.ann))
        image = (
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
        self.acme.image_1920 = image
        of_image = attachments.search([('res_model', '=', 'res.partner'), ('res_id', '=', self.acme.id),
                                       ('res_field', '=', 'image_1920')])
        self.assertTrue(of_image)
        everything = of_bob | of_acme | of_user | of_image
        domain = [('id', 'in', everything.ids)]
        admin = self.env.ref('base.user_admin')
        for user in (self.ann, admin):
            for scope, expected in (
                ('attachments.read', attachments),
                ('companies attachments.read', of_acme | of_image),
                ('names attachments.read', of_acme | of_bob),
                ('contacts.read attachments.read', of_acme | of_bob | of_image),
            ):
                with self.subTest(scope, user=user.login):
                    token = self.token_with(scope, user)
                    self.assertEqual(set(self.ok(token, 'ir.attachment', 'search', domain=domain)), set(expected.ids))
                    for attachment in everything:
                        response = self.call(token, 'ir.attachment', 'read', ids=attachment.ids, fields=['datas'])
                        self.assertEqual(
                            response.status_code, 200 if attachment in expected else 403, response.text[:300]
                        )
        # As for Odoo's users, the files of fields are found only where they are asked for.
        token = self.token_with('contacts.read attachments.read', admin)
        of_acme_found = [('res_model', '=', 'res.partner'), ('res_id', '=', self.acme.id)]
        self.assertEqual(self.ok(token, 'ir.attachment', 'search', domain=of_acme_found), of_acme.ids)
        token = self.token_with('contacts.read', admin)
        self.assertLacks(self.call(token, 'ir.attachment', 'search_read', domain=domain), 'attachments.read')
        self.assertClosed(token, 'ir.attachment', 'generate_access_token', ids=of_bob.ids)
        for attachment in everything:
            for address in (f'/web/content/{attachment.id}', f'/web/image/{attachment.id}',
                            f'/web/content/ir.attachment/{attachment.id}/datas',
                            f'/web/image/res.partner/{self.bob.id}/avatar_128'):
                response = self.url_open(address, headers={'Authorization': f'Bearer {token}'})
                self.assertNotIn(b'4711', response.content)

    @requirement('attack', '58', 'What makes other keys and other users is closed')
    def test_attack_58_other_keys(self):
        admin = self.env.ref('base.user_admin')
        for scope in ('contacts.write', 'user.read user.write users.read companies'):
            token = self.token_with(scope, admin)
            for model, method, arguments in (
                ('res.users', 'create', {'vals_list': [{'name': 'x', 'login': 'x'}]}),
                ('res.users', 'write', {'ids': admin.ids, 'vals': {'password': 'x'}}),
                ('res.users', 'write', {'ids': admin.ids, 'vals': {'login': 'x', 'email': 'x@example.com'}}),
                ('res.users', 'write', {'ids': admin.ids, 'vals': {'group_ids': [(5,)]}}),
                ('res.users', 'write', {'ids': self.ann.ids, 'vals': {'lang': 'en_US'}}),
                ('res.users', 'change_password', {'old_passwd': 'admin', 'new_passwd': 'x'}),
                ('res.users.apikeys.description', 'create', {'vals_list': [{'name': 'x'}]}),
                ('res.users.apikeys', 'search_read', {'domain': []}),
                ('res.users.identitycheck', 'create', {'vals_list': [{'password': 'admin'}]}),
                ('change.password.own', 'create', {'vals_list': [{'new_password': 'x'}]}),
                ('oauth2.client', 'create', {'vals_list': [{'name': 'x'}]}),
                ('oauth2.client', 'write', {'ids': self.robot.ids, 'vals': {'is_public': True}}),
                ('oauth2.scope', 'write', {'ids': [1], 'vals': {'opens': 'everything'}}),
                ('oauth2.scope.line', 'create', {'vals_list': [{'scope_id': 1, 'model': 'res.users'}]}),
                ('oauth2.scope.wizard', 'create', {'vals_list': [{'name': 'x', 'description': 'x'}]}),
                ('oauth2.consent', 'action_withdraw', {'ids': [1]}),
                ('res.users', 'preference_change_password', {'ids': [2]}),
                ('res.users', 'action_show_groups', {'ids': [2]}),
                ('ir.config_parameter', 'get_param', {'key': 'database.secret'}),
                ('ir.config_parameter', 'set_param', {'key': 'x', 'value': 'y'}),
                ('ir.model.access', 'create', {'vals_list': [{'name': 'x', 'model_id': 1}]}),
                ('ir.rule', 'unlink', {'ids': [1]}),
                ('res.groups', 'write', {'ids': [1], 'vals': {'user_ids': [(4, 2)]}}),
                ('ir.actions.server', 'create', {'vals_list': [{'name': 'x', 'state': 'code', 'model_id': 1}]}),
                ('ir.cron', 'method_direct_trigger', {'ids': [1]}),
                ('ir.module.module', 'button_immediate_install', {'ids': [1]}),
                ('base.module.update', 'create', {'vals_list': [{}]}),
                ('ir.ui.view', 'create', {'vals_list': [{}]}),
                ('ir.model', 'create', {'vals_list': [{'name': 'x', 'model': 'x_x'}]}),
                ('ir.model.fields', 'create', {'vals_list': [{'name': 'x_x', 'model_id': 1}]}),
                ('ir.default', 'set', {'model_name': 'res.partner', 'field_name': 'name', 'value': 'x'}),
            ):
                with self.subTest(scope, model=model, method=method):
                    response = self.call(token, model, method, **arguments)
                    self.assertEqual(response.status_code, 403, response.text[:500])
        self.assertEqual((admin.login, admin._is_system()), ('admin', True))

    @requirement('attack', '58', 'A server action does not do for a token what it may not do itself')
    def test_attack_58_server_actions(self):
        action = self.env['ir.actions.server'].create({
            'name': 'x', 'state': 'code', 'model_id': self.env['ir.model']._get('res.partner').id,
            'code': "env['res.partner'].sudo().browse(%d).write({'comment': 'changed'})" % self.bob.id})
        admin = self.env.ref('base.user_admin')
        for scope in ('contacts.write', 'companies', 'odoo.read'):
            token = self.token_with(scope, admin)
            with self.subTest(scope), self.assertLogs('odoo', 'WARNING'):
                response = self.call(token, 'ir.actions.server', 'run', ids=action.ids, context={
                    'active_model': 'res.partner', 'active_id': self.bob.id, 'active_ids': self.bob.ids})
                self.assertIn(response.status_code, (403, 500), response.text[:300])
        self.env.invalidate_all()
        self.assertFalse(self.bob.comment)

    @requirement('attack', '58', 'Private methods stay private, and environments are not chosen from outside')
    def test_attack_58_other_environments(self):
        token = self.token_with('companies')
        for method, arguments in (
            ('sudo', {}),
            ('with_user', {'user': 1}),
            ('with_context', {}),
            ('with_env', {'env': {}}),
            ('with_company', {'company': 1}),
            ('browse', {'ids': self.bob.ids}),
            ('fetch', {}),
            ('_search', {'domain': [], 'bypass_access': True}),
            ('mapped', {'func': 'phone'}),
            ('filtered_domain', {'domain': []}),
            ('exists', {}),
            ('check_access', {'operation': 'read'}),
            ('_read_format', {'fnames': ['phone']}),
            ('__getitem__', {'key': 'phone'}),
            ('_oauth2', {}),
            ('new', {'values': {}}),
            ('flush_model', {}),
            ('invalidate_model', {}),
        ):
            with self.subTest(method):
                response = self.call(token, 'res.partner', method, **arguments)
                self.assertIn(response.status_code, (403, 404, 422), response.text[:300])

    @requirement('attack', '58', 'No context widens a token')
    def test_attack_58_contexts(self):
        contexts = [
            {key: value}
            for key, value in {
                'su': True,
                'uid': 1,
                'user_id': 1,
                'active_test': False,
                'bin_size': True,
                'prefetch_fields': False,
                'filter_function_reset_sudo': True,
                'skip_res_field_check': True,
                'allowed_company_ids': [1],
                'oauth2_limit': None,
                'restapi_oauth2_limit': None,
                'install_mode': True,
                'import_file': True,
                'force_company': 1,
                'user_preference': True,
                '_import_current_module': 'base',
                'lang': 'en_US',
                'formatted_display_name': True,
                'show_email': True,
                'show_address': True,
                'show_vat': True,
                'edit_translations': True,
                'default_parent_id': self.bob.id,
                'bypass_access': True,
                '__m2o_order_seen': [1],
                'tracking_disable': True,
                'search_default_x': 1,
                'res_partner_search_mode': 'x',
            }.items()
        ]
        token = self.token_with('companies')
        for context in contexts:
            with self.subTest(**context):
                for method, arguments in (('read', {'ids': self.bob.ids, 'fields': ['phone']}),
                                          ('search_read', {'domain': [('id', '=', self.bob.id)], 'fields': ['phone']}),
                                          ('name_search', {'name': 'Bob'}),
                                          ('web_read', {'ids': self.acme.ids, 'specification': {'child_ids': {
                                              'fields': {'phone': {}}, 'context': {**context, 'active_test': False}}}}),
                                          ('write', {'ids': self.bob.ids, 'vals': {'phone': '1'}})):
                    self.assertTellsNothing(token, 'res.partner', method, context=context, **arguments)
        self.assertEqual(self.bob.phone, '+32 2')

    @requirement('attack', '58', 'onchange and default_get tell nothing and change nothing that is closed')
    def test_attack_58_onchange_and_defaults(self):
        self.env['ir.default'].set('res.partner', 'ref', 'B-4711')
        for scope in ('names', 'companies', 'contacts.write'):
            token = self.token_with(scope)
            for method, arguments in (
                (
                    'onchange',
                    {
                        'values': {'parent_id': self.bob.id},
                        'field_names': ['parent_id'],
                        'fields_spec': {
                            'parent_name': {},
                            'phone': {},
                            'vat': {},
                            'parent_id': {'fields': {'display_name': {}, 'phone': {}}},
                        },
                    },
                ),
                (
                    'onchange',
                    {
                        'values': {},
                        'field_names': [],
                        'fields_spec': {
                            'user_id': {'fields': {'login': {}, 'display_name': {}}},
                            'bank_ids': {'fields': {'acc_number': {}}},
                        },
                    },
                ),
            ):
                with self.subTest(scope, method=method):
                    if scope == 'contacts.write' and 'parent_id' in arguments['values']:
                        continue  # there Bob is open
                    body = self.assertTellsNothing(token, 'res.partner', method, **arguments)
                    self.assertNotIn('oauth2_ann', json.dumps(body))
        token = self.token_with('names')
        self.assertClosed(token, 'res.partner', 'default_get', fields=['ref', 'name', 'lang', 'company_id'])
        self.assertEqual(
            self.ok(self.token_with('companies'), 'res.partner', 'default_get', fields=['ref'])['ref'], 'B-4711'
        )

    @requirement('attack', '58', 'Answers about rights are those of the token')
    def test_attack_58_answers_about_rights(self):
        token = self.token_with('names')
        for operation in ('read', 'write', 'create', 'unlink'):
            self.assertEqual(
                self.ok(token, 'res.partner', 'has_access', ids=[], operation=operation), operation == 'read'
            )
            response = self.call(
                token, 'res.partner', 'check_access_rights', operation=operation, raise_exception=False
            )
            self.assertEqual(response.json(), operation == 'read')
        token = self.token_with('companies')
        self.assertTrue(self.ok(token, 'res.partner', 'has_access', ids=self.acme.ids, operation='write'))
        self.assertFalse(self.ok(token, 'res.partner', 'has_access', ids=self.bob.ids, operation='read'))
        fields = self.ok(self.token_with('names'), 'res.partner', 'fields_get', allfields=[], attributes=['readonly'])
        self.assertEqual({field['readonly'] for field in fields.values()}, {True})

    @requirement('attack', '58', 'Commands on relations change nothing of closed models')
    def test_attack_58_commands(self):
        token = self.token_with('contacts.write')
        category = self.env['res.partner.category'].create({'name': 'Old'})
        for vals in (
            {'user_ids': [(0, 0, {'login': 'x'})]},
            {'bank_ids': [(0, 0, {'acc_number': '1'})]},
            {'category_id': [(0, 0, {'name': 'x'})]},
            {'category_id': [(1, category.id, {'name': 'x'})]},
            {'category_id': [(2, category.id)]},
            {'child_ids': [(0, 0, {'name': 'x', 'user_ids': [(0, 0, {})]})]},
            {'child_ids': [(0, 0, {'name': 'x', 'category_id': [(0, 0, {'name': 'y'})]})]},
            {'child_ids': [(1, self.bob.id, {'bank_ids': [(0, 0, {'acc_number': '1'})]})]},
            {'child_ids': [(2, self.bob.id)]},
            {'country_id': 'x'},
            {'user_id': self.ann.id},
            {'nonsense': 1},
            {'properties': [{'name': 'x', 'type': 'char', 'definition_changed': True}]},
        ):
            with self.subTest(**vals):
                self.assertClosed(token, 'res.partner', 'write', ids=self.acme.ids, vals=vals)
                self.assertClosed(token, 'res.partner', 'create', vals_list=[{'name': 'x', **vals}])
                for key, value in vals.items():
                    self.assertClosed(token, 'res.partner', 'create', vals_list=[{'name': 'x'}],
                                      context={f'default_{key}': value}) if key != 'nonsense' else None
        self.assertTrue(category.exists() and category.name == 'Old' and self.bob.exists())
        self.ok(token, 'res.partner', 'write', ids=self.acme.ids, vals={
            'category_id': [(4, category.id)], 'child_ids': [(0, 0, {'name': 'Eve'}), (1, self.bob.id, {'ref': 'x'})]})
        self.assertEqual((self.acme.category_id, len(self.acme.child_ids), self.bob.ref), (category, 2, 'x'))

    @requirement('attack', '58', 'Imports are held to the same')
    def test_attack_58_imports(self):
        token = self.token_with('contacts.write')
        for fields, row in ((['name', 'user_ids/login'], ['x', 'x']), (['name', 'bank_ids/acc_number'], ['x', '1']),
                            (['name', 'category_id/name'], ['x', 'y'])):
            response = self.call(token, 'res.partner', 'load', fields=fields, data=[row])
            self.assertTrue(response.status_code != 200 or not response.json()['ids'], response.text[:500])
        self.assertEqual(self.env['res.partner'].search_count([('name', '=', 'x')]), 0)

    @requirement('attack', '58', 'Actions and views are no way around')
    def test_attack_58_json_1_and_actions(self):
        admin = self.env.ref('base.user_admin')
        token = self.token_with('contacts.read', admin)
        for address, status in (
            ('/json/1/res.partner', 200),
            ('/json/1/res.users', 403),
            ('/json/1/ir.config_parameter', 403),
            ('/json/1/action-base.action_partner_form', 200),
            ('/json/1/action-base.action_res_users', 403),
            (f'/json/1/res.users/{admin.id}', 403),
        ):
            with self.subTest(address):
                response = self.url_open(address, headers={'Authorization': f'Bearer {token}'})
                self.assertIn(response.status_code, (200, 403) if status == 200 else (status,), response.text[:500])
        self.assertLacks(self.call(token, 'ir.actions.act_window', 'read', ids=[1]), 'odoo.read')
        self.assertLacks(self.call(token, 'ir.actions.act_window', 'search_read', domain=[]), 'odoo.read')
        token = self.token_with('companies')
        for address in (f'/json/1/res.partner/{self.bob.id}', '/json/1/res.partner?view_type=list&domain=[]'):
            response = self.url_open(address, headers={'Authorization': f'Bearer {token}'})
            self.assertNotIn('Bob', response.text)


class TestCaches(HostileCase):

    @requirement('attack', '58', 'What is worked out within a limit is shared with nobody else')
    def test_attack_58_caches(self):
        admin = self.env.ref('base.user_admin')
        self.make_scope('menus', {'model': 'ir.ui.menu', 'method_names': 'load_menus'}, {'model': 'res.groups'},
                        {'model': 'res.partner'}, *({'model': f'ir.actions.{kind}'} for kind in (
                            'act_window', 'report', 'server', 'client', 'act_url', 'actions')))
        token = self.token_with('menus', admin)
        for first, second in (('token', 'session'), ('session', 'token')):
            self.env.registry.clear_all_caches()
            answers = {}
            for who in (first, second, first):
                if who == 'token':
                    self.leave_session()
                    answers.setdefault(who, []).append(self.ok(token, 'ir.ui.menu', 'load_menus', debug=False))
                else:
                    answers.setdefault(who, []).append(
                        self.call_as(admin, 'ir.ui.menu', 'load_menus', debug=False).json())
            # A method that a line names does its work with the user's rights, and leaves the same in the caches.
            self.assertEqual(answers[first][0], answers[first][1])
            self.assertEqual(answers['token'][0], answers['session'][0])

    @requirement('attack', '58', 'The rules of a model are not mixed up with those of a token')
    def test_attack_58_rules_in_caches(self):
        rules = self.env['ir.rule'].with_user(self.ann)
        self.make_scope('own.user', {'model': 'res.users', 'domain': "[('id', '=', user.id)]"},
                        {**CONTACT, 'domain': "[('id', '=', user.partner_id.id)]"})
        for model in ('res.users', 'res.partner'):
            self.env.registry.clear_all_caches()
            free = repr(rules._compute_domain(model, 'read'))
            self.env.registry.clear_all_caches()
            token = self.token_with('own.user')
            self.assertEqual(len(self.ok(token, model, 'search', domain=[])), 1)
            self.assertEqual(repr(rules._compute_domain(model, 'read')), free)
            self.leave_session()
            self.assertGreater(len(self.call_as(self.ann, model, 'search', domain=[]).json()), 1)
            self.leave_session()

    def test_the_documentation_is_the_tokens_own(self):
        doc = self.env.ref('api_doc.group_allow_doc')
        self.ann.group_ids += doc
        token = self.token_with('contacts.read')
        for _turn in range(2):
            index = self.url_open('/doc-bearer/index.json', headers={'Authorization': f'Bearer {token}'})
            self.assertEqual(index.status_code, 200, index.text[:300])
            models = {model['model']: model for model in index.json()['models']}
            self.assertIn('res.partner', models)
            self.assertNotIn('res.users', models)
            self.assertNotIn('user_ids', models['res.partner']['fields'])
            whole = self.url_open('/doc-bearer/index.json', headers={
                'Authorization': f"Bearer {self.token_with('odoo.read')}"})
            self.assertIn('res.users', {model['model'] for model in whole.json()['models']})
            self.authenticate('oauth2_ann', 'oauth2_ann')
            in_session = self.url_open('/doc/index.json')
            self.assertIn('res.users', {model['model'] for model in in_session.json()['models']})
            self.leave_session()
        one = self.url_open('/doc-bearer/res.partner.json', headers={'Authorization': f'Bearer {token}'})
        self.assertEqual(one.status_code, 200, one.text[:300])
        self.assertNotIn('user_ids', one.json()['fields'])
        other = self.url_open('/doc-bearer/res.users.json', headers={'Authorization': f'Bearer {token}'})
        self.assertEqual(other.status_code, 403)

    def test_the_limit_ends_with_the_request(self):
        token = self.token_with('names')
        self.assertClosed(token, 'res.users', 'search_read', domain=[])
        self.assertClosed(token, 'res.partner', 'read', ids=[self.acme.id], fields=['phone'])
        user = new_test_user(self.env, 'oauth2_next', groups='base.group_user', password='oauth2_next')
        response = self.call_as(user, 'res.users', 'search_count', domain=[])
        self.assertEqual(response.status_code, 200)
        self.leave_session()
