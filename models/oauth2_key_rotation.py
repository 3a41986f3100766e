"""Keys come and go: announced before they sign, kept until the last token that they signed has expired."""
from odoo import api, models
from odoo.addons.base.models.res_users import check_identity
from odoo.tools import SQL

from .oauth2_configuration import LIMITS, MINUTE
from .oauth2_signing_key import ACCESS_TOKEN, REFRESH_TOKEN

_CLOCK_SKEW = 60  # seconds


class OAuth2SigningKey(models.Model):
    _inherit = 'oauth2.signing.key'

    @api.model
    def _rotate(self):
        """Make the next key of each purpose, unless the last one is announced, with the algorithm of the settings.

        A public key is announced first: clients and proxies may go by an older copy of /jwks. What
        signs refresh tokens nobody else reads, so it need not wait.
        """
        algorithms = ('HS256', self.env['oauth2.configuration']._signing_algorithm())
        for purpose, delay in ((ACCESS_TOKEN, self.env['oauth2.configuration'].KEY_ANNOUNCEMENT), (REFRESH_TOKEN, 0)):
            self._current(purpose)
            if self._last_announced(purpose).algorithm not in algorithms:
                self._generate(purpose, delay)

    @api.model
    def _last_announced(self, purpose):
        """The key of this database that will sign in the end, if it does not sign yet; else an empty recordset."""
        last = self.search([('purpose', '=', purpose), ('kid', 'in', list(self._by_kid(purpose)))], limit=1)
        return last.filtered(lambda key: key.state == 'announced')

    @api.model
    def _cron_rotate(self):
        """Once a day: replace the keys that have signed for long enough, and delete those that nobody needs."""
        self._delete_outlived()
        lifetime = self.env['oauth2.configuration']._key_lifetime()
        self.env.cr.execute(SQL(
            """ SELECT max(activates_at) < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s)
                  FROM oauth2_signing_key WHERE kid IN %s """,
            lifetime, tuple(self._by_kid(ACCESS_TOKEN)) or ('',)))
        if self.env.cr.fetchone()[0]:
            self._rotate()

    @api.model
    def _delete_outlived(self):
        """Delete the keys whose tokens have all expired.

        An access or ID token lives for a day at the most. A refresh token lives as long as its
        authorization goes unused; one that was refreshed since then has a token of a newer key.
        """
        longest = LIMITS['access_token_lifetime'] * MINUTE + _CLOCK_SKEW
        self._delete_where(ACCESS_TOKEN, SQL(
            "successor.activates_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s)", longest))
        self._delete_where(REFRESH_TOKEN, SQL(
            """ successor.activates_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s)
                AND NOT EXISTS (SELECT FROM oauth2_authorization
                                 WHERE rotated_at <= successor.activates_at + make_interval(secs => %s)
                                   AND NOT %s AND idle_expires_at > now() AT TIME ZONE 'UTC'
                                   AND grant_type <> 'client_credentials') """, longest, _CLOCK_SKEW,
            self.env['oauth2.authorization.end']._has_ended(SQL('oauth2_authorization'))))

    @api.model
    def _delete_where(self, purpose, is_outlived):
        """Delete the keys of a purpose that have a successor of which this holds."""
        self.env.cr.execute(SQL(
            """ SELECT id FROM oauth2_signing_key key
                 WHERE purpose = %s AND EXISTS (
                       SELECT FROM oauth2_signing_key successor
                        WHERE successor.purpose = key.purpose AND successor.database_uuid = key.database_uuid
                          AND successor.activates_at > key.activates_at AND %s) """, purpose, is_outlived))
        outlived = self.browse(row[0] for row in self.env.cr.fetchall())
        outlived.unlink()

    @check_identity
    def action_rotate(self):
        """The administrator's button: the next keys, as the schedule makes them."""
        self.check_access('read')
        self.sudo()._rotate()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    @check_identity
    def action_delete(self):
        """The administrator's button for an emergency: every token that this key signed ends at once."""
        self.check_access('read')
        self.sudo().unlink()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
