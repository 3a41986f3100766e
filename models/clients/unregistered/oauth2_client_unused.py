"""How many unregistered clients there may be, and when unused ones are removed."""
from odoo import api, models
from odoo.tools import SQL

from ....protocol.errors import TemporarilyUnavailable

# Clients that nobody has allowed anything: how many a user may bring, and how long they stay.
MOST_UNUSED = 20
UNUSED = '1 day'


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    @api.model
    def _unused(self, condition):
        """The SQL of the unregistered clients that nobody has allowed anything. Those that an administrator has blocked
        or approved are kept.

        :param condition: which of them, for the alias `client`.
        """
        return SQL(
            """ oauth2_client client
                 WHERE registration <> 'administrator' AND active AND is_approved IS NOT TRUE AND %s
                   AND NOT EXISTS (SELECT FROM oauth2_consent held WHERE held.client_id = client.id)
                   AND NOT EXISTS (SELECT FROM oauth2_authorization held WHERE held.client_id = client.id) """,
            condition)

    @api.model
    def _check_room_for_unregistered(self, user_id):
        """Refuse another client that a user brings.

        :raises TemporarilyUnavailable: there are many already that nobody has used.
        """
        [[count]] = self.env.execute_query(SQL(
            'SELECT count(*) FROM %s', self._unused(SQL('client.brought_by_id = %s', user_id))))
        if count >= MOST_UNUSED:
            raise TemporarilyUnavailable(
                'too many new applications today', detail=f'user {user_id} has brought {count} that are not used')

    @api.autovacuum
    def _gc_unused(self):
        """Remove unregistered clients that were not used."""
        rows = self.env.execute_query(SQL('SELECT client.id FROM %s LIMIT 1000', self._unused(SQL(
            "client.create_date < (now() AT TIME ZONE 'UTC') - %s::interval", UNUSED))))
        self.browse(number for [number] in rows).unlink()
        return len(rows), len(rows) == 1000
