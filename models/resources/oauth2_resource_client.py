"""Applications that belong to an API: they introspect the tokens for it."""
from odoo import api, fields, models


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    resource_id = fields.Many2one(
        'oauth2.resource', 'Introspects for', index='btree_not_null', ondelete='set null',
        help='The API that it is, or works for: it may introspect the tokens that are for it (RFC 7662).')

    _public_is_no_api = models.Constraint(
        'CHECK (NOT (is_public AND resource_id IS NOT NULL))',
        'A public application has no secret, and cannot introspect tokens for an API.')

    def _introspected(self):
        """The audiences whose tokens this client may introspect, beside its own tokens: a set."""
        apis = self.env['oauth2.resource']._by_uri()
        odoo = self.env['oauth2.configuration']._resources() if self.is_resource_server else ()
        return {*odoo, *(uri for uri, id_ in apis.items() if id_ == self.resource_id.id)}

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'resource_id']
