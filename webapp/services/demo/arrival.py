"""The last working day of the demo city 收尾: what shall wait for each log-in today, done by the ordinary verbs.

Every act first looks whether it was done: a loader that was stopped goes on where it was.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from webapp.domain.workdays import BUSINESS_ZONE
from webapp.persistence.models import cases as case_tables
from webapp.persistence.models import designs, identity, people, repository, runtime
from webapp.services import (
    accounts,
    definition_drafts,
    interruptions,
    messages,
    quotas,
    reads,
    tasks,
    trial_answers,
    trials,
)
from webapp.services.demo import cast, cast_city, clock, logins, outside
from webapp.services.demo.city import City
from webapp.services.demo.organisation import fixed

AFTERNOON = time(15)
SITTING = frozenset(("jilu", "buwei1", "shiweiban", "changwei01", "changwei05"))
PAUSED_WHY = "本人因病住院治疗，核实工作暂停，待出院后恢复（示例）。"
# Who proposes which change of wording in which process, so that the other designer has something to review.
REWORDED = (
    ("liucheng2", "p02a_periodic_note", "核阅", "核审", "与文件用语一致（示例）。"),
    (
        "liucheng",
        "p03_return_visit",
        "注明未签字原因及见证人",
        "写明未签字原因和见证人",
        "用语更加清楚（示例）。",
    ),
)
TRIED, NEW_KEY, NEW_NAME = "p02a_periodic_note", "p20_reminder", "提醒谈话（示例）"
# Who asks for which role for whom, waiting for the other administrator.
ASKED = (("anquan", "peiyang", "visitor"), ("anquan2", "gwyk", "examination_team"))
ASKED_WHY = "参加下一批回访和考察工作（示例）。"

PLACES = (("正处", 2), ("副处", 7), ("", 48))
PLACES_SINCE = date(2024, 3, 1)


def arrive(city: City) -> None:
    """Bring the city to the eve of today."""
    eve = city.anchor - timedelta(days=1)
    while not city.calendar.is_workday(eve):
        eve -= timedelta(days=1)
    if city.staff.today < eve:
        city.call("dept", eve, everything=True, most=1)
    clock.advance_to(city.staff.office, datetime.combine(eve, AFTERNOON, BUSINESS_ZONE))
    city.open_new(eve)
    city.meet(eve)
    messages.deliver_all(city.staff.office)
    _call_meetings(city)
    _fix_places(city)
    _pause(city)
    _propose_versions(city)
    _begin_designs(city)
    _ask_for_roles(city)
    outside.report_materials(city.staff)
    _take_up(city)


def _call_meetings(city: City) -> None:
    """The committee meets today, or on the next working day, the department's meeting on the day after it."""
    first = city.calendar.next_workday(city.anchor)
    city.call("committee", first, everything=True)
    city.call("dept", city.calendar.next_workday(first + timedelta(days=1)), everything=True)


def _fix_places(city: City) -> None:
    """The places of every second unit are recorded by document; the rest goes by its posts."""
    staff, actor = city.staff, city.staff.actor("gwyk")
    known = {(row["organisation_id"], row["level"]) for row in _rows(city, people.staffing_quota)}
    for number, (code, _, _) in enumerate((*cast.UNITS, *cast_city.UNITS)[::2], 11):
        for level, places in PLACES:
            unit_id = fixed("organisation", code)
            if (unit_id, level) not in known:
                quotas.record(
                    staff.begin(), actor, organisation_id=unit_id, level=level, places=places,
                    valid_from=PLACES_SINCE, document_no=f"星编办〔2024〕{number}号（示例）",
                )  # fmt: skip


def _pause(city: City) -> None:
    paused = {fixed("person", life.person) for life in city.lives if life.paused}
    for row in _rows(city, case_tables.case_file, person_id=sorted(paused), status="open"):
        staff = city.staff
        interruptions.suspend(staff.begin(), staff.actor("changwei03"), case_id=row["id"], reason=PAUSED_WHY)


def _propose_versions(city: City) -> None:
    """Two changes of wording, each waiting for the other designer."""
    staff, office = city.staff, city.staff.office
    for login, key, old, new, reason in REWORDED:
        if _rows(city, repository.proposal, key=key):
            continue
        actor = staff.actor(login)
        draft_id = _draft(city, login, key) or definition_drafts.begin(staff.begin(), actor, key=key)
        with office.glance() as look:
            draft = definition_drafts.read(look, draft_id)
        xml = draft.diagram[1].replace(old.encode(), new.encode())
        saved = definition_drafts.save(
            staff.begin(), actor, draft_id=draft_id, revision=draft.revision, xml=xml
        )
        definition_drafts.propose(office, actor, draft_id=draft_id, digest=saved.digest, reason=reason)


def _begin_designs(city: City) -> None:
    """A draft on trial, and a new process just begun."""
    staff, actor = city.staff, city.staff.actor("liucheng")
    if not _draft(city, "liucheng", TRIED):
        definition_drafts.begin(staff.begin(), actor, key=TRIED)
    if not _rows(city, designs.trial_run):
        text = trial_answers.message_text("note_due", staff.today)
        trials.start(staff.begin(), actor, draft_id=_draft(city, "liucheng", TRIED), text=text)
    if not _draft(city, "liucheng", NEW_KEY):
        definition_drafts.create(staff.begin(), actor, key=NEW_KEY, name=NEW_NAME)


def _draft(city: City, login: str, key: str) -> str:
    """The id of a designer's draft of a process; '' where there is none."""
    rows = _rows(city, designs.draft, owner_id=fixed("user", login), key=key)
    return str(rows[0]["id"]) if rows else ""


def _ask_for_roles(city: City) -> None:
    for login, receiver, role in ASKED:
        user_id = fixed("user", receiver)
        if not _rows(city, identity.role_proposal, user_id=user_id, role=role):
            accounts.propose(
                city.staff.begin(), city.staff.actor(login), user_id=user_id, role=role,
                organisation_id=fixed("organisation", "zzb"), valid_to=None, reason=ASKED_WHY,
            )  # fmt: skip


def _take_up(city: City) -> None:
    """Each of those presented takes up one task of the group; who has least to choose from chooses first.

    Not those who sit in meetings: without a task of their own their first page tells of the meeting.
    """
    staff = city.staff
    wanted = {
        fixed("user", login): rank for rank, login in enumerate(logins.PRESENTED) if login not in SITTING
    }
    cases = {row["id"]: row["number"] for row in _rows(city, case_tables.case_file, status="open")}
    rows = _rows(city, runtime.work_item, status="open", case_id=list(cases), withheld=False)
    rows.sort(key=lambda row: (cases[row["case_id"]], row["element_id"], row["opened_at"], row["id"]))
    choice: dict[str, list[str]] = {user_id: [] for user_id in wanted}
    for row in rows:
        if row["assignee_id"] is None:
            for user_id in staff.takers(row["id"], wanted):
                choice[user_id].append(row["id"])
    busy = {row["assignee_id"] for row in rows}
    taken: set[str] = set()
    for user_id in sorted(choice, key=lambda one: (len(choice[one]), wanted[one])):
        free = next((one for one in choice[user_id] if one not in taken), None)
        if free is not None and user_id not in busy:
            taken.add(free)
            tasks.claim(staff.begin(), staff.actor_of(user_id), task_id=free)


def _rows(city: City, table: Any, **where: Any) -> list[Mapping[str, Any]]:
    with reads.begin(city.staff.office) as look:
        return list(look.all(table, **where))
