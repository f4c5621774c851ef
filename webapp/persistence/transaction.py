"""One open transaction 事务: a pooled connection of the driver, and SQLAlchemy's own where a statement asks for it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Dialect, Engine

from webapp.persistence.pipeline import Pipeline, Said

# A connection that is in a transaction already: to begin again would be refused.
BEGUN = {"begun": True}
PIPELINE = "pipeline"


Then = Callable[[Any], object]


class Transaction:
    """Begun when it is made; ends with ``close``, and only what ``commit`` came before is kept.

    What is posted is sent to PostgreSQL together with the next question or the commit; SQLite has no way to go.
    ``lone``: for a single look-up, which is a transaction by itself: nothing is begun and nothing rolled back.
    """

    def __init__(
        self, engine: Engine, *, writing: bool, isolation: str | None = None, lone: bool = False
    ) -> None:
        self.engine = engine
        self.dialect: Dialect = engine.dialect
        self._listeners = tuple(engine.dispatch.before_cursor_execute)
        self._lone = lone
        self._whole: Connection | None = None
        self._pipeline: Pipeline | None = None
        self._posted: list[tuple[str, Said, Then | None]] = []
        if isolation is not None:
            self._whole = engine.connect().execution_options(isolation_level=isolation)
            self._whole.begin()
            self._pooled: Any = self._whole.connection
            self._driver: Any = self._pooled.dbapi_connection
            return
        self._pooled = _checked_out(engine)
        self._driver = self._pooled.dbapi_connection
        if engine.dialect.name != "sqlite":
            self._pipeline = _pipeline_of(self._pooled)
        elif not lone:
            self._begin("BEGIN IMMEDIATE" if writing else "BEGIN")

    def _begin(self, word: str) -> None:
        try:
            self._driver.execute(word).close()
        except BaseException:
            self._pooled.close()
            raise

    @property
    def whole(self) -> Connection:
        """SQLAlchemy's connection, in this transaction; what was posted has been sent."""
        self.flush()
        return self._sqlalchemy()

    def _sqlalchemy(self) -> Connection:
        if self._whole is None:
            self._whole = Connection(self.engine, connection=self._pooled).execution_options(**BEGUN)
            self._whole.begin()
        return self._whole

    def send(self, text: str, values: Any, *, many: bool = False) -> Any:
        """Run a statement as the driver takes it → the driver's cursor, to be closed by whoever reads rows from it.

        Whoever listens to the engine hears of it; a driver's error becomes the one SQLAlchemy would raise.
        """
        if self._pipeline is None:
            return self._run(text, values, many)
        answers: list[Any] = []
        self.post(text, values, answers.append, many=many)
        self.flush()
        return answers[-1]

    def post(self, text: str, values: Any, then: Then | None = None, *, many: bool = False) -> None:
        """Run a statement without waiting for its cursor, which ``then`` is told when it is there.

        What ``then`` raises, and what the database refuses, comes out of the next question or the commit.
        """
        if self._pipeline is None:
            cursor = self._run(text, values, many)
            if then is not None:
                then(cursor)
            return
        try:
            for listener in self._listeners:
                listener(self, None, text, values, None, many)
            for one in values if many else [values]:
                self._posted.append((text, self._pipeline.say(text, one), then))
        except BaseException as error:
            self._fail(error, text, None)

    def hear(self) -> None:
        """Send what was posted if somebody waits for an answer; what nobody waits for may go with the commit."""
        if any(then is not None for _, _, then in self._posted):
            self.flush()

    def flush(self) -> None:
        """Send what was posted, and wait for the answers."""
        if self._posted:
            self._ask(commit=False)

    def _ask(self, *, commit: bool) -> None:
        posted, self._posted = self._posted, []
        assert self._pipeline is not None
        text = posted[0][0] if posted else None
        try:
            outcomes = self._pipeline.ask(
                [said for _, said, _ in posted], begin=not self._lone, commit=commit
            )
        except BaseException as error:
            self._fail(error, text, None)
            raise
        for number, outcome in enumerate(outcomes):
            if isinstance(outcome, Exception):
                self._fail(outcome, posted[number][0] if number < len(posted) else None, None)
                continue
            then = posted[number][2]
            if then is not None:
                then(outcome)

    def _run(self, text: str, values: Any, many: bool) -> Any:
        cursor: Any = None
        try:
            cursor = self._driver.cursor()
            for listener in self._listeners:
                listener(self, cursor, text, values, None, many)
            if many:
                cursor.executemany(text, values)
            else:
                cursor.execute(text, values)
        except BaseException as error:
            self._fail(error, text, cursor)
        return cursor

    def commit(self) -> None:
        """Make it last."""
        if self._pipeline is not None and not self.engine.dispatch.commit:
            self._ask(commit=True)
        elif self._whole is not None or self.engine.dispatch.commit:
            self.whole.commit()
        else:
            try:
                self._driver.commit()
            except BaseException as error:
                self._fail(error, None, None)

    def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        self._posted = []
        if self._whole is not None:
            self._whole.close()
        else:
            self._pooled.close()

    def _fail(self, error: BaseException, text: str | None, cursor: Any) -> None:
        """Wrapped, and the pool told of a lost connection, as SQLAlchemy does it; faults of the program pass."""
        if isinstance(error, Exception) and not isinstance(error, self.dialect.loaded_dbapi.Error):
            raise error
        self._sqlalchemy()._handle_dbapi_exception(error, text, None, cursor, None)


def _pipeline_of(pooled: Any) -> Pipeline:
    """The pipeline of a driver's connection, as long as that one lives."""
    found: Pipeline | None = pooled.info.get(PIPELINE)
    if found is None:
        found = pooled.info[PIPELINE] = Pipeline(pooled.dbapi_connection)
    return found


def _checked_out(engine: Engine) -> Any:
    try:
        return engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        Connection._handle_dbapi_exception_noconnection(error, engine.dialect, engine)
