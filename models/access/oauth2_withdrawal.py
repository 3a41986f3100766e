"""Users who have disconnected applications."""
from odoo import api, models
from odoo.tools import SQL


class OAuth2Withdrawal(models.Model):
    """A user has withdrawn what an application was allowed. This outlives the consent, so that a trusted application
    does not get it back without asking.
    """
    _name = 'oauth2.withdrawal'
    _inherit = 'oauth2.client.user'
    _description = 'OAuth2 Withdrawal'
    _log_access = False
    _allow_sudo_commands = False

    _client_user_unique = models.Constraint('UNIQUE (client_id, user_id)', 'One row for each application and user.')

    @api.model
    def _record(self, consents):
        """Record that consents are withdrawn.

        :param consents: SQL: a table, or its alias, with the conditions that follow it.
        """
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_withdrawal (client_id, user_id)
                     SELECT client_id, user_id FROM %s ON CONFLICT (client_id, user_id) DO NOTHING """, consents))

    @api.model
    def _has(self, client, user_id):
        """Whether a user has ever disconnected an application."""
        return bool(self.search_count([('client_id', '=', client.id), ('user_id', '=', user_id)], limit=1))

    @api.autovacuum
    def _gc_withdrawals(self):
        """Remove those of applications and users that are gone."""
        return self._remove_orphans()
