"""Facts the cadre section enters of a person by hand 登记: the year's appraisal."""

from collections.abc import Mapping
from typing import Any

from webapp.domain import appraisals, events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid, NotAllowed, RuleBroken
from webapp.domain.people import APPRAISALS_ZH, plain_name
from webapp.persistence.models import people
from webapp.services import appraisal_table
from webapp.services.dossier import relatives_of
from webapp.services.office import Work, bodies

RECORDERS = ("cadre_section", "cadre_supervision")
OLDEST_YEARS = 5


def record_appraisal(work: Work, actor: Actor, *, person_id: str, year: int, grade: str) -> None:
    """Enter or correct the grade of a past year's appraisal 年度考核; never the own one or a relative's.

    RuleBroken for one that a measure of that year forbids (D6), as in the unit's annual summary.
    """
    with work:
        require_may_record(work, actor, person_id)
        problems = {}
        if not work.today.year - OLDEST_YEARS <= year <= work.today.year:
            problems["year"] = f"请填写近{OLDEST_YEARS}年以内的年度。"
        if grade not in APPRAISALS_ZH:
            problems["grade"] = "请选择考核等次。"
        if problems:
            raise Invalid(problems)
        _require_left_by_measures(work, person_id, year, grade)
        work.put(people.appraisal, {"person_id": person_id, "year": year, "grade": grade})
        facts = {"person_id": person_id, "year": year, "grade": grade}
        work.commit(_event(events.AppraisalRecorded, work, actor, person_id, facts))


def _require_left_by_measures(work: Work, person_id: str, year: int, grade: str) -> None:
    told = appraisal_table.effect_on(work, person_id, year)
    reasons = appraisals.reasons_against_grade(
        grade, effect=str(told.get("effect")), allows_excellent=told.get("allows_excellent", True) is True
    )
    if reasons:
        raise RuleBroken(reasons)


def named(work: Work, name: str, birth_month: str = "") -> str:
    """The one person of a full name, told from namesakes by the month of birth; Invalid for none or several."""
    born = birth_month.strip()
    with work:
        rows = [
            row for row in work.all(people.person, name=plain_name(name)) if born in ("", row["birth_month"])
        ]
        work.settle()
    if not rows:
        raise Invalid({"name": "人员库中没有此人，请核对姓名全称。"})
    if len(rows) > 1:
        raise Invalid({"name": "有同名人员，请填写出生年月（如 1978-05）加以区分。"})
    return str(rows[0]["id"])


def require_may_record(work: Work, actor: Actor, person_id: str, roles: tuple[str, ...] = RECORDERS) -> None:
    """NotAllowed for all but these roles where the cadre is managed, and for the cadre and the relatives."""
    cadre = work.one(people.cadre, person_id=person_id, valid_to=None) if person_id else None
    if cadre is None:
        raise Invalid({"cadre": "请选择一名在册干部。"})
    if actor.person_id is None or actor.person_id in {person_id, *relatives_of(work, person_id)}:
        raise NotAllowed("不得登记本人及亲属的事项，请由其他同志登记。")
    places = bodies(work, committee_id=cadre["committee_id"], unit_id=cadre["unit_id"], day=work.today)
    if not any(actor.holds(role, places.get("org_dept"), work.today) for role in roles):
        raise NotAllowed("该干部不在您的干部管理权限范围内，不能登记。")


def _event(
    kind: type[events.Event], work: Work, actor: Actor, person_id: str, facts: Mapping[str, Any]
) -> events.Event:
    return kind(actor=actor, effective_at=work.now, stream=f"person:{person_id}", facts=facts)
