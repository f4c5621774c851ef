"""Starts that are stopped and let begin again 启停, versions taken away; two designers, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bench import world as worlds
from bench.world import World
from tests.services.test_signals import BEGINS, TASK, chain, process
from tests.services.test_starting import HEARS, SAYS, WATCHES, begun, by_time, rows, waiting
from webapp.crypto.keyring import Keyring
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.persistence import finders
from webapp.persistence.models import history, repository, runtime
from webapp.services import broadcasting, deployments, instances, jobs, messages, start_timers
from webapp.services import definition_switches as switches
from webapp.services.receiving import NobodyWaits
from webapp.services.replay import replay

WHY = "规定正在修订。"
PLAIN = chain(("startEvent", "s", ""), ("userTask", "begun", TASK), ("endEvent", "e", ""))
LONGER = chain(
    ("startEvent", "s", ""), ("userTask", "begun", TASK), ("userTask", "then", TASK), ("endEvent", "e", "")
)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, keyring: Keyring) -> World:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    made = worlds.build(engine, keyring)
    made.office.shifted = True
    return made


def publish(world: World, key: str, body: str) -> None:
    """As a designer does: what comes with the installation cannot be taken away."""
    files, name = process(key, body), f"{key}.bpmn"
    files[name] = files[name].replace(b"<bpmn:process", b'<bpmn:message id="m" name="told"/><bpmn:process', 1)
    bundle = deployments.Bundle(key, files)
    deployments.deploy(world.office.begin(), world.actors[0], bundle, origin="designer")


def designer(world: World, nth: int) -> Actor:
    return holding(world, nth, "process_designer")


def holding(world: World, nth: int, role: str) -> Actor:
    own = world.actors[nth]
    return replace(own, grants=(*own.grants, replace(own.grants[0], role=role)))


def ask(world: World, key: str, act: Any, version: int | None = None) -> str:
    work = world.office.begin()
    return switches.propose(work, designer(world, 0), key=key, act=act, reason=WHY, version=version)


def done(world: World, key: str, act: Any, version: int | None = None) -> tuple[int, ...]:
    switch_id = ask(world, key, act, version)
    return switches.confirm(world.office.begin(), designer(world, 1), switch_id=switch_id)


def start(world: World, key: str) -> str:
    return instances.start(world.office.begin(), world.actors[0], key=key, variables={})


def state(world: World, key: str) -> list[tuple[int, str]]:
    with world.office.begin() as work:
        return [(row["version"], row["state"]) for row in finders.versions_of(work, key)]


def test_nothing_stops_before_a_second_designer_agrees(world: World) -> None:
    publish(world, "plain", PLAIN)
    switch_id = ask(world, "plain", "suspend")
    start(world, "plain")

    with pytest.raises(Conflict, match="等待复核"):
        ask(world, "plain", "suspend")
    with pytest.raises(NotAllowed, match="第二人"):
        switches.confirm(world.office.begin(), designer(world, 0), switch_id=switch_id)
    with pytest.raises(NotAllowed):
        switches.confirm(world.office.begin(), world.actors[1], switch_id=switch_id)
    assert switches.confirm(world.office.begin(), designer(world, 1), switch_id=switch_id) == (1,)

    with pytest.raises(Conflict, match="已暂停启动"):
        start(world, "plain")
    (running,) = begun(world)
    world.complete(running["id"], worlds.AGAIN)
    assert begun(world) == []
    assert done(world, "plain", "activate") == (1,)
    start(world, "plain")
    assert len(begun(world)) == 1
    kinds = [row["kind"] for row in rows(world, history.history_event, stream="definition:plain")]
    assert kinds[-4:] == [
        "definition_switch_proposed", "definition_suspended", "definition_switch_proposed", "definition_activated",
    ]  # fmt: skip
    assert WHY not in str(rows(world, history.history_event))
    assert replay(world.office) == []


def test_start_timers_rest_and_what_fell_due_meanwhile_begins_once(world: World) -> None:
    publish(world, "monthly", by_time("timeCycle", "R/P1M"))
    (first,) = waiting(world)
    done(world, "monthly", "suspend")
    assert waiting(world) == []
    (resting,) = rows(world, runtime.job, kind=start_timers.KIND, status="suspended")
    assert resting["id"] == first["id"]

    later = first["due_at"] + timedelta(days=40)
    switch_id = ask(world, "monthly", "activate")
    switches.confirm(world.office.begin(at=later), designer(world, 1), switch_id=switch_id)

    (due,) = waiting(world)
    assert due["due_at"] == later
    held(world, due)
    assert len(begun(world)) == 1
    (following,) = waiting(world)
    assert following["due_at"] > later - timedelta(days=31)
    assert following["payload"]["memo"]["anchor"] == first["payload"]["memo"]["anchor"]


def held(world: World, job: dict[str, Any]) -> bool:
    """Run a job as the worker that leased it."""
    with world.office.begin(at=job["due_at"]) as work:
        mine = {**job, "status": "leased", "lease_owner": "w"}
        work.update(runtime.job, {"id": job["id"]}, {"status": "leased", "lease_owner": "w"})
        return jobs._begin(work, mine, "w")


def test_a_start_that_a_worker_holds_when_it_is_stopped_parks_itself(world: World) -> None:
    publish(world, "monthly", by_time("timeCycle", "R/P1M"))
    (first,) = waiting(world)
    with world.office.begin() as work:
        work.update(runtime.job, {"id": first["id"]}, {"status": "leased", "lease_owner": "w"})
        work.settle()
    done(world, "monthly", "suspend")

    with world.office.begin(at=first["due_at"]) as work:
        assert not jobs._begin(work, {**first, "status": "leased", "lease_owner": "w"}, "w")

    assert begun(world) == []
    assert rows(world, runtime.job, id=first["id"])[0]["status"] == "suspended"


def test_messages_wait_and_conditions_and_signals_start_nothing(world: World) -> None:
    publish(world, "hears", HEARS)
    publish(world, "says", SAYS)
    publish(world, "watches", WATCHES)
    publish(world, "listens", BEGINS)
    for key in ("hears", "watches", "listens"):
        done(world, key, "suspend")
    start(world, "says")
    (task,) = rows(world, runtime.work_item, element_id="do", status="open")
    world.complete(task["id"], worlds.PASSED)
    messages.deliver_all(world.office)
    assert begun(world) == []
    (kept,) = rows(world, runtime.outbox)
    assert (kept["message"], kept["status"]) == ("told", "waiting")
    with pytest.raises(NobodyWaits):
        broadcasting.broadcast(world.office.begin(), holding(world, 0, "org_dept_head"), name="go")

    done(world, "hears", "activate")
    messages.deliver_all(world.office)

    assert len(begun(world)) == 1
    assert rows(world, runtime.outbox)[0]["status"] == "delivered"


def test_a_new_version_goes_on_resting_until_two_persons_let_it_begin(world: World) -> None:
    publish(world, "monthly", by_time("timeCycle", "R/P1M"))
    done(world, "monthly", "suspend")
    publish(world, "monthly", by_time("timeCycle", "R/P2M"))

    assert state(world, "monthly") == [(2, "suspended"), (1, "suspended")]
    assert waiting(world) == []
    assert done(world, "monthly", "activate", 2) == (2,)
    assert state(world, "monthly") == [(2, "active"), (1, "suspended")]
    assert waiting(world)[0]["payload"]["memo"]["cycle"] == "R/P2M"


def test_a_version_that_never_ran_goes_and_the_one_before_is_the_newest_again(world: World) -> None:
    publish(world, "timed", by_time("timeCycle", "R/P1M"))
    publish(world, "timed", by_time("timeCycle", "R/P2M"))
    digest = rows(world, repository.definition, key="timed", version=2)[0]["digest"]

    assert done(world, "timed", "remove", 2) == (2,)

    assert state(world, "timed") == [(1, "active")]
    assert waiting(world)[0]["payload"]["memo"]["cycle"] == "R/P1M"
    assert rows(world, repository.bundle_file, bundle_digest=digest)
    assert rows(world, repository.definition, key="timed", version=2)
    with pytest.raises(NotFound):
        ask(world, "timed", "remove", 2)
    publish(world, "timed", by_time("timeCycle", "R/P3M"))
    assert state(world, "timed") == [(3, "active"), (1, "active")]
    assert replay(world.office) == []


def test_a_process_whose_only_version_goes_is_not_there_any_more(world: World) -> None:
    publish(world, "timed", by_time("timeCycle", "R/P1M"))
    done(world, "timed", "remove", 1)

    assert waiting(world) == []
    with pytest.raises(NotFound):
        start(world, "timed")
    publish(world, "timed", by_time("timeCycle", "R/P1M"))
    assert state(world, "timed") == [(2, "active")]


def test_a_version_something_ran_on_stays(world: World) -> None:
    publish(world, "plain", PLAIN)
    publish(world, "plain", LONGER)
    start(world, "plain")

    with pytest.raises(Conflict, match="办理记录以它为据"):
        ask(world, "plain", "remove", 2)
    assert ask(world, "plain", "remove", 1)


def test_what_ran_between_the_request_and_the_yes_is_seen(world: World) -> None:
    publish(world, "plain", PLAIN)
    switch_id = ask(world, "plain", "remove", 1)
    start(world, "plain")

    with pytest.raises(Conflict, match="办理记录以它为据"):
        switches.confirm(world.office.begin(), designer(world, 1), switch_id=switch_id)
    assert state(world, "plain") == [(1, "active")]


def test_what_makes_no_sense_is_refused_with_a_sentence(world: World) -> None:
    publish(world, "plain", PLAIN)
    with pytest.raises(Conflict, match="没有暂停启动"):
        ask(world, "plain", "activate")
    with pytest.raises(NotFound):
        ask(world, "plain", "suspend", 7)
    with pytest.raises(NotAllowed):
        switches.propose(world.office.begin(), world.actors[0], key="plain", act="suspend", reason=WHY)
    with pytest.raises(Invalid):
        switches.propose(world.office.begin(), designer(world, 0), key="plain", act="suspend", reason=" ")
    switch_id = ask(world, "plain", "suspend")
    switches.reject(world.office.begin(), designer(world, 0), switch_id=switch_id, reason="不必了。")
    assert rows(world, repository.switch)[0]["status"] == "withdrawn"
    with pytest.raises(Conflict, match="已经处理"):
        switches.confirm(world.office.begin(), designer(world, 1), switch_id=switch_id)
    assert state(world, "plain") == [(1, "active")]


def test_the_database_still_refuses_to_lose_a_version(world: World) -> None:
    publish(world, "plain", PLAIN)
    done(world, "plain", "remove", 1)

    with world.office.engine.connect() as connection, pytest.raises(Exception, match="kept for ever"):
        connection.execute(text("DELETE FROM definition"))
