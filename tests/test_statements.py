"""How many SQL statements a request costs: the design, held by counting."""
import contextlib
from datetime import datetime, timedelta

from odoo.tests import warmup

from .common import OAuth2Case


class TestStatements(OAuth2Case):
    """Each with warm caches, as every request but a worker's first has them."""

    @contextlib.contextmanager
    def assertStatements(self, count):
        """Exactly so many, no more, and no fewer that nobody noticed."""
        with self.assertQueryCount(count):
            before = self.cr.sql_log_count
            yield
            spent = self.cr.sql_log_count - before
        if self.warm:
            self.assertEqual(spent, count)

    def setUp(self):
        super().setUp()
        # A route of Odoo's that asks nothing of the database, so nothing of what is counted is Odoo's.
        self.url_open('/web/webclient/locale/en_US')
        self.redeem(self.code())

    @warmup
    def test_a_code_costs_at_most_four(self):
        with self.assertStatements(4):
            self.authorize()

    @warmup
    def test_redeeming_a_code_costs_at_most_five(self):
        code = self.code()
        with self.assertStatements(4):
            self.redeem(code)

    @warmup
    def test_a_refresh_costs_at_most_three(self):
        refresh_token = self.tokens()['refresh_token']
        with self.assertStatements(3):
            self.refresh(refresh_token)

    @warmup
    def test_a_bearer_request_costs_one_more_than_the_route(self):
        access_token = self.tokens()['access_token']
        self.assertWorks(access_token)
        with self.assertStatements(self.statements_of_the_method() + 1):
            self.call(access_token)

    @warmup
    def test_a_token_costs_no_more_than_an_api_key(self):
        access_token = self.tokens()['access_token']
        key = self.env['res.users.apikeys'].with_user(self.user).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        self.assertWorks(key)
        before = self.cr.sql_log_count
        self.assertWorks(key)
        spent_by_key = self.cr.sql_log_count - before
        before = self.cr.sql_log_count
        self.assertWorks(access_token)
        self.assertEqual(self.cr.sql_log_count - before, spent_by_key)

    def statements_of_the_method(self):
        """What the called method costs by itself."""
        partners = self.env['res.partner'].with_user(self.user)
        partners.search_count([])
        before = self.cr.sql_log_count
        self.env.invalidate_all()
        partners.search_count([])
        return self.cr.sql_log_count - before
