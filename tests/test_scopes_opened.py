"""What the lines of scopes open over JSON-2: models, operations, records and fields, and nothing else."""
from odoo.tests import new_test_user

from .requirement import requirement
from .scoped import ScopedCase

CONTACT = {'model': 'res.partner'}


class TestModelsAndOperations(ScopedCase):

    @requirement('RFC 6749', '3.3', 'A token does what its scopes open')
    def test_a_model_that_is_opened_for_reading(self):
        token = self.token_with('contacts.read')
        found = self.ok(
            token, 'res.partner', 'search_read', domain=[('id', '=', self.acme.id)], fields=['name', 'phone']
        )
        self.assertEqual(found, [{'id': self.acme.id, 'name': 'Acme Test', 'phone': '+32 1'}])
        self.assertEqual(self.ok(token, 'res.partner', 'search_count', domain=[('name', '=', 'Bob Test')]), 1)
        self.assertIn(
            [self.bob.id, 'Acme Test, Bob Test'], self.ok(token, 'res.partner', 'name_search', name='Bob Test')
        )

    @requirement(
        'RFC 6750', '3.1', 'What a token may not do is 403 insufficient_scope, and names what would have sufficed'
    )
    def test_operations_that_are_not_opened(self):
        token = self.token_with('contacts.read')
        for method, arguments, scope in (
            ('write', {'ids': self.acme.ids, 'vals': {'name': 'x'}}, 'contacts.write'),
            ('create', {'vals_list': [{'name': 'x'}]}, 'contacts.write'),
            ('name_create', {'name': 'x'}, 'contacts.write'),
            ('copy', {'ids': self.acme.ids}, 'contacts.write'),
            ('unlink', {'ids': self.bob.ids}, 'odoo'),
        ):
            with self.subTest(method):
                self.assertLacks(self.call(token, 'res.partner', method, **arguments), scope)
        self.assertEqual(self.acme.name, 'Acme Test')
        self.assertTrue(self.bob.exists())

    def test_the_challenge_keeps_what_the_token_has(self):
        response = self.call(self.token_with('contacts.read'), 'res.company', 'search_read', domain=[])
        self.assertLacks(response, 'companies.read')
        self.assertIn('scope="contacts.read companies.read"', response.headers['WWW-Authenticate'])

    @requirement('contract', '7', 'A model that no line names is closed, and so are all its methods')
    def test_models_that_are_not_opened(self):
        token = self.token_with('contacts.read')
        for model, method in (('res.users', 'has_group'), ('res.users', 'search_read'), ('ir.model', 'search_count'),
                              ('res.partner.bank', 'search_read'), ('ir.http', 'session_info'),
                              ('ir.qweb', 'render'), ('ir.module.module', 'update_list')):
            with self.subTest(model, method=method):
                response = self.call(token, model, method)
                self.assertEqual(response.status_code, 403, response.text)
                self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])

    @requirement('contract', '7', 'Writing scopes write, and only what they open')
    def test_writing(self):
        token = self.token_with('contacts.write')
        [created] = self.ok(token, 'res.partner', 'create', vals_list=[{'name': 'New', 'parent_id': self.acme.id}])
        self.ok(token, 'res.partner', 'write', ids=[created], vals={'phone': '+32 3'})
        partner = self.env['res.partner'].browse(created)
        self.assertEqual((partner.name, partner.phone, partner.create_uid), ('New', '+32 3', self.ann))
        self.assertLacks(self.call(token, 'res.partner', 'unlink', ids=[created]), 'odoo')
        self.assertTrue(partner.exists())

    def test_deleting(self):
        self.make_scope('contacts.delete', {**CONTACT, 'perm_unlink': True})
        token = self.token_with('contacts.delete')
        self.ok(token, 'res.partner', 'unlink', ids=self.bob.ids)
        self.assertFalse(self.bob.exists())
        response = self.call(token, 'res.partner', 'write', ids=self.acme.ids, vals={'name': 'x'})
        self.assertLacks(response, 'contacts.write')

    @requirement('contract', '7', 'A token does what its user may and its scopes open, never more')
    def test_the_users_rights_stay_the_limit(self):
        clerk = new_test_user(self.env, 'oauth2_clerk', groups='base.group_user', password='oauth2_clerk')
        token = self.token_with('contacts.write', clerk)
        self.ok(token, 'res.partner', 'search_read', domain=[], fields=['name'], limit=1)
        response = self.call(token, 'res.partner', 'create', vals_list=[{'name': 'x'}])
        self.assertEqual(response.status_code, 403)
        self.assertNotIn('WWW-Authenticate', response.headers)  # no scope would help

    def test_scopes_add_up(self):
        self.make_scope('bank.read', {'model': 'res.partner.bank'})
        for scope, statuses in (('contacts.read', (200, 403)), ('bank.read', (403, 200)),
                                ('contacts.read bank.read', (200, 200))):
            token = self.token_with(scope)
            with self.subTest(scope):
                self.assertEqual(statuses, tuple(
                    self.call(token, model, 'search_count', domain=[]).status_code
                    for model in ('res.partner', 'res.partner.bank')))

    @requirement('contract', '6', 'A line that is taken from a scope is gone from its tokens at once')
    def test_changes_count_at_once(self):
        scope = self.make_scope('short', CONTACT)
        token = self.token_with('short')
        self.ok(token, 'res.partner', 'search_count', domain=[])
        scope.line_ids.domain = "[('is_company', '=', True)]"
        domain = [('id', 'in', [self.acme.id, self.bob.id])]
        self.assertEqual(self.ok(token, 'res.partner', 'search', domain=domain), self.acme.ids)
        scope.line_ids.field_names = 'name'
        self.assertLacks(self.call(token, 'res.partner', 'read', ids=self.acme.ids, fields=['phone']), 'contacts.read')
        scope.line_ids.unlink()
        self.assertLacks(self.call(token, 'res.partner', 'search_count', domain=[]), 'contacts.read')
        scope.opens = 'everything'
        self.ok(token, 'res.users', 'context_get', ids=[])

    def test_what_is_not_there_opens_nothing_and_harms_nothing(self):
        self.make_scope('later', {'model': 'of.another.addon'}, {**CONTACT, 'field_names': 'name'})
        self.sql("UPDATE oauth2_scope_line SET field_names = 'name of_another_addon' WHERE field_names = 'name'")
        self.env.registry.clear_cache()
        token = self.token_with('later')
        [read] = self.ok(token, 'res.partner', 'read', ids=self.acme.ids, fields=['name'])
        self.assertEqual(read['name'], 'Acme Test')
        self.assertEqual(self.call(token, 'of.another.addon', 'read').status_code, 404)


class TestRecords(ScopedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_scope('companies', {**CONTACT, 'domain': "[('is_company', '=', True)]", 'perm_write': True,
                                     'perm_create': True, 'perm_unlink': True})
        cls.make_scope('mine', {**CONTACT, 'domain': "[('user_id', '=', user.id)]"})

    @requirement('contract', '7', 'Only records of the domain are found, read, changed and deleted')
    def test_records_out_of_the_domain(self):
        token = self.token_with('companies')
        both = [self.acme.id, self.bob.id]
        self.assertEqual(self.ok(token, 'res.partner', 'search', domain=[('id', 'in', both)]), self.acme.ids)
        self.assertEqual(self.ok(token, 'res.partner', 'search_count', domain=[('id', 'in', both)]), 1)
        self.assertEqual(self.ok(token, 'res.partner', 'name_search', name='Bob Test'), [])
        for method, arguments in (('read', {'fields': ['name']}), ('write', {'vals': {'name': 'x'}}), ('unlink', {}),
                                  ('web_read', {'specification': {'name': {}}}),
                                  ('export_data', {'fields_to_export': ['name']})):
            with self.subTest(method):
                response = self.call(token, 'res.partner', method, ids=self.bob.ids, **arguments)
                self.assertEqual(response.status_code, 403, response.text[:500])
                self.assertIn('insufficient_scope', response.headers['WWW-Authenticate'])
                self.assertNotIn('Bob', response.text.replace('"debug"', '').split('"debug"')[0])
        self.assertEqual(self.bob.name, 'Bob Test')

    def test_a_record_that_would_be_out_of_the_domain_is_not_made(self):
        token = self.token_with('companies')
        self.assertLacks(self.call(token, 'res.partner', 'create', vals_list=[{'name': 'New'}]), 'contacts.write')
        self.assertEqual(self.env['res.partner'].search_count([('name', '=', 'New')]), 0)
        self.ok(token, 'res.partner', 'create', vals_list=[{'name': 'New', 'is_company': True}])

    def test_a_domain_may_name_the_user(self):
        self.bob.user_id = False
        self.assertEqual(self.ok(self.token_with('mine'), 'res.partner', 'search', domain=[('name', 'like', '% Test')]),
                         self.acme.ids)
        self.acme.user_id = False
        self.assertEqual(
            self.ok(self.token_with('mine'), 'res.partner', 'search', domain=[('name', 'like', '% Test')]), []
        )

    def test_domains_of_several_scopes_add_up(self):
        self.bob.user_id, self.acme.user_id = self.ann, False
        found = self.ok(self.token_with('companies mine'), 'res.partner', 'search', domain=[('name', 'like', '% Test')])
        self.assertEqual(set(found), {self.acme.id, self.bob.id})

    def test_the_users_own_rules_stay(self):
        other = self.env['res.company'].create({'name': 'Other'})
        self.acme.company_id = other
        self.assertEqual(
            self.ok(self.token_with('companies'), 'res.partner', 'search', domain=[('id', '=', self.acme.id)]), []
        )


class TestFields(ScopedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_scope('names', {**CONTACT, 'field_names': 'name email'})
        cls.make_scope('names.write', {**CONTACT, 'field_names': 'name', 'perm_write': True})
        cls.make_scope('names.create', {**CONTACT, 'field_names': 'name phone', 'perm_create': True})
        cls.make_scope('own.contact', {**CONTACT, 'domain': "[('id', '=', user.partner_id.id)]"})

    @requirement('contract', '7', 'Fields that no line names are neither read nor told of')
    def test_reading(self):
        token = self.token_with('names')
        self.assertEqual(self.ok(token, 'res.partner', 'read', ids=self.acme.ids),
                         [{'id': self.acme.id, 'name': 'Acme Test', 'email': 'acme@example.com', 'active': True}])
        self.assertEqual(
            set(self.ok(token, 'res.partner', 'fields_get', allfields=[])), {'id', 'name', 'email', 'active'}
        )
        for method, arguments in (
            ('read', {'ids': self.acme.ids, 'fields': ['name', 'phone']}),
            ('read', {'ids': [], 'fields': ['phone']}),
            ('search_read', {'domain': [], 'fields': ['phone']}),
            ('web_read', {'ids': self.acme.ids, 'specification': {'phone': {}}}),
            ('web_search_read', {'domain': [], 'specification': {'phone': {}}}),
            ('export_data', {'ids': self.acme.ids, 'fields_to_export': ['phone']}),
            ('search', {'domain': [('phone', '=', '+32 1')]}),
            ('search', {'domain': ['|', ('name', '=', 'x'), '!', ('phone', 'like', '1')]}),
            ('search', {'domain': [], 'order': 'phone'}),
            ('search', {'domain': [], 'order': 'name, color desc'}),
            ('search_count', {'domain': [('vat', '!=', False)]}),
            ('formatted_read_group', {'domain': [], 'groupby': ['phone'], 'aggregates': ['__count']}),
            ('formatted_read_group', {'domain': [], 'groupby': ['name'], 'aggregates': ['color:sum']}),
            ('formatted_read_group', {'domain': [], 'groupby': ['name'], 'aggregates': ['__count'],
                                      'having': [('color:sum', '>', 0)]}),
            ('formatted_read_group', {'domain': [], 'groupby': ['create_date:month']}),
            ('get_field_translations', {'ids': self.acme.ids, 'field_name': 'comment'}),
            ('name_search', {'name': 'Acme'}),
        ):
            with self.subTest(method, **arguments):
                self.assertLacks(self.call(token, 'res.partner', method, **arguments), 'contacts.read')
        for method, arguments in (
            ('web_read_group', {'domain': [], 'groupby': ['phone'], 'aggregates': []}),
            ('read_progress_bar', {'domain': [], 'group_by': 'name', 'progress_bar': {'field': 'type', 'colors': {}}}),
        ):
            self.assertLacks(self.call(token, 'res.partner', method, **arguments), 'odoo')

    def test_what_is_opened_works_as_ever(self):
        token = self.token_with('names')
        self.assertEqual(
            self.ok(token, 'res.partner', 'search', domain=[('email', '=', 'bob@example.com')]), self.bob.ids
        )
        groups = self.ok(token, 'res.partner', 'formatted_read_group', domain=[('name', 'like', '% Test')],
                         groupby=['name'], aggregates=['__count'], order='name desc')
        self.assertEqual([(group['name'], group['__count']) for group in groups], [('Bob Test', 1), ('Acme Test', 1)])
        self.assertEqual(
            self.ok(token, 'res.partner', 'export_data', ids=self.acme.ids, fields_to_export=['name', 'email']),
            {'datas': [['Acme Test', 'acme@example.com']]},
        )

    def test_writing(self):
        token = self.token_with('names.write names.create')
        self.ok(token, 'res.partner', 'write', ids=self.acme.ids, vals={'name': 'Acme 2'})
        [created] = self.ok(token, 'res.partner', 'create', vals_list=[{'name': 'x', 'phone': '1'}])
        self.assertLacks(self.call(token, 'res.partner', 'write', ids=[created], vals={'phone': '2'}), 'contacts.write')
        self.assertLacks(
            self.call(token, 'res.partner', 'create', vals_list=[{'name': 'x', 'email': '1'}]), 'contacts.write'
        )
        for key, value in (('default_email', 'x'), ('default_comment', 'x')):
            response = self.call(token, 'res.partner', 'create', vals_list=[{'name': 'x'}], context={key: value})
            self.assertLacks(response, 'contacts.write')
        self.assertEqual(self.env['res.partner'].browse(created).phone, '1')

    def test_a_list_whose_fields_are_gone_opens_no_other(self):
        self.make_scope('gone', {**CONTACT, 'field_names': 'name'})
        self.sql("UPDATE oauth2_scope_line SET field_names = 'gone' WHERE scope_id = %s",
                 self.env['oauth2.scope'].search([('name', '=', 'gone')]).id)
        self.env.registry.clear_cache()
        self.assertLacks(self.call(self.token_with('gone'), 'res.partner', 'read', ids=self.acme.ids, fields=['name']),
                         'contacts.read')

    @requirement('contract', '7', 'A field is open on the records of the lines that open it, and on no others')
    def test_fields_and_domains_of_different_lines_do_not_mix(self):
        token = self.token_with('names own.contact')
        own = self.ann.partner_id
        own.write({'phone': '+32 9'})
        read = self.ok(token, 'res.partner', 'read', ids=own.ids, fields=['name', 'phone'])
        self.assertEqual(read, [{'id': own.id, 'name': 'Ann', 'phone': '+32 9'}])
        self.assertEqual(
            self.ok(token, 'res.partner', 'read', ids=self.acme.ids, fields=['name'])[0]['name'], 'Acme Test'
        )
        self.assertClosed(token, 'res.partner', 'read', ids=self.acme.ids, fields=['phone'])
        self.assertClosed(token, 'res.partner', 'read', ids=[own.id, self.acme.id], fields=['phone'])
        found = self.ok(token, 'res.partner', 'search_read', domain=[('name', 'like', '% Test')], fields=['phone'])
        self.assertEqual(found, [])
        # A search that uses the field finds those records only on which it is open.
        self.assertEqual(self.ok(token, 'res.partner', 'search', domain=[('phone', 'like', '+32')]), own.ids)
        self.assertEqual(self.ok(token, 'res.partner', 'search', domain=[('phone', 'not like', '5')]), own.ids)
        found = self.ok(token, 'res.partner', 'search', domain=[('id', 'in', [own.id, self.acme.id])], order='phone')
        self.assertEqual(found, own.ids)
        groups = self.ok(
            token, 'res.partner', 'formatted_read_group', domain=[], groupby=['phone'], aggregates=['__count']
        )
        self.assertEqual([group['phone'] for group in groups], ['+32 9'])


class TestReadingEverything(ScopedCase):

    @requirement('contract', '7', 'odoo.read opens all that the user may read, and nothing else')
    def test_odoo_read(self):
        token = self.token_with('odoo.read')
        self.assertEqual(self.ok(token, 'res.users', 'context_get', ids=[])['uid'], self.ann.id)
        [read] = self.ok(token, 'res.partner', 'read', ids=self.acme.ids)
        self.assertEqual((read['user_id'], read['comment']), ([self.ann.id, 'Ann'], '<span>A secret remark</span>'))
        self.assertLacks(
            self.call(token, 'res.partner', 'write', ids=self.acme.ids, vals={'name': 'x'}), 'contacts.write'
        )
        self.assertLacks(self.call(token, 'res.partner', 'unlink', ids=self.bob.ids), 'odoo')

    def test_system_parameters_stay_closed(self):
        """The secret among them signs links to reset passwords."""
        admin = self.env.ref('base.user_admin')
        token = self.token_with('odoo.read', admin)
        for method, arguments in (('search_read', {'domain': []}), ('get_param', {'key': 'database.secret'}),
                                  ('read', {'ids': [1]}), ('search_count', {'domain': [('value', 'like', 'a%')]})):
            with self.subTest(method):
                self.assertLacks(self.call(token, 'ir.config_parameter', method, **arguments), 'odoo')
        self.assertLacks(self.call(token, 'ir.mail_server', 'search_read', domain=[]), 'odoo')

    @requirement('contract', '7', 'A token that only reads writes nothing, not even by sudo')
    def test_sudo_does_not_write(self):
        def look(record):
            record.sudo().write({'comment': 'changed'})
            record.env.cr.flush()
            return True

        def look_by_sql(record):
            record.env.cr.execute('UPDATE res_partner SET ref = %s WHERE id = %s', ['changed', record.id])

        partners = type(self.env['res.partner'])
        for method in (look, look_by_sql):
            setattr(partners, method.__name__, method)
            self.addCleanup(delattr, partners, method.__name__)
        with self.assertLogs('odoo.sql_db', 'ERROR'):
            self.make_scope('looking', {**CONTACT, 'method_names': 'look look_by_sql'})
            self.make_scope('other', {'model': 'res.company', 'perm_write': True})
            for scope in ('odoo.read', 'looking', 'looking other'):
                token = self.token_with(scope)
                for method in ('look', 'look_by_sql'):
                    with self.subTest(scope, method=method):
                        response = self.call(token, 'res.partner', method, ids=self.acme.ids)
                        self.assertLacks(response, 'odoo')
        self.env.invalidate_all()
        self.assertEqual((self.acme.comment, self.acme.ref), ('<span>A secret remark</span>', False))
        self.make_scope('acting', {**CONTACT, 'perm_write': True, 'method_names': '*'})
        self.ok(self.token_with('acting'), 'res.partner', 'look', ids=self.acme.ids)
        self.env.invalidate_all()
        self.assertEqual(self.acme.comment, '<span>changed</span>')
