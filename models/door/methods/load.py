"""Importing records."""
import re

from odoo import api, models
from odoo.models import fix_import_export_id_paths

from ....protocol.opening import READ


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_load(self, call):
        """Every column is open to creating, and to writing where a row names a record. Records are named by `id` and
        `.id`, and have to be open; by their names only where all by which Odoo finds them is open on all records.
        """
        paths = call.texts('fields')
        if not all(paths):
            raise call.refusals.wrong('a column has no name')
        rows = call.take('data', [])
        if not isinstance(rows, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in rows):
            raise call.refusals.wrong('a list of rows is wanted')
        rows = call.arguments['data'] = [[_cell(value) for value in row] for row in rows]
        call.values.check_records(call.model, 'create')
        names = {fix_import_export_id_paths(path)[0] for path in paths} & set(call.model._fields) - {'id'}
        columns = _Columns(call, names)
        there = call.model
        for place, path in enumerate(paths):
            call.refusals.argument = path
            there |= columns.check(path, [row[place] for row in rows if place < len(row) and row[place]])
        call.refusals.argument = None
        if there:
            call.values.check_records(there, 'write')
            for name in names:
                field = call.values.check_name(call.model, name, 'write')
                if field.related or not call.opened.opens_everywhere(call.model, name, 'write'):
                    raise call.refusals.of_field(call.model._name, 'write', name)
        result = call.run()
        for message in result['messages']:
            message.pop('moreinfo', None)  # it lists records, and later lines are about rows
            message['message'] = str(message['message']).partition('\n')[0]
        if result['ids']:
            records = call.model.browse(result['ids'])
            call.values.check_made(records - there, names)
            call.values.check_stored(records & there, names)
        return result


def _cell(value):
    """A cell as Odoo reads it, as a text. JSON also has numbers and booleans."""
    return str(value) if isinstance(value, (int, float)) else value or ''


class _Columns:
    """Judges the columns of one import."""

    def __init__(self, call, names):
        self._names = names
        self._opened = call.opened
        self._refusals = call.refusals
        self._model = call.model
        self._values = call.values

    def check(self, path, values):
        """Judge a column.

        :return: the records that its rows name, if it is the column with the records' own IDs.
        """
        name, *rest = fix_import_export_id_paths(path)
        if name in ('id', '.id'):
            return self._records(self._model, name, values, may_be_new=True)
        field = self._values.check_name(self._model, name, 'create')
        if field.related and (field.inverse or not field.store):
            self._values.check_part(self._model, field, self._names)
        if field.type in ('reference', 'properties', 'many2one_reference'):
            raise self._refusals.wrong('such a field is not imported with an access token')
        if field.type == 'one2many':
            raise self._refusals.wrong('records of such a relation are imported by themselves')
        if field.relational:
            self._check_named(self._opened.env[field.comodel_name], rest, values)
        elif rest:
            raise self._refusals.wrong('this is no relation')
        return self._model

    def _check_named(self, comodel, rest, values):
        """The records to which a relation will refer."""
        if rest in (['id'], ['.id']):
            several = [part for value in values for part in str(value).split(',')]
            self._opened.check_records(self._records(comodel, rest[0], several), READ)
        elif rest:
            raise self._refusals.wrong('such a path is not imported with an access token')
        elif not self._opened.names_are_odoos(comodel) or not self._opened.domain(comodel._name, READ).is_true():
            raise self._refusals.of_records(comodel._name, READ)

    def _records(self, model, kind, values, may_be_new=False):
        """The existing records that IDs or external IDs name.

        :param may_be_new: an unknown external ID is for a new record, but must not belong to a module.
        """
        if kind == '.id':
            # Odoo accepts more texts as numbers.
            if not all(type(value) in (int, str) and re.fullmatch('[0-9]+', str(value)) for value in values):
                raise self._refusals.wrong('an ID is a number')
            return model.browse([int(value) for value in values]).exists()
        found = model
        for value in {str(value).strip() for value in values}:
            name = value if '.' in value else f'__import__.{value}'
            record = self._opened.env.ref(name, raise_if_not_found=False)
            if record is not None and record and record._name == model._name:
                found |= record.with_env(model.env)
            elif may_be_new and self._is_module(name.partition('.')[0]):
                raise self._refusals.wrong(f'{value}: this external ID is for the module of that name to give')
        return found

    def _is_module(self, name):
        return bool(self._opened.env['ir.module.module'].sudo().search_count([('name', '=', name)], limit=1))
