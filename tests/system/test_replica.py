"""A server with a replica of its database that lags behind (`--db_replica_host`)."""

import requests
from administrator import Administrator
from client import CLIENT_ID, CLIENT_SECRET, PATH, SystemCase
from replica import Replica
from requirement import requirement
from sign_in import REDIRECT_URI, App, Person

from development import paths

LOG = 'replica-server'
TIMES = 15


class TestReplica(SystemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.replica = cls.enterClassContext(Replica())
        cls.url = cls.start_server(LOG, *cls.replica.options)
        administrator = Administrator()  # at the server that has no replica
        administrator.make_user('far_away')
        record, client_id = administrator.register('Far away', [REDIRECT_URI])
        cls.app = App(cls.url, client_id, administrator.generate_secret(record))
        cls.robot = App(cls.url, CLIENT_ID, CLIENT_SECRET)
        cls.replica.follow(cls.database)
        cls.person = Person(cls.url, 'far_away')
        cls.person.sign_in(cls.app, 'openid odoo')

    def setUp(self):
        super().setUp()
        self.addCleanup(self.replica.follow, self.database)
        self.replica.follow(self.database)
        self.tokens = self.fresh()
        self.replica.follow(self.database)
        self.replica.wait()

    def fresh(self):
        """Tokens of a new authorization: what was allowed is remembered."""
        return self.person.arrive(self.app, self.person.ask(self.app, 'openid odoo'))

    def userinfo(self, token):
        return requests.get(f'{self.url}{PATH}/userinfo', timeout=60, headers={'Authorization': f'Bearer {token}'})

    def read(self, token):
        """A call that Odoo lets a replica answer."""
        return self.json2(token, 'res.users', 'search_count', domain=[])

    def authorizations(self):
        """How many the replica knows."""
        return self.replica.sql(self.database, 'SELECT count(*) FROM oauth2_authorization')

    def retries(self):
        return (paths.LOG / f'{LOG}.log').read_text().count('retrying with a read/write cursor')

    @requirement('contract', '6', "A replica's no is asked again: a fresh token is good at once")
    def test_a_fresh_token_is_good_before_the_replica_knows_it(self):
        before = self.authorizations()
        statuses = []
        for _time in range(TIMES):
            tokens = self.fresh()
            statuses += [self.userinfo(tokens['access_token']).status_code,
                         self.read(tokens['access_token']).status_code,
                         self.read(self.robot.act()['access_token']).status_code]
        self.assertEqual(self.authorizations(), before, 'the replica is not behind')
        self.assertEqual(statuses, [200] * 3 * TIMES)

    def test_what_the_replica_knows_it_answers_alone(self):
        before = self.retries()
        self.assertEqual(self.userinfo(self.tokens['access_token']).status_code, 200)
        self.assertEqual(self.read(self.tokens['access_token']).status_code, 200)
        self.assertEqual(self.retries(), before)

    @requirement('contract', '6', "A replica's yes is one within its lag; then what has ended is dead there, too")
    def test_what_has_ended_is_dead_when_the_replica_knows_it(self):
        [(name,)] = self.sql('SELECT name FROM oauth2_authorization ORDER BY id DESC LIMIT 1')
        self.sql("INSERT INTO oauth2_authorization_end (authorization_name, ended_at, because) "
                 "VALUES (%s, now() AT TIME ZONE 'UTC', 'administrator')", name)
        # What writes asks the primary.
        self.assertEqual(self.call(self.tokens['access_token']).status_code, 401)
        self.assertEqual(self.userinfo(self.tokens['access_token']).status_code, 200)
        self.replica.follow(self.database)
        self.assertEqual(self.userinfo(self.tokens['access_token']).status_code, 401)
        self.assertEqual(self.read(self.tokens['access_token']).status_code, 401)

    @requirement('contract', '6', 'What the primary does not know either is refused, and costs no traceback in the log')
    def test_what_the_primary_refuses_too(self):
        before = self.retries()
        for token in (self.tokens['access_token'][:-4] + 'AAAA', self.tokens['refresh_token'], 'a.b.c'):
            for ask in (self.userinfo, self.read):
                response = ask(token)
                self.assertEqual(response.status_code, 401, response.text)
                self.assertIn('error="invalid_token"', response.headers['WWW-Authenticate'])
        self.assertEqual(self.retries(), before)
