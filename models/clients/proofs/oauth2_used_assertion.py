"""Assertions that clients have used to authenticate."""
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

from ....protocol.errors import InvalidClient
from ...cleaning import clean_up
from ...oauth2_configuration import VACUUM_BATCH


class OAuth2UsedAssertion(models.Model):
    """A used assertion: it is valid for one request (OpenID Connect Core §9, RFC 7523 §3).

    There is a row for each request of a client with a key, until the assertion expires.
    """
    _name = 'oauth2.used.assertion'
    _description = 'Used OAuth2 Client Assertion'
    _log_access = False
    _allow_sudo_commands = False

    digest = fields.Char(required=True)
    ends_at = fields.Datetime(required=True, index=True)

    _digest_unique = models.Constraint('UNIQUE (digest)', 'An assertion is used once.')

    @api.model
    def _use(self, client, assertion):
        """Note that an assertion is used. Of two simultaneous requests, one fails in the database, and runs again.

        :param assertion: :class:`~....protocol.client_assertion.Assertion`.
        :raises InvalidClient: it was used before.
        """
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_used_assertion (digest, ends_at)
                     VALUES (%s, to_timestamp(%s) AT TIME ZONE 'UTC') ON CONFLICT (digest) DO NOTHING
                  RETURNING id """,
            hashlib.sha256(f'{client.client_id} {assertion.jti}'.encode()).hexdigest(), assertion.ends),
            log_exceptions=False)
        row = self.env.cr.fetchone()
        if row is None:
            message = 'client_assertion: it was used before; make another one for each request'
            raise InvalidClient(message, detail=message)
        clean_up(self, row[0], lambda assertions: assertions._gc_used_assertions())

    @api.autovacuum
    def _gc_used_assertions(self):
        """Remove those that have expired."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_used_assertion WHERE id IN (
                       SELECT id FROM oauth2_used_assertion
                        WHERE ends_at < now() AT TIME ZONE 'UTC' LIMIT %s FOR UPDATE SKIP LOCKED) """, VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH
