"""One call at the door. Its arguments are taken one by one; a call with an argument that was not taken is refused."""
import inspect
from functools import lru_cache

from ...protocol.opening import READ
from .arguments.context import allowed_context, check_companies
from .arguments.domains import Search
from .arguments.terms import Terms
from .arguments.values import Values
from .names import Names


class Call:
    """A method of a model, with its records and arguments.

    :param opened: the :class:`~.opened.Opened`.
    :param records: the records of the call; none if it is on the model.
    :param name: the name of the method.
    :param method: the method itself, as found on the model's class.
    :param arguments: by name, bound by the method's own signature; they are a copy.
    :param context: what the caller sent, whole.
    :ivar search: the :class:`~.domains.Search` of its model.
    """

    def __init__(self, opened, records, name, method, arguments, context):
        self.opened = opened
        self.refusals = opened.refusals
        self.records = records
        self.model = records.browse()
        self.name = name
        self.context = context
        self.search = Search(opened, self.model)
        self.names = Names(opened)
        self.values = Values(opened)
        self.arguments = arguments
        self._method = method
        self._left = set(arguments)
        self._terms = Terms(opened, self.search, self.model)

    # ------------------------------------------------------------------
    # Arguments
    # ------------------------------------------------------------------

    def take(self, name, default=None):
        """Take an argument, to judge it; an empty one counts as left out.

        :return: its value.
        """
        self._left.discard(name)
        self.refusals.argument = name
        return self.arguments.get(name) or default

    def numbers(self, *names):
        """Arguments that are numbers of records; nothing, 0 and False mean none, as in Odoo."""
        for name in names:
            value = self.take(name)
            if value and (type(value) is not int or value < 0):
                raise self.refusals.wrong('a number is wanted')
            if not value:
                self.arguments.pop(name, None)
        self.refusals.argument = None

    def plain(self, *names):
        """Arguments that need no judgement: texts, and display options."""
        for name in names:
            self.take(name)
            if not isinstance(self.arguments.get(name), (str, int, float, bool, type(None))):
                raise self.refusals.wrong('a single value is wanted')
        self.refusals.argument = None

    def text(self, name):
        """An argument that is a word.

        :return: it; '' for none.
        """
        value = self.take(name, '')
        if not isinstance(self.arguments.get(name), (str, bool, type(None))) or not isinstance(value, str):
            raise self.refusals.wrong('a text is wanted')
        return self._kept(name, value)

    def texts(self, name):
        """An argument that is a list of words.

        :return: it; an empty list for none.
        """
        value = self.take(name, [])
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
            raise self.refusals.wrong('a list of texts is wanted')
        return self._kept(name, list(value))

    def values_of(self, name):
        """An argument that is a dictionary.

        :return: it; an empty one for none.
        """
        value = self.take(name, {})
        if not isinstance(value, dict):
            raise self.refusals.wrong('a dictionary is wanted')
        return self._kept(name, value)

    def _kept(self, name, value):
        """The method gets exactly what was judged, not an empty value of another type."""
        if name in self.arguments:
            self.arguments[name] = value
        return value

    def domain(self):
        """Judge a domain, which :meth:`find` then uses."""
        self.opened.check_model(self.model._name, READ)
        self.arguments['domain'] = self.search.judged(self.take('domain'))

    def find(self):
        """Let a judged domain find only records on which all fields that are used are open."""
        self.refusals.argument = None
        self.arguments['domain'] = self.search.confined(self.arguments['domain'])

    def order(self):
        """Judge an order of records."""
        self.arguments['order'] = self._terms.order(self.take('order'))

    def fields(self):
        """Judge a list of fields; without one, take the stored fields that are open on all open records.

        :return: the list.
        """
        names = self.texts('fields') or self.default_fields()
        for field_name in names:
            self.search.use(field_name)
        self.arguments['fields'] = names
        return names

    def default_fields(self):
        """The fields that are read if none are named: those that are open on the records of this call or, without
        records, on all open records.
        """
        names = [name for name, field in self.model._fields.items()
                 if self._shows(field) and self.opened.lines_of(field, READ)
                 and self.model._has_field_access(field, READ)]
        if self.records:
            return list(self.opened.open_on(self.records, names, READ))
        return [name for name in names if self.opened.opens_everywhere(self.model, name, READ)]

    def _shows(self, field):
        """Whether a field is read without being named: it is stored, or a line names it."""
        return self.opened.env['oauth2.scope']._is_stored(field) or field.inherited or field.name == 'display_name' or (
            any(line.names(field.name) for line in self.opened.lines_of(field, READ)))

    def groups(self):
        """Judge the fields by which records are grouped.

        :return: the list.
        """
        given = self.take('groupby')
        specs = [given] if isinstance(given, str) else self.texts('groupby')
        for spec in specs:
            self.group(spec)
        self.arguments['groupby'] = specs
        return specs

    def group(self, spec):
        """Judge one field by which records are grouped."""
        self._terms.group(spec)

    def aggregates(self, name='aggregates'):
        """Judge the aggregates of each group."""
        for spec in self.texts(name):
            self._terms.aggregate(spec)

    def having(self):
        """Judge a domain on aggregates."""
        self._terms.having(self.take('having', []))

    def order_of_groups(self, groups, name='order'):
        """Judge an order of groups."""
        self.arguments[name] = self._terms.order_of_groups(self.take(name), groups)

    def specification(self):
        """Judge what is read, including what is read of related records.

        :return: it, without keys that are not allowed there.
        """
        specification = self._specified(self.search, self.model, self.values_of('specification'))
        self.arguments['specification'] = specification
        self.refusals.argument = None
        return specification

    def _specified(self, search, model, specification):
        judged = {}
        for name in specification:
            field = search.use(name)
            asked = specification[name] or {}
            self._check_asked(name, asked)
            of_field = judged[name] = {key: asked[key] for key in ('limit', 'offset') if key in asked}
            if asked.get('context'):
                of_field['context'] = allowed_context(asked['context'], self.opened, {})
            if 'fields' not in asked and not asked.get('order'):
                continue
            if field.type in ('reference', 'many2one_reference', 'properties'):
                if set(asked.get('fields') or ()) - {'id', 'display_name'}:
                    raise self.refusals.wrong(f'of {name} nothing but display_name is read')
                of_field['fields'] = {key: {} for key in asked.get('fields') or ()}
                continue
            comodel = self.opened.env[field.comodel_name] if field.relational else None
            if comodel is None:
                raise self.refusals.wrong(f'{name} is no relation')
            inner = Search(self.opened, comodel)
            if asked.get('order'):
                of_field['order'] = self._order_of_lines(comodel, asked['order'])
            if 'fields' in asked:
                fields = dict(asked['fields'] or {})
                shown = {'display_name': {}} if (
                    field.type == 'many2one' and fields.pop('display_name', None) is not None) else {}
                of_field['fields'] = {**self._specified(inner, comodel, fields), **shown}
        return judged

    def _order_of_lines(self, comodel, order):
        """An order of the records of a relation. All are shown, so it may only use fields that are open on all."""
        search = Search(self.opened, comodel)
        judged = Terms(self.opened, search, comodel).order(order)
        for name in search.used:
            if not self.opened.opens_everywhere(comodel, name, READ):
                raise self.refusals.of_field(comodel._name, READ, name)
        return judged

    def _check_asked(self, name, asked):
        """Refuse a specification of a field that cannot be read."""
        if not isinstance(asked, dict) or not isinstance(asked.get('fields') or {}, dict) or not all(
                type(asked.get(key) or 0) is int for key in ('limit', 'offset')):
            raise self.refusals.wrong(f'{name}: a dictionary with fields, order, limit, offset and context is wanted')

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def on_open_records(self, operation=READ):
        """Allow the call if its records, with all fields that are used, are open to an operation.

        :raises AccessError: they are not.
        """
        self.refusals.argument = None
        self.opened.check_records(self.records, operation, self.search.used if operation == READ else ())

    # ------------------------------------------------------------------
    # The call
    # ------------------------------------------------------------------

    def ready(self):
        """Refuse arguments that were not judged, and companies that the token may not see: the method runs next.

        :raises AccessError: there are such companies.
        :raises UserError: there is such an argument.
        """
        self.refusals.argument = None
        if self._left:
            raise self.refusals.wrong(f'{self.name} takes no {", ".join(sorted(self._left))} from an access token')
        check_companies(self.arguments, self.opened)

    def run(self, records=None):
        """Call the method, once the call is :meth:`ready`.

        :param records: in place of those of the call.
        """
        self.ready()
        return self._method(self.records if records is None else records, **self.arguments)


_signature = lru_cache(1024)(inspect.signature)


def bound(method, records, args, kwargs):
    """The arguments of a call by name.

    :raises TypeError: they do not fit.
    """
    signature = _signature(method)
    arguments = signature.bind(records, *args, **kwargs).arguments
    named = {}
    for name, value in list(arguments.items())[1:]:
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            named.update(value)
        elif kind is inspect.Parameter.VAR_POSITIONAL:
            raise TypeError(f'{method.__name__}: arguments are given by name')
        else:
            named[name] = value
    return named
