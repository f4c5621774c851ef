"""Kinship 亲属关系登记 for recusal (F05): entered on a paper, corrected and withdrawn with a reason.

An entry that keeps a member from a vote, and every correction or withdrawal, counts when a second person agrees;
until then a recusal on file stands, and what the open entry would touch is not put to the vote.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from uuid_utils import uuid7

from webapp.domain import access, events, kinship
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.domain.kinship import Relation
from webapp.persistence.models import identity, people
from webapp.services import relieving, sealing
from webapp.services.dossier import relatives_of
from webapp.services.office import Work
from webapp.services.people_facts import RECORDERS, require_may_record
from webapp.services.seats import seated

SETTLERS = (*RECORDERS, "org_dept_head", "org_dept_deputy_head")
# How far recorded relations are followed: grandparents, their children, these children's children and spouses.
HOPS = 6
LONGEST_TEXT = 300
OWNER = "kinship"
Pair = frozenset[str]
Row = Mapping[str, Any]


def enter(
    work: Work, actor: Actor, *, person_id: str, relative_id: str, relation: str, source: str, evidence: str
) -> bool:
    """Enter that somebody is the cadre's spouse, parent, sibling … → True when it counts at once.

    ``evidence``: the paper and where it says so. Whoever is kin through them is kin from then on.
    """
    with work:
        require_may_record(work, actor, person_id)
        _require_whole(relation, source, evidence)
        if relative_id == person_id or work.one(people.person, id=relative_id) is None:
            raise Invalid({"relative": "请选择另一名在册人员。"})
        if actor.person_id == relative_id:
            raise NotAllowed("不得登记本人的亲属关系，请由其他同志登记。")
        if _recorded(work, person_id, relative_id):
            raise Conflict("这两人的亲属关系已经登记；登记有误的，请更正。")
        asked = {"relation": relation, "before": None, "source": source}
        return _ask(work, actor, "enter", person_id, relative_id, asked, {"evidence": evidence.strip()})


def change(work: Work, actor: Actor, *, person_id: str, relative_id: str, relation: str, reason: str) -> None:
    """Ask for a correction 更正, or with no ``relation`` a withdrawal 撤销; it counts when a second person agrees."""
    with work:
        require_may_record(work, actor, person_id)
        row = _recorded(work, person_id, relative_id)
        if row is None:
            raise Conflict("没有这项亲属关系登记，或者它由其他登记推知：请更正所依据的登记。")
        if relation and (relation not in get_args(kinship.Kind) or relation == row["relation"]):
            raise Invalid({"relation": "请选择更正后的亲属关系。"})
        _require_text(reason, "reason", "请写明理由和依据")
        first, second = row["person_id"], row["relative_id"]
        asked = {"relation": relation or row["relation"], "before": row["relation"], "source": "other_paper"}
        act = "correct" if relation else "withdraw"
        _ask(work, actor, act, first, second, asked, {"reason": reason.strip()})


def settle(work: Work, actor: Actor, *, request_id: str, agreed: bool) -> None:
    """Confirm what was asked for, or not 确认; never by whoever asked, nor by one of those it is about."""
    with work:
        row = work.one(people.kinship_request, id=request_id, lock=True)
        if row is None or row["status"] != "waiting":
            raise Conflict("该项登记已经确认或者不存在，请刷新。")
        _require_may_settle(work, actor, row)
        values = {
            "status": "done" if agreed else "refused",
            "settled_by": actor.user_id,
            "settled_at": work.now,
        }
        work.update(people.kinship_request, {"id": request_id}, values)
        facts = {**_told(row), "proposed_by": row["entered_by"]}
        if agreed:
            facts |= _apply(work, row)
        kind = events.KinshipConfirmed if agreed else events.KinshipRefused
        _commit(work, actor, kind, row["person_id"], facts)


def require_settled(work: Work, item: Row, members: Iterable[str]) -> None:
    """RuleBroken while an open entry would keep one of the members from the item."""
    waiting = work.all(people.kinship_request, status="waiting")
    subject, inside = item["person_id"], set(members)
    touched = [row for row in waiting if any(s == subject and m in inside for s, m in row["pairs"])]
    kinship.require_settled(len(touched))


def _ask(
    work: Work, actor: Actor, act: str, person_id: str, relative_id: str, asked: Row, told: Mapping[str, str]
) -> bool:
    open_ = [
        *work.all(people.kinship_request, person_id=person_id, relative_id=relative_id, status="waiting"),
        *work.all(people.kinship_request, person_id=relative_id, relative_id=person_id, status="waiting"),
    ]
    if open_:
        raise Conflict("这两人的亲属关系已有一项登记待第二人确认，确认后再办理。")
    request_id = str(uuid7())
    row = {"id": request_id, "person_id": person_id, "relative_id": relative_id, "act": act, **asked}
    bearing = _bearing(work, row)
    waits = kinship.needs_second_person(act, bearing)
    entered = {"entered_by": actor.user_id, "entered_at": work.now, "pairs": [list(one) for one in bearing]}
    work.insert(people.kinship_request, {**row, **entered, "status": "waiting" if waits else "done"})
    sealed = sealing.seal_values(work, told, case_id=None, owner_kind=OWNER, owner_id=request_id)
    facts = {**_told(row), "fields": sealed, **({} if waits else _apply(work, row))}
    kind = events.KinshipProposed if waits else events.KinshipRecorded
    _commit(work, actor, kind, person_id, facts)
    return not waits


def _apply(work: Work, row: Row) -> dict[str, Any]:
    """Write the change and what follows from it → facts for the event: who is kin now, which tasks were freed."""
    stored = _family(work, [row["person_id"], row["relative_id"]])
    _write_recorded(work, row)
    relations = [_relation(one) for one in _after(stored, row)]
    wanted = kinship.through(relations)
    # What was derived and is recorded now has been written above.
    derived = {_pair(one): one for one in stored if one["derived"] and _pair(one) != _pair(row)}
    for pair, one in derived.items():
        _keep_derived(work, one, wanted.get(pair))
    by = {"derived": True, "since": work.now, "request_id": row["id"]}
    fresh = [
        {**dict(zip(("person_id", "relative_id"), sorted(pair), strict=True)), "relation": word, **by}
        for pair, word in sorted(wanted.items(), key=lambda one: sorted(one[0]))
        if pair not in derived
    ]
    if fresh:
        work.insert(people.kinship, fresh)
    new = [(one["person_id"], one["relative_id"]) for one in fresh]
    if row["act"] != "withdraw":
        new.append((row["person_id"], row["relative_id"]))
    return {"derived": len(fresh), "released": relieving.among_kin(work, new)}


def _write_recorded(work: Work, row: Row) -> None:
    ids = {"person_id": row["person_id"], "relative_id": row["relative_id"]}
    for one, other in ((row["person_id"], row["relative_id"]), (row["relative_id"], row["person_id"])):
        work.delete(people.kinship, {"person_id": one, "relative_id": other})
    if row["act"] != "withdraw":
        entry = {
            **ids,
            "relation": row["relation"],
            "derived": False,
            "since": work.now,
            "request_id": row["id"],
        }
        work.insert(people.kinship, entry)


def _bearing(work: Work, row: Row) -> list[tuple[str, str]]:
    """The members whom the change would keep from a vote and who are not kept from it now."""
    stored = _family(work, [row["person_id"], row["relative_id"]])
    relations = [_relation(one) for one in _after(stored, row)]
    pairs = {frozenset((one.person_id, one.other_id)) for one in relations} | kinship.through(
        relations
    ).keys()
    new = pairs - {_pair(one) for one in stored}
    return kinship.bearing_on_votes(new, seated(work, sorted({one for pair in new for one in pair})))


def _require_may_settle(work: Work, actor: Actor, row: Row) -> None:
    first = work.get(identity.User.__table__, id=row["entered_by"])
    access.require_second_person(actor, [one for one in (first["id"], first["person_id"]) if one])
    concerned = {row["relative_id"], *relatives_of(work, row["relative_id"])}
    concerned |= {one for pair in row["pairs"] for one in pair}
    if actor.person_id in concerned:
        raise NotAllowed("该项登记涉及您本人或者亲属，请由其他同志确认。")
    require_may_record(work, actor, row["person_id"], SETTLERS)


def _recorded(work: Work, one: str, other: str) -> Row | None:
    """The entry of a pair, either way round; what is only derived is none."""
    return work.one(people.kinship, person_id=one, relative_id=other, derived=False) or work.one(
        people.kinship, person_id=other, relative_id=one, derived=False
    )


def _after(stored: Iterable[Row], row: Row) -> list[Row]:
    """The recorded relations once the change is made."""
    pair = _pair(row)
    kept = [one for one in stored if not one["derived"] and _pair(one) != pair]
    return kept if row["act"] == "withdraw" else [*kept, row]


def _family(work: Work, roots: list[str]) -> list[Row]:
    rows: dict[tuple[str, str], Row] = {}
    ring, seen = set(roots), set[str]()
    for _ in range(HOPS):
        near = work.all(people.kinship, person_id=sorted(ring))
        near += work.all(people.kinship, relative_id=sorted(ring))
        rows |= {(row["person_id"], row["relative_id"]): row for row in near}
        seen |= ring
        ring = {row[name] for row in near for name in ("person_id", "relative_id")} - seen
        if not ring:
            break
    return list(rows.values())


def _relation(row: Row) -> Relation:
    """The relative is the cadre's spouse, parent …; words of older entries count as declared kin."""
    known: dict[str, kinship.Kind] = {one: one for one in get_args(kinship.Kind)}
    return Relation(row["relative_id"], row["person_id"], known.get(row["relation"], "collateral"))


def _pair(row: Row) -> Pair:
    return frozenset((row["person_id"], row["relative_id"]))


def _keep_derived(work: Work, row: Row, word: str | None) -> None:
    where = {"person_id": row["person_id"], "relative_id": row["relative_id"]}
    if word is None:
        work.delete(people.kinship, where)
    elif word != row["relation"]:
        work.update(people.kinship, where, {"relation": word})


def _require_whole(relation: str, source: str, evidence: str) -> None:
    if relation not in get_args(kinship.Kind):
        raise Invalid({"relation": "请选择亲属关系。"})
    if source not in kinship.SOURCES_ZH:
        raise Invalid({"source": "请选择登记来源。"})
    _require_text(evidence, "evidence", "请写明依据的材料和记载")


def _require_text(text: str, field: str, wish: str) -> None:
    if not text.strip() or len(text.strip()) > LONGEST_TEXT:
        raise Invalid({field: f"{wish}，不超过{LONGEST_TEXT}字。"})


def _told(row: Row) -> dict[str, Any]:
    """What stood before and what stands after, for the history."""
    after = None if row["act"] == "withdraw" else {"relation": row["relation"]}
    before = {"relation": row["before"]} if row["before"] else None
    names = ("person_id", "relative_id", "act", "source")
    return {"request_id": row["id"], **{name: row[name] for name in names}, "before": before, "after": after}


def _commit(work: Work, actor: Actor, kind: type[events.Event], person_id: str, facts: Row) -> None:
    work.commit(kind(actor=actor, effective_at=work.now, stream=f"person:{person_id}", facts=facts))
