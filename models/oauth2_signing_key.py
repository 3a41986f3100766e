"""The keys that sign this database's tokens."""
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..protocol import jwt
from ..protocol.jwt import Key

ACCESS_TOKEN = 'access_token'
REFRESH_TOKEN = 'refresh_token'


class OAuth2SigningKey(models.Model):
    """A key and what it signs.

    The private part stands in an SQL column that the ORM does not know: no access right, export or
    search reaches it. A key works only in the database that made it (`database_uuid`): Odoo gives a
    duplicate another UUID, so a copy neither accepts the original's tokens nor makes tokens for it.
    """
    _name = 'oauth2.signing.key'
    _description = 'OAuth2 Signing Key'
    _order = 'id desc'
    _rec_name = 'kid'
    _allow_sudo_commands = False

    kid = fields.Char('Key ID', required=True, readonly=True)
    algorithm = fields.Selection([('RS256', 'RS256'), ('HS256', 'HS256')], required=True, readonly=True)
    purpose = fields.Selection([
        (ACCESS_TOKEN, 'Access tokens'),
        (REFRESH_TOKEN, 'Refresh tokens'),
    ], required=True, readonly=True)
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

    @api.model
    def _current(self, purpose):
        """The key that signs new tokens. It is made where there is none: in a duplicate, or after neutralising.

        :param purpose: `access_token` or `refresh_token`.
        :return: a :class:`~..protocol.jwt.Key`.
        """
        if not self._by_kid(purpose):
            self._generate(purpose)
            self.env.registry.clear_cache()
        # The oldest: should two workers have made one each at the same time, both sign with the same.
        return next(iter(self._by_kid(purpose).values()))

    @api.model
    @tools.ormcache('purpose')
    def _by_kid(self, purpose):
        """The parsed keys, oldest first, by their ID. Parsing one costs a hundred times what signing does."""
        self.env.cr.execute(SQL(
            """ SELECT kid, algorithm, private_key
                  FROM oauth2_signing_key
                 WHERE purpose = %s
                   AND database_uuid = (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid')
              ORDER BY id """, purpose))
        return {kid: self._parsed(kid, algorithm, private_key)
                for kid, algorithm, private_key in self.env.cr.fetchall()}

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
    def _generate(self, purpose):
        """Make and store a key pair for access tokens, or a symmetric key for refresh tokens.

        A refresh token is read by the server that wrote it and by nobody else, so its key has no
        public part.
        """
        if purpose == REFRESH_TOKEN:
            algorithm, private_key = 'HS256', secrets.token_hex(32)
        else:
            algorithm, private_key = 'RS256', rsa.generate_private_key(65537, 2048).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        # Without the parameters in the log, should this ever fail.
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_signing_key
                            (kid, algorithm, purpose, database_uuid, private_key, create_date, create_uid)
                     SELECT %s, %s, %s, value, %s, now() AT TIME ZONE 'UTC', %s
                       FROM ir_config_parameter WHERE key = 'database.uuid' """,
            secrets.token_urlsafe(12), algorithm, purpose, private_key, self.env.uid), log_exceptions=False)

    def unlink(self):
        """Deleting a key ends the tokens that it signed, in every worker."""
        self.env.registry.clear_cache()
        # Once more when it is done: until then, a request in another thread may have read the key again.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
        return super().unlink()
