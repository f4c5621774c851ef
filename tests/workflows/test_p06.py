"""p06 登记处分（处理）决定: every way through the diagram, and the table of months it rests on."""

from datetime import date

import pytest
from lxml import etree

from tests.workflows.desk import CASE, CATALOGUE, NOW, Desk, bundle, definition
from webapp.domain.fields import fields_of, flat
from webapp.domain.measures import MEASURES, Measure
from webapp.domain.workdays import BUSINESS_ZONE
from webapp.engine import check

P06 = "p06_sanction_intake"
D1 = "d01_impact_period"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def registered(**answers: object) -> Desk:
    usual = {
        "late_entry": "no", "track": "admin", "kind": "demerit", "decision_no": "星屿监〔2026〕5号",
        "decided_on": "2026-02-25", "effective_on": "2026-02-25", "months_decided": None,
        "deciding_organ": "星屿市监察委员会", "tracking_class": "B",
    }  # fmt: skip
    return Desk(P06).begin().do("register_decision", **{**usual, **answers})


def confirmed(**answers: object) -> Desk:
    return registered(**answers).do("check_entry", entry_outcome="confirmed")


def announce(desk: Desk) -> Desk:
    return desk.do(
        "announce", talked_on="2026-03-05", talkers=["person-1", "person-2"], talk_signed="not_signed"
    )


def months(track: str, kind: str, decided: int | None = None) -> dict[str, object]:
    inputs = {"track": track, "kind": kind, "months_decided": decided}
    return dict(definition(P06).decisions[D1].decide(D1, inputs, now=NOW).value)


def test_the_linter_has_nothing_to_say() -> None:
    assert check(bundle(P06), CATALOGUE) == ()


def test_every_node_and_flow_is_drawn() -> None:
    root = etree.fromstring(bundle(P06)[f"{P06}.bpmn"])
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    whole = definition(P06)
    assert set(whole.nodes) | {flow.id for flow in whole.flows} <= drawn


def test_every_form_is_used_and_readable_by_the_form_rules() -> None:
    whole = definition(P06)
    assert set(whole.forms) == {node.form_key for node in whole.nodes.values() if node.form_key}
    for schema in whole.forms.values():
        fields_of(schema)


def test_a_decision_opens_its_periods_and_the_tracking_the_same_day() -> None:
    desk = confirmed()
    assert desk.called("register_measure") == [
        {"track": "admin", "kind": "demerit", "decided_on": "2026-02-25", "effective_on": "2026-02-25",
         "months_decided": None, "document_no": "星屿监〔2026〕5号", "organ": "星屿市监察委员会", "late_entry": False}
    ]  # fmt: skip
    (periods,) = desk.called("open_impact_periods")
    assert periods["months"]["promotion"] == 12
    (tracking,) = desk.called("open_tracking")
    assert (tracking["opened_on"], tracking["care"]) == ("2026-02-25", "education")
    assert desk.open() == {"announce", "execution_formalities"}


def test_another_person_checks_the_entry() -> None:
    assert definition(P06).nodes["check_entry"].extras["separateFrom"] == "register_decision"
    assert registered().open() == {"check_entry"}
    assert registered().called("register_measure") == []


def test_a_wrong_entry_is_returned() -> None:
    assert registered().do("check_entry", entry_outcome="returned").open() == {"register_decision"}


def test_an_entry_that_does_not_belong_here_is_withdrawn() -> None:
    desk = registered().do("check_entry", entry_outcome="withdrawn")
    assert desk.ended_at("end_withdrawn")
    assert desk.called("close_case") == [{"outcome": "entry_withdrawn"}]
    assert desk.called("open_tracking") == []


def test_announcing_and_formalities_are_due_in_one_month_and_the_report_in_six() -> None:
    desk = confirmed()
    due = {t.element_id: t.due_at.astimezone(BUSINESS_ZONE).date() for t in desk.tasks.values() if t.due_at}
    assert due == {"announce": date(2026, 3, 25), "execution_formalities": date(2026, 3, 25)}
    announce(desk).do("execution_formalities", post_changed="no", extended="no")
    (report,) = desk.tasks.values()
    assert report.element_id == "report_execution"
    assert report.due_at is not None
    assert report.due_at.astimezone(BUSINESS_ZONE).date() == date(2026, 8, 25)


def test_the_talk_is_recorded_and_tracking_told_before_the_rest_is_done() -> None:
    desk = confirmed()
    assert desk.sent == []
    announce(desk)
    assert desk.called("record_talk") == [{"talked_on": "2026-03-05"}]
    (message,) = desk.sent
    assert (message.message, message.correlation) == ("talk_recorded", CASE["caseId"])
    assert desk.open() == {"execution_formalities"}


def test_an_execution_without_change_of_post_ends_with_the_report() -> None:
    desk = announce(confirmed()).do("execution_formalities", post_changed="no", extended="no")
    desk.do("report_execution", reported_on="2026-05-01")
    assert desk.ended_at("end_executed")
    assert desk.called("apply_adjustment") == []
    assert desk.called("close_case") == [], "the case goes on: tracking"


def test_a_change_of_post_takes_effect_with_the_formalities() -> None:
    desk = confirmed(kind="dismissal_sanction")
    desk.do("execution_formalities", post_changed="yes", target_post_id="post-7", extended="no",
            post_effective_on="2026-03-06", post_document_no="星屿任〔2026〕4号")  # fmt: skip
    assert desk.called("apply_adjustment") == [
        {"manner": "dismissal_sanction", "target_post_id": "post-7", "effective_on": "2026-03-06",
         "document_no": "星屿任〔2026〕4号"}
    ]  # fmt: skip
    assert desk.open() == {"announce"}
    assert announce(desk).open() == {"report_execution"}


def test_a_late_entry_tracks_from_today_and_records_what_was_done_then() -> None:
    desk = confirmed(late_entry="yes", decided_on="2025-06-01", effective_on="2025-06-01")
    assert desk.called("register_measure")[0]["late_entry"] is True
    assert desk.called("register_measure")[0]["effective_on"] == "2025-06-01"
    assert desk.called("open_tracking")[0]["opened_on"] == "2026-03-02"
    assert desk.open() == {"record_past_execution"}
    desk.do("record_past_execution", talked_on="2025-06-10")
    assert desk.called("record_talk") == [{"talked_on": "2025-06-10"}]
    assert [message.message for message in desk.sent] == ["talk_recorded"]
    assert desk.ended_at("end_late")


def test_the_months_decided_reach_the_table() -> None:
    desk = confirmed(months_decided=18)
    assert desk.called("open_impact_periods")[0]["months"]["promotion"] == 18


def test_no_task_before_the_talk_is_for_the_cadre_the_mentor_or_the_unit() -> None:
    hidden = {"subject", "mentor", "unit_party_org", "unit_personnel"}
    for node in definition(P06).nodes.values():
        assert not hidden & set(node.candidate_groups), node.id


def test_the_announcement_records_remedy_and_a_refused_signature() -> None:
    fields = {one.key: one for one in flat(fields_of(definition(P06).forms["announcement"]))}
    assert fields["remedy_notified"].required
    for key in ("not_signed_note", "talk_witness"):
        assert fields[key].required
        assert fields[key].condition == '=talk_signed != "not_signed"'


def test_the_form_offers_exactly_the_kinds_of_the_measure_catalogue() -> None:
    fields = {one.key: one for one in flat(fields_of(definition(P06).forms["decision"]))}
    tracks = {option.value for option in fields["track"].options}
    kinds = {option.value for option in fields["kind"].options}
    light = {"reminder", "inquiry", "criticism"}
    assert kinds == {one.code for one in MEASURES if one.track in tracks} - light


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
def test_the_table_of_months_knows_every_kind_of_measure(measure: Measure) -> None:
    answer = months(measure.track, measure.code)
    assert set(answer) == {"promotion", "equal", "leading", "open_until"}
    assert (answer["open_until"] is not None) == measure.open_ended


@pytest.mark.parametrize(
    ("track", "kind", "promotion", "equal", "leading"),
    [
        ("party", "warning", 12, None, None),
        ("party", "serious_warning", 18, None, None),
        ("party", "serious_warning_for_removal", 24, 24, None),
        ("party", "revoke_party_post", 24, 24, None),
        ("party", "party_probation_two_years", 24, 24, None),
        ("party", "expulsion", 60, 60, None),
        ("admin", "warning", 6, None, None),
        ("admin", "demerit", 12, None, None),
        ("admin", "major_demerit", 18, None, None),
        ("admin", "grade_down", 24, None, None),
        ("admin", "dismissal_sanction", 24, 24, None),
        ("handling", "post_adjustment", 12, None, None),
        ("handling", "ordered_resignation", 24, None, 12),
        ("handling", "demotion", 24, None, None),
        ("accountability", "resignation_taking_blame", 24, None, 12),
        ("up_down", "lateral_transfer", 12, None, None),
        ("up_down", "moved_from_post", 12, None, None),
        ("up_down", "relieve_of_post", 12, None, None),
        ("up_down", "demotion", 24, None, None),
        ("handling", "suspension", None, None, 6),
        ("admin", "discharge", None, 60, 60),
        ("mild", "admonishment", 6, None, None),
        ("mild", "reminder", None, None, None),
    ],
)
def test_the_months_of_each_kind(
    track: str, kind: str, promotion: int | None, equal: int | None, leading: int | None
) -> None:
    answer = months(track, kind)
    assert (answer["promotion"], answer["equal"], answer["leading"]) == (promotion, equal, leading)


@pytest.mark.parametrize(("decided", "counted"), [(None, 12), (6, 12), (18, 18), (60, 48)])
def test_a_decision_may_set_a_longer_period_up_to_forty_eight_months(
    decided: int | None, counted: int
) -> None:
    assert months("admin", "demerit", decided)["promotion"] == counted
