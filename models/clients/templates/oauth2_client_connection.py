"""The addresses that other software asks for, beside the client ID and the secret."""
from odoo import api, fields, models

from ....protocol.issuer import PATH
from .oauth2_client_template import FOR_PEOPLE


class OAuth2Connection(models.AbstractModel):
    """The addresses of this server that an application needs, named as in its metadata (RFC 8414 §2). The form of an
    application and the dialog with its new secret inherit these fields.
    """
    _name = 'oauth2.connection'
    _description = 'OAuth2 Connection'

    issuer = fields.Char(compute='_compute_connection', help='For software that finds the rest by itself.')
    discovery_endpoint = fields.Char('Discovery', compute='_compute_connection')
    authorization_endpoint = fields.Char('Authorization URL', compute='_compute_connection')
    device_authorization_endpoint = fields.Char(
        'Device authorization URL', compute='_compute_connection', help='Where a device without a browser begins.')
    verification_uri = fields.Char(
        'Page for codes', compute='_compute_connection', help='Where its users type the code that the device shows.')
    token_endpoint = fields.Char('Token URL', compute='_compute_connection')
    userinfo_endpoint = fields.Char('Userinfo URL', compute='_compute_connection')
    introspection_endpoint = fields.Char('Introspection URL', compute='_compute_connection')
    jwks_uri = fields.Char('JWKS URL', compute='_compute_connection', help='The keys that tokens are verified with.')
    resource = fields.Char(
        compute='_compute_connection',
        help='The API whose scopes it has. Its requests name it in the parameter resource (RFC 8707): without it they '
             'get none of these scopes.')

    def _compute_connection(self):
        self.update(dict.fromkeys(ADDRESSES, False))


ADDRESSES = tuple(name for name, field in vars(OAuth2Connection).items() if isinstance(field, fields.Field))


class OAuth2Client(models.Model):
    _name = 'oauth2.client'
    _inherit = ['oauth2.client', 'oauth2.connection']

    @api.depends('kind', 'grant_client_credentials', 'grant_device_code', 'is_resource_server', 'resource_id',
                 'scope_ids.resource_id.uri')
    def _compute_connection(self):
        for client in self:
            client.update(client._connection())

    def _connection(self):
        """The addresses that this application needs.

        :return: names of fields to texts; False for those it does not need, and for all if this server has no issuer.
        """
        self.ensure_one()
        addresses, needed = self._addresses(), self._needed_addresses()
        addresses['resource'] = addresses['issuer'] and self._asked_apis()[:1].uri
        return {name: name in needed and addresses[name] for name in ADDRESSES}

    def _needed_addresses(self):
        needed = {'resource'}
        if self.kind in FOR_PEOPLE:
            needed |= {'issuer', 'discovery_endpoint', 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint',
                       'jwks_uri'}
        if self.kind == 'direct':
            needed |= {'authorization_endpoint', 'token_endpoint'}
        if self.grant_device_code:
            needed |= {'issuer', 'discovery_endpoint', 'device_authorization_endpoint', 'verification_uri',
                       'token_endpoint', 'userinfo_endpoint', 'jwks_uri'}
        if self.grant_client_credentials:
            needed |= {'issuer', 'token_endpoint'}
        if self.is_resource_server or self.resource_id:
            needed |= {'issuer', 'introspection_endpoint', 'jwks_uri'}
        return needed

    @api.model
    def _addresses(self):
        """All addresses, as in the metadata.

        :return: names of fields to texts; False if there is none.
        """
        configuration = self.env['oauth2.configuration'].sudo()
        issuer = configuration._issuer_or_none()
        if not issuer:
            return dict.fromkeys(ADDRESSES, False)
        openid_connect = configuration._allows('openid_connect')
        document = 'openid-configuration' if openid_connect else 'oauth-authorization-server'
        endpoints = f'{issuer}{PATH}'
        return {
            'issuer': issuer,
            'discovery_endpoint': f'{issuer}/.well-known/{document}',
            'authorization_endpoint': f'{endpoints}/authorize',
            'device_authorization_endpoint': f'{endpoints}/device_authorization',
            'verification_uri': f'{endpoints}/device',
            'token_endpoint': f'{endpoints}/access_token',
            'userinfo_endpoint': openid_connect and f'{endpoints}/userinfo',
            'introspection_endpoint': configuration._allows('introspection') and f'{endpoints}/introspect',
            'jwks_uri': f'{endpoints}/jwks',
        }
