"""A new measure on a cadre who is tracked already: nothing of it reaches anybody before its own talk."""

from typing import Any

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, MENTOR, to_tracking
from webapp.domain.measure_changes import Change
from webapp.persistence.models import cases
from webapp.queries import mine, plans
from webapp.services import measure_changes, reads
from webapp.services.demo import scenes

PAPER = ("中共星屿市纪委", "星纪复〔2024〕9号")


def seen(journey: Journey, case_id: str) -> tuple[Any, ...]:
    """What the unit head and the helper read on the plan's page, and the cadre on the own one."""
    found: list[Any] = []
    with reads.begin(journey.office) as look:
        for actor in (journey.actor("fgj1"), journey.member(MENTOR)):
            view = plans.show(look, actor, journey.plan(CADRE)["id"], day=journey.today)
            visits = [(one.kind, one.due_on, one.state) for one in view.visits]
            found += [view.tracking_class, view.measures, view.periods, visits, len(view.changes)]
        found.append(mine.help_for(look, [case_id], journey.today))
    return tuple(found)


def punished(journey: Journey) -> str:
    """A sanction decided today, by the second door, of which the cadre is not told yet."""
    today = journey.today.isoformat()
    case_id = scenes.take_in(
        journey, CADRE, late_entry="no", track="party", kind="serious_warning", decided_on=today,
        effective_on=today, tracking_class="C",
    )  # fmt: skip
    journey.settle()
    return case_id


def test_a_second_measure_joins_the_plan_at_its_talk_and_nobody_learns_of_it_before(journey: Journey) -> None:
    first = to_tracking(journey)
    before = seen(journey, first)
    plan = journey.plan(CADRE)

    second = punished(journey)

    assert journey.case(second)["talked_on"] is None
    assert seen(journey, first) == before
    assert journey.plan(CADRE) == plan

    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    joined = journey.plan(CADRE)
    assert joined["id"] == plan["id"]
    assert joined["tracking_class"] == "C"
    assert joined["latest_end"] == journey.ends(second)["promotion"][1]
    assert seen(journey, first) != before
    journey.check()


def test_a_measure_changed_before_its_talk_leaves_the_plan_of_the_other_case_alone(journey: Journey) -> None:
    first = to_tracking(journey)
    before, plan = seen(journey, first), journey.plan(CADRE)
    second = punished(journey)
    measure_id = journey.row(cases.measure, case_id=second)["id"]

    change_id = measure_changes.propose(
        journey.begin(), journey.actor("shenli"), measure_id=measure_id, reason="决定已被撤销。",
        change=Change("revoke", *PAPER, journey.today),
    )  # fmt: skip
    measure_changes.confirm(journey.begin(), journey.actor("jiwei"), change_id=change_id)
    journey.settle()
    assert seen(journey, first) == before

    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    assert journey.plan(CADRE) == plan, "what was revoked before its talk never joins"
    journey.check()
