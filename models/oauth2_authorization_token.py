"""Tokens: what an authorization looks like to the client, and how it is known again."""
import time
from datetime import datetime, timedelta, timezone

from odoo import api, models
from odoo.tools import SQL

from ..protocol import jwt, validity
from ..protocol.errors import InvalidToken
from .oauth2_signing_key import ACCESS_TOKEN, REFRESH_TOKEN

# The claims that every token of ours carries beside the registered ones: the row that it belongs to.
_ACCESS_TOKEN_CLAIMS = {'sub': str, 'client_id': str, 'jti': str, 'scope': str, 'authorization': int}
_REFRESH_TOKEN_CLAIMS = {'authorization': int, 'generation': int}


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _answer(self, client, grant):
        """The members of a successful token answer (RFC 6749 §5.1), the documented ones first."""
        now = int(time.time())
        expires_at = min(now + self.env['oauth2.configuration'].ACCESS_TOKEN_LIFETIME, _seconds(grant.expires_at))
        answer = {
            'access_token': self._access_token(client, grant, now, expires_at),
            'token_type': 'bearer',
            'access_token_validity': (
                expires_at - now if client.access_token_validity == 'seconds'
                else validity.as_date(datetime.fromtimestamp(expires_at, timezone.utc))),
        }
        if client.grant_refresh_token:
            answer['refresh_token'] = self._refresh_token(grant)
        return {**answer, 'expires_in': expires_at - now, 'scope': grant.scope}

    @api.model
    def _access_token(self, client, grant, issued_at, expires_at):
        """A JWT for the API (RFC 9068 §2.2)."""
        configuration = self.env['oauth2.configuration']
        return jwt.encode({
            'iss': configuration._issuer(),
            'sub': str(grant.user_id),
            'aud': configuration._audience(),
            'client_id': client.client_id,
            'iat': issued_at,
            'exp': expires_at,
            'jti': jwt.new_id(),
            'scope': grant.scope,
            'authorization': grant.id,
        }, self.env['oauth2.signing.key']._current(ACCESS_TOKEN), jwt.ACCESS_TOKEN_TYPE)

    @api.model
    def _refresh_token(self, grant):
        """The refresh token of a generation.

        Everything in it comes from the row, so making it twice makes the same token, to the byte:
        that is how the answer to a repeated request is repeated, though no token is stored.
        """
        issuer = self.env['oauth2.configuration']._issuer()
        return jwt.encode({
            'iss': issuer,
            'aud': issuer,
            'iat': _seconds(grant.rotated_at),
            'exp': _seconds(grant.idle_expires_at),
            'authorization': grant.id,
            'generation': grant.generation,
        }, self.env['oauth2.signing.key']._current(REFRESH_TOKEN), jwt.REFRESH_TOKEN_TYPE)

    @api.model
    def _read_refresh_token(self, token):
        """The claims of a refresh token of this server.

        :raises InvalidToken: it is not one, or it has expired.
        """
        issuer = self.env['oauth2.configuration']._issuer()
        return jwt.decode(token, self.env['oauth2.signing.key']._by_kid(REFRESH_TOKEN), jwt.REFRESH_TOKEN_TYPE,
                          issuer, issuer, _REFRESH_TOKEN_CLAIMS)

    @api.model
    def _verify_access_token(self, token):
        """The user in whose name an access token speaks: by its signature, and one indexed read.

        :return: the user's ID.
        :raises InvalidToken: malformed, expired, revoked, or not for this database.
        """
        configuration = self.env['oauth2.configuration']
        claims = jwt.decode(token, self.env['oauth2.signing.key']._by_kid(ACCESS_TOKEN), jwt.ACCESS_TOKEN_TYPE,
                            configuration._issuer(), configuration._audience(), _ACCESS_TOKEN_CLAIMS)
        self.env.cr.execute(SQL(
            """ SELECT granted.user_id
                  FROM oauth2_authorization granted
                  JOIN oauth2_client client ON client.id = granted.client_id AND client.active
                  JOIN res_users ON res_users.id = granted.user_id AND res_users.active
                 WHERE granted.id = %s AND client.client_id = %s AND granted.user_id::text = %s
                   AND revoked_at IS NULL AND expires_at > now() AT TIME ZONE 'UTC'
                   AND (NOT granted.is_direct OR client.user_id = granted.user_id) """,
            claims['authorization'], claims['client_id'], claims['sub']))
        row = self.env.cr.fetchone()
        if row is None:
            raise InvalidToken(jwt.REFUSED, detail='its authorization has ended')
        return row[0]


def _seconds(moment):
    """A UTC time without a time zone, as Odoo keeps it, in seconds since 1970."""
    return int((moment - datetime(1970, 1, 1)) / timedelta(seconds=1))
