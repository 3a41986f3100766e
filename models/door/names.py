"""Closed records, and the names of closed records in references, are left out of answers.

Odoo shows such names with all rights: whoever may read an order may read the name of its customer. A token gets the
number, which is stored in the order. It gets the name only if that is open on the other record; otherwise the name is
empty.
"""
from ...protocol.opening import READ


class Names:
    """Limits the answers of one call.

    :param opened: the :class:`~.opened.Opened`.
    """

    def __init__(self, opened):
        self._opened = opened
        self._env = opened.env

    def of_read(self, model, values_list, load='_classic_read'):
        """The answer of `read`: a dictionary for each record."""
        for name in values_list[0] if values_list else ():
            field = model._fields.get(name)
            if field is None:
                continue
            if field.type == 'many2one' and load == '_classic_read':
                self._without_names(values_list, name, field.comodel_name)
            elif field.type in ('one2many', 'many2many'):
                self._without_records(values_list, name, field)
            elif field.type in ('properties', 'properties_definition'):
                self._of_properties(values_list, name)
        return values_list

    def of_specification(self, model, values_list, specification):
        """The answer of `web_read`, along its specification."""
        for name, asked in specification.items():
            field = model._fields.get(name)
            if field is None or not values_list or name not in values_list[0]:
                continue
            fields = asked.get('fields')
            if field.type in ('one2many', 'many2many'):
                self._without_records(values_list, name, field)
                if fields:
                    self._of_records(field, [value for values in values_list for value in values[name]], fields)
            elif field.type in ('properties', 'properties_definition'):
                self._of_properties(values_list, name)
            elif fields:
                self._of_one(field, [values[name] for values in values_list if values[name]], fields)
        return values_list

    def of_groups(self, model, groups, specs):
        """Groups: dictionaries in which a reference is a pair of number and name."""
        for spec in specs:
            path, _colon, _function = spec.partition(':')
            comodel = self._comodel(model, path)
            if comodel:
                self._without_names(groups, spec, comodel)
        return groups

    def without_empty_groups(self, model, groups, specs):
        """Groups, without some that Odoo adds so that every stage is a column: groups without records whose stage is
        closed. The fold state is left out, too, unless it is open.
        """
        for spec in specs:
            field = model._fields.get(spec)
            comodel = self._env[field.comodel_name] if field is not None and field.type == 'many2one' else None
            if comodel is None:
                continue
            empty = [group for group in groups if _is_pair(group.get(spec)) and not group.get(f'{spec}_count')]
            open_ = set(self._opened.records(comodel.browse({group[spec][0] for group in empty}))._ids)
            groups = [group for group in groups if group not in empty or group[spec][0] in open_]
            if not (comodel._fold_name in comodel._fields and self._opened.domain(
                    comodel._name, READ, [comodel._fold_name]).is_true()):
                for group in groups:
                    group.pop('__fold', None)
        return groups

    def told(self, records):
        """The IDs of those records whose names are open."""
        return set(self._opened.records(records, READ, ['display_name'])._ids)

    def _told_of(self, pairs):
        """The pairs of a model's name and an ID whose record's name is open."""
        by_model = {}
        for model_name, number in pairs:
            by_model.setdefault(model_name, []).append(number)
        return {(model_name, number) for model_name, numbers in by_model.items()
                for number in self.told(self._env[model_name].browse(dict.fromkeys(numbers)))}

    def _without_names(self, values_list, name, model_name):
        """Empty the names of pairs of number and name."""
        if self._opened.domain(model_name, READ, ['display_name']).is_true():
            return
        numbers = dict.fromkeys(values[name][0] for values in values_list if _is_pair(values.get(name)))
        if not numbers:
            return
        told = self.told(self._env[model_name].browse(numbers))
        for values in values_list:
            if _is_pair(values.get(name)) and values[name][0] not in told:
                values[name] = type(values[name])((values[name][0], ''))

    def _without_records(self, values_list, name, field):
        """Leave closed records out of lists of numbers or dictionaries, unless a line names the field."""
        if self._opened.is_named(field):
            return
        numbers = {_number(value) for values in values_list for value in values[name] or ()}
        open_ = set(self._opened.records(self._env[field.comodel_name].browse(numbers))._ids)
        for values in values_list:
            values[name] = [value for value in values[name] or () if _number(value) in open_]

    def _of_one(self, field, several, fields):
        """Records that references lead to: their names, and what else was requested."""
        if field.type == 'many2one_reference':
            told = set()  # only the record itself knows their model
        elif field.type == 'reference':
            told = self._told_of((value['id']['model'], value['id']['id']) for value in several)
        else:
            told = self.told(self._env[field.comodel_name].browse({value['id'] for value in several}))
        for value in several:
            number = (value['id']['model'], value['id']['id']) if isinstance(value['id'], dict) else value['id']
            if 'display_name' in value and number not in told:
                value['display_name'] = ''
        if field.type == 'many2one':
            self._of_records(field, several, {name: asked for name, asked in fields.items() if name != 'display_name'})

    def _of_records(self, field, several, fields):
        """Leave only the number of records on which the fields are not open."""
        comodel = self._env[field.comodel_name]
        names = [name for name in fields if name in comodel._fields and name != 'id']
        if not names or not several:
            return
        open_ = set(self._opened.records(comodel.browse({value['id'] for value in several}), READ, names)._ids)
        for value in several:
            if value['id'] not in open_:
                for name in names:
                    value.pop(name, None)
        self.of_specification(comodel, [value for value in several if value['id'] in open_], fields)

    def _of_properties(self, values_list, name):
        """Properties and their definitions contain the names of the records that they refer to."""
        named = [(item, key) for values in values_list for item in values[name] or () if isinstance(item, dict)
                 for key in ('value', 'default') if item.get('comodel') in self._env and item.get(key)]
        told = self._told_of((item['comodel'], number) for item, key in named for number, _name in _pairs(item, key))
        for item, key in named:
            pairs = [(number, name if (item['comodel'], number) in told else '') for number, name in _pairs(item, key)]
            item[key] = pairs[0] if item['type'] == 'many2one' and pairs else pairs

    def _comodel(self, model, path):
        for name in path.split('.'):
            if name == 'id':
                break
            field = model._fields.get(name) if model is not None else None
            if field is None or not field.relational:
                return None
            model = self._env[field.comodel_name]
        return model._name


def _is_pair(value):
    return isinstance(value, (list, tuple)) and len(value) == 2


def _pairs(item, key):
    """The pairs of number and name in a property."""
    return [pair for pair in ([item[key]] if item['type'] == 'many2one' else item[key]) if _is_pair(pair)]


def _number(value):
    return value['id'] if isinstance(value, dict) else value
