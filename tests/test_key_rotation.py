"""The contract's keys: announced before they sign, and kept until what they signed has expired."""
from datetime import timedelta

import jwt

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .endpoints import EndpointCase
from .requirement import requirement

DAY = 24 * 3600


class TestKeyRotation(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = cls.env['oauth2.signing.key']

    def setUp(self):
        super().setUp()
        self.sql("UPDATE oauth2_signing_key SET activates_at = date_trunc('second', now() AT TIME ZONE 'UTC')")
        self.let_pass(60)

    def published(self):
        """The identifiers of the keys that everybody may see."""
        return {key['kid'] for key in self.ask('jwks', 'GET').json()['keys']}

    def kid(self, token):
        return jwt.get_unverified_header(token)['kid']

    def signing(self):
        """The key that signs access tokens at this moment, as a client sees it."""
        return self.kid(self.tokens()['access_token'])

    def of(self, purpose):
        self.env.invalidate_all()
        return self.keys.search([('purpose', '=', purpose)])

    def let_pass(self, seconds):
        """Let time pass for the keys and for all that was signed so far."""
        self.sql("""UPDATE oauth2_signing_key SET activates_at = activates_at - make_interval(secs => %s),
                           retires_at = retires_at - make_interval(secs => %s)""", seconds, seconds)
        self.sql("""UPDATE oauth2_authorization SET rotated_at = rotated_at - make_interval(secs => %s),
                           idle_expires_at = idle_expires_at - make_interval(secs => %s)""", seconds, seconds)
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # The way of a key
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'A new key is announced before it signs')
    @requirement('OpenID key rotation', 'oidcc-server-rotate-keys')
    def test_announced_then_signing_then_verifying_then_gone(self):
        tokens = self.tokens()
        former = self.kid(tokens['access_token'])
        self.keys._rotate()
        [new] = self.published() - {former}
        self.assertEqual(len(self.published()), 2)
        self.assertEqual(self.signing(), former)
        self.assertEqual({key.kid: key.state for key in self.of('access_token')},
                         {former: 'signing', new: 'announced'})
        self.let_pass(3600)
        self.assertEqual(self.signing(), former)
        self.let_pass(3600 + 60)
        self.assertEqual(self.signing(), new)
        self.assertWorks(tokens['access_token'])
        self.assertWorks(self.tokens()['access_token'])
        self.assertEqual({key.kid: key.state for key in self.of('access_token')},
                         {former: 'verifying', new: 'signing'})
        self.keys._cron_rotate()
        self.assertEqual(self.published(), {former, new})
        self.let_pass(DAY - 60)
        self.keys._cron_rotate()
        self.assertEqual(self.published(), {former, new})
        self.let_pass(180)
        self.assertEqual(self.published(), {new})  # whether or not the job ran
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertEqual({key.kid: key.state for key in self.of('access_token')},
                         {former: 'hints', new: 'signing'})
        self.let_pass(3650 * DAY)
        self.keys._cron_rotate()
        self.assertNotIn(former, self.of('access_token').mapped('kid'))

    def test_an_announced_key_is_used_by_nobody(self):
        self.keys._rotate()
        key = self.keys._by_kid('access_token')[self.of('access_token')[0].kid]
        self.assertEqual(self.of('access_token')[0].state, 'announced')
        claims = jwt.decode(self.tokens()['access_token'], options={'verify_signature': False})
        forged = jwt.encode(claims, key.private, 'RS256', {'kid': key.kid, 'typ': 'at+jwt'})
        self.assertWorks(forged)  # it is one of ours: only time keeps it from signing

    def test_a_second_rotation_waits_for_the_first(self):
        self.keys._rotate()
        announced = self.published()
        self.keys._rotate()
        self.assertEqual(self.published(), announced)
        self.let_pass(3 * 3600)
        self.keys._rotate()
        self.assertEqual(len(self.published()), 3)

    def private_parts(self, purpose):
        """The identifiers of the keys whose private part the database still has."""
        self.env.flush_all()
        self.env.cr.execute(
            'SELECT kid FROM oauth2_signing_key WHERE purpose = %s AND private_key IS NOT NULL', [purpose])
        return {kid for kid, in self.env.cr.fetchall()}

    @requirement('contract', '6', 'The private part of a key is forgotten when it no longer signs')
    def test_the_private_part_goes_when_the_key_no_longer_signs(self):
        tokens = self.tokens()
        former = self.kid(tokens['access_token'])
        triggers = self.env['ir.cron.trigger'].search([])
        self.keys._rotate()
        [trigger] = self.env['ir.cron.trigger'].search([]) - triggers
        self.assertEqual(trigger.cron_id, self.env.ref('restapi_oauth2.cron_rotate_keys'))
        self.let_pass(2 * 3600)
        self.keys._cron_rotate()
        self.assertIn(former, self.private_parts('access_token'))  # another host's clock may be behind
        # By then the job has run.
        self.let_pass((trigger.call_at - self.cr.now()).total_seconds() - 2 * 3600)
        self.keys._cron_rotate()
        self.assertEqual(self.private_parts('access_token'), self.published() - {former})
        self.assertWorks(tokens['access_token'])
        self.assertEqual(len(self.private_parts('refresh_token')), 2)  # nothing else verifies these

    def test_keys_of_the_database_that_this_one_is_a_copy_of_are_deleted(self):
        originals = self.keys.search([])
        self.env['ir.config_parameter'].init(force=True)  # what duplicating a database does
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.keys._cron_rotate()
        self.assertFalse(originals.exists())
        self.assertWorks(self.tokens()['access_token'])

    # ------------------------------------------------------------------
    # Refresh tokens
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'A key is kept until the last token that it signed has expired')
    def test_the_key_of_refresh_tokens_is_kept_while_they_live(self):
        tokens = self.tokens()
        former = self.kid(tokens['refresh_token'])
        self.keys._rotate()
        self.assertNotEqual(self.kid(self.tokens()['refresh_token']), former)
        self.authorization()._revoke('administrator')
        self.let_pass(20 * DAY)
        self.keys._cron_rotate()
        self.assertIn(former, self.of('refresh_token').mapped('kid'))
        refreshed = self.refresh(tokens['refresh_token'])
        self.assertEqual(refreshed.status_code, 200)
        self.assertNotEqual(self.kid(refreshed.json()['refresh_token']), former)
        self.keys._cron_rotate()
        self.assertNotIn(former, self.of('refresh_token').mapped('kid'))
        self.assertEqual(self.refresh(refreshed.json()['refresh_token']).status_code, 200)

    @requirement('contract', '6', 'A key is kept until the last token that it signed has expired')
    def test_the_key_of_a_kept_refresh_token_is_kept_though_it_is_used(self):
        self.client.refresh_rotation = 'keep'
        first = self.tokens()['refresh_token']
        self.sql("""UPDATE oauth2_authorization SET create_date = create_date - interval '20 days',
                           expires_at = expires_at - interval '20 days'""")
        kept = self.refresh(first).json()['refresh_token']  # as it would have been made then
        self.keys._rotate()
        self.let_pass(19 * DAY)
        self.assertEqual(self.refresh(kept).status_code, 200)
        self.keys._cron_rotate()
        self.assertEqual(self.refresh(kept).status_code, 200)
        self.authorization()._revoke('administrator')
        self.env.flush_all()
        self.keys._cron_rotate()
        self.assertNotIn(self.kid(kept), self.of('refresh_token').mapped('kid'))

    def test_the_key_of_refresh_tokens_goes_when_all_of_them_have_ended(self):
        former = self.kid(self.tokens()['refresh_token'])
        self.keys._rotate()
        self.let_pass(20 * DAY)
        self.keys._cron_rotate()
        self.assertIn(former, self.of('refresh_token').mapped('kid'))
        self.authorization()._revoke('administrator')
        self.env.flush_all()
        self.keys._cron_rotate()
        self.assertNotIn(former, self.of('refresh_token').mapped('kid'))

    def test_the_key_of_refresh_tokens_goes_when_the_last_lay_idle(self):
        former = self.kid(self.tokens()['refresh_token'])
        self.keys._rotate()
        self.let_pass(31 * DAY)
        self.keys._cron_rotate()
        self.assertNotIn(former, self.of('refresh_token').mapped('kid'))

    def test_the_keys_of_refresh_tokens_are_published_nowhere(self):
        self.keys._rotate()
        self.assertEqual(len(self.of('refresh_token')), 2)
        self.assertEqual(self.published() & set(self.of('refresh_token').mapped('kid')), set())

    # ------------------------------------------------------------------
    # The schedule
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'Keys are replaced on a schedule')
    def test_the_schedule(self):
        self.keys._cron_rotate()
        self.assertEqual(len(self.published()), 1)
        self.let_pass(90 * DAY - 120)
        self.keys._cron_rotate()
        self.assertEqual(len(self.published()), 1)
        self.let_pass(120)
        self.keys._cron_rotate()
        self.assertEqual(len(self.published()), 2)
        self.keys._cron_rotate()
        self.assertEqual(len(self.published()), 2)

    def test_the_schedule_is_a_setting(self):
        self.setting('key_rotation_days', '7')
        self.let_pass(7 * DAY + 1)
        self.keys._cron_rotate()
        self.assertEqual(len(self.published()), 2)

    def test_the_job_is_there_and_runs(self):
        job = self.env.ref('restapi_oauth2.cron_rotate_keys')
        self.assertEqual((job.active, job.interval_number, job.interval_type), (True, 1, 'days'))
        self.let_pass(91 * DAY)
        job.method_direct_trigger()
        self.assertEqual(len(self.published()), 2)

    def test_the_job_does_no_harm_where_there_is_no_key(self):
        self.keys.search([]).unlink()
        self.keys._cron_rotate()
        self.assertWorks(self.tokens()['access_token'])

    # ------------------------------------------------------------------
    # The buttons
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'Keys are replaced by a button, too')
    def test_the_buttons_ask_for_the_password(self):
        for name in ('action_rotate', 'action_replace_now'):
            self.assertTrue(getattr(getattr(type(self.keys), name), '__has_check_identity', False))

    def press(self, name, user, keys=None):
        """What happens when the identity was checked."""
        keys = (self.keys if keys is None else keys).with_user(user)
        return getattr(type(keys), name).__wrapped__(keys)

    def test_an_administrator_presses_them(self):
        manager = new_test_user(self.env, 'oauth2_manager', groups='restapi_oauth2.group_oauth2_administrator')
        self.press('action_rotate', manager)
        self.assertEqual(len(self.published()), 2)
        self.press('action_replace_now', manager)
        self.assertEqual(len(self.published()), 1)
        replaced = self.env['oauth2.event'].search([('name', '=', 'keys_replaced')])
        self.assertEqual(replaced.actor_id, manager)

    def test_nobody_else_does(self):
        for name in ('action_rotate', 'action_replace_now'):
            with self.assertRaises(AccessError):
                self.press(name, self.person)
        self.assertEqual(len(self.published()), 1)

    # ------------------------------------------------------------------
    # Another algorithm
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'RS256 by default; ES256 and EdDSA may be chosen')
    def test_another_algorithm_begins_with_another_key(self):
        tokens = self.tokens()
        for algorithm in ('ES256', 'EdDSA'):
            with self.subTest(algorithm):
                settings = self.env['res.config.settings'].create({'oauth2_signing_algorithm': algorithm})
                settings.execute()
                announced = [key for key in self.ask('jwks', 'GET').json()['keys'] if key['alg'] == algorithm]
                self.assertEqual(len(announced), 1)
                self.assertEqual(announced[0]['kty'], {'ES256': 'EC', 'EdDSA': 'OKP'}[algorithm])
                self.assertNotIn('d', announced[0])
                self.assertNotEqual(self.signing(), announced[0]['kid'])
                self.let_pass(2 * 3600 + 60)
                later = self.tokens()['access_token']
                self.assertEqual(jwt.get_unverified_header(later)['alg'], algorithm)
                self.assertEqual(self.kid(later), announced[0]['kid'])
                for token in (later, tokens['access_token']):
                    self.assertWorks(token)

    def test_settings_that_leave_the_algorithm_alone_make_no_key(self):
        self.env['res.config.settings'].create({'oauth2_access_token_lifetime': 5}).execute()
        self.assertEqual(len(self.published()), 1)

    def test_the_last_choice_counts_where_several_keys_are_announced(self):
        for algorithm in ('EdDSA', 'RS256', 'EdDSA'):
            self.env['res.config.settings'].create({'oauth2_signing_algorithm': algorithm}).execute()
            self.let_pass(60)
        self.assertEqual(len(self.published()), 4)
        self.let_pass(2 * 3600)
        self.assertEqual(jwt.get_unverified_header(self.tokens()['access_token'])['alg'], 'EdDSA')

    def test_an_algorithm_that_nobody_knows_is_passed_over(self):
        self.setting('signing_algorithm', 'none')
        self.keys.search([]).unlink()
        self.assertEqual(jwt.get_unverified_header(self.tokens()['access_token'])['alg'], 'RS256')

    def test_keys_are_listed_with_the_time_from_which_they_sign(self):
        self.keys._rotate()
        announced = self.of('access_token')[0]
        now = self.cr.now().replace(microsecond=0)
        self.assertEqual(announced.activates_at, now + timedelta(hours=2))
