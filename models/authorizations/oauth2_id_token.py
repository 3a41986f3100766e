"""ID tokens: who signed in, when, and where (OpenID Connect Core §2)."""
from odoo import api, models

from ...protocol import jwt
from ..keys.oauth2_signing_key import ACCESS_TOKEN
from .oauth2_authorization import seconds

_ID_TOKEN_CLAIMS = {'sub': str}


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _id_token(self, client, issuance, access_token, issued_at, expires_at):
        """The ID token beside an access token.

        After a refresh it has no `nonce`: that belonged to the authentication (§12.2). The userinfo endpoint has the
        claims about the user; they are here, too, for a client that does not ask there.
        """
        grant = issuance.grant
        key = self.env['oauth2.signing.key']._current(ACCESS_TOKEN)
        claims = {
            'iss': self.env['oauth2.configuration']._issuer(),
            'sub': grant.subject,
            'aud': client.client_id,
            'iat': issued_at,
            'exp': expires_at,
            'auth_time': grant.auth_time and seconds(grant.auth_time),
            'nonce': issuance.nonce,
            'sid': grant.session_id,
            'at_hash': jwt.half_hash(access_token, key),
        }
        # In this order: claims that another addon adds replace none of the above.
        user = self.env['res.users'].browse(grant.user_id)
        claims = {**self._told_in_id_token(client, user, issuance.scope.split()), **claims}
        return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, jwt.ID_TOKEN_TYPE)

    @api.model
    def _told_in_id_token(self, client, user, scopes):
        """The claims about a user that an ID token holds beside those of the protocol.

        :param scopes: the names of the granted scopes.
        """
        if not client.has_claims_in_id_token:
            return {}
        groups = {'groups': user._oauth2_groups(client)} if 'groups' in scopes else {}
        return {**user._oauth2_claims(scopes), **groups}

    @api.model
    def _read_id_token(self, token):
        """The claims of an ID token of this server, as a hint (`id_token_hint`); it may have expired.

        :raises InvalidToken: this server did not issue it, or its key was removed.
        """
        return jwt.decode(token, self.env['oauth2.signing.key']._hint_keys(), jwt.ID_TOKEN_TYPE,
                          self.env['oauth2.configuration']._issuer(), None, _ID_TOKEN_CLAIMS, may_be_expired=True)
