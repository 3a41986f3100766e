"""Nobody gets another user's rights through an application."""
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import OAuth2Case
from .requirement import requirement


class TestPrivileges(OAuth2Case):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, 'oauth2_manager', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.admin = cls.env.ref('base.user_admin')

    def as_manager(self, records):
        return records.with_user(self.manager)

    def test_an_oauth2_administrator_registers_applications(self):
        client = self.as_manager(self.env['oauth2.client']).create({
            'name': 'By the manager', 'user_id': self.manager.id,
            'redirect_uri_ids': [(0, 0, {'uri': 'https://app.example.com/'})]})
        client.name = 'Renamed'
        self.assertEqual(client.user_id, self.manager)

    @requirement('contract', '4', 'Only administrators of Odoo let an application act for somebody else')
    def test_but_not_with_the_rights_of_another_user(self):
        with self.assertRaises(AccessError):
            self.as_manager(self.env['oauth2.client']).create({'name': 'Mine', 'user_id': self.admin.id})
        client, _secret = self.make_client('Of the manager', self.manager)
        with self.assertRaises(AccessError):
            self.as_manager(client).user_id = self.admin
        self.as_manager(client).user_id = False

    def test_nor_more_scopes_for_an_application_that_has_them(self):
        self.client.scope_ids = self.env.ref('restapi_oauth2.scope_contacts_read')
        with self.assertRaises(AccessError):
            self.as_manager(self.client).scope_ids = self.env.ref('restapi_oauth2.scope_odoo')
        self.assertEqual(self.client.scope, 'contacts.read')

    def test_nor_a_secret_of_an_application_that_has_them(self):
        self.client.secret_ids.unlink()
        with self.assertRaises(AccessError):
            self.as_manager(self.client).action_generate_secret.__wrapped__(self.as_manager(self.client))
        own, _secret = self.make_client('Of the manager', self.manager)
        action = self.as_manager(own).action_generate_secret.__wrapped__(self.as_manager(own))
        self.assertRegex(action['context']['default_secret'], r'^[A-Za-z0-9]{32}$')

    def test_nor_a_longer_life_for_a_secret_of_it(self):
        """The manager may know the secret from a time when the application acted for the manager."""
        secret = self.as_manager(self.client.secret_ids)
        secret.expires_at = '2098-01-01 00:00:00'
        for later in (False, '2098-01-01 00:00:01', '2999-01-01 00:00:00'):
            with self.subTest(later), self.assertRaises(AccessError):
                secret.expires_at = later
        secret.with_user(self.admin).expires_at = False
        self.assertFalse(self.client.secret_ids.expires_at)

    def test_a_secret_of_the_managers_own_application_may_live_longer(self):
        client, _secret = self.make_client('Of the manager', self.manager)
        client.secret_ids.expires_at = '2098-01-01 00:00:00'
        self.as_manager(client.secret_ids).expires_at = False
        self.assertFalse(client.secret_ids.expires_at)

    def test_nobody_has_an_expired_secret_back(self):
        secret = self.client.secret_ids
        secret.expires_at = '2020-01-01 00:00:00'
        for later in (False, '2020-01-01 00:00:01', '2999-01-01 00:00:00'):
            with self.subTest(later), self.assertRaises(UserError):
                secret.with_user(self.admin).expires_at = later
        self.assertRefused(self.redeem(self.code()), 401, 'invalid_client')

    def test_whoever_only_sees_applications_makes_no_secrets(self):
        """The group is checked, not the right to read, which another addon may give to others."""
        for model in ('oauth2.client', 'oauth2.client.secret'):
            self.env['ir.model.access'].create({
                'name': 'Everybody sees this', 'model_id': self.env['ir.model']._get_id(model),
                'group_id': self.env.ref('base.group_user').id, 'perm_read': True})
        client, _secret = self.make_client('Of the user', self.user)
        with self.assertRaises(AccessError):
            self.env['oauth2.client'].action_generate_secret.__wrapped__(client.with_user(self.user))
        self.assertEqual(len(client.secret_ids), 1)

    def test_an_administrator_of_odoo_may(self):
        client = self.env['oauth2.client'].with_user(self.admin).create({'name': 'Any', 'user_id': self.user.id})
        action = client.action_generate_secret.__wrapped__(client)
        self.assertTrue(action['context']['default_secret'])

    def test_nor_brings_one_back_that_was_taken_out_of_service(self):
        self.client.write({'active': False, 'grant_refresh_token': False})
        for change in ({'active': True}, {'grant_refresh_token': True}):
            with self.subTest(change), self.assertRaises(AccessError):
                self.as_manager(self.client).write(change)
        self.as_manager(self.client).write({'name': 'Renamed', 'active': False})
