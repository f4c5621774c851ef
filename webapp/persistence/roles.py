"""Two database roles 属主与应用账号: the owner migrates, the application's role can only do what it must.

PostgreSQL alone; a SQLite file belongs to whoever can write it, which is why it needs a witness outside.
"""

from sqlalchemy import Connection, text

from webapp.persistence.database import metadata
from webapp.persistence.models.cases import sealed_value
from webapp.persistence.models.history import stream
from webapp.persistence.triggers import APPEND_ONLY, ERASABLE

UPDATED = {
    stream.name: ("seq", "digest", "recorded_at"),
    sealed_value.name: (*ERASABLE, "erased_at"),
}


def grant(connection: Connection, role: str) -> None:
    """Give the application's role what it needs, and take the rest; the caller is the owner of the tables."""
    name = connection.dialect.identifier_preparer.quote(role)
    kept = {table.name for table in APPEND_ONLY}
    for table in metadata.sorted_tables:
        quoted = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(text(f"REVOKE ALL ON {quoted} FROM {name}"))
        connection.execute(text(f"GRANT SELECT, INSERT{_more(table.name, kept)} ON {quoted} TO {name}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}"))


def _more(table: str, kept: set[str]) -> str:
    if table in kept:
        return ""
    columns = UPDATED.get(table)
    return f", UPDATE ({', '.join(columns)})" if columns else ", UPDATE, DELETE"


def owns_history(connection: Connection) -> bool:
    """True when this connection could take the guards off the history: its owner, or a superuser."""
    if connection.dialect.name == "sqlite":
        return True
    query = (
        "SELECT pg_has_role(current_user, tableowner::name, 'USAGE') FROM pg_tables"
        " WHERE schemaname = current_schema() AND tablename = 'history_event'"
    )
    return bool(connection.execute(text(query)).scalar())
