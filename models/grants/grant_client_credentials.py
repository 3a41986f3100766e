"""The client credentials grant (RFC 6749 §4.4)."""
from odoo import api, models

from ...protocol.errors import InvalidScope, UnauthorizedClient
from ..authorizations.oauth2_authorization_token import Issuance
from ..scopes.oauth2_scope import OPENID_CONNECT


class OAuth2GrantClientCredentials(models.AbstractModel):
    """A client asks in its own name. It acts with the rights of the user that an administrator has chosen for it."""
    _name = 'oauth2.grant.client_credentials'
    _inherit = 'oauth2.grant'
    _description = 'OAuth2 Client Credentials Grant'

    _grant_type = 'client_credentials'
    _parameters = frozenset({'resource', 'scope'})

    @api.model
    def _is_offered(self):
        return self.env['oauth2.configuration']._allows('client_credentials')

    @api.model
    def _redeem(self, client, parameters, address):
        configuration = self.env['oauth2.configuration']
        audience = configuration._target(configuration._resource(parameters))
        scope = self._scope(client, parameters.get('scope'), audience)
        grant = self.env['oauth2.authorization']._begin_for_itself(client)
        if grant is None:
            raise UnauthorizedClient('no user is set for this client to act for')
        return Issuance(grant, scope, audience)

    @api.model
    def _scope(self, client, requested, audience):
        """The scope, without scopes about a user: nobody has signed in."""
        scope = ' '.join(name for name in client._scope_for(requested, audience).split() if name not in OPENID_CONNECT)
        if not scope:
            raise InvalidScope('no user signs in here: name a scope that is not of OpenID Connect')
        return scope
