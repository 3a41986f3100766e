"""What a call hands in to be stored: before Odoo begins, and, as it was stored, afterwards.

What Odoo fills in by itself, such as a note in a document's history or the price of an order, it does with the user's
rights: a token that may add an order need not be able to read price lists. So nothing of what is handed in may reach
further than the token does: no field that is closed, no record of a closed model in a relation's commands, and no
number of a record that the token may not read, whose values might be copied from there.
"""
import re
from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.fields import Command

from ....protocol.opening import READ
from ..owners import OWNED

# Of these, no line opens more than reading: they make keys, and whatever else would be worth more than the scopes.
_NOT_TO_CHANGE = ('oauth2.', 'auth_totp.', 'auth.passkey.', 'change.password.', 'res.users.apikeys',
                  'res.users.identitycheck', 'ir.config_parameter', 'base.partner.merge.')
# These run as code, are served as pages, or say who may do what. A line may name a method of theirs, such as `run`.
_CODE = ('auth.oauth.', 'base.automation', 'digest.tip', 'gamification.goal.definition', 'ir.actions.', 'ir.asset',
         'ir.cron', 'ir.default', 'ir.model', 'ir.module.', 'ir.rule', 'ir.ui.view', 'mail.template', 'sms.template',
         'theme.')
# These a line has to name where they are written: a file with an address is served at that address, as a script too.
_TO_BE_NAMED = {('ir.attachment', 'url'), ('website', 'custom_code_head'), ('website', 'custom_code_footer')}
# How many parts a command has at the least.
_LENGTHS = {Command.CREATE: 3, Command.UPDATE: 3, Command.DELETE: 2, Command.UNLINK: 2, Command.LINK: 2,
            Command.CLEAR: 1, Command.SET: 3}


class Values:
    """The changes of one call.

    :param opened: the :class:`~..opened.Opened`.
    """

    def __init__(self, opened):
        self._opened = opened
        self._env = opened.env
        self._refusals = opened.refusals
        self._made_with = []
        self._properties = {}  # for fields, the names of those that were handed in

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def check_records(self, records, operation):
        """Refuse an operation on records, or, where there are none, on a model, that are closed to it."""
        self.check_own(records._name, _NOT_TO_CHANGE + _CODE)
        self._opened.check_records(records, operation)

    def check_own(self, model_name, closed=_NOT_TO_CHANGE):
        """Refuse a model of which only reading may be open, and one whose records are records of such a model, too.

        A dialog that names records by a text or a bare number reaches any of them: it is refused as well.
        """
        if self._opened.limit.is_whole:
            return
        model = self._env[model_name]
        if model_name.startswith(closed) or _names_any_record(model):
            raise self._refusals.of_everything(self._env._('The access token may not change %s', model_name))
        for parent in model._inherits:
            self.check_own(parent, closed)

    def check_made(self, records, names):
        """Look at records once more that have just been made: they may be out of the domain, and so may what was made
        with them by commands.

        :param names: the fields for which the caller has handed in values.
        """
        self._opened.check_records(records, 'create', self._not_everywhere(records, names, 'create'))
        self.check_stored(records, names)

    def check_stored(self, records, names):
        """Look at what was stored of the values that the caller has handed in.

        :param names: the fields.
        """
        for owner, path, before in self._made_with:
            made = (records if owner is None else owner).sudo().mapped(path).with_env(self._env)
            self._opened.check_records(made.filtered(lambda record, before=before: record.id not in before), 'create')
        fields = records._fields
        for name in names:
            if fields[name].type == 'many2one' and fields[name].store:
                self._check_readable(fields[name].comodel_name, records.sudo()[name].ids)
            elif fields[name].type == 'properties':
                self._check_stored_properties(records, fields[name])
        for field in fields.values():
            if field.type != 'many2one_reference' or not field.store or not self._is_about_owner(records, field, names):
                continue
            if records._name in OWNED:
                self._opened.check_owners(records)
            else:
                for record in records.sudo():
                    self._check_owner(record[field.model_field], record[field.name])

    def _not_everywhere(self, records, names, operation):
        """The fields, of those handed in, that are not open on all records."""
        return [name for name in names if not self._opened.opens_everywhere(records, name, operation)]

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def check(self, records, vals, operation, way=None):
        """Refuse values that reach further than the token.

        :param records: those that are to be changed; none where one is to be made.
        :param vals: field names to values, as `create` and `write` take them.
        :param operation: `create` or `write`.
        :param way: the records, or None for those that are being made, and the path to what has these values.
        :raises AccessError: see above.
        :raises UserError: there is no such field.
        """
        if not isinstance(vals, dict):
            raise self._refusals.wrong(self._env._('field names with values are wanted'))
        for name in vals:
            field = self._opened.check_field(records, name, operation)
            if _has_to_be_named(field) and not self._opened.is_named_to(field, operation):
                raise self._refusals.of_field(records._name, operation, name)
        closed = self._not_everywhere(records, vals, operation) if records else []
        if closed and self._opened.records(records, operation, closed) != records:
            raise self._refusals.of_field(records._name, operation, closed[0])
        owner, path = way or (records or None, ())
        for name, value in vals.items():
            self._check_value(records, records._fields[name], value, vals, operation, (owner, (*path, name)))

    def copied(self, records, vals):
        """What is left of the values that Odoo takes from records to copy them.

        :param vals: as `copy_data` makes them.
        :return: those of fields that are open to reading on all of these records and to creating, and lead to nothing
            that is closed.
        """
        left = {}
        for name, value in vals.items():
            field = records._fields[name]
            if not self._opened.lines_of(field, 'create') or self._opened.records(records, READ, [name]) != records:
                continue
            kept = value
            if field.type == 'one2many':
                known = len(self._made_with)
                kept = [Command.create(self.copied(records[name], line)) for command, _number, line in value
                        if command == Command.CREATE]
                del self._made_with[known:]  # they are noted below, with the whole path
            elif field.type == 'properties':
                kept = dict(value or {})
            elif field.type == 'many2many':
                kept = [Command.set(self._opened.records(records.env[field.comodel_name].browse(ids)).ids)
                        for command, _number, ids in self._commands(value) if command == Command.SET]
            with suppress(AccessError):
                self.check(records.browse(), {name: kept}, 'create')
                left[name] = kept
        return left

    def _check_value(self, records, field, value, vals, operation, way):
        if field.related and (field.inverse or not field.store):
            self._check_place(records, field, operation)
        if field.type in ('one2many', 'many2many'):
            self._check_commands(records, field, value, way)
        elif field.type == 'many2one':
            self._check_readable(field.comodel_name, [value])
        elif field.type == 'reference' and value:
            model_name, _comma, number = str(value).partition(',')
            if not re.fullmatch('[0-9]+', number):
                raise self._refusals.wrong(self._env._('a reference is the name of a model, a comma and a number'))
            self._check_readable(model_name, [int(number)])
        elif field.type == 'many2one_reference' and value:
            names = {vals[field.model_field]} if vals.get(field.model_field) else set(
                records.sudo().mapped(field.model_field))
            for model_name in names - {False}:
                self._check_owner(model_name, value)
        elif field.type == 'properties':
            self._check_properties(records, field, value)

    def _check_place(self, records, field, operation):
        """The value of a related field goes to another record. A line that names the field knows that."""
        lines = self._opened.lines_of(field, operation)
        if any(line.is_whole or line.fields is not None for line in lines) or self._opened.limit.is_whole:
            return
        *path, last = field.related.split('.')
        owner = records.sudo().mapped('.'.join(path)).with_env(self._env)
        there = 'create' if operation == 'create' and field.inherited else 'write'
        self._opened.check_model(owner._name, there)
        self._opened.check_field(owner, last, there)
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
        if model_name not in self._env:
            raise self._refusals.of_model(model_name, READ)
        self._numbered(self._env[model_name], ids)
        self._opened.check_records(self._env[model_name].browse(ids), READ)

    def _check_owner(self, model_name, value):
        """A record that belongs to another one by model and number, such as an attachment, changes that."""
        if not model_name or not value:
            return
        if model_name not in self._env:
            raise self._refusals.of_model(model_name, 'write')
        self.check_records(self._numbered(self._env[model_name], [value]), 'write')

    def _is_about_owner(self, records, field, names):
        """Whether what was handed in may say to whom records belong: the number, the model, what that is taken from."""
        about = {field.name, field.model_field, 'res_field'}
        about |= {path.partition('.')[0] for path in records.pool.field_depends[records._fields[field.model_field]]}
        return bool(about & set(names))

    def _check_properties(self, records, field, value):
        """Values may bring a new definition with them, which is another record's, and name records."""
        if not isinstance(value or [], (dict, list, tuple)) or (
                not isinstance(value, dict) and not all(isinstance(item, dict) for item in value or ())):
            raise self._refusals.wrong(self._env._('%s: properties are a dictionary or a list', field.name))
        items = [] if isinstance(value, dict) else value or []
        self._properties.setdefault(field, set()).update(
            value if isinstance(value, dict) else [item.get('name') for item in items])
        if any(item.get('definition_changed') or item.get('definition_deleted') for item in items):
            container = records._fields[field.definition_record].comodel_name
            self._opened.check_model(container, 'write')
            name = field.definition_record_field
            self._opened.check_field(self._env[container], name, 'write')
            if not self._opened.domain(container, 'write', [name]).is_true():
                raise self._refusals.of_records(container, 'write')

    def _check_stored_properties(self, records, field):
        """Which model a property leads to, its definition knows."""
        for values in records.sudo().read([field.name], load=None):
            for item in values[field.name] or ():
                if item['name'] in self._properties.get(field, ()) and item.get('comodel') and item.get('value'):
                    ids = [item['value']] if item['type'] == 'many2one' else item['value']
                    self._check_readable(item['comodel'], ids)

    # ------------------------------------------------------------------
    # Commands
    # ------------------------------------------------------------------

    def _check_commands(self, records, field, value, way):
        comodel = self._env[field.comodel_name]
        before = set(records.sudo()[field.name].ids)
        for command, number, argument in self._commands(value):
            if command == Command.CREATE:
                self.check_records(comodel, 'create')
                self.check(comodel, argument or {}, 'create', way)
                self._made_with.append((way[0], '.'.join(way[1]), before))
            elif command == Command.UPDATE:
                self.check_records(self._numbered(comodel, [number]), 'write')
                self.check(comodel.browse(number), argument or {}, 'write')
            elif command == Command.DELETE:
                self.check_records(self._numbered(comodel, [number]), 'unlink')
            elif command == Command.LINK:
                before.add(number)
                self._check_link(field, self._numbered(comodel, [number]))
            elif command == Command.UNLINK:
                self._check_cut(field, self._numbered(comodel, [number]))
            else:
                linked = records.sudo()[field.name].with_env(self._env) if records else comodel
                new = self._numbered(comodel, argument or () if command == Command.SET else ())
                before |= set(new.ids)
                if new:
                    self._opened.check_records(new, READ)
                # Odoo gives them to the last of several records: there all of them are changed.
                self._check_link(field, new - linked if len(records) == 1 else new)
                self._check_cut(field, linked - new)

    def _commands(self, value):
        """The commands of a value of a relation, as triples: Odoo takes lists of numbers for them as well."""
        if not value:
            value = [Command.clear()]
        elif isinstance(value, (list, tuple)) and not any(isinstance(item, (list, tuple)) for item in value):
            value = [Command.set(value)]
        elif not isinstance(value, (list, tuple)) or not all(
                isinstance(item, (list, tuple)) and item for item in value):
            raise self._refusals.wrong(self._env._('a list of commands is wanted'))
        for command in value:
            length = _LENGTHS.get(command[0]) if isinstance(command[0], int) else None
            if length is None or len(command) < length:
                raise self._refusals.wrong(self._env._('%s is no command', list(command)))
            yield (*command, None, None)[:3]

    def _numbered(self, comodel, ids):
        if not isinstance(ids, (list, tuple)) or not all(type(id_) is int for id_ in ids):
            raise self._refusals.wrong(self._env._('the ID of a record is a number'))
        return comodel.browse(ids)

    def _check_link(self, field, corecords):
        if corecords:
            self._opened.check_records(corecords, READ)
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
            self._opened.check_field(corecords, inverse.name, 'write')


def _has_to_be_named(field):
    """Whether a field is written only where a line names it."""
    if field.store and field.compute and field.readonly and not field.inverse:
        return True  # Odoo works it out of others, and trusts it
    while field.inherited:
        field = field.related_field
    return (field.model_name, field.name) in _TO_BE_NAMED or (field.type == 'html' and not field.sanitize)


def _names_any_record(model):
    """Whether records are named there by the name of a model, and numbers that are no relation."""
    fields = model._fields
    return model._transient and any(name in fields for name in ('model', 'res_model')) and any(
        name in fields and fields[name].type in ('integer', 'char', 'text') for name in ('res_id', 'res_ids'))
