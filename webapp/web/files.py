"""Attachments as links 附件, their names opened only for the page that may show them."""

from collections.abc import Mapping
from typing import Any

from webapp.queries import parts, tasks
from webapp.services import looking
from webapp.web.session import office


def file_refs(reads: Any, rows: list[Mapping[str, Any]]) -> tuple[parts.FileRef, ...]:
    """The rows as links with name, size and who added them."""
    values = looking.many_values(reads, office(), "attachment", [row["id"] for row in rows])
    names = tasks.user_names(reads, {row["stored_by"] for row in rows})
    return tuple(
        parts.FileRef(
            id=row["id"],
            name=str(values[row["id"]].get("name", "附件")),
            size=row["size"],
            kind=_kind(row["media_type"]),
            added_by=names.get(row["stored_by"], ""),
            added_at=row["stored_at"],
            note=str(values[row["id"]].get("note", "")),
            digest=row["digest"],
        )
        for row in rows
    )


def _kind(media_type: str) -> str:
    if media_type == "application/pdf":
        return "pdf"
    return "image" if media_type.startswith("image/") else "other"
