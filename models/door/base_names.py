"""The names of records that are shown beside references to them.

Odoo tells them with all rights: whoever may read an order may read what its customer is called. A token is told the
number, which stands in the order; the name only where its scopes open that, too. An empty name stands for it otherwise.
"""
from odoo import api, models

from .limit import current


class Base(models.AbstractModel):
    _inherit = 'base'

    def _read_format(self, fnames, load='_classic_read'):
        values_list = super()._read_format(fnames, load)
        if load != '_classic_read' or current() is None or self.env.su:
            return values_list
        for name in fnames:
            if self._fields[name].type == 'many2one':
                named = self._named(name, [values[name][0] for values in values_list if values[name]])
                for values in values_list:
                    if values[name] and values[name][0] not in named:
                        values[name] = (values[name][0], '')
        return values_list

    @api.readonly
    def web_read(self, specification):
        values_list = super().web_read(specification)
        if current() is None or self.env.su:
            return values_list
        for name, of_field in specification.items():
            if self._fields[name].type == 'many2one' and 'display_name' in of_field.get('fields', ()):
                shown = [values[name] for values in values_list if values[name]]
                named = self._named(name, [values['id'] for values in shown])
                for values in shown:
                    if values['id'] not in named:
                        values['display_name'] = ''
        return values_list

    def _named(self, field_name, ids):
        """Those of the IDs that a many2one field refers to whose names may be told."""
        comodel = self.env[self._fields[field_name].comodel_name]
        return current().named(comodel.browse(dict.fromkeys(ids)))

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if current() is None or self.env.su:
            return formatter

        def formatter_within_limit(value):
            shown, domain = formatter(value)
            return _without_closed_name(value, shown), domain

        return formatter_within_limit

    def _read_group_format_result(self, rows_dict, lazy_groupby):
        if current() is None or self.env.su:
            return super()._read_group_format_result(rows_dict, lazy_groupby)
        grouped = [dict(row) for row in rows_dict]
        result = super()._read_group_format_result(rows_dict, lazy_groupby)
        for row, values in zip(rows_dict, grouped, strict=True):
            for group in lazy_groupby:
                row[group] = _without_closed_name(values[group], row[group])
        return result


def _without_closed_name(records, shown):
    """A group's value as it is shown, a pair of number and name, without the name of a record that is closed."""
    if not isinstance(records, models.BaseModel) or not records or current().named(records):
        return shown
    return shown[0], ''
