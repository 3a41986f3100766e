"""What the form of an application tells of its health."""
from odoo import models

from ...protocol.issuer import PATH


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    def action_test_connection(self):
        """Tell in words what would go wrong if it connected now."""
        self.ensure_one()
        self.check_access('read')
        return self.env['oauth2.connection.test']._dialog(self)

    def action_try_sign_in(self):
        """Ask the administrator as a user would be asked, and tell what the application would learn."""
        self.ensure_one()
        self.check_access('read')
        return {'type': 'ir.actions.act_url', 'url': f'{PATH}/try?client_id={self.client_id}', 'target': 'new'}
