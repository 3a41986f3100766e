"""The keys that sign this database's tokens."""
import math
import time
from datetime import timedelta
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...protocol import jwt
from ...protocol.jwt import Key
from ..oauth2_configuration import ALGORITHMS, LIMITS, LONGEST_THOUGHT, MINUTE

ACCESS_TOKEN = 'access_token'
REFRESH_TOKEN = 'refresh_token'
BROWSER = 'browser'
CLOCK_SKEW = 60  # seconds
# An access or ID token lives for at most a day after its key has stopped signing.
LONGEST_ACCESS_TOKEN = LIMITS['access_token_lifetime'] * MINUTE + CLOCK_SKEW
LONGEST_PAGE = LONGEST_THOUGHT + CLOCK_SKEW
FERNET = 'Fernet'  # AES-128 in CBC mode with HMAC-SHA256, of the library `cryptography`


class TimedKey(NamedTuple):
    """A parsed key and its time line, in seconds since 1970.

    :ivar activates_at: when it starts to sign.
    :ivar retires_at: when it stops signing and only verifies; infinite while it has no successor.
    """
    key: Key
    activates_at: float
    retires_at: float

    def signs(self, now):
        """Whether this key signs now."""
        return self.activates_at <= now < self.retires_at

    def is_last(self):
        """Whether it has no successor."""
        return self.retires_at == math.inf


class OAuth2SigningKey(models.Model):
    """A key and its time line.

    A key is announced; it signs until its successor does; then it verifies the tokens that it signed, later only hints
    (ID tokens that identify a user); then it is deleted. Whatever happens to the other keys, a key that was replaced
    never signs again.

    The private part is in an SQL column that the ORM does not know: no access right, export or search reaches it. It is
    deleted when the key no longer signs, because the public part verifies. A key works only in the database that made
    it (`database_uuid`): Odoo gives a duplicate another UUID, so a copy neither accepts the original's tokens nor makes
    tokens for it.
    """
    _name = 'oauth2.signing.key'
    _description = 'OAuth2 Signing Key'
    _order = 'activates_at desc, id desc'
    _rec_name = 'kid'
    _allow_sudo_commands = False

    kid = fields.Char('Key ID', required=True, readonly=True)
    algorithm = fields.Selection(
        [(name, name) for name in (*ALGORITHMS, 'HS256', FERNET)], required=True, readonly=True)
    purpose = fields.Selection([
        (ACCESS_TOKEN, 'Access tokens, ID tokens'),
        (REFRESH_TOKEN, 'Refresh tokens'),
        (BROWSER, 'Requests that wait in browsers'),
    ], required=True, readonly=True)
    activates_at = fields.Datetime('Signs from', required=True, readonly=True, default=fields.Datetime.now)
    retires_at = fields.Datetime('Signs until', readonly=True, help='Empty as long as it has no successor.')
    state = fields.Selection([
        ('announced', 'Announced'), ('signing', 'Signing'), ('verifying', 'Verifying only'),
        ('hints', 'Verifying hints only'),
    ], compute='_compute_state')
    database_uuid = fields.Char('Database UUID', required=True, readonly=True)

    _kid_unique = models.Constraint('UNIQUE (kid)', "A key's ID is unique.")
    _one_last = models.UniqueIndex('(purpose, database_uuid) WHERE retires_at IS NULL', 'One key has no successor.')

    def init(self):
        # PKCS #8 and SubjectPublicKeyInfo in PEM for an asymmetric key; hexadecimal digits for a symmetric one, which
        # has no public part.
        self.env.cr.execute(SQL(
            """ ALTER TABLE oauth2_signing_key
                ADD COLUMN IF NOT EXISTS private_key text,
                ADD COLUMN IF NOT EXISTS public_key text CHECK (coalesce(private_key, public_key) IS NOT NULL) """))

    @api.depends('activates_at', 'retires_at', 'purpose')
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            if key.retires_at and key.retires_at <= now:
                has_tokens = key.purpose != ACCESS_TOKEN or key.retires_at > now - timedelta(
                    seconds=LONGEST_ACCESS_TOKEN)
                key.state = 'verifying' if has_tokens else 'hints'
            else:
                key.state = 'announced' if key.activates_at > now else 'signing'

    # ------------------------------------------------------------------
    # The keys for each purpose
    # ------------------------------------------------------------------

    @api.model
    def _current(self, purpose):
        """The key that signs new tokens. It is made if there is none: in a duplicate, or after neutralising.

        :param purpose: `access_token`, `refresh_token` or `browser`.
        :return: a :class:`~...protocol.jwt.Key`.
        """
        if not self._signing(purpose):
            self._forget()  # another worker may have made one meanwhile
            if not self._signing(purpose):
                self._generate(purpose)
        return self._signing(purpose)[-1]

    @api.model
    def _signing(self, purpose):
        now, timed = time.time(), self._timed(purpose)
        # If none is active yet, the clocks of two hosts differ: use the one that will be.
        return ([one.key for one in timed if one.signs(now) and one.key.private]
                or [one.key for one in timed if one.is_last()])

    @api.model
    def _by_kid(self, purpose):
        """The parsed keys that verify tokens, by their ID."""
        # Keys of refresh tokens are deleted as soon as no valid token is left.
        longest = {ACCESS_TOKEN: LONGEST_ACCESS_TOKEN, BROWSER: LONGEST_PAGE}.get(purpose, math.inf)
        now = time.time()
        return {one.key.kid: one.key for one in self._timed(purpose) if now < one.retires_at + longest}

    @api.model
    def _published(self):
        """The parsed public keys: those that verify access tokens and ID tokens."""
        self._current(ACCESS_TOKEN)  # make one if there is none: clients must not get an empty set
        return self._by_kid(ACCESS_TOKEN).values()

    @api.model
    def _public_algorithms(self):
        """The algorithms of the public keys, each once (RFC 8414 §2)."""
        return list(dict.fromkeys(key.algorithm for key in self._published()))

    @api.model
    def _public_jwks(self):
        """The public keys, which verify our access tokens, as a JWK Set (RFC 7517 §5)."""
        return {'keys': [jwt.public_jwk(key) for key in self._published()]}

    # ------------------------------------------------------------------
    # Reading them
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache('purpose')
    def _timed(self, purpose):
        """The parsed keys in the order in which they sign, without those that verify only hints.

        Parsing a key costs a hundred times as much as signing.
        """
        rows = self._rows(purpose, SQL(
            "purpose <> %s OR retires_at IS NULL OR retires_at > now() AT TIME ZONE 'UTC' - make_interval(secs => %s)",
            ACCESS_TOKEN, LONGEST_ACCESS_TOKEN))
        return [TimedKey(self._parsed(*key), float(activates_at), float(retires_at))
                for *key, activates_at, retires_at in rows]

    @api.model
    @tools.ormcache()
    def _hint_keys(self):
        """The parsed keys that verify ID tokens as hints, by their ID: all that were not deleted."""
        return {kid: self._parsed(kid, algorithm, None, public_key)
                for kid, algorithm, _private_key, public_key, *_times in self._rows(ACCESS_TOKEN, SQL('TRUE'))}

    @api.model
    def _rows(self, purpose, condition):
        self.env.cr.execute(SQL(
            """ SELECT kid, algorithm, private_key, public_key, extract(epoch FROM activates_at AT TIME ZONE 'UTC'),
                       coalesce(extract(epoch FROM retires_at AT TIME ZONE 'UTC'), 'infinity')
                  FROM oauth2_signing_key
                 WHERE purpose = %s AND (%s)
                   AND database_uuid = (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid')
              ORDER BY activates_at, retires_at NULLS LAST, id """, purpose, condition))
        return self.env.cr.fetchall()

    @api.model
    def _parsed(self, kid, algorithm, private_key, public_key):
        if public_key is None:
            secret = bytes.fromhex(private_key)
            return Key(kid, algorithm, secret, secret)
        private = private_key and serialization.load_pem_private_key(private_key.encode(), password=None)
        return Key(kid, algorithm, private, serialization.load_pem_public_key(public_key.encode()))

    @api.model
    def _forget(self):
        """Make every worker read the keys again."""
        self.invalidate_model()
        self.env.registry.clear_cache()
        # Again after the commit: until then, a request in another thread may have read the old ones.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
