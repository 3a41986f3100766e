"""Dialogs: nobody else reads or changes what a person has entered."""
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import OAuth2Case
from .rights import ADDON

SECRET = 'q8Zr2LkP0xVnT5sYwB7cD1mHf4gJ9aEu'


class TestDialogs(OAuth2Case):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.another = (
            new_test_user(cls.env, f'oauth2_dialog_{name}', groups='base.group_system') for name in ('one', 'another'))

    def entered(self):
        """What somebody enters in each dialog, by model."""
        scope = self.env.ref('restapi_oauth2.scope_contacts_read')
        client = {'client_id': self.client.id}
        return {
            'oauth2.client.new': {'template_id': self.env.ref('restapi_oauth2.template_web').id, 'name': 'Wiki'},
            'oauth2.client.secret.bring': {**client, 'secret': SECRET},
            'oauth2.connection.test': client,
            'oauth2.scope.opened': {'scope_id': scope.id, 'user_id': self.user.id},
            'oauth2.scope.wizard': {'name': 'read.nothing', 'description': 'Read nothing'},
            'oauth2.stop': {**client, 'reason': 'It was lost'},
            'oauth2.takeover': {},
        }

    def test_nobody_else_reads_or_changes_them(self):
        dialogs = {name: self.env[name].with_user(self.one).create(values) for name, values in self.entered().items()}
        dialogs['oauth2.scope.opened'].action_look()
        dialogs['oauth2.scope.opened.line'] = dialogs['oauth2.scope.opened'].line_ids[:1]
        ours = {name for name, model in self.registry.items()
                if model._transient and not model._abstract and model._original_module == ADDON}
        self.assertEqual(set(dialogs), ours, 'a new dialog needs a rule in security.xml, and a line here')
        for name, dialog in dialogs.items():
            with self.subTest(name):
                self.assertTrue(dialog.has_access('read'))
                others = dialog.with_user(self.another)
                others.invalidate_recordset()
                self.assertFalse(others.search([]))
                for operation in ('read', 'write', 'unlink'):
                    self.assertFalse(others.has_access(operation), operation)
                with self.assertRaises(AccessError):
                    others.read(['create_uid'])

    def test_nobody_else_presses_their_button(self):
        stop = self.env['oauth2.stop'].with_user(self.one).create({'client_id': self.client.id, 'reason': 'Lost'})
        stop = stop.with_user(self.another)
        stop.invalidate_recordset()
        with self.assertRaises(AccessError):
            stop.action_stop()
