"""The refresh token grant (RFC 6749 §6), with rotation (RFC 9700 §4.14.2) unless a client keeps its token."""
from odoo import api, models

from ...protocol.errors import ExpiredToken, InvalidToken
from ..authorizations.oauth2_authorization_refresh import RefreshClaims
from ..authorizations.oauth2_authorization_token import Issuance


class OAuth2GrantRefreshToken(models.AbstractModel):
    """Redeems a refresh token for the next one, and a new access token."""
    _name = 'oauth2.grant.refresh_token'
    _inherit = 'oauth2.grant'
    _description = 'OAuth2 Refresh Token Grant'

    _grant_type = 'refresh_token'
    _presented = 'refresh_token'
    _parameters = frozenset({'refresh_token', 'resource', 'scope'})

    @api.model
    def _redeem(self, client, parameters, address):
        authorizations = self.env['oauth2.authorization']
        try:
            claims = RefreshClaims.of(authorizations._read_refresh_token(parameters.require('refresh_token')))
        except ExpiredToken:
            self._refuse('expired refresh token')
        except InvalidToken as error:
            self._refuse_guess('refresh token: %s' % error.detail)
        configuration = self.env['oauth2.configuration']
        requested, resource = parameters.get('scope'), configuration._resource(parameters)
        # Refuse what no token of this client could have before the rotation. A later error would use up the token, and
        # the client would not receive the next one.
        scopes = client._scope_for(requested).split() if requested is not None else ()
        configuration._target(resource)

        def issuance(grant):
            audience = configuration._audience(grant.resource, resource)
            # Where it is less than what was granted, the refresh token stays good for all of that (RFC 6749 §6).
            return Issuance(grant, client._scope_within(grant.scope, requested, audience), audience)
        return issuance(authorizations._rotate(client, claims, scopes, resource)
                        or self._repeat_or_revoke(client, claims, issuance))

    @api.model
    def _repeat_or_revoke(self, client, claims, check):
        """Answer a token that is not the current one.

        If it is the previous one and was rotated a moment ago, the client lost the answer or sent two requests at once:
        it gets the same successor again. An older one was stolen, either by who sent it now or by who sent it first:
        the authorization is revoked.

        :param check: a function that refuses a grant from which less was granted than this request asks for.
        :return: the :class:`~..authorizations.oauth2_authorization.Grant` as it is. It is also that of the current
            token, of which more was asked than was granted: then what comes next says so.
        """
        found = self.env['oauth2.authorization']._find_living(client, claims.name)
        if found is None:
            self._refuse('its authorization has ended, or is of another client')
        grant, age = found
        if grant.is_behind(claims):
            return self._catch_up(client, claims, grant, check)
        is_within_grace = age < self.env['oauth2.configuration'].REFRESH_TOKEN_GRACE
        is_current = claims.generation == grant.generation
        if not is_current and (claims.generation != grant.generation - 1 or not is_within_grace):
            if not client._keeps_refresh_token():  # a client that forgets new tokens sends old ones
                self.env['oauth2.authorization'].browse(grant.id)._revoke('refresh_token_replay')
            self._refuse('refresh token used before')
        if not is_current:
            self.env['oauth2.event']._record_repeated_elsewhere(client, grant.user_id)
        return grant

    @api.model
    def _catch_up(self, client, claims, grant, check):
        """Answer a token that is ahead of its row: a backup was restored, and the row is older than the token.

        A confidential client continues from there. A public client cannot be told from a thief, so its user has to sign
        in again; but nothing was used twice, so the authorization is not revoked.
        """
        self.env['oauth2.event']._record_seldom('restored_backup_seen', client, grant.user_id)
        if client.is_public:
            self._refuse('refresh token of a time before a backup was restored')
        check(grant)  # a client that is refused keeps the token that it has
        # Where somebody else was faster, the row has gone on.
        return (self.env['oauth2.authorization']._catch_up(client, claims)
                or self._repeat_or_revoke(client, claims, check))
