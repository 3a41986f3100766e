"""When and from where an application was last used in the name of a user."""
from odoo import api, fields, models
from odoo.tools import SQL

from ..noted import INTERVAL, note


class OAuth2Use(models.Model):
    """A row for each application and user, and for each of the two reasons for access: the user has allowed it, or an
    administrator has decided it.
    """
    _name = 'oauth2.use'
    _inherit = 'oauth2.client.user'
    _description = 'Last Use of an OAuth2 Application'
    _log_access = False
    _allow_sudo_commands = False

    is_direct = fields.Boolean(
        'Direct', required=True, readonly=True, help='Of an authorization that is direct: nobody was asked.')
    used_at = fields.Datetime('Last used', required=True, readonly=True)
    address = fields.Char('IP address', readonly=True)
    agent = fields.Char('Program', readonly=True, help='What the program calls itself (User-Agent).')
    through = fields.Char(
        readonly=True, help='The API that has last used Odoo for it: it was given a token by the application, and '
                            'exchanged it.')

    _client_user_unique = models.Constraint(
        'UNIQUE (client_id, user_id, is_direct)', 'One row for each application and user, with and without a consent.')

    @api.model
    def _note(self, client_id, user_id, is_direct, resource=None):
        """Note that an access token was used or issued, unless that was just noted.

        :param client_id: of the `oauth2.client`.
        :param user_id: in whose name.
        :param is_direct: whether nobody was asked, as in the authorization.
        :param resource: the API that got the token by exchange, or None.
        """
        ir_http = self.env['ir.http']

        def statement():
            return SQL(
                """ INSERT INTO oauth2_use AS known (client_id, user_id, is_direct, used_at, address, agent, through)
                         VALUES (%(client)s, %(user)s, %(is_direct)s, now() AT TIME ZONE 'UTC', %(address)s, %(agent)s,
                                 (SELECT name FROM oauth2_resource WHERE uri = %(resource)s))
                    ON CONFLICT (client_id, user_id, is_direct) DO UPDATE
                            SET used_at = EXCLUDED.used_at, address = EXCLUDED.address, agent = EXCLUDED.agent,
                                through = EXCLUDED.through
                          WHERE known.used_at < EXCLUDED.used_at - make_interval(secs => %(interval)s)
                             OR known.through IS DISTINCT FROM EXCLUDED.through
                      RETURNING xmax = 0 """,  # a row that was there is locked, and has an xmax
                client=client_id, user=user_id, is_direct=is_direct, address=ir_http._oauth2_caller(),
                agent=ir_http._oauth2_agent(), resource=resource, interval=INTERVAL)

        note(self.env, ('use', client_id, user_id, is_direct, resource), statement,
             lambda env: env['oauth2.event']._record_first_use(client_id, user_id))

    @api.autovacuum
    def _gc_uses(self):
        """Remove those of applications and users that are gone."""
        return self._remove_orphans()
