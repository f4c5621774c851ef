"""PostgreSQL's pipeline 流水线: several statements are sent at once and answered at once, prepared on the server."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InFailedSqlTransaction, error_from_result
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.waiting import Ready, Wait

# Statements one connection keeps prepared; the one longest unused gives way.
MOST_PREPARED = 256
PLACES = re.compile(r"%\((\w+)\)s|%%")
FINE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
COMMIT = b"COMMIT"
# A prepared statement whose table has changed since, or which the server has lost: prepared anew at the next try.
OUTLIVED = frozenset({"0A000", "26000"})
# What is sent, and what for: a word of the transaction, a statement to be prepared, run or let go.
WORD, PREPARE, RUN, CLOSE = "word", "prepare", "run", "close"
Sent = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as it goes out: its text, and its values in the server's own writing."""

    text: bytes
    values: Sequence[Any]
    formats: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave back, under the names a driver's cursor has for it."""

    description: Sequence[tuple[str, int]] | None
    rows: list[tuple[Any, ...]]
    rowcount: int

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row."""
        return self.rows

    def close(self) -> None:
        """Nothing is held."""


class Pipeline:
    """One driver connection's way to send statements together; knows which of them the server has prepared.

    The driver itself prepares none (``prepare_threshold``): it forgets all of them at every rollback.
    """

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._server: Any = connection.pgconn
        self._adapter = Transformer(connection)
        self._prepared: OrderedDict[bytes, bytes] = OrderedDict()
        self._described: dict[bytes, Sequence[tuple[str, int]]] = {}
        self._made = 0

    def say(self, text: str, values: Mapping[str, Any]) -> Said:
        """The statement as it goes out; psycopg's DataError for a value the server cannot keep."""
        own, names = _numbered(text)
        given = [values[name] for name in names]
        # Kinds are left to the casts in the text: one statement, whichever of its values are empty.
        formats = [PyFormat.BINARY if isinstance(one, bytes) else PyFormat.TEXT for one in given]
        dumped = self._adapter.dump_sequence(given, formats)
        return Said(own, dumped, self._adapter.formats or ())

    def ask(
        self, statements: Sequence[Said], *, begin: bool = True, commit: bool = False
    ) -> list[Answer | psycopg.Error]:
        """Send everything in one go → the answers, in order; an error is the last of them.

        What follows an error is not done, neither is the commit. ``begin``: in a transaction that goes on.
        """
        sent: Sent = []
        try:
            self._server.enter_pipeline_mode()
            results = self._connection.wait(self._talk(statements, begin, commit, sent))
            self._server.exit_pipeline_mode()
        except BaseException:
            # Half an answer may be on its way: nobody can use this connection any more.
            self._connection.close()
            raise
        return self._outcomes(sent, results)

    def _talk(self, statements: Sequence[Said], begin: bool, commit: bool, sent: Sent) -> Any:
        """What the driver waits for: sends, and reads one result for everything in ``sent``."""
        if begin and self._server.transaction_status == TransactionStatus.IDLE:
            self._send_word(b"BEGIN", sent)
        for one in statements:
            self._send(one, sent)
        if commit:
            self._send_word(COMMIT, sent)
        self._server.pipeline_sync()
        while self._server.flush():
            if (yield Wait.RW) & Ready.R:
                self._server.consume_input()
        results: list[Any] = []
        while len(results) <= len(sent):
            # The last one says that the server has nothing more to tell.
            found = yield from fetch_many(self._server)
            if not found:
                raise psycopg.OperationalError("the server has broken off")
            results.append(found[-1])
        return results

    def _send_word(self, word: bytes, sent: Sent) -> None:
        self._server.send_query_params(word, None)
        sent.append((WORD, word))

    def _send(self, one: Said, sent: Sent) -> None:
        name = self._prepared.get(one.text)
        if name is None:
            self._made += 1
            name = self._prepared[one.text] = b"zaishang_%d" % self._made
            self._described.pop(one.text, None)
            self._server.send_prepare(name, one.text)
            sent.append((PREPARE, one.text))
            if len(self._prepared) > MOST_PREPARED:
                oldest, its_name = self._prepared.popitem(last=False)
                self._server.send_close_prepared(its_name)
                self._described.pop(oldest, None)
                sent.append((CLOSE, oldest))
        else:
            self._prepared.move_to_end(one.text)
        self._server.send_query_prepared(name, one.values, one.formats)
        sent.append((RUN, one.text))

    def _outcomes(self, sent: Sent, results: Sequence[Any]) -> list[Answer | psycopg.Error]:
        outcomes: list[Answer | psycopg.Error] = []
        for index, ((kind, text), result) in enumerate(zip(sent, results, strict=False)):
            if result.status not in FINE:
                self._forget(sent[index:])
                error = error_from_result(result, encoding="utf-8")
                if error.sqlstate in OUTLIVED:
                    self._prepared.pop(text, None)
                return [*outcomes, error]
            if text == COMMIT and result.command_status != COMMIT:
                return [
                    *outcomes,
                    InFailedSqlTransaction("nothing was kept: an earlier statement had failed"),
                ]
            if kind == RUN:
                outcomes.append(self._answer(text, result))
        return outcomes

    def _forget(self, refused: Sent) -> None:
        """What was to be prepared at or after an error is not."""
        for kind, text in refused:
            if kind == PREPARE:
                self._prepared.pop(text, None)

    def _answer(self, text: bytes, result: Any) -> Answer:
        if result.status == ExecStatus.COMMAND_OK:
            return Answer(None, [], result.command_tuples or 0)
        names = self._described.get(text)
        if names is None:
            columns = range(result.nfields)
            names = [(result.fname(index).decode(), int(result.ftype(index))) for index in columns]
            self._described[text] = names
        self._adapter.set_pgresult(result)
        rows: list[tuple[Any, ...]] = self._adapter.load_rows(0, result.ntuples, tuple)
        return Answer(names, rows, len(rows))


@lru_cache(4096)
def _numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement with named places as the server takes it, and the names in the order of their numbers."""
    names: dict[str, int] = {}

    def numbered(place: re.Match[str]) -> str:
        return f"${names.setdefault(place[1], len(names) + 1)}" if place[1] else "%"

    return PLACES.sub(numbered, text).encode(), tuple(names)
