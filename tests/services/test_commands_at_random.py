"""Verbs on one instance in random order: nothing lost, nothing doubled, no gate passed undone, the records replay."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bench import world as worlds
from bench.world import World
from tests.conftest import _copied
from tests.services import scenes
from tests.services.scenes import GATE, TASK, open_elements, rows
from tests.services.test_instance_commands import ERROR, LATE, SHARED, SIGNAL, on
from webapp import engine as bpmn
from webapp.crypto.keyring import Keyring
from webapp.domain.corrections import Move
from webapp.domain.errors import EngineFault, Refused
from webapp.persistence.models import repository, runtime
from webapp.services import broadcasting, interruptions, messages, throwing, version_changes
from webapp.services.correcting import Wish

SOAK = os.environ.get("SOAK") == "1"
INNER = scenes.row(
    ("startEvent", "is", ""), ("userTask", "iu", TASK), ("intermediateCatchEvent", "w", SIGNAL),
    ("userTask", "iv", TASK), ("endEvent", "ie", ""),
)  # fmt: skip


def body(b: str) -> str:
    """Two branches, one a sub-process, a gate behind them, and exceptions on the first task."""
    flows = [("s", "a"), ("a", "split"), ("split", b), ("split", "sub"), (b, "join"), ("sub", "join"),
             ("join", "g"), ("g", "c"), ("c", "e")]  # fmt: skip
    return (
        f'<bpmn:startEvent id="s"/><bpmn:userTask id="a" name="名a" {TASK}/><bpmn:parallelGateway id="split"/>'
        f'<bpmn:userTask id="{b}" name="名b" {TASK}/><bpmn:subProcess id="sub" name="名sub">{INNER}</bpmn:subProcess>'
        f'<bpmn:parallelGateway id="join"/><bpmn:userTask id="g" name="名g" {GATE}/>'
        f'<bpmn:userTask id="c" name="名c" {TASK}/><bpmn:endEvent id="e"/>'
        + "".join(
            f'<bpmn:sequenceFlow id="x_{one}_{other}" sourceRef="{one}" targetRef="{other}"/>'
            for one, other in flows
        )
        + on("a", "caught", ERROR.format(1), "handle")
        + on("a", "heard", LATE, "remind", cancel="false")
    )


ELEMENTS = ["a", "b", "b2", "sub", "iu", "iv", "w", "g", "c", "join", "handle", "remind", "e"]


@pytest.fixture(scope="module")
def world(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One office for all the examples, each with an instance of its own; judged as a whole at the end."""
    folder = tmp_path_factory.mktemp("random")
    with _copied(migrated_file, folder) as engine:
        made = scenes.office(engine, Keyring.open(folder / "home", environment={}))
        for name in ("b", "b2"):
            worlds.deploy(made, "r", scenes.process("r", body(name), SHARED, n="number"))
        yield made
        scenes.check(made)


class Verbs(RuleBasedStateMachine):
    """One instance on one case under everything people may ask of it."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.case_id = self.world.open_case(f"样例〔2026〕{uuid4().hex[:8]}")
        self.instance_id = self.world.begin(self.case_id, key="r")[0]
        self.escaped = False

    @property
    def row(self) -> Any:
        (found,) = rows(self.world, runtime.process_instance, id=self.instance_id)
        return found

    def attempt(self, verb: Callable[[], object]) -> bool:
        before = self.row["rev"], self.row["state_digest"], self.row["definition_id"]
        try:
            verb()
        except (Refused, EngineFault):
            row = self.row
            assert (row["rev"], row["state_digest"], row["definition_id"]) == before
            return False
        return True

    @rule(data=st.data(), n=st.integers(0, 9))
    def somebody_completes_a_task(self, data: st.DataObject, n: int) -> None:
        found = open_elements(self.world, self.instance_id)
        if found:
            element = data.draw(st.sampled_from(found))
            self.attempt(lambda: scenes.done(self.world, self.instance_id, element, n=str(n)))

    @rule(data=st.data(), to=st.sampled_from(["a", "b", "sub", "iu", "g", "c", "remind"]))
    def it_is_taken_back(self, data: st.DataObject, to: str) -> None:
        at = data.draw(st.sampled_from([*open_elements(self.world, self.instance_id), "w"]))
        self.attempt(lambda: scenes.correct(self.world, self.instance_id, Wish("return", at=at, to=to)))

    @rule(data=st.data(), begun=st.sampled_from([None, *ELEMENTS]), what=st.sampled_from(["before", "after"]))
    def it_is_modified(self, data: st.DataObject, begun: str | None, what: Any) -> None:
        standing = open_elements(self.world, self.instance_id) or ["w"]
        taken = data.draw(st.lists(st.sampled_from(standing), max_size=2, unique=True))
        moves = [Move("cancel", one) for one in taken] + ([Move(what, begun)] if begun else [])
        self.attempt(lambda: scenes.correct(self.world, self.instance_id, Wish("modify", moves=tuple(moves))))

    @rule(n=st.integers(0, 9))
    def a_variable_is_put_right(self, n: int) -> None:
        wish = Wish("variables", values={"n": str(n)})
        self.attempt(lambda: scenes.correct(self.world, self.instance_id, wish))

    @rule(code=st.sampled_from(["no", "late", "other"]))
    def somebody_leaves_by_an_exception(self, code: str) -> None:
        verb = throwing.escalate if code == "late" else throwing.throw_error
        for item in rows(self.world, runtime.work_item, instance_id=self.instance_id, status="open"):
            work, task_id = self.world.office.begin(), item["id"]
            if self.attempt(partial(verb, work, self.world.actors[0], task_id=task_id, code=code)):
                self.escaped = True
                return

    @rule()
    def a_signal_is_broadcast(self) -> None:
        head, office = scenes.head(self.world), self.world.office
        if self.attempt(lambda: broadcasting.broadcast(office.begin(), head, name="go")):
            messages.deliver_all(office)

    @rule()
    def it_is_moved_to_the_other_version(self) -> None:
        ids = [row["id"] for row in rows(self.world, repository.definition, key="r", order=("version",))]
        here = self.row["definition_id"]
        there = next(one for one in ids if one != here)
        mapping = {"b": "b2"} if here == ids[0] else {"b2": "b"}

        def change() -> None:
            found = version_changes.propose(
                self.world.office.begin(), scenes.section(self.world), source_id=here, target_id=there,
                mapping=mapping, instances=[self.instance_id], reason=scenes.WHY,
            )  # fmt: skip
            version_changes.confirm(self.world.office, scenes.head(self.world), change_id=found)

        self.attempt(change)

    @rule()
    def it_is_suspended_and_goes_on(self) -> None:
        head, begin = scenes.head(self.world), self.world.office.begin
        told = {"case_id": self.case_id, "reason": scenes.WHY}
        if self.attempt(lambda: interruptions.suspend(begin(), head, **told)):
            assert not self.attempt(
                lambda: scenes.correct(self.world, self.instance_id, Wish("return", at="b", to="a"))
            )
            interruptions.resume(begin(), head, **told)

    @invariant()
    def what_is_open_in_the_rows_is_open_in_the_state(self) -> None:
        if not hasattr(self, "instance_id"):
            return
        row = self.row
        (deployed,) = rows(self.world, repository.definition, id=row["definition_id"])
        with self.world.office.glance() as look:
            definition = look.definition(deployed["digest"], deployed["key"])
        items = rows(self.world, runtime.work_item, instance_id=self.instance_id, status="open")
        inside = bpmn.open_tasks(row["state"], definition) if row["status"] == "running" else ()
        assert sorted((one.id, one.element_id) for one in inside) == sorted(
            (one["id"], one["element_id"]) for one in items
        )
        offered = rows(self.world, runtime.work_candidate, work_item_id=[one["id"] for one in items])
        assert {one["work_item_id"] for one in offered} == {one["id"] for one in items}

    @invariant()
    def nobody_comes_behind_the_gate_without_it(self) -> None:
        if not hasattr(self, "instance_id"):
            return
        behind = rows(self.world, runtime.work_item, instance_id=self.instance_id, element_id="c")
        decided = rows(
            self.world, runtime.work_item, instance_id=self.instance_id, element_id="g", status="completed"
        )
        assert decided or not behind
        if self.row["status"] == "finished":
            assert decided or self.escaped


def test_whatever_is_asked_in_whatever_order_nothing_is_lost_doubled_or_skipped(world: World) -> None:
    Verbs.world = world
    case = Verbs.TestCase
    case.settings = settings(
        max_examples=120 if SOAK else 8, stateful_step_count=40 if SOAK else 14, deadline=None,
        derandomize=not SOAK, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    case("runTest").runTest()
    # What holds is asserted after every step by the invariants; here only that lives were led at all.
    assert len(rows(world, runtime.process_instance)) >= case.settings.max_examples
