"""When and from where an application was last used in the name of a user."""
import logging
from functools import partial
from time import monotonic

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ..oauth2_configuration import VACUUM_BATCH

_logger = logging.getLogger(__name__)

INTERVAL = 300  # seconds between two notes of the same
# What this process has noted, and when: database, application and user, to seconds. What falls out is noted again.
_noted = LRU(10_000)


class OAuth2Use(models.Model):
    """One row for each application and user, written every five minutes at the most, after the request's transaction,
    in one of its own: no request fails by it, or is run again because of it.
    """
    _name = 'oauth2.use'
    _inherit = 'oauth2.client.user'
    _description = 'Last Use of an OAuth2 Application'
    _log_access = False
    _allow_sudo_commands = False

    used_at = fields.Datetime('Last used', required=True, readonly=True)
    address = fields.Char('From', readonly=True, help='The IP address.')
    agent = fields.Char('Program', readonly=True, help='What the program calls itself (User-Agent).')

    _client_user_unique = models.Constraint('UNIQUE (client_id, user_id)', 'One row for each application and user.')

    @api.model
    def _note(self, client_id, user_id):
        """Note that an access token was used or given, if that was not noted a moment ago.

        :param client_id: of the `oauth2.client`.
        :param user_id: in whose name.
        """
        if monotonic() - _noted.get((self.env.cr.dbname, client_id, user_id), -INTERVAL) < INTERVAL:
            return
        address, agent = self.env['ir.http']._oauth2_caller(), self.env['ir.http']._oauth2_agent()
        self.env.cr.postcommit.add(partial(_store, self.env.registry, client_id, user_id, address, agent))

    @api.autovacuum
    def _gc_uses(self):
        """Remove those of applications and users that are gone."""
        self.env.cr.execute(SQL(
            "DELETE FROM oauth2_use WHERE id IN (SELECT id FROM oauth2_use WHERE %s LIMIT %s)",
            self._is_orphan(SQL('oauth2_use')), VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH


def _store(registry, client_id, user_id, address, agent):
    try:
        with registry.cursor() as cursor:
            cursor.execute(SQL(
                """ INSERT INTO oauth2_use AS known (client_id, user_id, used_at, address, agent)
                         VALUES (%(client)s, %(user)s, now() AT TIME ZONE 'UTC', %(address)s, %(agent)s)
                    ON CONFLICT (client_id, user_id) DO UPDATE
                            SET used_at = EXCLUDED.used_at, address = EXCLUDED.address, agent = EXCLUDED.agent
                          WHERE known.used_at < EXCLUDED.used_at - make_interval(secs => %(interval)s) """,
                client=client_id, user=user_id, address=address, agent=agent, interval=INTERVAL), log_exceptions=False)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.debug('OAuth2: another process has noted the last use of client %s', client_id)
    except Exception:  # such as an exhausted pool. The request is done: nothing of it may fail any more
        _logger.warning('OAuth2: the last use of client %s could not be noted', client_id, exc_info=True)
        return
    _noted[registry.db_name, client_id, user_id] = monotonic()
