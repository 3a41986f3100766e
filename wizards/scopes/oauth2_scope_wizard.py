"""The dialog that makes a scope from a list of models."""
from odoo import Command, fields, models
from odoo.exceptions import UserError


class OAuth2ScopeWizard(models.TransientModel):
    """Asks for what most scopes consist of: some models, with the same operations on all."""
    _name = 'oauth2.scope.wizard'
    _description = 'Make an OAuth2 Scope'

    name = fields.Char('Scope', required=True, help='What an application writes in its requests.')
    description = fields.Char(required=True, help='What the consent page says that the application may do.')
    model_ids = fields.Many2many('ir.model', string='Models', domain=[('abstract', '=', False)])
    perm_read = fields.Boolean('Read', default=True)
    perm_write = fields.Boolean('Write')
    perm_create = fields.Boolean('Create')
    perm_unlink = fields.Boolean('Delete')

    def action_make(self):
        """Make the scope, and open it, for details such as domains and fields.

        :raises UserError: no model was chosen.
        """
        self.ensure_one()
        if not self.model_ids:
            raise UserError(self.env._('Choose the models that the scope opens.'))
        operations = {name: self[name] for name in ('perm_read', 'perm_write', 'perm_create', 'perm_unlink')}
        scope = self.env['oauth2.scope'].create({
            'name': self.name,
            'description': self.description,
            'line_ids': [Command.create({'model': model.model, **operations}) for model in self.sudo().model_ids],
        })
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'oauth2.scope',
            'res_id': scope.id,
            'views': [(False, 'form')],
        }
