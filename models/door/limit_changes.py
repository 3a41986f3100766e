"""What a token may change: everything that the caller hands in is looked at before Odoo begins.

What Odoo does by itself to carry it out, such as a note in a document's history or the price of an order, it does with
the user's rights: a token that may add an order need not be able to read price lists. So nothing of what is handed in
may reach further than the token does: no field that is closed, no record of a closed model in a relation's commands,
and no number of a record that the token may not read, whose values might be copied from there.
"""
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...protocol.opening import READ
from ..scopes.field_opening import lines_that_open


class Changes:
    """The changes of one call.

    :param limit: the :class:`~.limit.Limit`.
    :param env: the environment of the caller.
    """

    def __init__(self, limit, env):
        self._limit = limit
        self._env = env
        self._made_with = []
        limit.check_companies(env)

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def check_records(self, records, operation):
        """Refuse an operation on records, or, where there are none, on a model, that are closed to it.

        :raises AccessError: the user's own, where the user may not do that either.
        """
        if not self._limit.allows(records._name, operation):
            raise self._limit.lacking(self._env, records._name, operation)
        if self._limit.opened(records, operation) != records:
            raise self._limit.lacking(self._env, records._name, operation, records=True)

    def check_made(self, records, names):
        """Look at records once more that have just been made: they may be out of the domain, and so may what was made
        with them by commands.

        :param names: the fields for which the caller has handed in values.
        """
        self.check_records(records, 'create')
        self.check_fields(records, names, 'create')
        self.check_made_with()

    def check_made_with(self):
        """The same for records that were made by the commands of a relation."""
        for records, field, before in self._made_with:
            made = records.sudo()[field.name].with_env(self._env) - before
            self.check_records(made, 'create')

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def check_values(self, records, vals, operation):
        """Refuse values that reach further than the token.

        :param records: those that are to be changed; none where one is to be made.
        :param vals: field names to values, as `create` and `write` take them.
        :param operation: `create` or `write`.
        :raises AccessError: see above.
        """
        self.check_fields(records, vals, operation)
        for name, value in vals.items():
            field = records._fields[name]
            if field.related:
                self._check_place(records, field, operation)
            if field.type in ('one2many', 'many2many'):
                self._check_commands(records, field, value)
            elif field.type == 'many2one':
                self._check_readable(field.comodel_name, [value])
            elif field.type == 'reference' and value:
                model_name, _comma, number = str(value).partition(',')
                self._check_readable(model_name, [int(number) if number.isdigit() else None])
            elif field.type == 'many2one_reference' and value:
                self._check_owner(records, field, value, vals)
            elif field.type == 'properties':
                self._check_properties(records, field, value)

    def check_fields(self, records, names, operation):
        """Refuse fields that are closed to an operation, and names that are none: methods may take those for orders.

        :raises UserError: there is no such field.
        """
        for name in names:
            field = records._fields.get(name)
            if field is None:
                raise UserError(self._env._(
                    '%(model)s has no field %(field)s.', model=records._name, field=name))
            if not self._limit.opens_field(records, field, operation):
                raise self._limit.lacking(self._env, records._name, operation, name)

    def _check_place(self, records, field, operation):
        """The value of a related field goes to another record. A line that names the field knows that."""
        lines = lines_that_open(self._limit.opening, records.pool, field, operation)
        if any(line.is_whole or line.fields is not None for line in lines):
            return
        *path, last = field.related.split('.')
        owner = records.sudo().mapped('.'.join(path))
        there = 'create' if operation == 'create' and field.inherited else 'write'
        if not self._limit.allows(owner._name, there):
            raise self._limit.lacking(self._env, owner._name, there)
        owner = owner.with_env(self._env)
        self.check_fields(owner, [last], there)
        if operation == 'write':
            self.check_records(owner, 'write')

    # ------------------------------------------------------------------
    # Other records
    # ------------------------------------------------------------------

    def _check_readable(self, model_name, ids):
        """Let a value name only records that the token may read: from others, something might be copied."""
        ids = [id_[0] if isinstance(id_, (list, tuple)) and id_ else id_ for id_ in ids if id_]
        if not ids:
            return
        if model_name not in self._env or not all(type(id_) is int for id_ in ids):
            raise self._limit.lacking(self._env, model_name, READ)
        self.check_records(self._env[model_name].browse(ids), READ)

    def _check_owner(self, records, field, value, vals):
        """A record that belongs to another one by model and number, such as an attachment, changes that."""
        names = {vals[field.model_field]} if vals.get(field.model_field) else set(
            records.sudo().mapped(field.model_field))
        for model_name in names - {False}:
            if model_name not in self._env or type(value) is not int:
                raise self._limit.lacking(self._env, model_name, 'write')
            self.check_records(self._env[model_name].browse(value), 'write')

    def _check_properties(self, records, field, value):
        """Values may bring a new definition with them, which is another record's."""
        definitions = (
            [item for item in value or () if isinstance(item, dict)] if isinstance(value, (list, tuple)) else []
        )
        if any(item.get('definition_changed') or item.get('definition_deleted') for item in definitions):
            container = records._fields[field.definition_record].comodel_name
            if not self._limit.allows(container, 'write'):
                raise self._limit.lacking(self._env, container, 'write')

    def _check_commands(self, records, field, value):
        comodel = self._env[field.comodel_name]
        for command, number, argument in _commands(value):
            if command == Command.CREATE:
                if not self._limit.allows(comodel._name, 'create'):
                    raise self._limit.lacking(self._env, comodel._name, 'create')
                self.check_values(comodel, argument or {}, 'create')
                self._made_with.append((records, field, records.sudo()[field.name].with_env(self._env)))
            elif command == Command.UPDATE:
                self.check_records(comodel.browse(number), 'write')
                self.check_values(comodel.browse(number), argument or {}, 'write')
            elif command == Command.DELETE:
                self.check_records(comodel.browse(number), 'unlink')
            elif command == Command.LINK:
                self._check_link(field, comodel.browse(number))
            elif command == Command.UNLINK:
                self._check_cut(field, comodel.browse(number))
            else:
                linked = records.sudo()[field.name].with_env(self._env) if records else comodel
                new = comodel.browse(argument if command == Command.SET else ())
                if new:
                    self.check_records(new, READ)
                self._check_link(field, new - linked)
                self._check_cut(field, linked - new)

    def _check_link(self, field, corecords):
        if corecords:
            self.check_records(corecords, READ)
            self._check_inverse(field, corecords, 'write')

    def _check_cut(self, field, corecords):
        """A record that is cut off from what it belongs to is changed, or deleted."""
        if corecords:
            self._check_inverse(field, corecords, 'unlink')

    def _check_inverse(self, field, corecords, operation):
        if field.type != 'one2many':
            return  # nothing but the relation between the two is changed
        inverse = corecords._fields[field.inverse_name]
        if operation == 'unlink' and getattr(inverse, 'ondelete', None) != 'cascade':
            operation = 'write'
        self.check_records(corecords, operation)
        if operation == 'write':
            self.check_fields(corecords, [inverse.name], 'write')


def _commands(value):
    """The commands of a value of a relation, as triples: Odoo takes lists of numbers for them as well."""
    if isinstance(value, models.BaseModel):
        value = [Command.set(value.ids)]
    elif not value:
        value = [Command.clear()]
    elif isinstance(value, tuple) or not isinstance(value[0], (list, tuple)):
        value = [Command.set(value)]
    for command in value:
        yield (*command, None, None)[:3]
