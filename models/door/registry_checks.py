"""What is checked first, whatever other addons do in their own `create`, `write` and `_has_field_access`.

One more override among theirs would not do: theirs may come before it, and change or allow things by themselves. So
these are put on the models' classes when a registry is loaded, as Odoo's own automation rules are.
"""
import functools

from odoo import models

from .checked_changes import create_of, unlink_of, write_of
from .checked_fields import has_field_access_of

_FIRST = {
    '_has_field_access': has_field_access_of,
    'create': create_of,
    'unlink': unlink_of,
    'write': write_of,
}


class OAuth2Configuration(models.AbstractModel):
    _inherit = 'oauth2.configuration'

    def _register_hook(self):
        """Put the checks first, once the registry is complete."""
        super()._register_hook()
        for cls in self.pool.values():
            if cls._abstract:
                continue
            for name, method_of in _FIRST.items():
                if not hasattr(cls.__dict__.get(name), 'oauth2_check'):
                    method = functools.wraps(getattr(cls, name))(method_of(cls))
                    method.oauth2_check = True
                    setattr(cls, name, method)

    def _unregister_hook(self):
        """Take them off again, for the registry is to be set up anew."""
        super()._unregister_hook()
        for cls in self.pool.values():
            for name in _FIRST:
                if hasattr(cls.__dict__.get(name), 'oauth2_check'):
                    delattr(cls, name)
