"""The second door takes decisions that can be, once: refused at the field that is wrong, by both persons."""

from typing import Any

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE
from webapp.domain.errors import Invalid, RuleBroken
from webapp.persistence.models import cases
from webapp.services import step_rules
from webapp.services.demo import scenes
from webapp.services.dossier import registered_before

GIVEN = {
    "late_entry": "no", "track": "party", "kind": "warning", "decided_on": "2024-03-01",
    "effective_on": "2024-03-01", "tracking_class": "A", "decision_no": "星纪〔2024〕7号",
}  # fmt: skip


def register(journey: Journey, **given: object) -> str:
    return journey.open_case("jiandu1", CADRE, "sanction", **{**GIVEN, **given})


def refused(journey: Journey, **given: object) -> set[str]:
    """The fields at which the decision is refused; no case is opened."""
    with pytest.raises(Invalid) as invalid:
        register(journey, **given)
    assert journey.rows(cases.case_file) == []
    return set(invalid.value.problems)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"kind": "demerit"}, {"kind"}),
        ({"months_decided": "60"}, {"months_decided"}),
        ({"months_decided": "3"}, {"months_decided"}),
        ({"track": "admin", "months_decided": "3"}, {"months_decided"}),
        ({"track": "admin", "months_decided": "49"}, {"months_decided"}),
        ({"track": "mild", "kind": "admonishment", "months_decided": "3"}, {"months_decided"}),
        ({"kind": "party_probation_one_year", "months_decided": "24"}, {"months_decided"}),
        ({"effective_on": "2024-02-01"}, {"effective_on"}),
        ({"effective_on": "2030-01-01"}, {"effective_on"}),
        ({"decided_on": "2020-03-01", "effective_on": "2020-03-01"}, {"late_entry"}),
        ({"kind": "demerit", "effective_on": "2030-01-01"}, {"kind", "effective_on"}),
        ({"kind": "demerit", "decided_on": "2024-09-01"}, {"kind", "decided_on", "effective_on"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_fields_all_at_once(
    journey: Journey, given: dict[str, str], fields: set[str]
) -> None:
    assert refused(journey, **given) == fields


def test_a_longer_term_that_an_administrative_decision_sets_is_taken(journey: Journey) -> None:
    case_id = register(journey, track="admin", months_decided="24")
    journey.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")

    assert str(journey.ends(case_id)["promotion"][1]) == "2026-02-28"


def test_the_second_person_is_told_on_the_own_form(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as unchecked:
        unchecked.setattr("webapp.services.decision_entry.problems", lambda *_a, **_k: {})
        case_id = register(journey, kind="demerit", effective_on="2024-02-01")

    with pytest.raises(Invalid) as invalid:
        journey.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")

    assert set(invalid.value.problems) == {"entry_outcome"}
    sentence = invalid.value.problems["entry_outcome"]
    assert "没有这种措施" in sentence
    assert "生效日期不能早于决定日期" in sentence
    journey.do(case_id, "check_entry", "anguan", entry_outcome="returned", entry_note="类别和日期有误")
    with pytest.raises(Invalid) as again:
        journey.do(case_id, "register_decision", "jiandu1", **{**GIVEN, "kind": "demerit"})
    assert set(again.value.problems) == {"kind"}
    journey.do(case_id, "register_decision", "jiandu1", **GIVEN)
    journey.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")
    journey.check()


def test_one_decision_is_registered_once_and_the_earlier_file_is_named(journey: Journey) -> None:
    first, second = register(journey), register(journey)
    journey.do(first, "check_entry", "anguan", entry_outcome="confirmed")
    ends = journey.ends(first)
    number = journey.case(first)["number"]

    with pytest.raises(Invalid) as checked:
        journey.do(second, "check_entry", "anguan", entry_outcome="confirmed")
    with pytest.raises(Invalid) as entered:
        register(journey)
    with pytest.raises(Invalid) as misdated:
        register(journey, decided_on="2024-02-29", effective_on="2024-03-01")

    assert set(misdated.value.problems) == {"decision_no"}, "nor under another day"
    assert number in checked.value.problems["entry_outcome"]
    assert set(entered.value.problems) == {"decision_no"}
    assert number in entered.value.problems["decision_no"]
    assert journey.ends(first) == ends
    journey.do(second, "check_entry", "anguan", entry_outcome="withdrawn", entry_note="重复登记")
    journey.check()


def test_the_service_itself_takes_no_decision_twice(
    journey_on_both: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = journey_on_both
    first, second = register(journey), register(journey)
    journey.do(first, "check_entry", "anguan", entry_outcome="confirmed")
    rules: dict[Any, Any] = {**step_rules.RULES}
    rules.pop(("p06_sanction_intake", "check_entry"))
    monkeypatch.setattr(step_rules, "RULES", rules)

    with pytest.raises(RuleBroken) as refused:
        journey.do(second, "check_entry", "anguan", entry_outcome="confirmed")

    assert [one.code for one in refused.value.reasons] == ["MEASURE_TWICE"]
    assert len(journey.rows(cases.measure)) == 1
    journey.check()


def test_a_revoked_decision_may_be_entered_again(journey: Journey) -> None:
    first = scenes.take_in(journey, CADRE, **GIVEN)
    (measure,) = journey.rows(cases.measure, case_id=first)
    with journey.begin() as work:
        asked = (measure["track"], measure["kind"])
        assert registered_before(work, CADRE, *asked, " 星纪[2024]7号") is not None
        assert registered_before(work, CADRE, *asked, "星纪〔2024〕8号") is None
        work.update(cases.measure, {"id": measure["id"]}, {"ended_by": "revoked"})
        assert registered_before(work, CADRE, *asked, "星纪〔2024〕7号") is None
