"""Facts the cadre section enters of a person by hand 登记: the year's appraisal, relatives for recusal (F05)."""

from collections.abc import Mapping
from typing import Any, get_args

from webapp.domain import events, kinship
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.domain.people import APPRAISALS_ZH
from webapp.persistence.models import people
from webapp.services import relieving
from webapp.services.dossier import relatives_of
from webapp.services.office import Work, bodies

RECORDERS = ("cadre_section", "cadre_supervision")
OLDEST_YEARS = 5
# How far recorded relations are followed: grandparents, their children, these children's children and spouses.
HOPS = 6


def record_appraisal(work: Work, actor: Actor, *, person_id: str, year: int, grade: str) -> None:
    """Enter or correct the grade of a past year's appraisal 年度考核; never the own one or a relative's."""
    with work:
        _require_may_record(work, actor, person_id)
        problems = {}
        if not work.today.year - OLDEST_YEARS <= year <= work.today.year:
            problems["year"] = f"请填写近{OLDEST_YEARS}年以内的年度。"
        if grade not in APPRAISALS_ZH:
            problems["grade"] = "请选择考核等次。"
        if problems:
            raise Invalid(problems)
        work.put(people.appraisal, {"person_id": person_id, "year": year, "grade": grade})
        facts = {"person_id": person_id, "year": year, "grade": grade}
        work.commit(_event(events.AppraisalRecorded, work, actor, person_id, facts))


def record_kinship(work: Work, actor: Actor, *, person_id: str, relative_id: str, relation: str) -> None:
    """Enter that somebody is the cadre's spouse, parent, sibling …; who is kin through them is kin from then on."""
    with work:
        _require_may_record(work, actor, person_id)
        if relation not in get_args(kinship.Kind):
            raise Invalid({"relation": "请选择亲属关系。"})
        if relative_id == person_id or work.one(people.person, id=relative_id) is None:
            raise Invalid({"relative": "请选择另一名在册人员。"})
        row = {"person_id": person_id, "relative_id": relative_id, "relation": relation}
        if work.one(people.kinship, person_id=person_id, relative_id=relative_id):
            raise Conflict("这两人的亲属关系已经登记。")
        work.insert(people.kinship, row)
        derived = _derived(work, person_id)
        if derived:
            work.insert(people.kinship, derived)
        kin = [(one["person_id"], one["relative_id"]) for one in [row, *derived]]
        freed = relieving.among_kin(work, kin)
        facts = {
            "person_id": person_id, "relative_id": relative_id, "derived": len(derived), "released": freed,
        }  # fmt: skip
        work.commit(_event(events.KinshipRecorded, work, actor, person_id, facts))


def named(work: Work, name: str, birth_month: str = "") -> str:
    """The one person of a full name, told from namesakes by the month of birth; Invalid for none or several."""
    born = birth_month.strip()
    with work:
        rows = [row for row in work.all(people.person, name=name.strip()) if born in ("", row["birth_month"])]
        work.settle()
    if not rows:
        raise Invalid({"name": "人员库中没有此人，请核对姓名全称。"})
    if len(rows) > 1:
        raise Invalid({"name": "有同名人员，请填写出生年月（如 1978-05）加以区分。"})
    return str(rows[0]["id"])


def _derived(work: Work, person_id: str) -> list[dict[str, str]]:
    """Pairs that are kin through the recorded ones, within three generations, and not on file themselves."""
    rows = _family(work, person_id)
    relations = [_relation(row) for row in rows]
    known = {frozenset((row["person_id"], row["relative_id"])) for row in rows}
    found: list[dict[str, str]] = []
    for one in sorted({person for pair in known for person in pair}):
        for other, word in sorted(kinship.relatives_of(one, relations).items()):
            if frozenset((one, other)) not in known:
                known.add(frozenset((one, other)))
                found.append({"person_id": one, "relative_id": other, "relation": word})
    return found


def _family(work: Work, person_id: str) -> list[Mapping[str, Any]]:
    rows: dict[tuple[str, str], Mapping[str, Any]] = {}
    ring, seen = {person_id}, set[str]()
    for _ in range(HOPS):
        near = work.all(people.kinship, person_id=sorted(ring))
        near += work.all(people.kinship, relative_id=sorted(ring))
        rows |= {(row["person_id"], row["relative_id"]): row for row in near}
        seen |= ring
        ring = {row[name] for row in near for name in ("person_id", "relative_id")} - seen
        if not ring:
            break
    return list(rows.values())


def _relation(row: Mapping[str, Any]) -> kinship.Relation:
    """The relative is the cadre's spouse, parent …; words of older entries count as declared kin."""
    known: dict[str, kinship.Kind] = {one: one for one in get_args(kinship.Kind)}
    return kinship.Relation(row["relative_id"], row["person_id"], known.get(row["relation"], "collateral"))


def _require_may_record(work: Work, actor: Actor, person_id: str) -> None:
    cadre = work.one(people.cadre, person_id=person_id, valid_to=None) if person_id else None
    if cadre is None:
        raise Invalid({"cadre": "请选择一名在册干部。"})
    if actor.person_id is None or actor.person_id in {person_id, *relatives_of(work, person_id)}:
        raise NotAllowed("不得登记本人及亲属的事项，请由其他同志登记。")
    places = bodies(work, committee_id=cadre["committee_id"], unit_id=cadre["unit_id"], day=work.today)
    if not any(actor.holds(role, places.get("org_dept"), work.today) for role in RECORDERS):
        raise NotAllowed("该干部不在您的干部管理权限范围内，不能登记。")


def _event(
    kind: type[events.Event], work: Work, actor: Actor, person_id: str, facts: Mapping[str, Any]
) -> events.Event:
    return kind(actor=actor, effective_at=work.now, stream=f"person:{person_id}", facts=facts)
