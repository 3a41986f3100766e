"""Contacts of users: changing their email address is worth a password."""
from odoo import models

from ..door.limit import acting


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def write(self, vals):
        """A new password is sent to the email address of the user's contact."""
        if {'email', 'email_normalized'} & vals.keys() and acting() is not None:
            users = self.sudo().with_context(active_test=False).filtered(lambda partner: any(
                (partner[name] or '') != (vals[name] or '') for name in ('email', 'email_normalized') if name in vals
                and name in partner._fields)).user_ids
            users._oauth2_guard(['email'])
        return super().write(vals)
