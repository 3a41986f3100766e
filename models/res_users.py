"""Users: the applications that act for them, what a token sees of them, and that their tokens end."""
from odoo import api, fields, models

from ..protocol.opening import READ
from .door.limit import current, suspended
from .door.limit_changes import Changes


class ResUsers(models.Model):
    _inherit = 'res.users'

    oauth2_client_ids = fields.One2many(
        'oauth2.client', 'user_id', 'Applications that act for this user',
        groups='restapi_oauth2.group_oauth2_administrator')
    oauth2_client_count = fields.Integer(
        compute='_compute_oauth2_client_count', groups='restapi_oauth2.group_oauth2_administrator')

    @api.depends('oauth2_client_ids')
    def _compute_oauth2_client_count(self):
        for user in self:
            user.oauth2_client_count = len(user.oauth2_client_ids)

    def _get_company_ids(self):
        """The user's companies that a token may see: outside of the cache in which Odoo keeps them all."""
        limit = current()
        if limit is None:
            return super()._get_company_ids()
        with suspended():
            company_ids = super()._get_company_ids()
        if limit.companies is None:
            return company_ids
        return tuple(company for company in limit.companies if company in company_ids)

    def read(self, fields=None, load='_classic_read'):
        """Odoo reads much of users' own records with all rights: a token has to open it all the same."""
        limit = current()
        if limit is not None and not self.env.su and self == self.env.user:
            changes = Changes(limit, self.env)
            changes.check_records(self, READ)
            changes.check_fields(self, fields or (), READ)
        return super().read(fields=fields, load=load)

    def unlink(self):
        """Deleting a user ends all tokens at once. What belonged to the user is removed afterwards."""
        result = super().unlink()
        self.env.ref('base.autovacuum_job').sudo()._trigger()
        return result

    def _oauth2_end(self, detail):
        """End every code and token that was given in the names of these users.

        :param detail: for the event, in a word.
        """
        self.env['oauth2.subject']._end(self.ids)
        self.env['oauth2.authorization'].invalidate_model(['is_active', 'revoked_because'])
        for user in self:
            self.env['oauth2.event']._record('user_ended', user_id=user.id, detail=detail)

    def action_oauth2_clients(self):
        """The applications that act for this user."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_client'),
            'domain': [('user_id', '=', self.id)],
            'context': {'default_user_id': self.id},
        }
