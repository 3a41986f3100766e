"""Token families: what a client may do in a user's name, from the code to the last refresh."""
import logging
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .oauth2_authorization_code import VACUUM_BATCH

_logger = logging.getLogger(__name__)

_NOW = SQL("date_trunc('second', now() AT TIME ZONE 'UTC')")

class Grant(NamedTuple):
    """The row of an authorization, as tokens are made of it. Times are in UTC, in whole seconds."""
    id: int
    user_id: int
    scope: str
    generation: int
    rotated_at: datetime
    idle_expires_at: datetime
    expires_at: datetime

    @classmethod
    def columns(cls):
        """The columns, for SELECT and RETURNING."""
        return SQL(', ').join(SQL.identifier('oauth2_authorization', name) for name in cls._fields)


class OAuth2Authorization(models.Model):
    """What came of one code: one client, one user, one scope, and every token since.

    No token is stored. An access token names its authorization and is good while that is; a refresh
    token names it and a generation. So revoking is one update, and so is rotating.
    """
    _name = 'oauth2.authorization'
    _description = 'OAuth2 Authorization'
    _order = 'id desc'
    _allow_sudo_commands = False

    client_id = fields.Many2one(
        'oauth2.client', 'Application', required=True, readonly=True, ondelete='cascade', index=True)
    user_id = fields.Many2one('res.users', required=True, readonly=True, ondelete='cascade', index=True)
    # A second use of the code ends what came of the first (RFC 6749 §4.1.2).
    code_id = fields.Many2one('oauth2.authorization.code', readonly=True, ondelete='set null', index='btree_not_null')
    scope = fields.Char(required=True, readonly=True)
    is_direct = fields.Boolean(
        'Direct', readonly=True, help='Given without asking, and good as long as the application acts for this user.')
    generation = fields.Integer(required=True, readonly=True, help='How often the refresh token was rotated.')
    rotated_at = fields.Datetime('Last refreshed', required=True, readonly=True)
    idle_expires_at = fields.Datetime('Ends if unused until', required=True, readonly=True, index=True)
    expires_at = fields.Datetime('Ends at the latest', required=True, readonly=True)
    revoked_at = fields.Datetime('Revoked', readonly=True, index='btree_not_null')
    revoked_because = fields.Selection([
        ('administrator', 'An administrator revoked it'),
        ('client', 'The application was archived, or lost what it needs'),
        ('user', "The user's login or password changed"),
        ('code_replay', 'Its code was used twice'),
        ('refresh_token_replay', 'An old refresh token was used'),
    ], 'Revoked because', readonly=True)
    is_active = fields.Boolean('Active', compute='_compute_is_active', search='_search_is_active')

    _revoked_with_reason = models.Constraint(
        'CHECK ((revoked_at IS NULL) = (revoked_because IS NULL))', 'A revocation has a time and a reason.')

    @api.depends('client_id', 'user_id')
    def _compute_display_name(self):
        for authorization in self:
            authorization.display_name = self.env._(
                '%(application)s for %(user)s',
                application=authorization.client_id.name, user=authorization.user_id.name)

    @api.depends('revoked_at', 'idle_expires_at')
    def _compute_is_active(self):
        now = fields.Datetime.now()
        for authorization in self:
            authorization.is_active = not authorization.revoked_at and authorization.idle_expires_at > now

    def _search_is_active(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('revoked_at', '=', False), ('idle_expires_at', '>', fields.Datetime.now())]

    # ------------------------------------------------------------------
    # Beginning, going on, ending
    # ------------------------------------------------------------------

    @api.model
    def _begin(self, issued):
        """Use a code up and begin the authorization that comes of it, in one statement.

        Of two requests that get here at the same time the database lets one through. The other's
        transaction fails, Odoo runs that request again, and then it finds the code used.

        :param issued: the :class:`~.oauth2_authorization_code.IssuedCode`, found unused.
        :return: the :class:`Grant`.
        """
        lifetimes = self.env['oauth2.configuration']
        self.env.cr.execute(SQL(
            """ WITH used AS (
                    UPDATE oauth2_authorization_code SET used_at = %(now)s
                     WHERE id = %(code)s AND used_at IS NULL
                 RETURNING id, client_id, user_id, scope, is_direct)
                INSERT INTO oauth2_authorization (
                            client_id, user_id, scope, code_id, is_direct, generation,
                            rotated_at, idle_expires_at, expires_at, create_date)
                     SELECT client_id, user_id, scope, id, is_direct, 0, %(now)s,
                            %(now)s + make_interval(secs => LEAST(%(idle)s, %(absolute)s)),
                            %(now)s + make_interval(secs => %(absolute)s), %(now)s
                       FROM used
                  RETURNING %(columns)s """,
            now=_NOW, code=issued.id, idle=lifetimes.REFRESH_TOKEN_IDLE_LIFETIME,
            absolute=lifetimes.AUTHORIZATION_LIFETIME, columns=Grant.columns()))
        return Grant(*self.env.cr.fetchone())

    @api.model
    def _rotate(self, client, authorization_id, generation):
        """Advance to the next refresh token, if this one is the current one, in one statement.

        :return: the :class:`Grant` with its new generation; None where the token presented is not
            the current one of a living authorization of this client.
        """
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_authorization
                   SET generation = generation + 1, rotated_at = %(now)s,
                       idle_expires_at = LEAST(%(now)s + make_interval(secs => %(idle)s), expires_at)
                 WHERE %(is_living)s AND generation = %(generation)s
             RETURNING %(columns)s """,
            now=_NOW, idle=self.env['oauth2.configuration'].REFRESH_TOKEN_IDLE_LIFETIME,
            is_living=self._is_living(client, authorization_id), generation=generation, columns=Grant.columns()))
        row = self.env.cr.fetchone()
        return row and Grant(*row)

    @api.model
    def _find_living(self, client, authorization_id):
        """A living authorization of this client, as it is.

        :return: the :class:`Grant`, and the seconds since its last rotation; None where there is none.
        """
        self.env.cr.execute(SQL(
            """ SELECT extract(epoch FROM (now() AT TIME ZONE 'UTC') - rotated_at), %(columns)s
                  FROM oauth2_authorization WHERE %(is_living)s """,
            columns=Grant.columns(), is_living=self._is_living(client, authorization_id)))
        row = self.env.cr.fetchone()
        return row and (Grant(*row[1:]), row[0])

    @api.model
    def _is_living(self, client, authorization_id):
        """The SQL that holds for this client's authorization as long as neither it nor its user has ended.

        A direct one is looked at with every use: it may have been given while, in a transaction
        that was not yet to be seen, the client was made to act for somebody else.
        """
        return SQL(
            """ oauth2_authorization.id = %s AND client_id = %s AND revoked_at IS NULL AND idle_expires_at > %s
                AND EXISTS (SELECT FROM res_users WHERE res_users.id = oauth2_authorization.user_id AND active)
                AND (NOT is_direct OR oauth2_authorization.user_id = %s) """,
            authorization_id, client.id, _NOW, client.user_id.id or None)

    @api.model
    def _end(self, domain, because):
        """End every authorization in a domain, and every code that could still become one.

        The codes are deleted, not only their authorizations looked for: so a code that is being
        redeemed at this moment, in a transaction that is not seen here, makes one of the two fail
        and run again.

        :param domain: on the fields `client_id` and `user_id`, which both have.
        :param because: a value of `revoked_because`.
        """
        self.env['oauth2.authorization.code'].sudo().search(domain).unlink()
        self.sudo().search(domain)._revoke(because)

    def _revoke(self, because):
        """End these authorizations and with them, at once, every token that belongs to them.

        :param because: a value of `revoked_because`. The first reason stays.
        """
        living = self.filtered(lambda authorization: not authorization.revoked_at)
        living.write({'revoked_at': fields.Datetime.now(), 'revoked_because': because})
        for authorization in living:
            _logger.info('OAuth2 authorization %s of client %s for user %s revoked: %s', authorization.id,
                         authorization.client_id.client_id, authorization.user_id.id, because)

    def action_revoke(self):
        """The administrator's button."""
        self.check_access('read')
        self.sudo()._revoke('administrator')

    @api.autovacuum
    def _gc_authorizations(self):
        """Remove what ended more than a week ago; no token of it is good any more."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_authorization
                 WHERE id IN (SELECT id FROM oauth2_authorization
                               WHERE idle_expires_at < (now() AT TIME ZONE 'UTC') - interval '7 days'
                                  OR revoked_at < (now() AT TIME ZONE 'UTC') - interval '7 days'
                               LIMIT %s) """, VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH
