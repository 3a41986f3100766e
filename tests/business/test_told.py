"""Answers to a narrow token: nothing of closed fields, records and models, by any way."""
from odoo import Command
from odoo.exceptions import AccessError

from ...models.door.names import Names
from ...models.door.opened import Opened
from ..requirement import requirement
from .common import MARK, DoorCase


class TestNames(DoorCase):

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
        field = next(field for model in self.env.registry.values() for field in model._fields.values()
                     if field.type == 'reference' and not model._abstract)
        country = self.env['res.country'].search([], limit=1)
        opened = Opened(self.env(user=self.admin.id), self.limit(self.scope('res.country', field.model_name)))
        values = [{field.name: {'id': {'id': country.id, 'model': model}, 'display_name': name}}
                  for model, name in (('res.country', 'Land'), ('res.bank', MARK))]
        told = Names(opened).of_specification(
            self.env[field.model_name], values, {field.name: {'fields': {'display_name': {}}}})
        self.assertEqual([row[field.name]['display_name'] for row in told], ['Land', ''])


class TestFiles(DoorCase):

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
        self.assertLacking(scope, 'ir.attachment', 'read', ids=file.ids, fields=['name'])

    @requirement('attack', '58', 'Messages by which somebody signs in are closed to odoo.read')
    def test_attack_58_invitations(self):
        message = self.env['mail.message'].create({
            'model': 'res.users', 'res_id': self.vic.id, 'body': MARK, 'message_type': 'email_outgoing'})
        self.assertEqual([], self.enter('odoo.read', self.admin, 'mail.message', 'search', domain=[
            ('id', '=', message.id)]))
        for name in ('session_link', 'background_image_url'):
            self.assertLacking('odoo.read', 'survey.survey', 'search_read', domain=[], fields=[name])


class TestHierarchies(DoorCase):

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


class TestOtherWays(DoorCase):

    @requirement('attack', '58', 'Groups by number tell no names')
    def test_attack_58_names_of_groups(self):
        self.acme.name = MARK
        scope = self.scope('sale.order')
        self.assertLacking(scope, 'sale.order', 'formatted_read_group', domain=[], groupby=['partner_id.id'])
        for spec in ('id', 'partner_id'):
            with self.subTest(spec):
                self.assertNotIn(MARK, self.told(
                    scope, 'sale.order', 'formatted_read_group', domain=[], groupby=[spec]))

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

    @requirement('attack', '58', 'Groups of no record tell nothing of closed records')
    def test_attack_58_empty_groups(self):
        lead = self.env['crm.lead'].create({
            'name': 'Lead', 'type': 'opportunity', 'stage_id': self.env['crm.stage'].search([], limit=1).id})
        closed, both = self.scope({'model': 'crm.lead', 'field_names': 'name stage_id'}), self.scope(
            {'model': 'crm.lead', 'field_names': 'name stage_id'}, 'crm.stage')
        arguments = {'domain': [('id', '=', lead.id)], 'fields': [], 'groupby': ['stage_id']}
        [group] = self.enter(closed, self.admin, 'crm.lead', 'read_group', **arguments)
        self.assertEqual((group['stage_id'], group['stage_id_count']), ((lead.stage_id.id, ''), 1))
        self.assertNotIn('__fold', group)
        groups = self.enter(both, self.admin, 'crm.lead', 'read_group', **arguments)
        self.assertEqual(len(groups), self.env['crm.stage'].search_count([('team_ids', '=', False)]))
        self.assertIn('__fold', groups[0])

    @requirement('attack', '58', 'Tracked values of closed fields are not told')
    def test_attack_58_tracked_values(self):
        lead = self.env['crm.lead'].create({'name': 'Lead', 'expected_revenue': 4711})
        message = lead.message_post(body='x')
        self.env['mail.tracking.value'].create({
            'mail_message_id': message.id, 'old_value_float': 4711,
            'field_id': self.env['ir.model.fields']._get('crm.lead', 'expected_revenue').id})
        scope = self.scope({'model': 'crm.lead', 'field_names': 'name'}, 'mail.message', 'mail.tracking.value')
        self.assertEqual([], self.enter(scope, self.admin, 'mail.tracking.value', 'search', domain=[]))
        self.assertTrue(self.enter('odoo.read', self.admin, 'mail.tracking.value', 'search', domain=[
            ('mail_message_id', '=', message.id)]))

    @requirement('attack', '58', 'A hierarchy needs a field that makes it')
    def test_attack_58_hierarchies_of_models_without_one(self):
        scope = self.scope('crm.lead', 'crm.tag', 'crm.stage')
        for operator in ('parent_of', 'child_of'):
            for name in ('tag_ids', 'stage_id'):
                self.assertWrong(scope, 'crm.lead', 'search', domain=[(name, operator, [1])])

    @requirement('attack', '58', 'Keys stay keys where another field stands for them')
    def test_attack_58_related_keys(self):
        for model, name in (
            ('res.users', 'barcode'), ('portal.share', 'share_link'), ('survey.survey', 'session_code'),
        ):
            if name in self.env[model]._fields:
                with self.subTest(model), self.assertRaises(AccessError):
                    self.enter('odoo.read', self.admin, model, 'search_read', domain=[], fields=[name])
