"""What happens to applications whose service user is deleted."""
from odoo import api, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.ondelete(at_uninstall=False)
    def _unlink_archives_direct_clients(self):
        """Archive applications with direct authorization: without their user they must not begin to sign people in."""
        clients = self.env['oauth2.client'].sudo().with_context(active_test=False)
        clients.search([('user_id', 'in', self.ids), ('has_direct_authorization', '=', True)]).write(
            {'active': False, 'has_direct_authorization': False, 'user_id': False})
