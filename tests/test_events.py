"""What an auditor finds afterwards."""
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .browser import BrowserCase


class TestEvents(BrowserCase):

    def setUp(self):
        super().setUp()
        self.env['oauth2.event'].search([]).unlink()

    def events(self):
        """What was recorded, oldest first: event, application, about whom, by whom."""
        self.env.invalidate_all()
        return [(event.name, event.client_id, event.user_id, event.actor_id, event.detail)
                for event in self.env['oauth2.event'].search([], order='id')]

    def test_consent_given_and_withdrawn(self):
        nobody = self.env['res.users']
        self.log_in()
        self.tokens_of_wiki()
        self.assertEqual(self.events(), [('consent_given', self.wiki, self.person, nobody, 'openid')])
        self.env['oauth2.consent'].with_user(self.person).search([]).action_withdraw()
        self.assertEqual(self.events()[1:], [('consent_withdrawn', self.wiki, self.person, self.person, False)])

    def test_of_guessing_the_first_of_an_hour(self):
        code = self.code()
        for _time in range(3):
            self.redeem(code, secret='wrong')
        nobody = self.env['res.users']
        self.assertEqual(self.events(), [('authentication_failed', self.client, nobody, nobody, False)])
        self.assertEqual(self.env['oauth2.event'].search([]).address, '127.0.0.1')
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '1 hour'")
        self.redeem(code, secret='wrong')
        self.assertEqual(len(self.events()), 2)

    def test_everyday_use_writes_none(self):
        tokens = self.tokens()
        self.refresh(tokens['refresh_token'])
        self.assertWorks(tokens['access_token'])
        self.assertEqual(self.events(), [])

    def test_secrets_and_keys(self):
        self.client.secret_ids.unlink()
        self.env['oauth2.client.secret']._store(self.client, 'S' * 28 + 'last')
        self.env['oauth2.signing.key']._rotate()
        names = [event[0] for event in self.events()]
        self.assertEqual(names, ['secret_deleted', 'secret_made', 'key_made', 'key_made', 'key_made'])
        self.assertEqual(self.events()[1][4], '…last')

    def test_they_are_kept_for_a_set_time(self):
        self.redeem(self.code(), secret='wrong')
        event = self.env['oauth2.event'].search([])
        event._gc_events()
        self.assertTrue(event.exists())
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '366 days'")
        event._gc_events()
        self.assertFalse(event.exists())

    def test_nobody_but_oauth2_administrators_reads_them_and_nobody_changes_them(self):
        self.redeem(self.code(), secret='wrong')
        manager = new_test_user(
            self.env, 'oauth2_manager', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        event = self.env['oauth2.event'].search([])
        self.assertEqual(event.with_user(manager).name, 'authentication_failed')
        for user in (self.person, manager):
            for act in (event.with_user(user).unlink, lambda user=user: event.with_user(user).write({'detail': 'x'}),
                        lambda user=user: event.with_user(user).create({'name': 'key_made'})):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            event.with_user(self.person).read(['name'])
