"""Requests that people have answered."""
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

from ...protocol.errors import StalePage
from ..oauth2_configuration import LONGEST_THOUGHT


class OAuth2AnsweredRequest(models.Model):
    """A request that waited for a person, and was answered: it cannot be answered again, whatever the browser keeps.

    There is a row for each answer of a user who is logged in, for as long as the request could wait.
    """
    _name = 'oauth2.answered.request'
    _description = 'Answered OAuth2 Request'
    _log_access = False
    _allow_sudo_commands = False

    digest = fields.Char(required=True)
    answered_at = fields.Datetime(required=True, index=True)

    _digest_unique = models.Constraint('UNIQUE (digest)', 'A request is answered once.')

    @api.model
    def _is_answered(self, request_id):
        """Whether a request has been answered."""
        return bool(self.search_count([('digest', '=', _digest(request_id))], limit=1))

    @api.model
    def _record(self, request_id):
        """Note that a request is answered. Of two simultaneous answers, one fails in the database, and runs again.

        :raises StalePage: it was answered before.
        """
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_answered_request (digest, answered_at) VALUES (%s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (digest) DO NOTHING """, _digest(request_id)), log_exceptions=False)
        if not self.env.cr.rowcount:
            raise StalePage('this page was answered before; begin again in the application')

    @api.autovacuum
    def _gc_answered_requests(self):
        """Remove rows of requests that are too old to be answered."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_answered_request
                 WHERE answered_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s) """, LONGEST_THOUGHT + 60))


def _digest(request_id):
    return hashlib.sha256(request_id.encode()).hexdigest()
