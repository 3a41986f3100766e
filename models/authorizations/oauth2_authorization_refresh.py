"""Refresh tokens that come back: the current one, the one before it, an older one, and one of a time that was lost."""
import json
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .oauth2_authorization import GRANTED, NOW, Grant


class RefreshClaims(NamedTuple):
    """What a refresh token says.

    :ivar name: of its authorization.
    :ivar issued_at: seconds since 1970.
    :ivar expires_at: seconds since 1970.
    """
    name: str
    generation: int
    issued_at: int
    expires_at: int

    @classmethod
    def of(cls, claims):
        """From the claims of the JWT. An authorization from before there were names is called by its number."""
        return cls(str(claims['authorization']), claims['generation'], claims['iat'], claims['exp'])


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _rotate(self, client, claims, scope=(), resource=None):
        """Advance to the next refresh token, if this one is the current one, in one statement. A client that keeps its
        refresh token stays with it.

        :param claims: the :class:`RefreshClaims` of the token presented.
        :param scope: the scopes that the request names: they have to have been granted.
        :param resource: the resource that the request names: it has to be the granted one. Where none was, it has to
            be one of this server.
        Whatever was granted, there still has to be the resource, and a scope for it: a client that is refused gets no
        next token, so it keeps the one that it has.

        :return: the :class:`~.oauth2_authorization.Grant` with its new generation; None where the token presented is
            not the current one of a living authorization of this client, or more is asked for than was granted.
        """
        configuration, elsewhere = self.env['oauth2.configuration'], self.env['oauth2.resource']._by_uri()
        allowed = {audience: client._scopes(audience) for audience in (*configuration._resources(), *elsewhere)}
        was_granted = SQL(
            """ string_to_array(scope, ' ') @> %(scope)s::text[]
                AND COALESCE(NULLIF(%(scope)s::text[], '{}'), string_to_array(scope, ' ')) && ARRAY(
                    SELECT jsonb_array_elements_text(%(allowed)s::jsonb -> COALESCE(%(resource)s, resource, %(here)s)))
                AND COALESCE(resource = COALESCE(%(resource)s, resource), %(is_here)s) """,
            scope=list(scope), allowed=json.dumps(allowed), resource=resource, here=configuration._issuer(),
            is_here=resource not in elsewhere)
        stays = client._keeps_refresh_token() and self._go_on(
            client, claims, claims.generation, SQL('%s AND %s', was_granted, _is_kept(claims)))
        # A token of the time when the client rotated them is the last one of its kind.
        return stays or self._go_on(
            client, claims, claims.generation + 1, SQL('%s AND %s', was_granted, _is_current(claims)))

    @api.model
    def _catch_up(self, client, claims):
        """Let the row go on from a token that is ahead of it: a backup was restored, and the row is older than its
        token.

        :return: the :class:`~.oauth2_authorization.Grant`; None where that is not so.
        """
        return self._go_on(client, claims, claims.generation + 1, SQL(
            "(generation < %(generation)s OR (generation = %(generation)s AND NOT %(is_current)s))",
            generation=claims.generation, is_current=_is_current(claims)))

    @api.model
    def _go_on(self, client, claims, generation, condition):
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_authorization
                   SET generation = %(next)s, rotated_at = %(now)s,
                       idle_expires_at = LEAST(%(idle_expires_at)s, expires_at)
                 WHERE name = %(name)s AND client_id = %(client)s AND %(is_living)s AND %(condition)s
             RETURNING %(columns)s """,
            next=generation, now=NOW, idle_expires_at=self._ends(client)['idle_expires_at'],
            name=claims.name, client=client.id, is_living=self._is_living(GRANTED), condition=condition,
            columns=Grant.columns()), log_exceptions=False)
        row = self.env.cr.fetchone()
        return row and Grant(*row)

    @api.model
    def _find_living(self, client, name):
        """A living authorization of this client, as it is.

        :return: the :class:`~.oauth2_authorization.Grant`, and the seconds since its last rotation; None where there
            is none.
        """
        self.env.cr.execute(SQL(
            """ SELECT extract(epoch FROM (now() AT TIME ZONE 'UTC') - rotated_at), %(columns)s
                  FROM oauth2_authorization
                 WHERE name = %(name)s AND client_id = %(client)s AND %(is_living)s """,
            columns=Grant.columns(), name=name, client=client.id, is_living=self._is_living(GRANTED)))
        row = self.env.cr.fetchone()
        return row and (Grant(*row[1:]), row[0])


def _is_current(claims):
    """The SQL that holds where the row would make this very token, or has made it to be kept."""
    return SQL('(%s OR %s)', _is_made(claims, 'rotated_at', 'idle_expires_at'), _is_kept(claims))


def _is_kept(claims):
    """The SQL that holds where the row makes this very token for a client that keeps it."""
    return _is_made(claims, 'create_date', 'expires_at')


def _is_made(claims, made, end):
    """The same as :meth:`~.oauth2_authorization.Grant.times`, in SQL."""
    return SQL(
        """ (generation = %(generation)s AND floor(extract(epoch FROM %(made)s)) = %(issued_at)s
             AND floor(extract(epoch FROM %(end)s)) = %(expires_at)s) """,
        generation=claims.generation, made=SQL.identifier(made), issued_at=claims.issued_at,
        end=SQL.identifier(end), expires_at=claims.expires_at)
