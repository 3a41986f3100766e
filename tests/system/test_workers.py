"""What one worker process commits takes effect at all others with their next request."""
from client import CLIENT_ID, CLIENT_SECRET, SystemCase
from requirement import requirement


class TestWorkers(SystemCase):

    def statuses(self, ask):
        return {answer.status_code for answer in self.everywhere(ask)}

    def test_tokens_of_one_worker_are_good_at_all(self):
        tokens = self.tokens()
        self.assertEqual(self.statuses(lambda: self.call(tokens['access_token'])), {200})

    @requirement('RFC 6749', '4.1.2', 'A code works once; a second use ends what came of the first')
    def test_a_replay_is_committed_though_its_answer_is_an_error(self):
        code = self.code()
        tokens = self.redeem(code).json()
        self.assertEqual(self.statuses(lambda: self.call(tokens['access_token'])), {200})
        self.assertEqual(self.redeem(code).status_code, 401)
        self.assertEqual(self.statuses(lambda: self.call(tokens['access_token'])), {401})
        reason = self.sql('SELECT because FROM oauth2_authorization_end ORDER BY id DESC LIMIT 1')
        self.assertEqual(reason, [('code_replay',)])

    @requirement('contract', '6', 'A deleted secret is dead at once in every process')
    def test_a_deleted_secret_is_dead_in_every_cache(self):
        self.assertEqual({self.redeem(self.code()).status_code for _time in range(24)}, {200})
        rows = self.sql('SELECT client_id, last_characters, hash FROM oauth2_client_secret')
        self.sql('DELETE FROM oauth2_client_secret')
        try:
            code = self.code()
            self.assertEqual({self.redeem(code).status_code for _time in range(12)}, {401})
        finally:
            for row in rows:
                self.sql(
                    'INSERT INTO oauth2_client_secret (client_id, last_characters, hash) VALUES (%s, %s, %s)', *row)
        self.assertEqual(self.redeem(self.code()).status_code, 200)

    @requirement('contract', '6', 'An archived client is refused at once by every process')
    def test_an_archived_client_is_refused_by_every_worker(self):
        tokens = self.tokens()
        self.sql('UPDATE oauth2_client SET active = FALSE WHERE client_id = %s', CLIENT_ID)
        try:
            self.assertEqual(self.statuses(lambda: self.call(tokens['access_token'])), {401})
            self.assertEqual(self.post('access_token', client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
                                       grant_type='refresh_token', refresh_token='x').status_code, 401)
        finally:
            self.sql('UPDATE oauth2_client SET active = TRUE WHERE client_id = %s', CLIENT_ID)
        self.assertEqual(self.statuses(lambda: self.call(tokens['access_token'])), {200})

    def test_a_million_refreshes_leave_one_row(self):
        """Ten stand for a million: nothing could grow."""
        before = self.sizes()
        refresh_token = self.tokens()['refresh_token']
        after_one = self.sizes()
        for _time in range(10):
            refresh_token = self.refresh(refresh_token).json()['refresh_token']
        self.assertEqual(self.sizes(), after_one)
        self.assertEqual([after - former for after, former in zip(after_one, before, strict=True)], [1, 1, 0, 0])

    def sizes(self):
        return [self.sql(f'SELECT count(*) FROM {table}')[0][0] for table in (
            'oauth2_authorization', 'oauth2_authorization_code', 'oauth2_event', 'oauth2_signing_key')]
