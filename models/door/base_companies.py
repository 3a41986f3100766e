"""The companies that a token may see."""
from odoo import models

from .limit import current


class Base(models.AbstractModel):
    _inherit = 'base'

    def with_context(self, ctx=None, /, **overrides):
        """Where no companies are chosen, Odoo takes those of the user: here it takes those of the token.

        Other companies than these are refused by Odoo, as they do not seem to be the user's.
        """
        records = super().with_context(ctx, **overrides)
        limit = current()
        if limit is None or limit.companies is None or records.env.context.get('allowed_company_ids'):
            return records
        return super().with_context(records.env.context, allowed_company_ids=list(limit.companies))
