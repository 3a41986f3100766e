"""What scopes open in a database: which operations on which records and fields of which models.

Only the lines of scopes are judged here. The database knows the records of a domain and the fields of a model: callers
describe a field by a :class:`Field`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

READ = 'read'
OPERATIONS = (READ, 'write', 'create', 'unlink')

# Readable whatever a line names: the record's number, and whether it is archived, which every search reads.
ALWAYS = frozenset({'id', 'active', 'x_active'})


class Line(NamedTuple):
    """A line of a scope.

    :ivar model: the name of a model.
    :ivar operations: of :data:`OPERATIONS`.
    :ivar domain: the text of a domain; empty for all records.
    :ivar fields: names of fields; None for all fields that belong to a record.
    :ivar methods: methods of this model that may be called, beside those of every model; None for all.
    :ivar is_whole: everything that the user sees is open, except keys.
    """
    model: str
    operations: frozenset[str]
    domain: str = ''
    fields: frozenset[str] | None = None
    methods: frozenset[str] | None = frozenset()
    is_whole: bool = False

    def names(self, field: str) -> bool:
        """Whether the line has a list of fields that contains this one."""
        return self.fields is not None and field in self.fields


class Field(NamedTuple):
    """The facts about a field that decide whether a line opens it.

    :ivar model: the name of its model.
    :ivar name: its name.
    :ivar is_stored: it is stored with the record, and is no relation to many records.
    :ivar is_name: it is the record's display name.
    :ivar is_harmless: it is computed from the record alone.
    :ivar is_key: whoever reads it can do more than read.
    :ivar is_reserved: it is for certain groups only, or lines must name each field of its model.
    :ivar comodel: for a relation to many records, the name of their model; otherwise ''.
    :ivar inverse: the field of the comodel that stores the relation, or None.
    :ivar inherited: the field of the parent record that this one shows (`_inherits`), or None.
    """
    model: str
    name: str
    is_stored: bool = True
    is_name: bool = False
    is_harmless: bool = False
    is_key: bool = False
    is_reserved: bool = False
    comodel: str = ''
    inverse: Field | None = None
    inherited: Field | None = None


def _includes(mine: Line, line: Line, may_be_key: Callable[[str, str], bool]) -> bool:
    """Whether `mine` opens all that `line` opens, for an operation that both open."""
    if mine.domain not in ('', line.domain):
        return False
    if mine.methods is not None and (line.methods is None or not line.methods <= mine.methods):
        return False
    if line.fields is None or mine.fields is not None:
        return mine.fields is None or (line.fields is not None and line.fields <= mine.fields)
    return mine.is_whole and not any(may_be_key(line.model, field) for field in line.fields)


class Opening:
    """What some scopes open together: the union of their lines.

    :ivar memo: a cache for callers, such as for facts about fields.
    """

    def __init__(self, lines: Iterable[Line] = ()):
        self._lines: dict[tuple[str, str], tuple[Line, ...]] = {}
        self.memo: dict[Any, Any] = {}
        for line in lines:
            for operation in line.operations:
                key = line.model, operation
                self._lines[key] = (*self._lines.get(key, ()), line)

    @property
    def is_empty(self) -> bool:
        """Whether these scopes open nothing at all."""
        return not self._lines

    def lines(self, model: str, operation: str) -> tuple[Line, ...]:
        """The lines that open an operation on a model; none where it is closed."""
        return self._lines.get((model, operation), ())

    def lines_of(self, field: Field, operation: str) -> tuple[Line, ...]:
        """The lines that open a field to an operation; none where it is closed."""
        return tuple(line for line in self.lines(field.model, operation) if self._opens(line, field, operation))

    def _opens(self, line: Line, field: Field, operation: str) -> bool:
        if line.names(field.name) or (operation == READ and field.name in ALWAYS):
            return True
        if line.fields is not None or field.is_key:
            return False
        if line.is_whole:
            return True
        if field.is_reserved:
            return False
        if field.inherited:
            return bool(self.lines_of(field.inherited, operation))
        if field.comodel:
            return self.allows(field.comodel, READ) and (
                field.inverse is None or bool(self.lines_of(field.inverse, READ)))
        return field.is_stored or (operation == READ and (field.is_name or field.is_harmless))

    def allows(self, model: str, operation: str) -> bool:
        """Whether some records of a model are open to an operation."""
        return bool(self.lines(model, operation))

    def opens(self, model: str) -> bool:
        """Whether a model is open to any operation."""
        return any(self.lines(model, operation) for operation in OPERATIONS)

    def lines_of_method(self, model: str, method: str) -> tuple[Line, ...]:
        """The lines that allow a method that only this model has."""
        lines = dict.fromkeys(line for operation in OPERATIONS for line in self.lines(model, operation))
        return tuple(line for line in lines if line.methods is None or method in line.methods)

    def contains(self, other: Opening, may_be_key: Callable[[str, str], bool] = lambda _model, _field: True) -> bool:
        """Whether this certainly opens all that the other scopes open. Scopes that open nothing are not contained:
        their meaning is unknown here.

        :param may_be_key: whether a field of a model may be a key, which only a list of fields opens.
        """
        return type(other) is Opening and not other.is_empty and all(
            any(_includes(mine, line, may_be_key) for mine in self.lines(model, operation))
            for (model, operation), lines in other._lines.items() for line in lines)

    def only_reads(self, model: str | None = None) -> bool:
        """Whether only reading is open, of one model or of all."""
        return all(operation == READ for name, operation in self._lines if model in (None, name))


class ReadingOpening(Opening):
    """Everything may be read, except keys and some models. Lines may open more.

    :param closed: the names of models that this does not open.
    :param methods: by model, the names of its own methods that reveal no more than reading does.
    """

    is_empty = False

    def __init__(self, lines: Iterable[Line], closed: frozenset[str] = frozenset(),
                 methods: dict[str, frozenset[str]] | None = None):
        super().__init__(lines)
        self._closed = closed
        self._methods = methods or {}

    def lines(self, model: str, operation: str) -> tuple[Line, ...]:
        """For reading, a line that opens all but keys; then the given lines."""
        lines = super().lines(model, operation)
        if operation != READ or model in self._closed:
            return lines
        methods = self._methods.get(model, frozenset())
        return (Line(model, frozenset({READ}), methods=methods, is_whole=True), *lines)


class WholeOpening(Opening):
    """Everything: for tokens that are limited to some companies, and to nothing else."""

    is_empty = False

    def lines(self, model: str, operation: str) -> tuple[Line, ...]:
        """One line that leaves nothing out."""
        return (Line(model, frozenset(OPERATIONS), methods=None, is_whole=True),)

    def contains(self, other: Opening, may_be_key: Callable[[str, str], bool] = lambda _model, _field: True) -> bool:
        """Whether the other scopes open anything."""
        return not other.is_empty

    def _opens(self, line: Line, field: Field, operation: str) -> bool:
        return True

    def only_reads(self, model: str | None = None) -> bool:
        """Never."""
        return False
