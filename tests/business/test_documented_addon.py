"""The addon in docs/addon-developer.md does what the page says (see development/documented_addon.py)."""
from odoo.tests import tagged

from .common import BusinessCase


@tagged('-standard', 'restapi_oauth2_business')
class TestDocumentedAddon(BusinessCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scope = cls.env.ref('my_orders.scope_my_orders_read')
        cls.robot.scope_ids += cls.scope
        cls.order.state = 'sent'
        cls.other = cls.order.copy({'user_id': cls.admin.id, 'state': 'sent'})

    def open_orders(self, token):
        return self.url_open('/orders/1.0/open', headers={'Authorization': f'Bearer {token}'})

    def test_a_route_for_tokens_with_a_scope(self):
        response = self.open_orders(self.token_with(self.scope.name, self.sam))
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(answer['application'], self.robot.name)
        self.assertEqual([order['name'] for order in answer['orders']], [self.order.name])

    def test_others_are_refused(self):
        self.assertEqual(self.url_open('/orders/1.0/open').status_code, 401)
        response = self.open_orders(self.token_with('contacts.read', self.sam))
        self.assertEqual(response.status_code, 403)
        self.assertIn(f'scope="contacts.read {self.scope.name}"', response.headers['WWW-Authenticate'])

    def test_the_policy_of_a_method(self):
        token = self.token_with(self.scope.name, self.sam)
        self.assertEqual(self.ok(token, 'sale.order', 'price_of', ids=self.order.ids), self.order.amount_untaxed)
        self.assertClosed(token, 'sale.order', 'price_of', ids=self.other.ids)
        self.make_scope('orders.only', {'model': 'sale.order'})
        self.assertClosed(self.token_with('orders.only', self.sam), 'sale.order', 'price_of', ids=self.order.ids)

    def test_events_are_handed_on(self):
        self.addCleanup(self.env.cr.postcommit.clear)
        self.env.cr.postcommit.clear()
        self.robot._end_all('lost')
        with self.assertLogs('odoo.addons.my_orders.events', 'WARNING') as logs:
            self.env.cr.postcommit.run()
        self.assertIn(f'application_ended: Robot ({self.robot.client_id})', logs.output[0])
