"""Users: the applications that act for them, and the end of their tokens."""
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

    def unlink(self):
        """Deleting a user ends all tokens at once. The user's rows are removed afterwards."""
        result = super().unlink()
        self.env.ref('base.autovacuum_job').sudo()._trigger()
        return result

    def _oauth2_end(self, detail):
        """End every code and token in the names of these users.

        :param detail: for the event, in a word.
        """
        self.env['oauth2.subject']._end(self.ids)
        self.env['oauth2.authorization'].invalidate_model(['is_active', 'revoked_because'])
        for user in self:
            self.env['oauth2.event']._record('user_ended', user_id=user.id, detail=detail)

    def action_oauth2_clients(self):
        """The applications that act for this user."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_client'),
            'domain': [('user_id', '=', self.id)],
            'context': {'default_user_id': self.id},
        }
