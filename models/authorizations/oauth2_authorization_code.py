"""Authorization codes: a user's permission on its way from the browser to the token endpoint."""
import hashlib
import secrets
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..cleaning import clean_up
from ..oauth2_configuration import VACUUM_BATCH
from ..scopes.oauth2_scope import OPENID_CONNECT


class IssuedCode(NamedTuple):
    """A code's row, as the token endpoint reads it. SQL compares times, by the database's clock."""
    id: int
    client_id: int
    user_id: int
    redirect_uri: str | None
    scope: str
    resource: str | None
    code_challenge: str | None
    nonce: str | None
    authorization_name: str | None
    is_direct: bool
    is_device: bool
    used_ago: float | None
    is_expired: bool

    @property
    def is_used(self):
        """Whether it was redeemed for tokens; :attr:`used_ago` says how many seconds ago."""
        return self.used_ago is not None


class OAuth2AuthorizationCode(models.Model):
    """A code (RFC 6749 §4.1.2): hashed; for one client, one user and one redirect URI; valid once, and only while
    application, user and consent stay as they were when it was issued (:mod:`..endings.oauth2_client_user`).

    80 random bits are enough: a code lives a minute, works once, and also needs the client's secret.
    """
    _name = 'oauth2.authorization.code'
    _inherit = 'oauth2.client.user'
    _description = 'OAuth2 Authorization Code'
    _order = 'id desc'
    _allow_sudo_commands = False

    redirect_uri = fields.Char(help='As in the authorization request; empty if it had none.')
    scope = fields.Char(required=True)
    resource = fields.Char(help='RFC 8707; empty if the request named none.')
    code_challenge = fields.Char()
    nonce = fields.Char(help='OpenID Connect Core §3.1.2.1: goes into the ID token.')
    session_id = fields.Char(help="Names the user's session to clients (sid).")
    auth_time = fields.Datetime(help='When the user logged in.')
    expires_at = fields.Datetime(required=True, index=True)
    used_at = fields.Datetime()
    # A second use of the code revokes the authorization of the first (RFC 6749 §4.1.2).
    authorization_name = fields.Char(help='The authorization that came of it.')
    is_direct = fields.Boolean(required=True, help="For the service user of the application, given by direct "
                                                   "authorization.")
    is_device = fields.Boolean(help='What a device polls for: it has no redirect URI, and the hash is that of the '
                                    'device code.')

    _direct_signs_nobody_in = models.Constraint(
        'CHECK (NOT is_direct OR (nonce IS NULL AND code_challenge IS NULL AND session_id IS NULL '
        "AND auth_time IS NULL AND NOT string_to_array(scope, ' ') && '{%s}'))"
        % ','.join(sorted(OPENID_CONNECT)),
        'A direct code signs nobody in.')

    def init(self):
        self._add_epoch_columns()
        # A check, because Odoo drops NOT NULL from columns that are no fields.
        self.env.cr.execute(SQL(
            """ ALTER TABLE oauth2_authorization_code
            ADD COLUMN IF NOT EXISTS code_hash varchar UNIQUE CHECK (code_hash IS NOT NULL) """))

    @api.model
    def _hash(self, code):
        return hashlib.sha256(code.encode()).hexdigest()

    @api.model
    def _issue(self, client, user_id, scope, **values):
        """Issue a code.

        :param values: the other fields: `redirect_uri` (as in the request), `resource`, `code_challenge`, `nonce`,
            `session_id`, `auth_time`, `is_direct`.
        :return: the code: 20 lower-case hexadecimal digits, from a CSPRNG. Only its hash is stored. None if there may
            be no code: the application or the user is archived, there is no consent, or the application does not act
            for this user.
        """
        code = secrets.token_hex(10)
        lifetime = self.env['oauth2.configuration'].CODE_LIFETIME
        return code if self._store(self._hash(code), client, user_id, scope, lifetime, **values) else None

    @api.model
    def _store(self, code_hash, client, user_id, scope, lifetime, **values):
        """Store a code, with the current epochs.

        :param code_hash: its hash, as :meth:`_hash` makes it.
        :param lifetime: in seconds.
        :param values: see :meth:`_issue`; and `is_device`.
        :return: whether there may be a code.
        """
        columns = {'code_hash': code_hash, 'scope': scope, **values}
        self.env.cr.execute(SQL(
            """ WITH made AS (%(ensure)s),
                     asked AS (SELECT %(client)s AS client_id, %(user)s AS user_id, %(is_direct)s AS is_direct)
                INSERT INTO oauth2_authorization_code (
                       client_id, user_id, create_date, expires_at, client_epoch, user_epoch, consent_epoch, %(names)s)
                SELECT client.id, res_users.id, now() AT TIME ZONE 'UTC',
                       (now() AT TIME ZONE 'UTC') + make_interval(secs => %(lifetime)s),
                       client.epoch, COALESCE(subject.epoch, made.epoch), ground.epoch, %(values)s
                  FROM asked
                  JOIN oauth2_client client ON client.id = asked.client_id AND client.active
                   AND (client.has_direct_authorization IS TRUE) = asked.is_direct
                  JOIN res_users ON res_users.id = asked.user_id AND %(may_hold)s AND (asked.is_direct OR %(admits)s)
             %(ground)s
             LEFT JOIN oauth2_subject subject ON subject.user_id = asked.user_id
             LEFT JOIN made ON TRUE
          RETURNING id """,
            ensure=self.env['oauth2.subject']._ensure(user_id), client=client.id, user=user_id,
            is_direct=bool(values.get('is_direct')), names=SQL(', ').join(map(SQL.identifier, columns)),
            lifetime=lifetime, values=SQL(', ').join(SQL('%s', value) for value in columns.values()),
            may_hold=self._may_hold_tokens(SQL('res_users')), admits=self._admitted(),
            ground=self._ground(SQL('asked'), SQL('ground.epoch IS NOT NULL'))))
        row = self.env.cr.fetchone()
        if row is not None:
            clean_up(self, row[0], lambda codes: codes._remove_unused())
        return row is not None

    @api.model
    def _find(self, code):
        """The :class:`IssuedCode` of a presented code, or None. Everything that it rests on must be unchanged."""
        self.env.cr.execute(SQL(
            """ SELECT code.id, code.client_id, code.user_id, redirect_uri, code.scope, resource, code_challenge, nonce,
                       authorization_name, is_direct, is_device IS TRUE,
                       extract(epoch FROM (now() AT TIME ZONE 'UTC') - used_at)::float,
                       expires_at <= now() AT TIME ZONE 'UTC'
                  FROM oauth2_authorization_code code %s
                 WHERE code_hash = %s """, self._standing(SQL('code')), self._hash(code)))
        row = self.env.cr.fetchone()
        return row and IssuedCode(*row)

    @api.model
    def _remove_unused(self):
        """Remove codes that nobody used in their time."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_authorization_code WHERE id IN (
                       SELECT id FROM oauth2_authorization_code
                        WHERE expires_at < now() AT TIME ZONE 'UTC' AND used_at IS NULL
                        LIMIT %s FOR UPDATE SKIP LOCKED) """, VACUUM_BATCH))

    @api.autovacuum
    def _gc_codes(self):
        """Remove codes an hour after they expired, when a replay need no longer be noticed, and codes that belong to
        nobody.
        """
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_authorization_code
                 WHERE id IN (SELECT id FROM oauth2_authorization_code
                               WHERE expires_at < (now() AT TIME ZONE 'UTC') - interval '1 hour' OR %s
                               LIMIT %s) """, self._is_orphan(SQL('oauth2_authorization_code')), VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH
