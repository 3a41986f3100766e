"""The buttons of an application's form that test it."""
from odoo import models

from ...protocol.issuer import PATH


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    def action_test_connection(self):
        """Tell what would go wrong if the application connected now."""
        self.ensure_one()
        self.check_access('read')
        return self.env['oauth2.connection.test']._dialog(self)

    def action_try_sign_in(self):
        """Show the administrator the page that a user would see, and tell what the application would learn."""
        self.ensure_one()
        self.check_access('read')
        return {'type': 'ir.actions.act_url', 'url': f'{PATH}/try?client_id={self.client_id}', 'target': 'new'}
