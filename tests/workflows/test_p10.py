"""复核、申诉: every path of p10_appeal."""

from datetime import date
from typing import Any

import pytest
from lxml import etree

from tests.workflows.walker import Walk, bundle, definition
from webapp.domain.fields import fields_of
from webapp.domain.roles import ROLES
from webapp.engine import Catalogue, check
from webapp.services.delegates import DELEGATES

P10 = "p10_appeal"
FILED = date(2026, 3, 10)
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
PANEL = ["person-1", "person-2", "person-3"]


def filed(body: str = "org_dept") -> Walk:
    variables = {
        "caseId": "case-1", "cadreId": "cadre-1", "appeal_id": "appeal-1", "route": "direct_appeal", "body": body,
        "accept_by": "2026-04-09",
    }  # fmt: skip
    fakes = {
        "accept_appeal": {"decide_by": "2026-05-11", "remind_on": "2026-05-01"},
        "extend_appeal": {"decide_by": "2026-06-10", "remind_on": "2026-05-31"},
    }
    return Walk(P10, day=FILED, fakes=fakes, variables=variables)


def accepted() -> Walk:
    walk = filed()
    walk.complete("accept", acceptance="accepted")
    return walk


def decided(result: str, **more: Any) -> Walk:
    walk = accepted()
    walk.complete("review", review_outcome="submit", reviewers=PANEL)
    walk.complete(
        "decide",
        appeal_result=result,
        decided_on="2026-04-20",
        appeal_document_no="星组复〔2026〕1号",
        appeal_organ="中共星屿市委",
        **more,
    )
    return walk


def test_the_linter_has_nothing_to_say() -> None:
    catalogue = Catalogue(frozenset(DELEGATES), frozenset(role.code for role in ROLES))
    assert check(bundle(P10), catalogue) == ()


def test_every_node_and_flow_is_drawn_and_every_form_is_used() -> None:
    root = etree.fromstring(bundle(P10)[f"{P10}.bpmn"])
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    whole = definition(P10)
    assert set(whole.nodes) | {flow.id for flow in whole.flows} <= drawn
    assert set(whole.forms) == {node.form_key for node in whole.nodes.values() if node.form_key}
    for schema in whole.forms.values():
        fields_of(schema)


def test_nothing_touches_the_decision_its_periods_or_the_tracking_before_the_answer() -> None:
    walk = decided("revoked")
    assert {name for name, _ in walk.asked} == {"accept_appeal", "check_panel", "decide_appeal"}
    walk.complete("answer", delivered_on="2026-04-21", delivery_signed="signed")
    assert [name for name, _ in walk.asked][-2:] == ["answer_appeal", "apply_appeal_result"]


@pytest.mark.parametrize("element", ["accept", "review", "decide"])
def test_who_brought_the_cadre_down_keeps_away(element: str) -> None:
    apart = str(definition(P10).nodes[element].extras["separateFrom"]).split()
    assert {"process:p01_down_adjustment", "process:p06_sanction_intake"} <= set(apart)
    assert ("review" in apart) is (element == "decide")


def test_an_appeal_not_taken_up_is_answered_all_the_same() -> None:
    walk = filed()
    assert walk.due("accept") == date(2026, 4, 9)
    walk.complete("accept", acceptance="rejected")
    assert walk.open == {"answer"}
    walk.complete("answer", delivered_on="2026-03-20", delivery_signed="signed")
    assert walk.finished
    assert walk.calls("answer_appeal") == [{"appeal_id": "appeal-1", "delivered_on": "2026-03-20"}]


def test_an_upheld_decision_ends_with_the_answer() -> None:
    walk = decided("upheld")
    assert walk.calls("check_panel") == [{"appeal_id": "appeal-1", "reviewers": PANEL}]
    walk.complete("answer", delivered_on="2026-04-21", delivery_signed="signed")
    assert walk.finished
    assert "register_result" not in walk.visited


@pytest.mark.parametrize("result", ["changed", "revoked", "redo"])
def test_any_other_result_is_registered_elsewhere(result: str) -> None:
    walk = decided(result, **({"new_kind": "lateral_transfer"} if result == "changed" else {}))
    (call,) = walk.calls("decide_appeal")
    assert (call["result"], call["new_kind"]) == (result, "lateral_transfer" if result == "changed" else None)
    walk.complete("answer", delivered_on="2026-04-21", delivery_signed="not_signed")
    assert walk.open == {"register_result"}
    assert bool(walk.calls("apply_appeal_result")) is (result != "redo")
    walk.complete("register_result")
    assert walk.finished


def test_the_time_to_decide_is_pressed_ten_days_before_and_may_be_made_longer() -> None:
    walk = accepted()
    assert walk.due("review") == date(2026, 5, 11)
    walk.until(date(2026, 5, 1))
    assert walk.open == {"review", "press"}

    walk.complete("review", review_outcome="extend")

    assert walk.due("review") == date(2026, 6, 10)
    walk.until(date(2026, 5, 31))
    assert len([task for task in walk.tasks.values() if task.element_id == "press"]) == 2


def test_the_organ_that_answers_for_the_track_handles_it() -> None:
    def groups(body: str) -> set[str]:
        (task,) = filed(body).tasks.values()
        return set(task.groups)

    assert groups("org_dept") == {"appeal_committee", "cadre_supervision"}
    assert groups("discipline") == {"petition_dept", "trial_dept", "discipline_organ"}
