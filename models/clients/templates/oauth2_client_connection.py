"""What other software asks an administrator for, beside the client ID and the secret."""
from odoo import api, fields, models

from ....protocol.issuer import PATH


class OAuth2Client(models.Model):
    """The addresses of this server, named as in its metadata (RFC 8414 §2). There are none before the issuer is set."""
    _inherit = 'oauth2.client'

    issuer = fields.Char(compute='_compute_connection', help='For software that finds the rest by itself.')
    discovery_endpoint = fields.Char('Discovery', compute='_compute_connection')
    authorization_endpoint = fields.Char('Authorization URL', compute='_compute_connection')
    token_endpoint = fields.Char('Token URL', compute='_compute_connection')
    userinfo_endpoint = fields.Char('Userinfo URL', compute='_compute_connection')

    @api.depends()
    def _compute_connection(self):
        connection = self._connection()
        for client in self:
            client.update(connection)

    @api.model
    def _connection(self):
        """The addresses.

        :return: names of fields to texts; False where there is none.
        """
        configuration = self.env['oauth2.configuration'].sudo()
        issuer = configuration._issuer_or_none()
        openid_connect = configuration._allows('openid_connect')
        document = 'openid-configuration' if openid_connect else 'oauth-authorization-server'
        return {
            'issuer': issuer,
            'discovery_endpoint': issuer and f'{issuer}/.well-known/{document}',
            'authorization_endpoint': issuer and f'{issuer}{PATH}/authorize',
            'token_endpoint': issuer and f'{issuer}{PATH}/access_token',
            'userinfo_endpoint': issuer and openid_connect and f'{issuer}{PATH}/userinfo',
        }
