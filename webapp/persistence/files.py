"""Attachments without their bytes 附件目录: which files a case keeps, for whoever need not open them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from webapp.persistence.models.cases import attachment
from webapp.persistence.reading import Reads

SHOWN = [one for one in attachment.c if one.name not in ("ciphertext", "wrapped_key", "key_id")]


def of_case(reads: Reads, case_id: str) -> list[Mapping[str, Any]]:
    """The files of a case in the order they came in."""
    query = select(*SHOWN).where(attachment.c.case_id == case_id)
    return list(reads.fetch_all(query.order_by(attachment.c.stored_at, attachment.c.id)))
