"""The tracking pages answer those who manage the cadre, and keep who looked."""

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import Site
from webapp.persistence.models import history

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def office(site: Site) -> Site:
    return scenes.with_pages(site)


def test_the_ledger_and_a_plan_are_shown_and_the_reads_are_kept(office: Site) -> None:
    plan_id = scenes.plan(office, office.open_case("苏白露"), -2, 20)
    browser = office.as_("jiandu1")

    ledger, plan = text(browser, "/tracking"), text(browser, f"/tracking/{plan_id}")

    assert "苏白露" in ledger
    assert "重点" in ledger
    assert "逾期" in plan
    events = office.rows(history.history_event, kind="read", actor_id=office.actor("jiandu1").user_id)
    assert [plan_id.encode() in one["body"] for one in events] == [True, True]
    assert not any("苏白露".encode() in one["body"] for one in events)


@pytest.mark.parametrize("query", ["q=苏白露", "class=B", "due=overdue", "page=1"])
def test_the_ledger_is_filtered_from_the_address(office: Site, query: str) -> None:
    scenes.plan(office, office.open_case("苏白露"), -2)

    assert "苏白露" in text(office.as_("jiandu1"), f"/tracking?{query}")


@pytest.mark.parametrize(
    "query", ["q=无此人", "class=A", "due=ending", "unit=00000000-0000-4000-8000-000000000000", "page=9"]
)
def test_what_does_not_fit_is_left_out(office: Site, query: str) -> None:
    scenes.plan(office, office.open_case("苏白露"), -2)

    assert '<th scope="row"><a' not in text(office.as_("jiandu1"), f"/tracking?{query}")


@pytest.mark.parametrize(
    "query", ["unit='x'", "class=%3Cb%3E", "page=-1", "page=99999999999999999999", "due=x"]
)
def test_nonsense_in_the_address_is_taken_as_not_asked(office: Site, query: str) -> None:
    assert office.as_("jiandu1").get(f"/tracking?{query}").status_code == 200


def test_a_plan_is_not_there_for_others_nor_for_the_cadre(office: Site) -> None:
    case_id = office.open_case("苏白露")
    plan_id = scenes.plan(office, case_id, 20)
    scenes.talked(office, case_id)

    for login in ("benren", "jyj1", "liucheng"):
        assert office.as_(login).get(f"/tracking/{plan_id}").status_code == 404
    assert office.as_("jiandu1").get("/tracking/x").status_code == 404
    assert office.visitor().get(f"/tracking/{plan_id}").status_code in (302, 303)
