"""Bringing an installation up to date 安装与升级."""

from webapp.persistence import schema


def migrate(database_url: str) -> None:
    """Bring the database to the newest schema; its triggers are set up anew."""
    schema.migrate(database_url)
