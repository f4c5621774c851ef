"""Invented answers for trial runs 试运行: people, what services would have said, what messages carry.

Nothing here is looked up: a trial touches no case, no person and no file. Days are counted from the run's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from webapp.domain import forms as rules
from webapp.domain.fields import Field, Kind, Option
from webapp.domain.roles import ROLES

PEOPLE: tuple[Option, ...] = tuple(
    Option(f"trial-person-{number}", f"试行{name}（虚构）")
    for number, name in enumerate("甲乙丙丁戊己庚辛", 1)
)
ORGANISATIONS: tuple[Option, ...] = (
    Option("trial-unit-1", "试行市水务局（虚构）"),
    Option("trial-unit-2", "试行市统计局（虚构）"),
)
POSTS: tuple[Option, ...] = (
    Option("trial-post-1", "试行市水务局副局长（虚构）"),
    Option("trial-post-2", "试行市统计局副局长（虚构）"),
)
INVENTED = {
    "person": PEOPLE,
    "people": PEOPLE,
    "member": PEOPLE,
    "organisation": ORGANISATIONS,
    "post": POSTS,
}
CASE: Mapping[str, object] = {
    "caseId": "trial-case",
    "caseNo": "试行〔2026〕1号",
    "cadreId": "trial-cadre",
    "managedBy": "trial-committee",
    "unitId": "trial-unit-1",
}
# What stands for a day of the run itself.
TODAY, LATER = "the day of the call", "a year after it"
RESULTS: Mapping[str, Mapping[str, object]] = {
    "put_on_agenda": {"agenda_item_id": "trial-item"},
    "recall_agenda_item": {"recalled": True},
    "accept_appeal": {"decide_by": LATER, "remind_on": LATER},
    "extend_appeal": {"decide_by": LATER, "remind_on": LATER},
    "check_panel": {},
    "decide_appeal": {},
    "answer_appeal": {},
    "apply_appeal_result": {},
    "register_measure": {"measure_id": "trial-measure"},
    "open_impact_periods": {"latest_end": LATER, "period_ids": ["trial-period"], "recounted": []},
    "record_deemed_consent": {"asked_on": TODAY, "manner": "deemed_consent"},
    "record_talk": {},
    "apply_adjustment": {"appointment_id": "trial-appointment"},
    "appoint": {"appointment_id": "trial-appointment", "probation_ends_on": LATER},
    "confirm_appointment": {"confirmed_on": TODAY},
    "end_probation_appointment": {"ended_on": TODAY},
    "open_tracking": {"plan_id": "trial-plan", "is_new": True},
    "read_plan": {
        "latest_end": LATER, "tracking_until": LATER, "months": 12, "track": "up_down", "kind": "demotion",
        "tracking_class": "A", "care": "education", "disputes": False, "last_grade": None,
        "appeal_pending": False, "probation_in_party": False, "opened_on": TODAY,
        "mentor_id": PEOPLE[0].value,
    },
    "set_class": {},
    "assign_mentor": {},
    "extend_plan": {},
    "close_plan": {},
    "open_reuse_tracking": {"first_due": LATER},
    "plan_visits": {"first_due": LATER},
    "reschedule_visits": {"next_due": LATER},
    "read_visit": {
        "track": "up_down", "care": "education", "visit_kind": "periodic", "mentor_id": PEOPLE[0].value,
        "excluded_ids": [PEOPLE[0].value], "latest_end": LATER,
    },
    "postpone_visit": {},
    "cancel_visit": {},
    "record_visit": {},
    "plan_notes": {},
    "read_note": {
        "writer_ids": [PEOPLE[0].value], "care": "education", "track": "up_down", "kind": "demotion",
        "year_of_measure": True, "probation_in_party": False, "under_investigation": False,
    },
    "record_note": {},
    "raise_assessment_item": {"assessment_item_id": "trial-assessment"},
    "read_reinstatement_facts": {
        "measure_kinds": ["up_down.demotion"], "report_all": False, "chief": False, "elected": False,
        "special_post": False, "published_at_term": False, "from_rank_only": False, "dual_managed": False,
        "non_party": False, "post_kind": "leading", "publicity_same_level": False,
    },
    "check_eligibility": {"eligible": True, "reason_codes": []},
    "record_not_reinstated": {"gate": "trial"},
    "open_publicity": {"publicity_id": "trial-publicity", "ends_on": LATER, "closes_on": LATER},
    "close_publicity": {"open_objections": 0, "objections": 0},
    "close_case": {"outcome": "done", "joined": []},
}  # fmt: skip


def person_of(role_code: str) -> str:
    """The invented person who holds a role 虚构人员, always the same one for a role."""
    codes = [role.code for role in ROLES]
    number = codes.index(role_code) if role_code in codes else 0
    return PEOPLE[number % len(PEOPLE)].label


def fields(found: Sequence[Field]) -> tuple[Field, ...]:
    """A form's fields with invented choices instead of the installation's people, units and files."""
    return tuple(_field(one) for one in found)


def _field(one: Field) -> Field:
    if one.fields:
        return replace(one, fields=fields(one.fields))
    if one.kind == "filepicker":
        words = f"附件“{one.name}”：试运行不上传文件。"
        return replace(one, kind="text", text=words, required=False, variable=None, condition=one.condition)
    if one.kind in INVENTED:
        kind: Kind = "checklist" if one.kind == "people" else "select"
        return replace(one, kind=kind, options=INVENTED[one.kind], options_from=None)
    return one


def unnamed_people(
    fields: Sequence[Field], filled: Mapping[str, object], variables: Mapping[str, object]
) -> dict[str, str | list[str]]:
    """Two different people for each filled list of people, one for a single choice: none of them named already.

    A visit takes two, and neither the mentor nor anybody else whom the process knows.
    """
    named = set(_texts(variables))
    free = [one.value for one in PEOPLE if one.value not in named]
    free += [one.value for one in PEOPLE if one.value in named]
    asked = [one for one in rules.flat(tuple(fields)) if one.options == PEOPLE and one.key in filled]
    return {one.key: free[:2] if one.kind == "checklist" else free[0] for one in asked}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def result_of(delegate: str, today: date) -> dict[str, object] | None:
    """What a service answers in a trial 试运行结果; None for one nobody has recorded an answer of."""
    found = RESULTS.get(delegate)
    days = {TODAY: today.isoformat(), LATER: (today + timedelta(days=365)).isoformat()}
    return None if found is None else {name: days.get(str(value), value) for name, value in found.items()}


def message_text(message: str, today: date) -> str:
    """What a message usually carries, as FEEL a designer may change before it is delivered."""
    day = today.isoformat()
    texts = {
        "note_due": f'{{note_id: "trial-note", plan_id: "trial-plan", note_kind: "mentor", due_on: "{day}"}}',
        "visit_due": f'{{visit_id: "trial-visit", plan_id: "trial-plan", visit_kind: "periodic", due_on: "{day}"}}',
        "meeting_result": f'{{meeting_outcome: "passed", decided_on: "{day}", meeting_id: "trial-meeting"}}',
        "plan_changed": '{change_reason: "measure_added"}',
        "rights_restored": '{change_reason: "rights_restored"}',
        "tracking_opened": '{plan_id: "trial-plan"}',
        "tracking_terminated": '{termination_reason: "death"}',
        "reinstatement_recommended": '{plan_id: "trial-plan"}',
    }
    return texts.get(message, "{}")
