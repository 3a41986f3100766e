"""When and from where an application was last used, with real commits and several processes."""
import http.client
import json
import os
import time
from urllib.parse import urlsplit

import requests
from administrator import Administrator
from client import SystemCase
from sign_in import App


class TestLastUse(SystemCase):

    def test_it_is_noted_when_tokens_are_answered_and_once_for_all_processes(self):
        administrator = Administrator()
        user = administrator.make_user(f'used{os.getpid()}')
        record, client_id, secret = administrator.register_robot(user, administrator.scopes('odoo'))

        def used():
            return self.sql(
                'SELECT id, used_at, address, agent FROM oauth2_use WHERE client_id = %s AND user_id = %s',
                record, user)

        robot = App(self.url, client_id, secret)
        token = robot.tokens(grant_type='client_credentials', scope='odoo')['access_token']
        for _wait in range(100):
            if rows := used():
                break
            time.sleep(0.1)
        [(_number, _used_at, address, agent)] = rows
        self.assertTrue(self.sql(
            'SELECT used_at FROM oauth2_client_secret WHERE client_id = %s AND used_at IS NOT NULL', record))
        self.assertTrue(address)
        self.assertRegex(agent, '^python-requests/')
        for _time in range(20):
            response = requests.post(
                f'{self.url}/json/2/res.partner/search_count', json={'domain': []}, timeout=60,
                headers={'Authorization': f'Bearer {token}', 'User-Agent': 'nightly-report/1.0'})
            self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(used(), rows)

    def test_a_program_with_a_strange_name_is_noted_like_others(self):
        """A NUL cannot be stored: a header is cleaned when it is read."""
        administrator = Administrator()
        user = administrator.make_user(f'strange{os.getpid()}')
        record, client_id, secret = administrator.register_robot(user, administrator.scopes('odoo'))
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        connection.request(
            'POST', '/restapi/1.0/common/oauth2/access_token',
            json.dumps({'grant_type': 'client_credentials', 'client_id': client_id, 'client_secret': secret,
                        'scope': 'odoo'}),
            {'Content-Type': 'application/json', 'User-Agent': 'night\x00ly\x1b[31m'})
        response = connection.getresponse()
        self.assertEqual(response.status, 200, response.read())
        for _wait in range(100):
            if agents := self.sql('SELECT agent, is_direct FROM oauth2_use WHERE client_id = %s', record):
                break
            time.sleep(0.1)
        self.assertEqual(agents, [('nightly[31m', True)])
