"""Token families: what a client may do in a user's name, from the code to the last refresh."""
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .oauth2_authorization_code import VACUUM_BATCH

_NOW = SQL("date_trunc('second', now() AT TIME ZONE 'UTC')")

class Grant(NamedTuple):
    """The row of an authorization, as tokens are made of it. Times are in UTC, in whole seconds."""
    id: int
    user_id: int
    grant_type: str
    scope: str
    resource: str | None
    session_id: str | None
    auth_time: datetime | None
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
    grant_type = fields.Char('Grant type', required=True, readonly=True, default='authorization_code')
    scope = fields.Char(required=True, readonly=True)
    resource = fields.Char(readonly=True, help='What its tokens are for, where the application named one resource.')
    session_id = fields.Char('Session (sid)', readonly=True, index='btree_not_null')
    auth_time = fields.Datetime('Logged in', readonly=True)
    is_direct = fields.Boolean(
        'Direct', readonly=True,
        help="Given without asking, and good as long as this is the application's service user.")
    generation = fields.Integer(required=True, readonly=True, help='How often the refresh token was rotated.')
    rotated_at = fields.Datetime('Last refreshed', required=True, readonly=True)
    idle_expires_at = fields.Datetime('Ends if unused until', required=True, readonly=True, index=True)
    expires_at = fields.Datetime('Ends at the latest', required=True, readonly=True)
    revoked_at = fields.Datetime('Revoked', readonly=True, index='btree_not_null')
    revoked_because = fields.Selection([
        ('administrator', 'An administrator revoked it'),
        ('client', 'The application was archived, or lost what it needs'),
        ('client_request', 'The application gave it back'),
        ('consent', 'The user withdrew the consent'),
        ('logout', 'The user signed out'),
        ('user', "The user's login or password changed"),
        ('code_replay', 'Its code was used twice'),
        ('refresh_token_replay', 'An old refresh token was used'),
    ], 'Revoked because', readonly=True)
    is_active = fields.Boolean('Active', compute='_compute_is_active', search='_search_is_active')

    # RFC 6749 §4.4: one for each client, however many tokens it asks for.
    _client_credentials_unique = models.UniqueIndex(
        "(client_id) WHERE grant_type = 'client_credentials' AND revoked_at IS NULL",
        'An application has one authorization of its own.')
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
    def _begin(self, client, issued):
        """Use a code up and begin the authorization that comes of it, in one statement.

        Of two requests that get here at the same time the database lets one through. The other's
        transaction fails, Odoo runs that request again, and then it finds the code used.

        :param issued: the :class:`~.oauth2_authorization_code.IssuedCode`, found unused.
        :return: the :class:`Grant`.
        """
        self.env.cr.execute(SQL(
            """ WITH used AS (
                    UPDATE oauth2_authorization_code SET used_at = %(now)s
                     WHERE id = %(code)s AND used_at IS NULL
                 RETURNING id, client_id, user_id, scope, resource, session_id, auth_time, is_direct)
                INSERT INTO oauth2_authorization (
                            client_id, user_id, scope, resource, session_id, auth_time, code_id, is_direct,
                            grant_type, generation, rotated_at, idle_expires_at, expires_at, create_date)
                     SELECT client_id, user_id, scope, resource, session_id, auth_time, id, is_direct,
                            'authorization_code', 0, %(now)s, %(idle_expires_at)s, %(expires_at)s, %(now)s
                       FROM used
                  RETURNING %(columns)s """,
            now=_NOW, code=issued.id, columns=Grant.columns(), **self._ends(client)))
        return Grant(*self.env.cr.fetchone())

    @api.model
    def _begin_for_itself(self, client):
        """The authorization of a client that asks for itself (RFC 6749 §4.4): there is one, and tokens write nothing.

        :return: the :class:`Grant`. It lives for at least as long as an access token that is made now.
            None where the client acts for nobody, or for a user who is archived.
        """
        configuration = self.env['oauth2.configuration']
        self.env.cr.execute(SQL(
            """ SELECT %(columns)s FROM oauth2_authorization
                 WHERE client_id = %(client)s AND user_id = %(user)s AND grant_type = 'client_credentials'
                   AND EXISTS (SELECT FROM res_users WHERE id = %(user)s AND active)
                   AND revoked_at IS NULL AND expires_at > %(now)s + make_interval(secs => %(lifetime)s) """,
            columns=Grant.columns(), client=client.id, user=client.user_id.id or None, now=_NOW,
            lifetime=configuration._access_token_lifetime(client)))
        row = self.env.cr.fetchone()
        if row is None:
            self.env.cr.execute(SQL(
                """ INSERT INTO oauth2_authorization (
                                client_id, user_id, scope, is_direct, grant_type, generation,
                                rotated_at, idle_expires_at, expires_at, create_date)
                         SELECT %(client)s, id, %(scope)s, TRUE, 'client_credentials', 0,
                                %(now)s, %(expires_at)s, %(expires_at)s, %(now)s
                           FROM res_users WHERE id = %(user)s AND active
                    ON CONFLICT (client_id) WHERE grant_type = 'client_credentials' AND revoked_at IS NULL
                      DO UPDATE SET user_id = EXCLUDED.user_id, scope = EXCLUDED.scope,
                                    rotated_at = EXCLUDED.rotated_at, idle_expires_at = EXCLUDED.idle_expires_at,
                                    expires_at = EXCLUDED.expires_at
                      RETURNING %(columns)s """,
                client=client.id, user=client.user_id.id or None, scope=client.scope or '', now=_NOW,
                columns=Grant.columns(), expires_at=self._ends(client)['expires_at']))
            row = self.env.cr.fetchone()
        return row and Grant(*row)

    @api.model
    def _ends(self, client):
        """The SQL of the times at which an authorization of this client ends that begins now, or is refreshed now."""
        configuration = self.env['oauth2.configuration']
        idle = configuration._refresh_token_idle_lifetime(client)
        absolute = configuration._authorization_lifetime(client)
        return {
            'idle_expires_at': SQL('%s + make_interval(secs => %s)', _NOW, min(idle, absolute)),
            'expires_at': SQL('%s + make_interval(secs => %s)', _NOW, absolute),
        }

    @api.model
    def _rotate(self, client, authorization_id, generation, scope=(), resource=None):
        """Advance to the next refresh token, if this one is the current one, in one statement.

        :param scope: the scopes that the request names: they have to have been granted.
        :param resource: the resource that the request names: it has to be the granted one, if one was.
        :return: the :class:`Grant` with its new generation; None where the token presented is not
            the current one of a living authorization of this client, or more is asked for than was granted.
        """
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_authorization
                   SET generation = generation + 1, rotated_at = %(now)s,
                       idle_expires_at = LEAST(%(idle_expires_at)s, expires_at)
                 WHERE %(is_living)s AND generation = %(generation)s
                   AND string_to_array(scope, ' ') @> %(scope)s::text[]
                   AND string_to_array(scope, ' ') && %(allowed)s::text[]
                   AND (resource IS NULL OR resource = COALESCE(%(resource)s, resource))
             RETURNING %(columns)s """,
            now=_NOW, idle_expires_at=self._ends(client)['idle_expires_at'], scope=list(scope),
            allowed=client._scopes(), resource=resource,
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

        What it rests on is looked at with every use: it may have been given while, in a transaction
        that was not yet to be seen, the consent was withdrawn, or the client was made to act for
        somebody else.
        """
        return SQL(
            """ oauth2_authorization.id = %s AND client_id = %s AND revoked_at IS NULL AND idle_expires_at > %s
                AND EXISTS (SELECT FROM res_users WHERE res_users.id = oauth2_authorization.user_id AND active)
                AND %s """,
            authorization_id, client.id, _NOW,
            self._rests_on(SQL('oauth2_authorization'), SQL('%s', client.user_id.id or None),
                           SQL('%s', client.has_direct_authorization)))

    @api.model
    def _rests_on(self, authorization, acts_for, has_direct_authorization):
        """The SQL that holds as long as an authorization has what it was given for: the user's consent, or, for a
        direct one, that the client acts for that user. A client has either of them, which is looked at, too.

        :param authorization: the table's name, or its alias.
        :param acts_for: the SQL of the user that the client acts for.
        :param has_direct_authorization: the SQL of the client's field.
        """
        return SQL(
            """ CASE WHEN %(authorization)s.is_direct
                     THEN %(authorization)s.user_id = %(acts_for)s
                          AND (%(authorization)s.grant_type = 'client_credentials' OR %(direct)s)
                     ELSE %(direct)s IS NOT TRUE AND EXISTS (SELECT FROM oauth2_consent consent
                                   WHERE consent.client_id = %(authorization)s.client_id
                                     AND consent.user_id = %(authorization)s.user_id) END """,
            authorization=authorization, acts_for=acts_for, direct=has_direct_authorization)

    @api.model
    def _end(self, domain, because):
        """End every authorization in a domain, and every code that could still become one.

        The codes are deleted, not only their authorizations looked for: so a code that is being
        redeemed at this moment, in a transaction that is not seen here, makes one of the two fail
        and run again.

        :param domain: on the fields `client_id`, `user_id` and `is_direct`, which both have.
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
            self.env['oauth2.event']._record(
                'authorization_revoked', authorization.client_id, authorization.user_id.id, detail=because)

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
