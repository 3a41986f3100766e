"""What has expired is removed, and what may still be needed is kept."""
from .common import OAuth2Case


class TestVacuum(OAuth2Case):

    def test_codes_go_an_hour_after_they_expired(self):
        codes = self.env['oauth2.authorization.code']
        self.code()
        tokens = self.tokens()
        self.assertEqual(codes._gc_codes(), (0, False))
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '59 minutes'")
        self.assertEqual(codes._gc_codes(), (0, False))
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '3 minutes'")
        self.assertEqual(codes._gc_codes(), (2, False))
        self.assertAlive(tokens)

    def test_authorizations_go_a_week_after_their_end(self):
        authorizations = self.env['oauth2.authorization']
        self.tokens()
        expired = self.authorization()
        self.tokens()
        revoked = self.authorization()
        revoked._revoke('administrator')
        tokens = self.tokens()
        self.assertEqual(authorizations._gc_authorizations(), (0, False))
        self.sql("UPDATE oauth2_authorization SET idle_expires_at = idle_expires_at - interval '36 days 23 hours'"
                 " WHERE id = %s", expired.id)
        self.sql("UPDATE oauth2_authorization_end SET ended_at = ended_at - interval '6 days 23 hours'")
        self.assertEqual(authorizations._gc_authorizations(), (0, False))
        self.sql("UPDATE oauth2_authorization SET idle_expires_at = idle_expires_at - interval '2 hours' WHERE id = %s",
                 expired.id)
        self.assertEqual(authorizations._gc_authorizations(), (1, False))
        self.sql("UPDATE oauth2_authorization_end SET ended_at = ended_at - interval '2 hours'")
        ends = self.env['oauth2.authorization.end']
        ends._gc_ends()
        self.assertEqual(ends.search_count([]), 1, 'it goes when the authorization goes')
        self.assertEqual(authorizations._gc_authorizations(), (1, False))
        self.assertFalse((expired | revoked).exists())
        ends._gc_ends()
        self.assertFalse(ends.search_count([]))
        self.assertAlive(tokens)

    def test_batches(self):
        from ..models.authorizations import oauth2_authorization_code as module
        self.patch(module, 'VACUUM_BATCH', 2)
        for _time in range(3):
            self.code()
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '2 hours'")
        self.assertEqual(self.env['oauth2.authorization.code']._gc_codes(), (2, True))
        self.assertEqual(self.env['oauth2.authorization.code']._gc_codes(), (1, False))

    def test_the_look_ups_have_their_indexes(self):
        """With sequential scans made expensive, every look-up finds an index, so no table is scanned."""
        self.tokens()
        self.env.cr.execute('SET LOCAL enable_seqscan = off')
        for statement in (
            "SELECT FROM oauth2_authorization_code WHERE code_hash = 'x'",
            "SELECT FROM oauth2_authorization WHERE name = 'x'",
            "SELECT FROM oauth2_authorization_end WHERE authorization_name = 'x'",
            "SELECT FROM oauth2_subject WHERE user_id = 1",
            "SELECT FROM oauth2_consent WHERE user_id = 1 AND client_id = 1",
            "SELECT FROM oauth2_authorization WHERE client_id = 1",
            "SELECT FROM oauth2_authorization WHERE user_id = 1",
            "SELECT FROM oauth2_client WHERE client_id = 'x'",
            "SELECT FROM oauth2_client WHERE user_id = 1",
            "SELECT FROM oauth2_client_secret WHERE client_id = 1",
            "SELECT FROM oauth2_redirect_uri WHERE client_id = 1",
            "SELECT FROM oauth2_event WHERE happened_at > now()",
            "SELECT FROM oauth2_authorization_code WHERE expires_at < now()",
            "SELECT FROM oauth2_authorization WHERE idle_expires_at < now()",
            "SELECT FROM oauth2_authorization_end WHERE ended_at < now()",
        ):
            with self.subTest(statement):
                self.env.cr.execute('EXPLAIN ' + statement)
                self.assertNotIn('Seq Scan', '\n'.join(line for line, in self.env.cr.fetchall()))
