"""Creating, writing and deleting, of every model, within what a token opens: put first by registry_checks.py."""
from odoo.tools import clean_context

from .limit import current, suspended
from .limit_changes import Changes


def create_of(cls):
    """The `create` of a model's class, which looks at what is handed in before and at what was made after."""
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


def write_of(cls):
    """The `write` of a model's class, which looks at records and values before."""
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


def unlink_of(cls):
    """The `unlink` of a model's class, which looks at the records before."""
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
