"""A running server with several worker processes, as another program sees it: HTTP, and the database's rows."""
import os
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote
from xmlrpc.client import ServerProxy

import psycopg2
import requests

from development import server

PATH = '/restapi/1.0/common/oauth2'
# The client of the demonstration data, which is the one of the interface's documentation.
CLIENT_ID = 'uwCrAHAQbL7D9cvJLIztNaZ0bziEGMDh'
CLIENT_SECRET = 'FtHzOQVEs0aSEL9AXuIe9k7X6E2MekU7'
REDIRECT_URI = 'https://127.0.0.1/callback'
AT_ONCE = 30
# By which programs find PostgreSQL.
CONNECTION = {name: value for name, value in os.environ.items() if name.startswith('PG')}


class SystemCase(unittest.TestCase):
    """Real processes and real transactions; nothing is rolled back."""

    url = os.environ['RESTAPI_OAUTH2_URL']
    database = os.environ['RESTAPI_OAUTH2_DATABASE']

    @classmethod
    def start_server(cls, log, *options, database=None, **more):
        """Have one more server until the tests of this class are over. Gives its address.

        :param log: the name of its log.
        :param options: further arguments for Odoo.
        """
        return cls.enterClassContext(server.started(
            CONNECTION, database or cls.database, server.free_port(), options, log=log, **more)).url

    def sql(self, statement, *parameters):
        """Run a statement in a transaction of its own, and give the rows if there are any."""
        with closing(psycopg2.connect(dbname=self.database)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else None

    def post(self, endpoint, **parameters):
        """A form to an endpoint, on a connection of its own, so that any worker may answer."""
        return requests.post(f'{self.url}{PATH}/{endpoint}', data=parameters, timeout=60)

    def code(self):
        """A fresh code of the demonstration client."""
        query = {'client_id': CLIENT_ID, 'response_type': 'code', 'redirect_uri': REDIRECT_URI}
        response = requests.get(
            f'{self.url}{PATH}/authorize', params=query, timeout=60, headers={'Accept': 'application/json'})
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['code']

    def redeem(self, code, secret=CLIENT_SECRET):
        """Trade a code, as the documentation has it."""
        header = ', '.join(f"{name}='{quote(value, safe='')}'" for name, value in {
            'client_id': CLIENT_ID, 'client_secret': secret, 'redirect_uri': REDIRECT_URI, 'code': code,
            'grant_type': 'authorization_code'}.items())
        return requests.post(
            f'{self.url}{PATH}/access_token', headers={'Authorization': f'OAuth {header}'}, timeout=60)

    def refresh(self, refresh_token):
        """Trade a refresh token."""
        return self.post('access_token', client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
                         grant_type='refresh_token', refresh_token=refresh_token)

    def tokens(self):
        """A fresh answer of the token endpoint."""
        response = self.redeem(self.code())
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def token(self, client_id, secret, scope):
        """An access token of an application that acts for itself."""
        response = self.post('access_token', client_id=client_id, client_secret=secret, scope=scope,
                             grant_type='client_credentials')
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['access_token']

    def json2(self, credential, model, method, **arguments):
        """The answer to a call by JSON-2, with an access token or an API key."""
        return requests.post(f'{self.url}/json/2/{model}/{method}', json=arguments, timeout=60,
                             headers={'Authorization': f'Bearer {credential}'})

    def xmlrpc(self, uid, credential, model, method, *arguments, **options):
        """The result of a call by XML-RPC, with an access token, an API key or a password.

        :raises xmlrpc.client.Fault: it is refused.
        """
        with ServerProxy(f'{self.url}/xmlrpc/2/object') as server:
            return server.execute_kw(self.database, uid, credential, model, method, arguments, options)

    def call(self, access_token):
        """A call of Odoo's API."""
        return requests.post(f'{self.url}/json/2/res.users/context_get', json={}, timeout=60,
                             headers={'Authorization': f'Bearer {access_token}'})

    def at_once(self, ask, times=AT_ONCE):
        """The answers to the same request, sent so many times at the same moment."""
        start = threading.Barrier(times)

        def one(_number):
            start.wait()
            return ask()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    def everywhere(self, ask, times=24):
        """The answers to a request that is sent often enough to meet every worker process."""
        return [ask() for _time in range(times)]
