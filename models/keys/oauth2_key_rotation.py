"""The rotation of keys: announced before they sign, and kept as long as something that they signed is valid."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.tools import SQL

from ..oauth2_configuration import DAY, LIMITS
from .oauth2_signing_key import (
    ACCESS_TOKEN,
    BROWSER,
    CLOCK_SKEW,
    FERNET,
    LONGEST_ACCESS_TOKEN,
    LONGEST_PAGE,
    REFRESH_TOKEN,
)

# ID tokens are also hints, and no authorization lasts longer than this.
_LONGEST_HINT = LIMITS['authorization_lifetime'] * DAY


class OAuth2SigningKey(models.Model):
    _inherit = 'oauth2.signing.key'

    @api.model
    def _rotate(self):
        """Make the next key of each purpose, with the algorithm of the settings, unless the last one is only announced.

        A public key is announced first, because clients and proxies may use an older copy of /jwks. Nobody else reads
        refresh tokens, so their key need not wait.
        """
        algorithms = ('HS256', FERNET, self.env['oauth2.configuration']._signing_algorithm())
        delay_of_public = self.env['oauth2.configuration'].KEY_ANNOUNCEMENT
        for purpose, delay in ((ACCESS_TOKEN, delay_of_public), (REFRESH_TOKEN, 0), (BROWSER, 0)):
            self._current(purpose)
            if self._last_announced(purpose).algorithm not in algorithms:
                self._generate(purpose, delay)
        # The private part of the former key is deleted once it no longer signs.
        if job := self.env.ref('restapi_oauth2.cron_rotate_keys', raise_if_not_found=False):
            job._trigger(fields.Datetime.now() + timedelta(seconds=delay_of_public + 2 * CLOCK_SKEW))

    @api.model
    def _last_announced(self, purpose):
        """The last key of this database, if it does not sign yet; else an empty recordset."""
        last = self.search([('kid', 'in', list(self._by_kid(purpose))), ('retires_at', '=', False)])
        return last.filtered(lambda key: key.state == 'announced')

    @api.model
    def _cron_rotate(self):
        """Once a day: replace keys that have signed for long enough, and delete those that nobody needs."""
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
        """Delete the private parts that no longer sign, the keys whose tokens are all invalid, and, in a duplicate, the
        keys of the original: they could forge its tokens.

        A refresh token lives as long as its authorization goes unused; one that was refreshed since then has a token of
        a newer key. But a client that keeps its token presents the first one, until the authorization ends.
        """
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_signing_key SET private_key = NULL
                 WHERE private_key IS NOT NULL AND public_key IS NOT NULL
                   AND retires_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s) """, CLOCK_SKEW))
        if self.env.cr.rowcount:
            self._forget()
        self.env.cr.execute(SQL(
            """ SELECT id FROM oauth2_signing_key key
                 WHERE database_uuid <> (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid')
                    OR purpose = %s AND retires_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s)
                    OR purpose = %s AND retires_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s)
                    OR purpose = %s AND retires_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %s)
                       AND NOT EXISTS (SELECT FROM oauth2_authorization
                                         JOIN oauth2_client client ON client.id = oauth2_authorization.client_id
                                        WHERE CASE client.refresh_rotation
                                              WHEN 'keep' THEN oauth2_authorization.create_date ELSE rotated_at END
                                              <= key.retires_at + make_interval(secs => %s)
                                          AND NOT %s AND idle_expires_at > now() AT TIME ZONE 'UTC'
                                          AND grant_type <> 'client_credentials') """,
            ACCESS_TOKEN, _LONGEST_HINT, BROWSER, LONGEST_PAGE, REFRESH_TOKEN, LONGEST_ACCESS_TOKEN, CLOCK_SKEW,
            self.env['oauth2.authorization.end']._has_ended(SQL('oauth2_authorization'))))
        if outlived := self.browse(row[0] for row in self.env.cr.fetchall()):
            outlived.unlink()

    @check_identity
    def action_rotate(self):
        """The administrator's button: make the next keys, as the schedule does."""
        self.check_access('read')
        self.sudo()._rotate()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    @check_identity
    def action_replace_now(self):
        """The administrator's button for an emergency: new keys sign from now on, and everything that the current keys
        have signed becomes invalid. All keys are replaced, because whoever has stolen one can have stolen all.
        """
        self.check_access('read')
        self.env['oauth2.event']._record('keys_replaced')
        self.sudo().search([('purpose', 'in', (ACCESS_TOKEN, REFRESH_TOKEN, BROWSER))]).unlink()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
