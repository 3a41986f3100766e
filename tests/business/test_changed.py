"""Changes with a narrow token: nothing closed, by any way."""
from odoo.exceptions import AccessError

from ..requirement import requirement
from .common import MARK, WRITING, DoorCase


class TestChanges(DoorCase):

    @requirement('attack', '58', 'A stored related field writes to another record, so it is open there, too')
    def test_attack_58_related_fields(self):
        company = self.env.company
        scope = self.scope({'model': 'res.company', **WRITING})
        for name in ('phone', 'email'):
            with self.subTest(name):
                self.assertLacking(scope, 'res.company', 'write', ids=company.ids, vals={name: MARK})
        employee = self.env['hr.employee'].create({'name': 'Emma'})
        self.assertLacking(self.scope({'model': 'hr.employee', **WRITING}), 'hr.employee', 'write', ids=employee.ids,
                           vals={'name': MARK})
        named = self.scope({'model': 'hr.employee', 'field_names': 'name', **WRITING})
        self.enter(named, self.admin, 'hr.employee', 'write', ids=employee.ids, vals={'name': 'Emma B'})

    @requirement('attack', '58', 'What is set on several records goes to the last of them: it is open to writing')
    def test_attack_58_lines_are_not_moved(self):
        other = self.env['sale.order'].create({'partner_id': self.acme.id})
        scope = self.scope({'model': 'sale.order', **WRITING}, 'sale.order.line')
        self.assertLacking(scope, 'sale.order', 'write', ids=[self.order.id, other.id], vals={
            'order_line': [[6, 0, self.order.order_line.ids]]})
        self.enter(scope, self.admin, 'sale.order', 'write', ids=self.order.ids, vals={
            'order_line': [[6, 0, self.order.order_line.ids]]})

    @requirement('attack', '58', 'Code, rights and rules are for whoever has everything, whatever a line names')
    def test_attack_58_code_and_rights(self):
        model = self.env['ir.model']._get('res.partner')
        for name, vals in (
            ('ir.actions.server', {'name': 'x', 'model_id': model.id, 'state': 'code', 'code': 'pass'}),
            ('ir.model.access', {'name': 'x', 'model_id': model.id, 'perm_read': True}),
            ('ir.rule', {'name': 'x', 'model_id': model.id}),
            ('ir.cron', {'name': 'x', 'model_id': model.id, 'state': 'code', 'code': 'pass'}),
            ('base.automation', {'name': 'x', 'model_id': model.id, 'trigger': 'on_create'}),
            ('ir.ui.view', {'name': 'x', 'model': 'res.partner', 'arch': '<form/>', 'type': 'form'}),
        ):
            with self.subTest(name):
                scope = self.scope({'model': name, 'method_names': '*', **WRITING}, 'ir.model')
                self.assertLacking(scope, name, 'create', vals_list=[vals])
                record = self.env[name].search([], limit=1)
                self.assertLacking(scope, name, 'unlink', ids=record.ids)

    @requirement('attack', '58', 'What Odoo works out and trusts is written where a line names it')
    def test_attack_58_what_odoo_works_out(self):
        named = self.scope({'model': 'res.partner', 'field_names': 'email_normalized', **WRITING})
        for scope in ('contacts.write', named):
            with self.assertRaises(AccessError):
                self.enter(scope, self.admin, 'res.partner', 'write', ids=self.vic.partner_id.ids,
                           vals={'email_normalized': 'evil@evil.example'})
        self.assertLacking('contacts.write', 'res.partner', 'write', ids=self.acme.ids, vals={'complete_name': MARK})

    @requirement('attack', '58', 'What is run or served is made by nobody, in whatever model')
    def test_attack_58_what_is_run_or_served(self):
        for model, vals in (
            ('mail.template', {'name': 'x', 'subject': '{{ object.id }}'}),
            ('digest.tip', {'name': 'x', 'tip_description': 'x'}),
            ('gamification.goal.definition', {
                'name': 'x', 'computation_mode': 'python', 'compute_code': 'result = 5', 'condition': 'higher'}),
            ('website.page', {'url': '/evil', 'name': 'x', 'type': 'qweb', 'key': 'x.evil', 'arch_db': '<t/>'}),
            ('ir.default', {'field_id': 1, 'json_value': '[]'}),
            ('ir.asset', {'name': 'x', 'bundle': 'web.assets_backend', 'path': 'https://evil.example/x.js'}),
            ('ir.embedded.actions', {}),
            ('ir.mail_server', {}),
            ('fetchmail.server', {}),
            ('website.menu', {'name': 'x', 'url': 'javascript:evil()'}),
            ('website.rewrite', {}),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                scope = self.scope({'model': model, **WRITING}, {'model': 'ir.ui.view', **WRITING})
                self.enter(scope, self.admin, model, 'create', vals_list=[vals])
        website = self.env['website'].search([], limit=1)
        for vals in ({'custom_code_head': '<script/>'}, {'custom_code_footer': '<script/>'},
                     {'domain': 'https://evil.example'}, {'cdn_activated': True}, {'cdn_url': 'https://evil.example'}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.enter(self.scope({'model': 'website', **WRITING}), self.admin, 'website', 'write',
                           ids=website.ids, vals=vals)

    @requirement('attack', '58', 'A file with an address of the server is changed where a line names the address')
    def test_attack_58_files_with_an_address(self):
        bundle = self.env['ir.attachment'].create({
            'name': 'x.js', 'url': '/web/assets/1/x.js', 'raw': b'x', 'public': True, 'res_model': 'ir.ui.view',
            'res_id': 0})
        scope = self.scope({'model': 'ir.attachment', **WRITING})
        for method, arguments in (('write', {'vals': {'raw': 'x'}}), ('unlink', {})):
            with self.assertRaises(AccessError):
                self.enter(scope, self.admin, 'ir.attachment', method, ids=bundle.ids, **arguments)
        if 'product.document' in self.env:
            template = self.product.product_tmpl_id
            scope = self.scope(*({'model': model, **WRITING} for model in (
                'product.document', 'ir.attachment', 'product.template')))
            with self.assertRaises(AccessError):
                self.enter(scope, self.admin, 'product.document', 'create', vals_list=[{
                    'name': 'x.js', 'raw': 'x', 'url': '/x.js', 'res_model': 'product.template',
                    'res_id': template.id}])

    @requirement('attack', '58', 'No dialog reaches records that it names by text or by a bare number')
    def test_attack_58_dialogs(self):
        for model, vals in (
            ('mail.compose.message', {'model': 'res.partner', 'res_ids': f'[{self.acme.id}]', 'body': 'x'}),
            ('portal.share', {'res_model': 'sale.order', 'res_id': self.order.id}),
            ('mail.activity.schedule', {'res_model': 'res.partner', 'res_ids': f'[{self.acme.id}]'}),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.enter(self.scope({'model': model, 'method_names': '*', **WRITING}), self.admin, model, 'create',
                           vals_list=[vals])

    @requirement('attack', '58', 'Users are deleted with everything alone')
    def test_attack_58_users_are_not_deleted(self):
        scope = self.scope({'model': 'res.users', 'field_names': 'name active', **WRITING})
        with self.assertRaisesRegex(AccessError, 'scope odoo'):
            self.enter(scope, self.admin, 'res.users', 'unlink', ids=self.portal.ids)

    @requirement('attack', '58', 'Contacts are merged, and with them what their users are, with everything alone')
    def test_attack_58_contacts_are_not_merged(self):
        model = 'base.partner.merge.automatic.wizard'
        scope = self.scope({'model': model, 'method_names': '*', **WRITING}, {'model': 'res.partner', **WRITING})
        for method, arguments in (('create', {'vals_list': [{}]}), ('action_merge', {})):
            with self.assertRaisesRegex(AccessError, 'scope odoo'):
                self.enter(scope, self.admin, model, method, **arguments)

    @requirement('attack', '58', 'An import changes only what the token may change, by whatever column')
    def test_attack_58_imports(self):
        order = self.env['sale.order'].create({'partner_id': self.acme.id})
        for line in self.order.order_line:
            line.name = 'Before'
        scope = self.scope(
            {'model': 'sale.order', 'domain': f'[("id", "=", {order.id})]', **WRITING},
            {'model': 'sale.order.line', 'domain': f'[("order_id", "=", {order.id})]', **WRITING},
            {'model': 'res.partner', 'field_names': 'name'})
        number, line = self.order.id, self.order.order_line[:1].id
        self.assertLacking(scope, 'sale.order', 'load', fields=['.id', 'client_order_ref'], data=[[str(number), MARK]])
        for columns, row in (
            (['.id', 'client_order_ref'], [f' {number}', MARK]),
            (['.id', 'client_order_ref'], [f'{number}.0', MARK]),
            (['.id', 'client_order_ref'], [float(number), MARK]),
            (['.id', 'client_order_ref'], [f'{number}_0', MARK]),
            (['.id', 'client_order_ref'], [True, MARK]),
            (['.id', 'order_line/.id', 'order_line/name'], [str(order.id), str(line), MARK]),
            (['name', 'order_line/.id', 'order_line/name'], ['x', str(line), MARK]),
            (['id', 'client_order_ref'], ['sale.evil', MARK]),
        ):
            with self.subTest(columns=columns, row=row):
                self.assertWrong(scope, 'sale.order', 'load', fields=columns, data=[row])
        made = self.enter(scope, self.admin, 'sale.order', 'load', fields=['.id', 'client_order_ref'],
                          data=[[str(order.id), 'x']])
        self.assertEqual(made['ids'], order.ids)

    @requirement('attack', '58', 'The records that a wizard works on are numbers, and open')
    def test_attack_58_active_records(self):
        scope = self.scope({'model': 'sale.advance.payment.inv', 'method_names': '*', **WRITING},
                           {'model': 'sale.order', 'domain': '[("id", "=", 0)]'})
        number, model = self.order.id, 'sale.advance.payment.inv'
        for context in ({'active_ids': [number]}, {'active_id': number}, {'active_ids': number}):
            with self.subTest(context=context):
                self.assertLacking(scope, model, 'create', vals_list=[{}], context={
                    'active_model': 'sale.order', **context})
        for context in ({'active_ids': [float(number)]}, {'active_ids': [str(number)]}, {'active_id': float(number)},
                        {'active_ids': {'a': number}}):
            with self.subTest(context=context):
                self.assertWrong(scope, model, 'create', vals_list=[{}], context={
                    'active_model': 'sale.order', **context})
        for context in ([1], 'x'):
            self.assertWrong(scope, model, 'create', vals_list=[{}], context=context)

    @requirement('attack', '58', 'References are written as Odoo writes them, to records that may be read')
    def test_attack_58_references(self):
        field = next(field for model in self.env.registry.values() for field in model._fields.values()
                     if field.type == 'reference' and field.store and not model._abstract and not field.compute
                     and not field.related and not model._name.startswith(('ir.', 'oauth2.')))
        scope = self.scope({'model': field.model_name, **WRITING})
        number = self.acme.id
        for value in (f'res.partner,{number}', f'nothing,{number}'):
            self.assertLacking(scope, field.model_name, 'create', vals_list=[{field.name: value}])
        for value in (f'res.partner, {number}', f'res.partner,{number} ', f'res.partner,+{number}', 'res.partner,x', 5):
            with self.subTest(value):
                self.assertWrong(scope, field.model_name, 'create', vals_list=[{field.name: value}])

    @requirement('attack', '58', 'Html that is stored as it is handed in is written where a line names it')
    def test_attack_58_html_without_sanitizing(self):
        survey = self.env['survey.survey'].create({'title': 'x'})
        vals = {'description': '<script>evil()</script>'}
        self.assertLacking(self.scope({'model': 'survey.survey', **WRITING}), 'survey.survey', 'write',
                           ids=survey.ids, vals=vals)
        named = self.scope({'model': 'survey.survey', 'field_names': 'title description', **WRITING})
        self.enter(named, self.admin, 'survey.survey', 'write', ids=survey.ids, vals=vals)

    @requirement('contract', '7', 'A refusal names the argument that is at fault, and the context only where it is')
    def test_the_argument_is_named(self):
        scope = self.scope({'model': 'crm.tag', 'field_names': 'name', **WRITING})
        for vals_list, context, argument in (
            ([{'name': 'x'}, {'name': 'y', 'color': 1}], None, 'vals_list'),
            ([{'name': 'x'}], {'default_color': 1}, 'context'),
        ):
            with self.assertRaisesRegex(AccessError, f'^{argument}: .*color'):
                self.enter(scope, self.admin, 'crm.tag', 'create', vals_list=vals_list, context=context)

    @requirement('contract', '7', 'What a context proposes is taken by name_create, as by create')
    def test_name_create_takes_proposals(self):
        scope = self.scope({'model': 'crm.tag', **WRITING})
        self.cr.flush()
        [number, name] = self.env(user=self.admin.id, su=False)['oauth2.door']._enter(
            self.limit(scope), 'crm.tag', 'name_create', kwargs={'name': 'Blue'}, context={'default_color': 7})
        self.assertEqual((name, self.env['crm.tag'].browse(number).color), ('Blue', 7))
