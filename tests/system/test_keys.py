"""Signing keys in several worker processes: all sign with the same key, whichever made it, and there is always one."""
import itertools

import requests
from administrator import Administrator
from client import PATH, SystemCase
from jwt import get_unverified_header
from requirement import requirement


class TestKeys(SystemCase):

    def stored(self):
        """The identifiers of the keys that sign tokens, by purpose."""
        rows = self.sql("SELECT purpose, kid FROM oauth2_signing_key WHERE purpose <> 'browser' ORDER BY purpose")
        return {purpose: {kid for _purpose, kid in keys}
                for purpose, keys in itertools.groupby(rows, lambda row: row[0])}

    def published(self):
        """The identifiers of the keys that one worker publishes."""
        response = requests.get(f'{self.url}{PATH}/jwks', timeout=60)
        self.assertEqual(response.status_code, 200, response.text)
        return frozenset(key['kid'] for key in response.json()['keys'])

    def assertOneOfEach(self):
        """There is one key of each purpose, and all workers use it."""
        stored = self.stored()
        self.assertEqual([len(kids) for kids in stored.values()], [1, 1])
        self.assertEqual(set(self.everywhere(self.published)), {frozenset(stored['access_token'])})
        for tokens in self.everywhere(self.tokens, 8):
            self.assertEqual({get_unverified_header(tokens['access_token'])['kid']}, stored['access_token'])
            self.assertEqual({get_unverified_header(tokens['refresh_token'])['kid']}, stored['refresh_token'])
            self.assertEqual(self.call(tokens['access_token']).status_code, 200)

    @requirement('attack', '77', 'Two administrators replace the keys at once: there is one new key of each purpose')
    def test_attack_77_two_administrators_replace_the_keys_at_once(self):
        former, tokens = self.stored(), self.tokens()
        administrators = [Administrator(), Administrator()]
        for administrator in administrators:
            administrator.confirmed('oauth2.signing.key', 'action_replace_now', [])
        waiting = iter(administrators)
        self.at_once(lambda: next(waiting).call('oauth2.signing.key', 'action_replace_now', []), 2)
        self.assertOneOfEach()
        self.assertFalse(set().union(*former.values()) & set().union(*self.stored().values()))
        self.assertEqual({self.call(tokens['access_token']).status_code for _time in range(12)}, {401})

    @requirement('attack', '77', 'Where there is no key, workers that are asked at once make one of each purpose')
    def test_attack_77_workers_make_the_first_key_at_once(self):
        self.sql('DELETE FROM oauth2_signing_key')
        self.sql('INSERT INTO orm_signaling_default DEFAULT VALUES')  # what Odoo tells the workers by
        published = set(self.at_once(self.published, 12))
        self.assertEqual(published, {frozenset(self.stored()['access_token'])})
        self.at_once(self.tokens, 12)
        self.assertOneOfEach()
