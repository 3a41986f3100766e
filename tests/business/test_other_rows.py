"""Values that are stored in another record than the named one: that record must be open, too, after the change."""
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ...models.authorizations.oauth2_request_token import RequestToken
from ..requirement import requirement
from .common import MARK, WRITING, DoorCase

ALL = {'perm_write': True, 'perm_create': True}


class TestOtherRows(DoorCase):

    @requirement('attack', '58', 'A part that is there already is changed, not made')
    def test_attack_58_existing_parts(self):
        template = self.env['product.template'].with_context(create_product_product=False).create({'name': 'Table'})
        scope = self.scope({'model': 'product.product', **ALL}, {'model': 'product.template', 'perm_create': True},
                           'product.category', 'uom.uom')
        vals = {'product_tmpl_id': template.id, 'name': MARK}
        for method, arguments in (
            ('create', {'vals_list': [vals]}), ('web_save', {'vals': vals, 'specification': {}}),
            ('load', {'fields': ['product_tmpl_id/.id', 'name'], 'data': [[str(template.id), MARK]]}),
            ('copy', {'ids': self.product.ids, 'default': vals}),
        ):
            with self.subTest(method):
                self.assertIsNone(self.attempt(scope, self.admin, 'product.product', method, **arguments))
        self.assertLacking(scope, 'product.product', 'create', vals_list=[{'name': MARK}], context={
            'default_product_tmpl_id': template.id})
        self.env['ir.default'].set('product.product', 'product_tmpl_id', template.id)
        self.assertLacking(scope, 'product.product', 'create', vals_list=[{'name': MARK}])

    def test_honest_new_parts(self):
        scope = self.scope({'model': 'product.product', **ALL}, {'model': 'product.template', **ALL},
                           'product.category', 'uom.uom')
        self.assertTrue(self.enter(scope, self.admin, 'product.product', 'create', vals_list=[{'name': 'Table'}]))
        imported = self.enter(scope, self.admin, 'product.product', 'load', fields=['name'], data=[['Table']])
        self.assertTrue(imported['ids'], imported)
        template = self.env['product.template'].with_context(create_product_product=False).create({'name': 'Desk'})
        self.assertTrue(self.enter(scope, self.admin, 'product.product', 'create', vals_list=[
            {'name': 'Chair', 'product_tmpl_id': template.id}]))

    @requirement('attack', '58', 'A part is the one that it is after the change')
    def test_attack_58_another_part(self):
        one = self.product.product_tmpl_id
        other = self.env['product.template'].create({'name': 'Table'})
        scope = self.scope({'model': 'product.product', **ALL}, 'product.template', {
            'model': 'product.template', 'perm_read': False, 'perm_write': True, 'domain': f'[("id", "=", {one.id})]'})
        self.assertTrue(self.enter(scope, self.admin, 'product.product', 'write', ids=self.product.ids, vals={
            'name': 'Armchair'}))
        self.assertLacking(scope, 'product.product', 'write', ids=self.product.ids, vals={
            'product_tmpl_id': other.id, 'name': MARK})

    @requirement('attack', '58', 'What takes a line that names it takes it in an import, too')
    def test_attack_58_imports_of_what_odoo_works_out(self):
        scope = self.scope({'model': 'res.partner', **WRITING})
        for column, cell in (('email_normalized', 'a@b.example'), ('complete_name', MARK)):
            for row in ([str(self.acme.id), cell], ['', cell]):
                with self.subTest(column, row=row), self.assertRaises(AccessError):
                    self.enter(scope, self.admin, 'res.partner', 'load', fields=['.id', column], data=[row])

    @requirement('attack', '58', 'An import finds records by no name that is closed')
    def test_attack_58_imports_by_closed_names(self):
        scope = self.scope({'model': 'res.partner', **WRITING}, 'res.users')
        for login in (self.sam.login, 'nobody'):
            self.assertLacking(scope, 'res.partner', 'load', fields=['name', 'user_id'], data=[['x', login]])

    @requirement('attack', '58', 'What PostgreSQL tells of a row is not told')
    def test_attack_58_imports_tell_no_rows(self):
        scope = self.scope({'model': 'res.partner', **WRITING})
        with mute_logger('odoo.sql_db'):
            result = self.attempt(scope, self.admin, 'res.partner', 'load', fields=['name', 'type', 'color'],
                                  data=[['', 'contact', '1']])
        self.assertNotIn('DETAIL', str(result))

    @requirement('attack', '58', 'External IDs are made of records that may be changed')
    def test_attack_58_external_ids(self):
        scope = self.scope('res.partner', {
            'model': 'res.partner', 'perm_read': False, 'perm_write': True, 'domain': f'[("id", "=", {self.acme.id})]'})
        self.assertTrue(self.enter(scope, self.admin, 'res.partner', 'export_data', ids=self.acme.ids,
                                   fields_to_export=['id']))
        self.assertLacking(scope, 'res.partner', 'export_data', ids=self.vic.partner_id.ids, fields_to_export=['id'])
        self.assertLacking(scope, 'res.partner', 'export_data', ids=self.acme.ids, fields_to_export=['parent_id/id'])

    @requirement('attack', '58', 'An order of lines tells nothing of closed fields')
    def test_attack_58_orders_of_lines(self):
        scope = self.scope({'model': 'res.partner', 'field_names': 'name child_ids'}, {
            'model': 'res.partner', 'field_names': 'phone', 'domain': '[("id", "=", -1)]'})
        specification = {'child_ids': {'fields': {'name': {}}, 'order': 'name'}}
        self.assertTrue(self.enter(scope, self.admin, 'res.partner', 'web_read', ids=self.acme.ids,
                                   specification=specification))
        specification['child_ids']['order'] = 'phone desc'
        self.assertLacking(scope, 'res.partner', 'web_read', ids=self.acme.ids, specification=specification)

    @requirement('contract', '7', 'A route may catch a refusal and go on: nothing of it is left, and it may write')
    def test_routes_go_on_after_a_refusal(self):
        acme = f'[("id", "=", {self.acme.id})]'
        scope = self.scope('res.country', {'model': 'res.partner', 'perm_create': True, 'domain': acme})
        token = RequestToken(
            self.admin.id, self.env['oauth2.client'].sudo().with_user(self.admin).sudo(), None,
            frozenset([scope]), self.limit(scope))
        before = self.env['res.partner'].search_count([])
        self.assertTrue(token.call('res.country', 'search', domain=[], limit=1))
        with self.assertRaises(AccessError):
            token.call('res.partner', 'create', vals_list=[{'name': MARK}])
        self.assertEqual(self.env['res.partner'].search_count([]), before)
        self.env['res.partner'].create({'name': 'By the route itself'}).flush_recordset()

    @requirement('attack', '58', 'What the methods of a model set is written where a line names it')
    def test_attack_58_states_of_documents(self):
        draft = self.env['account.move'].create({'move_type': 'out_invoice', 'partner_id': self.acme.id})
        for vals in ({'state': 'posted'}, {'state': 'cancel'}, {'auto_post': 'at_date'}, {'sending_data': {}}):
            with self.subTest(vals):
                self.assertLacking('invoices.draft', 'account.move', 'write', ids=draft.ids, vals=vals)
        self.assertTrue(self.enter('invoices.draft', self.admin, 'account.move', 'write', ids=draft.ids, vals={
            'ref': 'X', 'invoice_line_ids': [[0, 0, {'name': 'Work', 'price_unit': 5}]]}))
        self.assertLacking('orders.write', 'sale.order', 'write', ids=self.order.ids, vals={'state': 'sale'})
        self.assertTrue(self.enter('orders.write', self.admin, 'sale.order', 'action_confirm', ids=self.order.ids))

    @requirement('attack', '58', 'A file that a document shows is changed where files are')
    def test_attack_58_files_of_documents(self):
        public = self.env['ir.attachment'].create({'name': 'x', 'url': '/x.js', 'type': 'binary', 'public': True})
        scope = self.scope({'model': 'product.document', 'field_names': 'ir_attachment_id datas name', **WRITING},
                           'ir.attachment', 'product.template')
        self.assertLacking(scope, 'product.document', 'create', vals_list=[{
            'ir_attachment_id': public.id, 'datas': 'eA=='}])

    @requirement('attack', '58', 'Companies are given to users by whoever may give them rights')
    def test_attack_58_companies_of_users(self):
        other = self.env['res.company'].create({'name': 'Other'})
        scope = self.scope({'model': 'res.company', **WRITING}, 'res.users')
        self.assertLacking(scope, 'res.company', 'write', ids=other.ids, vals={'user_ids': [[4, self.sam.id]]})

    @requirement('attack', '58', 'What is made by the way is looked at, however it hides')
    def test_attack_58_hidden_lines(self):
        scope = self.scope({'model': 'res.partner', **ALL, 'domain': '[("name", "!=", "Closed")]'})
        for more in ({}, {'active': False}):
            with self.subTest(more):
                self.assertLacking(scope, 'res.partner', 'create', vals_list=[{
                    'name': 'Open', 'child_ids': [[0, 0, {'name': 'Closed', **more}]]}])

    @requirement('attack', '58', 'There is no record 0')
    def test_attack_58_no_record(self):
        for method, arguments in (('read', {'fields': ['name']}), ('web_save', {'vals': {}, 'specification': {}})):
            self.assertWrong('contacts.write', 'res.partner', method, ids=[0], **arguments)
        self.assertWrong('contacts.write', 'res.partner', 'write', ids=self.acme.ids, vals={'child_ids': [[4, 0]]})

    @requirement('attack', '58', 'No message tells a link by which somebody else acts')
    def test_attack_58_links_in_messages(self):
        message = self.order.message_post(body='/my/orders/1?access_token=MARK4711', message_type='comment')
        plain = self.order.message_post(body='Hello', message_type='comment')
        for scope in ('odoo.read', self.scope('sale.order', 'mail.message')):
            found = self.enter(scope, self.admin, 'mail.message', 'search', domain=[
                ['id', 'in', [message.id, plain.id]]])
            self.assertEqual(found, plain.ids)

    @requirement('attack', '58', 'Nobody is found by a login that is closed')
    def test_attack_58_logins(self):
        self.sam.login = 'sam.secret@example.com'
        for scope in ('users.read', 'orders.read'):
            self.assertFalse(self.enter(scope, self.admin, 'res.users', 'name_search', name=self.sam.login))
        self.assertTrue(self.enter('users.read', self.admin, 'res.users', 'name_search', name='Sam'))

    @requirement('attack', '58', 'The secret of a second factor is read by nobody')
    def test_attack_58_second_factor(self):
        self.assertFalse(self.env['oauth2.scope']._opening(frozenset({'odoo.read'})).opens('auth_totp.wizard'))

    @requirement('attack', '58', 'A part that is made is one that may be made')
    def test_attack_58_new_parts(self):
        scope = self.scope({'model': 'product.product', **ALL}, 'product.template', {
            'model': 'product.template', 'perm_read': False, 'perm_create': True,
            'domain': '[("name", "!=", "Closed")]'}, 'product.category', 'uom.uom')
        self.assertTrue(self.enter(scope, self.admin, 'product.product', 'create', vals_list=[{'name': 'Open'}]))
        self.assertLacking(scope, 'product.product', 'create', vals_list=[{'name': 'Closed'}])

    @requirement('attack', '58', 'What is made by the way holds no field that is closed there')
    def test_attack_58_fields_of_lines(self):
        scope = self.scope({'model': 'res.partner', 'field_names': 'name child_ids', **ALL}, {
            'model': 'res.partner', 'field_names': 'phone', 'domain': '[("name", "=", "Open")]', **ALL})
        for name, is_open in (('Open', True), ('Other', False)):
            made = self.attempt(scope, self.admin, 'res.partner', 'create', vals_list=[{
                'name': 'Parent', 'child_ids': [[0, 0, {'name': name, 'phone': '1'}]]}])
            self.assertEqual(bool(made), is_open, name)

    @requirement('attack', '58', 'A number that does not exist yet hides nothing that is made')
    def test_attack_58_numbers_to_come(self):
        scope = self.scope({'model': 'res.partner', **ALL}, {
            'model': 'res.partner.category', **ALL, 'domain': '[]'})
        closed = self.scope({'model': 'res.partner', **ALL}, 'res.partner.category', {
            'model': 'res.partner.category', 'perm_read': False, 'perm_create': True,
            'domain': '[("name", "!=", "Closed")]'})
        self.cr.execute("SELECT last_value FROM res_partner_category_id_seq")
        [last] = self.cr.fetchone()
        for number in range(last, last + 4):
            commands = [[0, 0, {'name': 'Closed'}], [4, number]]
            with self.subTest(number):
                self.assertIsNone(self.attempt(closed, self.admin, 'res.partner', 'create', vals_list=[{
                    'name': 'x', 'category_id': commands}]))
        self.assertTrue(self.enter(scope, self.admin, 'res.partner', 'create', vals_list=[{
            'name': 'x', 'category_id': [[0, 0, {'name': 'Closed'}]]}]))

    @requirement('attack', '58', 'An order of groups tells nothing of closed fields')
    def test_attack_58_orders_of_groups(self):
        arguments = {'domain': [], 'groupby': ['partner_id.user_id'], 'aggregates': ['__count']}
        scope = self.scope('sale.order', {'model': 'res.partner', 'field_names': 'name user_id'}, {
            'model': 'res.users', 'field_names': 'display_name'})
        self.assertLacking(scope, 'sale.order', 'formatted_read_group', **arguments)
        scope = self.scope('sale.order', {'model': 'res.partner', 'field_names': 'name user_id'}, {
            'model': 'res.users', 'field_names': 'display_name name login'})
        self.assertTrue(self.enter(scope, self.admin, 'sale.order', 'formatted_read_group', **arguments))

    def test_wrong_things_are_the_callers(self):
        scope = self.scope({'model': 'res.country', 'method_names': 'get_address_fields', **WRITING})
        self.assertWrong(scope, 'res.country', 'action_archive', ids=self.env.ref('base.be').ids)
        for companies in (5, [[1]], ['x']):
            self.assertWrong(scope, 'res.country', 'get_address_fields', ids=self.env.ref('base.be').ids,
                             context={'allowed_company_ids': companies})

    @mute_logger('odoo.addons.restapi_oauth2.models.door.opened')
    def test_a_line_whose_domain_fails_opens_nothing(self):
        child = self.env['res.partner'].create({'name': 'Child', 'parent_id': self.admin.partner_id.id})
        self.env.user.partner_id.child_ids = [[0, 0, {'name': 'For the check when it is stored'}]]
        scope = self.scope({'model': 'res.partner', 'domain': '[("id", "=", user.partner_id.child_ids.ids[0])]'})
        self.assertEqual(self.enter(scope, self.admin, 'res.partner', 'search', domain=[]), child.ids)
        child.unlink()
        self.env['oauth2.scope']._forget_what_is_opened()
        self.assertEqual(self.enter(scope, self.admin, 'res.partner', 'search', domain=[]), [])
