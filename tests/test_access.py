"""Who has access to what, since when, used from where; and how access is stopped."""
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.modules.migration import load_script
from odoo.tests import new_test_user
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ..models import noted
from .browser import BrowserCase


class TestAccess(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_access', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.wiki.scope_ids |= cls.env.ref('restapi_oauth2.scope_contacts_read')

    def setUp(self):
        super().setUp()
        noted._noted.clear()
        self.addCleanup(noted._noted.clear)
        self.log_in()

    def access(self, client, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [('client_id', '=', client.id), *([('user_id', '=', user.id)] if user else [])]
        return self.env['oauth2.access'].with_user(self.administrator).search(domain)

    def test_what_a_user_allowed_and_what_runs_by_itself_stand_in_one_list(self):
        self.tokens_of_wiki(scope='openid contacts.read')
        wiki, shop = self.access(self.wiki), self.access(self.client)
        self.assertEqual((wiki.kind, wiki.user_id, wiki.status), ('consent', self.person, 'never'))
        self.assertEqual(set(wiki.scope_ids.mapped('name')), {'openid', 'contacts.read'})
        self.assertIn('Read', wiki.description)
        self.assertEqual((shop.kind, shop.user_id), ('direct', self.user))
        self.user.active = False
        self.assertEqual(self.access(self.client).status, 'stopped')

    def test_the_last_use_is_stored_every_five_minutes_at_the_most(self):
        """Odoo's tests run nothing after a commit: tests/system/test_last_use.py tests the whole."""
        self.tokens_of_wiki(scope='openid contacts.read')

        def use():
            noted._noted.clear()  # another process
            self.env['oauth2.use']._note(self.wiki.id, self.person.id, is_direct=False)
            self.env.cr.postcommit.run()
            return self.access(self.wiki)

        def age(minutes):
            self.env.cr.execute(SQL(
                'UPDATE oauth2_use SET used_at = used_at - make_interval(mins => %s)', minutes))

        first = use()
        self.assertEqual(first.status, 'active')
        now = first.used_at
        age(4)
        self.assertEqual(use().used_at, now - timedelta(minutes=4))
        age(4)
        self.assertEqual(use().used_at, now)
        age(91 * 24 * 60)
        self.assertEqual(self.access(self.wiki).status, 'idle')

    def test_a_process_notes_the_same_once(self):
        uses, postcommit = self.env['oauth2.use'], self.env.cr.postcommit
        self.addCleanup(postcommit.clear)
        for _time in range(3):
            uses._note(self.wiki.id, self.person.id, is_direct=False)
            postcommit.run()
        self.assertEqual(len(noted._noted), 1)
        uses._note(self.wiki.id, self.user.id, is_direct=False)
        postcommit.clear()  # the request has failed: the next one is noted
        uses._note(self.wiki.id, self.user.id, is_direct=False)
        postcommit.run()
        self.assertEqual(self.env['oauth2.use'].search_count([('client_id', '=', self.wiki.id)]), 2)

    def test_a_failure_is_not_repeated_with_each_request(self):
        self.addCleanup(self.env.cr.postcommit.clear)
        for _time in range(3):
            noted.note(self.env, ('test',), lambda: SQL('SELECT 1 / 0'))
            if not _time:
                with self.assertLogs(noted.__name__, 'WARNING'):
                    self.env.cr.postcommit.run()
            self.assertFalse(self.env.cr.postcommit._funcs)

    def test_the_use_of_a_service_is_not_that_of_a_consent(self):
        self.tokens_of_wiki(scope='openid contacts.read')
        self.wiki.write({'user_id': self.person.id, 'grant_client_credentials': True})
        self.addCleanup(self.env.cr.postcommit.clear)
        self.env['oauth2.use']._note(self.wiki.id, self.person.id, is_direct=True)
        self.env.cr.postcommit.run()
        consent, service = self.access(self.wiki).sorted('kind')
        self.assertEqual((consent.kind, consent.status, service.kind, service.status),
                         ('consent', 'never', 'service', 'active'))

    def test_an_update_gives_old_rows_their_way(self):
        """With the table of 19.0.1.7.0."""
        migration = load_script(
            file_path('restapi_oauth2/migrations/19.0.1.7.1/pre-states_of_19_0_1_7_0.py'), 'pre-states')
        self.tokens_of_wiki(scope='openid contacts.read')
        for statement in (
            'DROP VIEW oauth2_access_scope', 'DROP VIEW oauth2_access', 'DELETE FROM oauth2_use',
            'ALTER TABLE oauth2_use DROP COLUMN is_direct CASCADE',
            'ALTER TABLE oauth2_use ADD CONSTRAINT oauth2_use_client_user_unique UNIQUE (client_id, user_id)',
            "COMMENT ON CONSTRAINT oauth2_use_client_user_unique ON oauth2_use IS 'UNIQUE (client_id, user_id)'",
        ):
            self.env.cr.execute(statement)
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_use (client_id, user_id, used_at)
                     VALUES (%s, %s, '2026-01-01'), (%s, %s, '2026-01-02') """,
            self.wiki.id, self.person.id, self.client.id, self.user.id))
        migration.migrate(self.env.cr, '19.0.1.7.0')
        self.env.registry.init_models(self.env.cr, ['oauth2.use', 'oauth2.access'], {'module': 'restapi_oauth2'})
        self.assertEqual(self.access(self.wiki).used_at, Datetime.to_datetime('2026-01-01'))
        self.assertEqual(self.access(self.client).used_at, Datetime.to_datetime('2026-01-02'))
        for is_direct in (False, True):
            self.env['oauth2.use']._note(self.wiki.id, self.person.id, is_direct)
        self.env.cr.postcommit.run()
        self.assertEqual(self.env['oauth2.use'].search_count([('client_id', '=', self.wiki.id)]), 2)
        self.env.cr.execute("SELECT is_nullable FROM information_schema.columns"
                            " WHERE table_name = 'oauth2_use' AND column_name = 'is_direct'")
        self.assertEqual(self.env.cr.fetchone(), ('NO',))

    def test_a_refused_token_is_no_use(self):
        tokens = self.tokens_of_wiki(scope='openid contacts.read')
        self.access(self.wiki).action_revoke()
        self.env.flush_all()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertFalse(self.access(self.wiki).used_at)

    def test_who_can_read_contacts(self):
        self.tokens_of_wiki(scope='openid contacts.read')
        found = self.env['oauth2.access'].search([('opened_model', 'ilike', 'contact')])
        self.assertIn(self.access(self.wiki), found)
        self.assertIn(self.access(self.client), found)  # it may do everything
        self.assertIn(self.access(self.wiki), found.search([('opened_model', '=', 'res.partner')]))
        self.assertNotIn(self.access(self.wiki), found.search([('opened_model', '=', 'ir.attachment')]))

    def test_it_is_grouped_by_scope(self):
        self.tokens_of_wiki(scope='openid contacts.read')
        groups = dict(self.env['oauth2.access']._read_group(
            [('client_id', '=', self.wiki.id)], ['scope_ids'], ['__count']))
        self.assertEqual({scope.name: count for scope, count in groups.items()}, {'openid': 1, 'contacts.read': 1})

    def test_revoking_and_asking_again(self):
        tokens = self.tokens_of_wiki(scope='openid contacts.read')
        self.access(self.wiki).action_revoke_and_ask_again()
        self.env.flush_all()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertFalse(self.access(self.wiki))

    def test_all_of_an_application_stops_with_a_reason(self):
        tokens, own = self.tokens_of_wiki(scope='openid contacts.read'), self.tokens()
        stop = self.env['oauth2.stop'].with_user(self.administrator).create({
            'client_id': self.wiki.id, 'reason': 'It was stolen'})
        self.assertIn('Users: 1.', stop.sentence)
        stop.action_stop()
        self.env.flush_all()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.authenticate(None, None)
        self.assertWorks(own['access_token'])
        self.assertFalse(self.access(self.wiki))
        event = self.env['oauth2.event'].search([('name', '=', 'application_ended')], limit=1)
        self.assertEqual((event.client_id, event.detail), (self.wiki, 'It was stolen'))

    def test_a_reason_is_needed(self):
        stop = self.env['oauth2.stop'].with_user(self.administrator).create({
            'client_id': self.wiki.id, 'reason': '  '})
        with self.assertRaises(ValidationError):
            stop.action_stop()

    def test_all_of_a_user_stops(self):
        tokens = self.tokens_of_wiki(scope='openid contacts.read')
        stop = self.env['oauth2.stop'].with_user(self.administrator).create({
            'user_id': self.person.id, 'reason': 'She left'})
        stop.action_stop()
        self.env.flush_all()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    def test_revoking_what_a_user_allowed_leaves_what_runs_by_itself(self):
        self.wiki.write({'user_id': self.person.id, 'grant_client_credentials': True})
        self.env['oauth2.client.secret'].search([('client_id', '=', self.wiki.id)])
        allowed = self.tokens_of_wiki(scope='openid contacts.read')
        self.env.flush_all()
        answer = self.token(self.wiki, self.wiki_secret, grant_type='client_credentials', scope='contacts.read')
        own = answer.json()['access_token']
        consent, service = self.access(self.wiki).sorted('kind')
        self.assertEqual((consent.kind, service.kind), ('consent', 'service'))
        consent.action_revoke()
        self.env.flush_all()
        self.assertEqual(self.call(allowed['access_token']).status_code, 401)
        self.assertWorks(own)
        service.action_revoke()
        self.env.flush_all()
        self.assertEqual(self.call(own).status_code, 401)

    def test_nobody_else_stops_anything(self):
        stop = self.env['oauth2.stop'].create({'client_id': self.wiki.id, 'reason': 'x'})
        stop.invalidate_recordset()
        with self.assertRaises(AccessError):
            stop.with_user(self.person).action_stop()

    def test_users_see_what_is_about_them(self):
        self.tokens_of_wiki(scope='openid contacts.read')
        self.env.flush_all()
        self.assertEqual(self.env['oauth2.access'].with_user(self.person).search([]), self.access(self.wiki))
