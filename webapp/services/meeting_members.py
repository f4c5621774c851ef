"""Who sits on a body on the day of its meeting 会议组成人员: by the roles held then, chiefs and deputies by theirs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain.errors import Invalid
from webapp.persistence.models import identity, people
from webapp.persistence.models import meetings as tables
from webapp.services.office import Work

CHAIR_ROLES = {"dept": ("org_dept_head",), "committee": ("committee_secretary",)}
# Every role that makes its holder a member; whoever leads the body needs no further grant.
MEMBER_ROLES = {
    "dept": ("dept_meeting_member", "org_dept_head", "org_dept_deputy_head"),
    "committee": ("committee_member", "committee_secretary"),
}
# Once an item has come so far the members stand: quorum and count rest on them.
TAKEN_UP = ["voting", "put_off", "decided"]


def on_day(work: Work, committee_id: str, body: str, day: date) -> list[dict[str, Any]]:
    """The members on a day, the chair first; Invalid when nobody sits on the body then.

    Membership is an office, not a log-in: a disabled account 停用 keeps its holder's seat until the role is revoked.
    """
    grants = work.all(
        identity.role_grant, role=list(MEMBER_ROLES[body]), organisation_id=_place(work, committee_id, body)
    )
    valid = [g for g in grants if g["valid_from"] <= day and (g["valid_to"] is None or day <= g["valid_to"])]
    users = {
        u["id"]: u["person_id"] for u in work.all(identity.User.__table__, id=[g["user_id"] for g in valid])
    }
    chairs = {users[g["user_id"]] for g in valid if g["role"] in CHAIR_ROLES[body]}
    persons = [users[g["user_id"]] for g in valid if users[g["user_id"]]]
    ordered = sorted(dict.fromkeys(persons), key=lambda person: (person not in chairs, person))
    if not ordered:
        raise Invalid(
            {
                "body": "该日没有登记在任的会议组成人员，请核对会议日期；日期无误的，请联系安全保密管理员授予成员角色。"
            }
        )
    return [
        {"person_id": person, "is_chair": person in chairs, "presence": "unset", "position": index}
        for index, person in enumerate(ordered, 1)
    ]


def _place(work: Work, committee_id: str, body: str) -> str:
    if body != "dept":
        return committee_id
    found = work.one(people.authority_body, committee_id=committee_id, body="org_dept")
    return str(found["organisation_id"]) if found else committee_id


def recount(work: Work, meeting: Mapping[str, Any]) -> dict[str, list[str]]:
    """The members as of the day of the meeting, until its first item is put to the vote → who joined, who left."""
    if work.all(tables.agenda_item, meeting_id=meeting["id"], status=TAKEN_UP, limit=1):
        return {}
    rows = work.all(tables.meeting_member, meeting_id=meeting["id"])
    held = {row["person_id"]: row for row in rows}
    now = {
        one["person_id"]: one
        for one in on_day(work, meeting["committee_id"], meeting["body"], meeting["held_on"])
    }
    joined, left = sorted(now.keys() - held.keys()), sorted(held.keys() - now.keys())
    for person in left:
        work.delete(tables.meeting_member, {"meeting_id": meeting["id"], "person_id": person})
    work.insert(tables.meeting_member, [{"meeting_id": meeting["id"], **now[one]} for one in joined])
    for person in now.keys() & held.keys():
        wanted = {name: now[person][name] for name in ("is_chair", "position")}
        if any(held[person][name] != value for name, value in wanted.items()):
            work.update(tables.meeting_member, {"meeting_id": meeting["id"], "person_id": person}, wanted)
    return {name: found for name, found in (("joined", joined), ("left", left)) if found}
