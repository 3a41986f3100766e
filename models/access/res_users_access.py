"""The applications that act in a user's name, for the user's form and preferences."""
from odoo import api, fields, models
from odoo.exceptions import AccessError

from .oauth2_access import RELOAD

_ADMINISTRATOR = 'restapi_oauth2.group_oauth2_administrator'


class ResUsers(models.Model):
    _inherit = 'res.users'

    oauth2_access_ids = fields.One2many(
        'oauth2.access', string='Connected apps', compute='_compute_oauth2_access_ids',
        help='What the user has allowed, and what an administrator lets act as the user.')
    oauth2_has_allowed = fields.Boolean(compute='_compute_oauth2_access_ids')
    oauth2_access_count = fields.Integer(compute='_compute_oauth2_access_count', groups=_ADMINISTRATOR)

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 - Odoo's own name
        return [*super().SELF_READABLE_FIELDS, 'oauth2_access_ids', 'oauth2_has_allowed']

    @api.depends_context('uid')
    def _compute_oauth2_access_ids(self):
        accesses = self.env['oauth2.access'].search([
            ('user_id', 'in', self.ids), '|', ('kind', '=', 'consent'), ('status', '!=', 'stopped')])
        for user in self:
            user.oauth2_access_ids = accesses.filtered(lambda access, user=user: access.user_id == user)
            user.oauth2_has_allowed = 'consent' in user.oauth2_access_ids.mapped('kind')

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

    def action_oauth2_disconnect_all(self):
        """Withdraw all of one's own consents.

        :raises AccessError: they are another user's.
        """
        if self != self.env.user:
            raise AccessError(self.env._('You can disconnect what you have allowed, and nothing else.'))
        self.env['oauth2.consent'].sudo().search([('user_id', '=', self.id)])._withdraw()
        return RELOAD
