"""Who has access through an application, for its form."""
from odoo import fields, models


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    access_count = fields.Integer('Access', compute='_compute_access', compute_sudo=True)
    last_used_at = fields.Datetime('Last used', compute='_compute_access', compute_sudo=True)

    def _compute_access(self):
        rows = {client.id: values for client, *values in self.env['oauth2.access']._read_group(
            [('client_id', 'in', self.ids)], ['client_id'], ['__count', 'used_at:max'])}
        for client in self:
            client.access_count, client.last_used_at = rows.get(client.id, (0, False))

    def action_access(self):
        """The list of access through this application."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_access'),
            'domain': [('client_id', '=', self.id)],
            'context': {},
        }

    def action_stop(self):
        """The dialog that ends all of this application's access."""
        self.ensure_one()
        return self.env['oauth2.stop']._dialog(client=self)
