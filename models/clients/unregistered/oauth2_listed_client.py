"""The clients with a metadata document that may connect, if only listed ones may."""
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ....protocol.client_metadata import is_document_url


class OAuth2ListedClient(models.Model):
    """The address of a client's metadata document, which is its client ID. Well-known assistants are shipped, but none
    may connect until an administrator of Odoo allows it.
    """
    _name = 'oauth2.listed.client'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 Listed Assistant'
    _order = 'sequence, name'
    _allow_sudo_commands = False
    _recorded_as = 'listed_client'

    name = fields.Char('Assistant', required=True)
    sequence = fields.Integer(default=50)
    uri = fields.Char('Client ID', required=True, help='The address of its metadata document, compared as it is.')
    is_allowed = fields.Boolean('May connect')

    _uri_unique = models.Constraint('UNIQUE (uri)', 'This client ID is listed already.')

    @api.constrains('uri')
    def _check_uri(self):
        for listed in self:
            if not is_document_url(listed.uri):
                raise ValidationError(self.env._(
                    'Write the address of the metadata document as https://app.example.com/client.json: with a path, '
                    'and without a user name or a fragment, not: %s', listed.uri))

    @api.model
    @tools.ormcache()
    def _allowed(self):
        """The addresses of those that may connect."""
        return frozenset(self.sudo().search_fetch([('is_allowed', '=', True)], ['uri']).mapped('uri'))

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_what_is_allowed()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_what_is_allowed()
        return super().write(vals)

    def unlink(self):
        self._forget_what_is_allowed()
        return super().unlink()

    @api.model
    def _forget_what_is_allowed(self):
        """Clear the cache, now and again after the commit: until then, others may fill it with the old values."""
        clear = self.env.registry.clear_cache
        clear()
        self.env.cr.postcommit.add(clear)
