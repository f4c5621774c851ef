"""A small office with processes of its own 自设流程, for verbs on running instances."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select

from bench import world as worlds
from bench.world import World
from webapp.crypto.keyring import Keyring
from webapp.domain.access import Actor, Grant
from webapp.persistence import ledger
from webapp.persistence.models import runtime
from webapp.services import corrections, replay
from webapp.services.correcting import Wish

TASK = f'camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"'
WHY = "办理环节有误。"
GATE = (
    f'camunda:formKey="verdict" camunda:candidateGroups="{worlds.ROLE}" zaishang:decisive="true" '
    'zaishang:recusal="subject" zaishang:legalBasis="《试行规定》第一条"'
)


def form(**more: str) -> bytes:
    """One radio that is a process variable, and more fields: variable → kind."""
    whole = json.loads(worlds.form(1))
    for name, kind in more.items():
        values = [{"value": one, "label": one} for one in ("x", "y", "z")]
        whole["components"].append(
            {
                "id": name, "type": kind, "key": name, "label": f"栏目{name}",
                "properties": {"variable": name}, **({"values": values} if kind == "select" else {}),
            }
        )  # fmt: skip
    return json.dumps(whole, ensure_ascii=False).encode()


def process(key: str, body: str, shared: str = "", **fields: str) -> dict[str, bytes]:
    """A bundle of one diagram and one form."""
    text = (
        f'{worlds.HEAD}{shared}<bpmn:process id="{key}" name="流程{key}" isExecutable="true">{body}'
        "</bpmn:process></bpmn:definitions>"
    )
    forms = {
        "forms/paper.json": form(**fields),
        "forms/verdict.json": form().replace(b'"paper"', b'"verdict"'),
    }
    return {f"{key}.bpmn": text.encode(), **forms}


def row(*elements: tuple[str, str, str], inside: str = "") -> str:
    """Elements one after another: tag, id, and either attributes or what is inside."""
    text, last = "", None
    for tag, name, rest in elements:
        given, inner = (rest, "") if rest[:1] != "<" else ("", rest)
        text += f'<bpmn:{tag} id="{name}" name="名{name}" {given}>{inner}</bpmn:{tag}>'
        if last:
            text += f'<bpmn:sequenceFlow id="f_{last}_{name}" sourceRef="{last}" targetRef="{name}"/>'
        last = name
    return text + inside


def office(engine: Engine, keyring: Keyring) -> World:
    """The world, with a section head and a department head who may put processes right."""
    world = worlds.build(engine, keyring, people_count=3)
    for index, role in ((1, "cadre_supervision"), (2, "org_dept_head")):
        grant = Grant(role, world.department_id, worlds.SINCE)
        world.actors[index] = replace(world.actors[index], grants=(grant,))
    return world


def section(world: World) -> Actor:
    """Who puts forward."""
    return world.actors[1]


def head(world: World) -> Actor:
    """Who agrees."""
    return world.actors[2]


def begin(world: World, key: str) -> str:
    """A case with the process running → the instance."""
    return world.begin(world.open_case(f"样例〔2026〕{uuid4().hex[:6]}"), key=key)[0]


def correct(world: World, instance_id: str, wish: Wish) -> None:
    """Put forward by one, agreed to by the other."""
    found = corrections.propose(
        world.office.begin(), section(world), instance_id=instance_id, wish=wish, reason=WHY
    )
    corrections.confirm(world.office.begin(), head(world), correction_id=found)


def rows(world: World, table: Any, **where: Any) -> list[Mapping[str, Any]]:
    """Rows of a table."""
    with world.office.glance() as look:
        return look.all(table, **where)


def open_elements(world: World, instance_id: str | None = None) -> list[str]:
    """What is open, by element."""
    item = runtime.work_item
    query = select(item.c.element_id).where(item.c.status == "open")
    if instance_id:
        query = query.where(item.c.instance_id == instance_id)
    with world.office.glance() as look:
        return sorted(one["element_id"] for one in look.fetch_all(query, {}))


def task(world: World, instance_id: str, element_id: str) -> str:
    """The open task of an element."""
    (found,) = rows(world, runtime.work_item, instance_id=instance_id, element_id=element_id, status="open")
    return str(found["id"])


def done(world: World, instance_id: str, element_id: str, **posted: str) -> None:
    """Complete the open task of an element."""
    given = {"outcome": "yes", **posted}
    world.complete(task(world, instance_id, element_id), given)


def check(world: World) -> None:
    """The chain holds, the tables are what the events make of them, open rows are the open tasks of the states."""
    with world.office.engine.connect() as connection:
        assert ledger.verify(connection) == []
    assert [one.sentence for one in replay.replay(world.office)] == []
    orphans = {one["work_item_id"] for one in rows(world, runtime.work_candidate)}
    assert orphans <= {one["id"] for one in rows(world, runtime.work_item, status="open")}
