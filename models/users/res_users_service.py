"""What becomes of applications whose service user is deleted."""
from odoo import api, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.ondelete(at_uninstall=False)
    def _unlink_archives_direct_clients(self):
        """An application with direct authorization is nothing without its user: it does not come to sign people in."""
        clients = self.env['oauth2.client'].sudo().with_context(active_test=False)
        clients.search([('user_id', 'in', self.ids), ('has_direct_authorization', '=', True)]).write(
            {'active': False, 'has_direct_authorization': False, 'user_id': False})
