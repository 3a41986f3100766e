"""Attempts that failed, so that guessing is slowed down."""
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class OAuth2FailedAttempt(models.Model):
    """A wrong secret, or a code or token that this server never gave.

    Counted for each caller's address, and there for each client: who guesses at a client's secret is
    slowed down, the client itself, at its own address, is not. A row is only ever added, so that
    attempts at the same time do not wait for each other.
    """
    _name = 'oauth2.failed.attempt'
    _description = 'Failed OAuth2 Attempt'
    _log_access = False
    _allow_sudo_commands = False

    WINDOW = 60  # seconds
    MOST_OF_CLIENT = 20
    MOST_OF_ADDRESS = 200

    address = fields.Char(required=True)
    # A digest: people paste secrets into the wrong field.
    client_digest = fields.Char(required=True)
    attempted_at = fields.Datetime(required=True)

    _address_time = models.Index('(address, attempted_at)')

    @api.model
    def _digest(self, client_id):
        """How the table names a client identifier, existing or not."""
        return hashlib.sha256(client_id.encode()).hexdigest()

    @api.model
    def _count(self, digest, address):
        """The SQL that counts the failures of the last minute: `of_client`, `of_address`."""
        return SQL(
            """ SELECT count(*) FILTER (WHERE client_digest = %s) AS of_client, count(*) AS of_address
                  FROM oauth2_failed_attempt
                 WHERE address = %s AND attempted_at > (now() AT TIME ZONE 'UTC') - make_interval(secs => %s) """,
            digest, address, self.WINDOW)

    @api.model
    def _are_too_many(self, of_client, of_address):
        """Whether nobody at this address is listened to for a while."""
        return of_client >= self.MOST_OF_CLIENT or of_address >= self.MOST_OF_ADDRESS

    @api.model
    def _record(self, client, digest, address):
        """Count a failure. The caller answers with an error that it *returns*, so that this is committed.

        The first of a minute is an event: of guessing, auditors want to know, but not thousands of times.

        :param client: the `oauth2.client`; empty where there is none of that name.
        """
        self.env.cr.execute(self._count(digest, address))
        of_client, _of_address = self.env.cr.fetchone()
        if not of_client:
            self.env['oauth2.event']._record(
                'authentication_failed', client, address=address, detail=None if client else digest[:8])
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_failed_attempt (address, client_digest, attempted_at)
                     VALUES (%s, %s, now() AT TIME ZONE 'UTC') """, address, digest))

    @api.autovacuum
    def _gc_failed_attempts(self):
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_failed_attempt
                 WHERE attempted_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s) """, self.WINDOW))
