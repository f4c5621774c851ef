"""Running processes moved to another version 换版: tried first, agreed by two, each in its own transaction."""

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import World
from tests.services import scenes
from tests.services.scenes import GATE, TASK, begin, check, done, open_elements, row, rows, task
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.persistence.models import history, repository, runtime
from webapp.persistence.models.corrections import version_change
from webapp.services import drafts, moving, tasks, version_changes

DUE = f'{TASK} camunda:dueDate="=now() + duration(&quot;P3D&quot;)"'
ENDS = ("endEvent", "e", "")
FIRST = row(
    ("startEvent", "s", ""), ("userTask", "a", TASK), ("userTask", "b", DUE), ("userTask", "g", GATE), ENDS
)
RENAMED = FIRST.replace('"b"', '"b2"').replace("_b", "_b2").replace("b_", "b2_").replace("名b2_", "名b_")
LAXER = row(("startEvent", "s", ""), ("userTask", "a", TASK), ("userTask", "b", DUE), ENDS)
STRICTER = row(
    ("startEvent", "s", ""), ("userTask", "a", TASK), ("userTask", "n", GATE), ("userTask", "b", DUE),
    ("userTask", "g", GATE), ENDS,
)  # fmt: skip


@pytest.fixture
def world(sqlite_engine: Engine, keyring: Keyring) -> World:
    made = scenes.office(sqlite_engine, keyring)
    worlds.deploy(made, "p", scenes.process("p", FIRST))
    return made


def deploy(world: World, body: str) -> tuple[str, str]:
    """A next version → the ids of the first and of this one."""
    worlds.deploy(world, "p", scenes.process("p", body))
    found = rows(world, repository.definition, key="p", order=("version",))
    return found[0]["id"], found[-1]["id"]


def tried(world: World, ids: tuple[str, str], mapping: dict[str, str]) -> list[list[str]]:
    with world.office.glance() as look:
        both = version_changes.versions(look, *ids)
    found = version_changes.prospects(world.office, scenes.section(world), both, mapping)
    return [list(one.sentences) for one in found]


def propose(world: World, ids: tuple[str, str], mapping: dict[str, str]) -> str:
    return version_changes.propose(
        world.office.begin(), scenes.section(world), source_id=ids[0], target_id=ids[1], mapping=mapping,
        instances=(), reason=scenes.WHY,
    )  # fmt: skip


def at_b(world: World) -> str:
    instance_id = begin(world, "p")
    done(world, instance_id, "a")
    return instance_id


def test_every_instance_moves_with_its_instant_its_claim_and_its_draft(world: World) -> None:
    first, second = at_b(world), begin(world, "p")
    held = task(world, first, "b")
    tasks.claim(world.office.begin(), world.actors[0], task_id=held)
    drafts.save(world.office.begin(), world.actors[0], task_id=held, posted={"remark_0": "先记一笔。"})
    due = rows(world, runtime.work_item, id=held)[0]["due_at"]
    ids = deploy(world, RENAMED)
    with world.office.glance() as look:
        both = version_changes.versions(look, *ids)
    assert moving.suggested(both.old, both.new) == {"b": "b2"}
    assert tried(world, ids, {})[0] != []
    assert tried(world, ids, {"b": "b2"}) == [[], []]

    change_id = propose(world, ids, {"b": "b2"})
    assert open_elements(world, first) == ["b"]
    with pytest.raises(NotAllowed, match="第二人"):
        version_changes.confirm(world.office, scenes.section(world), change_id=change_id)
    results = version_changes.confirm(world.office, scenes.head(world), change_id=change_id)

    assert [one["moved"] for one in results] == [True, True]
    moved = rows(world, runtime.work_item, id=held)[0]
    assert (moved["element_id"], moved["assignee_id"], moved["due_at"]) == (
        "b2",
        world.actors[0].user_id,
        due,
    )
    assert due is not None
    assert [one["field"] for one in rows(world, runtime.draft_value, work_item_id=held)] == ["remark_0"]
    assert {one["definition_id"] for one in rows(world, runtime.process_instance)} == {ids[1]}
    (row_,) = rows(world, version_change)
    assert row_["status"] == "done"
    assert len(rows(world, history.history_event, kind="process_moved")) == 2
    check(world)
    done(world, first, "b2")
    assert open_elements(world, first) == ["g"]
    assert open_elements(world, second) == ["a"]
    check(world)


def test_no_version_takes_a_gate_away_or_puts_one_where_it_was_passed(world: World) -> None:
    at_b(world)
    laxer = deploy(world, LAXER)
    assert "没有与“名g”相当的环节" in tried(world, laxer, {})[0][0]
    with pytest.raises(Conflict, match="不能换版"):
        propose(world, laxer, {})
    stricter = deploy(world, STRICTER)
    assert "增加了“名n”" in tried(world, stricter, {})[0][0]
    begin(world, "p")
    # The one that began on the newest is not among them.
    assert len(tried(world, stricter, {})) == 1


def test_no_version_asks_less_of_who_does_a_gate(world: World) -> None:
    kept_out, both = 'zaishang:recusal="subject"', 'zaishang:recusal="subject relatives"'
    guarded = deploy(world, FIRST.replace(kept_out, both))[1]
    at_b(world)
    laxer = deploy(world, FIRST.replace(kept_out, f'{kept_out} zaishang:separateFrom="a"'))[1]

    assert "放宽了“名g”对办理人的要求" in tried(world, (guarded, laxer), {})[0][0]
    stricter = deploy(world, FIRST.replace(kept_out, f'{both} zaishang:separateFrom="a"'))[1]
    assert tried(world, (guarded, stricter), {}) == [[]]


def test_a_mapping_names_elements_of_both_versions_and_the_versions_are_of_one_process(world: World) -> None:
    at_b(world)
    ids = deploy(world, RENAMED)
    with pytest.raises(Invalid):
        tried(world, ids, {"b": "nowhere"})
    with pytest.raises(Invalid):
        tried(world, ids, {"a": "b2", "b": "b2"})
    with pytest.raises(Invalid), world.office.glance() as look:
        version_changes.versions(look, ids[0], ids[0])


def test_what_has_gone_on_meanwhile_stays_and_the_rest_moves(world: World) -> None:
    first, second = at_b(world), at_b(world)
    ids = deploy(world, RENAMED)
    change_id = propose(world, ids, {"b": "b2"})
    done(world, first, "b")
    done(world, first, "g")

    results = version_changes.confirm(world.office, scenes.head(world), change_id=change_id)

    assert {one["instance_id"]: one["moved"] for one in results} == {first: False, second: True}
    assert "结束" in next(one for one in results if not one["moved"])["sentences"][0]
    with pytest.raises(Conflict):
        version_changes.confirm(world.office, scenes.head(world), change_id=change_id)
    check(world)


def test_a_change_of_version_is_refused_with_a_reason(world: World) -> None:
    at_b(world)
    change_id = propose(world, deploy(world, RENAMED), {"b": "b2"})
    with pytest.raises(Conflict, match="已有一项"):
        propose(world, deploy(world, RENAMED), {"b": "b2"})
    version_changes.reject(world.office.begin(), scenes.head(world), change_id=change_id, reason="不急。")
    assert rows(world, version_change)[0]["status"] == "refused"
    check(world)
