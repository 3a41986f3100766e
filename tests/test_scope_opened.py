"""The button *What does it open?* of a scope: it says what a token with the scope really can do."""
import base64
import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..protocol.opening import OPERATIONS
from .scoped import ScopedCase


class TestScopeOpened(ScopedCase):

    def look(self, name, user=None, by=None):
        """Press *Look*. Gives the lines by model."""
        scope = self.env['oauth2.scope'].search([('name', '=', name)])
        opened = self.env['oauth2.scope.opened'].with_user(by or self.env.ref('base.user_admin')).create({
            'scope_id': scope.id, **({'user_id': user.id} if user else {})})
        opened.action_look()
        return {line.model: line for line in opened.line_ids}

    def test_models_fields_and_records_are_those_of_a_token(self):
        self.make_scope('belgians', {
            'model': 'res.partner', 'domain': "[('phone', '=like', '+32%')]", 'field_names': 'name phone',
            'perm_write': True}, {'model': 'res.country'})
        lines = self.look('belgians', self.ann)
        token = self.token_with('belgians', self.ann)
        self.assertEqual(set(lines), {'res.partner', 'res.country'})
        partner = lines['res.partner']
        self.assertEqual(partner.operations.split(), [
            operation for operation in OPERATIONS
            if self.ok(token, 'res.partner', 'has_access', ids=[], operation=operation)])
        self.assertIn('write', partner.operations)
        self.assertEqual(set(partner.field_names.split()), set(self.ok(
            token, 'res.partner', 'fields_get', attributes=['type'])))
        for model, line in lines.items():
            self.assertEqual(line.record_count, self.ok(token, model, 'search_count', domain=[]), model)

    def test_never_more_than_the_user_may(self):
        self.make_scope('parameters', {'model': 'ir.config_parameter', 'field_names': 'key', 'perm_write': True})
        self.assertEqual(self.look('parameters', self.ann), {})
        self.assertEqual(set(self.look('parameters')), {'ir.config_parameter'})

    def test_everything_and_all_reading(self):
        reading = self.look('odoo.read')
        self.assertIn('res.partner', reading)
        self.assertNotIn('res.users.apikeys', reading)
        self.assertEqual(reading['res.partner'].operations, 'read')
        self.assertIn('unlink', self.look('odoo')['res.partner'].operations)

    def test_the_same_is_a_file(self):
        lines = self.look('contacts.read')
        opened = lines['res.partner'].opened_id
        rows = csv.DictReader(io.StringIO(base64.b64decode(opened.file).decode('utf-8-sig')))
        self.assertEqual({row['model']: row['field_names'] for row in rows},
                         {model: line.field_names for model, line in lines.items()})
        self.assertEqual(opened.file_name, 'contacts.read.csv')

    def test_another_user_is_looked_at_by_settings_alone(self):
        administrator = self.env['res.users'].create({
            'name': 'Looker', 'login': 'oauth2_looker',
            'group_ids': [(4, self.env.ref('restapi_oauth2.group_oauth2_administrator').id),
                          (4, self.env.ref('base.group_user').id)]})
        self.assertIn('res.partner', self.look('contacts.read', by=administrator))
        with self.assertRaises(AccessError):
            self.look('contacts.read', self.env.ref('base.user_admin'), by=administrator)

    def test_those_who_never_have_a_token(self):
        archived = new_test_user(self.env, 'oauth2_looked_archived', active=False)
        for user in (self.env.ref('base.user_root'), self.env.ref('base.public_user'), archived):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.look('contacts.read', user)
