"""The values of a copy: those that the token may read there and create here."""
from odoo.exceptions import AccessError
from odoo.fields import Command

from ....protocol.opening import READ


def copied(values, records, vals):
    """The allowed part of the values that Odoo takes from records to copy them.

    :param values: the :class:`~.values.Values` of the call.
    :param records: the record that is copied; several, if it is unknown which one.
    :param vals: as from `copy_data`.
    :return: the values of fields that are open to reading there and to creating, and refer to nothing closed. Lines
        that are closed themselves are left out.
    :raises AccessError: a required field is closed.
    """
    opened, left = values.opened, {}
    open_ = set(opened.open_on(records, vals, READ))
    for name in vals:
        field = records._fields[name]
        is_needed = field.required and not field.default and not field.compute
        operation = READ if name not in open_ else 'create'
        if name not in open_ or not opened.lines_of(field, 'create'):
            if is_needed:
                raise opened.refusals.of_field(records._name, operation, name)
            continue
        kept = _kept(values, records, field, vals[name])
        try:
            values.judge(records.browse(), {name: kept}, 'create')
        except AccessError:
            if is_needed:
                raise
        else:
            left[name] = kept
    return left


def _kept(values, records, field, value):
    opened = values.opened
    if field.type == 'properties':
        return dict(value or {})
    if field.type == 'many2many':
        comodel = records.env[field.comodel_name]
        return [Command.set(opened.records(comodel.browse(ids)).ids)
                for command, _number, ids in values.commands(value) if command == Command.SET]
    if field.type == 'one2many':
        lines = records[field.name]
        return [Command.create(copied(values, line, of_line))
                for line, of_line in _lines(lines, opened.records(lines), values.commands(value)) if of_line]
    return value


def _lines(lines, open_lines, commands):
    """Lines that are copied, each with its own values: as the model has made them, if each can be matched to its line.

    :param open_lines: those that are open; others are left out.
    :param commands: the model's commands for all lines.
    """
    made = [of_line for command, _number, of_line in commands if command == Command.CREATE]
    if len(made) == len(lines):
        yield from ((line, of_line) for line, of_line in zip(lines.sorted('id'), made, strict=True)
                    if line in open_lines)
    elif open_lines == lines:
        yield from ((lines, of_line) for of_line in made)
    else:
        yield from ((line, line.copy_data()[0]) for line in open_lines.sorted('id'))
