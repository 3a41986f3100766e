"""Lifetimes: by default, in the whole database, and client by client."""
import time

import psycopg2

from odoo.tools import mute_logger

from .endpoints import EndpointCase, claims_of
from .requirement import requirement

DAY = 24 * 3600


class TestLifetimes(EndpointCase):

    def lives(self, tokens):
        """The seconds that an access token lives, by each way of telling it."""
        claims = claims_of(tokens['access_token'])
        self.assertEqual(claims['exp'] - claims['iat'], tokens['expires_in'])
        self.assertLessEqual(abs(claims['iat'] - time.time()), 60)
        return tokens['expires_in']

    def ends(self):
        """The seconds until the newest authorization ends if unused, and in any case."""
        authorization = self.authorization()
        return ((authorization.idle_expires_at - authorization.rotated_at).total_seconds(),
                (authorization.expires_at - authorization.rotated_at).total_seconds())

    @requirement('contract', '6', 'Access tokens live for 30 minutes by default')
    def test_by_default(self):
        self.assertEqual(self.lives(self.tokens()), 1800)
        self.assertEqual(self.ends(), (30 * DAY, 180 * DAY))

    def test_what_the_database_says(self):
        self.setting('access_token_lifetime', '5')
        self.setting('refresh_token_idle_lifetime', '7')
        self.setting('authorization_lifetime', '14')
        tokens = self.tokens()
        self.assertEqual(self.lives(tokens), 300)
        self.assertEqual(self.ends(), (7 * DAY, 14 * DAY))
        claims = claims_of(tokens['refresh_token'])
        self.assertEqual(claims['exp'] - claims['iat'], 7 * DAY)

    @requirement('OWASP ASVS 5.0', '10.4.8', 'It may be set for the database, and for each client')
    def test_what_the_client_says_comes_first(self):
        for name, value in (('access_token_lifetime', '5'), ('refresh_token_idle_lifetime', '7'),
                            ('authorization_lifetime', '14')):
            self.setting(name, value)
        self.client.write({'access_token_lifetime': 60, 'refresh_token_idle_lifetime': 2, 'authorization_lifetime': 3})
        self.assertEqual(self.lives(self.tokens()), 3600)
        self.assertEqual(self.ends(), (2 * DAY, 3 * DAY))
        self.client.write({'access_token_lifetime': 0, 'refresh_token_idle_lifetime': 0, 'authorization_lifetime': 0})
        self.assertEqual(self.lives(self.tokens()), 300)
        self.assertEqual(self.ends(), (7 * DAY, 14 * DAY))

    def test_what_cannot_be_is_passed_over(self):
        for value in ('0', '-5', '1441', 'x', '', '1.5', '٣٣٣٣٣', '9' * 40):
            with self.subTest(value):
                self.setting('access_token_lifetime', value)
                self.assertEqual(self.lives(self.tokens()), 1800)
        self.setting('access_token_lifetime', '1440')
        self.assertEqual(self.lives(self.tokens()), DAY)

    def test_the_longest_that_a_client_may_have(self):
        self.client.write({
            'access_token_lifetime': 1440, 'refresh_token_idle_lifetime': 3650, 'authorization_lifetime': 3650})
        self.assertEqual(self.lives(self.tokens()), DAY)
        self.assertEqual(self.ends(), (3650 * DAY, 3650 * DAY))
        for values in ({'access_token_lifetime': 1441}, {'access_token_lifetime': -1},
                       {'refresh_token_idle_lifetime': 3651}, {'refresh_token_idle_lifetime': -1},
                       {'authorization_lifetime': 3651}, {'authorization_lifetime': -1}):
            with self.subTest(values), self.assertRaises(psycopg2.errors.CheckViolation), \
                    mute_logger('odoo.sql_db'), self.cr.savepoint():
                self.client.write(values)
                self.env.flush_all()

    def test_a_shorter_end_comes_first(self):
        self.client.write({'refresh_token_idle_lifetime': 30, 'authorization_lifetime': 1})
        self.tokens()
        self.assertEqual(self.ends(), (DAY, DAY))

    def test_no_token_outlives_its_authorization(self):
        self.client.access_token_lifetime = 1440
        refresh_token = self.tokens()['refresh_token']
        self.sql("UPDATE oauth2_authorization SET expires_at = "
                 "date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC') + interval '10 minutes'")
        refreshed = self.refresh(refresh_token).json()
        self.assertTrue(0 < self.lives(refreshed) <= 600)
        self.assertLessEqual(claims_of(refreshed['refresh_token'])['exp'],
                             claims_of(refreshed['access_token'])['iat'] + 600)

    def test_a_refresh_moves_the_idle_end_and_not_the_other(self):
        refresh_token = self.tokens()['refresh_token']
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - interval '10 days',"
                 " idle_expires_at = idle_expires_at - interval '10 days',"
                 " expires_at = expires_at - interval '10 days'")
        self.assertEqual(self.ends(), (30 * DAY, 180 * DAY))
        self.refresh(refresh_token)
        self.assertEqual(self.ends(), (30 * DAY, 170 * DAY))

    def test_tokens_of_clients_for_themselves_and_id_tokens_live_as_long(self):
        self.client.write({'access_token_lifetime': 2, 'grant_client_credentials': True})
        self.assertEqual(self.lives(self.for_itself().json()), 120)
        self.wiki.access_token_lifetime = 3
        self.log_in()
        tokens = self.tokens_of_wiki()
        claims = claims_of(tokens['id_token'])
        self.assertEqual((self.lives(tokens), claims['exp'] - claims['iat']), (180, 180))
