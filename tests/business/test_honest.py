"""Ordinary work with the shipped scopes, from end to end, as an application would do it: by JSON-2, call by call."""
from odoo import Command

from ..requirement import requirement
from .common import WRITING, DoorCase


class TestHonest(DoorCase):

    def names_of(self, rows, field):
        """What stands beside a reference in rows that were read."""
        return {row[field][1] for row in rows if row[field]}

    @requirement('contract', '7', 'orders.write: a quotation is made with lines, confirmed, and written on')
    def test_an_order(self):
        token = self.token_with('orders.write', self.sam)
        [order] = self.ok(token, 'sale.order', 'create', vals_list=[{
            'partner_id': self.acme.id, 'client_order_ref': 'PO-1', 'order_line': [
                [0, 0, {'product_id': self.product.id, 'product_uom_qty': 2}],
                [0, 0, {'display_type': 'line_note', 'name': 'Thank you'}]]}])
        [read] = self.ok(token, 'sale.order', 'read', ids=[order])
        self.assertEqual((read['amount_untaxed'], read['state'], read['partner_id'][1]), (25.0, 'draft', 'Acme Test'))
        self.assertNotIn('access_token', read)
        lines = self.ok(token, 'sale.order.line', 'search_read', domain=[['order_id', '=', order]],
                        fields=['name', 'product_id', 'price_unit', 'product_uom_qty'])
        self.assertEqual(self.names_of(lines, 'product_id'), {'[CH-1] Chair'})
        self.ok(token, 'sale.order', 'write', ids=[order], vals={'order_line': [
            [1, lines[0]['id'], {'product_uom_qty': 4, 'discount': 10}]]})
        self.ok(token, 'sale.order', 'action_confirm', ids=[order])
        self.ok(token, 'sale.order', 'message_post', ids=[order], body='Confirmed by the shop')
        order = self.env['sale.order'].browse(order)
        self.assertEqual((order.state, order.amount_untaxed, order.create_uid), ('sale', 45.0, self.sam))
        self.assertIn('Confirmed by the shop', ' '.join(order.message_ids.mapped('body')))
        self.assertTrue(order.picking_ids)

    @requirement('contract', '7', 'invoices.draft: an order becomes an invoice that nobody has posted')
    def test_an_invoice(self):
        token = self.token_with('orders.write invoices.draft invoices.read', self.sam)
        self.product.invoice_policy = 'order'
        self.ok(token, 'sale.order', 'action_confirm', ids=self.order.ids)
        [wizard] = self.ok(token, 'sale.advance.payment.inv', 'create', vals_list=[
            {'advance_payment_method': 'delivered', 'sale_order_ids': [[6, 0, self.order.ids]]}])
        self.ok(token, 'sale.advance.payment.inv', 'create_invoices', ids=[wizard])
        [invoice] = self.ok(token, 'account.move', 'search_read', domain=[['invoice_origin', '=', self.order.name]],
                            fields=['state', 'amount_untaxed', 'partner_id', 'invoice_line_ids'])
        self.assertEqual((invoice['state'], invoice['amount_untaxed']), ('draft', 37.5))
        self.assertLacks(self.call(token, 'account.move', 'action_post', ids=[invoice['id']]), 'odoo')
        [made] = self.ok(token, 'account.move', 'create', vals_list=[{
            'move_type': 'out_invoice', 'partner_id': self.acme.id, 'invoice_line_ids': [
                [0, 0, {'product_id': self.product.id, 'quantity': 2}]]}])
        made = self.env['account.move'].browse(made)
        self.assertEqual((made.state, made.amount_untaxed), ('draft', 25.0))
        self.assertClosed(token, 'account.move', 'create', vals_list=[{'move_type': 'entry'}])
        made.action_post()
        self.assertClosed(token, 'account.move', 'write', ids=made.ids, vals={'ref': 'x'})

    def test_orders_and_invoices_are_read(self):
        token = self.token_with('orders.read invoices.read', self.sam)
        [order] = self.ok(token, 'sale.order', 'search_read', domain=[['id', '=', self.order.id]])
        self.assertEqual((order['partner_id'][1], order['user_id'][1]), ('Acme Test', 'Sam'))
        [order] = self.ok(token, 'sale.order', 'web_search_read', domain=[['id', '=', self.order.id]], specification={
            'name': {}, 'partner_id': {'fields': {'display_name': {}}}, 'order_line': {'fields': {
                'product_id': {'fields': {'display_name': {}, 'default_code': {}}}, 'price_subtotal': {}}}})['records']
        self.assertEqual(order['order_line'][0]['product_id']['default_code'], 'CH-1')
        groups = self.ok(token, 'sale.order', 'formatted_read_group', domain=[],
                         groupby=['partner_id', 'date_order:month'], aggregates=['amount_total:sum', '__count'])
        self.assertTrue(groups)
        response = self.call(token, 'sale.order', 'write', ids=self.order.ids, vals={'note': 'x'})
        self.assertLacks(response, 'orders.write')
        self.ok(token, 'account.move', 'search_read', domain=[], limit=3)
        bill = self.env['account.move'].create({'move_type': 'in_invoice', 'partner_id': self.acme.id})
        self.assertEqual(self.ok(token, 'account.move', 'search', domain=[['id', '=', bill.id]]), [])

    @requirement('contract', '7', 'leads.write: a lead is made, moved through its stages, and won')
    def test_a_lead(self):
        token = self.token_with('leads.write', self.sam)
        [lead] = self.ok(token, 'crm.lead', 'create', vals_list=[{
            'name': 'From the web', 'contact_name': 'Wim', 'email_from': 'wim@example.com', 'type': 'opportunity'}])
        stages = self.ok(token, 'crm.stage', 'search_read', domain=[], fields=['name', 'is_won'], order='sequence')
        self.ok(token, 'crm.lead', 'write', ids=[lead], vals={'stage_id': stages[1]['id'], 'expected_revenue': 100})
        self.ok(token, 'crm.lead', 'message_post', ids=[lead], body='Called')
        self.ok(token, 'crm.lead', 'action_set_won', ids=[lead])
        self.assertTrue(self.env['crm.lead'].browse(lead).stage_id.is_won)
        groups = self.ok(self.token_with('leads.read', self.sam), 'crm.lead', 'formatted_read_group', domain=[],
                         groupby=['stage_id'], aggregates=['expected_revenue:sum'])
        self.assertIn('Won', self.names_of(groups, 'stage_id'))

    @requirement('contract', '7', 'tasks.write: a task is made in a stage that sends mail, and moved')
    def test_a_task(self):
        template = self.env['mail.template'].create({
            'name': 'Welcome', 'model_id': self.env['ir.model']._get_id('project.task'), 'subject': 'Hello',
            'body_html': '<p>Hello</p>', 'partner_to': '{{ object.partner_id.id }}'})
        new, done = self.env['project.task.type'].create([
            {'name': 'New', 'mail_template_id': template.id}, {'name': 'Done'}])
        project = self.env['project.project'].create({'name': 'House', 'type_ids': [Command.set((new | done).ids)]})
        token = self.token_with('tasks.write', self.sam)
        [task] = self.ok(token, 'project.task', 'create', vals_list=[{
            'name': 'Paint', 'project_id': project.id, 'stage_id': new.id, 'partner_id': self.acme.id,
            'user_ids': [[6, 0, self.sam.ids]]}])
        self.ok(token, 'project.task', 'write', ids=[task], vals={'stage_id': done.id, 'description': '<p>Blue</p>'})
        self.ok(token, 'project.task', 'message_post', ids=[task], body='Done')
        [read] = self.ok(self.token_with('tasks.read', self.sam), 'project.task', 'read', ids=[task])
        self.assertEqual((read['stage_id'][1], read['project_id'][1]), ('Done', 'House'))
        self.assertIn('Hello', ' '.join(self.env['project.task'].browse(task).message_ids.mapped(
            lambda message: f'{message.subject} {message.body}')))

    @requirement('contract', '7', 'products.read: products are paged, with their prices and without what they cost')
    def test_products(self):
        self.product.standard_price = 4711
        token = self.token_with('products.read', self.sam)
        seen, page = [], None
        while page is None or len(page) == 20:
            page = self.ok(token, 'product.product', 'search_read', domain=[['sale_ok', '=', True]], fields=[
                'name', 'default_code', 'list_price', 'lst_price', 'currency_id', 'uom_id', 'categ_id', 'taxes_id'],
                order='name, id', limit=20, offset=len(seen))
            seen += page
        self.assertIn(('Chair', 12.5), [(product['name'], product['lst_price']) for product in seen])
        self.assertEqual(len(seen), self.ok(token, 'product.product', 'search_count', domain=[['sale_ok', '=', True]]))
        [read] = self.ok(token, 'product.product', 'read', ids=self.product.ids)
        self.assertNotIn('standard_price', read)
        self.assertClosed(token, 'product.product', 'search', domain=[['standard_price', '>', 1]])

    @requirement('contract', '7', 'calendar.write: a meeting is made with guests, moved and deleted')
    def test_a_meeting(self):
        token = self.token_with('calendar.write', self.sam)
        [event] = self.ok(token, 'calendar.event', 'create', vals_list=[{
            'name': 'Lunch', 'start': '2030-01-01 12:00:00', 'stop': '2030-01-01 13:00:00',
            'partner_ids': [[6, 0, [self.sam.partner_id.id, self.acme.id]]]}])
        self.ok(token, 'calendar.event', 'write', ids=[event], vals={'start': '2030-01-02 12:00:00'})
        [read] = self.ok(self.token_with('calendar.read', self.sam), 'calendar.event', 'read', ids=[event])
        self.assertNotIn('access_token', read)
        self.assertEqual(len(read['attendee_ids']), 2)
        self.ok(self.token_with('calendar.write', self.sam), 'calendar.event', 'unlink', ids=[event])

    @requirement('contract', '7', 'employees.read: who works here is listed by name, for whoever may see that')
    def test_employees(self):
        self.env['hr.employee'].create({'name': 'Emma', 'work_phone': '+32 7', 'private_phone': '+32 9'})
        for user in (self.sam, self.ann):
            token = self.token_with('employees.read', user)
            model = 'hr.employee' if user == self.sam else 'hr.employee.public'
            found = self.ok(token, model, 'search_read', domain=[['name', '=', 'Emma']], fields=['name', 'work_phone'])
            self.assertEqual([(row['name'], row['work_phone']) for row in found], [('Emma', '+32 7')])
            self.assertClosed(token, 'hr.employee', 'search_read', domain=[], fields=['private_phone'])

    @requirement('contract', '7', 'stock.read: what is in stock is read, and not what it is worth')
    def test_stock(self):
        self.product.is_storable = True
        self.env['stock.quant']._update_available_quantity(
            self.product, self.env.ref('stock.stock_location_stock'), 5)
        token = self.token_with('stock.read', self.sam)
        [quant] = self.ok(token, 'stock.quant', 'search_read', domain=[
            ['product_id', '=', self.product.id], ['location_id.usage', '=', 'internal']], fields=[
                'product_id', 'location_id', 'quantity', 'available_quantity'])
        self.assertEqual((quant['quantity'], quant['product_id'][1]), (5.0, '[CH-1] Chair'))
        self.ok(token, 'stock.picking', 'search_read', domain=[['state', '!=', 'done']], limit=5)
        self.assertEqual(self.ok(token, 'product.product', 'read', ids=self.product.ids, fields=['qty_available'])[0][
            'qty_available'], 5.0)
        if 'value' in self.env['stock.quant']._fields:
            self.assertClosed(token, 'stock.quant', 'search_read', domain=[], fields=['value'])

    def test_lines_of_the_ready_made_scopes_name_what_exists(self):
        shipped = self.env['oauth2.scope'].search([('required_model', '!=', False)])
        self.assertEqual(len(shipped), 13)
        for line in shipped.line_ids:
            with self.subTest(line.scope_id.name, model=line.model):
                self.assertTrue(line.model_id)
                line._check_line()
        self.assertLessEqual(set(shipped.mapped('name')), set(self.env['oauth2.scope']._names()))

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
