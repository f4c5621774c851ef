"""Personal values 个人信息: sealed one by one, named in the history by their commitments only."""

from collections.abc import Mapping
from typing import Any

from uuid_utils import uuid7

from webapp.crypto import sealing
from webapp.persistence.models import cases
from webapp.services.facts import plain
from webapp.services.office import Work


def aad(owner_id: str, field: str) -> str:
    """What a ciphertext is bound to: copied elsewhere it does not open."""
    return f"{owner_id}:{field}"


def seal_values(
    work: Work, values: Mapping[str, object], *, case_id: str | None, owner_kind: str, owner_id: str
) -> list[dict[str, str]]:
    """Seal and store the values of one owner in one statement → [{field, commitment}] for the event."""
    rows: list[dict[str, Any]] = []
    for field in sorted(values):
        sealed = sealing.seal(work.office.keyring, plain(values[field]), aad=aad(owner_id, field))
        rows.append(
            {
                "id": str(uuid7()),
                "case_id": case_id,
                "owner_kind": owner_kind,
                "owner_id": owner_id,
                "field": field,
                "commitment": sealed.commitment,
                "ciphertext": sealed.ciphertext,
                "wrapped_key": sealed.wrapped_key,
                "key_id": sealed.key_id,
            }
        )
    if rows:
        work.insert(cases.sealed_value, rows)
    return [{"field": row["field"], "commitment": row["commitment"]} for row in rows]


def open_row(work_keyring: Any, row: Mapping[str, Any]) -> object:
    """The value of a sealed row; None when it was erased."""
    if row["ciphertext"] is None:
        return None
    return sealing.open_(
        work_keyring, row["ciphertext"], row["wrapped_key"], aad(row["owner_id"], row["field"])
    )
