"""Which fields of a model the lines of scopes mean.

A line without a list of fields opens what belongs to a record, and what is worked out of nothing but open fields. What
a field shows of other records is opened by these records' lines. A field that a line names is open as it is.
"""
from ...protocol.opening import READ

# Beside what a line names: who a record is, and whether it is archived, which searches look at by themselves.
_ALWAYS = ('id', 'active', 'x_active')

# Says which properties a record has, as a model says which fields.
_PROPERTIES = 'properties.base.definition'


def lines_that_open(opening, pool, field, operation):
    """The lines that open a field; none where it is closed, and the very tuple of all lines of its model where all do.

    :param opening: the :class:`~...protocol.opening.Opening`.
    :param pool: the registry.
    :param operation: `read`, `write` or `create`.
    """
    key = field, operation
    lines = opening.memo.get(key)
    if lines is None:
        lines = _Fields(opening, pool).lines(field, operation)
        every_line = opening.lines(field.model_name, operation)
        lines = opening.memo[key] = every_line if len(lines) == len(every_line) else lines
    return lines


class _Fields:
    """Works out one field, and those that it depends on."""

    def __init__(self, opening, pool):
        self._opening = opening
        self._pool = pool
        self._known = {}

    def lines(self, field, operation):
        lines = self._opening.lines(field.model_name, operation)
        return tuple(line for line in lines if self._opens(line, field, operation))

    def _opens(self, line, field, operation):
        if line.is_whole or field.name in _ALWAYS:
            return True
        if line.fields is not None:
            return field.name in line.fields
        # What is written goes through the field's own model, and through that of a related field in its turn.
        return operation != READ or self._belongs_to_record(field)

    def _belongs_to_record(self, field):
        if field not in self._known:
            self._known[field] = True  # of a circle of fields, another one decides
            self._known[field] = self._is_its_own(field)
        return self._known[field]

    def _is_its_own(self, field):
        if field.comodel_name == _PROPERTIES:
            return True
        if field.related:
            return self._is_open_path(field.model_name, field.related, field.compute_sudo)
        if field.compute and not field.store:
            paths = self._pool.field_depends[field]
            # What depends on nothing that can be known may come from anywhere.
            return bool(paths) and self._leads_to_open_records(field) and all(
                self._is_open_path(field.model_name, path, field.compute_sudo) for path in paths)
        if field.type == 'properties':
            return self._is_open_path(field.model_name, field.definition_record, as_superuser=False)
        return field.type not in ('one2many', 'many2many') or self._leads_to_open_records(field)

    def _leads_to_open_records(self, field):
        """Whether the records that a relation leads to may be read, and, where they tell of the relation, that."""
        if not field.relational:
            return True
        if not self._opening.allows(field.comodel_name, READ):
            return False
        # Odoo looks through such a relation without looking at which records may be read.
        if field.type != 'many2one' and field.bypass_search_access and self._is_confined(field.comodel_name):
            return False
        return all(bool(self.lines(inverse, READ)) for inverse in self._pool.field_inverses[field]
                   if field.type == 'one2many' and inverse.type == 'many2one')

    def _is_open_path(self, model_name, path, as_superuser):
        """Whether everything on a path of fields is open.

        :param as_superuser: it is walked with all rights, so that each record that it may lead to has to be open.
        """
        *steps, last = path.split('.')
        for name in steps:
            field = self._pool[model_name]._fields.get(name)
            if field is None or not self._is_open_step(field) or not field.relational:
                return False
            is_part = self._pool[model_name]._inherits.get(field.comodel_name) == name
            if as_superuser and not is_part and self._is_confined(field.comodel_name):
                return False
            model_name = field.comodel_name
        field = self._pool[model_name]._fields.get(last)
        if field is None or not self._is_open_step(field):
            return False
        is_many = field.type in ('one2many', 'many2many')
        return not (as_superuser and is_many and self._is_confined(field.comodel_name))

    def _is_open_step(self, field):
        """Whether a field is open by every line of its model: else there are records that it is closed on."""
        lines = self._opening.lines(field.model_name, READ)
        return bool(lines) and all(
            line.is_whole or field.name in _ALWAYS or (
                field.name in line.fields if line.fields is not None else self._belongs_to_record(field))
            for line in lines)

    def _is_confined(self, model_name):
        lines = self._opening.lines(model_name, READ)
        return not lines or all(line.domain for line in lines)
