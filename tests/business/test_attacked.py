"""What an attack found, each with its brothers: nothing closed is told, and nothing is written."""
import json

from odoo import Command
from odoo.exceptions import AccessError, UserError

from ...models.door.names import Names
from ...models.door.opened import Opened
from ..requirement import requirement
from .test_hostile import MARK, WRITING, HostileBusinessCase


class AttackedCase(HostileBusinessCase):
    """Its `scope` makes a scope of lines, each a model, or a dictionary."""

    def scope(self, *lines):
        name = f'attacked{self.env["oauth2.scope"].search_count([])}'
        self.make_scope(name, *({'model': line} if isinstance(line, str) else line for line in lines))
        return name

    def reference_fields(self):
        return (field for model in self.env.registry.values() for field in model._fields.values()
                if field.type == 'reference' and field.store and not model._abstract and not field.compute
                and not field.related and not model._name.startswith(('ir.', 'oauth2.')))

    def told(self, scope, model, method, **arguments):
        return json.dumps(self.attempt(scope, self.admin, model, method, **arguments), default=str)

    def made(self, scope, model, method, ids=(), **arguments):
        """Make a call that stays."""
        return self.env(user=self.admin.id, su=False)['oauth2.door']._enter(
            self.limit(scope), model, method, ids=ids, kwargs=arguments).sudo()

    def assertCloses(self, scope, model, method, **arguments):
        with self.assertRaises(UserError):  # an AccessError is one
            self.enter(scope, self.admin, model, method, **arguments)


class TestNames(AttackedCase):

    @requirement('attack', '58', 'Finding by a name asks nothing but the fields that are open')
    def test_attack_58_finding_by_name_uses_open_fields(self):
        self.acme.write({'ref': MARK, 'email': 'mark4711@example.com'})
        narrow = self.scope({'model': 'res.partner', 'field_names': 'name display_name'})
        for name, found in ((MARK, False), ('mark4711@', False), ('Acme Test', True)):
            with self.subTest(name):
                rows = self.enter(narrow, self.admin, 'res.partner', 'name_search', name=name)
                self.assertEqual(bool(rows), found)
                self.assertEqual(found, bool(self.enter(
                    narrow, self.admin, 'res.partner', 'search', domain=[('display_name', 'ilike', name)])))
        whole = self.scope('res.partner')
        self.assertTrue(self.enter(whole, self.admin, 'res.partner', 'name_search', name=MARK))

    @requirement('attack', '58', 'Finding a document by its customer\'s name needs the name of the customer')
    def test_attack_58_names_lead_into_other_models(self):
        move = self.env['account.move'].create({'move_type': 'out_invoice', 'partner_id': self.acme.id})
        alone, both = self.scope('account.move'), self.scope(
            'account.move', {'model': 'res.partner', 'field_names': 'name display_name'})
        for scope, found in ((alone, False), (both, True)):
            rows = self.enter(scope, self.admin, 'account.move', 'name_search', name='Acme Test', limit=1000)
            self.assertEqual(move.id in [row[0] for row in rows], found)

    @requirement('attack', '58', 'Two records of the same number and different models are two records')
    def test_attack_58_references_of_the_same_number(self):
        field = next(self.reference_fields())
        country = self.env['res.country'].search([], limit=1)
        opened = Opened(self.env(user=self.admin.id), self.limit(self.scope('res.country', field.model_name)))
        values = [{field.name: {'id': {'id': country.id, 'model': model}, 'display_name': name}}
                  for model, name in (('res.country', 'Land'), ('res.bank', MARK))]
        told = Names(opened).of_specification(
            self.env[field.model_name], values, {field.name: {'fields': {'display_name': {}}}})
        self.assertEqual([row[field.name]['display_name'] for row in told], ['Land', ''])


class TestFiles(AttackedCase):

    @requirement('attack', '58', 'A file of a field is open on the records on which the field is')
    def test_attack_58_files_of_fields_are_judged_by_record(self):
        other = self.env['res.partner'].create({'name': 'Other'})
        image = 'R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs='
        (self.acme | other).write({'image_1920': image})
        scope = self.scope(
            {'model': 'res.partner', 'field_names': 'name'}, 'ir.attachment',
            {'model': 'res.partner', 'field_names': 'image_1920', 'domain': f'[("id", "=", {self.acme.id})]'})
        files = self.env['ir.attachment'].sudo().search([
            ('res_model', '=', 'res.partner'), ('res_field', '=', 'image_1920'),
            ('res_id', 'in', (self.acme | other).ids)])
        self.assertEqual(len(files), 2)
        found = self.enter(scope, self.admin, 'ir.attachment', 'search', domain=[('id', 'in', files.ids)])
        self.assertEqual(self.env['ir.attachment'].browse(found).sudo().mapped('res_id'), self.acme.ids)

    @requirement('attack', '58', 'What belongs to what belongs to another record is closed')
    def test_attack_58_files_of_messages(self):
        message = self.vic.partner_id.message_post(body='x')
        file = self.env['ir.attachment'].create({
            'name': MARK, 'res_model': 'mail.message', 'res_id': message.id, 'raw': b'x'})
        scope = self.scope('mail.message', 'ir.attachment', 'sale.order')
        self.assertNotIn(MARK, self.told(scope, 'ir.attachment', 'search_read', domain=[('id', '=', file.id)]))
        self.assertCloses(scope, 'ir.attachment', 'read', ids=file.ids, fields=['name'])

    @requirement('attack', '58', 'Messages by which somebody signs in are closed to odoo.read')
    def test_attack_58_invitations(self):
        message = self.env['mail.message'].create({
            'model': 'res.users', 'res_id': self.vic.id, 'body': MARK, 'message_type': 'email_outgoing'})
        self.assertEqual([], self.enter('odoo.read', self.admin, 'mail.message', 'search', domain=[
            ('id', '=', message.id)]))
        for name in ('session_link', 'background_image_url'):
            self.assertCloses('odoo.read', 'survey.survey', 'search_read', domain=[], fields=[name])


class TestCopies(AttackedCase):

    @requirement('attack', '58', 'A copy holds nothing that was closed to reading')
    def test_attack_58_copies_tell_nothing(self):
        self.acme.comment = MARK
        scope = self.scope(
            {'model': 'res.partner', 'field_names': 'name ref', **WRITING},
            {'model': 'res.partner', 'field_names': 'comment name ref', 'domain': '[("ref", "=", "mine")]', **WRITING})
        self.enter(scope, self.admin, 'res.partner', 'copy', ids=self.acme.ids, default={'name': 'x'})
        made = self.made(scope, 'res.partner', 'copy', ids=self.acme.ids, default={'ref': 'mine'})
        self.assertEqual((made.ref, made.comment), ('mine', False))

    @requirement('contract', '7', 'Every ready-made scope that makes records copies them')
    def test_ready_made_scopes_copy(self):
        lead = self.env['crm.lead'].create({'name': 'Lead', 'partner_id': self.acme.id})
        event = self.env['calendar.event'].create({
            'name': 'Lunch', 'start': '2030-01-01 12:00:00', 'stop': '2030-01-01 13:00:00'})
        task = self.env['project.task'].create({
            'name': 'Paint', 'project_id': self.env['project.project'].create({'name': 'House'}).id})
        for scope, record in (
            ('contacts.write', self.acme), ('orders.write', self.order), ('leads.write', lead),
            ('tasks.write', task), ('calendar.write', event),
        ):
            with self.subTest(scope):
                self.assertTrue(self.env['oauth2.scope'].search([('name', '=', scope)]))
                made = self.made(scope, record._name, 'copy', ids=record.ids)
                self.assertTrue(made.exists())
                if scope == 'orders.write':
                    self.assertEqual((len(made.order_line), made.amount_untaxed), (1, self.order.amount_untaxed))


class TestHierarchies(AttackedCase):

    @requirement('attack', '58', 'child_of and parent_of go over nothing but open records')
    def test_attack_58_hierarchies(self):
        top, middle, leaf, order = self.chain()
        scope = self.scope(
            {'model': 'res.partner', 'domain': '[("ref", "=", "open")]'}, {'model': 'sale.order'})
        for model, path, start, open_there in (
            ('res.partner', 'id', top, [top.id]), ('res.partner', 'parent_id', top, [top.id]),
            ('res.partner', 'id', middle, [leaf.id]), ('sale.order', 'partner_id', top, []),
            ('sale.order', 'partner_id', middle, order.ids),
        ):
            with self.subTest(model, path=path, start=start.name):
                mine = (top | middle | leaf).ids if model == 'res.partner' else order.ids
                self.assertEqual(open_there, self.enter(scope, self.admin, model, 'search', domain=[
                    (path, 'child_of', start.id), ('id', 'in', mine)]))
        for start, above in ((leaf, [leaf.id]), (middle, []), (top, [top.id])):
            with self.subTest('above', start=start.name):
                self.assertEqual(above, self.enter(scope, self.admin, 'res.partner', 'search', domain=[
                    ('id', 'parent_of', start.id), ('id', 'in', (top | middle | leaf).ids)]))
        whole = self.scope('res.partner')
        self.assertEqual(set((top | middle | leaf).ids), set(self.enter(
            whole, self.admin, 'res.partner', 'search', domain=[('id', 'child_of', top.id)])))

    def chain(self):
        """A contact below a closed one below another."""
        partners = self.env['res.partner']
        top = partners.create({'name': 'Top', 'ref': 'open', 'is_company': True})
        middle = partners.create({'name': 'Middle', 'ref': 'closed', 'is_company': True, 'parent_id': top.id})
        leaf = partners.create({'name': 'Leaf', 'ref': 'open', 'parent_id': middle.id})
        return top, middle, leaf, self.env['sale.order'].create({'partner_id': leaf.id})


class TestProperties(AttackedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.env['project.project'].create({'name': 'House', 'task_properties_definition': [
            {'name': 'who', 'string': 'Who', 'type': 'many2one', 'comodel': 'res.partner', 'default': cls.acme.id},
            {'name': 'many', 'string': 'Many', 'type': 'many2many', 'comodel': 'res.partner'},
            {'name': 'note', 'string': 'Note', 'type': 'char'}]})
        cls.task = cls.env['project.task'].create({'name': 'Paint', 'project_id': cls.project.id})
        cls.acme.name = MARK

    @requirement('attack', '58', 'Properties name only records that may be read, however they are written')
    def test_attack_58_values_of_properties(self):
        scope = self.scope({'model': 'project.task', **WRITING}, 'project.project')
        for value in (
            {'who': self.acme.id}, {'many': self.acme.ids},
            [{'name': 'who', 'type': 'many2one', 'value': self.acme.id}],
            [{'name': 'who', 'type': 'char', 'value': self.acme.id}],
            [{'name': 'who', 'type': 'many2one', 'comodel': 'project.project', 'value': self.acme.id}],
            '[{"name": "who", "value": 1}]', 5, [5],
        ):
            with self.subTest(value=value):
                self.assertCloses(scope, 'project.task', 'write', ids=self.task.ids, vals={'task_properties': value})
                self.assertCloses(scope, 'project.task', 'create', vals_list=[
                    {'name': 'x', 'project_id': self.project.id, 'task_properties': value}])
        self.enter(scope, self.admin, 'project.task', 'write', ids=self.task.ids, vals={
            'task_properties': {'note': 'x'}})

    @requirement('attack', '58', 'Properties and their definitions tell no name that is closed')
    def test_attack_58_names_in_properties(self):
        self.task.task_properties = {'who': self.acme.id, 'many': self.acme.ids}
        scope = self.scope('project.task', 'project.project')
        for record, name in ((self.task, 'task_properties'), (self.project, 'task_properties_definition')):
            for method, arguments in (
                ('read', {'fields': [name]}), ('web_read', {'specification': {name: {}}}),
            ):
                with self.subTest(record._name, method=method):
                    answer = self.told(scope, record._name, method, ids=record.ids, **arguments)
                    self.assertIn('"who"', answer)
                    self.assertNotIn(MARK, answer)
        both = self.scope('project.task', {'model': 'res.partner', 'field_names': 'name display_name'})
        self.assertIn(MARK, self.told(both, 'project.task', 'read', ids=self.task.ids, fields=['task_properties']))

    @requirement('attack', '58', 'The definition of a property is told to whoever may read all records')
    def test_attack_58_definitions(self):
        some = self.scope({'model': 'project.task', 'domain': '[("id", "=", 0)]'})
        self.assertCloses(some, 'project.task', 'get_property_definition', full_name='task_properties.who')
        answer = self.told(self.scope('project.task'), 'project.task', 'get_property_definition',
                           full_name='task_properties.note')
        self.assertIn('Note', answer)

    @requirement('attack', '58', 'A task does not bring a definition for its project along')
    def test_attack_58_definitions_are_not_rewritten(self):
        for lines in (({'model': 'project.task', **WRITING},),
                      ({'model': 'project.task', **WRITING}, 'project.project'),
                      ({'model': 'project.task', **WRITING},
                       {'model': 'project.project', 'perm_write': True, 'domain': '[("id", "=", 0)]'})):
            self.assertCloses(self.scope(*lines), 'project.task', 'write', ids=self.task.ids, vals={
                'task_properties': [
                    {'name': 'note', 'type': 'char', 'string': MARK, 'definition_changed': True, 'value': 'x'}]})


class TestWriting(AttackedCase):

    @requirement('attack', '58', 'A stored related field writes to another record, so it is open there, too')
    def test_attack_58_related_fields(self):
        company = self.env.company
        scope = self.scope({'model': 'res.company', **WRITING})
        for name in ('phone', 'email'):
            with self.subTest(name):
                self.assertCloses(scope, 'res.company', 'write', ids=company.ids, vals={name: MARK})
        employee = self.env['hr.employee'].create({'name': 'Emma'})
        self.assertCloses(self.scope({'model': 'hr.employee', **WRITING}), 'hr.employee', 'write', ids=employee.ids,
                           vals={'name': MARK})
        named = self.scope({'model': 'hr.employee', 'field_names': 'name', **WRITING})
        self.enter(named, self.admin, 'hr.employee', 'write', ids=employee.ids, vals={'name': 'Emma B'})

    @requirement('attack', '58', 'What is set on several records goes to the last of them: it is open to writing')
    def test_attack_58_lines_are_not_moved(self):
        other = self.env['sale.order'].create({'partner_id': self.acme.id})
        scope = self.scope({'model': 'sale.order', **WRITING}, 'sale.order.line')
        self.assertCloses(scope, 'sale.order', 'write', ids=[self.order.id, other.id], vals={
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
                self.assertCloses(scope, name, 'create', vals_list=[vals])
                record = self.env[name].search([], limit=1)
                self.assertCloses(scope, name, 'unlink', ids=record.ids)

    @requirement('attack', '58', 'What Odoo works out and trusts is written where a line names it')
    def test_attack_58_what_odoo_works_out(self):
        named = self.scope({'model': 'res.partner', 'field_names': 'email_normalized', **WRITING})
        for scope in ('contacts.write', named):
            with self.assertRaises(AccessError):
                self.enter(scope, self.admin, 'res.partner', 'write', ids=self.vic.partner_id.ids,
                           vals={'email_normalized': 'evil@evil.example'})

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
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                scope = self.scope({'model': model, **WRITING}, {'model': 'ir.ui.view', **WRITING})
                self.enter(scope, self.admin, model, 'create', vals_list=[vals])
        website = self.env['website'].search([], limit=1)
        with self.assertRaises(AccessError):
            self.enter(self.scope({'model': 'website', **WRITING}), self.admin, 'website', 'write', ids=website.ids,
                       vals={'custom_code_head': '<script/>'})

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

    @requirement('attack', '58', 'Keys stay keys where another field stands for them')
    def test_attack_58_related_keys(self):
        for model, name in (
            ('res.users', 'barcode'), ('portal.share', 'share_link'), ('survey.survey', 'session_code'),
        ):
            if name in self.env[model]._fields:
                with self.subTest(model), self.assertRaises(AccessError):
                    self.enter('odoo.read', self.admin, model, 'search_read', domain=[], fields=[name])

    @requirement('contract', '7', 'Tasks with properties are copied')
    def test_copies_with_properties(self):
        project = self.env['project.project'].create({'name': 'House', 'task_properties_definition': [
            {'name': 'note', 'string': 'Note', 'type': 'char'}]})
        task = self.env['project.task'].create({
            'name': 'Paint', 'project_id': project.id, 'task_properties': {'note': 'blue'}})
        made = self.made('tasks.write', 'project.task', 'copy', ids=task.ids)
        self.assertEqual(dict(made.task_properties), {'note': 'blue'})

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
        for columns, row in (
            (['.id', 'client_order_ref'], [str(number), MARK]),
            (['.id', 'client_order_ref'], [f' {number}', MARK]),
            (['.id', 'client_order_ref'], [f'{number}.0', MARK]),
            (['.id', 'client_order_ref'], [float(number), MARK]),
            (['.id', 'client_order_ref'], [f'{number}_0', MARK]),
            (['.id', 'client_order_ref'], [True, MARK]),
            (['.id', 'order_line/.id', 'order_line/name'], [str(order.id), str(line), MARK]),
            (['name', 'order_line/.id', 'order_line/name'], ['x', str(line), MARK]),
        ):
            with self.subTest(columns=columns, row=row):
                self.assertCloses(scope, 'sale.order', 'load', fields=columns, data=[row])
        made = self.enter(scope, self.admin, 'sale.order', 'load', fields=['.id', 'client_order_ref'],
                          data=[[str(order.id), 'x']])
        self.assertEqual(made['ids'], order.ids)


class TestOtherWays(AttackedCase):

    @requirement('attack', '58', 'Groups by number tell no names')
    def test_attack_58_names_of_groups(self):
        self.acme.name = MARK
        scope = self.scope('sale.order')
        for spec in ('id', 'partner_id', 'partner_id.id'):
            with self.subTest(spec):
                self.assertNotIn(MARK, self.told(
                    scope, 'sale.order', 'formatted_read_group', domain=[], groupby=[spec]))

    @requirement('attack', '58', 'The records that a wizard works on are numbers, and open')
    def test_attack_58_active_records(self):
        scope = self.scope({'model': 'sale.advance.payment.inv', 'method_names': '*', **WRITING},
                           {'model': 'sale.order', 'domain': '[("id", "=", 0)]'})
        number = self.order.id
        for context in ({'active_ids': [number]}, {'active_ids': [float(number)]}, {'active_ids': [str(number)]},
                        {'active_id': number}, {'active_id': float(number)}, {'active_ids': {'a': number}}):
            with self.subTest(context=context):
                self.assertCloses(scope, 'sale.advance.payment.inv', 'create', vals_list=[{}],
                                   context={'active_model': 'sale.order', **context})

    @requirement('attack', '58', 'References are written as Odoo writes them, to records that may be read')
    def test_attack_58_references(self):
        field = next(self.reference_fields())
        scope = self.scope({'model': field.model_name, **WRITING})
        for value in (f'res.partner,{self.acme.id}', f'res.partner, {self.acme.id}', f'res.partner,{self.acme.id} ',
                      f'res.partner,+{self.acme.id}', 'res.partner,x', f'nothing,{self.acme.id}'):
            with self.subTest(value):
                self.assertCloses(scope, field.model_name, 'create', vals_list=[{field.name: value}])

    @requirement('attack', '58', 'A token that writes and does not read is refused where it searches')
    def test_attack_58_searching_without_reading(self):
        scope = self.scope({'model': 'res.partner', 'perm_read': False, 'perm_write': True, 'perm_create': True})
        for method in ('search', 'search_count', 'search_read'):
            with self.subTest(method), self.assertRaises(AccessError):
                self.enter(scope, self.admin, 'res.partner', method, domain=[])

    @requirement('contract', '7', 'odoo.read reads every document without naming fields')
    def test_odoo_read_without_fields(self):
        self.env['account.move'].create({'move_type': 'out_invoice', 'partner_id': self.acme.id, 'invoice_line_ids': [
            Command.create({'product_id': self.product.id})]})
        for model in ('account.move', 'account.move.line', 'sale.order', 'hr.employee', 'project.task', 'res.users'):
            with self.subTest(model):
                self.assertTrue(self.enter('odoo.read', self.admin, model, 'search_read', domain=[], limit=2))

    @requirement('contract', '7', 'A new record needs no values')
    def test_create_of_nothing(self):
        scope = self.scope({'model': 'crm.tag', **WRITING}, {'model': 'mail.activity.type', **WRITING})
        for given, count in (([], 0), ({'name': 'x'}, 1), ([{'name': 'y'}, {'name': 'z'}], 2)):
            self.assertEqual(len(self.enter(scope, self.admin, 'crm.tag', 'create', vals_list=given)), count)
        scope = self.scope({'model': 'sale.advance.payment.inv', **WRITING})
        self.assertEqual(len(self.enter(scope, self.admin, 'sale.advance.payment.inv', 'create', vals_list={})), 1)

    @requirement('contract', '7', 'calendar.write makes meetings that come again')
    def test_a_recurring_meeting(self):
        made = self.made('calendar.write', 'calendar.event', 'create', vals_list=[{
            'name': 'Weekly', 'start': '2030-01-01 12:00:00', 'stop': '2030-01-01 13:00:00', 'recurrency': True,
            'rrule_type': 'weekly', 'tue': True, 'interval': 1, 'end_type': 'count', 'count': 3}])
        self.assertEqual(len(made.recurrence_id.calendar_event_ids), 3)
