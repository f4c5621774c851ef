"""平级重新任职 by hand: no recommendation, no publicity, no probation; what the longer way asks is not asked here."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.browser.live import Live
from tests.journeys.office import Journey
from tests.journeys.ways import OTHER, to_way_up
from webapp.persistence.models import cases, people
from webapp.services import reads
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post


def test_a_cadre_moved_sideways_is_appointed_again_at_the_same_level(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    behind = Journey(live_server.office)
    case_id = to_way_up(
        behind, OTHER, mentor=person("沈惊蛰"), post_code="fgj:deputy", manner="lateral_transfer"
    )
    hands = Hands(live_server, page_at)

    scenes.initiate(hands, case_id, branch="same_level", post_id=post("wlj:deputy"))
    scenes.examine(behind, case_id, branch="same_level")
    behind.do(case_id, "consult", "ganbu1", consultation_outcome="agree")
    behind.meet("dept", case_id)
    hands.meet("committee", case_id)
    scenes.appoint(hands, case_id)

    page = hands.look("ganbu1", f"/cases/{case_id}")
    expect(page.locator("main")).not_to_contain_text("任前公示")
    expect(page.locator(".ribbon .now")).to_contain_text("再上")
    with reads.begin(hands.office) as look:
        held = look.get(people.appointment, person_id=OTHER, valid_to=None)
        assert look.all(cases.publicity, case_id=case_id) == []
    assert (held["post_id"], held["manner"]) == (post("wlj:deputy"), "reinstatement")
    assert held["probation_ends_on"] is None
    behind.check()
