"""What a copy is made of: what the token may read there and create here."""
from odoo.exceptions import AccessError
from odoo.fields import Command

from ....protocol.opening import READ


def copied(values, records, vals):
    """What is left of the values that Odoo takes from records to copy them.

    :param values: the :class:`~.values.Values` of the call.
    :param records: those that are copied.
    :param vals: as `copy_data` makes them for one of these.
    :return: those of fields that are open to reading on all of these records and to creating, and lead to nothing that
        is closed. The lines of a record that are closed themselves are left out.
    :raises AccessError: a copy could not be without what is closed.
    """
    opened, left = values.opened, {}
    open_ = set(opened.open_on(records, vals, READ))
    for name in vals:
        field = records._fields[name]
        operation = READ if name not in open_ else 'create'
        if name not in open_ or not opened.lines_of(field, 'create'):
            if field.required and not field.default and not field.compute:
                raise opened.refusals.of_field(records._name, operation, name)
            continue
        kept = _kept(values, records, field, vals[name])
        try:
            values.judge(records.browse(), {name: kept}, 'create')
        except AccessError:
            if field.required and not field.default:
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
        open_lines = opened.records(lines)
        several = ([line for command, _number, line in values.commands(value) if command == Command.CREATE]
                   if open_lines == lines else open_lines.sorted('id').copy_data())
        return [Command.create(copied(values, open_lines, line)) for line in several if line]
    return value
