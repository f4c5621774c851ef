"""The migrations and the models say the same, and every migration leaves the guards standing."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import webapp.persistence.models  # fills the metadata  # noqa: F401
from webapp.persistence import schema, triggers
from webapp.persistence.database import Instant, metadata, open_engine


@pytest.fixture
def scripts() -> ScriptDirectory:
    """The migrations as Alembic sees them."""
    settings = Config()
    settings.set_main_option("script_location", str(schema.FOLDER))
    return ScriptDirectory.from_config(settings)


def test_there_is_one_head_and_it_is_written_down(scripts: ScriptDirectory) -> None:
    (head,) = scripts.get_heads()
    path = scripts.get_revision(head).path

    assert (schema.FOLDER / ".current-head").read_text().strip() == Path(path).stem


def test_the_migrated_database_is_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _types_differ})
        assert compare_metadata(context, metadata) == []


def _types_differ(_context: Any, _inspected: Any, _column: Any, _found: Any, modelled: Any) -> bool | None:
    return False if isinstance(modelled, Instant) else None


def test_every_guard_stands_after_the_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        assert triggers.missing(connection) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_last_step_goes_down_and_up_again(
    kind: str, request: pytest.FixtureRequest, scripts: ScriptDirectory
) -> None:
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    before = _shape(engine)
    down = scripts.get_revision("head").down_revision or "base"

    schema.step_down(engine.url, str(down))
    between = _shape(engine)
    schema.migrate(engine.url)

    assert between != before
    assert _shape(engine) == before
    with engine.connect() as connection:
        assert triggers.missing(connection) == []


def _shape(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine).get_multi_columns()
    return {str(table): sorted(column["name"] for column in columns) for (_, table), columns in found.items()}


def test_migrating_twice_changes_nothing(sqlite_engine: Engine) -> None:
    before = _shape(sqlite_engine)

    schema.migrate(sqlite_engine.url)

    assert _shape(sqlite_engine) == before


def test_a_guard_that_was_lost_is_missed_and_comes_back_with_the_next_migration(engine: Engine) -> None:
    owner = open_engine(engine.url, guarded=False)
    name = "guard_history_event_update"
    where = " ON history_event" if engine.dialect.name == "postgresql" else ""
    with owner.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {name}{where}"))
    owner.dispose()

    with engine.connect() as connection:
        assert triggers.missing(connection) == [name]
    schema.migrate(engine.url)
    with engine.connect() as connection:
        assert triggers.missing(connection) == []
