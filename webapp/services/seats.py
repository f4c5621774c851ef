"""Who sits on the bodies that decide on a cadre 会议组成人员: by office, or called to a meeting."""

from collections.abc import Mapping
from typing import Any

from webapp.domain.roles import SEATED
from webapp.persistence.models import cases, identity, meetings
from webapp.services.office import Work, bodies

# Who leads the department sits on its meeting by that role.
HEADS = ("org_dept_head", "org_dept_deputy_head")
UNDER_WAY = ["scheduled", "voting"]


def seated(work: Work, subjects: list[str]) -> dict[str, frozenset[str]]:
    """Subject of an open case → the members, by person ids; nothing for who has none."""
    rows = work.all(cases.case_file, person_id=subjects, status=["open", "suspended"]) if subjects else []
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["person_id"], set()).update(of_case(work, row))
    return {subject: frozenset(members) for subject, members in found.items()}


def of_case(work: Work, case: Mapping[str, Any]) -> frozenset[str]:
    """The members of the bodies that decide on a case, by person ids."""
    places = bodies(work, committee_id=case["committee_id"], unit_id=case["unit_id"], day=work.today)
    return frozenset(_by_office(work, places) | _called(work, case["id"]))


def _by_office(work: Work, places: Mapping[str, str]) -> set[str]:
    at = [place for body, place in places.items() if body in ("committee", "org_dept")]
    grants = work.all(identity.role_grant, role=[*SEATED, *HEADS], organisation_id=at)
    users = {one["user_id"] for one in grants if one["valid_to"] is None or work.today <= one["valid_to"]}
    rows = work.all(identity.User.__table__, id=sorted(users)) if users else []
    return {str(row["person_id"]) for row in rows if row["person_id"]}


def _called(work: Work, case_id: str) -> set[str]:
    items = work.all(meetings.agenda_item, case_id=case_id, status=UNDER_WAY)
    held = sorted({item["meeting_id"] for item in items if item["meeting_id"]})
    rows = work.all(meetings.meeting_member, meeting_id=held) if held else []
    return {str(row["person_id"]) for row in rows}
