"""Verbs on organisations 机构: the list imported, with who answers for whose cadres (干部管理权限) derived from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import Invalid
from webapp.exchange import organisations as lists
from webapp.exchange.organisations import Line
from webapp.persistence.models import people
from webapp.services.office import Work

# An organisation of the kind beneath a committee answers for the body of the same name.
ANSWERING = {"org_dept": "org_dept", "discipline": "discipline", "installation": "installation"}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many organisations are new, renamed or moved, or as they were."""

    created: int
    changed: int
    same: int


def read(data: bytes, name: str) -> tuple[Line, ...]:
    """The lines of a list in Excel or CSV; Invalid names every wrong one."""
    return lists.read(data, name)


def import_(work: Work, lines: Sequence[Line], *, operator: str) -> Imported:
    """Take in a list of organisations 导入机构; Invalid where a code repeats or a parent is nowhere."""
    with work:
        known = {row["code"]: dict(row) for row in work.all(people.organisation)}
        _require_whole(lines, known)
        created = changed = 0
        for line in _parents_first(lines, known):
            is_new = line.code not in known
            was_changed = _take(work, line, known)
            created, changed = created + is_new, changed + (was_changed and not is_new)
        _authorities(work, known)
        facts = {"what": "organisations", "created": created, "changed": changed, "operator": operator[:80]}
        actor = system_actor("flask organisations import")
        work.commit(events.MasterDataImported(actor=actor, effective_at=work.now, facts=facts))
    return Imported(created, changed, len(lines) - created - changed)


def _require_whole(lines: Sequence[Line], known: Mapping[str, Any]) -> None:
    problems: dict[str, str] = {}
    codes = [line.code for line in lines]
    for line in lines:
        if codes.count(line.code) > 1:
            problems[f"第{line.number}行"] = f"编码“{line.code}”重复。"
        elif line.parent and line.parent not in known and line.parent not in codes:
            problems[f"第{line.number}行"] = f"上级编码“{line.parent}”不存在。"
        elif line.code in known and known[line.code]["kind"] != line.kind:
            problems[f"第{line.number}行"] = f"机构“{line.code}”的类别不能改变，请停用后另行登记。"
        elif line.since and _day(line.since) is None:
            problems[f"第{line.number}行"] = "启用日期应写成 2026-01-01。"
    if problems:
        raise Invalid(problems)


def _parents_first(lines: Sequence[Line], known: Mapping[str, Any]) -> list[Line]:
    ordered: list[Line] = []
    left = list(lines)
    placed = set(known)
    while left:
        ready = [line for line in left if not line.parent or line.parent in placed]
        if not ready:
            raise Invalid({f"第{left[0].number}行": "上级编码互相指向，请核对。"})
        ordered += ready
        placed |= {line.code for line in ready}
        left = [line for line in left if line not in ready]
    return ordered


def _take(work: Work, line: Line, known: dict[str, Any]) -> bool:
    parent_id = known[line.parent]["id"] if line.parent else None
    values = {"name": line.name, "parent_id": parent_id}
    row = known.get(line.code)
    if row is None:
        row = {"id": str(uuid7()), "code": line.code, "kind": line.kind, **values}
        row["valid_from"] = _day(line.since) or work.today
        work.insert(people.organisation, row)
        known[line.code] = row
        return True
    if (row["name"], row["parent_id"]) == (line.name, parent_id):
        return False
    work.update(people.organisation, {"id": row["id"]}, values)
    row |= values
    return True


def _authorities(work: Work, known: Mapping[str, Any]) -> None:
    """Every committee's own bodies, and as 上级组织部门 the one of the committee above it."""
    by_id = {row["id"]: row for row in known.values()}
    held = {(row["committee_id"], row["body"]) for row in work.all(people.authority_body)}
    beneath: dict[tuple[str, str], str] = {}
    for row in sorted(known.values(), key=lambda one: str(one["code"])):
        if row["kind"] in ANSWERING and row["parent_id"]:
            beneath.setdefault((row["parent_id"], ANSWERING[row["kind"]]), row["id"])
    for committee in [row for row in known.values() if row["kind"] == "committee"]:
        above = by_id.get(committee["parent_id"])
        found = {body: place for (owner, body), place in beneath.items() if owner == committee["id"]}
        found["committee"] = committee["id"]
        if above is not None and (above["id"], "org_dept") in beneath:
            found["superior"] = beneath[above["id"], "org_dept"]
        rows = [
            {
                "committee_id": committee["id"],
                "body": body,
                "organisation_id": place,
                "valid_from": committee["valid_from"],
            }
            for body, place in sorted(found.items())
            if (committee["id"], body) not in held
        ]
        if rows:
            work.insert(people.authority_body, rows)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
