"""Initial access tokens, whose holders may register clients (RFC 7591 §1.2, §3)."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ....protocol.errors import InvalidToken
from ..oauth2_client_secret import random_token
from .oauth2_registration_token import digest

MOST_USES = 1000
_DAYS = 7


class OAuth2InitialAccessToken(models.Model):
    """A token that an administrator of Odoo gives to somebody, who can register as many clients as it allows. A button
    makes the token, and shows it once: its digest is in an SQL column that the ORM does not know.
    """
    _name = 'oauth2.initial.access.token'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 Initial Access Token'
    _order = 'id desc'
    _allow_sudo_commands = False
    _recorded_as = 'initial_access_token'

    name = fields.Char('For', required=True, help='Who registers applications with it, such as a platform.')
    expires_at = fields.Datetime(
        'Valid until', required=True, default=lambda self: fields.Datetime.now() + timedelta(days=_DAYS))
    uses_left = fields.Integer(
        'Applications', required=True, default=1, help='How many applications can still be registered with it.')
    has_token = fields.Boolean('Has a token', compute='_compute_has_token')

    _uses = models.Constraint(
        'CHECK (uses_left BETWEEN 0 AND %d)' % MOST_USES, 'Applications: enter a number from 0 to 1000.')

    def init(self):
        super().init()
        self.env.cr.execute(SQL(
            'ALTER TABLE oauth2_initial_access_token ADD COLUMN IF NOT EXISTS digest varchar UNIQUE'))

    def _compute_has_token(self):
        numbers = {number for [number] in self.env.execute_query(SQL(
            'SELECT id FROM oauth2_initial_access_token WHERE digest IS NOT NULL AND id = ANY(%s)', self.ids))}
        for record in self:
            record.has_token = record._origin.id in numbers

    @check_identity
    def action_generate(self):
        """Make the token and show it. It is never shown again. An earlier one becomes invalid.

        :raises AccessError: for anybody but an administrator of Odoo.
        :raises UserError: it would be good for nothing.
        """
        self.ensure_one()
        if not self.env.user._is_system():
            raise AccessError(self.env._('Only an administrator of Odoo may make an initial access token.'))
        if self.uses_left < 1:
            raise UserError(self.env._('Applications: enter how many may be registered with this token, at least 1.'))
        if self.expires_at <= fields.Datetime.now():
            raise UserError(self.env._('Valid until: choose a time in the future.'))
        token = random_token()
        self._store(digest(token))
        self.env['oauth2.event']._record('initial_access_token_generated', detail=self.name)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Initial access token'),
            'res_model': 'oauth2.initial.access.token.show',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_token': token},
        }

    def _store(self, token_digest):
        self.env.cr.execute(SQL(
            'UPDATE oauth2_initial_access_token SET digest = %s WHERE id = ANY(%s)', token_digest, self.ids),
            log_exceptions=False)
        self.invalidate_recordset(['has_token'])

    def write(self, vals):
        """A change that allows more makes the token invalid: a new one has to be made, with a password."""
        former = {record: (record.expires_at, record.uses_left) for record in self}
        result = super().write(vals)
        self.filtered(lambda record: record.expires_at > former[record][0]
                      or record.uses_left > former[record][1])._store(None)
        return result

    @api.model
    def _find(self, token):
        """The record of a presented token.

        :raises InvalidToken: there is none, or it has expired or is used up.
        """
        rows = self.env.execute_query(SQL(
            'SELECT id FROM oauth2_initial_access_token WHERE digest = %s AND %s', digest(token), _IS_GOOD))
        if not rows:
            raise InvalidToken('the initial access token is unknown, used up or expired')
        return self.browse(rows[0])

    def _use(self):
        """Count a use. Of two simultaneous ones, one waits for the other.

        :raises InvalidToken: the other one was the last.
        """
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_initial_access_token SET uses_left = uses_left - 1
                 WHERE id = %s AND digest IS NOT NULL AND %s """, self.id, _IS_GOOD), log_exceptions=False)
        if not self.env.cr.rowcount:
            raise InvalidToken('the initial access token is unknown, used up or expired')
        self.invalidate_recordset(['uses_left'])


_IS_GOOD = SQL("uses_left > 0 AND expires_at > now() AT TIME ZONE 'UTC'")
