"""Who reads a case 知悉范围: standing sight by role, all others through a task of it; pages and lists by one rule."""

import pytest
from sqlalchemy import select

from tests.queries import scenes
from tests.site import Site
from webapp.domain.errors import NotFound
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.models.identity import User
from webapp.queries import instance_search, task_search
from webapp.queries.visibility import visible_cases, whole_cases
from webapp.services import looking, reads
from webapp.services.demo.organisation import fixed

EVERYTHING = {"maxResults": 50, "firstResult": 0}
OUTSIDE = ("renda", "tongzhan", "xinfang", "heshi1", "shengzu")
STANDING = (
    "ganbu1",
    "jiandu1",
    "fubuzhang1",
    "changwei03",
    "dangan",
    "jilu",
    "shiweiban",
    "jiwei",
    "anguan",
    "shenli",
)


def listed(site: Site, login: str) -> tuple[set[str], set[str]]:
    """Case ids of the lists: (any part of it, the whole file)."""
    actor, table = site.actor(login), cases.case_file
    with reads.begin(site.office) as look:
        found = [
            {row["id"] for row in look.fetch_all(select(table.c.id).where(rule(actor, site.today)))}
            for rule in (visible_cases, whole_cases)
        ]
    return found[0], found[1]


def opened(site: Site, login: str, case_id: str) -> bool | None:
    """What the page of the case says: whole, own part, or not there."""
    try:
        return looking.at_case(site.office, site.actor(login), case_id)
    except NotFound:
        return None


def offer(site: Site, task_id: str, role: str, place: str) -> None:
    """The diagram asks somebody else for this task."""
    asked = {"role": role, "organisation_id": fixed("organisation", place)}
    site.change(runtime.work_candidate, {"work_item_id": task_id}, asked)


@pytest.mark.parametrize("login", OUTSIDE)
def test_an_office_with_no_task_in_a_case_finds_it_nowhere(any_site: Site, login: str) -> None:
    case = any_site.open_case()
    task = any_site.task(case, "assess")
    browser, actor = any_site.as_(login), any_site.actor(login)

    assert listed(any_site, login) == (set(), set())
    assert browser.get(f"/cases/{case}").status_code == 404
    assert browser.get(f"/tasks/{task}").status_code == 404
    with reads.begin(any_site.office) as look:
        assert task_search.open_tasks(look, actor, EVERYTHING, [], any_site.today) == []
        assert look.fetch_all(
            select(runtime.process_instance.c.id).where(instance_search.may_see(actor, any_site.today))
        ) == []  # fmt: skip


def test_an_office_that_is_asked_sees_its_own_part_of_that_case_alone(any_site: Site) -> None:
    case, other = any_site.open_case(), any_site.open_case("顾半夏")
    task = any_site.task(case, "assess")
    offer(any_site, task, "united_front", "sw")

    assert listed(any_site, "tongzhan") == ({case}, set())
    assert opened(any_site, "tongzhan", case) is False
    assert opened(any_site, "tongzhan", other) is None
    assert any_site.as_("tongzhan").get(f"/tasks/{task}").status_code == 200
    assert listed(any_site, "renda") == (set(), set())


def test_standing_sight_opens_every_file_and_a_relative_opens_none(any_site: Site) -> None:
    case = any_site.open_case()
    for login in STANDING:
        assert listed(any_site, login) == ({case}, {case}), login
        assert opened(any_site, login, case) is True, login
    offer(any_site, any_site.task(case, "assess"), "united_front", "sw")
    subject = any_site.rows(cases.case_file)[0]["person_id"]
    kin = {"person_id": subject, "relative_id": any_site.actor("tongzhan").person_id, "relation": "spouse"}
    with any_site.office.engine.begin() as connection:
        connection.execute(people.kinship.insert().values(**kin))
    assert listed(any_site, "tongzhan") == (set(), set())
    assert opened(any_site, "tongzhan", case) is None


def test_members_read_what_has_come_on_their_own_bodys_agenda(any_site: Site) -> None:
    case, other = any_site.open_case(), any_site.open_case("顾半夏")
    assert opened(any_site, "changwei05", case) is None
    scenes.item(any_site, case, body="committee")

    assert opened(any_site, "changwei05", case) is True
    assert listed(any_site, "changwei05") == ({case}, {case})
    assert opened(any_site, "changwei05", other) is None


def test_the_page_of_a_case_and_every_list_agree_for_each_log_in(site: Site) -> None:
    asked, plain = site.open_case(), site.open_case("顾半夏")
    offer(site, site.task(asked, "assess"), "verification_team", "zzb")
    for user in site.rows(User.__table__):
        seen, whole = listed(site, user["username"])
        for case in (asked, plain):
            page = opened(site, user["username"], case)
            assert (page is not None, page is True) == (case in seen, case in whole), user["username"]


def test_the_petition_office_reaches_a_case_while_its_publicity_runs_and_only_what_is_theirs(
    any_site: Site,
) -> None:
    site, case, day = any_site, any_site.open_case(), any_site.today
    scenes.talked(site, case)
    notice = {"kind": "promotion", "starts_on": day, "working_days": 5, "ends_on": day, "closes_on": day}
    publicity = scenes.put(site, cases.publicity, case_id=case, status="open", **notice)

    assert listed(site, "xinfang") == ({case}, set())
    assert opened(site, "xinfang", case) is False
    browser = site.as_("xinfang")
    given = {"manner": "letter", "received_on": day.isoformat(), "text": "反映一件事"}
    assert "登记公示期反映" in browser.get(f"/cases/{case}").text
    assert browser.post(f"/cases/{case}/objections", given).status_code == 303
    assert len(site.rows(cases.objection, publicity_id=publicity)) == 1
    assert opened(site, "heshi1", case) is None

    site.change(cases.publicity, {"id": publicity}, {"status": "closed"})

    assert listed(site, "xinfang") == (set(), set())
    assert opened(site, "xinfang", case) is None
    assert browser.post(f"/cases/{case}/objections", given).status_code == 404

    # A letter that came on the last day is entered while the way up goes on, until the post is given.
    site.change(cases.case_file, {"id": case}, {"stage": "up"})
    assert listed(site, "xinfang") == ({case}, set())
    assert opened(site, "xinfang", case) is False
    subject, post = site.person("苏白露"), site.rows(people.post)[0]["id"]
    begun = {"valid_from": day, "manner": "reinstatement", "case_id": case}
    scenes.put(site, people.appointment, person_id=subject, post_id=post, **begun)
    assert listed(site, "xinfang") == (set(), set())
    assert opened(site, "xinfang", case) is None
