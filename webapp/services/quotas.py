"""Verbs on 职数 and 编制: recorded by document, never overwritten; a later entry takes the place of an earlier one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import events, quotas
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.domain.quotas import Quota
from webapp.persistence.models import people
from webapp.services.office import Work, bodies

RECORDERS = ("civil_servant_section", "cadre_section")


def record(
    work: Work,
    actor: Actor,
    *,
    organisation_id: str,
    level: str,
    places: int | None,
    valid_from: date | None,
    document_no: str,
) -> None:
    """Record the places 职数 of a unit at a level, or its establishment 编制, from a day on."""
    with work:
        unit = work.one(people.organisation, id=organisation_id, kind="unit") if organisation_id else None
        if unit is None:
            raise Invalid({"unit": "请选择单位。"})
        _require_may_record(work, actor, unit)
        quotas.require(places, valid_from, document_no, work.today)
        if level and not work.all(people.post, organisation_id=organisation_id, rank=level, limit=1):
            raise Invalid({"level": "该单位没有这个层次的职务，请重新选择。"})
        known = of_units(work, [organisation_id])
        row = {
            "organisation_id": organisation_id, "level": level, "places": places, "valid_from": valid_from,
            "document_no": document_no.strip(),
        }  # fmt: skip
        if any(all(getattr(one, name) == value for name, value in row.items()) for one in known):
            raise Conflict("同样的内容已经登记。")
        before = quotas.in_force(known, work.today).get((organisation_id, level))
        stamp = {"id": str(uuid7()), "recorded_by": actor.user_id, "recorded_at": work.now}
        work.insert(people.staffing_quota, {**row, **stamp})
        facts = {**row, "valid_from": str(valid_from), "before": before.places if before else None}
        work.commit(events.QuotaRecorded(actor=actor, effective_at=work.now, facts=facts))


def _require_may_record(work: Work, actor: Actor, unit: Mapping[str, Any]) -> None:
    places = bodies(work, committee_id=unit["parent_id"], unit_id=unit["id"], day=work.today)
    if not any(actor.holds(role, places.get("org_dept"), work.today) for role in RECORDERS):
        raise NotAllowed("职数和编制由组织部公务员科、干部科登记，该单位不在您的管理范围内。")


def of_units(reads: Any, organisation_ids: list[str]) -> list[Quota]:
    """Everything recorded for some units."""
    rows = reads.all(people.staffing_quota, organisation_id=organisation_ids)
    return [Quota(**{name: row[name] for name in Quota.__dataclass_fields__}) for row in rows]


def vacancies(reads: Any, post: Mapping[str, Any], day: date) -> int:
    """How many more a post can take on a day, by its own places and by those of its level in the unit."""
    held = reads.all(people.appointment, post_id=post["id"], valid_to=None)
    unit_id, rank = post["organisation_id"], post["rank"]
    level = quotas.in_force(of_units(reads, [unit_id]), day).get((unit_id, rank))
    if level is None:
        return quotas.vacancies(int(post["quota"]), len(held), None, 0)
    peers = [row["id"] for row in reads.all(people.post, organisation_id=unit_id, rank=rank)]
    together = reads.all(people.appointment, post_id=peers, valid_to=None)
    return quotas.vacancies(int(post["quota"]), len(held), level, len(together))
