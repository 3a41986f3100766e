"""Creating, writing and deleting, of every model, within what a token opens.

The check has to come before everything that other addons do in their own `create` and `write`, so it cannot be one more
override among theirs. It is put on the models' classes when a registry is loaded, as Odoo's own automation rules are.
"""
import functools

from odoo import models
from odoo.tools import clean_context

from .limit import current, suspended
from .limit_changes import Changes


def _create(cls):
    def create(self, vals_list):
        limit = current()
        if limit is None or self.env.su:
            return super(cls, self).create(vals_list)
        changes = Changes(limit, self.env)
        _check_users_right(self.browse(), 'create', limit)
        changes.check_records(self.browse(), 'create')
        several = [vals_list] if isinstance(vals_list, dict) else vals_list
        # What the caller's context proposes is the caller's; and it must not reach what is made along with it.
        proposed = _proposed(self)
        several = [{**proposed, **vals} for vals in several]
        names = {name for vals in several for name in vals}  # Odoo adds to the dictionaries
        for vals in several:
            changes.check_values(self.browse(), vals, 'create')
        with suspended():
            records = super(cls, self.with_context(clean_context(self.env.context))).create(several)
        records = records.with_env(self.env)
        changes.check_made(records, names)
        return records
    return create


def _write(cls):
    def write(self, vals):
        limit = current()
        if limit is None or self.env.su:
            return super(cls, self).write(vals)
        changes = Changes(limit, self.env)
        _check_users_right(self, 'write', limit)
        changes.check_records(self, 'write')
        changes.check_values(self, vals, 'write')
        with suspended():
            result = super(cls, self.with_context(clean_context(self.env.context))).write(vals)
        changes.check_made_with()
        return result
    return write


def _unlink(cls):
    def unlink(self):
        limit = current()
        if limit is None or self.env.su:
            return super(cls, self).unlink()
        _check_users_right(self, 'unlink', limit)
        Changes(limit, self.env).check_records(self, 'unlink')
        with suspended():
            return super(cls, self).unlink()
    return unlink


def _proposed(model):
    """The values that the context proposes for a model's fields (`default_…`)."""
    prefix = 'default_'
    return {key.removeprefix(prefix): value for key, value in model.env.context.items()
            if key.startswith(prefix) and key.removeprefix(prefix) in model._fields}


def _check_users_right(records, operation, limit):
    """Where neither the user nor the token may do something, it is the user's error: no scope would help.

    Odoo has no such error for users who change their own records.
    """
    if not limit.allows(records._name, operation) and records != records.env.user:
        with suspended():
            records.browse().check_access(operation)


_WRAPPERS = {'create': _create, 'write': _write, 'unlink': _unlink}


class OAuth2Configuration(models.AbstractModel):
    _inherit = 'oauth2.configuration'

    def _register_hook(self):
        """Put the checks before everything else, once the registry is complete."""
        super()._register_hook()
        for cls in self.pool.values():
            for name, wrap in _WRAPPERS.items():
                if not cls._abstract and not hasattr(cls.__dict__.get(name), 'oauth2_check'):
                    method = functools.wraps(getattr(cls, name))(wrap(cls))
                    method.oauth2_check = True
                    setattr(cls, name, method)

    def _unregister_hook(self):
        """Take them off again, for the registry is to be set up anew."""
        super()._unregister_hook()
        for cls in self.pool.values():
            for name in _WRAPPERS:
                if hasattr(cls.__dict__.get(name), 'oauth2_check'):
                    delattr(cls, name)
