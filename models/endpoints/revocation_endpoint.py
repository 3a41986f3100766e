"""The revocation endpoint (RFC 7009)."""
from odoo import api, models

from ...protocol.errors import UnsupportedTokenType


class OAuth2RevocationEndpoint(models.AbstractModel):
    """A client revokes a token that it no longer needs. Either kind of token ends the whole authorization (§2.1)."""
    _name = 'oauth2.revocation.endpoint'
    _description = 'OAuth2 Revocation Endpoint'

    @api.model
    def _answer(self, parameters, address):
        """Answer a revocation request. A token that cannot be revoked is no error: it opens nothing (§2.2).

        :param parameters: :class:`~...protocol.parameters.Parameters`. `token_type_hint` is ignored, because the token
            shows its kind.
        :param address: the caller's, for the event of a failure.
        :return: the members of the answer: none.
        :raises OAuthError: by the steps below, in their order.
        """
        if not self.env['oauth2.configuration']._allows('credentials_in_query'):
            parameters.refuse_credentials_in_query()
        client = self.env['oauth2.client']._authenticate(parameters.credentials, address)
        authorizations = self.env['oauth2.authorization']
        presented = authorizations._read_token(parameters.require('token'))
        if presented is not None:
            if presented.has_exchanged(client):
                # It belongs to another client's authorization, which this client may not end (§2.1).
                raise UnsupportedTokenType('a token that came of an exchange ends with what it came of, or expires')
            authorizations._of_client(client, presented)._revoke('client_request')
        return {}
