"""Groups: a token does not change them (res_users_guard.py). One of them says who may use unregistered applications."""
from odoo import api, models

from ..clients.unregistered.oauth2_client_registration import GROUP


class ResGroups(models.Model):
    _inherit = 'res.groups'

    @api.model_create_multi
    def create(self, vals_list):
        self.env['res.users']._oauth2_refuse('create', model_name='res.groups')
        former = self._oauth2_lets_in()
        groups = super().create(vals_list)
        self._oauth2_record_let_in(former)
        return groups

    def unlink(self):
        self.env['res.users']._oauth2_refuse('unlink', model_name='res.groups')
        return super().unlink()

    def write(self, vals):
        self.env['res.users']._oauth2_refuse('write', model_name='res.groups')
        former = self._oauth2_lets_in()
        result = super().write(vals)
        self._oauth2_record_let_in(former)
        return result

    @api.model
    def _oauth2_lets_in(self):
        """The names of the groups whose users may use unregistered applications."""
        group = self.sudo().env.ref(GROUP, raise_if_not_found=False)
        return ', '.join(group.implied_by_ids.mapped('full_name')) if group else ''

    @api.model
    def _oauth2_record_let_in(self, former):
        now = self._oauth2_lets_in()
        if now != former and self.env.registry.ready:
            self.env['oauth2.event']._record(
                'setting_changed', detail='unregistered_groups', old_value=former, new_value=now)
