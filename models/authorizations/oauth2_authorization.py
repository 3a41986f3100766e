"""Authorizations: what a client may do in a user's name, from the code to the last refresh."""
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..endings.oauth2_authorization_end import REASONS
from ..oauth2_configuration import VACUUM_BATCH


def seconds(moment):
    """A UTC time without a time zone, as Odoo stores it, in seconds since 1970."""
    return int((moment - datetime(1970, 1, 1)) / timedelta(seconds=1))


NOW = SQL("date_trunc('second', now() AT TIME ZONE 'UTC')")
GRANTED = SQL('oauth2_authorization')


class Grant(NamedTuple):
    """The row of an authorization, from which tokens are made. Times are in UTC, in whole seconds.

    :ivar name: identifies the authorization in tokens.
    :ivar subject: the user's `sub`; None if no user is behind it.
    """
    id: int
    name: str
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
    create_date: datetime
    is_direct: bool
    subject: str | None

    def times(self, is_kept):
        """When the current refresh token was issued, and when it expires: in seconds since 1970.

        :param is_kept: the client keeps its refresh token (`refresh_rotation`). Then the token expires with the
            authorization; only the row knows when it expires unused.
        """
        made, end = (self.create_date, self.expires_at) if is_kept else (self.rotated_at, self.idle_expires_at)
        return seconds(made), seconds(end)

    def is_behind(self, claims):
        """Whether the row is older than one of its refresh tokens
        (:class:`~.oauth2_authorization_refresh.RefreshClaims`).

        This happens after a backup is restored: the row has not reached the token's generation, or has reached it again
        at other times.
        """
        made = (self.times(is_kept=False), self.times(is_kept=True))
        return claims.generation > self.generation or (
            claims.generation == self.generation and (claims.issued_at, claims.expires_at) not in made)

    @classmethod
    def columns(cls):
        """The columns, for SELECT and RETURNING."""
        return SQL(
            """ %s, (SELECT subject.name FROM oauth2_subject subject
                      WHERE subject.user_id = oauth2_authorization.user_id
                        AND oauth2_authorization.grant_type <> 'client_credentials') """,
            SQL(', ').join(SQL.identifier('oauth2_authorization', name) for name in cls._fields[:-1]))


class OAuth2Authorization(models.Model):
    """What one code led to: one client, one user, one scope, and every token since.

    No token is stored. An access token names its authorization, and is valid as long as that is. A refresh token names
    it and a generation, so a rotation is one update. Only refreshing writes this row: what ends it is written elsewhere
    (:mod:`..endings.oauth2_client_user`, :mod:`..endings.oauth2_authorization_end`).
    """
    _name = 'oauth2.authorization'
    _inherit = 'oauth2.client.user'
    _description = 'OAuth2 Authorization'
    _order = 'id desc'
    _allow_sudo_commands = False

    # Random, because the row's number is used again after a backup is restored.
    name = fields.Char('Name in tokens', required=True, readonly=True)
    grant_type = fields.Char('Grant type', required=True, readonly=True, default='authorization_code')
    scope = fields.Char(required=True, readonly=True)
    resource = fields.Char(readonly=True, help='The resource that its tokens are for, if the application named one.')
    session_id = fields.Char('Session (sid)', readonly=True, index='btree_not_null')
    auth_time = fields.Datetime('Logged in', readonly=True)
    is_direct = fields.Boolean(
        'Direct', required=True, readonly=True,
        help="Given without asking, and good as long as this is the application's service user.")
    generation = fields.Integer(required=True, readonly=True, help='How often the refresh token was rotated.')
    rotated_at = fields.Datetime('Last refreshed', required=True, readonly=True)
    idle_expires_at = fields.Datetime('Expires if unused', required=True, readonly=True, index=True)
    expires_at = fields.Datetime('Expires', required=True, readonly=True)
    is_active = fields.Boolean(
        'Active', compute='_compute_state', compute_sudo=True, search='_search_is_active')
    revoked_because = fields.Selection(
        REASONS, 'Revoked because', compute='_compute_state', compute_sudo=True)

    _name_unique = models.Constraint('UNIQUE (name)', 'The name of an authorization is unique.')
    # RFC 6749 §4.4: one for each client, however many tokens it gets.
    _client_credentials_unique = models.UniqueIndex(
        "(client_id) WHERE grant_type = 'client_credentials'", 'An application has one authorization of its own.')

    def init(self):
        self._add_epoch_columns()
        self.env.cr.execute(SQL(
            "ALTER TABLE oauth2_authorization ALTER COLUMN name SET DEFAULT gen_random_uuid()::text"))

    @api.depends('client_id', 'user_id')
    def _compute_display_name(self):
        for authorization in self:
            authorization.display_name = self.env._(
                '%(application)s for %(user)s',
                application=authorization.client_id.name, user=authorization.user_id.name)

    @api.depends('generation', 'idle_expires_at')
    def _compute_state(self):
        """Whether the authorization can still give tokens, and if not, why: as the endpoints see it."""
        self.env.cr.execute(SQL(
            """ SELECT oauth2_authorization.id, %(is_active)s,
                       COALESCE(ended.because, CASE
                           WHEN %(stands)s THEN NULL
                           WHEN client.active IS NOT TRUE OR client.epoch <> client_epoch THEN 'client'
                           WHEN res_users.active IS NOT TRUE OR subject.epoch IS DISTINCT FROM user_epoch THEN 'user'
                           WHEN is_direct THEN 'client'
                           WHEN NOT %(admits)s THEN 'excluded' ELSE 'consent' END)
                  FROM oauth2_authorization
             LEFT JOIN oauth2_authorization_end ended ON ended.authorization_name = oauth2_authorization.name
             LEFT JOIN oauth2_client client ON client.id = oauth2_authorization.client_id
             LEFT JOIN res_users ON res_users.id = oauth2_authorization.user_id
             LEFT JOIN oauth2_subject subject ON subject.user_id = oauth2_authorization.user_id
                 WHERE oauth2_authorization.id = ANY(%(ids)s) """,
            is_active=self._is_living(GRANTED), stands=self._stands(GRANTED),
            admits=self._admitted(), ids=self.ids))
        states = {id_: state for id_, *state in self.env.cr.fetchall()}
        for authorization in self:
            authorization.is_active, authorization.revoked_because = states.get(authorization.id, (False, False))

    def _search_is_active(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # For `IN (SELECT …)` PostgreSQL joins the tables. For a plain condition it would look up each row's references.
        return Domain.custom(to_sql=lambda model, alias, _query: SQL(
            """ %s.id IN (SELECT granted.id FROM oauth2_authorization granted %s
                           WHERE granted.idle_expires_at > %s AND NOT %s) """,
            SQL.identifier(alias), model._standing(SQL('granted')), NOW,
            model.env['oauth2.authorization.end']._has_ended(SQL('granted'))))

    # ------------------------------------------------------------------
    # Beginning and ending
    # ------------------------------------------------------------------

    @api.model
    def _begin(self, client, issued):
        """Use up a code and begin its authorization, in one statement.

        Of two simultaneous requests, both of which are proven, the database lets one through. The transaction of the
        other fails, or it finds the code used.

        :param issued: the :class:`~.oauth2_authorization_code.IssuedCode`, found unused.
        :return: the :class:`Grant`; None if the code was used meanwhile.
        """
        self.env.cr.execute(SQL(
            """ WITH used AS (
                    UPDATE oauth2_authorization_code SET used_at = %(now)s, authorization_name = gen_random_uuid()::text
                     WHERE id = %(code)s AND used_at IS NULL
                 RETURNING authorization_name, client_id, user_id, scope, resource, session_id, auth_time, is_direct,
                           is_device, client_epoch, user_epoch, consent_epoch)
                INSERT INTO oauth2_authorization (
                            name, client_id, user_id, scope, resource, session_id, auth_time, is_direct,
                            client_epoch, user_epoch, consent_epoch,
                            grant_type, generation, rotated_at, idle_expires_at, expires_at, create_date)
                     SELECT authorization_name, client_id, user_id, scope, resource, session_id, auth_time, is_direct,
                            client_epoch, user_epoch, consent_epoch,
                            CASE WHEN is_device THEN 'device_code' ELSE 'authorization_code' END,
                            0, %(now)s, %(idle_expires_at)s, %(expires_at)s, %(now)s
                       FROM used
                  RETURNING %(columns)s """,
            now=NOW, code=issued.id, columns=Grant.columns(), **self._ends(client)), log_exceptions=False)
        row = self.env.cr.fetchone()
        return row and Grant(*row)

    @api.model
    def _ends(self, client):
        """The SQL of the expiry times of an authorization of this client that begins now, or is refreshed now."""
        configuration = self.env['oauth2.configuration']
        idle = configuration._refresh_token_idle_lifetime(client)
        absolute = configuration._authorization_lifetime(client)
        return {
            'idle_expires_at': SQL('%s + make_interval(secs => %s)', NOW, min(idle, absolute)),
            'expires_at': SQL('%s + make_interval(secs => %s)', NOW, absolute),
        }

    @api.model
    @tools.ormcache('authorization', cache='stable')
    def _is_living(self, authorization):
        """The SQL condition that refresh tokens of an authorization are valid.

        :param authorization: the table's alias.
        """
        return SQL(
            "(%(row)s.idle_expires_at > %(now)s AND NOT %(has_ended)s AND %(stands)s)",
            row=authorization, now=NOW, stands=self._stands(authorization),
            has_ended=self.env['oauth2.authorization.end']._has_ended(authorization))

    @api.model
    def _is_direct_code(self, row):
        return SQL("%s.grant_type <> 'client_credentials'", row)

    def _revoke(self, because):
        """Revoke these authorizations, and with them all their tokens at once.

        :param because: one of :data:`~..endings.oauth2_authorization_end.REASONS`. The first reason stays.
        """
        ended = self.env['oauth2.authorization.end']._record(self, because)
        self.invalidate_recordset(['is_active', 'revoked_because'])
        for authorization in ended:
            self.env['oauth2.event']._record(
                'authorization_revoked', authorization.client_id, authorization.user_id.id, detail=because)

    def action_revoke(self):
        """The administrator's button. Consents stay: the application may sign the user in again without asking."""
        self.check_access('read')
        self.sudo()._revoke('administrator')

    def action_revoke_and_ask_again(self):
        """The other button: withdraw the consents, too, and with each all authorizations that rest on it."""
        self.action_revoke()
        asked = self.sudo().filtered(lambda authorization: not authorization.is_direct)
        self.env['oauth2.consent'].sudo().search(Domain.OR(
            [('client_id', '=', authorization.client_id.id), ('user_id', '=', authorization.user_id.id)]
            for authorization in asked))._withdraw()

    @api.autovacuum
    def _gc_authorizations(self):
        """Remove what ended more than a week ago, and what belongs to nobody: its tokens are no longer valid."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_authorization
                 WHERE id IN (SELECT id FROM oauth2_authorization
                               WHERE idle_expires_at < (now() AT TIME ZONE 'UTC') - interval '7 days'
                               UNION ALL
                              SELECT oauth2_authorization.id FROM oauth2_authorization_end ended
                                JOIN oauth2_authorization ON oauth2_authorization.name = ended.authorization_name
                               WHERE ended.ended_at < (now() AT TIME ZONE 'UTC') - interval '7 days'
                               UNION ALL
                              SELECT id FROM oauth2_authorization WHERE %s
                               LIMIT %s) """, self._is_orphan(GRANTED), VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH
