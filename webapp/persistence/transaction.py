"""One open transaction 事务: a pooled connection of the driver, and SQLAlchemy's own where a statement asks for it."""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine

# A connection that is in a transaction already: to begin again would be refused.
BEGUN = {"begun": True}


class Transaction:
    """Begun when it is made; ends with ``close``, and only what ``commit`` came before is kept."""

    def __init__(self, engine: Engine, *, writing: bool, isolation: str | None = None) -> None:
        self.engine = engine
        self._whole: Connection | None = None
        if isolation is not None:
            self._whole = engine.connect().execution_options(isolation_level=isolation)
            self._whole.begin()
            self._pooled: Any = self._whole.connection
            return
        self._pooled = _checked_out(engine)
        if engine.dialect.name == "sqlite":
            self._begin("BEGIN IMMEDIATE" if writing else "BEGIN")

    def _begin(self, word: str) -> None:
        raw: Any = self._pooled.dbapi_connection
        try:
            raw.execute(word).close()
        except BaseException:
            self._pooled.close()
            raise

    @property
    def dialect(self) -> Dialect:
        """The dialect of the database."""
        return self.engine.dialect

    @property
    def whole(self) -> Connection:
        """SQLAlchemy's connection, in this transaction."""
        if self._whole is None:
            self._whole = Connection(self.engine, connection=self._pooled).execution_options(**BEGUN)
            self._whole.begin()
        return self._whole

    def send(self, text: str, values: Any, *, many: bool = False) -> Any:
        """Run a statement as the driver takes it → the driver's cursor, to be closed by whoever reads rows from it.

        Whoever listens to the engine hears of it; a driver's error becomes the one SQLAlchemy would raise.
        """
        cursor: Any = None
        try:
            cursor = self._pooled.cursor()
            for listener in self.engine.dispatch.before_cursor_execute:
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
        if self._whole is not None or self.engine.dispatch.commit:
            self.whole.commit()
            return
        try:
            self._pooled.commit()
        except BaseException as error:
            self._fail(error, None, None)

    def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        if self._whole is not None:
            self._whole.close()
        else:
            self._pooled.close()

    def _fail(self, error: BaseException, text: str | None, cursor: Any) -> None:
        """Wrapped, and the pool told of a lost connection, as SQLAlchemy does it; faults of the program pass."""
        if isinstance(error, Exception) and not isinstance(error, self.dialect.loaded_dbapi.Error):
            raise error
        self.whole._handle_dbapi_exception(error, text, None, cursor, None)


def _checked_out(engine: Engine) -> Any:
    try:
        return engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        Connection._handle_dbapi_exception_noconnection(error, engine.dialect, engine)
