"""Applications that belong to an API: they introspect the tokens for it."""
from odoo import api, fields, models
from odoo.exceptions import AccessError


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    resource_id = fields.Many2one(
        'oauth2.resource', 'Introspects for', index='btree_not_null', ondelete='set null',
        help='The API that it is, or works for: it may introspect the tokens that are for it (RFC 7662).')

    _public_is_no_api = models.Constraint(
        'CHECK (NOT (is_public AND resource_id IS NOT NULL))',
        'A public application has no secret, and cannot introspect tokens for an API.')

    @api.model_create_multi
    def create(self, vals_list):
        """Only an administrator of Odoo, who decides about APIs, says which applications are theirs."""
        clients = super().create(vals_list)
        if clients.filtered(lambda client: client._of_api()):
            self._check_may_decide_about_apis()
        return clients

    def write(self, vals):
        """The same. What an application got as one API's is not good as another's."""
        former = {client: (client._of_api(), client.resource_id) for client in self}
        result = super().write(vals)
        for client, (of_api, resource) in former.items():
            if client._of_api() - of_api:
                self._check_may_decide_about_apis()
            if resource and client.resource_id != resource:
                client._replace_epochs('epoch')
        return result

    def _of_api(self):
        """What this application may do for an API: a set, which grows when it gets more."""
        return {*self.sudo().resource_id, *(['exchange'] if self.grant_token_exchange else [])}

    @api.model
    def _check_may_decide_about_apis(self):
        if not self.env.su and not self.env.user._is_system():
            raise AccessError(self.env._(
                'Only an administrator of Odoo may let an application introspect or exchange the tokens of an API.'))

    def _asked_apis(self):
        """The APIs that a request of this client can name (RFC 8707 §2) to get scopes of theirs, by name. What belongs
        to an API is no caller of it.
        """
        self.ensure_one()
        known = self.env['oauth2.resource']._by_uri().values()
        apis = (self.sudo().scope_ids.resource_id - self.sudo().resource_id)._origin
        return apis.filtered(lambda api: api.id in known).sorted()

    def _introspected(self):
        """The audiences whose tokens this client may introspect, beside its own tokens: a set."""
        apis = self.env['oauth2.resource']._by_uri()
        odoo = self.env['oauth2.configuration']._resources() if self.is_resource_server else ()
        return {*odoo, *(uri for uri, id_ in apis.items() if id_ == self.resource_id.id)}

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'resource_id']
