"""The ways by which a value reaches a field."""
from typing import Any, NamedTuple

from .rights_values import MINIMAL


class NotImported(Exception):
    """The reason why an import has accepted nothing."""


class Attempt(NamedTuple):
    """A user tries to give a field a value.

    :ivar case: the :class:`~.rights.RightsCase`.
    :ivar target: the record to change, or to copy.
    :ivar values: the field and the value; empty for the same call without them.
    :ivar companions: other values that must be written with it.
    :ivar trial: the effect of the value, if it is a command on a relation.
    """
    case: Any
    user: Any
    target: Any
    values: dict
    companions: dict
    trial: Any = None

    @property
    def name(self):
        """The field's."""
        return next(iter(self.values))

    def plain(self):
        """The same call without the field."""
        if self.trial is None:
            return self._replace(values={})
        return self._replace(values={self.name: [self.trial.plain]} if self.trial.plain else {}, trial=None)

    def with_others(self, attempts):
        """This and others at once; but for the ID, which makes another call of it."""
        return self._replace(values={
            attempt.name: attempt.values[attempt.name] for attempt in (self, *attempts) if attempt.name != 'id'})

    def call(self, method, *args, **kwargs):
        context = {'context': self.trial.context} if self.trial else {}
        return self.case.call(self.user, self.target._name, method, *args, **{**context, **kwargs})

    def for_creating(self, with_values=True):
        """What a new record is created with."""
        model = self.case.env[self.target._name]
        needed = MINIMAL[model._name](self.case) if model._name in MINIMAL else {
            name: self.case.value(name, self.target, self.user)
            for name, field in model._fields.items() if field.required and name != 'id'}
        rest = {name: value for name, value in {**needed, **self.companions}.items() if name not in self.values}
        return {**rest, **self.values} if with_values else rest

    def for_writing(self):
        return {**self.companions, **self.values}

    def as_defaults(self):
        return {f'default_{name}': value for name, value in self.values.items()}


def create(attempt):
    attempt.call('create', [attempt.for_creating()])


def web_save_new(attempt):
    attempt.call('web_save', [], attempt.for_creating(), {})


def create_with_default_in_context(attempt):
    attempt.call('create', [attempt.for_creating(with_values=False)], context=attempt.as_defaults())


def create_with_own_default(attempt):
    """A default that users set for themselves."""
    for name, value in attempt.values.items():
        attempt.case.call(attempt.user, 'ir.default', 'set', attempt.target._name, name, value, True)
    attempt.call('create', [attempt.for_creating(with_values=False)])


def import_new(attempt):
    _load(attempt, attempt.for_creating())


def copy(attempt):
    anew = {'uri': 'https://copied.example.com/new'} if 'uri' in attempt.target._fields else {}
    attempt.call('copy', attempt.target.ids, {**anew, **attempt.for_writing()})


def write(attempt):
    attempt.call('write', attempt.target.ids, attempt.for_writing())


def web_save(attempt):
    attempt.call('web_save', attempt.target.ids, attempt.for_writing(), {})


def write_with_default_in_context(attempt):
    attempt.call('write', attempt.target.ids, {}, context=attempt.as_defaults())


def import_existing(attempt):
    _load(attempt, {'.id': attempt.target.id, **attempt.for_writing()})


CREATING = (create, web_save_new, create_with_default_in_context, create_with_own_default, import_new, copy)
WRITING = (write, web_save, write_with_default_in_context, import_existing)
ALL = (*CREATING, *WRITING)


def _load(attempt, values):
    columns = [column for name, value in values.items()
               for column in _columns(attempt.target._fields.get(name), name, value)]
    result = attempt.call('load', [head for head, _cell in columns], [[cell for _head, cell in columns]])
    if not result['ids']:
        raise NotImported(result['messages'])


def _columns(field, name, value):
    """A field and its value as columns and cells of an import: one, but for the fields of a new line."""
    kind = field.type if field is not None and name != 'id' else ''
    if kind == 'one2many':
        [[command, *_rest, last]] = value
        if command != 4:
            return [(f'{name}/{part}', str(cell)) for part, cell in last.items()]
    return [_column(kind, name, value)]


def _column(kind, name, value):
    if kind == 'many2one':
        return f'{name}/.id', str(value or '')
    if kind in ('many2many', 'one2many'):
        [[command, *_rest, last]] = value
        if command == 0:
            return f'{name}/name', last['name']
        return f'{name}/.id', str(last) if command == 4 else ','.join(map(str, last))
    if kind == 'boolean':
        return name, str(int(value))
    return ('.id' if name == 'id' else name), str(value or '')
