"""Look-ups whose text and conversions are ready 直送: handed to the driver without compiling or wrapping anything."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, LargeBinary, Uuid

from webapp.persistence.database import Instant
from webapp.persistence.transaction import Transaction

Processor = Callable[[Any], Any] | None


def bound(value: Any, process: Processor) -> Any:
    """The value as the driver takes it."""
    return process(value) if process is not None else value


def to_driver(kind: Any, dialect: Dialect) -> Processor:
    """How a value of this column type is handed to the driver."""
    if dialect.name == "sqlite" and isinstance(kind, Instant):
        return _naive_text
    if isinstance(kind, LargeBinary):
        # Both drivers take bytes as they are.
        return None
    found: Processor = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def from_driver(kind: Any, dialect: Dialect, code: Any) -> Processor:
    """How a value of this column type comes back; ``code`` is the driver's own name of the type."""
    if dialect.name == "sqlite" and isinstance(kind, Instant):
        return _aware
    if dialect.name == "sqlite" and isinstance(kind, Uuid) and not kind.as_uuid:
        return dashed
    found: Processor = kind.dialect_impl(dialect).result_processor(dialect, code)
    return found


def _naive_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _aware(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def dashed(text: str | None) -> str | None:
    """An id as SQLite keeps it (32 digits) in the usual way of writing it."""
    if text is None:
        return None
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Query:
    """A SELECT compiled once for a dialect: its text, what it binds, and how each column comes back."""

    def __init__(self, query: Any, dialect: Dialect) -> None:
        asked = _asked(query, dialect)
        # Placeholders stand for what is asked: only then does the compiler write constants into the text.
        whole = query.params(dict.fromkeys(asked))
        compiled = whole.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        written_out = {one.key for one in compiled.literal_execute_params}
        order = compiled.positiontup or tuple(name for name in compiled.binds if name not in written_out)
        self.text = str(compiled)
        self._dialect = dialect
        self._kinds = tuple(column.type for column in query.inner_columns)
        self._binds = tuple(_bind(name, compiled.binds[name], name in asked, dialect) for name in order)
        self._named = dialect.positional is False
        self.names: tuple[str, ...] = ()
        self._columns: tuple[tuple[int, Callable[[Any], Any]], ...] = ()

    def rows(self, transaction: Transaction, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row, in the order of ``names``."""
        return self._all(transaction.send(self.text, self._bare(values)))

    def post(
        self,
        transaction: Transaction,
        values: Mapping[str, Any],
        then: Callable[[list[tuple[Any, ...]]], object],
    ) -> None:
        """``then`` is told every row, now or later: see ``Transaction.post``."""
        transaction.post(self.text, self._bare(values), lambda cursor: then(self._all(cursor)))

    def _bare(self, values: Mapping[str, Any]) -> Any:
        given = [
            (name, bound(values[name], process) if fixed is None else fixed)
            for name, process, fixed in self._binds
        ]
        return dict(given) if self._named else [one for _, one in given]

    def _all(self, cursor: Any) -> list[tuple[Any, ...]]:
        rows = cursor.fetchall()
        if not self.names:
            self._learn(cursor.description)
        cursor.close()
        return [self._read(row) for row in rows]

    def _learn(self, description: Sequence[Any]) -> None:
        """Which columns need a second look; what the driver calls a type is known only now."""
        if len(description) != len(self._kinds):
            raise TypeError("the query gives other columns than it names")
        found = [
            from_driver(kind, self._dialect, one[1])
            for kind, one in zip(self._kinds, description, strict=True)
        ]
        self._columns = tuple((index, process) for index, process in enumerate(found) if process is not None)
        self.names = tuple(one[0] for one in description)

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for index, process in self._columns:
            values[index] = process(values[index])
        return tuple(values)


def _asked(query: Any, dialect: Dialect) -> frozenset[str]:
    """The values that whoever looks gives; TypeError for a list: such a statement is written out each time."""
    binds = query.compile(dialect=dialect).binds.values()
    if any(one.expanding for one in binds):
        raise TypeError("a query with a list cannot be prepared")
    return frozenset(one.key for one in binds if one.required)


def _bind(name: str, parameter: Any, asked: bool, dialect: Dialect) -> tuple[str, Processor, Any]:
    """A value's name, its conversion, and its value where the statement itself holds it."""
    process = to_driver(parameter.type, dialect)
    return name, process, None if asked else bound(parameter.value, process)
