"""The authorization code grant (RFC 6749 §4.1.3)."""
from typing import NoReturn

from odoo import api, models

from ...protocol import pkce
from ..authorizations.oauth2_authorization_token import Issuance


class OAuth2GrantAuthorizationCode(models.AbstractModel):
    """A code for tokens, once."""
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
        # Only now: who has not proven all of this can neither use up nor end what is another's.
        if issued.is_used:
            self._revoke_replayed(issued)
        if issued.is_expired:
            self._refuse('expired code')
        configuration = self.env['oauth2.configuration']
        audience = configuration._audience(issued.resource, configuration._resource(parameters))
        # A scope that the request names is passed over (RFC 6749 §4.1.3); one that was taken from the client is gone.
        scope = client._scope_within(issued.scope, None, audience)
        grant = self.env['oauth2.authorization']._begin(client, issued)
        if grant is None:  # somebody else was faster
            self._revoke_replayed(self.env['oauth2.authorization.code']._find(parameters['code']))
        if issued.code_challenge is not None:
            client._note_pkce()
        return Issuance(grant, scope, audience, issued.nonce)

    @api.model
    def _check_possession(self, client, issued, parameters):
        """Let nobody pass but the client that asked for the code, with what it asked with.

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
        # Everybody gets direct codes, and may hand one to a callback. What redeems codes there sends no such header.
        if issued.is_direct and scheme != 'oauth':
            self._refuse('a direct code without the OAuth header')
        if issued.is_direct != client.has_direct_authorization:
            self._refuse('a code of a mode that this client does not have any more')

    @api.model
    def _check_redirect_uri(self, client, issued, presented):
        # RFC 6749 §4.1.3: the same as in the authorization request. Where that left it out, it
        # meant the only one there is.
        authorized = issued.redirect_uri
        if authorized is None and presented is not None:
            authorized = client._only_redirect_uri()
        # OAuth 2.1 §4.1.3 has none here: the verifier proves who asked, and there is one address that it can be.
        if presented is None and issued.code_challenge is not None and client._has_one_address(authorized):
            return
        if presented != authorized:
            self._refuse('redirect_uri is not the one of the authorization request')

    @api.model
    def _check_verifier(self, challenge, verifier):
        # RFC 9700 §4.8.2: a verifier without a challenge means that somebody took the challenge away.
        if (challenge is None) != (verifier is None):
            self._refuse('code_verifier without code_challenge, or the reverse')
        if challenge is not None and not pkce.verifies(verifier, challenge):
            self._refuse('code_verifier does not fit')

    @api.model
    def _revoke_replayed(self, issued) -> NoReturn:
        """A second use, proven: one of the two users of this code is a thief (RFC 6749 §4.1.2)."""
        self.env['oauth2.authorization'].search([('name', '=', issued.authorization_name)])._revoke('code_replay')
        self._refuse('code used before')
