"""What scopes open of a database: which operations on which records and fields of which models.

Only what the lines of scopes say is known here. What a domain comes to, and which fields a model has, is the
database's affair.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

READ = 'read'
OPERATIONS = (READ, 'write', 'create', 'unlink')


class Line(NamedTuple):
    """A line of a scope.

    :ivar model: the name of a model.
    :ivar operations: of :data:`OPERATIONS`.
    :ivar domain: the text of a domain; empty where all records are opened.
    :ivar fields: names; None where everything that belongs to a record is opened.
    :ivar methods: names of methods of this model that may be called, beside those that every model has; None: all.
    :ivar is_whole: nothing is left out, also not what a record shows of other records.
    """
    model: str
    operations: frozenset[str]
    domain: str = ''
    fields: frozenset[str] | None = None
    methods: frozenset[str] | None = frozenset()
    is_whole: bool = False


# Of whichever model: one tuple, so that "all lines of the model" can be told by identity.
_WHOLE = (Line('', frozenset(OPERATIONS), methods=None, is_whole=True),)


class Opening:
    """What some scopes open together: the union of their lines.

    Two of them are equal only if they are the same object, so one can stand for its scopes in the key of a cache.

    :ivar memo: for whoever works out more of it, such as which fields of a model are meant.
    """

    def __init__(self, lines: Iterable[Line] = ()):
        self._lines: dict[tuple[str, str], tuple[Line, ...]] = {}
        self._operations: dict[str, set[str]] = {}
        for line in lines:
            for operation in line.operations:
                key = line.model, operation
                self._lines[key] = (*self._lines.get(key, ()), line)
            self._operations.setdefault(line.model, set()).update(line.operations)
        self.memo: dict[Any, Any] = {}

    @property
    def is_empty(self) -> bool:
        """Whether these scopes open nothing at all."""
        return not any(self._operations.values())

    def lines(self, model: str, operation: str) -> tuple[Line, ...]:
        """The lines that open an operation on a model; none where it is closed."""
        return self._lines.get((model, operation), ())

    def allows(self, model: str, operation: str) -> bool:
        """Whether some records of a model are open to an operation."""
        return bool(self.lines(model, operation))

    def opens(self, model: str) -> bool:
        """Whether a model is open to any operation."""
        return any(self.lines(model, operation) for operation in OPERATIONS)

    def opens_method(self, model: str, method: str) -> bool:
        """Whether a method may be called that only this model has."""
        lines = (line for operation in OPERATIONS for line in self.lines(model, operation))
        return any(line.methods is None or method in line.methods for line in lines)

    def only_reads(self, model: str | None = None) -> bool:
        """Whether nothing but reading is open, of one model or of all of them."""
        operations = self._operations.values() if model is None else [self._operations.get(model, set())]
        return all(allowed <= {READ} for allowed in operations)


class ReadingOpening(Opening):
    """Everything may be read, but for some models; beside that, what lines say.

    :param closed: the names of models that are not opened by this.
    """

    is_empty = False

    def __init__(self, lines: Iterable[Line], closed: frozenset[str] = frozenset()):
        super().__init__(lines)
        self._closed = closed

    def lines(self, model: str, operation: str) -> tuple[Line, ...]:
        """One line that leaves nothing out, where reading is asked about."""
        if operation != READ or model in self._closed:
            return super().lines(model, operation)
        return _WHOLE


class WholeOpening(Opening):
    """Everything: for tokens that are limited to some companies, and to nothing else."""

    is_empty = False

    def lines(self, model: str, operation: str) -> tuple[Line, ...]:
        """One line that leaves nothing out."""
        return _WHOLE

    def only_reads(self, model: str | None = None) -> bool:
        """Never."""
        return False
