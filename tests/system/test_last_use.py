"""When and from where an application was last used, with real commits and several processes."""
import time

import requests
from client import SystemCase


class TestLastUse(SystemCase):

    def used(self):
        return self.sql("""SELECT used.id, used_at, address, agent FROM oauth2_use used
                             JOIN oauth2_client client ON client.id = used.client_id WHERE client.client_id = %s""",
                        'uwCrAHAQbL7D9cvJLIztNaZ0bziEGMDh')

    def test_it_is_noted_after_the_answer_once_for_all_processes(self):
        self.sql('DELETE FROM oauth2_use')
        token = self.tokens()['access_token']
        for _time in range(20):
            response = requests.post(
                f'{self.url}/json/2/res.partner/search_count', json={'domain': []}, timeout=60,
                headers={'Authorization': f'Bearer {token}', 'User-Agent': 'nightly-report/1.0'})
            self.assertEqual(response.status_code, 200, response.text)
        for _wait in range(100):
            if rows := self.used():
                break
            time.sleep(0.1)
        [(number, used_at, address, agent)] = rows
        self.assertTrue(address)
        self.assertEqual(agent, 'nightly-report/1.0')
        self.assertEqual(self.used(), [(number, used_at, address, agent)])
