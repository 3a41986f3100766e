"""What is noticed of the use of applications: the first one, and a refresh that looks like two programs."""
from odoo import api, models
from odoo.tools import SQL

from ...protocol.visible import visible


class OAuth2Event(models.Model):
    _inherit = 'oauth2.event'

    @api.model
    def _record_first_use(self, client_id, user_id):
        """Record that an application got or used its first token ever.

        Asked only when an application has not been used in the name of this user before. An application
        that was used before this was recorded is recognized by an authorization older than an hour.
        """
        use = self.env['oauth2.use'].search([('client_id', '=', client_id), ('user_id', '=', user_id)], limit=1)
        self.env.cr.execute(SQL(
            """ SELECT WHERE EXISTS (SELECT FROM oauth2_use WHERE client_id = %(client)s AND user_id <> %(user)s)
                          OR EXISTS (SELECT FROM oauth2_event WHERE client_id = %(client)s AND name = 'first_use')
                          OR EXISTS (SELECT FROM oauth2_authorization WHERE client_id = %(client)s
                                        AND create_date < (now() AT TIME ZONE 'UTC') - interval '1 hour') """,
            client=client_id, user=user_id))
        if not self.env.cr.rowcount:
            self._record('first_use', self.env['oauth2.client'].browse(client_id), user_id, use.address,
                         detail=visible(use.agent))

    @api.model
    def _record_repeated_elsewhere(self, client, user_id):
        """Record that a refresh token came again, a moment after it was replaced, from another address and another
        program than those of the last use: a client that lost an answer asks from where it asked before.
        """
        caller, agent = self.env['ir.http']._oauth2_caller(), self.env['ir.http']._oauth2_agent()
        uses = self.env['oauth2.use'].search([('client_id', '=', client.id), ('user_id', '=', user_id)])
        if uses and all(use.address != caller and use.agent != agent for use in uses):
            self._record_seldom('refresh_repeated_elsewhere', client, user_id, detail=visible(agent))
