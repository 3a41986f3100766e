"""The use of refresh tokens: the current one, the previous one, older ones, and those newer than a restored backup."""
import json
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .oauth2_authorization import GRANTED, NOW, Grant


class RefreshClaims(NamedTuple):
    """The claims of a refresh token.

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
        """From the claims of the JWT. Old tokens identify their authorization by its number, not its name."""
        return cls(str(claims['authorization']), claims['generation'], claims['iat'], claims['exp'])


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _rotate(self, client, claims, scope=(), resource=None):
        """Advance to the next refresh token, if this one is the current one, in one statement. A client that keeps its
        refresh token gets the same one.

        Whatever was granted, the resource must still exist, and the client must have a scope for it. A client that is
        refused gets no next token, so it keeps its own.

        :param claims: the :class:`RefreshClaims` of the presented token.
        :param scope: the scopes that the request names: they must have been granted.
        :param resource: the resource that the request names: it must be the granted one; if none was granted, one of
            this server.
        :return: the :class:`~.oauth2_authorization.Grant` with its new generation; None if the presented token is not
            the current one of a living authorization of this client, or the request asks for more than was granted.
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
        # A token from the time when the client still rotated them is the last of its kind.
        return stays or self._go_on(
            client, claims, claims.generation + 1, SQL('%s AND %s', was_granted, _is_current(claims)))

    @api.model
    def _catch_up(self, client, claims):
        """Advance a row that is behind its token, because a backup was restored.

        :return: the :class:`~.oauth2_authorization.Grant`; None if the row is not behind.
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
        """A living authorization of this client.

        :return: the :class:`~.oauth2_authorization.Grant`, and the seconds since its last rotation; None if there is
            none.
        """
        self.env.cr.execute(SQL(
            """ SELECT extract(epoch FROM (now() AT TIME ZONE 'UTC') - rotated_at), %(columns)s
                  FROM oauth2_authorization
                 WHERE name = %(name)s AND client_id = %(client)s AND %(is_living)s """,
            columns=Grant.columns(), name=name, client=client.id, is_living=self._is_living(GRANTED)))
        row = self.env.cr.fetchone()
        return row and (Grant(*row[1:]), row[0])


def _is_current(claims):
    """The SQL condition that the row yields this very token, rotated or kept."""
    return SQL('(%s OR %s)', _is_made(claims, 'rotated_at', 'idle_expires_at'), _is_kept(claims))


def _is_kept(claims):
    """The SQL condition that the row yields this very token for a client that keeps it."""
    return _is_made(claims, 'create_date', 'expires_at')


def _is_made(claims, made, end):
    """The comparison with :meth:`~.oauth2_authorization.Grant.times`, in SQL."""
    return SQL(
        """ (generation = %(generation)s AND floor(extract(epoch FROM %(made)s)) = %(issued_at)s
             AND floor(extract(epoch FROM %(end)s)) = %(expires_at)s) """,
        generation=claims.generation, made=SQL.identifier(made), issued_at=claims.issued_at,
        end=SQL.identifier(end), expires_at=claims.expires_at)
