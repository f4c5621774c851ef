"""What comes next 下一步, told from the diagram: into the phases of a process and out of them again."""

from typing import Any

import pytest

from tests.engine.builder import diagram
from tests.workflows.walker import definition
from webapp.queries.tasks import ahead

NOBODY = {"camunda_candidateGroups": "", "camunda_assignee": "p1"}


def names(key: str, element_id: str) -> list[str]:
    """The steps ahead of an element, by name."""
    found: Any = definition(key)
    return [one.name for one in ahead(found, element_id)]


@pytest.mark.parametrize(
    ("key", "element", "following"),
    [
        ("p04_reinstatement", "set_up_examination", "考察并写出考察材料"),
        ("p04_reinstatement", "result_dept", "党委会讨论决定任用"),
        ("p04_reinstatement", "rework", "党委会讨论决定任用"),
        ("p02_tracking", "arrange_post", "期满前 30 日或 60 日"),
        ("p03_return_visit", "hold_visit", "本人核对签字"),
    ],
)
def test_the_last_task_of_a_phase_tells_the_first_step_of_the_next(
    key: str, element: str, following: str
) -> None:
    assert following in names(key, element)


def test_a_refusal_that_leaves_the_phase_is_told_where_it_leaves() -> None:
    assert "党委讨论未通过" in names("p04_reinstatement", "result_committee")


def test_the_way_leads_into_a_called_process_and_out_of_it_again() -> None:
    callee = diagram("q").start("qs").user("inside", **NOBODY).end("qe")
    drawn = diagram().start().user("first").call("c", "q").user("after", **NOBODY).end()
    found: Any = drawn.parsed(callee)

    assert [one.name for one in ahead(found, "first")] == ["inside"]
    assert [one.name for one in ahead(found, "q:inside")] == ["after"]
