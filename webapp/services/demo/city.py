"""The demo city at work 全市示例办理: day by day, whatever lies open is done as its life says."""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from webapp.domain.errors import Refused
from webapp.domain.workdays import BUSINESS_ZONE, Calendar, local_date
from webapp.persistence.models import cases as case_tables
from webapp.persistence.models import meetings as meeting_tables
from webapp.persistence.models import runtime
from webapp.services import appeals, meetings, messages, reads
from webapp.services.demo import clock
from webapp.services.demo.lives import Life
from webapp.services.demo.organisation import fixed
from webapp.services.demo.scenes import PLAIN, ROUTINE
from webapp.services.demo.staff import MORNING, PAPER, PLACE, RECORDER, Staff, session_of
from webapp.services.office import calendar_of

logger = logging.getLogger(__name__)
MONDAY, THURSDAY = 0, 3
ROUNDS = 4
# Most are looked after in the ordinary way 一般, some closely 重点, few by a plan of their own 专项.
CLASSES = "AAAABBC"
SLOWEST_DAYS = 6
# The term of the first task of a case: what is opened so long ago ends today.
TERM_WORKDAYS = 5
APPEAL_AFTER_DAYS = 8
WHY = "对认定的第二项事实有不同看法，请求重新核实。"
MEETING_OF = {MONDAY: "dept", THURSDAY: "committee"}
MATTER = {"dept": "dept_meeting", "committee": "committee_meeting"}
VERIFIERS = ["@heshi1", "@heshi2"]
TALKERS = ["@changwei03", "@ganbu1"]
USUAL: Mapping[str, Mapping[str, Any]] = {
    **ROUTINE,
    "assess": {"assessment_outcome": "open_case"},
    "propose_opening": {"conflict_declared": "no", "opening_proposal_outcome": "submit"},
    "approve_opening": {"opening_outcome": "approved", "verifiers": VERIFIERS},
    "hear_subject": {"statement_listeners": VERIFIERS, "statement_signed": "signed"},
    "sign_report": {"signature_outcome": "signed"},
    "determine": {
        "determination_outcome": "unsuited", "severity": "medium", "violation_found": "no", "cause_kind": "personal",
    },
    "propose": PLAIN,
    "countersign_lighter": {"lighter_outcome": "agreed"},
    "consult_discipline": {"discipline_opinion": "agree"},
    "consult_leader": {"leader_opinion": "agree"},
    "consult_united_front": {"united_front_opinion": "agree"},
    "report_superior": {"superior_outcome": "approved"},
    "consolidate": {"consultation_outcome": "submit"},
    "check_materials": {"materials_outcome": "complete"},
    "record_decision": {"legal_act_needed": "no"},
    "talk": {"talk_outcome": "accepted", "talkers": TALKERS, "talk_signed": "signed"},
    "announce": {"talkers": ["@shenli", "@jiandu1"], "talk_signed": "signed"},
    "execution_formalities": {"post_changed": "no", "extended": "no"},
    "check_entry": {"entry_outcome": "confirmed"},
    "open_file": {"tracking_class": "@class"},
    "open_file_discipline": {"tracking_class": "@class"},
    "make_plan": {"mentor_id": "@head", "contact_class": "@class"},
    "make_care_plan": {"mentor_id": "@head"},
    "approve_plan": {"plan_outcome": "approved"},
    "evaluate_by_unit": {"unit_grade": "good"},
    "check_new_clues": {"new_clue": "none"},
    "recommend": {"recommendation_outcome": "supported"},
    "set_up_examination": {"team": VERIFIERS, "team_leader": "@heshi1"},
    "examine": {"examination_outcome": "qualified"},
    "check_archive": {"archive_result": "pass"},
    "check_personal_matters": {"personal_matters_result": "pass"},
    "check_petitions": {"petitions_result": "pass"},
    "hear_discipline": {"discipline_result": "pass"},
    "consult": {"consultation_outcome": "agree"},
    "superior_reply": {"superior_outcome": "approved"},
    "draft_notice": {"publicity_from": "@tomorrow"},
    "check_objections": {"objection_outcome": "not_affecting"},
    "appointment_talk": {"talkers": ["@fubuzhang2"], "talk_signed": "signed"},
    "appraise_probation": {"probation_outcome": "pass"},
    "accept": {"acceptance": "accepted"},
    "review": {"review_outcome": "submit", "reviewers": ["@shensu", "@gwyk"]},
    "decide": {"appeal_result": "upheld"},
    "answer": {"delivery_signed": "signed"},
}  # fmt: skip

# What the office writes when the rules ask for more: a way that deviates from the advised one has its reasons.
SECOND_TRY: Mapping[str, Mapping[str, Any]] = {
    "propose": {
        "deviation_reason": "考虑本人一贯表现和岗位需要，拟采用上述方式。", "lighter_track": "yes",
        "lighter_reason": "问题性质较轻，本人认识到位并已着手整改，未造成不良后果。",
    },
}  # fmt: skip


def working_days(first: date, last: date, calendar: Calendar) -> Iterator[date]:
    """Each week's Monday and Thursday, or the next working day of the week."""
    day = first - timedelta(days=first.weekday())
    while day < last:
        for start, end in ((MONDAY, THURSDAY), (THURSDAY, 5)):
            found = next((d for d in _days(day, start, end) if calendar.is_workday(d)), None)
            if found is not None and first <= found < last:
                yield found
        day += timedelta(days=7)


def _days(monday: date, start: int, end: int) -> Iterator[date]:
    return (monday + timedelta(days=number) for number in range(start, end))


def term_day(anchor: date, calendar: Calendar) -> date:
    """The last day from which a term of so many working days is over by the anchor, or by the working day after."""
    end = anchor if calendar.is_workday(anchor) else calendar.next_workday(anchor)
    day = end - timedelta(days=TERM_WORKDAYS)
    while not calendar.is_workday(day) or calendar.add_workdays(day, TERM_WORKDAYS) > end:
        day -= timedelta(days=1)
    return day


def body_of(day: date) -> str:
    """Which body meets on the day: every other week the department's at its start, the committee at its end."""
    return "" if day.isocalendar().week % 2 else "dept" if day.weekday() < THURSDAY else "committee"


class City:
    """Everybody of the city, driven by what lies open in the database and by the lives.

    Kept in memory is only what cannot be undone: whose case was opened.
    """

    def __init__(self, staff: Staff, lives: tuple[Life, ...], anchor: date) -> None:
        self.staff, self.lives, self.anchor = staff, lives, anchor
        self.by_person = {fixed("person", life.person): life for life in lives}
        self.appealing = [one for one, life in self.by_person.items() if life.appeal]
        self.opened: set[str] = set()
        # What could not be done, for the tests to find: (case number, element, why).
        self.failed: list[tuple[str, str, str]] = []
        with reads.begin(staff.office) as look:
            self.calendar = calendar_of(look)
        self.term_day = term_day(anchor, self.calendar)
        self.regular = list(working_days(lives[0].opens_on, anchor, self.calendar))

    def days(self) -> list[date]:
        """The days on which the city works."""
        return sorted({*self.regular, self.term_day})

    def work_on(self, day: date, following: date | None) -> None:
        """One day's work: what came up, new cases, the meeting, calling the next one."""
        clock.advance_to(self.staff.office, datetime.combine(day, MORNING, BUSINESS_ZONE))
        self.open_new(day)
        self.meet(day)
        for _ in range(ROUNDS):
            if not self._finish(day):
                break
        self._appeal(day)
        if following in self.regular and body_of(following):
            self.call(body_of(following), following)

    # Cases

    def _cases(self, **where: Any) -> dict[str, tuple[Mapping[str, Any], Life]]:
        with reads.begin(self.staff.office) as look:
            rows = look.all(case_tables.case_file, **where, order=("number",))
        return {row["id"]: (row, self.by_person[row["person_id"]]) for row in rows}

    def open_new(self, day: date) -> None:
        """Register the cases that begin up to the day."""
        begun = {
            person_id: life
            for person_id, life in self.by_person.items()
            if (day >= self.term_day if life.due_today else day >= life.opens_on)
        }
        if begun.keys() <= self.opened:
            return
        self.opened = {row["person_id"] for row, _ in self._cases().values()}
        for person_id, life in begun.items():
            if person_id not in self.opened:
                login = "jiandu1" if life.door == "sanction" else "ganbu1"
                self.staff.open_case(login, person_id, life.door, **life.first)
                self.opened.add(person_id)

    def _finish(self, day: date) -> int:
        """Do what has lain long enough → how many tasks were done."""
        cases = self._cases()
        with reads.begin(self.staff.office) as look:
            waiting = [row for row in look.all(runtime.work_item, status="open") if row["case_id"] in cases]
        due = [row for row in waiting if self._is_due(row, *cases[row["case_id"]], day)]
        due.sort(
            key=lambda row: (
                cases[row["case_id"]][0]["number"],
                row["element_id"],
                row["opened_at"],
                row["id"],
            )
        )
        return sum(self._do(row, *cases[row["case_id"]]) for row in due)

    def _is_due(self, row: Mapping[str, Any], case: Mapping[str, Any], life: Life, day: date) -> bool:
        element = row["element_id"]
        if (self.anchor - day).days <= life.stops.get(element, -1):
            return False
        pace = crc32(f"{life.person}{element}".encode()) % SLOWEST_DAYS
        return local_date(row["opened_at"]) + timedelta(days=pace) <= day

    def _do(self, row: Mapping[str, Any], case: Mapping[str, Any], life: Life) -> int:
        element = row["element_id"]
        given = {**USUAL.get(element, {}), **life.answers.get(element, {})}
        for more in ({}, SECOND_TRY.get(element)):
            if more is None:
                break
            answers = {name: self._meant(value, life) for name, value in {**given, **more}.items()}
            try:
                self.staff.hand_in(row["id"], answers)
                return 1
            except (Refused, LookupError) as error:
                refusal = error
        if self._is_open(row["id"]):
            self._note(case["number"], element, refusal)
        return 0

    def _is_open(self, task_id: str) -> bool:
        """False once a task done before it in the same round has made it needless."""
        with reads.begin(self.staff.office) as look:
            return look.one(runtime.work_item, id=task_id, status="open") is not None

    def _note(self, case_no: str, element: str, error: Exception) -> None:
        why = "；".join(one.sentence for one in getattr(error, "reasons", ())) or str(error)
        if (case_no, element, why) not in self.failed:
            self.failed.append((case_no, element, why))
            logger.warning("the demo left %s of %s lying: %s", element, case_no, type(error).__name__)

    def _meant(self, value: Any, life: Life) -> Any:
        """People, posts and days as ids and dates: ``@head``, ``@heshi1``, ``@post:fgj:rank``, ``@tomorrow``."""
        if isinstance(value, list):
            return [self._meant(one, life) for one in value]
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        if value.startswith("@post:"):
            return fixed("post", value.removeprefix("@post:"))
        if value == "@class":
            return CLASSES[crc32(life.person.encode()) % len(CLASSES)]
        if value == "@tomorrow":
            return self.staff.today + timedelta(days=1)
        return self.staff.person(f"{life.unit}1" if value == "@head" else value.removeprefix("@"))

    # Meetings

    def _items(self, **where: Any) -> list[Mapping[str, Any]]:
        with reads.begin(self.staff.office) as look:
            return look.all(meeting_tables.agenda_item, **where, order=("filed_at", "id"))

    def call(self, body: str, held_on: date, *, everything: bool = False, most: int = 99) -> None:
        """Call a meeting for a day with what waits for it; with ``everything`` also with what was left lying."""
        cases = self._cases()
        left = (self.anchor - self.staff.today).days
        items = [
            row["id"]
            for row in self._items(body=body, status="waiting")
            if everything or left > cases[row["case_id"]][1].stops.get(MATTER[body], -1)
        ]
        if not items or self._meetings(body=body, held_on=held_on):
            return
        self._try("call", lambda: meetings.plan(
            self.staff.begin(), self.staff.actor(RECORDER[body]), body=body, held_on=held_on,
            place=PLACE[body], number=session_of(body, held_on),
            item_ids=items[:most],
        ))  # fmt: skip

    def _meetings(self, **where: Any) -> list[Mapping[str, Any]]:
        with reads.begin(self.staff.office) as look:
            return look.all(meeting_tables.meeting, **where)

    def meet(self, day: date) -> None:
        """Hold what was called for the day, from wherever it stands."""
        for row in self._meetings(held_on=day, status=["planned", "open"]):
            if row["status"] == "planned":
                self.staff.attend(row["id"], absent=self._away(row))
            recorder = self.staff.actor(RECORDER[row["body"]])
            for item in self._items(meeting_id=row["id"]):
                self._try(item["matter"], lambda item=item, row=row: self._vote(item, row["id"]))
            self._try(
                "close",
                lambda row=row, who=recorder: meetings.close(self.staff.begin(), who, meeting_id=row["id"]),
            )
        messages.deliver_all(self.staff.office)

    def _away(self, row: Mapping[str, Any]) -> list[str]:
        """Now and then one member is absent."""
        members = self.staff.members(row["id"])
        number = crc32(str(row["held_on"]).encode())
        return [members[number % (len(members) - 1)]] if number % 3 == 0 else []

    def _vote(self, item: Mapping[str, Any], meeting_id: str) -> None:
        recorder = self.staff.actor(RECORDER[item["body"]])
        if item["status"] == "scheduled":
            meetings.start_vote(self.staff.begin(), recorder, item_id=item["id"])
        elif item["status"] != "voting":
            return
        able = self._able(meeting_id, item["id"])
        against = crc32(f"{item['position']}{item['body']}{self.staff.today}".encode()) % 4 == 0 and able > 7
        counts = {"agree": able - against, "disagree": int(against)}
        meetings.record(self.staff.begin(), recorder, item_id=item["id"], counts=counts)

    def _able(self, meeting_id: str, item_id: str) -> int:
        with reads.begin(self.staff.office) as look:
            there = look.all(meeting_tables.meeting_member, meeting_id=meeting_id, presence="present")
            recused = {row["person_id"] for row in look.all(meeting_tables.item_recusal, item_id=item_id)}
        return len({row["person_id"] for row in there} - recused)

    def _try(self, element: str, act: Any) -> None:
        try:
            act()
        except (Refused, LookupError) as error:
            self._note("", element, error)

    # Appeals

    def _appeal(self, day: date) -> None:
        for case_id, (row, life) in self._cases(person_id=self.appealing).items():
            told = row["told_on"] or row["talked_on"]
            if told is not None and told + timedelta(days=APPEAL_AFTER_DAYS) <= day:
                self._try("appeal", lambda life=life, case_id=case_id: self._file(life, case_id))

    def _file(self, life: Life, case_id: str) -> None:
        with reads.begin(self.staff.office) as look:
            measures = look.all(case_tables.measure, case_id=case_id)
            if not measures or look.all(case_tables.appeal, measure_id=measures[0]["id"]):
                return
        filing = appeals.Filing(WHY, filed_on=self.staff.today, uploads=[PAPER])
        appeals.file(
            self.staff.begin(), self.staff.actor("ganbu1"), measure_id=measures[0]["id"], route=life.appeal,
            filing=filing, key=f"{case_id}:{life.appeal}",
        )  # fmt: skip
