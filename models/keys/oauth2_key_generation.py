"""Making and deleting keys."""
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from odoo import api, models
from odoo.tools import SQL

from .oauth2_signing_key import ACCESS_TOKEN, BROWSER, FERNET, REFRESH_TOKEN

# RFC 7518 §3.3, §3.4, RFC 8037 §3.1: at least 2048 bits, the curve P-256, the curve Ed25519.
_NEW = {
    'RS256': lambda: rsa.generate_private_key(65537, 2048),
    'ES256': lambda: ec.generate_private_key(ec.SECP256R1()),
    'EdDSA': ed25519.Ed25519PrivateKey.generate,
}


class OAuth2SigningKey(models.Model):
    _inherit = 'oauth2.signing.key'

    @api.model
    def _ensure(self):
        """Make the keys that this database lacks."""
        for purpose in (ACCESS_TOKEN, REFRESH_TOKEN, BROWSER):
            self._current(purpose)

    @api.model
    def _generate(self, purpose, delay=0):
        """Make and store a key pair for access tokens, or a symmetric key for refresh tokens or waiting requests.

        Only this server reads what a symmetric key protects, so it has no public part. The former key signs until the
        new one does.

        :param delay: seconds until it signs.
        """
        self._forget()
        kid = secrets.token_urlsafe(12)
        algorithm, private_key, public_key = self._new(purpose)
        activates_at = SQL("date_trunc('second', now() AT TIME ZONE 'UTC') + make_interval(secs => %s)", delay)
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_signing_key SET retires_at = %s
                 WHERE purpose = %s AND (retires_at IS NULL OR retires_at > %s)
                   AND database_uuid = (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid') """,
            activates_at, purpose, activates_at), log_exceptions=False)
        # ON CONFLICT: of two workers that make the first key at once, the later one fails, and Odoo runs it again. If
        # this statement fails, its parameters must not be logged.
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_signing_key (kid, algorithm, purpose, database_uuid, private_key, public_key,
                                                activates_at, create_date, create_uid)
                     SELECT %s, %s, %s, value, %s, %s, %s, now() AT TIME ZONE 'UTC', %s
                       FROM ir_config_parameter WHERE key = 'database.uuid'
                ON CONFLICT (purpose, database_uuid) WHERE retires_at IS NULL DO NOTHING """,
            kid, algorithm, purpose, private_key, public_key, activates_at, self.env.uid), log_exceptions=False)
        self.env['oauth2.event']._record('key_made', detail=f'{kid}, {algorithm}')

    @api.model
    def _new(self, purpose):
        """The algorithm, the private and the public part of a new key, in the formats that `init` describes."""
        if purpose != ACCESS_TOKEN:
            return FERNET if purpose == BROWSER else 'HS256', secrets.token_hex(32), None
        algorithm = self.env['oauth2.configuration']._signing_algorithm()
        private = _NEW[algorithm]()
        return (
            algorithm,
            private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                  serialization.NoEncryption()).decode(),
            private.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
        )

    def unlink(self):
        """Deleting a key invalidates all that it signed, in every worker. If no signing key is left, one is made."""
        self._forget()
        for key in self:
            self.env['oauth2.event']._record('key_deleted', detail=f'{key.kid}, {key.algorithm}')
        result = super().unlink()
        self._ensure()
        return result
