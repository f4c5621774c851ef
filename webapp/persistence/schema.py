"""The schema brought up to date 数据库结构升级: the migrations, then every trigger anew."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, make_url, text

from webapp.persistence import roles, triggers
from webapp.persistence.database import WRITING, open_engine

FOLDER = Path(__file__).parents[2] / "migrations"
# Two starting processes take turns: the second finds the work done.
MIGRATION_LOCK = 7_205_759_403
WAIT_SECONDS = 60


def migrate(url: Any, revision: str = "head") -> None:
    """Bring the database to the revision, all or nothing, and set up its triggers; creates a SQLite file."""
    from alembic import command

    command.upgrade(_settings(url), revision)


def step_down(url: Any, revision: str) -> None:
    """Take the schema back to an earlier revision; ``base`` empties the database."""
    from alembic import command

    command.downgrade(_settings(url), revision)


def _settings(url: Any) -> Any:
    from alembic.config import Config

    settings = Config(attributes={"url": url})
    settings.set_main_option("script_location", str(FOLDER))
    return settings


def migration_engine(url: Any) -> Engine:
    """An engine that may change the schema; on SQLite rows are not checked against other tables meanwhile."""
    engine = open_engine(url, guarded=False)
    return engine.execution_options(**WRITING)


def before(connection: Connection) -> None:
    """Wait for another migration that is running."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))


def after(connection: Connection) -> None:
    """Triggers anew; on SQLite a look whether every reference still holds."""
    triggers.install(connection)
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise RuntimeError(f"the migration left a reference without its row in {broken[0]}")


def share(owner_url: Any, url: Any) -> None:
    """Give the application's role, named in ``url``, what it needs of the owner's tables, and no more."""
    engine = migration_engine(owner_url)
    with engine.begin() as connection:
        roles.grant(connection, make_url(url).username or "")
    engine.dispose()


def owns_history(engine: Engine) -> bool:
    """True when this engine's role could take the guards off the history; a SQLite file has no roles."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        return roles.owns_history(connection)
