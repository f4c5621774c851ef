"""What has come up since the talk is asked when the post is given: a sanction, a taken place, a late letter."""

from typing import Any

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, OTHER
from webapp.domain.errors import Conflict, Invalid, RuleBroken
from webapp.persistence import counting
from webapp.persistence.models import cases, history, people, runtime
from webapp.queries import acts
from webapp.services import eligibility, messages, publicity
from webapp.services.demo import scenes
from webapp.services.demo.organisation import fixed
from webapp.services.demo.scenes import post

Place = tuple[Journey, str]
TARGET = "jyj:deputy"


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def published(journey: Journey, case_id: str) -> Any:
    """Decided and published → the publicity."""
    scenes.initiate(journey, case_id, branch="further_use", post_id=post(TARGET))
    scenes.examine(journey, case_id, branch="further_use")
    scenes.decide_way_up(journey, case_id)
    journey.do(case_id, "draft_notice", publicity_from=journey.today)
    return journey.row(cases.publicity, case_id=case_id)


def talked(journey: Journey, case_id: str) -> Any:
    """The publicity over and the talk held → the publicity."""
    row = published(journey, case_id)
    journey.until(row["closes_on"])
    talkers = [journey.person("fubuzhang2")]
    journey.do(case_id, "appointment_talk", "fubuzhang2", talkers=talkers, talk_signed="signed")
    return row


def object_to(journey: Journey, case_id: str, received_on: Any) -> str:
    return publicity.receive_objection(
        journey.begin(), journey.actor("jiandu1"), case_id=case_id, manner="letter", received_on=received_on,
        text="反映",
    )  # fmt: skip


def fill(journey: Journey, post_id: str) -> None:
    """Somebody else takes the last places of a post."""
    free = journey.row(people.post, id=post_id)["quota"] - len(
        journey.rows(people.appointment, post_id=post_id, valid_to=None)
    )
    with journey.office.engine.begin() as connection:
        for number in range(free):
            connection.execute(
                people.appointment.insert().values(
                    id=fixed("meanwhile", str(number)), person_id=OTHER, post_id=post_id,
                    valid_from=journey.today, manner="appointment",
                )
            )  # fmt: skip


def test_a_sanction_and_a_filled_post_since_the_talk_refuse_the_appointment_with_every_reason(
    on_the_way_up: Place,
) -> None:
    journey, case_id = on_the_way_up
    talked(journey, case_id)
    today = journey.today.isoformat()
    scenes.take_in(
        journey, CADRE, late_entry="no", track="admin", kind="warning", decided_on=today, effective_on=today,
        tracking_class="A",
    )  # fmt: skip
    fill(journey, post(TARGET))

    with pytest.raises(RuleBroken) as refused:
        journey.do(case_id, "issue_notice", "ganbu1")

    assert {"IN_IMPACT_PERIOD", "QUOTA"} <= set(codes(refused))
    assert "issue_notice" in journey.elements(case_id)
    assert journey.in_office(CADRE)["post_id"] == post(AWAY)


def test_a_letter_of_the_last_day_entered_the_day_after_holds_the_appointment(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    row = talked(journey, case_id)
    assert journey.row(cases.publicity, case_id=case_id)["status"] == "closed"
    with pytest.raises(Invalid) as too_late:
        object_to(journey, case_id, journey.today)
    assert "收到日期应在" in too_late.value.problems["received_on"]

    objection_id = object_to(journey, case_id, row["ends_on"])

    with pytest.raises(RuleBroken) as held:
        journey.do(case_id, "issue_notice", "ganbu1")
    assert codes(held) == ["OBJECTION_OPEN"]
    publicity.conclude_objection(
        journey.begin(), journey.actor("jiandu1"), objection_id=objection_id, finding="unfounded"
    )
    journey.do(case_id, "issue_notice", "ganbu1")
    assert journey.in_office(CADRE)["post_id"] == post(TARGET)
    with pytest.raises(Conflict, match="任职已经生效"):
        object_to(journey, case_id, row["ends_on"])


def test_nobody_is_talked_to_about_a_post_while_a_late_letter_is_open(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    row = published(journey, case_id)
    journey.until(row["closes_on"])
    object_to(journey, case_id, row["ends_on"])

    with pytest.raises(RuleBroken) as held:
        scenes.appoint(journey, case_id)

    assert codes(held) == ["OBJECTION_OPEN"]
    assert "appointment_talk" in journey.elements(case_id)


def conclude(journey: Journey, objection_id: str, finding: str) -> None:
    publicity.conclude_objection(
        journey.begin(), journey.actor("jiandu1"), objection_id=objection_id, finding=finding
    )
    messages.deliver_all(journey.office)


def test_a_late_letter_that_is_upheld_stops_the_appointment_and_the_committee_decides_anew(
    on_the_way_up: Place,
) -> None:
    journey, case_id = on_the_way_up
    row = talked(journey, case_id)
    objection_id = object_to(journey, case_id, row["ends_on"])
    assert journey.elements(case_id) == {"issue_notice"}

    conclude(journey, objection_id, "affecting")

    assert journey.elements(case_id) == {"rework"}
    assert journey.in_office(CADRE)["post_id"] == post(AWAY)
    concluded = journey.row(history.history_event, kind="objection_concluded")
    assert b'"stopped":true' in concluded["body"]
    journey.do(case_id, "rework", rework_outcome="resubmit")
    journey.meet("committee", case_id)
    assert journey.elements(case_id) == {"draft_notice"}
    journey.check()


def test_a_letter_left_open_by_the_first_publicity_is_settled_before_the_post_is_given(
    on_the_way_up: Place,
) -> None:
    journey, case_id = on_the_way_up
    row = talked(journey, case_id)
    weighs, waits = object_to(journey, case_id, row["ends_on"]), object_to(journey, case_id, row["ends_on"])
    conclude(journey, weighs, "affecting")
    journey.do(case_id, "rework", rework_outcome="resubmit")
    journey.meet("committee", case_id)
    journey.do(case_id, "draft_notice", publicity_from=journey.today)
    (second,) = journey.rows(cases.publicity, case_id=case_id, status="open")

    journey.until(second["closes_on"])

    # Nobody is talked to: whoever checks the letters has it to do, and finds it on the case's page.
    assert journey.elements(case_id) == {"check_objections"}
    with journey.begin() as work:
        case = work.get(cases.case_file, id=case_id)
        shown = acts.of_case(
            work, journey.actor("jiandu1"), case, journey.today, whole=True, calendar=work.calendar()
        )
    assert ([one.id for one in shown.objections], "conclude" in shown.may) == ([waits], True)
    conclude(journey, waits, "unfounded")
    journey.do(case_id, "check_objections", "jiandu1", objection_outcome="not_affecting")
    assert journey.row(cases.publicity, id=second["id"])["status"] == "closed"
    assert journey.elements(case_id) == {"appointment_talk"}


def test_a_late_letter_that_does_not_weigh_leaves_the_appointment_where_it_is(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    row = talked(journey, case_id)
    conclude(journey, object_to(journey, case_id, row["ends_on"]), "not_affecting")

    assert journey.elements(case_id) == {"issue_notice"}
    assert journey.rows(runtime.outbox, message="objection_upheld") == []


def test_a_letter_upheld_while_the_committee_has_it_again_stops_nothing_later(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    row = talked(journey, case_id)
    late = [object_to(journey, case_id, row["ends_on"]) for _ in range(2)]
    conclude(journey, late[0], "affecting")
    assert journey.elements(case_id) == {"rework"}

    conclude(journey, late[1], "affecting")

    assert journey.rows(runtime.outbox, message="objection_upheld", status="waiting") == []
    assert journey.elements(case_id) == {"rework"}


def test_a_letter_upheld_while_the_publicity_runs_takes_the_appointment_back_when_it_ends(
    on_the_way_up: Place,
) -> None:
    journey, case_id = on_the_way_up
    row = published(journey, case_id)
    journey.until(row["ends_on"])
    conclude(journey, object_to(journey, case_id, row["ends_on"]), "affecting")
    assert journey.row(cases.publicity, case_id=case_id)["status"] == "open"

    journey.until(row["closes_on"])
    messages.deliver_all(journey.office)

    assert journey.elements(case_id) == {"rework"}
    assert journey.row(cases.publicity, case_id=case_id)["status"] == "closed"
    journey.check()


def test_of_a_decision_taken_back_and_published_again_one_publicity_is_open(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    row = published(journey, case_id)
    object_to(journey, case_id, row["starts_on"])
    journey.until(row["closes_on"])
    journey.do(case_id, "check_objections", objection_outcome="affects")
    journey.do(case_id, "rework", rework_outcome="resubmit")
    journey.meet("committee", case_id)

    journey.do(case_id, "draft_notice", publicity_from=journey.today)

    rows = journey.rows(cases.publicity, case_id=case_id, order=("starts_on", "id"))
    assert [one["status"] for one in rows] == ["closed", "open"]
    journey.check()


def test_the_cadre_is_held_before_the_last_check_so_that_no_sanction_slips_in(
    on_the_way_up: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey, case_id = on_the_way_up
    talked(journey, case_id)
    order: list[str] = []
    for module, name in ((counting, "hold"), (eligibility, "check")):
        real = getattr(module, name)

        def noted(*given: Any, _real: Any = real, _name: str = name, **more: Any) -> Any:
            order.append(_name)
            return _real(*given, **more)

        monkeypatch.setattr(module, name, noted)

    journey.do(case_id, "issue_notice", "ganbu1")

    assert order[:2] == ["hold", "check"]
