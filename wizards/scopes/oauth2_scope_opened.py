"""What a scope opens for a user: models, fields, numbers of records."""
import base64
import csv
import io

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.door.limit import Limit
from ...models.door.opened import Opened
from ...protocol.opening import OPERATIONS, READ

# The columns of the list that is downloaded.
_COLUMNS = ('model', 'operations', 'record_count', 'field_names', 'method_names')


class OAuth2ScopeOpened(models.TransientModel):
    """Computes it as the door does, within the user's own rights."""
    _name = 'oauth2.scope.opened'
    _description = 'What an OAuth2 Scope Opens'

    scope_id = fields.Many2one('oauth2.scope', required=True, readonly=True)
    user_id = fields.Many2one(
        'res.users', required=True, default=lambda self: self.env.user, domain="[('id', '!=', 1)]",
        help='A scope never opens more than this user may do.')
    line_ids = fields.One2many('oauth2.scope.opened.line', 'opened_id', 'Opens', readonly=True)
    has_methods = fields.Boolean(compute='_compute_has_methods')
    file = fields.Binary('As a file', readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.depends('line_ids.method_names')
    def _compute_has_methods(self):
        for opened in self:
            opened.has_methods = any(opened.line_ids.mapped('method_names'))

    def action_look(self):
        """Compute the list.

        :raises AccessError: a user who is no administrator of Odoo asks about another user.
        :raises UserError: there are never tokens for this user.
        """
        self.ensure_one()
        if not self.env.user._is_system() and self.user_id != self.env.user:
            raise AccessError(self.env._('Only an administrator of Odoo may look with the rights of another user.'))
        if not self.user_id.active or self.user_id._is_superuser() or self.user_id._is_public():
            raise UserError(self.env._('There are no tokens for %s: choose an active user who can log in.',
                                       self.user_id.name))
        found = self._found()
        self.sudo().write({
            'line_ids': [Command.clear(), *map(Command.create, found)],
            'file': base64.b64encode(_table(found)), 'file_name': f'{self.scope_id.name}.csv'})
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('What %s opens', self.scope_id.name),
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
            'target': 'new',
        }

    def _found(self):
        """The values of a line for each model that is open to this user."""
        env = self.env(user=self.user_id.id, su=False)
        opening = self.env['oauth2.scope']._opening(frozenset({self.scope_id.name}))
        opened = Opened(env, Limit(opening, (self.scope_id.name,)))
        return [line for name in sorted(env.registry) if not (env[name]._abstract or env[name]._transient)
                and opening.opens(name) and (line := self._line(opened, env[name]))]

    def _line(self, opened, model):
        operations = [operation for operation in OPERATIONS
                      if opened.allows(model._name, operation) and model.has_access(operation)]
        if not operations:
            return None
        names = [name for name, field in sorted(model._fields.items())
                 if opened.lines_of(field, READ) and model._has_field_access(field, READ)]
        methods = {name for operation in OPERATIONS for line in opened.opening.lines(model._name, operation)
                   for name in (line.methods if line.methods is not None else ('*',))}
        return {
            'model': model._name,
            'name': self.env['ir.model'].sudo()._get(model._name).name,
            'operations': ' '.join(operations),
            'record_count': model.search_count(opened.subquery(model._name)) if READ in operations else 0,
            'field_names': ' '.join(names) if READ in operations else '',
            'method_names': ' '.join(sorted(methods)),
        }


class OAuth2ScopeOpenedLine(models.TransientModel):
    """A model of the list."""
    _name = 'oauth2.scope.opened.line'
    _description = 'What an OAuth2 Scope Opens of a Model'
    _order = 'model'

    opened_id = fields.Many2one('oauth2.scope.opened', required=True, readonly=True, ondelete='cascade')
    name = fields.Char(readonly=True)
    model = fields.Char('Technical name', readonly=True)
    operations = fields.Char('Open for', readonly=True)
    record_count = fields.Integer('Records', readonly=True)
    field_names = fields.Text('Fields', readonly=True)
    method_names = fields.Char('Other methods', readonly=True)


def _table(found):
    """The lines as a file that spreadsheets open: CSV in UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, extrasaction='ignore')
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue().encode('utf-8-sig')
