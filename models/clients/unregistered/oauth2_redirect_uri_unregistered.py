"""The redirect URIs that unregistered clients may have."""
from odoo import api, models
from odoo.exceptions import ValidationError

from ....protocol.client_metadata import is_for_unregistered


class OAuth2RedirectURI(models.Model):
    _inherit = 'oauth2.redirect.uri'

    @api.constrains('client_id', 'uri')
    def _check_unregistered(self):
        for address in self.sudo():
            if address.client_id._is_unregistered() and not is_for_unregistered(address.uri):
                raise ValidationError(self.env._(
                    'An application that came by itself sends people to addresses with https, of their own machine, or '
                    'of a well-known program, not to: %s', address.uri))

    def _record_change(self, what, old, new, field=None):
        if not self.client_id._changes_itself():
            super()._record_change(what, old, new, field)
