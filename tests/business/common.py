"""A company's database: sales, accounting, customers, projects, people, stock, automation."""
import json
import uuid

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...models.door.limit import Limit
from ..scoped import ScopedCase

MARK = 'MARK4711'
WRITING = {'perm_write': True, 'perm_create': True, 'perm_unlink': True}


@tagged('-standard', 'restapi_oauth2_business')
class BusinessCase(ScopedCase):
    """`Sam` sells, plans and manages people; `Admin` may do everything; `Vic` is another administrator."""

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


class DoorCase(BusinessCase):
    """Calls at the door itself, each rolled back; `Pia` is a portal user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, 'oauth2_pia', groups='base.group_portal', password='oauth2_pia', name='Pia')

    def enter(self, scope, user, model, method, ids=(), context=None, **arguments):
        """What the door answers to a token of these scopes. Nothing of it stays."""
        self.cr.flush()
        self.cr.execute('SAVEPOINT attempt')
        try:
            result = self.env(user=user.id, su=False)['oauth2.door']._enter(
                self.limit(scope), model, method, ids=ids, kwargs=arguments, context=context)
            return result.ids if hasattr(result, 'ids') else result
        finally:
            self.env.transaction.clear()
            self.cr.execute('ROLLBACK TO SAVEPOINT attempt')

    def limit(self, scope):
        """What a token of these scopes is held to."""
        return Limit(self.env['oauth2.scope']._opening(frozenset(scope.split())), tuple(scope.split()))

    def attempt(self, *arguments, **named):
        """The same; None where it is refused."""
        try:
            return self.enter(*arguments, **named)
        except (AccessError, UserError):
            return None

    def scope(self, *lines):
        """A scope of these lines, each a dictionary, or the name of a model that is opened for reading."""
        name = f'attacked{self.env["oauth2.scope"].search_count([])}'
        self.make_scope(name, *({'model': line} if isinstance(line, str) else line for line in lines))
        return name

    def told(self, scope, model, method, **arguments):
        """What an administrator's token is answered, as a text."""
        return json.dumps(self.enter(scope, self.admin, model, method, **arguments), default=str)

    def made(self, scope, model, method, ids=(), **arguments):
        """What an administrator's token has made: a call that stays."""
        return self.env(user=self.admin.id, su=False)['oauth2.door']._enter(
            self.limit(scope), model, method, ids=ids, kwargs=arguments).sudo()

    def assertLacking(self, scope, model, method, **arguments):
        """An administrator's token is refused, and told which scope it lacks."""
        with self.assertRaises(AccessError) as refused:
            self.enter(scope, self.admin, model, method, **arguments)
        self.assertTrue(refused.exception.oauth2_scope)

    def assertWrong(self, scope, model, method, **arguments):
        """The call makes no sense, and no scope would help."""
        with self.assertRaises(UserError) as wrong:
            self.enter(scope, self.admin, model, method, **arguments)
        self.assertNotIsInstance(wrong.exception, AccessError)
