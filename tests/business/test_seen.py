"""Known leaks, and known refusals of honest work, with Odoo's business modules; each with similar cases."""
import json

from odoo import Command

from ..requirement import requirement
from .common import BusinessCase

READ_WRITE = {'perm_write': True, 'perm_create': True}


class TestNames(BusinessCase):

    @requirement('attack', '58', 'No context makes a name tell more than a name')
    def test_attack_58_names_with_addresses(self):
        token = self.token_with('users.read', self.admin)
        contact = self.vic.partner_id
        contact.write({'street': 'Secret Street 1', 'vat': 'BE0477472701'})
        context = {'show_email': 1, 'show_address': 1, 'show_vat': 1, 'formatted_display_name': 1,
                   'partner_display_name_hide_company': 0, 'show_address_only': 1}
        for method, arguments in (
            ('read', {'ids': contact.ids, 'fields': ['display_name']}),
            ('search_read', {'domain': [('id', '=', contact.id)], 'fields': ['display_name']}),
            ('name_search', {'name': 'Vic'}),
            ('web_name_search', {'name': 'Vic', 'specification': {'display_name': {}}}),
            ('web_read', {'ids': contact.ids, 'specification': {'display_name': {}}}),
        ):
            with self.subTest(method):
                answer = json.dumps(self.ok(token, 'res.partner', method, context=context, **arguments))
                self.assertIn('Vic', answer)
                for secret in ('vic@example.com', 'Secret Street', 'BE0477472701'):
                    self.assertNotIn(secret, answer)
        answer = self.ok(token, 'res.users', 'web_read', ids=self.vic.ids, specification={
            'partner_id': {'fields': {'display_name': {}}, 'context': context}})
        self.assertNotIn('Secret', json.dumps(answer))
        groups = self.ok(token, 'res.users', 'formatted_read_group', domain=[('id', '=', self.vic.id)],
                         groupby=['partner_id'], aggregates=['__count'], context=context)
        self.assertNotIn('Secret', json.dumps(groups))


class TestWaysAround(BusinessCase):

    @requirement('attack', '58', 'onchange and its like tell of any record: no token calls them')
    def test_attack_58_onchange(self):
        token = self.token_of(self.admin, {'model': 'crm.lead', **READ_WRITE, 'method_names': '*'})
        for method, arguments in (
            ('onchange', {'values': {'partner_id': self.acme.id}, 'field_names': ['partner_id'],
                          'fields_spec': {'email_from': {}, 'phone': {}, 'street': {}}}),
            ('get_views', {'views': [[False, 'form']]}),
            ('get_formview_action', {'ids': [1]}),
            ('web_resequence', {'ids': [1], 'specification': {}}),
            ('search_panel_select_range', {'field_name': 'stage_id'}),
            ('web_read_group', {'domain': [], 'groupby': ['stage_id']}),
        ):
            with self.subTest(method):
                self.assertLacks(self.call(token, 'crm.lead', method, **arguments), 'odoo')

    @requirement('attack', '58', 'Keys are closed to reading, searching, grouping and aggregating')
    def test_attack_58_keys(self):
        key = self.order.access_token
        for user in (self.sam, self.admin):
            for scope, lines in (('lines', ['sale.order']), ('everything', None)):
                token = self.token_of(user, *lines) if lines else self.token_with('odoo.read', user)
                with self.subTest(scope, user=user.login):
                    for method, arguments in (
                        ('search_read', {'domain': [('id', '=', self.order.id)]}),
                        ('read', {'ids': self.order.ids}),
                        ('fields_get', {'allfields': []}),
                    ):
                        answer = json.dumps(self.ok(token, 'sale.order', method, **arguments))
                        self.assertNotIn(key, answer)
                        self.assertNotIn('"access_token"', answer)
                    for method, arguments in (
                        ('read', {'ids': self.order.ids, 'fields': ['access_token']}),
                        ('search_count', {'domain': [('access_token', '=like', key[0] + '%')]}),
                        ('search', {'domain': [], 'order': 'access_token'}),
                        ('read_group', {'domain': [], 'fields': ['x:max(access_token)'], 'groupby': ['state']}),
                        ('read_group', {'domain': [], 'fields': ['name:max(access_token)x'], 'groupby': ['state']}),
                        ('read_group', {'domain': [], 'fields': ['name:max(access_token)'], 'groupby': ['state']}),
                        ('formatted_read_group', {'domain': [], 'groupby': ['access_token']}),
                        ('formatted_read_group', {'domain': [], 'aggregates': ['access_token:max']}),
                        ('export_data', {'ids': self.order.ids, 'fields_to_export': ['access_token']}),
                        ('web_read', {'ids': self.order.ids, 'specification': {'access_token': {}}}),
                        ('get_portal_url', {'ids': self.order.ids}),
                        ('copy_data', {'ids': self.order.ids}),
                    ):
                        self.assertClosed(token, 'sale.order', method, **arguments)
        named = self.token_of(self.sam, {'model': 'sale.order', 'field_names': 'name access_token'})
        self.assertEqual(self.ok(named, 'sale.order', 'read', ids=self.order.ids, fields=['access_token']),
                         [{'id': self.order.id, 'access_token': key}])

    @requirement('attack', '58', 'The fields and models that hold keys, in all of these modules')
    def test_attack_58_keys_of_all_models(self):
        token = self.token_with('odoo.read', self.admin)
        fields = {'base.automation': ('webhook_uuid', 'url'), 'calendar.attendee': ('access_token',),
                  'calendar.event': ('access_token',), 'survey.survey': ('access_token',),
                  'survey.user_input': ('access_token', 'invite_token'), 'mail.guest': ('access_token',),
                  'account.move': ('access_token',), 'project.project': ('access_token',),
                  'discuss.channel': ('uuid',), 'res.partner': ('signup_type',), 'hr.employee': ('pin',),
                  'rating.rating': ('access_token',), 'ir.attachment': ('access_token',)}
        for model, names in fields.items():
            for name in names:
                with self.subTest(model, field=name):
                    self.assertIn(name, self.env[model]._fields)
                    self.assertLacks(self.call(token, model, 'search_read', domain=[], fields=[name]), 'odoo')
        for model in ('ir.config_parameter', 'mail.mail', 'ir.mail_server', 'fetchmail.server', 'iap.account',
                      'payment.provider', 'res.config.settings'):
            with self.subTest(model):
                self.assertIn(model, self.env)
                self.assertLacks(self.call(token, model, 'search_read', domain=[]), 'odoo')

    @requirement('attack', '58', 'Fields that Odoo reserves to a few have to be named')
    def test_attack_58_reserved_fields(self):
        employee = self.env['hr.employee'].create({'name': 'Emma', 'private_phone': '+32 9', 'ssnid': '4711'})
        token = self.token_of(self.sam, 'hr.employee')
        [read] = self.ok(token, 'hr.employee', 'read', ids=employee.ids)
        self.assertNotIn('private_phone', read)
        self.assertClosed(token, 'hr.employee', 'read', ids=employee.ids, fields=['private_phone'])
        self.assertClosed(token, 'hr.employee', 'search', domain=[('ssnid', '=', '4711')])


class TestRegistry(BusinessCase):

    @requirement('attack', '58', 'Automation rules that come and go change nothing of what a token may do')
    def test_attack_58_automation_rules(self):
        token = self.token_of(self.admin, {'model': 'res.partner', 'field_names': 'name', **READ_WRITE})
        rule = self.env['base.automation'].create({
            'name': 'x', 'model_id': self.env['ir.model']._get_id('res.partner'), 'trigger': 'on_create_or_write',
            'action_server_ids': [Command.create({
                'name': 'x', 'state': 'code', 'code': 'pass',
                'model_id': self.env['ir.model']._get_id('res.partner')})]})
        for is_active in (True, False):
            rule.active = is_active
            self.env.flush_all()
            self.assertLacks(self.call(token, 'res.partner', 'write', ids=self.acme.ids, vals={'phone': 'x'}),
                             'contacts.write')
            self.assertLacks(
                self.call(token, 'res.partner', 'create', vals_list=[{'name': 'x', 'phone': 'x'}]), 'contacts.write')
            self.ok(token, 'res.partner', 'write', ids=self.acme.ids, vals={'name': f'Acme {is_active}'})

    @requirement('attack', '58', 'A field that is added is judged like the others')
    def test_attack_58_custom_fields(self):
        token = self.token_of(self.admin, {'model': 'res.partner', 'field_names': 'name'}, 'res.country')
        self.env['ir.model.fields'].create({
            'name': 'x_secret', 'model_id': self.env['ir.model']._get_id('res.partner'), 'ttype': 'char'})
        self.env['ir.model.fields'].create({
            'name': 'x_note', 'model_id': self.env['ir.model']._get_id('res.country'), 'ttype': 'char'})
        self.addCleanup(self.env.registry.reset_changes)
        self.assertClosed(token, 'res.partner', 'search_read', domain=[], fields=['x_secret'])
        self.assertClosed(token, 'res.partner', 'search', domain=[('x_secret', '=', False)])
        self.ok(token, 'res.country', 'search_read', domain=[], fields=['x_note'], limit=1)


class TestOwners(BusinessCase):

    @requirement('attack', '58', 'A context does not say what a new record belongs to')
    def test_attack_58_active_model(self):
        lead = self.env['crm.lead'].create({'name': 'Lead'})
        token = self.token_of(self.sam, {'model': 'calendar.event', **READ_WRITE})
        context = {'active_model': 'crm.lead', 'active_id': lead.id, 'default_opportunity_id': lead.id,
                   'default_res_id': lead.id, 'default_res_model': 'crm.lead'}
        vals = {'name': 'Meeting', 'start': '2030-01-01 10:00:00', 'stop': '2030-01-01 11:00:00'}
        self.assertClosed(token, 'calendar.event', 'create', vals_list=[vals], context=context)
        [event] = self.ok(token, 'calendar.event', 'create', vals_list=[vals], context={
            'active_model': 'crm.lead', 'active_id': lead.id})
        event = self.env['calendar.event'].browse(event)
        self.assertFalse(event.opportunity_id or event.res_id)
        self.assertClosed(token, 'calendar.event', 'create', vals_list=[{
            **vals, 'res_model_id': self.env['ir.model']._get_id('crm.lead'), 'res_id': lead.id}])

    @requirement('attack', '58', 'A record is not put on a closed one, by the name of its model or by its number')
    def test_attack_58_owners_by_number(self):
        model_id = self.env['ir.model']._get_id('res.partner')
        activity = {'model': 'mail.activity', **READ_WRITE}
        kind = self.env.ref('mail.mail_activity_data_todo').id
        for lines, is_open in (
            ([activity, 'ir.model', 'mail.activity.type'], False),
            ([activity, 'ir.model', 'mail.activity.type', 'res.partner'], False),
            ([activity, 'ir.model', 'mail.activity.type', {'model': 'res.partner', **READ_WRITE}], True),
        ):
            token = self.token_of(self.sam, *lines)
            before = self.env['mail.activity'].search_count([])
            response = self.call(token, 'mail.activity', 'create', vals_list=[{
                'res_model_id': model_id, 'res_id': self.acme.id, 'activity_type_id': kind}])
            self.assertEqual(response.status_code, 200 if is_open else 403, response.text[:500])
            self.assertEqual(self.env['mail.activity'].search_count([]), before + is_open)
        made = self.env['mail.activity'].browse(response.json())
        narrow = self.token_of(self.sam, activity, 'ir.model', {'model': 'res.partner', **READ_WRITE,
                                                                 'domain': f"[('id', '=', {self.acme.id})]"})
        self.ok(narrow, 'mail.activity', 'write', ids=made.ids, vals={'summary': 'x'})
        self.assertClosed(narrow, 'mail.activity', 'write', ids=made.ids, vals={'res_id': self.bob.id})
        self.assertEqual(made.res_id, self.acme.id)

    @requirement('attack', '58', 'No file is put at an address of the server unless a line names that')
    def test_attack_58_files_with_addresses(self):
        file = {'name': 'x.js', 'type': 'binary', 'raw': 'alert(1)', 'url': '/web/assets/x.js',
                'mimetype': 'text/javascript'}
        token = self.token_of(self.admin, {'model': 'ir.attachment', **READ_WRITE})
        self.assertClosed(token, 'ir.attachment', 'create', vals_list=[file])
        [made] = self.ok(token, 'ir.attachment', 'create', vals_list=[{'name': 'x', 'raw': 'x'}])
        self.assertClosed(token, 'ir.attachment', 'write', ids=[made], vals={'url': '/web/assets/x.js'})
        self.assertClosed(token, 'ir.attachment', 'create', vals_list=[{'name': 'x'}], context={'default_url': '/x'})
        self.assertFalse(self.env['ir.attachment'].search([('url', '=', '/web/assets/x.js')]))

    @requirement('attack', '58', 'The file of a field is written only where the field is open')
    def test_attack_58_files_of_fields(self):
        attachment = {'model': 'ir.attachment', **READ_WRITE, 'perm_unlink': True}
        self.acme.image_1920 = (
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
        for contact, is_open in (
                ({'field_names': 'comment'}, False), ({'field_names': 'image_1920'}, True), ({}, True)):
            token = self.token_of(self.sam, attachment, {'model': 'res.partner', **READ_WRITE, **contact})
            before = self.acme.image_1920
            response = self.call(token, 'ir.attachment', 'create', vals_list=[{
                'name': 'x', 'res_model': 'res.partner', 'res_id': self.bob.id, 'res_field': 'image_1920', 'raw': 'x'}])
            with self.subTest(contact=contact):
                self.assertEqual(response.status_code, 200 if is_open else 403, response.text[:500])
            of_image = self.env['ir.attachment'].search([
                ('res_model', '=', 'res.partner'), ('res_id', '=', self.acme.id), ('res_field', '=', 'image_1920')])
            plain = self.env['ir.attachment'].create({'name': 'x', 'res_model': 'res.partner', 'res_id': self.acme.id})
            self.ok(token, 'ir.attachment', 'write', ids=plain.ids, vals={'name': 'y'})
            if not is_open:
                self.assertClosed(token, 'ir.attachment', 'write', ids=plain.ids, vals={'res_field': 'image_1920'})
                self.assertClosed(token, 'ir.attachment', 'write', ids=of_image.ids, vals={'raw': 'x'})
                self.assertClosed(token, 'ir.attachment', 'unlink', ids=of_image.ids)
                self.assertEqual(self.acme.image_1920, before)


class TestAccounts(BusinessCase):
    """Changes that are worth a password."""

    @requirement('attack', '58', 'The address to which a password is sent is not changed, by no way')
    def test_attack_58_addresses_of_users(self):
        contact = self.vic.partner_id
        lead = self.env['crm.lead'].create({'name': 'x', 'partner_id': contact.id})
        portal = self.env['res.users'].with_context(no_reset_password=True).create({
            'name': 'Pia', 'login': 'pia', 'email': 'pia@example.com',
            'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
        leads = self.token_of(self.admin, {'model': 'crm.lead', **READ_WRITE}, 'res.partner')
        own = self.token_of(self.admin, {'model': 'res.users', 'field_names': 'email login lang', **READ_WRITE},
                            {'model': 'res.partner', 'field_names': 'email name user_ids', **READ_WRITE})
        writing = self.token_with('contacts.write', self.admin)
        for token, model, ids, vals in (
            (writing, 'res.partner', contact.ids, {'email': 'x@evil.example'}),
            (writing, 'res.partner', portal.partner_id.ids, {'email': 'x@evil.example'}),
            (writing, 'res.partner', [*self.acme.ids, *contact.ids], {'email': 'x@evil.example'}),
            (writing, 'res.partner', self.acme.ids, {'child_ids': [(4, contact.id), (1, contact.id, {'email': 'x'})]}),
            (writing, 'res.partner', self.acme.ids, {'user_ids': [(4, self.vic.id)]}),
            (own, 'res.partner', contact.ids, {'email': 'x@evil.example'}),
            (own, 'res.partner', self.acme.ids, {'user_ids': [(4, self.vic.id)]}),
            (own, 'res.users', self.vic.ids, {'email': 'x@evil.example'}),
            (own, 'res.users', self.vic.ids, {'login': 'evil'}),
            (leads, 'crm.lead', lead.ids, {'email_from': 'x@evil.example'}),
        ):
            with self.subTest(model, vals=vals):
                self.assertClosed(token, model, 'write', ids=ids, vals=vals)
        self.env.invalidate_all()
        self.assertEqual((self.vic.email, self.vic.login), ('vic@example.com', 'oauth2_vic'))
        self.ok(own, 'res.users', 'write', ids=portal.ids, vals={'email': 'pia2@example.com'})
        self.ok(own, 'res.users', 'write', ids=self.vic.ids, vals={'lang': 'en_US'})
        self.ok(writing, 'res.partner', 'write', ids=contact.ids, vals={'email': 'vic@example.com', 'phone': '1'})
        self.ok(writing, 'res.partner', 'write', ids=self.acme.ids, vals={'email': 'new@example.com'})

    @requirement('attack', '58', 'No user is made, copied, linked to another contact or put in a group')
    def test_attack_58_users_and_groups(self):
        token = self.token_of(
            self.admin, {'model': 'res.users', **READ_WRITE,
                         'field_names': 'name login partner_id group_ids role password email active'},
            {'model': 'res.groups', **READ_WRITE, 'method_names': '*'}, {'model': 'res.partner', **READ_WRITE})
        before = self.env['res.users'].with_context(active_test=False).search_count([])
        system = self.env.ref('base.group_system')
        for model, method, arguments in (
            ('res.users', 'create', {'vals_list': [{'name': 'x', 'login': 'evil'}]}),
            ('res.users', 'copy', {'ids': self.vic.ids, 'default': {'login': 'evil'}}),
            ('res.users', 'name_create', {'name': 'evil'}),
            ('res.users', 'load', {'fields': ['name', 'login'], 'data': [['x', 'evil']]}),
            ('res.users', 'write', {'ids': self.sam.ids, 'vals': {'group_ids': [(4, system.id)]}}),
            ('res.users', 'write', {'ids': self.sam.ids, 'vals': {'role': 'group_system'}}),
            ('res.users', 'write', {'ids': self.sam.ids, 'vals': {'partner_id': self.vic.partner_id.id}}),
            ('res.users', 'write', {'ids': self.sam.ids, 'vals': {'password': 'x'}}),
            ('res.groups', 'write', {'ids': system.ids, 'vals': {'user_ids': [(4, self.sam.id)]}}),
            ('res.groups', 'write', {'ids': self.env.ref('base.group_user').ids, 'vals': {
                'implied_ids': [(4, system.id)]}}),
            ('res.groups', 'create', {'vals_list': [{'name': 'x', 'implied_ids': [(4, system.id)]}]}),
            ('res.partner', 'write', {'ids': self.acme.ids, 'vals': {'user_ids': [(0, 0, {'login': 'evil'})]}}),
        ):
            with self.subTest(model, method=method, **arguments):
                response = self.call(token, model, method, **arguments)
                if method == 'load' and response.status_code == 200:
                    self.assertFalse(response.json()['ids'])
                else:
                    self.assertEqual(response.status_code, 403, response.text[:300])
        self.env.invalidate_all()
        self.assertEqual(self.env['res.users'].with_context(active_test=False).search_count([]), before)
        self.assertNotIn(system, self.sam.group_ids)
        self.assertNotEqual(self.sam.partner_id, self.vic.partner_id)


class TestHonestWork(BusinessCase):

    @requirement('contract', '7', 'What Odoo does by itself for a permitted call, it does')
    def test_what_odoo_fills_in(self):
        token = self.token_of(self.sam, {'model': 'crm.lead', **READ_WRITE})
        [lead] = self.ok(token, 'crm.lead', 'create', vals_list=[{'name': 'x'}])
        self.ok(token, 'crm.lead', 'write', ids=[lead], vals={'description': 'y'})
        template = self.env['mail.template'].create({
            'name': 'Welcome', 'model_id': self.env['ir.model']._get_id('project.task'), 'subject': 'Hello',
            'body_html': '<p>Hello</p>'})
        stage = self.env['project.task.type'].create({'name': 'New', 'mail_template_id': template.id})
        project = self.env['project.project'].create({'name': 'House', 'type_ids': [Command.set(stage.ids)]})
        token = self.token_of(self.sam, {'model': 'project.task', **READ_WRITE}, 'project.project', 'project.task.type')
        [task] = self.ok(token, 'project.task', 'create', vals_list=[
            {'name': 'Paint', 'project_id': project.id, 'stage_id': stage.id}])
        self.assertEqual(self.env['project.task'].browse(task).stage_id, stage)

    @requirement('contract', '7', 'A method that a line names does all of its work')
    def test_an_order_is_confirmed(self):
        token = self.token_of(self.sam, {'model': 'sale.order', 'perm_write': True, 'method_names': 'action_confirm'})
        self.ok(token, 'sale.order', 'action_confirm', ids=self.order.ids)
        self.assertEqual(self.order.state, 'sale')
        other = self.order.copy()
        narrow = self.token_of(self.sam, {'model': 'sale.order', 'perm_write': True, 'method_names': 'action_confirm',
                                          'domain': f"[('id', '=', {self.order.id})]"})
        self.assertClosed(narrow, 'sale.order', 'action_confirm', ids=other.ids)
        self.assertEqual(other.state, 'draft')

    @requirement('contract', '7', 'A few named fields of products, people and accounts are listed, searched and found')
    def test_named_fields(self):
        token = self.token_of(
            self.sam, {'model': 'product.product', 'field_names': 'name default_code display_name'},
            {'model': 'hr.employee', 'field_names': 'name'}, 'account.account')
        found = self.ok(token, 'product.product', 'search_read', domain=[('name', 'ilike', 'chair')],
                        fields=['name', 'default_code', 'display_name'])
        self.assertIn({'id': self.product.id, 'name': 'Chair', 'default_code': 'CH-1', 'display_name': '[CH-1] Chair'},
                      found)
        for text in ('Chair', 'CH-1'):
            found = self.ok(token, 'product.product', 'name_search', name=text)
            self.assertIn([self.product.id, '[CH-1] Chair'], found)
        self.env['hr.employee'].create({'name': 'Emma'})
        self.assertIn('Emma', [employee['name'] for employee in self.ok(
            token, 'hr.employee', 'search_read', domain=[], fields=['name'])])
        self.assertTrue(self.ok(token, 'account.account', 'search_read', domain=[], fields=['code', 'name'], limit=5))

    @requirement('RFC 6750', '3.1', 'Reading lacks a scope that reads')
    def test_the_scope_that_would_do_is_of_the_same_kind(self):
        self.make_scope('plans.both', {'model': 'crm.recurring.plan', **READ_WRITE})
        token = self.token_of(self.sam, 'res.country')

        def reading():
            return self.call(token, 'crm.recurring.plan', 'search_read', domain=[])

        self.assertLacks(reading(), 'odoo.read')
        self.assertLacks(self.call(token, 'crm.recurring.plan', 'create', vals_list=[{'name': 'x'}]), 'plans.both')
        some = self.make_scope('plans.some', {'model': 'crm.recurring.plan'})
        self.assertLacks(reading(), 'plans.some')
        self.robot.scope_ids -= some
        self.assertLacks(reading(), 'odoo.read')
