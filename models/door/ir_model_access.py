"""Access rights of models, within what a token opens."""
from odoo import api, models

from .limit import current, suspended


class IrModelAccess(models.Model):
    _inherit = 'ir.model.access'

    @api.model
    def check(self, model, mode='read', raise_exception=True):
        """The user's right, and the token's: outside of the cache in which Odoo keeps the user's."""
        allowed = super().check(model, mode, raise_exception)
        limit = current()
        if limit is None or not allowed or self.env.su or limit.allows(model, mode):
            return allowed
        if raise_exception:
            raise limit.lacking(self.env, model, mode)
        return False

    def _make_access_error(self, model, mode):
        limit = current()
        if limit is not None and not limit.allows(model, mode):
            with suspended():
                is_users_right = self.check(model, mode, raise_exception=False)
            if is_users_right:
                return limit.lacking(self.env, model, mode)
        return super()._make_access_error(model, mode)
