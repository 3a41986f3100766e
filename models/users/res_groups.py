"""Groups: what is in them is worth a password (res_users_guard.py)."""
from odoo import api, models


class ResGroups(models.Model):
    _inherit = 'res.groups'

    @api.model_create_multi
    def create(self, vals_list):
        self.env['res.users']._oauth2_refuse('create', model_name='res.groups')
        return super().create(vals_list)

    def unlink(self):
        self.env['res.users']._oauth2_refuse('unlink', model_name='res.groups')
        return super().unlink()

    def write(self, vals):
        self.env['res.users']._oauth2_refuse('write', model_name='res.groups')
        return super().write(vals)
