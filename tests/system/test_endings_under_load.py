"""An ending takes effect at once, even while the token's holder refreshes in a tight loop."""
import os
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests
from administrator import Administrator, WebClient
from client import AT_ONCE, PATH, REDIRECT_URI, SystemCase
from requirement import requirement

LOOPS = 4


class Holder(SystemCase):
    """An application that refreshes without a pause."""

    def __init__(self, client_id, secret):
        super().__init__()
        self.client_id, self.secret = client_id, secret
        self.answers = Counter()
        self.stop = threading.Event()

    def direct_tokens(self):
        """Tokens by the documented flow."""
        parameters = {'client_id': self.client_id, 'redirect_uri': REDIRECT_URI}
        code = self.documented('GET', 'authorize', response_type='code', **parameters).json()['code']
        answer = self.documented('POST', 'access_token', client_secret=self.secret, code=code,
                                 grant_type='authorization_code', **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def documented(self, method, endpoint, **parameters):
        """A request with the `OAuth` header."""
        header = ', '.join(f"{name}='{quote(value, safe='')}'" for name, value in parameters.items())
        return requests.request(method, f'{self.url}{PATH}/{endpoint}', timeout=60,
                                headers={'Authorization': f'OAuth {header}'})

    def refreshed(self, tokens):
        """The answer to a refresh."""
        return self.post('access_token', client_id=self.client_id, client_secret=self.secret,
                         grant_type='refresh_token', refresh_token=tokens['refresh_token'])

    @contextmanager
    def looping(self, families):
        """Refresh each family in a loop, until it is refused."""
        begun = threading.Barrier(len(families) + 1)
        threads = [threading.Thread(target=self._loop, args=(tokens, begun)) for tokens in families]
        for thread in threads:
            thread.start()
        begun.wait(60)
        try:
            yield
        finally:
            threading.Timer(5, self.stop.set).start()  # bounded, whatever happens
            for thread in threads:
                thread.join()

    def _loop(self, tokens, begun):
        for _time in range(3):
            tokens = self.refreshed(tokens).json()
        begun.wait(60)
        while not self.stop.is_set():
            answer = self.refreshed(tokens)
            self.answers[answer.status_code] += 1
            if answer.status_code != 200:
                return
            tokens = answer.json()


class TestEndingsUnderLoad(SystemCase):

    def setUp(self):
        super().setUp()
        self.administrator = Administrator()
        self.login = f'holder_{time.monotonic_ns()}'
        self.user = self.administrator.make_user(self.login)
        self.record, client_id = self.administrator.register(
            'Looping', [REDIRECT_URI], user_id=self.user, has_direct_authorization=True)
        self.holder = Holder(client_id, self.administrator.generate_secret(self.record))
        self.families = [self.holder.direct_tokens() for _family in range(LOOPS)]

    def assertEnded(self):
        """Every loop was refused, with the error for tokens that are no good; no answer was a failure of the server."""
        self.assertLessEqual(set(self.holder.answers), {200, 400}, self.holder.answers)
        self.assertEqual(self.holder.answers[400], LOOPS, self.holder.answers)
        for tokens in self.families:
            self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('attack', '89', 'A holder who refreshes in a loop cannot keep the password from being changed')
    def test_attack_89_the_password(self):
        with self.holder.looping(self.families):
            self.administrator.call('res.users', 'write', [self.user], {'password': 'another password'})
        self.assertEnded()
        with self.assertRaises(AssertionError):
            WebClient(self.login, self.login)
        WebClient(self.login, 'another password')

    @requirement('attack', '89', 'A holder who refreshes in a loop cannot keep the user from being archived')
    def test_attack_89_the_user(self):
        with self.holder.looping(self.families):
            self.administrator.call('res.users', 'action_archive', [self.user])
        self.assertEnded()

    @requirement('attack', '89', 'A holder who refreshes in a loop cannot keep the application from being archived')
    def test_attack_89_the_application(self):
        with self.holder.looping(self.families):
            self.administrator.call('oauth2.client', 'action_archive', [self.record])
        self.assertEqual(self.holder.answers[401], LOOPS, self.holder.answers)
        self.assertLessEqual(set(self.holder.answers), {200, 401}, self.holder.answers)

    @requirement('attack', '89', 'Nor from being deleted')
    def test_attack_89_deleting(self):
        with self.holder.looping(self.families):
            self.administrator.call('oauth2.client', 'unlink', [self.record])
        self.assertEqual(self.holder.answers[401], LOOPS, self.holder.answers)
        self.assertLessEqual(set(self.holder.answers), {200, 401}, self.holder.answers)

    @requirement('attack', '89', 'Nor its authorization from being revoked')
    def test_attack_89_revoking(self):
        authorizations = self.administrator.call('oauth2.authorization', 'search', [('client_id', '=', self.record)])
        with self.holder.looping(self.families):
            self.administrator.call('oauth2.authorization', 'action_revoke', authorizations)
        self.assertEnded()

    @requirement('attack', '26', 'A replay ends the family also while it is being refreshed')
    def test_attack_26_a_replay(self):
        with self.holder.looping(self.families):
            replayed = [self.holder.refreshed(tokens).status_code for tokens in self.families]
        self.assertEqual(replayed, [400] * LOOPS)
        self.assertEnded()

    def test_losers_of_a_race_do_not_sleep(self):
        """Odoo would make each of them sleep for up to two seconds, and log it."""
        tokens = self.families[0]
        before = self.retries()
        answers = self.at_once(lambda: self.holder.refreshed(tokens))
        self.assertEqual(Counter(answer.status_code for answer in answers), {200: AT_ONCE})
        self.assertEqual(self.retries(), before)

    def retries(self):
        return Path(os.environ['RESTAPI_OAUTH2_LOG']).read_text().count('try again in')
