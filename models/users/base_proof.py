"""Records of any model by which users authenticate, such as passkeys: deleting one ends the user's tokens.

An administrator can delete them directly, without the user's One2many field.
"""
from odoo import models


class Base(models.AbstractModel):
    _inherit = 'base'

    def unlink(self):
        users = self.env['res.users']._oauth2_proven_by(self)
        result = super().unlink()
        if users:
            users._oauth2_end('user')
        return result
