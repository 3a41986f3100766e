"""A database as a company has it: sales, accounting, customers, projects, people, stock, automation."""
import uuid

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..scoped import ScopedCase


@tagged('-standard', 'restapi_oauth2_business')
class BusinessCase(ScopedCase):
    """`Sam` sells, plans and looks after people; `Admin` may do everything; `Vic` is another administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref('base.user_admin')
        cls.sam = new_test_user(
            cls.env, 'oauth2_sam', name='Sam', password='oauth2_sam',
            groups='base.group_user,base.group_partner_manager,sales_team.group_sale_salesman_all_leads,'
                   'sales_team.group_sale_manager,project.group_project_manager,stock.group_stock_user,'
                   'account.group_account_invoice,hr.group_hr_user,base.group_allow_export')
        cls.vic = new_test_user(
            cls.env, 'oauth2_vic', groups='base.group_system', name='Vic', password='oauth2_vic',
            email='vic@example.com')
        cls.product = cls.env['product.product'].create(
            {'name': 'Chair', 'default_code': 'CH-1', 'list_price': 12.5, 'taxes_id': [Command.clear()]})
        cls.order = cls.env['sale.order'].create({
            'partner_id': cls.acme.id, 'user_id': cls.sam.id, 'access_token': str(uuid.uuid4()),
            'order_line': [Command.create({'product_id': cls.product.id, 'product_uom_qty': 3})]})

    def token_of(self, user, *lines, scope='narrow', **more):
        """A token with a scope of these lines, each a dictionary, or the name of a model that is opened for reading."""
        name = f'{scope}{self.env["oauth2.scope"].search_count([])}'
        self.make_scope(name, *({'model': line} if isinstance(line, str) else line for line in lines), **more)
        return self.token_with(name, user)
