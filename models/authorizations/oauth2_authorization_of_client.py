"""The authorization of a client that acts for itself, by client credentials (RFC 6749 §4.4)."""
from odoo import api, models
from odoo.tools import SQL

from .oauth2_authorization import GRANTED, NOW, Grant


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _begin_for_itself(self, client):
        """The authorization of a client that acts for itself. There is one row, and issuing tokens does not write it.

        :return: the :class:`~.oauth2_authorization.Grant`. It lives at least as long as an access token that is issued
            now. None if the client acts for nobody, or for a user in whose name there are no tokens.
        """
        return self._find_for_itself(client) or self._begin_anew(client) or self._find_for_itself(client)

    @api.model
    def _find_for_itself(self, client):
        self.env.cr.execute(SQL(
            """ SELECT %(columns)s FROM oauth2_authorization
                 WHERE client_id = %(client)s AND grant_type = 'client_credentials' AND %(is_usable)s """,
            columns=Grant.columns(), client=client.id, is_usable=self._is_usable(client)))
        row = self.env.cr.fetchone()
        return row and Grant(*row)

    @api.model
    def _is_usable(self, client):
        """The SQL condition that an access token of an authorization may be issued now."""
        return SQL(
            "(%(living)s AND oauth2_authorization.expires_at > %(now)s + make_interval(secs => %(lifetime)s))",
            living=self._is_living(GRANTED), now=NOW,
            lifetime=self.env['oauth2.configuration']._access_token_lifetime(client))

    @api.model
    def _begin_anew(self, client):
        """Begin, or prolong what is about to expire. An authorization that has ended gets a new name: its tokens stay
        invalid.

        Of two simultaneous requests, one begins; the other changes nothing, and finds the row.

        :return: the :class:`~.oauth2_authorization.Grant`, or None.
        """
        self.env.cr.execute(SQL(
            """ WITH made AS (%(ensure)s)
                INSERT INTO oauth2_authorization (
                            client_id, user_id, scope, is_direct, grant_type, generation,
                            client_epoch, user_epoch, consent_epoch,
                            rotated_at, idle_expires_at, expires_at, create_date)
                     SELECT client.id, res_users.id, %(scope)s, TRUE, 'client_credentials', 0,
                            client.epoch, COALESCE(subject.epoch, made.epoch), client.service_epoch,
                            %(now)s, %(expires_at)s, %(expires_at)s, %(now)s
                       FROM oauth2_client client
                       JOIN res_users ON res_users.id = client.user_id AND %(may_hold)s
                  LEFT JOIN oauth2_subject subject ON subject.user_id = res_users.id
                  LEFT JOIN made ON TRUE
                      WHERE client.id = %(client)s AND client.active
                ON CONFLICT (client_id) WHERE grant_type = 'client_credentials'
                  DO UPDATE SET (name, user_id, scope, client_epoch, user_epoch, consent_epoch,
                                 rotated_at, idle_expires_at, expires_at, create_date)
                              = (CASE WHEN %(is_living)s THEN oauth2_authorization.name ELSE EXCLUDED.name END,
                                 EXCLUDED.user_id, EXCLUDED.scope,
                                 EXCLUDED.client_epoch, EXCLUDED.user_epoch, EXCLUDED.consent_epoch,
                                 EXCLUDED.rotated_at, EXCLUDED.idle_expires_at, EXCLUDED.expires_at,
                                 EXCLUDED.create_date) WHERE NOT %(is_usable)s
                  RETURNING %(columns)s """,
            client=client.id, scope=client.scope or '', now=NOW, columns=Grant.columns(),
            ensure=self.env['oauth2.subject']._ensure(client.user_id.id or None),
            may_hold=self._may_hold_tokens(SQL('res_users')), is_usable=self._is_usable(client),
            is_living=self._is_living(GRANTED), expires_at=self._ends(client)['expires_at'],
        ), log_exceptions=False)
        row = self.env.cr.fetchone()
        return row and Grant(*row)
