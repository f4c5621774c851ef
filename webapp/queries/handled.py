"""Tasks that were handled 已办: what each came to; and to whom an open one may be handed on 转办."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from webapp.domain.access import Actor
from webapp.persistence.models import cases, identity, people, runtime
from webapp.persistence.unit_of_work import Reads
from webapp.queries import records
from webapp.queries.cadres import valid_on
from webapp.queries.parts import Option
from webapp.queries.records import EVENT, Definitions

KINDS = ("task_completed", "paper_recorded")


def outcomes(
    reads: Reads, case_ids: Iterable[str], task_ids: frozenset[str], definitions: Definitions
) -> dict[str, str]:
    """Task → the outcome chosen in its form, in the form's own words."""
    wanted = sorted(set(case_ids))
    if not wanted or not task_ids:
        return {}
    query = select(EVENT).where(EVENT.c.case_id.in_(wanted), EVENT.c.kind.in_(KINDS))
    found: dict[str, str] = {}
    for row in reads.fetch_all(query):
        facts = records.facts_of(row)
        task = str(facts.get("work_item_id", ""))
        if task in task_ids:
            found[task] = records.outcome_of(row, facts, definitions)
    return found


def receivers(reads: Reads, actor: Actor, task_id: str, day: date) -> tuple[Option, ...]:
    """Colleagues of the same role and organisation who may take the task over, by name."""
    offered = {
        (row["role"], row["organisation_id"])
        for row in reads.all(runtime.work_candidate, work_item_id=task_id)
        if row["role"]
    }
    pairs = offered & {(one.role, one.organisation_id) for one in actor.grants_on(day)}
    if not pairs:
        return ()
    grant, user, person = identity.role_grant, identity.User.__table__, people.person
    query = (
        select(user.c.id, person.c.name, grant.c.role, grant.c.organisation_id)
        .join(user, user.c.id == grant.c.user_id)
        .join(person, person.c.id == user.c.person_id)
        .where(valid_on(grant, day), user.c.active, user.c.id != actor.user_id)
        .where(grant.c.role.in_(sorted(role for role, _ in pairs)), _is_clear(task_id))
        .order_by(person.c.name)
    )
    rows = [row for row in reads.fetch_all(query) if (row["role"], row["organisation_id"]) in pairs]
    return tuple(Option(key, name) for key, name in {row["id"]: row["name"] for row in rows}.items())


def _is_clear(task_id: str) -> ColumnElement[bool]:
    """Not the cadre and not recused from the task's case; kinship is judged when it is handed on."""
    item, case, person = runtime.work_item, cases.case_file, people.person
    about = select(case.c.id).join(item, item.c.case_id == case.c.id).where(item.c.id == task_id)
    kept_out = select(cases.case_exclusion.c.person_id).where(cases.case_exclusion.c.case_id.in_(about))
    subject = select(case.c.person_id).where(case.c.id.in_(about))
    return and_(person.c.id.not_in(kept_out), person.c.id.not_in(subject))
