"""The smallest office in which a step is a real one: a committee, its organs, one cadre, one looping process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from webapp.crypto.keyring import Keyring
from webapp.domain import events
from webapp.domain.access import Actor, Grant, system_actor
from webapp.persistence.models import cases, identity, people, runtime
from webapp.services import deployments, instances, tasks
from webapp.services.delegates import DELEGATES
from webapp.services.deployments import Bundle
from webapp.services.office import Office

SINCE = date(2020, 1, 1)
KEY = "round_of_two"
ROLE = "cadre_section"
FIELDS = 8
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zaishang="urn:zaishang:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:zaishang:bench">'
)
DIAGRAM = f"""{HEAD}
<bpmn:process id="{KEY}" name="两个环节的往返" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="draft"/>
<bpmn:userTask id="draft" name="起草" camunda:formKey="paper" camunda:candidateGroups="{ROLE}"/>
<bpmn:sequenceFlow id="f2" sourceRef="draft" targetRef="review"/>
<bpmn:userTask id="review" name="审核" camunda:formKey="paper" camunda:candidateGroups="{ROLE}"/>
<bpmn:sequenceFlow id="f3" sourceRef="review" targetRef="passed"/>
<bpmn:exclusiveGateway id="passed" default="f5"/>
<bpmn:sequenceFlow id="f4" sourceRef="passed" targetRef="draft">
<bpmn:conditionExpression>=outcome = "again"</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f5" sourceRef="passed" targetRef="done"/>
<bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""
OUTCOMES = {"again": "退回修改", "yes": "通过"}
AGAIN: Mapping[str, str] = {
    "outcome": "again",
    **{f"remark_{n}": f"意见{n}：情况属实，同意。" for n in range(FIELDS)},
}
PASSED: Mapping[str, str] = {**AGAIN, "outcome": "yes"}


def form(fields: int = FIELDS) -> bytes:
    """One process variable and a number of personal text fields."""
    outcome = {
        "id": "outcome", "type": "radio", "key": "outcome", "label": "结论", "validate": {"required": True},
        "values": [{"value": value, "label": label} for value, label in OUTCOMES.items()],
        "properties": {"variable": "outcome"},
    }  # fmt: skip
    remarks = [
        {"id": f"remark_{n}", "type": "textfield", "key": f"remark_{n}", "label": f"意见{n}"}
        for n in range(fields)
    ]
    whole = {"id": "paper", "type": "default", "schemaVersion": 18, "components": [outcome, *remarks]}
    return json.dumps(whole, ensure_ascii=False).encode()


@dataclass(slots=True)
class World:
    """The office, the places in it and two people who may act."""

    office: Office
    committee_id: str = field(default_factory=lambda: str(uuid4()))
    department_id: str = field(default_factory=lambda: str(uuid4()))
    unit_id: str = field(default_factory=lambda: str(uuid4()))
    cadre_id: str = field(default_factory=lambda: str(uuid4()))
    actors: list[Actor] = field(default_factory=list)
    session_keys: list[str] = field(default_factory=list)

    def open_case(self, number: str) -> str:
        """A case of the cadre without a process → its id."""
        case_id = str(uuid4())
        work = self.office.begin()
        with work:
            work.lock_stream(f"case:{case_id}")
            work.insert(cases.case_file, {
                "id": case_id, "number": number, "person_id": self.cadre_id, "committee_id": self.committee_id,
                "unit_id": self.unit_id, "origin": "up_down", "stage": "signal", "stage_since": work.now,
                "status": "open", "policy": {}, "stream": f"case:{case_id}", "opened_at": work.now,
                "opened_by": self.actors[0].user_id,
            })  # fmt: skip
            work.commit(events.CaseOpened(actor=self.actors[0], effective_at=work.now, case_id=case_id))
        return case_id

    def begin(self, case_id: str | None = None, key: str = KEY) -> tuple[str, str]:
        """Start the process → the ids of the instance and of its first task."""
        instance_id = instances.start(
            self.office.begin(), self.actors[0], key=key, variables={}, case_id=case_id
        )
        return instance_id, self.open_tasks(instance_id)[0]

    def open_tasks(self, instance_id: str) -> list[str]:
        """The open tasks of an instance, oldest first."""
        with self.office.begin() as work:
            rows = work.all(
                runtime.work_item, instance_id=instance_id, status="open", order=("opened_at", "id")
            )
        return [row["id"] for row in rows]

    def complete(
        self, task_id: str, posted: Mapping[str, Any] = AGAIN, *, key: str = "", by: int = 0
    ) -> Mapping[str, Any]:
        """Complete a task → the reply."""
        return tasks.complete(
            self.office.begin(), self.actors[by], task_id=task_id, posted=posted, key=key or str(uuid4())
        )


def build(engine: Engine, keyring: Keyring, *, people_count: int = 2, fields: int = FIELDS) -> World:
    """Write the organisation, its people and the process into an empty migrated database."""
    world = World(Office(engine=engine, keyring=keyring, delegates=DELEGATES))
    work = world.office.begin()
    with work:
        _places(work, world)
        _staff(work, world, people_count)
        work.commit(events.DemoSeeded(actor=system_actor("bench"), effective_at=datetime.now(UTC)))
    deploy(world, KEY, {f"{KEY}.bpmn": DIAGRAM.encode(), "forms/paper.json": form(fields)})
    return world


def deploy(world: World, key: str, files: Mapping[str, bytes]) -> None:
    """Deploy one more process."""
    work = world.office.begin()
    deployments.deploy(work, system_actor("deploy"), Bundle(key, files), origin="installation")


def _places(work: Any, world: World) -> None:
    named = [
        (world.committee_id, "云汀省星屿市委", "committee", None),
        (world.department_id, "市委组织部", "org_dept", world.committee_id),
        (world.unit_id, "市灯塔管理局", "unit", world.committee_id),
    ]
    work.insert(people.organisation, [
        {"id": one, "code": f"99{index}", "name": name, "kind": kind, "parent_id": parent, "valid_from": SINCE}
        for index, (one, name, kind, parent) in enumerate(named)
    ])  # fmt: skip
    bodies = {"committee": world.committee_id, "org_dept": world.department_id}
    work.insert(people.authority_body, [
        {"committee_id": world.committee_id, "body": body, "organisation_id": place, "valid_from": SINCE}
        for body, place in bodies.items()
    ])  # fmt: skip
    work.insert(people.person, {"id": world.cadre_id, "name": "江小满", "created_at": work.now})
    work.insert(people.cadre, {
        "person_id": world.cadre_id, "valid_from": SINCE, "committee_id": world.committee_id, "title": "局长",
        "unit_id": world.unit_id, "rank": "正处", "is_leading": True,
    })  # fmt: skip


def _staff(work: Any, world: World, count: int) -> None:
    for number in range(count):
        person_id, user_id, session_key = str(uuid4()), str(uuid4()), uuid4().hex
        name = f"经办{number + 1}"
        work.insert(people.person, {"id": person_id, "name": name, "created_at": work.now})
        work.insert(identity.User.__table__, {
            "id": user_id, "username": f"jingban{number + 1}", "person_id": person_id, "active": True,
            "fs_uniquifier": session_key, "created_at": work.now,
        })  # fmt: skip
        grant = Grant(ROLE, world.department_id, SINCE)
        work.insert(identity.role_grant, {
            "id": str(uuid4()), "user_id": user_id, "role": ROLE, "organisation_id": world.department_id,
            "valid_from": SINCE,
        })  # fmt: skip
        world.actors.append(Actor(user_id=user_id, person_id=person_id, name=name, grants=(grant,)))
        world.session_keys.append(session_key)
