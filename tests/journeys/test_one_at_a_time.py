"""One matter, one file; one way up at a time: also for two who press at one moment, on both databases."""

import threading
from collections.abc import Callable

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY, to_committee, to_tracking
from webapp.domain.errors import Conflict, Refused, RuleBroken
from webapp.persistence.models import cases as tables
from webapp.persistence.models import runtime
from webapp.services import cases, instances, starting, way_up
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

Place = tuple[Journey, str]
MEET = 1.5


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What becomes of acts begun at one moment: ``done`` or the refusal's class."""
    begun = threading.Barrier(len(acts))
    found = [""] * len(acts)

    def go(index: int, act: Callable[[], object]) -> None:
        begun.wait()
        try:
            act()
            found[index] = "done"
        except Refused as refused:
            found[index] = type(refused).__name__

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(found)


def meeting_after(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Both acts wait for each other once they have looked, unless a lock keeps the second from looking."""
    looked, real = threading.Barrier(2), getattr(module, name)

    def slow(*given: object) -> object:
        found = real(*given)
        try:
            looked.wait(MEET)
        except threading.BrokenBarrierError:
            return found
        return found

    monkeypatch.setattr(module, name, slow)


def propose(journey: Journey, case_id: str) -> str:
    return instances.start(
        journey.begin(), journey.actor("ganbu1"), key=way_up.PROCESS, variables={}, case_id=case_id
    )


def decided(journey: Journey) -> str:
    """A case with its plan, no attempt begun."""
    case_id = to_committee(journey)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    return case_id


def test_two_who_register_the_same_cadre_at_one_moment_open_one_case(
    journey_on_both: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = journey_on_both
    meeting_after(monkeypatch, cases, "_require_none_running")

    found = at_once(lambda: journey.open_case("ganbu1", CADRE), lambda: journey.open_case("jiandu1", CADRE))

    assert found[1] == "done"
    assert found[0] in ("Conflict", "Invalid")
    assert len(journey.rows(tables.case_file, person_id=CADRE)) == 1


def test_two_who_propose_the_way_up_at_one_moment_begin_one_attempt(
    journey_on_both: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = journey_on_both
    case_id = decided(journey)
    meeting_after(monkeypatch, way_up, "runs")

    assert at_once(lambda: propose(journey, case_id), lambda: propose(journey, case_id)) == [
        "Conflict",
        "done",
    ]

    assert len(journey.rows(runtime.work_item, case_id=case_id, element_id="initiate", status="open")) == 1
    journey.check()


def test_no_second_way_up_beside_one_that_runs_and_none_before_tracking(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    with pytest.raises(Conflict, match="不能同时再提出"):
        propose(journey, case_id)
    assert journey.elements(case_id) == {"initiate"}

    fresh = to_committee(journey, scenes.person("温霜降"))
    with pytest.raises(RuleBroken) as refused:
        propose(journey, fresh)
    assert [reason.code for reason in refused.value.reasons] == ["NOT_TRACKED"]


def test_the_recommendation_starts_nothing_beside_an_attempt_that_runs(journey: Journey) -> None:
    case_id = to_tracking(journey)
    begun = propose(journey, case_id)
    with journey.begin() as work:
        row = {"case_id": case_id, "element_id": "conclude", "message": "reinstatement_recommended"}
        from webapp.services import messages

        messages.send(work, **row, correlation=CADRE, variables={})
        case = journey.case(case_id)
        from webapp.domain import events

        work.commit(
            events.CaseResumed(
                actor=journey.actor("ganbu1"), effective_at=work.now, case_id=case_id, stream=case["stream"]
            )
        )
    journey.settle()

    rising = journey.rows(runtime.work_item, case_id=case_id, element_id="initiate", status="open")
    assert [one["instance_id"] for one in rising] == [begun]
    assert [one["status"] for one in journey.rows(runtime.outbox, message=row["message"])] == ["cancelled"]
    assert journey.rows(runtime.incident) == []


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("p01_down_adjustment", "登记建卷"),
        ("p02_tracking", "自动建立"),
        ("p02a_periodic_note", "到期自动产生"),
        ("p03_return_visit", "到期自动启动"),
        ("p10_appeal", "登记收到的申请"),
    ],
)
def test_what_has_a_door_of_its_own_is_not_started_by_its_key(journey: Journey, key: str, told: str) -> None:
    case_id = journey.open_case("ganbu1", CADRE)
    number = journey.case(case_id)["number"]

    with pytest.raises(Conflict, match=told):
        starting.on_case(journey.begin(), journey.actor("jiandu1"), process_key=key, number=number, sent={})

    assert journey.elements(case_id) == {"assess"}
