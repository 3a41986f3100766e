"""The introspection endpoint (RFC 7662)."""
from odoo import api, models

from ...protocol.errors import NotFound

INACTIVE = {'active': False}


class OAuth2IntrospectionEndpoint(models.AbstractModel):
    """Whether a token is active, and what for. Who may not know gets the answer for an unknown token (§2.2, §4)."""
    _name = 'oauth2.introspection.endpoint'
    _description = 'OAuth2 Introspection Endpoint'

    @api.model
    def _answer(self, parameters, address):
        """Answer an introspection request of a confidential client: about its own tokens, and about access tokens for
        it.

        :param parameters: :class:`~...protocol.parameters.Parameters`.
        :param address: the caller's, for the event of a failure.
        :return: the members of the answer (§2.2).
        :raises OAuthError: by the steps below, in their order.
        """
        if not self.env['oauth2.configuration']._allows('introspection'):
            raise NotFound('there is no such address')
        if not self.env['oauth2.configuration']._allows('credentials_in_query'):
            parameters.refuse_credentials_in_query()
        client = self.env['oauth2.client']._authenticate_confidential(parameters.credentials, address)
        authorizations = self.env['oauth2.authorization']
        presented = authorizations._read_token(parameters.require('token'))
        if presented is None:
            return INACTIVE
        described = authorizations._describe(presented)
        if described is None or not self._may_know(client, presented, described):
            return INACTIVE
        if not client.is_resource_server and 'profile' not in described['scope'].split():
            described.pop('username', None)  # the user was not asked for this claim
        return {'active': True, **described}

    @api.model
    def _may_know(self, client, presented, described):
        # An API gets `active` only for access tokens: it must not mistake a refresh token for one.
        is_own = described['client_id'] == client.client_id
        return is_own or (presented.is_access_token and described['aud'] in client._introspected())
