"""Access to the fields of every model, within what a token opens: put first by registry_checks.py."""
from odoo.models import BaseModel

from .limit import current


def has_field_access_of(cls):
    """The `_has_field_access` of a model's class.

    Odoo asks it whenever any code takes the value of a field, some hundred times in a request, so without a token it
    does next to nothing.
    """
    is_odoos_own = cls._has_field_access is BaseModel._has_field_access

    def _has_field_access(self, field, operation):
        limit = current()
        if limit is None and is_odoos_own and not field.groups:
            return True  # as Odoo's own says, which need not be called for it
        allowed = super(cls, self)._has_field_access(field, operation)
        return allowed if limit is None or self.env.su else allowed and limit.opens_field(self, field, operation)
    return _has_field_access
