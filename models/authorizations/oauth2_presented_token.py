"""Tokens that a client presents without using them: to revoke them, or to introspect them."""
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...protocol.errors import InvalidToken
from .oauth2_authorization_token import is_exchanged


class PresentedToken(NamedTuple):
    """A token that this server signed and that has not expired. Its authorization may have ended."""
    is_access_token: bool
    claims: dict

    @property
    def authorization(self):
        """The name of its authorization; in older tokens, its number."""
        return str(self.claims['authorization'])

    def has_exchanged(self, client):
        """Whether a client got it by exchange."""
        return is_exchanged(self.claims) and self.claims['client_id'] == client.client_id


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _read_token(self, token):
        """Read a token of either kind, for any resource.

        :return: the :class:`PresentedToken`, or None if it is not this server's, or has expired.
        """
        for is_access_token, read in ((True, self._read_access_token), (False, self._read_refresh_token)):
            try:
                return PresentedToken(is_access_token, read(token))
            except InvalidToken:
                continue
        return None

    @api.model
    def _of_client(self, client, presented):
        """The authorization of a token, if it is this client's; else an empty recordset."""
        return self.search_fetch([('name', '=', presented.authorization), ('client_id', '=', client.id)],
                                 ['client_id', 'user_id'])

    @api.model
    def _describe(self, presented):
        """What a resource server may know of a token now (RFC 7662 §2.2).

        A refresh token is described only while it is the current one.

        :return: the members, or None if the token is not active.
        """
        claims = presented.claims
        if not self.env['oauth2.configuration']._is_audience(claims['aud']):
            return None
        self.env.cr.execute(SQL(
            """ SELECT client.client_id, %s, granted.scope, granted.resource, res_users.login, granted.grant_type,
                       subject.name
                  FROM oauth2_authorization granted %s
                 WHERE granted.name = %s AND %s AND expires_at > now() AT TIME ZONE 'UTC' AND NOT %s """,
            self.env['oauth2.client']._scope_sql(SQL('client')), self._standing(SQL('granted')),
            presented.authorization,
            self._is_of(claims) if presented.is_access_token else SQL(
                "granted.generation = %s AND idle_expires_at > now() AT TIME ZONE 'UTC'", claims['generation']),
            self.env['oauth2.authorization.end']._has_ended(SQL('granted'))))
        row = self.env.cr.fetchone()
        if row is None:
            return None
        client_id, allowed, granted, resource, login, grant_type, user_subject = row
        if presented.is_access_token:
            client_id = claims['client_id']  # of the client that exchanged it, if one did
            members = {name: claims[name] for name in ('sub', 'aud', 'jti', 'act') if name in claims}
            scope = self._scope_left(claims, allowed, resource)
        else:
            members = {'sub': user_subject, 'aud': claims['aud']}
            scope = [name for name in granted.split() if name in (allowed or '').split()]
        own = {} if grant_type == 'client_credentials' else {'username': login}
        kind = {'token_type': 'bearer'} if presented.is_access_token else {}
        return {
            'scope': ' '.join(scope),
            'client_id': client_id, **own, **kind,
            'exp': claims['exp'], 'iat': claims['iat'], 'iss': claims['iss'], **members,
        }
