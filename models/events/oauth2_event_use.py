"""What is recorded of the use of applications: the first use, and a refresh token that comes from two places."""
from odoo import api, models
from odoo.tools import SQL

from ...protocol.visible import visible


class OAuth2Event(models.Model):
    _inherit = 'oauth2.event'

    @api.model
    def _record_first_use(self, client_id, user_id):
        """Record that an application got or used its very first token.

        It is called only for an application that has not been used before in the name of this user. An application that
        was used before such events existed is recognised by an authorization older than an hour.
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
        """Record that a refresh token was used again, just after it was replaced, from another address and by another
        program than the last use. A client that only lost an answer asks again from the same place.
        """
        caller, agent = self.env['ir.http']._oauth2_caller(), self.env['ir.http']._oauth2_agent()
        uses = self.env['oauth2.use'].search([('client_id', '=', client.id), ('user_id', '=', user_id)])
        if uses and all(use.address != caller and use.agent != agent for use in uses):
            self._record_seldom('refresh_repeated_elsewhere', client, user_id, detail=visible(agent))
