"""The kind of an application, in the words of *New application*."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .oauth2_client_template import NAMES


class OAuth2Client(models.Model):
    """It is computed from the grant types, so that it is right however an application was made. No endpoint reads it:
    it is for people.
    """
    _inherit = 'oauth2.client'

    kind = fields.Selection(NAMES, compute='_compute_kind', store=True)
    notes = fields.Text(help='For administrators. A template writes here what has to be entered at the application.')

    @api.depends('is_public', 'has_direct_authorization', 'grant_authorization_code', 'grant_client_credentials',
                 'grant_device_code', 'is_resource_server', 'resource_id')
    def _compute_kind(self):
        for client in self:
            client.kind = client._kind()

    @api.constrains('kind')
    def _check_kind(self):
        for client in self:
            if client.kind != client._kind():
                raise ValidationError(self.env._('The kind of an application follows from its grant types.'))

    def _kind(self):
        return ('direct' if self.has_direct_authorization
                else 'device' if self.grant_device_code and not self.grant_authorization_code
                else 'app' if self.is_public
                else 'web' if self.grant_authorization_code
                else 'service' if self.grant_client_credentials
                else 'resource' if self.is_resource_server or self.resource_id
                else 'web')
