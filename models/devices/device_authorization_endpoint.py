"""The device authorization endpoint (RFC 8628 §3.1)."""
from urllib.parse import urlencode

from odoo import api, models

from ...protocol.issuer import PATH


class OAuth2DeviceAuthorizationEndpoint(models.AbstractModel):
    """Steps in the order of the specification."""
    _name = 'oauth2.device.authorization.endpoint'
    _description = 'OAuth2 Device Authorization Endpoint'

    @api.model
    def _answer(self, parameters, address):
        """Answer a device that asks for access.

        :param parameters: :class:`~...protocol.parameters.Parameters`.
        :param address: the caller's, shown to the person who answers.
        :return: the members of the answer (RFC 8628 §3.2).
        :raises OAuthError: by the steps below, in their order.
        """
        configuration = self.env['oauth2.configuration']
        if not configuration._allows('credentials_in_query'):
            parameters.refuse_credentials_in_query()
        client = self.env['oauth2.client']._authenticate(parameters.credentials, address)
        with self.env['oauth2.event']._recording_refusals(client):
            client._check_grant_type(self.env['oauth2.grant.device_code'])
            client._check_signs_people_in()
            resource = configuration._resource(parameters)
            scope = client._scope_for(parameters.get('scope'), configuration._target(resource))
            codes = self.env['oauth2.device.request']._make(client, scope, resource, address)
        page = f'{configuration._issuer()}{PATH}/device'
        return {
            'device_code': codes.device_code,
            'user_code': codes.user_code,
            'verification_uri': page,
            'verification_uri_complete': f'{page}?{urlencode({"user_code": codes.user_code})}',
            'expires_in': configuration.DEVICE_CODE_LIFETIME,
            'interval': configuration.DEVICE_POLLING_INTERVAL,
        }
