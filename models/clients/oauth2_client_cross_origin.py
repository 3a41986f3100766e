"""Pages that call Odoo's API from the browser, by their origin (CORS)."""
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...protocol.origin import is_origin


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    cors_origins = fields.Char(
        'Origins of its pages', help="For a page that calls the API of Odoo (JSON-2) from the browser: the origin "
                                     "of that page, such as https://app.example.com. Several: with spaces between "
                                     "them.")

    @api.constrains('cors_origins')
    def _check_cors_origins(self):
        """Origins are compared exactly, so they have to be written as browsers send them."""
        for client in self:
            for origin in (client.cors_origins or '').split():
                if not is_origin(origin):
                    raise ValidationError(self.env._(
                        'Write an origin as https://app.example.com or https://app.example.com:8443, in lower case and '
                        'without a path (http only for this machine), not: %s', origin))

    @api.model
    def _of_cors_origin(self, origin):
        """The IDs of the active clients that list an origin; a frozenset."""
        return self._by_cors_origin().get(origin, frozenset())

    @api.model
    @tools.ormcache()
    def _by_cors_origin(self):
        clients = self.sudo().search_fetch([('cors_origins', '!=', False)], ['cors_origins'])
        origins = {origin for client in clients for origin in client.cors_origins.split()}
        return {origin: frozenset(client.id for client in clients if origin in client.cors_origins.split())
                for origin in origins}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if {'cors_origins', 'active'} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
