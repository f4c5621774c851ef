"""Measures corrected, revoked, changed by review and extended, with periods and tracking that follow."""

from datetime import date, timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, MENTOR, to_tracking
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from webapp.domain.measure_changes import Change, Registered
from webapp.persistence.models import cases, history, runtime
from webapp.services import appeals, eligibility, measure_changes, messages
from webapp.services import cases as case_verbs
from webapp.services.demo import scenes

WHY = "登记时把文号和日期看错。"
PAPER = ("中共星屿市纪委", "星纪复〔2024〕7号")
WARNED = {
    "track": "party", "kind": "warning", "decided_on": "2024-01-10", "effective_on": "2024-01-10",
    "deciding_organ": "中共星屿市纪委",
}  # fmt: skip


def warned(journey: Journey, **given: str) -> tuple[str, str]:
    """A punished cadre whose tracking runs → case and measure."""
    case_id = scenes.take_in(journey, CADRE, late_entry="yes", tracking_class="B", **(WARNED | given))
    journey.do(
        case_id, "record_past_execution", "jiandu1", talked_on=str(given.get("decided_on", "2024-01-12"))
    )
    if "open_file_discipline" in journey.elements(case_id):
        scenes.set_up_tracking(journey, case_id, mentor=MENTOR, tracking_class="B")
    return case_id, journey.row(cases.measure, case_id=case_id)["id"]


def correction(**new: object) -> Change:
    values = {
        "track": "party", "kind": "warning", "organ": "中共星屿市纪委", "document_no": "星纪〔2024〕3号",
        "decided_on": date(2024, 1, 10), "effective_on": date(2024, 1, 10), **new,
    }  # fmt: skip
    return Change("correct", *PAPER, date(2024, 2, 1), Registered(**values))  # type: ignore[arg-type]


def propose(journey: Journey, measure_id: str, change: Change, by: str = "shenli") -> str:
    return measure_changes.propose(
        journey.begin(), journey.actor(by), measure_id=measure_id, change=change, reason=WHY
    )


def make(journey: Journey, measure_id: str, change: Change) -> None:
    change_id = propose(journey, measure_id, change)
    measure_changes.confirm(journey.begin(), journey.actor("jiwei"), change_id=change_id)
    messages.deliver_all(journey.office)


def test_a_correction_takes_a_second_person_and_moves_the_periods(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id, measure_id = warned(journey)
    change_id = propose(journey, measure_id, correction(kind="serious_warning"))

    assert journey.ends(case_id)["promotion"][1] == date(2025, 1, 9)
    with pytest.raises(NotAllowed):
        measure_changes.confirm(journey.begin(), journey.actor("shenli"), change_id=change_id)
    with pytest.raises(Conflict):
        propose(journey, measure_id, correction(kind="revoke_party_post"))
    measure_changes.confirm(journey.begin(), journey.actor("jiwei"), change_id=change_id)
    with pytest.raises(Conflict):
        measure_changes.confirm(journey.begin(), journey.actor("jiwei"), change_id=change_id)

    measure = journey.row(cases.measure, id=measure_id)
    assert (measure["kind"], measure["document_no"]) == ("serious_warning", "星纪〔2024〕3号")
    assert journey.ends(case_id) == {"promotion": (date(2024, 1, 10), date(2025, 7, 9))}
    messages.deliver_all(journey.office)
    assert journey.plan(CADRE)["latest_end"] == date(2025, 7, 9)
    told = journey.rows(history.history_event, case_id=case_id, kind="measure_corrected")[0]["body"]
    assert b"party.warning" in told
    assert b"party.serious_warning" in told
    assert WHY.encode() not in told
    journey.check()


def test_a_corrected_kind_gains_and_loses_bars(journey: Journey) -> None:
    case_id, measure_id = warned(journey, kind="revoke_party_post")
    assert set(journey.ends(case_id)) == {"promotion", "equal"}

    make(journey, measure_id, correction(kind="warning"))
    assert journey.ends(case_id) == {"promotion": (date(2024, 1, 10), date(2025, 1, 9))}
    make(journey, measure_id, correction(kind="revoke_party_post", effective_on=date(2024, 1, 20)))

    both = (date(2024, 1, 20), date(2026, 1, 19))
    assert journey.ends(case_id) == {"promotion": both, "equal": both}
    journey.check()


def test_a_revoked_decision_ends_periods_and_tracking_and_counts_no_more(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id, measure_id = warned(journey)
    barred = {"action": "promotion", "step": "initiation", "today": journey.today}
    with journey.office.glance() as look:
        assert "IN_IMPACT_PERIOD" in {one.code for one in eligibility.check(look, CADRE, **barred).reasons}

    make(journey, measure_id, Change("revoke", *PAPER, date(2024, 3, 1)))

    assert journey.ends(case_id) == {"promotion": (date(2024, 1, 10), date(2024, 3, 1))}
    plan = journey.plan(CADRE)
    assert (plan["status"], plan["conclusion"]) == ("closed", "decision_revoked")
    assert journey.case(case_id)["status"] == "closed"
    with journey.office.glance() as look:
        found = eligibility.facts_of(look, CADRE, post_id=None, variables={}, **barred)
    assert found.measures == frozenset()
    with pytest.raises(Conflict):
        propose(journey, measure_id, Change("revoke", *PAPER, date(2024, 3, 2)))
    assert "measure_revoked" in journey.events(case_id)
    journey.check()


def test_the_rest_of_a_revoked_measure_leaves_the_later_one(journey: Journey) -> None:
    _, first = warned(journey)
    second, _ = warned(journey, kind="serious_warning", decided_on="2024-02-10", effective_on="2024-02-10")
    assert journey.ends(second)["promotion"] == (date(2024, 2, 10), date(2026, 7, 9))

    make(journey, first, Change("revoke", *PAPER, date(2024, 3, 1)))

    assert journey.ends(second)["promotion"] == (date(2024, 2, 10), date(2025, 8, 9))
    plan = journey.plan(CADRE)
    assert (plan["status"], plan["latest_end"]) == ("open", date(2025, 8, 9))
    journey.check()


def test_a_review_changes_the_kind_from_the_first_day_and_keeps_what_has_barred(journey: Journey) -> None:
    case_id, measure_id = warned(journey, kind="revoke_party_post")

    new = correction(kind="serious_warning").new
    make(journey, measure_id, Change("change", *PAPER, date(2024, 3, 1), new))

    assert journey.ends(case_id) == {
        "promotion": (date(2024, 1, 10), date(2025, 7, 9)),
        "equal": (date(2024, 1, 10), date(2024, 3, 1)),
    }
    assert journey.plan(CADRE)["latest_end"] == date(2025, 7, 9)
    journey.check()


def test_probation_is_extended_to_two_years_and_rights_come_back_only_then(journey: Journey) -> None:
    case_id, measure_id = warned(journey, kind="party_probation_one_year", effective_on="2023-04-10",
                                 decided_on="2023-04-10")  # fmt: skip
    make(journey, measure_id, Change("extend", *PAPER, date(2024, 3, 1)))

    assert journey.row(cases.measure, id=measure_id)["kind"] == "party_probation_two_years"
    assert journey.ends(case_id)["promotion"] == (date(2023, 4, 10), None)
    with pytest.raises(RuleBroken):
        propose(journey, measure_id, Change("extend", *PAPER, date(2024, 3, 2)))
    scenes.live(journey, case_id, date(2024, 4, 15))
    with pytest.raises(RuleBroken):
        journey.restore_rights(case_id, date(2024, 4, 12))
    with pytest.raises(Invalid) as undocumented:
        case_verbs.restore_rights(
            journey.begin(), journey.actor("jiwei"), case_id=case_id, restored_on=date(2024, 4, 12),
            organ="中共星屿市纪委", document_no=" ",
        )  # fmt: skip
    assert set(undocumented.value.problems) == {"document_no"}
    journey.check()


def test_who_is_suspended_holds_no_leading_post_until_it_is_ended(journey: Journey) -> None:
    case_id, measure_id = warned(journey, track="handling", kind="suspension")
    barred = {"action": "same_level", "step": "initiation", "today": journey.today}
    with journey.office.glance() as look:
        assert "IN_IMPACT_PERIOD" in {one.code for one in eligibility.check(look, CADRE, **barred).reasons}
    assert {bar: until for bar, (_, until) in journey.ends(case_id).items()} == {
        "promotion": None,
        "leading": None,
    }

    ended = Change("end", *PAPER, journey.today)
    change_id = propose(journey, measure_id, ended, by="ganbu1")
    measure_changes.confirm(journey.begin(), journey.actor("fubuzhang1"), change_id=change_id)

    assert {until for _, until in journey.ends(case_id).values()} == {journey.today}
    journey.check()


def test_who_was_discharged_is_given_no_post_of_any_level(journey: Journey) -> None:
    case_id, _ = warned(journey, track="admin", kind="discharge")

    barred = {"action": "same_level", "step": "initiation", "today": journey.today}
    with journey.office.glance() as look:
        found = [one.code for one in eligibility.check(look, CADRE, **barred).reasons]
    assert found.count("IN_IMPACT_PERIOD") == 2
    assert {until for _, until in journey.ends(case_id).values()} == {None}


def test_a_change_that_is_not_agreed_changes_nothing(journey: Journey) -> None:
    case_id, measure_id = warned(journey)
    change_id = propose(journey, measure_id, correction(kind="serious_warning"))

    with pytest.raises(Invalid):
        measure_changes.reject(journey.begin(), journey.actor("jiwei"), change_id=change_id, reason=" ")
    measure_changes.reject(journey.begin(), journey.actor("jiwei"), change_id=change_id, reason="依据不足")

    assert journey.row(cases.measure, id=measure_id)["kind"] == "warning"
    assert journey.rows(runtime.outbox, status="waiting", message="plan_changed") == []
    assert "measure_change_rejected" in journey.events(case_id)
    journey.check()


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("ganbu1", NotAllowed), ("jilu", NotAllowed), ("anquan", NotFound), ("benren", NotFound)],
)
def test_only_the_organ_of_the_track_proposes(journey: Journey, login: str, refusal: type[Exception]) -> None:
    _, measure_id = warned(journey)

    with pytest.raises(refusal):
        propose(journey, measure_id, Change("revoke", *PAPER, date(2024, 3, 1)), by=login)


def test_the_committees_decision_is_not_replaced_without_a_meeting(journey: Journey) -> None:
    case_id = to_tracking(journey, manner="demotion")
    measure = journey.row(cases.measure, case_id=case_id)
    said = {}
    for kind in ("lateral_transfer", "relieve_of_post"):
        new = Registered(
            "up_down", kind, "中共星屿市委", "星委", measure["decided_on"], measure["effective_on"]
        )
        with pytest.raises(RuleBroken) as refused:
            propose(journey, measure["id"], Change("change", *PAPER, journey.today, new), by="ganbu1")
        said[kind] = [one.code for one in refused.value.reasons]

    assert said == {"lateral_transfer": ["REVIEW_UNDECIDED"], "relieve_of_post": ["REVIEW_UNDECIDED"]}
    assert journey.rows(cases.measure_change) == []


def test_nothing_changes_a_measure_while_an_appeal_against_it_runs(journey: Journey) -> None:
    case_id = to_tracking(journey, manner="demotion")
    measure_id = journey.row(cases.measure, case_id=case_id)["id"]
    revoke = Change("revoke", *PAPER, journey.today)
    change_id = propose(journey, measure_id, revoke, by="ganbu1")
    filing = appeals.Filing("请求复核。")
    appeals.file(
        journey.begin(),
        journey.actor("benren"),
        measure_id=measure_id,
        route="review",
        filing=filing,
        key="k",
    )

    with pytest.raises(RuleBroken) as confirmed:
        measure_changes.confirm(journey.begin(), journey.actor("fubuzhang1"), change_id=change_id)
    measure_changes.reject(journey.begin(), journey.actor("ganbu1"), change_id=change_id, reason="等待复核。")
    with pytest.raises(RuleBroken) as proposed:
        propose(journey, measure_id, revoke, by="ganbu1")

    assert [one.reasons[0].code for one in (confirmed.value, proposed.value)] == ["APPEAL_RUNNING"] * 2
    assert journey.row(cases.measure, id=measure_id)["ended_by"] is None
    journey.check()


def test_a_review_that_would_bar_longer_is_not_agreed_to(journey: Journey) -> None:
    given = {"track": "admin", "kind": "demerit"}
    _, measure_id = warned(journey, **given)
    new = correction(track="admin", kind="warning", months_decided=40).new
    change_id = propose(journey, measure_id, Change("change", *PAPER, date(2024, 3, 1), new))

    with pytest.raises(RuleBroken) as refused:
        measure_changes.confirm(journey.begin(), journey.actor("jiwei"), change_id=change_id)

    assert refused.value.reasons[0].code == "REVIEW_HEAVIER"
    assert journey.row(cases.measure, id=measure_id)["kind"] == "demerit"
    journey.check()


def test_kind_and_term_are_corrected_by_a_paper_of_the_organ_that_decided_only(journey: Journey) -> None:
    _, measure_id = warned(journey)
    new = correction(kind="serious_warning").new
    with pytest.raises(RuleBroken) as foreign:
        propose(
            journey, measure_id, Change("correct", "星屿市水务局", "水函〔2024〕1号", date(2024, 2, 1), new)
        )
    assert [one.code for one in foreign.value.reasons] == ["CORRECTED_WITHOUT_ORGAN"]
    water = ("星屿市水务局", "水函〔2024〕1号", date(2024, 2, 1))
    with pytest.raises(RuleBroken) as claimed:
        propose(
            journey,
            measure_id,
            Change("correct", *water, correction(kind="serious_warning", organ=water[0]).new),
        )
    assert [one.code for one in claimed.value.reasons] == ["CORRECTED_WITHOUT_ORGAN"], (
        "nor by naming it the decider"
    )
    number = correction().new
    propose(
        journey, measure_id, Change("correct", "星屿市水务局", "水函〔2024〕1号", date(2024, 2, 1), number)
    )


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"effective_on": date(2024, 12, 1)}, "effective_on"),
        ({"months_decided": 48}, "months_decided"),
        ({"track": "admin", "kind": "demerit", "months_decided": 3}, "months_decided"),
    ],
)
def test_a_correction_says_nothing_that_a_registration_could_not(
    journey: Journey, new: dict[str, object], field: str
) -> None:
    _, measure_id = warned(journey)

    with pytest.raises(Invalid) as refused:
        propose(journey, measure_id, correction(**new))

    assert set(refused.value.problems) == {field}
    assert journey.rows(cases.measure_change) == []


def test_what_the_committee_decided_is_corrected_to_what_its_meeting_passed_only(journey: Journey) -> None:
    case_id = to_tracking(journey)
    row = journey.row(cases.measure, case_id=case_id)
    stands = {
        "track": row["track"], "kind": row["kind"], "organ": PAPER[0], "document_no": "星委〔2024〕1号",
        "decided_on": row["decided_on"], "effective_on": row["effective_on"],
    }  # fmt: skip

    def corrected(**new: object) -> list[str]:
        change = Change("correct", *PAPER, journey.today, Registered(**{**stands, **new}))
        with pytest.raises(RuleBroken) as refused:
            propose(journey, row["id"], change, "ganbu1")
        return [one.code for one in refused.value.reasons]

    earlier = row["decided_on"] - timedelta(days=1)
    assert corrected(decided_on=earlier, effective_on=earlier) == ["CORRECTED_WITHOUT_MEETING"]
    assert corrected(kind="lateral_transfer") == ["CORRECTED_WITHOUT_MEETING"], (
        "no other manner than was passed"
    )
    propose(journey, row["id"], Change("correct", *PAPER, journey.today, Registered(**stands)), "ganbu1")
