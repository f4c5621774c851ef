"""What the database itself refuses 只增不改: the history, its chains, deployed files, sealed values.

Installed again after every migration, because SQLite drops the triggers of a table that is rebuilt.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, UniqueConstraint, text

from webapp.persistence.bell import CHANNEL
from webapp.persistence.failures import HEAD_MOVED
from webapp.persistence.models import cases, history, repository, runtime

# Nothing in these tables is ever changed or removed.
APPEND_ONLY: tuple[Table, ...] = (
    history.history_event,
    repository.definition,
    repository.bundle_file,
    repository.content,
)
KEPT: tuple[Table, ...] = (*APPEND_ONLY, history.stream, cases.sealed_value)
# Erasure empties these and sets erased_at; every other column of a sealed value stays for ever.
ERASABLE = ("ciphertext", "wrapped_key")
PREFIX = "guard_"
FUNCTIONS = ("refuse", "follow_head", "move_head", "erase_only", "ring")


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger and the statement that creates it."""

    name: str
    table: str
    sql: str


def install(connection: Connection) -> None:
    """Create every trigger anew on the tables that are there, in the caller's transaction."""
    there = _tables(connection)
    if history.history_event.name not in there:
        _drop_functions(connection)
        return
    for function in _functions(connection.dialect.name):
        connection.execute(text(function))
    for trigger in expected(connection.dialect.name):
        if trigger.table in there:
            connection.execute(text(_dropping(connection.dialect.name, trigger)))
            connection.execute(text(trigger.sql))
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"ALTER TABLE {trigger.table} ENABLE ALWAYS TRIGGER {trigger.name}"))


def _drop_functions(connection: Connection) -> None:
    """The way down to an empty database, whose tables are gone already."""
    if connection.dialect.name == "postgresql":
        for name in FUNCTIONS:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {PREFIX}{name}()"))


def expected(dialect: str) -> list[Trigger]:
    """Every trigger the database must have."""
    return _sqlite_triggers() if dialect == "sqlite" else _postgres_triggers()


def missing(connection: Connection) -> list[str]:
    """Names of triggers that are absent, changed or switched off; empty when all stand guard."""
    standing = _standing(connection)
    wanted = expected(connection.dialect.name)
    if connection.dialect.name == "sqlite":
        return [trigger.name for trigger in wanted if standing.get(trigger.name) != trigger.sql]
    return [trigger.name for trigger in wanted if standing.get(trigger.name) != "A"]


def _standing(connection: Connection) -> dict[str, str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
    return {row[0]: row[1] for row in connection.execute(text(query))}


def _tables(connection: Connection) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if connection.dialect.name == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    return set(connection.execute(text(query)).scalars())


def _dropping(dialect: str, trigger: Trigger) -> str:
    where = "" if dialect == "sqlite" else f" ON {trigger.table}"
    return f"DROP TRIGGER IF EXISTS {trigger.name}{where}"


# SQLite: INSERT OR REPLACE may remove a row with no UPDATE or DELETE trigger firing, so INSERT looks first.


def _sqlite_triggers() -> list[Trigger]:
    found = [_abort(table, "DELETE", "delete", "kept for ever") for table in KEPT]
    found += [_abort(table, "UPDATE", "update", "never changed") for table in APPEND_ONLY]
    found += [_abort(table, "INSERT", "insert", "there already", when=_exists(table)) for table in KEPT]
    found.append(_abort(history.stream, "UPDATE", "update", "moves by one", when=_NOT_ONE_ON))
    unlawful = _not_erasure("IS NOT")
    found.append(_abort(cases.sealed_value, "UPDATE", "update", "only ever erased", when=unlawful))
    event = history.history_event.name
    follows = f"BEFORE INSERT ON {event} WHEN NOT {_FOLLOWS}"
    found.append(_sqlite("follow", event, follows, _raise(HEAD_MOVED)))
    found.append(_sqlite("move", event, f"AFTER INSERT ON {event}", _MOVE))
    return found


def _abort(table: Table, act: str, name: str, why: str, when: str = "") -> Trigger:
    condition = f" WHEN {when}" if when else ""
    body = _raise(f"{table.name} is {why}")
    return _sqlite(name, table.name, f"BEFORE {act} ON {table.name}{condition}", body)


def _raise(sentence: str) -> str:
    return f"SELECT RAISE(ABORT, '{sentence}')"


def _sqlite(name: str, table: str, event: str, body: str) -> Trigger:
    full = f"{PREFIX}{table}_{name}"
    return Trigger(full, table, f"CREATE TRIGGER {full} {event} BEGIN {body}; END")


def _exists(table: Table) -> str:
    keys = [[column.name for column in table.primary_key]]
    uniques = [key for key in table.constraints if isinstance(key, UniqueConstraint)]
    keys += [[column.name for column in key.columns] for key in uniques]
    same = " OR ".join(
        "(" + " AND ".join(f"{name} = NEW.{name}" for name in names) + ")" for names in sorted(keys)
    )
    return f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"


_NOT_ONE_ON = (
    "NEW.name <> OLD.name OR NEW.seq <> OLD.seq + 1 OR NEW.digest = OLD.digest"
    " OR NEW.recorded_at < OLD.recorded_at"
)
_FOLLOWS = (
    "EXISTS (SELECT 1 FROM stream WHERE name = NEW.stream AND seq = NEW.seq - 1 AND digest = NEW.previous"
    " AND recorded_at <= NEW.recorded_at)"
)
_MOVE = (
    "UPDATE stream SET seq = NEW.seq, digest = NEW.digest, recorded_at = NEW.recorded_at"
    " WHERE name = NEW.stream"
)


def _not_erasure(differs: str) -> str:
    same = [column.name for column in cases.sealed_value.c if column.name not in (*ERASABLE, "erased_at")]
    changed = [f"NEW.{name} {differs} OLD.{name}" for name in same]
    kept = [f"NEW.{name} IS NOT NULL" for name in ERASABLE]
    return " OR ".join([*changed, *kept, "OLD.erased_at IS NOT NULL", "NEW.erased_at IS NULL"])


# PostgreSQL: the functions fire for every role, also for a replica's (ENABLE ALWAYS), and for TRUNCATE.


def _functions(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return []
    refuse = "RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
    follow = (
        f"{_MOVE} AND seq = NEW.seq - 1 AND digest = NEW.previous AND recorded_at <= NEW.recorded_at;"
        f" IF NOT FOUND THEN RAISE EXCEPTION '{HEAD_MOVED}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;"
    )
    return [
        _function("refuse", refuse),
        _function("follow_head", follow),
        _function("move_head", _unless(_NOT_ONE_ON, "stream moves by one")),
        _function("ring", f"PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL;"),
        _function("erase_only", _unless(_not_erasure("IS DISTINCT FROM"), "sealed_value may only be erased")),
    ]


def _unless(broken: str, sentence: str) -> str:
    raising = f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation'"
    return f"IF {broken} THEN {raising}; END IF; RETURN NEW;"


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {PREFIX}{name}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $guard$ BEGIN {body} END $guard$"
    )


def _postgres_triggers() -> list[Trigger]:
    found = []
    for table in KEPT:
        found.append(_postgres("delete", table, "BEFORE DELETE", "refuse", each="STATEMENT"))
        found.append(_postgres("truncate", table, "BEFORE TRUNCATE", "refuse", each="STATEMENT"))
    for table in APPEND_ONLY:
        found.append(_postgres("update", table, "BEFORE UPDATE", "refuse", each="STATEMENT"))
    found.append(_postgres("follow", history.history_event, "BEFORE INSERT", "follow_head"))
    found.append(_postgres("update", history.stream, "BEFORE UPDATE", "move_head"))
    found.append(_postgres("update", cases.sealed_value, "BEFORE UPDATE", "erase_only"))
    found += [
        _postgres("ring", table, "AFTER INSERT", "ring", each="STATEMENT")
        for table in (runtime.job, runtime.outbox)
    ]
    return found


def _postgres(name: str, table: Table, act: str, function: str, each: str = "ROW") -> Trigger:
    full = f"{PREFIX}{table.name}_{name}"
    sql = f"CREATE TRIGGER {full} {act} ON {table.name} FOR EACH {each} EXECUTE FUNCTION {PREFIX}{function}()"
    return Trigger(full, table.name, sql)
