"""The proofs of a user: a change of one ends the user's tokens; writing the same value again does not."""
from odoo import Command
from odoo.tests import new_test_user

from .common import OAuth2Case
from .requirement import requirement


class TestProof(OAuth2Case):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.env.ref('base.user_admin')
        cls.user.password = 'The same one'

    def import_users(self, **values):
        """Import a file with one line."""
        result = self.env['res.users'].with_user(self.administrator).load(
            ['.id', *values], [[str(self.user.id), *values.values()]])
        self.assertEqual(result['ids'], self.user.ids, result['messages'])

    @requirement('contract', '6', 'The same login or password, written again, ends nothing')
    def test_written_again(self):
        user = self.user.with_user(self.administrator)
        for again in ({'login': self.user.login}, {'active': True}, {'password': 'The same one'},
                      {'login': self.user.login, 'name': 'Another name'}):
            with self.subTest(again):
                tokens = self.tokens()
                user.write(again)
                self.assertAlive(tokens)

    @requirement('contract', '6', 'An import that names the same login again ends nothing')
    def test_imported_again(self):
        tokens = self.tokens()
        self.import_users(login=self.user.login, active='True', name='Another name')
        self.assertEqual(self.user.name, 'Another name')
        self.assertAlive(tokens)
        tokens = self.tokens()
        self.import_users(login='oauth2_imported')
        self.assertDead(tokens)

    @requirement('contract', '6', 'What a user writes of itself beside, such as the language, ends nothing')
    def test_other_fields(self):
        tokens = self.tokens()
        self.user.with_user(self.user).write({'tz': 'Europe/Brussels', 'signature': 'Ada'})
        self.assertAlive(tokens)

    @requirement('attack', '31', 'Whatever way another password or login comes, it ends the tokens of that user')
    def test_attack_31_ways_to_change(self):
        administrators = self.user.with_user(self.administrator)
        nested = {'password': 'Nested 1'}
        for name, change in {
            'password': lambda: administrators.write({'password': 'Another one 1'}),
            'a number': lambda: administrators.write({'password': 12345678}),
            'none': lambda: administrators.write({'password': ''}),
            'nested': lambda: self.user.partner_id.write({'user_ids': [Command.update(self.user.id, nested)]}),
            'login': lambda: administrators.write({'login': 'oauth2_renamed'}),
            'archived': administrators.action_archive,
        }.items():
            with self.subTest(name):
                tokens = self.tokens()
                change()
                self.assertDead(tokens)
        self.user.action_unarchive()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('attack', '31', 'Of several users who are written at once, those who change lose their tokens')
    def test_attack_31_several_at_once(self):
        other = new_test_user(self.env, 'oauth2_other', groups='base.group_user')
        client, secret = self.make_client('Other', other)
        kept, lost = self.tokens(), self.tokens(client, secret)
        (self.user + other).write({'password': 'The same one', 'active': True})
        self.assertAlive(kept)
        self.assertEqual(self.call(lost['access_token']).status_code, 401)
        self.assertRefused(self.refresh(lost['refresh_token'], client, secret), 400, 'invalid_grant')

    @requirement('contract', '6', 'Another addon names what proves a user beside')
    def test_fields_of_another_addon(self):
        tokens = self.tokens()
        self.user.signature = 'Ada'
        self.assertAlive(tokens)
        users = self.env.registry['res.users']
        fields = users._oauth2_proof_fields
        self.patch(users, '_oauth2_proof_fields', lambda model: fields(model) | {'signature', 'api_key_ids'})
        for change in ({'signature': 'Ada P.'},
                       {'api_key_ids': [Command.create({'name': 'Key', 'user_id': self.user.id})]}):
            with self.subTest(change):
                tokens = self.tokens()
                self.user.write(change)
                self.assertDead(tokens)
        tokens = self.tokens()
        self.user.api_key_ids.sudo().unlink()
        self.assertDead(tokens)
