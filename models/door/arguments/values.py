"""The values that a call gives to be stored, before Odoo begins.

What Odoo fills in by itself, such as a note in a document's history or the price of an order, it does with the user's
rights: a token that may add an order need not be able to read price lists. So the given values must not reach further
than the token: no closed field, no record of a closed model in a relation's commands, and no number of a record that
the token may not read, because values might be copied from it.
"""
import re

from odoo.fields import Command

from ....protocol.opening import READ
from .guarded import CODE, NOT_TO_CHANGE, has_to_be_named, is_guarded
from .stored import Stored

# The least number of parts of a command.
_LENGTHS = {Command.CREATE: 3, Command.UPDATE: 3, Command.DELETE: 2, Command.UNLINK: 2, Command.LINK: 2,
            Command.CLEAR: 1, Command.SET: 3}


class Values:
    """The changes of one call.

    :param opened: the :class:`~..opened.Opened`.
    """

    def __init__(self, opened):
        self.opened = opened
        self._env = opened.env
        self._refusals = opened.refusals
        self._stored = Stored(opened)

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def check_records(self, records, operation):
        """Refuse an operation on records, or, without records, on a model, that are closed to it."""
        self.check_own(records._name, NOT_TO_CHANGE + CODE)
        self.opened.check_records(records, operation)

    def check_own(self, model_name, closed=NOT_TO_CHANGE):
        """Refuse a model that no line opens to more than reading."""
        if not self.opened.limit.is_whole and is_guarded(self._env, model_name, closed):
            raise self._refusals.of_everything(self._env._('The access token may not change %s', model_name))

    def check_made(self, records, names):
        """Check new records again: they may be outside of the domain, and so may records that commands made with them.

        :param names: the fields with values from the caller.
        """
        self.opened.check_records(records, 'create', self._not_everywhere(records, names, 'create'))
        self.check_stored(records, names)

    def check_stored(self, records, names):
        """Check what was stored of the caller's values.

        :param names: the fields.
        """
        self._stored.check(records, names, self._check_owner)

    def _not_everywhere(self, records, names, operation):
        """The given fields that are not open on all records."""
        return [name for name in names if not self.opened.opens_everywhere(records, name, operation)]

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def check(self, records, vals, operation):
        """Refuse values that reach further than the token, and remember which to check when they are stored.

        :param records: those that are changed; none if one is made.
        :param vals: field names to values, as `create` and `write` take them.
        :param operation: `create` or `write`.
        :raises AccessError: see above.
        :raises UserError: there is no such field.
        """
        self._check(records, vals, operation, self._stored, (records or None, ()))

    def judge(self, records, vals, operation):
        """As :meth:`check`, for values that may be left out in the end: nothing is remembered."""
        self._check(records, vals, operation, Stored(self.opened), (records or None, ()))

    def check_name(self, model, name, operation):
        """Refuse a field that is closed to an operation, or that must be named by a line and is not.

        :return: the field.
        :raises UserError: there is no such field.
        """
        field = self.opened.check_field(model, name, operation)
        if has_to_be_named(field, operation) and not self.opened.is_named_to(field, operation):
            raise self._refusals.of_field(model._name, operation, name)
        return field

    def _check(self, records, vals, operation, stored, way):
        """Judge values of the records of a call, or of a command in them.

        :param stored: the :class:`~.stored.Stored` that remembers them.
        :param way: the records, or None for those that are being made, and the path to the record with these values.
        """
        if not isinstance(vals, dict):
            raise self._refusals.wrong('field names with values are wanted')
        for name in vals:
            self.check_name(records, name, operation)
        closed = self._not_everywhere(records, vals, operation) if records else []
        if closed and self.opened.records(records, operation, closed) != records:
            raise self._refusals.of_field(records._name, operation, closed[0])
        owner, path = way
        for name, value in vals.items():
            self._check_value(records, records._fields[name], value, vals, operation, stored, (owner, (*path, name)))

    def _check_value(self, records, field, value, vals, operation, stored, way):
        if field.related and (field.inverse or not field.store):
            self._check_place(records, field, vals, operation, stored, way)
        if field.type in ('one2many', 'many2many'):
            self._check_commands(records, field, value, stored, way)
        elif field.type == 'many2one':
            self._check_readable(field.comodel_name, [value])
        elif field.type == 'reference' and value:
            model_name, _comma, number = str(value).partition(',')
            if not re.fullmatch('[0-9]+', number):
                raise self._refusals.wrong('a reference is the name of a model, a comma and a number')
            self._check_readable(model_name, [int(number)])
        elif field.type == 'many2one_reference' and value:
            names = {vals[field.model_field]} if vals.get(field.model_field) else set(
                records.sudo().mapped(field.model_field))
            for model_name in names - {False}:
                self._check_owner(model_name, [value])
        elif field.type == 'properties':
            stored.names_properties(*way, self._properties(records, field, value))
        elif field.type == 'properties_definition':
            stored.names_properties(*way, None)

    def _check_place(self, records, field, vals, operation, stored, way):
        """A related field stores its value in another record: the one to which the other values lead, if they do. A
        line that names the field accepts that. The parent of a new record is made with it, unless it exists already.
        """
        *path, last = field.related.split('.')
        own = records.sudo().mapped('.'.join(path)).with_env(self._env)
        chosen = self._chosen(records, path, vals, operation)
        owner = own | chosen
        self.check_own(owner._name, NOT_TO_CHANGE + CODE)
        lines = self.opened.lines_of(field, operation)
        if self.opened.limit.is_whole:
            return
        if chosen <= own and any(line.is_whole or line.fields is not None for line in lines):
            return
        is_made = operation == 'create' and field.inherited and not owner
        there = 'create' if is_made else 'write'
        self.opened.check_field(owner, last, there)
        self.opened.check_records(owner, there, [last])
        stored.goes(*way, path, there, last)

    def check_part(self, model, field, names):
        """Judge a related field for new records of an import.

        :param names: the fields that the import fills in.
        """
        if not field.inherited or field.related.partition('.')[0] in names:
            raise self._refusals.wrong('this is stored in another record: import that one')
        self._check_place(model, field, {}, 'create', self._stored, (None, (field.name,)))

    def _chosen(self, records, path, vals, operation):
        """The records to which a related field leads by the other values, or by defaults."""
        link, *rest = path
        numbers = vals if operation == 'write' or link in vals else records.default_get([link])
        comodel = self._env[records._fields[link].comodel_name]
        number = numbers.get(link)
        number = number[0] if isinstance(number, (list, tuple)) and number else number
        chosen = self._numbered(comodel, [number] if number else ())
        return chosen.sudo().mapped('.'.join(rest)).with_env(self._env) if rest else chosen

    def _properties(self, records, field, value):
        """The names of the given properties. They may bring a new definition along, which is stored in another
        record.
        """
        items = value or []
        if isinstance(items, dict):
            return set(items)
        if not isinstance(items, (list, tuple)) or not all(isinstance(item, dict) for item in items):
            raise self._refusals.wrong(f'{field.name}: properties are a dictionary or a list')
        if any(item.get('definition_changed') or item.get('definition_deleted') for item in items):
            container, name = records._fields[field.definition_record].comodel_name, field.definition_record_field
            self.opened.check_model(container, 'write')
            self.opened.check_field(self._env[container], name, 'write')
            if not self.opened.domain(container, 'write', [name]).is_true():
                raise self._refusals.of_records(container, 'write')
        return {item.get('name') for item in items}

    # ------------------------------------------------------------------
    # Other records
    # ------------------------------------------------------------------

    def _check_readable(self, model_name, ids):
        """A value may refer only to records that the token may read: Odoo might copy from others."""
        ids = [id_[0] if isinstance(id_, (list, tuple)) and id_ else id_ for id_ in ids if id_]
        if not ids:
            return
        if model_name not in self._env:
            raise self._refusals.of_model(model_name, READ)
        self.opened.check_records(self._numbered(self._env[model_name], ids), READ)

    def _check_owner(self, model_name, ids):
        """A record that belongs to another by model and number, such as an attachment, changes its owner."""
        ids = [id_ for id_ in ids if id_]
        if not model_name or not ids:
            return
        if model_name not in self._env:
            raise self._refusals.of_model(model_name, 'write')
        self.check_records(self._numbered(self._env[model_name], ids), 'write')

    # ------------------------------------------------------------------
    # Commands
    # ------------------------------------------------------------------

    def commands(self, value):
        """The commands of a relation's value, as triples. Odoo also takes lists of numbers.

        :raises UserError: it is no list of commands.
        """
        if not value:
            value = [Command.clear()]
        elif isinstance(value, (list, tuple)) and not any(isinstance(item, (list, tuple)) for item in value):
            value = [Command.set(value)]
        elif not isinstance(value, (list, tuple)) or not all(
                isinstance(item, (list, tuple)) and item for item in value):
            raise self._refusals.wrong('a list of commands is wanted')
        for command in value:
            length = _LENGTHS.get(command[0]) if isinstance(command[0], int) else None
            if length is None or len(command) < length:
                raise self._refusals.wrong(f'{list(command)} is no command')
            yield (*command, None, None)[:3]

    def _check_commands(self, records, field, value, stored, way):
        comodel = self._env[field.comodel_name]
        linked = records.sudo()[field.name].with_env(self._env)
        before, makes, is_made = set(linked.ids), set(), False
        for command, number, argument in self.commands(value):
            if command == Command.CREATE:
                self.check_records(comodel, 'create')
                self._check(comodel, argument or {}, 'create', stored, way)
                makes |= set(argument or {})
                is_made = True
            elif command == Command.UPDATE:
                line = self._numbered(comodel, [number])
                self.check_records(line, 'write')
                self._check(line, argument or {}, 'write', stored, (line, ()))
            elif command == Command.DELETE:
                self.check_records(self._numbered(comodel, [number]), 'unlink')
            elif command == Command.LINK:
                new = self._numbered(comodel, [number])
                before |= set(new.sudo().exists().ids)  # one that does not exist yet is made by this call
                self._check_link(field, new)
            elif command == Command.UNLINK:
                self._check_cut(field, self._numbered(comodel, [number]))
            else:
                new = self._numbered(comodel, argument or () if command == Command.SET else ())
                before |= set(new.sudo().exists().ids)
                if new:
                    self.opened.check_records(new, READ)
                # Odoo links them to the last of several records, so all of them change.
                self._check_link(field, new - linked if len(records) == 1 else new)
                self._check_cut(field, linked - new)
        if is_made:
            stored.makes(*way, before, makes)

    def _numbered(self, comodel, ids):
        if not isinstance(ids, (list, tuple, set)) or not all(type(id_) is int and id_ > 0 for id_ in ids):
            raise self._refusals.wrong('the ID of a record is a number')
        return comodel.browse(ids)

    def _check_link(self, field, corecords):
        if corecords:
            self.opened.check_records(corecords, READ)
            self._check_inverse(field, corecords, 'write')
            self._check_users(field, corecords)

    def _check_cut(self, field, corecords):
        """A record that is removed from a relation is changed, or deleted."""
        if corecords:
            self._check_inverse(field, corecords, 'unlink')
            self._check_users(field, corecords)

    def _check_users(self, field, corecords):
        """A relation that users also have, such as their companies, may be worth a password."""
        if field.type == 'many2many' and field.store and field.comodel_name == 'res.users':
            same = self._env.registry.many2many_relations[field.relation, field.column2, field.column1]
            corecords._oauth2_guard(name for model_name, name in same if model_name == 'res.users')

    def _check_inverse(self, field, corecords, operation):
        if field.type != 'one2many':
            return  # only the relation between the two changes
        inverse = corecords._fields[field.inverse_name]
        if operation == 'unlink' and getattr(inverse, 'ondelete', None) != 'cascade':
            operation = 'write'
        self.check_records(corecords, operation)
        if operation == 'write':
            self.opened.check_field(corecords, inverse.name, 'write')
