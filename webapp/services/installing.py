"""Bringing an installation up to date 安装与升级."""

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import NotAllowed
from webapp.persistence import schema
from webapp.persistence.reading import translated
from webapp.services import calendars
from webapp.services.office import Office


def migrate(database_url: str, owner_url: str | None = None) -> None:
    """Bring the database to the newest schema, as its owner where there is one; triggers are set up anew.

    DatabaseUnavailable when nobody answers there.
    """
    with translated():
        schema.migrate(owner_url or database_url)
        if owner_url and owner_url != database_url:
            schema.share(owner_url, database_url)


def require_guarded(office: Office, owner_url: str | None) -> None:
    """NotAllowed when the serving role could take the guards off the history although an owner is named."""
    if owner_url and schema.owns_history(office.engine):
        raise NotAllowed(
            "DATABASE_URL 的账号是办理记录表的属主或超级用户，可以拆除防改触发器。请改用普通应用账号，"
            "属主账号只写在 DATABASE_OWNER_URL 中。"
        )


def seed_calendar(office: Office) -> None:
    """Enter the published working-day calendar where there is none yet."""
    work = office.begin()
    with work:
        if calendars.is_there(work):
            return
        calendars.seed(work)
        work.commit(events.CalendarChanged(actor=system_actor("installation"), effective_at=work.now))
