"""The attachments of a case for its bundle 随带附件: whose bytes may leave, and under which record each one stands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.crypto import sealing as crypto
from webapp.domain.errors import Conflict
from webapp.exchange.case_bundle import Disclosure, Paper
from webapp.persistence import files
from webapp.persistence.models import cases
from webapp.persistence.reading import Reading
from webapp.services import attachments, sealing
from webapp.services.office import Office

FILES = "files"
MOST_BYTES = 64 * 1024 * 1024
# Minutes and ballots tell who voted how.
UNTOLD = frozenset({attachments.MINUTES})
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


def offered(look: Reading, case_id: str, restricted: frozenset[str]) -> tuple[int, int]:
    """How many attachments may be told, and their bytes together."""
    sizes = [row["size"] for row in files.of_case(look, case_id) if _may_leave(row, restricted)]
    return len(sizes), sum(sizes)


def _may_leave(row: Mapping[str, Any], restricted: frozenset[str]) -> bool:
    """Not what tells votes, and nothing of a task whose form has restricted parts 受限可见."""
    return row["purpose"] not in UNTOLD and row["work_item_id"] not in restricted


def of_case(
    office: Office,
    look: Reading,
    case_id: str,
    records: Iterable[Mapping[str, Any]],
    *,
    told: bool,
    restricted: frozenset[str],
) -> tuple[list[Paper], list[Disclosure]]:
    """Every attachment that a record names; with ``told`` also bytes and name of those that may leave.

    Conflict when they are too many bytes for one bundle.
    """
    places = list(records)
    rows = [(row, seq) for row in files.of_case(look, case_id) if (seq := _named_in(row["digest"], places))]
    leaving = [row for row, _ in rows if told and _may_leave(row, restricted)]
    if sum(row["size"] for row in leaving) > MOST_BYTES:
        limit = MOST_BYTES // 1024 // 1024
        raise Conflict(f"附件合计超过{limit}兆字节，不能一并导出；请不勾选附件，另行逐个下载。")
    names = {one.task: one for one in _names(office, look, {row["id"]: seq for row, seq in rows}, leaving)}
    ids = {row["id"] for row in leaving}
    papers = [
        _paper(row, seq, _bytes(office, look, row) if row["id"] in ids else None, names) for row, seq in rows
    ]
    return papers, [names[one] for one in sorted(names)]


def _named_in(digest: str, records: list[Mapping[str, Any]]) -> int:
    """The first record that names the digest, 0 where none does: such a file belongs to no record."""
    mark = f'"{digest}"'.encode()
    return next((int(row["seq"]) for row in records if mark in bytes(row["body"])), 0)


def _names(
    office: Office, look: Reading, places: Mapping[str, int], leaving: list[Mapping[str, Any]]
) -> Iterator[Disclosure]:
    """The names as they were sealed, each with its key, so that the bundle proves them too."""
    ids = [row["id"] for row in leaving]
    rows = look.all(cases.sealed_value, owner_kind="attachment", owner_id=ids, field="name") if ids else []
    for row in rows:
        if row["ciphertext"] is not None:
            key, value = (
                crypto.disclose(office.keyring, row["wrapped_key"]),
                sealing.open_row(office.keyring, row),
            )
            yield Disclosure(places[row["owner_id"]], row["owner_id"], "name", row["commitment"], key, value)


def _bytes(office: Office, look: Reading, row: Mapping[str, Any]) -> bytes:
    kept = look.get(cases.attachment, id=row["id"])
    return crypto.open_bytes(office.keyring, kept["ciphertext"], kept["wrapped_key"], row["id"])


def _paper(row: Mapping[str, Any], seq: int, data: bytes | None, names: Mapping[str, Disclosure]) -> Paper:
    name = names.get(row["id"])
    ending = f".{str(name.value).rpartition('.')[2]}" if name is not None else ""
    suffix = ending if SUFFIX.fullmatch(ending) else ""
    return Paper(row["id"], seq, row["digest"], row["size"], row["media_type"], suffix, data)
