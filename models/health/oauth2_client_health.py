"""What the form of an application tells of its health."""
from odoo import models


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    def action_test_connection(self):
        """Tell in words what would go wrong if it connected now."""
        self.ensure_one()
        self.check_access('read')
        return self.env['oauth2.connection.test']._dialog(self)
