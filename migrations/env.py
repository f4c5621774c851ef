"""How Alembic finds the database: the address it is handed, or the one of the running application."""

from alembic import context

import webapp.persistence.models  # fills the metadata  # noqa: F401
from webapp.persistence import schema
from webapp.persistence.database import Instant, metadata


def _url():
    url = context.config.attributes.get("url")
    if url is not None:
        return url
    from flask import current_app

    return current_app.config.get("DATABASE_OWNER_URL") or current_app.extensions["migrate"].db.engine.url


def _offline():
    context.configure(url=_url(), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def _online():
    engine = schema.migration_engine(_url())
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # A rebuilt table is dropped for a moment; only outside a transaction can this be switched.
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF").close()
            with connection.begin():
                _run(connection)
    finally:
        engine.dispose()


def _run(connection):
    schema.before(connection)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_rendered,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    context.run_migrations()
    schema.after(connection)


def _rendered(kind, item, _autogenerate):
    """Our own types as the plain ones beneath them: a migration stays as it is when they change."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return "sa.UnicodeText()" if type(item).__name__ in ("AsaList", "Names") else False


if context.is_offline_mode():
    _offline()
else:
    _online()
