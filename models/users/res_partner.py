"""Contacts of users: their address is worth a password."""
from odoo import models

from ..door.limit import acting


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def write(self, vals):
        """The address of whoever logs in is that to which a new password is sent."""
        if {'email', 'email_normalized'} & vals.keys() and acting() is not None:
            users = self.sudo().with_context(active_test=False).filtered(lambda partner: any(
                (partner[name] or '') != (vals[name] or '') for name in ('email', 'email_normalized') if name in vals
                and name in partner._fields)).user_ids
            users._oauth2_guard(['email'])
        return super().write(vals)
