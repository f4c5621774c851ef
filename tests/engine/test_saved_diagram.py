"""A diagram as a modeller saves it: nothing is lost, nothing is complained about, and it runs."""

from pathlib import Path

import pytest

from tests.engine.builder import CATALOGUE
from tests.engine.play import Play
from webapp.engine import Node, check, parse

FILES = {
    "approval.bpmn": (Path(__file__).parent / "diagrams" / "approval.bpmn").read_bytes(),
    "forms/proposal.json": b'{"id": "proposal", "components": []}',
    "forms/opinion.json": b'{"id": "opinion", "components": []}',
}


def test_nothing_is_complained_about() -> None:
    assert check(FILES, CATALOGUE) == ()


def test_everything_a_reader_wants_is_kept() -> None:
    definition = parse(FILES, CATALOGUE)

    assert (definition.key, definition.name) == ("approval", "审批")
    assert definition.documentation == "一次审批，不同意的退回重办。"
    assert definition.lanes == ("干部科", "部领导")
    assert set(definition.forms) == {"proposal", "opinion"}
    assert definition.nodes["propose"] == Node(
        id="propose", kind="userTask", name="拟办", lane="干部科", form_key="proposal",
        candidate_groups=("case_officer",), documentation="写明理由。",
    )  # fmt: skip
    assert definition.nodes["approve"].extras["separateFrom"] == "propose"
    assert definition.nodes["sent"].message == "result_told"
    flow = next(flow for flow in definition.flows if flow.id == "is_agreed")
    assert (flow.name, flow.condition) == ("同意", 'opinion = "agree"')


@pytest.mark.parametrize("returned", [0, 2])
def test_it_runs_back_and_forth_to_its_end(returned: int) -> None:
    play = Play(parse(FILES, CATALOGUE))
    play.start()

    for opinion in ["return"] * returned + ["agree"]:
        play.complete("propose")
        step = play.complete("approve", opinion=opinion)

    assert step.finished
    assert [message.message for message in step.outbox] == ["result_told"]
