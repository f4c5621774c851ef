"""The office's people at work 示例办理: drives real processes as the log-ins of the demo would, verb by verb."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from webapp import engine as bpmn
from webapp.domain import access
from webapp.domain.access import Actor
from webapp.domain.errors import Refused
from webapp.domain.meetings import NOTICE_DAYS
from webapp.domain.workdays import BUSINESS_ZONE, local_date
from webapp.persistence import finders
from webapp.persistence.models import cases as case_tables
from webapp.persistence.models import identity as users
from webapp.persistence.models import meetings as meeting_tables
from webapp.persistence.models import runtime
from webapp.services import cases, filler, forms, identity, jobs, meetings, messages, reads, tasks
from webapp.services.attachments import Upload
from webapp.services.demo import clock, known
from webapp.services.demo.organisation import fixed
from webapp.services.desk import Desk, take
from webapp.services.office import Office, Work

PAPER = Upload("扫描件（示例）.pdf", b"%PDF-1.7\n% demo paper, nothing in it\n")
PLACE = {"dept": "市委组织部会议室（示例）", "committee": "市委常委会议室（示例）"}
NAME = {"dept": "市委组织部部务会", "committee": "市委常委会"}
RECORDER = {"dept": "jilu", "committee": "shiweiban"}
MORNING = time(10)
PAUSE = 0.1


def session_of(body: str, held_on: date) -> str:
    """What a meeting is called 会次: by its body, its year and week."""
    return f"{NAME[body]}{held_on.year}年第{held_on.isocalendar().week}次会议（示例）"


class Staff:
    """Everybody with a log-in of the demo organisation; each act is signed by one of them."""

    def __init__(self, office: Office, *, patience: float = 0) -> None:
        self.office = office
        # Seconds to wait for a task that another process's worker is about to open.
        self.patience = patience
        self._actors: dict[str, Actor] = {}

    @property
    def now(self) -> datetime:
        """The office's clock."""
        return reads.clock(self.office)

    @property
    def today(self) -> date:
        """The office's day."""
        return local_date(self.now)

    def begin(self) -> Work:
        """A unit of work."""
        return self.office.begin()

    def actor(self, login: str) -> Actor:
        """The actor behind a log-in of the demo."""
        return self.actor_of(fixed("user", login))

    def actor_of(self, user_id: str) -> Actor:
        """The actor of a user id."""
        if user_id not in self._actors:
            with self.begin() as work:
                return self._actor_in(work, user_id)
        return self._actors[user_id]

    def person(self, login: str) -> str:
        """The person id behind a log-in."""
        return self.actor(login).person_id or ""

    # The clock

    def until(self, day: date, at: time = MORNING) -> None:
        """Go on to a day, ten in the morning by default, running what falls due on the way."""
        clock.advance_to(self.office, datetime.combine(day, at, BUSINESS_ZONE))

    def wait(self, days: int) -> None:
        """Go on by days."""
        self.until(self.today + timedelta(days=days))

    def settle(self) -> None:
        """Run what is due and deliver what waits."""
        jobs.run_due(self.office, "staff")
        messages.deliver_all(self.office)

    # Cases and tasks

    def open_case(self, login: str, person_id: str, door: str = "up_down", **given: object) -> str:
        """Open a case by either door and fill its first form → case id."""
        key = {"up_down": "p01_down_adjustment", "sanction": "p06_sanction_intake"}[door]
        definition = self._newest(key)
        first = next(
            node for node in definition.nodes.values() if node.id in ("register_signal", "register_decision")
        )
        fields = forms.fields_of_task(definition, first.form_key)
        uploads = _uploads(fields, given)
        posted = filler.fill(fields, given, picks=_placeholders(uploads), now=self.now)
        posted = {name: value for name, value in posted.items() if name not in uploads}
        work = self.begin()
        reply = cases.open_(
            work,
            self.actor(login),
            door=door,
            person_id=person_id,
            posted=posted,
            key=str(uuid4()),
            uploads=uploads,
        )
        return str(reply["case_id"])

    def _newest(self, key: str) -> bpmn.Definition:
        with self.begin() as work:
            row = finders.latest_definition(work, key)
            assert row is not None
            return work.definition(row["digest"], row["key"])

    def open_tasks(self, case_id: str) -> list[Mapping[str, Any]]:
        """The open tasks of a case, oldest first."""
        with reads.begin(self.office) as look:
            return look.all(runtime.work_item, case_id=case_id, status="open", order=("opened_at", "id"))

    def elements(self, case_id: str) -> set[str]:
        """The elements with an open task."""
        return {row["element_id"] for row in self.open_tasks(case_id)}

    def task(self, case_id: str, element_id: str) -> Mapping[str, Any]:
        """One open task of an element; LookupError names what is open instead."""
        ends = monotonic() + self.patience
        while True:
            found = [row for row in self.open_tasks(case_id) if row["element_id"] == element_id]
            if found:
                return found[0]
            if monotonic() >= ends:
                raise LookupError(f"{element_id} is not open; open are {sorted(self.elements(case_id))}")
            sleep(PAUSE)

    def who_may(self, task_id: str) -> Actor:
        """The first of the candidates who may complete the task."""
        with self.begin() as work:
            desk = take(work, task_id)
            candidates = _candidates(work, task_id)
            if desk.row["assignee_id"]:
                candidates = [desk.row["assignee_id"]]
            for user_id in dict.fromkeys(candidates):
                actor = self._actor_in(work, user_id)
                if _may(actor, desk, work.today):
                    return actor
        raise LookupError(f"nobody may do {desk.row['element_id']}")

    def takers(self, task_id: str, among: Collection[str]) -> list[str]:
        """The user ids among some who may take up the task: candidates, not recused, not already signed elsewhere."""
        with self.begin() as work:
            desk = take(work, task_id)
            wanted = [one for one in _candidates(work, task_id) if one in among]
            return [one for one in dict.fromkeys(wanted) if _may(self._actor_in(work, one), desk, work.today)]

    def _actor_in(self, work: Work, user_id: str) -> Actor:
        if user_id not in self._actors:
            self._actors[user_id] = identity.actor_of(work, user_id)
        return self._actors[user_id]

    def do(self, case_id: str, element_id: str, by: str | None = None, **given: object) -> Mapping[str, Any]:
        """Somebody takes up the open task of an element and finishes it → the reply."""
        return self._finish(self.task(case_id, element_id)["id"], by, given)

    def finish(self, task_id: str, by: str | None = None, **given: object) -> Mapping[str, Any]:
        """Claim a task and complete it, everything not given filled in → the reply."""
        return self._finish(task_id, by, given)

    def _finish(self, task_id: str, by: str | None, given: Mapping[str, object]) -> Mapping[str, Any]:
        actor = self.actor(by) if by else self.who_may(task_id)
        posted, uploads = self.answers(task_id, given)
        tasks.claim(self.begin(), actor, task_id=task_id)
        return tasks.complete(
            self.begin(), actor, task_id=task_id, posted=posted, key=str(uuid4()), uploads=uploads
        )

    def hand_in(self, task_id: str, given: Mapping[str, object]) -> None:
        """Complete a task as the first who may, without taking it up before."""
        actor = self.who_may(task_id)
        posted, uploads = self.answers(task_id, given)
        tasks.complete(self.begin(), actor, task_id=task_id, posted=posted, key=str(uuid4()), uploads=uploads)

    def answers(
        self, task_id: str, given: Mapping[str, object]
    ) -> tuple[filler.Filled, dict[str, list[Upload]]]:
        """Posted strings and files for a task's form."""
        picks = {"person": [self.person("heshi1")], "people": [self.person("heshi1"), self.person("heshi2")]}
        with self.begin() as work:
            desk = take(work, task_id)
            fields = forms.fields_of_task(desk.definition, desk.row["form_key"])
            variables = bpmn.variables(desk.row["instance_state"])
            picks |= {"organisation": [desk.case.unit_id] if desk.case else []}
            picks |= {"post": [fixed("post", "fgj:deputy")]}
            uploads = _uploads(fields, given)
            told = known.answers(work, desk, fields, given)
            filled = filler.fill(
                fields,
                {**known.graded(fields, variables), **told, **given},
                variables=variables,
                picks=picks | _placeholders(uploads),
                now=work.now,
            )
        return {name: value for name, value in filled.items() if name not in uploads}, uploads

    def each(self, case_id: str, element_id: str, **given: object) -> int:
        """Everybody who has a task of the element finishes it → how many there were."""
        waiting = [row["id"] for row in self.open_tasks(case_id) if row["element_id"] == element_id]
        for task_id in waiting:
            self._finish(task_id, None, given)
        return len(waiting)

    # Meetings

    def items(self, body: str, case_ids: Iterable[str]) -> list[str]:
        """The agenda items of the cases that wait for a meeting of the body."""
        with reads.begin(self.office) as look:
            rows = look.all(
                meeting_tables.agenda_item,
                body=body,
                status="waiting",
                case_id=list(case_ids),
                order=("filed_at", "id"),
            )
        return [row["id"] for row in rows]

    def call(self, body: str, case_ids: Iterable[str], *, number: str = "") -> tuple[str, list[str]]:
        """Call a meeting for the next day with the waiting items of the cases, and come to it → (meeting, items)."""
        items = self.items(body, case_ids)
        if not items:
            raise LookupError(f"no item of the cases waits for a meeting of the {body}")
        actor = self.actor(RECORDER[body])
        held_on = self.today + timedelta(days=NOTICE_DAYS)
        session = number or session_of(body, held_on)
        meeting_id = meetings.plan(
            self.begin(),
            actor,
            body=body,
            held_on=held_on,
            place=PLACE[body],
            number=session,
            item_ids=items,
        )
        self.until(held_on)
        return meeting_id, items

    def members(self, meeting_id: str) -> list[str]:
        """The members' person ids in the order they vote: the chair last."""
        with reads.begin(self.office) as look:
            rows = look.all(meeting_tables.meeting_member, meeting_id=meeting_id, order=("position",))
        return [row["person_id"] for row in sorted(rows, key=lambda row: bool(row["is_chair"]))]

    def attend(self, meeting_id: str, *, absent: Iterable[str] = ()) -> None:
        """Everybody is there, except those named (person ids), and the meeting opens."""
        away = set(absent)
        presence = {one: "absent" if one in away else "present" for one in self.members(meeting_id)}
        recorder = self._recorder(meeting_id)
        meetings.attend(self.begin(), recorder, meeting_id=meeting_id, presence=presence)
        meetings.open_(self.begin(), recorder, meeting_id=meeting_id)

    def _recorder(self, meeting_id: str) -> Actor:
        with reads.begin(self.office) as look:
            return self.actor(RECORDER[look.get(meeting_tables.meeting, id=meeting_id)["body"]])

    def meet(self, body: str, *case_ids: str, outcome: str = "agree") -> str:
        """A whole meeting on the cases' items: everybody present, the recorder enters the votes → its id."""
        meeting_id, items = self.call(body, case_ids)
        self.attend(meeting_id)
        recorder = self._recorder(meeting_id)
        for item_id in items:
            meetings.start_vote(self.begin(), recorder, item_id=item_id)
            meetings.record(
                self.begin(), recorder, item_id=item_id, counts={outcome: self._able(meeting_id, item_id)}
            )
        meetings.close(self.begin(), recorder, meeting_id=meeting_id)
        messages.deliver_all(self.office)
        return meeting_id

    def _able(self, meeting_id: str, item_id: str) -> int:
        with reads.begin(self.office) as look:
            recused = look.all(meeting_tables.item_recusal, item_id=item_id)
        return len(self.members(meeting_id)) - len(recused)

    def case(self, case_id: str) -> Mapping[str, Any]:
        """The case's row."""
        with reads.begin(self.office) as look:
            return look.get(case_tables.case_file, id=case_id)


def _may(actor: Actor, desk: Desk, day: date) -> bool:
    try:
        access.require_may_complete(actor, desk.task, desk.case_facts, day)
    except Refused:
        return False
    return True


def _candidates(work: Work, task_id: str) -> list[str]:
    """User ids of a task's candidates, by log-in so that a run repeats itself."""
    table: Any = users.User.__table__
    found: list[str] = []
    for row in work.all(runtime.work_candidate, work_item_id=task_id, order=("id",)):
        if row["person_id"]:
            found += [one["id"] for one in work.all(table, person_id=row["person_id"])]
        elif row["organisation_id"]:
            where = {"role": row["role"], "organisation_id": row["organisation_id"]}
            found += sorted(grant["user_id"] for grant in work.all(users.role_grant, **where))
    return found


def _uploads(fields: tuple[Any, ...], given: Mapping[str, object]) -> dict[str, list[Upload]]:
    wanted = [one for one in forms.every(fields) if one.kind == "filepicker" and one.required]
    return {one.key: [PAPER] for one in wanted if one.key not in given}


def _placeholders(uploads: Mapping[str, list[Upload]]) -> dict[str, list[str]]:
    return {"filepicker": [str(uuid4())]} if uploads else {}
