"""Record rules, within what a token opens."""
from odoo import api, models
from odoo.exceptions import AccessError

from .limit import current, suspended


class IrRule(models.Model):
    _inherit = 'ir.rule'

    @api.model
    def _compute_domain(self, model_name, mode='read'):
        """The user's rules, and beside them the token's: outside of the cache in which Odoo keeps the user's, and out
        of sight for what that works out of other models' rules.
        """
        limit = current()
        if limit is None:
            return super()._compute_domain(model_name, mode)
        limit.check_companies(self.env)
        with suspended():
            domain = super()._compute_domain(model_name, mode)
        return domain if self.env.su else domain & limit.domain(self.env, model_name, mode)

    def _make_access_error(self, operation, records):
        """What is closed by the token's scopes is called so; and of what is closed by rules nothing is told, for Odoo
        names the records there that it does not show.
        """
        limit = current()
        if limit is None:
            return super()._make_access_error(operation, records)
        with suspended():
            is_users_right = records.has_access(operation)
        records.invalidate_recordset()  # as Odoo does: whatever was looked at for this must not be read from the cache
        if is_users_right:
            return limit.lacking(self.env, records._name, operation, records=True)
        return AccessError(self.env._(
            'The user may not %(operation)s these records of %(model)s.', operation=operation, model=records._name))
