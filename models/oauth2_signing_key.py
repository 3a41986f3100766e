"""The keys that sign this database's tokens."""
import secrets
import time
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..protocol import jwt
from ..protocol.jwt import Key
from .oauth2_configuration import ALGORITHMS

ACCESS_TOKEN = 'access_token'
REFRESH_TOKEN = 'refresh_token'


# RFC 7518 §3.3, §3.4, RFC 8037 §3.1: 2048 bits at the least, the curve P-256, the curve Ed25519.
_NEW = {
    'RS256': lambda: rsa.generate_private_key(65537, 2048),
    'ES256': lambda: ec.generate_private_key(ec.SECP256R1()),
    'EdDSA': ed25519.Ed25519PrivateKey.generate,
}


class TimedKey(NamedTuple):
    """A parsed key, and from when on it signs, in seconds since 1970."""
    key: Key
    activates_at: float


class OAuth2SigningKey(models.Model):
    """A key and what it signs.

    Its time line: it is announced, then it signs, then another one signs and it only verifies, then
    it is deleted.

    The private part stands in an SQL column that the ORM does not know: no access right, export or
    search reaches it. A key works only in the database that made it (`database_uuid`): Odoo gives a
    duplicate another UUID, so a copy neither accepts the original's tokens nor makes tokens for it.
    """
    _name = 'oauth2.signing.key'
    _description = 'OAuth2 Signing Key'
    _order = 'activates_at desc, id'  # of two that two workers made at the same time, the older one signs
    _rec_name = 'kid'
    _allow_sudo_commands = False

    kid = fields.Char('Key ID', required=True, readonly=True)
    algorithm = fields.Selection(
        [(name, name) for name in (*ALGORITHMS, 'HS256')], required=True, readonly=True)
    purpose = fields.Selection([
        (ACCESS_TOKEN, 'Access tokens, ID tokens'),
        (REFRESH_TOKEN, 'Refresh tokens'),
    ], required=True, readonly=True)
    activates_at = fields.Datetime('Signs from', required=True, readonly=True, default=fields.Datetime.now)
    state = fields.Selection([
        ('announced', 'Announced'), ('signing', 'Signing'), ('verifying', 'Verifying only'),
    ], compute='_compute_state')
    database_uuid = fields.Char('Database UUID', required=True, readonly=True)

    _kid_unique = models.Constraint('UNIQUE (kid)', "A key's ID is unique.")

    def init(self):
        # PKCS #8 in PEM for an asymmetric key, hexadecimal digits for a symmetric one.
        # A check, for Odoo drops a NOT NULL from columns that are no field.
        self.env.cr.execute(SQL(
            "ALTER TABLE oauth2_signing_key ADD COLUMN IF NOT EXISTS private_key text CHECK (private_key IS NOT NULL)"))

    @api.model
    def _ensure(self):
        """Make the keys that this database has not yet got."""
        for purpose in (ACCESS_TOKEN, REFRESH_TOKEN):
            self._current(purpose)

    @api.depends('activates_at', 'purpose')
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            rival = self.search([('purpose', '=', key.purpose), ('database_uuid', '=', key.database_uuid),
                                 ('activates_at', '<=', now)], limit=1)
            key.state = 'announced' if key.activates_at > now else 'signing' if key == rival else 'verifying'

    @api.model
    def _current(self, purpose):
        """The key that signs new tokens. It is made where there is none: in a duplicate, or after neutralising.

        :param purpose: `access_token` or `refresh_token`.
        :return: a :class:`~..protocol.jwt.Key`.
        """
        if not self._timed(purpose):
            self._generate(purpose)
        now = time.time()
        active = [timed.key for timed in self._timed(purpose) if timed.activates_at <= now]
        # Where none is active yet, the clocks of two hosts differ: the first one that will be.
        return active[-1] if active else self._timed(purpose)[0].key

    @api.model
    def _by_kid(self, purpose):
        """The parsed keys that verify tokens, by their ID."""
        return {timed.key.kid: timed.key for timed in self._timed(purpose)}

    @api.model
    @tools.ormcache('purpose')
    def _timed(self, purpose):
        """The parsed keys in the order in which they sign. Parsing one costs a hundred times what signing does."""
        self.env.cr.execute(SQL(
            """ SELECT kid, algorithm, private_key, extract(epoch FROM activates_at AT TIME ZONE 'UTC')
                  FROM oauth2_signing_key
                 WHERE purpose = %s
                   AND database_uuid = (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid')
              ORDER BY activates_at, id DESC """, purpose))
        return [TimedKey(self._parsed(kid, algorithm, private_key), float(activates_at))
                for kid, algorithm, private_key, activates_at in self.env.cr.fetchall()]

    @api.model
    def _public_algorithms(self):
        """The algorithms of the public keys, each once (RFC 8414 §2)."""
        return list(dict.fromkeys(key.algorithm for key in self._by_kid(ACCESS_TOKEN).values()))

    @api.model
    def _public_jwks(self):
        """The public keys as a JWK Set (RFC 7517 §5): what verifies our access tokens."""
        return {'keys': [jwt.public_jwk(key) for key in self._by_kid(ACCESS_TOKEN).values()]}

    @api.model
    def _parsed(self, kid, algorithm, private_key):
        if algorithm == 'HS256':
            secret = bytes.fromhex(private_key)
            return Key(kid, algorithm, secret, secret)
        private = serialization.load_pem_private_key(private_key.encode(), password=None)
        return Key(kid, algorithm, private, private.public_key())

    @api.model
    def _generate(self, purpose, delay=0):
        """Make and store a key pair for access tokens, or a symmetric key for refresh tokens.

        A refresh token is read by the server that wrote it and by nobody else, so its key has no
        public part.

        :param delay: seconds until it signs.
        """
        if purpose == REFRESH_TOKEN:
            algorithm, private_key = 'HS256', secrets.token_hex(32)
        else:
            algorithm = self.env['oauth2.configuration']._signing_algorithm()
            private_key = _NEW[algorithm]().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        kid = secrets.token_urlsafe(12)
        self.env['oauth2.event']._record('key_made', detail=f'{kid}, {algorithm}')
        # Without the parameters in the log, should this ever fail.
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_signing_key
                            (kid, algorithm, purpose, database_uuid, private_key, activates_at, create_date, create_uid)
                     SELECT %s, %s, %s, value, %s,
                            date_trunc('second', now() AT TIME ZONE 'UTC') + make_interval(secs => %s),
                            now() AT TIME ZONE 'UTC', %s
                       FROM ir_config_parameter WHERE key = 'database.uuid' """,
            kid, algorithm, purpose, private_key, delay, self.env.uid), log_exceptions=False)
        self._forget()

    @api.model
    def _forget(self):
        """Have every worker read the keys again."""
        self.invalidate_model()
        self.env.registry.clear_cache()
        # Once more when it is done: until then, a request in another thread may have read the old ones.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    def unlink(self):
        """Deleting a key ends the tokens that it signed, in every worker."""
        self._forget()
        for key in self:
            self.env['oauth2.event']._record('key_deleted', detail=f'{key.kid}, {key.algorithm}')
        return super().unlink()

