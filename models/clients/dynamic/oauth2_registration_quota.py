"""How many clients may register themselves in a day, and how often one may change its registration."""
from odoo import api, models
from odoo.tools import SQL

from ....protocol.caller import network
from ....protocol.errors import TooManyRequests

QUOTAS = {'registrations_per_address': 20, 'registrations_in_all': 500}
MOST = 10_000
MOST_CHANGES = 10  # of one client, in a day
_DAY = SQL("interval '1 day'")


class OAuth2Configuration(models.AbstractModel):
    _inherit = 'oauth2.configuration'

    @api.model
    def _quota(self, name):
        """One of :data:`QUOTAS`; its default if it is not set, or not to a possible value."""
        text = self._parameter(name) or ''
        return int(text) if text.isdecimal() and 0 < int(text) <= MOST else QUOTAS[name]


class OAuth2Client(models.Model):
    """Events are counted, not clients: registering a client and deleting it counts, too. Clients that somebody has
    allowed something are not counted. The others are removed after a day (:mod:`..unregistered.oauth2_client_unused`),
    so the quota also limits the number of rows.
    """
    _inherit = 'oauth2.client'

    @api.model
    def _check_room_to_register(self, address):
        """Refuse another client from an address, if it or all addresses together have registered too many.

        :raises TooManyRequests: with the time after which there is room again.
        """
        quota = self.env['oauth2.configuration']._quota
        is_of_address = SQL('detail = %s', network(address))
        [[of_address, address_wait, in_all, wait]] = self.env.execute_query(SQL(
            """ SELECT count(*) FILTER (WHERE %(is_of_address)s), %(address_wait)s, count(*), %(wait)s
                  FROM oauth2_event event
                 WHERE name = 'client_registered' AND happened_at > (now() AT TIME ZONE 'UTC') - %(day)s
                   AND position(': ' IN detail) = 0 -- that of an initial access token has a quota of its own
                   AND NOT EXISTS (SELECT FROM oauth2_consent held WHERE held.client_id = event.client_id) """,
            is_of_address=is_of_address, address_wait=_until_free(is_of_address), wait=_until_free(SQL('TRUE')),
            day=_DAY))
        if of_address >= quota('registrations_per_address'):
            raise TooManyRequests('too many applications were registered from this address: try again later',
                                  detail=f'from {network(address)}', retry_after=int(address_wait))
        if in_all >= quota('registrations_in_all'):
            raise TooManyRequests('too many applications were registered here: try again later',
                                  retry_after=int(wait))

    @api.model
    def _take_turns(self):
        """Make other registrations wait until this transaction is over. A transaction that began before that then
        fails, and its request runs again (:mod:`~....wire.lost_race`): so it counts correctly.
        """
        # Only a written row makes the other transaction fail; this row exists as long as anybody may register.
        self.env.cr.execute(SQL(
            "UPDATE ir_config_parameter SET write_date = write_date WHERE key = 'restapi_oauth2.dynamic_registration'"),
            log_exceptions=False)

    def _check_may_change_itself(self):
        """Refuse another change by the client itself, if there were too many.

        :raises TooManyRequests: see above.
        """
        [[count, wait]] = self.env.execute_query(SQL(
            """ SELECT count(*), %(seconds)s FROM oauth2_event
                 WHERE name = 'client_updated' AND client_id = %(client)s
                   AND happened_at > (now() AT TIME ZONE 'UTC') - %(day)s """,
            seconds=_until_free(SQL('TRUE')), client=self.id, day=_DAY))
        if count >= MOST_CHANGES:
            raise TooManyRequests('this application has changed too often: try again later', retry_after=int(wait))


def _until_free(condition):
    """The SQL of the seconds until the first event that meets a condition is a day old."""
    return SQL(
        """ GREATEST(1, ceil(extract(
                epoch FROM min(happened_at) FILTER (WHERE %s) + %s - (now() AT TIME ZONE 'UTC')))) """, condition, _DAY)
