"""The driver of the journeys: the demo's people at work, and what must hold of the database afterwards."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from webapp import engine as bpmn
from webapp.persistence import ledger
from webapp.persistence.models import cases, people, repository, runtime, tracking
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import cases as cases_verbs
from webapp.services import kinship, meetings, messages, reads, recusals, replay, tasks
from webapp.services.demo.staff import Staff


class Journey(Staff):
    """Everybody of the demo office, with questions to the database."""

    def rows(self, table: Any, **where: Any) -> list[Mapping[str, Any]]:
        """Rows of a table."""
        with reads.begin(self.office) as look:
            return look.all(table, **where)

    def row(self, table: Any, **where: Any) -> Mapping[str, Any]:
        """The one row."""
        with reads.begin(self.office) as look:
            return look.get(table, **where)

    def ends(self, case_id: str) -> dict[str, tuple[date, date | None]]:
        """The impact periods by bar: first and last day."""
        return {
            row["bar"]: (row["starts_on"], row["ends_on"])
            for row in self.rows(cases.impact_period, case_id=case_id)
        }

    def plan(self, person_id: str) -> Mapping[str, Any]:
        """The newest tracking plan of a cadre."""
        return self.rows(tracking.tracking_plan, person_id=person_id, order=("-opened_on", "-id"))[0]

    def visits(self, case_id: str) -> list[tuple[str, date, str]]:
        """The visits in order of their day."""
        rows = self.rows(tracking.visit, case_id=case_id, order=("due_on",))
        return [(row["kind"], row["due_on"], row["status"]) for row in rows]

    def instance(self, case_id: str, key: str) -> Mapping[str, Any]:
        """The newest instance of a process on a case."""
        keys = {row["id"]: row["key"] for row in self.rows(repository.definition)}
        rows = self.rows(runtime.process_instance, case_id=case_id, order=("-id",))
        return next(row for row in rows if keys[row["definition_id"]] == key)

    def in_office(self, person_id: str) -> Mapping[str, Any]:
        """The appointment held now."""
        return self.row(people.appointment, person_id=person_id, valid_to=None)

    def reasons(self, case_id: str) -> list[tuple[str, bool, list[str]]]:
        """What the checks of eligibility said, in order."""
        rows = self.rows(cases.eligibility_check, case_id=case_id, order=("id",))
        return [(row["step"], row["eligible"], row["reason_codes"]) for row in rows]

    def events(self, case_id: str) -> list[str]:
        """The kinds of the case's events, in order."""
        from webapp.persistence.models.history import history_event

        return [row["kind"] for row in self.rows(history_event, stream=f"case:{case_id}", order=("seq",))]

    def complete(self, login: str, task_id: str, key: str = "", **given: object) -> Mapping[str, Any]:
        """Complete without claiming first."""
        posted, uploads = self.answers(task_id, given)
        return tasks.complete(
            self.begin(),
            self.actor(login),
            task_id=task_id,
            posted=posted,
            key=key or str(uuid4()),
            uploads=uploads,
        )

    def vote(self, item_id: str, person_id: str, choice: str) -> None:
        """A member votes on the own screen."""
        meetings.vote(self.begin(), self.member(person_id), item_id=item_id, choice=choice)

    def step_aside(self, item_id: str, person_id: str, reason: str) -> None:
        """The recorder notes a member's recusal."""
        recusals.recuse(
            self.begin(), self.actor("shiweiban"), item_id=item_id, person_id=person_id, reason=reason
        )

    def relate(self, person_id: str, relative_id: str, relation: str, by: str = "ganbu1") -> bool:
        """The section enters a kinship from the archive → True when it counts at once."""
        return kinship.enter(
            self.begin(),
            self.actor(by),
            person_id=person_id,
            relative_id=relative_id,
            relation=relation,
            source="archive",
            evidence="干部履历表家庭成员栏",
        )

    def put_to_vote(self, item_id: str) -> None:
        """The committee's recorder puts an item to the vote."""
        meetings.start_vote(self.begin(), self.actor("shiweiban"), item_id=item_id)

    def count(self, item_id: str) -> str:
        """The committee's recorder counts the ballots → the result."""
        return meetings.decide(self.begin(), self.actor("shiweiban"), item_id=item_id)

    def enter(self, item_id: str, **counts: int) -> str:
        """The committee's recorder enters what the meeting did → the result."""
        return meetings.record(self.begin(), self.actor("shiweiban"), item_id=item_id, counts=counts)

    def end(self, meeting_id: str) -> None:
        """The committee's recorder closes the meeting."""
        meetings.close(self.begin(), self.actor("shiweiban"), meeting_id=meeting_id)
        messages.deliver_all(self.office)

    def restore_rights(self, case_id: str, restored_on: date) -> None:
        """The discipline organ registers that rights were restored."""
        cases_verbs.restore_rights(
            self.begin(), self.actor("jiwei"), case_id=case_id, restored_on=restored_on, organ="中共星屿市纪委",
            document_no="星纪复〔2024〕3号",
        )  # fmt: skip

    def member(self, person_id: str) -> Any:
        """The actor of a person."""
        from webapp.services import identity

        with self.begin() as work:
            return identity.actor_of_person(work, person_id)

    def item(self, case_id: str) -> Mapping[str, Any]:
        """The newest agenda item of a case."""
        return self.rows(meeting_tables.agenda_item, case_id=case_id, order=("-filed_at", "-id"))[0]

    # What must hold at the end of every journey

    def check(self, *failed: str) -> None:
        """Chains hold, work items are exactly the open tasks of the states, nothing but ``failed`` (codes) failed."""
        with self.office.engine.connect() as connection:
            assert ledger.verify(connection) == []
        incidents = self.rows(runtime.incident)
        assert [row["code"] for row in incidents] == [*failed], [row["sentence"] for row in incidents]
        assert [one.sentence for one in replay.replay(self.office)] == []
        for row in self.rows(runtime.process_instance):
            assert self._open_in_state(row) == self._open_rows(row["id"]), row["id"]
        orphans = {row["work_item_id"] for row in self.rows(runtime.work_candidate)}
        assert orphans <= {row["id"] for row in self.rows(runtime.work_item, status="open")}

    def _open_in_state(self, row: Mapping[str, Any]) -> set[str]:
        if row["status"] == "cancelled":
            return set()
        deployed = self.row(repository.definition, id=row["definition_id"])
        with self.begin() as work:
            definition = work.definition(deployed["digest"], deployed["key"])
        return {task.id for task in bpmn.open_tasks(row["state"], definition)}

    def _open_rows(self, instance_id: str) -> set[str]:
        return {row["id"] for row in self.rows(runtime.work_item, instance_id=instance_id, status="open")}
