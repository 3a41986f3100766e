"""Client credentials that are requested while the application is being archived: two real transactions."""
import threading
import time
from contextlib import closing, contextmanager

import psycopg2
from administrator import Administrator
from client import SystemCase
from requirement import requirement


class TestEndingsMeanwhile(SystemCase):

    def setUp(self):
        super().setUp()
        self.administrator = Administrator()
        user = self.administrator.make_user(f'meanwhile_{time.monotonic_ns()}')
        self.record, self.client_id, self.secret = self.administrator.register_robot(
            user, self.administrator.scopes('odoo'))

    @contextmanager
    def stopped_at(self, table, act):
        """Let an act go as far as it writes a table; it goes on after the block. Gives the list for its result."""
        results = []
        thread = threading.Thread(target=lambda: results.append(act()))
        with closing(psycopg2.connect(dbname=self.database)) as connection, connection:
            with connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE')
            thread.start()
            try:
                self.assertTrue(self.is_waiting(table))
                yield results
            finally:
                connection.rollback()
                thread.join(60)

    def is_waiting(self, table):
        """Whether a transaction comes to wait for the table."""
        for _moment in range(200):
            [(count,)] = self.sql('SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass', table)
            if count:
                return True
            time.sleep(0.05)
        return False

    def new_token(self):
        return self.token(self.client_id, self.secret, 'odoo')

    def archive(self):
        self.administrator.call('oauth2.client', 'action_archive', [self.record])

    def unarchive(self):
        self.administrator.call('oauth2.client', 'action_unarchive', [self.record])

    def before(self):
        """What may have been before: nothing, an authorization that is good, one that is about to end."""
        yield 'nothing'
        self.new_token()
        yield 'a good authorization'
        self.sql(""" UPDATE oauth2_authorization SET idle_expires_at = now() AT TIME ZONE 'UTC' + interval '1 minute',
                            expires_at = now() AT TIME ZONE 'UTC' + interval '1 minute' WHERE client_id = %s """,
                 self.record)
        yield 'one that is about to end'

    def assertDeadForGood(self, token):
        """It is good for nothing now, and when the application gets another one."""
        self.assertEqual(self.call(token).status_code, 401)
        self.assertEqual(self.call(self.new_token()).status_code, 200)
        self.assertEqual(self.call(token).status_code, 401)

    @requirement('attack', '90', 'Client credentials given while the application is being archived stay dead')
    def test_attack_90_given_before_the_archive_is_committed(self):
        for before in self.before():
            with self.subTest(before):
                with self.stopped_at('oauth2_event', self.archive):
                    token = self.new_token()
                    self.assertEqual(self.call(token).status_code, 200)  # nothing is committed yet
                self.assertEqual(self.call(token).status_code, 401)
                self.unarchive()
                self.assertDeadForGood(token)

    @requirement('attack', '89', 'A long transaction cannot slip through: what it saw has ended')
    def test_attack_89_given_by_a_transaction_that_began_before(self):
        for before in self.before():
            if before == 'a good authorization':
                continue  # then it writes nothing that could be stopped
            with self.subTest(before):
                with self.stopped_at('oauth2_authorization', self.new_token) as results:
                    self.archive()
                    self.unarchive()
                [token] = results
                self.assertDeadForGood(token)
