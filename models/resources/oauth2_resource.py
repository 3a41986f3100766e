"""APIs outside Odoo that accept tokens of this server."""
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...protocol import issuer
from ..oauth2_configuration import LIMITS


class OAuth2Resource(models.Model):
    """A protected resource outside Odoo (RFC 8707 §2), such as a tool server in front of this Odoo.

    A token for it has its address as audience, has only scopes of this API, those that it may use in Odoo, and those
    about the user, and opens nothing at any address of this server.
    """
    _name = 'oauth2.resource'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 API'
    _order = 'name, id'
    _allow_sudo_commands = False
    _recorded_as = 'resource'

    name = fields.Char('API', required=True, help='The consent page names it.')
    active = fields.Boolean(default=True)
    uri = fields.Char(
        'Address', required=True, help='Applications name it in the parameter resource, and tokens as their audience.')
    logo = fields.Image(max_width=256, max_height=256)
    access_token_lifetime = fields.Integer(
        'Access token lifetime', help='In minutes, where it is shorter than that of the application. 0: no shorter.')
    scope_ids = fields.One2many('oauth2.scope', 'resource_id', 'Scopes')
    client_ids = fields.One2many('oauth2.client', 'resource_id', 'Its own applications')

    _uri_unique = models.Constraint('UNIQUE (uri)', 'There is an API with this address already.')
    _lifetime = models.Constraint(
        'CHECK (access_token_lifetime BETWEEN 0 AND %d)' % LIMITS['access_token_lifetime'],
        'Access token lifetime: enter 0 to 1440 minutes.')

    @api.constrains('uri')
    def _check_uri(self):
        """An address is compared exactly, so it must have the usual spelling. Addresses below this server's own are
        Odoo's.
        """
        for resource in self:
            if problem := self._problem_of(resource.uri):
                raise ValidationError(problem)

    @api.model
    def _problem_of(self, uri):
        """What is wrong with the address of an API, in words; or None."""
        if issuer.problem(uri):
            return self.env._(
                'Write the address as https://tools.example.com/mcp: in lower case up to the path, without a slash '
                'at its end, a query or a fragment, not: %s', uri)
        if self._is_here(uri):
            return self.env._(
                '%s is an address of this server, whose tokens are those for Odoo. Enter that of the API itself.',
                uri)
        return None

    @api.model
    def _is_here(self, uri):
        """Whether an address lies at the issuer, or below it."""
        return _lies_below(uri, self.env['oauth2.configuration']._issuer_or_none())

    @api.model
    def _by_uri(self):
        """The APIs for which there are tokens: addresses to IDs. If this server has moved to the address of an API,
        that one is left out.
        """
        return self._elsewhere(self.env['oauth2.configuration']._issuer_or_none())

    @api.model
    def _of(self, audience):
        """The API of an audience; empty if the audience is this server."""
        return self.sudo().browse(self._by_uri().get(audience))

    @api.model
    @tools.ormcache('own')
    def _elsewhere(self, own):
        return {resource.uri: resource.id for resource in self.sudo().search_fetch([], ['uri'])
                if not _lies_below(resource.uri, own)}

    @api.model_create_multi
    def create(self, vals_list):
        self.env['oauth2.scope']._forget_what_is_opened()
        return super().create(vals_list)

    def write(self, vals):
        self.env['oauth2.scope']._forget_what_is_opened()
        return super().write(vals)

    def unlink(self):
        self.env['oauth2.scope']._forget_what_is_opened()
        return super().unlink()


def _lies_below(uri, own):
    return own is not None and f'{uri}/'.startswith(f'{own}/')
