"""The journeys' people at work through the API alone 接口办理: the same ways, another hand."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask

from tests.api.program import Program
from tests.journeys.office import Journey
from webapp.domain.access import Actor
from webapp.domain.meetings import NOTICE_DAYS
from webapp.persistence.models import cases
from webapp.persistence.models.identity import User
from webapp.services import filler, forms, messages, reads
from webapp.services.demo.staff import RECORDER, _placeholders, _uploads

P01, P06 = "p01_down_adjustment", "p06_sanction_intake"
DOORS = {"up_down": P01, "sanction": P06}


class Hand(Journey):
    """Everybody of the demo office, each with a token of the own."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.extensions["office"])
        self.app = app
        self._programs: dict[str, Program] = {}
        with reads.begin(self.office) as look:
            table: Any = User.__table__
            self._logins = {row["id"]: row["username"] for row in look.all(table)}
            self._of_person = {row["person_id"]: row["username"] for row in look.all(table)}

    def program(self, login: str) -> Program:
        """A program with this user's token."""
        if login not in self._programs:
            self._programs[login] = Program(self.app, login)
        return self._programs[login]

    def _of(self, actor: Actor) -> Program:
        return self.program(self._logins[actor.user_id])

    # Cases and tasks

    def open_case(self, login: str, person_id: str, door: str = "up_down", **given: object) -> str:
        """Start the door's process with the cadre's id and the first form's values → the case."""
        key = DOORS[door]
        definition = self._newest(key)
        first = next(n for n in definition.nodes.values() if n.id in ("register_signal", "register_decision"))
        fields = forms.fields_of_task(definition, first.form_key)
        uploads = _uploads(fields, given)
        posted = filler.fill(fields, given, picks=_placeholders(uploads), now=self.now)
        sent = {"cadreId": {"value": person_id, "type": "String"}, **_variables(posted, uploads)}
        path = f"/engine-rest/process-definition/key/{key}/start"
        started = self.program(login).post(path, {"variables": sent}, status=200).json
        found = self.program(login).get("/api/cases", q=started["businessKey"])
        assert [one["number"] for one in found] == [started["businessKey"]]
        return str(found[0]["id"])

    def _finish(self, task_id: str, by: str | None, given: Mapping[str, object]) -> Mapping[str, Any]:
        actor = self.actor(by) if by else self.who_may(task_id)
        posted, uploads = self.answers(task_id, given)
        program = self._of(actor)
        path = f"/engine-rest/task/{task_id}"
        assert program.get(path)["id"] == task_id
        program.post(f"{path}/claim", {"userId": self._logins[actor.user_id]}, status=204)
        body = {"variables": _variables(posted, uploads)}
        program.post(f"{path}/complete", body, status=204, key=str(uuid4()))
        messages.deliver_all(self.office)
        return {}

    def task(self, case_id: str, element_id: str) -> Mapping[str, Any]:
        """One open task of an element, as its candidate's list shows it."""
        row = super().task(case_id, element_id)
        wanted = {"processInstanceBusinessKey": self.number(case_id), "taskDefinitionKey": element_id}
        listed = self._of(self.who_may(row["id"])).get("/engine-rest/task", **wanted)
        assert row["id"] in {one["id"] for one in listed}
        return row

    def number(self, case_id: str) -> str:
        """The number of a case, its business key."""
        return str(self.row(cases.case_file, id=case_id)["number"])

    # Meetings

    def call(self, body: str, case_ids: Iterable[str], *, number: str = "") -> tuple[str, list[str]]:
        """Call a meeting for the next day with the waiting items of the cases, and come to it."""
        held_on = self.today + timedelta(days=NOTICE_DAYS)
        program, wanted = self.program(RECORDER[body]), set(case_ids)
        waiting = program.get("/api/agenda-items", body=body)
        items = [one["id"] for one in waiting if one["caseId"] in wanted]
        sent = {
            "body": body, "heldOn": held_on.isoformat(), "place": "市委会议室（示例）", "items": items,
            "number": number or f"{held_on}会议（示例）",
        }  # fmt: skip
        meeting_id = str(program.post("/api/meetings", sent, status=201).json["id"])
        self.until(held_on)
        return meeting_id, items

    def attend(self, meeting_id: str, *, absent: Iterable[str] = ()) -> None:
        """Everybody is there except those named, and the meeting opens."""
        program = self._recording(meeting_id)
        away = set(absent)
        members = program.get(f"/api/meetings/{meeting_id}")["members"]
        presence = {one["personId"]: "absent" if one["personId"] in away else "present" for one in members}
        program.post(f"/api/meetings/{meeting_id}/attendance", {"presence": presence}, status=204)
        program.post(f"/api/meetings/{meeting_id}/open", status=204)

    def _recording(self, meeting_id: str) -> Program:
        return self._of(self._recorder(meeting_id))

    def meet(self, body: str, *case_ids: str, outcome: str = "agree") -> str:
        """A whole meeting, the recorder enters the votes."""
        meeting_id, items = self.call(body, case_ids)
        self.attend(meeting_id)
        program = self._recording(meeting_id)
        for item_id in items:
            path = f"/api/meetings/{meeting_id}/items/{item_id}"
            program.post(f"{path}/voting", status=204)
            program.post(f"{path}/record", {outcome: self._able(meeting_id, item_id)}, status=200)
        self.end(meeting_id)
        return meeting_id

    def _item_path(self, item_id: str) -> str:
        from webapp.persistence.models.meetings import agenda_item

        return f"/api/meetings/{self.row(agenda_item, id=item_id)['meeting_id']}/items/{item_id}"

    def vote(self, item_id: str, person_id: str, choice: str) -> None:
        """A member votes with the own token."""
        program = self.program(self._of_person[person_id])
        program.post(f"{self._item_path(item_id)}/vote", {"choice": choice}, status=204)

    def step_aside(self, item_id: str, person_id: str, reason: str) -> None:
        """The recorder notes a recusal."""
        sent = {"personId": person_id, "reason": reason}
        self.program("shiweiban").post(f"{self._item_path(item_id)}/recusal", sent, status=204)

    def put_to_vote(self, item_id: str) -> None:
        """The recorder puts an item to the vote."""
        self.program("shiweiban").post(f"{self._item_path(item_id)}/voting", status=204)

    def count(self, item_id: str) -> str:
        """The recorder counts the ballots."""
        found = self.program("shiweiban").post(f"{self._item_path(item_id)}/decision", status=200)
        return str(found.json["result"])

    def enter(self, item_id: str, **counts: int) -> str:
        """The recorder enters what the meeting did."""
        found = self.program("shiweiban").post(f"{self._item_path(item_id)}/record", counts, status=200)
        return str(found.json["result"])

    def end(self, meeting_id: str) -> None:
        """The recorder closes the meeting."""
        self._recording(meeting_id).post(f"/api/meetings/{meeting_id}/close", status=204)
        messages.deliver_all(self.office)

    def restore_rights(self, case_id: str, restored_on: date) -> None:
        """A program tells that rights were restored."""
        sent = {
            "messageName": "rights_restored", "businessKey": self.number(case_id),
            "processVariables": {
                "restored_on": {"value": restored_on.isoformat(), "type": "String"},
                "organ": {"value": "中共星屿市纪委", "type": "String"},
                "document_no": {"value": "星纪复〔2024〕3号", "type": "String"},
            },
        }  # fmt: skip
        self.program("jiwei").post("/engine-rest/message", sent, status=204)
        messages.deliver_all(self.office)


def _variables(posted: Mapping[str, Any], uploads: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: {"value": value} for name, value in posted.items() if name not in uploads}
    for name, files in uploads.items():
        one = files[0]
        found[name] = {
            "value": b64encode(one.data).decode(), "type": "File", "valueInfo": {"filename": one.name},
        }  # fmt: skip
    return found
