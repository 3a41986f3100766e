"""Orders, groups and aggregates: all their fields must be open, and must reveal nothing of closed records."""
import re

from ....protocol.opening import READ
from .domains import parsed

_ORDER = re.compile(r'\s*([\w.:]+)((?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?)\s*', re.IGNORECASE)
_AGGREGATE = re.compile(r'(?P<path>\w+(\.\w+)*)(:\w+)?|\w+:\w+\((?P<of_alias>\w+)\)')


class Terms:
    """Judges the orders, groups and aggregates of one model.

    :param opened: the :class:`~..opened.Opened`.
    :param search: the :class:`~.domains.Search` that collects the fields.
    :param model: an empty recordset.
    """

    def __init__(self, opened, search, model):
        self._opened = opened
        self._search = search
        self._model = model

    def order(self, text):
        """An order of records: a reference orders by number, unless the order of its own model is open.

        :return: the order to use; None for the model's own.
        """
        if not text:
            return None
        terms = []
        for term, rest in self._parts(text):
            name, _dot, path = term.partition('.')
            field = self._search.use(name)
            if field.relational and path not in ('', 'id'):
                raise self._opened.refusals.wrong(f'records are not ordered by {term}')
            by_number = field.type == 'many2one' and not path and not self._is_order_open(field.comodel_name)
            terms.append((f'{name}.id' if by_number else term) + rest)
        return ', '.join(terms)

    def order_of_groups(self, text, groups):
        """An order of groups; each term is a group or an aggregate.

        :param groups: the requested groups, which are the order if there is no other.
        """
        terms = []
        for term, rest in self._parts(text) if text else [(group, '') for group in dict.fromkeys(groups)]:
            if term == '__count':
                terms.append(term + rest)
                continue
            field = self._spec(term)
            by_number = field.relational and not self._is_order_open(field.comodel_name)
            if by_number and (field.type != 'many2one' or term != field.name):
                raise self._opened.refusals.of_records(field.comodel_name, READ)  # and Odoo has no other order for them
            # All records of a group have the same number, so the maximum is that number.
            terms.append((f'{term}:max' if by_number else term) + rest)
        return ', '.join(terms) or None

    def group(self, spec):
        """`field`, `field:granularity`, `field.property`, or a path into models that are open without a domain."""
        field = self._spec(spec)
        if field.type in ('one2many', 'many2many'):
            self._opened.check_whole(field.comodel_name)
        elif field.type == 'properties':
            self._opened.check_property(self._model.env[field.model_name], spec.partition(':')[0])

    def aggregate(self, spec):
        """`__count`, `field:function`, `alias:function(field)`, or `field` with its default function."""
        if spec in ('__count', 'id:count', 'id:count_distinct'):
            return
        match = _AGGREGATE.fullmatch(spec)
        if not match:  # Odoo accepts some others by their beginning
            raise self._opened.refusals.wrong(f'"{spec}" is no aggregate')
        field = self._spec(match['of_alias'] or match['path'])
        if field.type in ('one2many', 'many2many'):
            self._opened.check_whole(field.comodel_name)

    def having(self, domain):
        """A domain on aggregates."""
        for condition in parsed(domain, self._opened.refusals).iter_conditions():
            self.aggregate(condition.field_expr)

    def _parts(self, text):
        if not isinstance(text, str):
            raise self._opened.refusals.wrong(f'{text!r} is no order')
        for part in text.split(','):
            match = _ORDER.fullmatch(part)
            if not match:
                raise self._opened.refusals.wrong(f'"{part}" is no order')
            yield match[1], match[2]

    def _spec(self, spec):
        if not isinstance(spec, str):
            raise self._opened.refusals.wrong(f'{spec!r} names no field')
        path = spec.partition(':')[0]
        name, _dot, rest = path.partition('.')
        field = self._search.use(name)
        model = self._model
        while rest and field.relational:
            model = model.env[field.comodel_name]
            name, _dot, rest = rest.partition('.')
            self._opened.check_whole(model._name, [name])
            field = model._fields[name]
        return field

    def _is_order_open(self, model_name, seen=()):
        """Whether a model's own order uses only fields that are open on all records."""
        model = self._model.env[model_name]
        if model_name in seen or self._opened.limit.is_whole:
            return True
        for term in (model._order or 'id').split(','):
            name = term.split()[0].partition('.')[0]
            field = model._fields.get(name)
            if field is None or not self._opened.domain(model_name, READ, [name]).is_true():
                return False
            if field.type == 'many2one' and not self._is_order_open(field.comodel_name, (*seen, model_name)):
                return False
        return True
