"""How many statements a call costs with narrow scopes, beside the same call with the scope `odoo`."""
from odoo.tests import warmup

from .common import BusinessCase

MESSAGES = {'model': 'mail.message'}
FILES = {'model': 'ir.attachment', 'perm_write': True, 'perm_create': True}


class TestCosts(BusinessCase):

    def setUp(self):
        super().setUp()
        self.robot.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        self.order.message_post(body='Hello')

    def spent(self, token, *call, **arguments):
        """The statements of a call whose caches are warm."""
        spent = None
        for _time in range(3):
            before = self.cr.sql_log_count
            self.ok(token, *call, **arguments)
            spent = self.cr.sql_log_count - before
        return spent

    def more(self, scope, *call, **arguments):
        """How many statements more a call costs with a scope than with `odoo`."""
        narrow = self.token_with(scope, self.sam)
        spent = self.spent(narrow, *call, **arguments)
        whole = self.token_with('odoo', self.sam)
        return spent - self.spent(whole, *call, **arguments)

    @warmup
    def test_reading(self):
        fields = ['name', 'partner_id', 'user_id', 'amount_total', 'order_line']
        specification = {'name': {}, 'partner_id': {'fields': {'display_name': {}}}}
        for call, arguments in (
            (('orders.read', 'sale.order', 'search_read'), {'domain': [], 'fields': fields, 'limit': 80}),
            (('orders.read', 'sale.order', 'web_search_read'), {
                'domain': [['partner_id.name', '!=', 'x']], 'specification': specification}),
            (('products.read', 'product.product', 'search_read'), {
                'domain': [], 'fields': ['name', 'default_code', 'list_price'], 'limit': 80}),
        ):
            with self.subTest(call):
                self.assertEqual(self.more(*call, **arguments), 1)  # the transaction is made read-only

    @warmup
    def test_creating_and_changing(self):
        vals = {'partner_id': self.acme.id, 'order_line': [[0, 0, {'product_id': self.product.id}]]}
        for call, arguments, count in (
            (('orders.write', 'sale.order', 'create'), {'vals_list': [vals]}, 2),
            (('orders.write', 'sale.order', 'write'), {'ids': self.order.ids, 'vals': {'note': 'x'}}, 1),
            (('leads.write', 'crm.lead', 'create'), {'vals_list': [{'name': 'x'}]}, 1),
        ):
            with self.subTest(call):
                self.assertLessEqual(self.more(*call, **arguments), count)

    @warmup
    def test_records_that_belong_to_others(self):
        self.make_scope('messages', MESSAGES, {'model': 'sale.order'})
        self.make_scope('files', FILES, {'model': 'sale.order', 'perm_write': True})
        of_order = {'res_model': 'sale.order', 'res_id': self.order.id}
        for call, arguments, count in (
            (('messages', 'mail.message', 'search_read'), {
                'domain': [['model', '=', 'sale.order']], 'fields': ['body'], 'limit': 20}, 2),
            (('files', 'ir.attachment', 'search_read'), {'domain': [], 'fields': ['name'], 'limit': 20}, 2),
            (('files', 'ir.attachment', 'create'), {'vals_list': [{'name': 'x', 'raw': 'x', **of_order}]}, 3),
        ):
            with self.subTest(call):
                self.assertLessEqual(self.more(*call, **arguments), count)

    @warmup
    def test_many_lines_cost_no_more_than_one(self):
        for count in (1, 10):
            lines = [[0, 0, {'product_id': self.product.id, 'name': 'x', 'quantity': 1, 'price_unit': 1}]] * count
            vals = {'move_type': 'out_invoice', 'partner_id': self.acme.id, 'invoice_line_ids': lines}
            with self.subTest(count=count):
                self.assertLessEqual(self.more('invoices.draft', 'account.move', 'create', vals_list=[vals]), 8)

    @warmup
    def test_copies_cost_no_statement_for_each_field(self):
        token = self.token_with('invoices.draft', self.sam)
        move = self.env['account.move'].create({'move_type': 'out_invoice', 'partner_id': self.acme.id})
        self.assertLessEqual(
            self.spent(token, 'account.move', 'copy', ids=move.ids)
            - self.spent(self.token_with('odoo', self.sam), 'account.move', 'copy', ids=move.ids), 40)
