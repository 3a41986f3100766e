"""Domains: every field in them must be open, and only open records are searched."""
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.orm.domains import DomainCondition
from odoo.tools import SQL, Query

from ....protocol.opening import READ


class Search:
    """Judges domains on one model, and collects the fields that are used to find, order and group.

    :param opened: the :class:`~..opened.Opened`.
    :param model: an empty recordset.
    :ivar used: the names of fields of the model.
    """

    def __init__(self, opened, model):
        self._opened = opened
        self._model = model
        self.used = set()
        self._names_files = False

    def use(self, name):
        """Use a field.

        :return: the field.
        :raises AccessError: it is closed.
        """
        field = self._opened.check_field(self._model, name, READ)
        self.used.add(name)
        return field

    def confined(self, domain):
        """A judged domain, limited to the records on which all used fields are open."""
        confined = self._opened.subquery(self._model._name, READ, self.used)
        if self._model._name == 'ir.attachment' and not confined.is_true() and not self._names_files:
            # Odoo itself leaves out the files of fields, but not if there is a condition on the ID.
            confined &= Domain('res_field', '=', False)
        return domain & confined

    def judged(self, domain):
        """A domain in which each step into another model is limited to what is open there.

        :param domain: as Odoo takes it; an empty one stands for all records.
        :raises AccessError: it uses something closed.
        :raises UserError: it is no domain.
        """
        return parsed(domain, self._opened.refusals).map_conditions(self._condition)

    def _condition(self, condition):
        name, _dot, rest = condition.field_expr.partition('.')
        operator, value = condition.operator, condition.value
        self._names_files |= name in ('id', 'res_field')
        if operator.endswith('!') or isinstance(value, (SQL, Query)):
            raise self._opened.refusals.wrong(f'{operator} is for Odoo alone')
        if name == 'id' and not rest:
            return self._on_id(condition)
        field = self.use(name)
        if not field.relational:
            if operator in ('any', 'not any'):
                raise self._opened.refusals.wrong(f'{name} is no relation')
            return self._on_name(condition) if name == 'display_name' else condition
        if rest:
            return self._step(field, 'any', Domain(rest, operator, value))
        if operator in ('any', 'not any'):
            return self._step(field, operator, value)
        if operator in ('child_of', 'parent_of'):
            return self._hierarchy(field, condition)
        if operator.endswith('like'):
            return self._named(field, operator, value)
        return self._equal(field, condition)

    # ------------------------------------------------------------------
    # Other records
    # ------------------------------------------------------------------

    def _step(self, field, operator, domain):
        """Step into another model, limited to what is open there."""
        comodel = self._model.env[field.comodel_name]
        self._opened.check_model(comodel._name, READ)
        search = Search(self._opened, comodel)
        return Domain(field.name, operator, search.confined(search.judged(domain)))

    def _named(self, field, operator, value):
        """A text compared with a relation searches the names of the other records."""
        positive = Domain.NEGATIVE_OPERATORS.get(operator, operator)
        return self._step(field, 'any' if positive == operator else 'not any', Domain('display_name', positive, value))

    def _equal(self, field, condition):
        """Numbers are compared as stored in the record. In a relation to many, only open records count."""
        several = condition.operator in ('in', 'not in')
        values = condition.value if several and isinstance(condition.value, (list, tuple, set)) else [condition.value]
        names = [value for value in values if isinstance(value, str)]
        if not names and (field.type == 'many2one' or self._opened.is_named(field)):
            return condition
        positive = Domain.NEGATIVE_OPERATORS.get(condition.operator, condition.operator)
        if positive not in ('in', '='):
            raise self._opened.refusals.wrong(f'{field.name} is not compared by {condition.operator}')
        ids = [value for value in values if value and not isinstance(value, str)]
        found = Domain.FALSE
        if names:
            found |= self._step(field, 'any', Domain('display_name', 'in', names))
        if ids:
            found |= (Domain(field.name, 'in', ids) if field.type == 'many2one'
                      else self._step(field, 'any', Domain('id', 'in', ids)))
        if len(names) + len(ids) < len(values):
            found |= (Domain(field.name, '=', False) if field.type == 'many2one'
                      else self._step(field, 'not any', Domain.TRUE))
        return found if positive == condition.operator else ~found

    def _on_id(self, condition):
        if condition.operator in ('any', 'not any'):
            found = self.judged(condition.value)
            return found if condition.operator == 'any' else ~found
        if condition.operator in ('child_of', 'parent_of'):
            numbers = self._numbers(self._model, condition.value)
            found = self._walked(self._model._parent_name, condition.operator, numbers)
            return Domain('id', condition.operator, numbers) if found is None else found
        return condition

    def _hierarchy(self, field, condition):
        """Records below or above a record. The parent field must be open there, and so must the records."""
        comodel = self._model.env[field.comodel_name]
        self._opened.check_model(comodel._name, READ)
        search = Search(self._opened, comodel)
        is_own = comodel._name == self._model._name
        numbers = search._numbers(comodel, condition.value)
        found = search._walked(field.name if is_own else comodel._parent_name, condition.operator, numbers)
        if found is None:
            return Domain(field.name, condition.operator, numbers)
        if field.type == 'many2one':
            return found if is_own else Domain(field.name, 'in', found.value)
        return Domain(field.name, 'any', search.confined(found))

    def _walked(self, parent, operator, numbers):
        """Records below or above some records, going through open records only; None if all are open.

        :param parent: the field that leads to the record above.
        """
        self.use(parent)
        confined = self._opened.subquery(self._model._name, READ, self.used)
        if confined.is_true():
            return None
        model, known, edge = self._model.with_context(active_test=False), dict.fromkeys(numbers), list(numbers)
        while edge:
            if operator == 'child_of':
                found = model.search(confined & Domain(parent, 'in', edge))
            else:
                found = model.search(confined & Domain('id', 'in', edge)).sudo()[parent]
            edge = [number for number in found._ids if number not in known]
            known.update(dict.fromkeys(edge))
        return Domain('id', 'in', list(known))

    def _numbers(self, comodel, value):
        """The IDs from which a hierarchy starts: a name stands for the open records with that name."""
        values = value if isinstance(value, (list, tuple)) else [value]
        if not all(isinstance(item, (int, str)) for item in values):
            raise self._opened.refusals.wrong('numbers or names of records are wanted')
        ids = [number for number in values if number and not isinstance(number, str)]
        for name in values:
            if isinstance(name, str):
                search = Search(self._opened, comodel)
                ids += comodel.search(search.confined(search.judged([('display_name', 'ilike', name)]))).ids
        return ids

    # ------------------------------------------------------------------
    # Names
    # ------------------------------------------------------------------

    def _on_name(self, condition):
        """Compare names: in Odoo's way, or by open fields only."""
        if self._opened.names_are_odoos(self._model):
            return condition
        value, operator = condition.value, condition.operator
        is_negative = operator in Domain.NEGATIVE_OPERATORS
        if operator.endswith('like') and not value and '=' not in operator:
            return Domain.FALSE if is_negative else Domain.TRUE
        domains = []
        for path in self._paths_of_names():
            domain = self._by_name(path, operator, value)
            if domain is not None:
                domains.append(domain)
        if not domains:
            raise self._opened.refusals.of_field(self._model._name, READ, self._model._rec_name or 'display_name')
        return Domain.AND(domains) if is_negative else Domain.OR(domains)

    def _paths_of_names(self):
        """The fields by which records are found, as paths; the name field of the model is always one."""
        return list(dict.fromkeys((*self._opened.paths_of_names(self._model), self._model._rec_name or 'display_name')))

    def _by_name(self, path, operator, value):
        """The condition on one of these fields; None if it is closed, or cannot be compared with the value."""
        field = self._model._fields.get(path.partition('.')[0])
        if path == 'display_name' or field is None or not self._opened.lines_of(field, READ):
            return None
        search = Search(self._opened, self._model)
        try:
            if not operator.endswith('like') and not field.relational and field.type not in ('char', 'text', 'html'):
                value = field.convert_to_write(value, self._model)
            domain = search._condition(DomainCondition(path, operator, value).checked())
        except (UserError, TypeError, ValueError):  # UserError includes refusals
            return None
        self.used |= search.used
        return domain


def parsed(domain, refusals):
    """A domain in any form that Odoo takes, as Odoo's object.

    :raises UserError: it is no domain.
    """
    try:
        return Domain(domain or [])
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise refusals.wrong(str(error).rstrip('.')) from None
