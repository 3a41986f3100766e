"""What a client that cannot keep a secret goes without (RFC 6749 §2.1)."""
from odoo import api, models

_NOT_FOR_PUBLIC = ('user_id', 'has_direct_authorization', 'grant_client_credentials', 'is_exempt_from_pkce',
                   'is_resource_server')


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    @api.onchange('is_public')
    def _onchange_is_public(self):
        """Empty what the form hides then, so that it does not keep anybody from saving."""
        if self.is_public:
            self.update(dict.fromkeys(_NOT_FOR_PUBLIC, False))

    def write(self, vals):
        """A client that becomes public loses its secrets: they must not come back to life should it change again."""
        result = super().write(vals)
        self.filtered('is_public').secret_ids.unlink()
        return result
