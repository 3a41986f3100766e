"""The token endpoint (RFC 6749 §3.2)."""
from odoo import api, models, tools

from ...protocol.parameters import CLIENT_AUTHENTICATION


class OAuth2TokenEndpoint(models.AbstractModel):
    """Steps in the order of the specification; a grant type does its own part."""
    _name = 'oauth2.token.endpoint'
    _description = 'OAuth2 Token Endpoint'

    @api.model
    @tools.ormcache(cache='stable')
    def _parameters(self):
        """The names of the parameters that this endpoint knows: of client authentication, and of each grant type."""
        return CLIENT_AUTHENTICATION.union({'grant_type'}, *(
            grant_type._parameters for grant_type in self.env['oauth2.grant']._all()))

    @api.model
    def _answer(self, parameters, address):
        """Answer a token request.

        The effects of an error (an event, a revoked authorization) must be committed: the caller *returns* the error as
        its answer.

        :param parameters: :class:`~...protocol.parameters.Parameters`.
        :param address: the caller's, for the event of a failure.
        :return: the members of the answer (RFC 6749 §5.1).
        :raises OAuthError: by the steps below, in their order.
        """
        if not self.env['oauth2.configuration']._allows('credentials_in_query'):
            parameters.refuse_credentials_in_query()
        client = self.env['oauth2.client']._authenticate(parameters.credentials, address)
        with self.env['oauth2.event']._recording_refusals(client):
            grant_type = self.env['oauth2.grant']._find(parameters.require('grant_type'))
            client._check_grant_type(grant_type)
            issuance = grant_type._redeem(client, parameters, address)
        return self.env['oauth2.authorization']._answer(client, issuance)
