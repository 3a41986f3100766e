"""What happens to a user's tokens when the user changes."""
from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    oauth2_client_ids = fields.One2many(
        'oauth2.client', 'user_id', 'Applications that act for this user',
        groups='restapi_oauth2.group_oauth2_administrator')
    oauth2_client_count = fields.Integer(
        compute='_compute_oauth2_client_count', groups='restapi_oauth2.group_oauth2_administrator')

    @api.depends('oauth2_client_ids')
    def _compute_oauth2_client_count(self):
        for user in self:
            user.oauth2_client_count = len(user.oauth2_client_ids)

    def write(self, vals):
        """What ends a user's sessions ends their tokens and codes: another password or second factor, archiving."""
        result = super().write(vals)
        if self._get_session_token_fields() & vals.keys():
            self.env['oauth2.authorization']._end([('user_id', 'in', self.ids)], 'user')
        return result

    def action_oauth2_clients(self):
        """The applications that act for this user."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_client'),
            'domain': [('user_id', '=', self.id)],
            'context': {'default_user_id': self.id},
        }
