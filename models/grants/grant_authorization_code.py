"""The authorization code grant (RFC 6749 §4.1.3)."""
from typing import NoReturn

from odoo import api, models

from ...protocol import pkce
from ..authorizations.oauth2_authorization_token import Issuance


class OAuth2GrantAuthorizationCode(models.AbstractModel):
    """Redeems a code for tokens, once."""
    _name = 'oauth2.grant.authorization_code'
    _inherit = 'oauth2.grant'
    _description = 'OAuth2 Authorization Code Grant'

    _grant_type = 'authorization_code'
    _presented = 'code'
    _parameters = frozenset({'code', 'code_verifier', 'redirect_uri', 'resource', 'scope'})

    @api.model
    def _redeem(self, client, parameters, address):
        issued = self.env['oauth2.authorization.code']._find(parameters.require('code'))
        if issued is None:
            self._refuse_guess('unknown code')
        self._check_possession(client, issued, parameters)
        # Only now: nobody may use up or revoke another client's code without proving all of this.
        if issued.is_used:
            self._revoke_replayed(issued)
        if issued.is_expired:
            self._refuse('expired code')
        configuration = self.env['oauth2.configuration']
        audience = configuration._audience(issued.resource, configuration._resource(parameters))
        # A scope in the request is ignored (RFC 6749 §4.1.3). Scopes that the client has lost meanwhile are left out.
        scope = client._scope_within(issued.scope, None, audience)
        grant = self.env['oauth2.authorization']._begin(client, issued)
        if grant is None:  # another request was faster
            self._revoke_replayed(self.env['oauth2.authorization.code']._find(parameters['code']))
        if issued.code_challenge is not None:
            client._note_pkce()
        return Issuance(grant, scope, audience, issued.nonce)

    @api.model
    def _check_possession(self, client, issued, parameters):
        """Refuse all but the client that requested the code, with the parameters of that request.

        :raises InvalidGrant: see above.
        """
        if issued.client_id != client.id:
            self._refuse('a code of another client')
        self._check_mode(client, issued, parameters.credentials.scheme)
        self._check_redirect_uri(client, issued, parameters.get('redirect_uri'))
        self._check_verifier(issued.code_challenge, parameters.get('code_verifier'))

    @api.model
    def _check_mode(self, client, issued, scheme):
        if issued.is_device:
            self._refuse('a device code: it has its own grant type')
        # Anybody can get direct codes, and send one to a callback. What redeems codes there sends no such header.
        if issued.is_direct and scheme != 'oauth':
            self._refuse('a direct code without the OAuth header')
        if issued.is_direct != client.has_direct_authorization:
            self._refuse('a code of a mode that this client does not have any more')

    @api.model
    def _check_redirect_uri(self, client, issued, presented):
        # RFC 6749 §4.1.3: the same as in the authorization request. Without one there, it was the only registered one.
        authorized = issued.redirect_uri
        if authorized is None and presented is not None:
            authorized = client._only_redirect_uri()
        # OAuth 2.1 §4.1.3 needs none here: the verifier proves who asked, and only one address is possible.
        if presented is None and issued.code_challenge is not None and client._has_one_address(authorized):
            return
        if presented != authorized:
            self._refuse('redirect_uri is not the one of the authorization request')

    @api.model
    def _check_verifier(self, challenge, verifier):
        # RFC 9700 §4.8.2: a verifier without a challenge means that somebody removed the challenge.
        if (challenge is None) != (verifier is None):
            self._refuse('code_verifier without code_challenge, or the reverse')
        if challenge is not None and not pkce.verifies(verifier, challenge):
            self._refuse('code_verifier does not fit')

    @api.model
    def _revoke_replayed(self, issued) -> NoReturn:
        """A proven second use: one of the two users of this code is a thief, so revoke (RFC 6749 §4.1.2)."""
        self.env['oauth2.authorization'].search([('name', '=', issued.authorization_name)])._revoke('code_replay')
        self._refuse('code used before')
