"""What the form of a user shows of the applications that act in their name."""
from odoo import fields, models

_ADMINISTRATOR = 'restapi_oauth2.group_oauth2_administrator'


class ResUsers(models.Model):
    _inherit = 'res.users'

    oauth2_access_count = fields.Integer(compute='_compute_oauth2_access_count', groups=_ADMINISTRATOR)

    def _compute_oauth2_access_count(self):
        counts = {user.id: count for user, count in self.env['oauth2.access'].sudo()._read_group(
            [('user_id', 'in', self.ids)], ['user_id'], ['__count'])}
        for user in self:
            user.oauth2_access_count = counts.get(user.id, 0)

    def action_oauth2_access(self):
        """The applications that act in the name of this user."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_access'),
            'domain': [('user_id', '=', self.id)],
            'context': {},
        }
