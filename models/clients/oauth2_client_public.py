"""What a client that cannot keep a secret must not have (RFC 6749 §2.1)."""
from odoo import api, models

_FOR_PUBLIC = {
    'user_id': False, 'has_direct_authorization': False, 'grant_client_credentials': False,
    'grant_token_exchange': False, 'pkce': 'automatic', 'refresh_rotation': 'rotate', 'proof': 'secret',
    'is_resource_server': False, 'resource_id': False, 'is_trusted': False}


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    @api.onchange('is_public')
    def _onchange_is_public(self):
        """Reset the fields that the form then hides, so that they do not prevent saving."""
        if self.is_public:
            self.update(_FOR_PUBLIC)

    def write(self, vals):
        """A client that becomes public loses its secrets: they must not become valid again if it changes back."""
        result = super().write(vals)
        self.filtered('is_public').secret_ids.unlink()
        return result
