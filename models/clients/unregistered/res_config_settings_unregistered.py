"""The settings about unregistered applications."""
from odoo import api, fields, models

from .oauth2_client_registration import GROUP


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    oauth2_client_documents = fields.Selection([
        ('off', 'No application'),
        ('listed', 'Only those that are ticked in the list'),
        ('any', 'Any application'),
    ], 'May connect by itself', required=True, default='off',
        config_parameter='restapi_oauth2.client_documents')
    oauth2_unregistered_group_ids = fields.Many2many(
        'res.groups', 'res_config_settings_oauth2_unregistered_rel', 'settings_id', 'group_id',
        string='Who may use them')
    oauth2_unregistered_scope_ids = fields.Many2many(
        'oauth2.scope', 'res_config_settings_oauth2_unregistered_scope_rel', 'settings_id', 'scope_id',
        string='What they may ask for', domain="[('opens', '=', 'lines'), ('is_offered', '=', True)]")

    @api.model
    def get_values(self):
        """The current values, which are stored with the group and the scopes."""
        return {
            **super().get_values(),
            'oauth2_unregistered_group_ids': [fields.Command.set(self.env.ref(GROUP).sudo().implied_by_ids.ids)],
            'oauth2_unregistered_scope_ids': [fields.Command.set(self.env['oauth2.scope']._for_unregistered().ids)],
        }

    def set_values(self):
        """Store the values where they apply: with the group and the scopes."""
        result = super().set_values()
        group = self.env.ref(GROUP)
        if group.implied_by_ids != self.oauth2_unregistered_group_ids:
            group.implied_by_ids = self.oauth2_unregistered_group_ids
        former = self.env['oauth2.scope']._for_unregistered()
        (former - self.oauth2_unregistered_scope_ids).is_for_unregistered = False
        (self.oauth2_unregistered_scope_ids - former).is_for_unregistered = True
        return result

    def action_oauth2_listed_clients(self):
        """The list of assistants."""
        return self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_listed_client')
