"""Scenes for the pages on meetings, tracking, processes and the history, set up without walking whole processes."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.site import WORKFLOWS, Browser, Site
from webapp.persistence.models import cases, meetings, people, runtime, tracking
from webapp.services import meetings as verbs
from webapp.services import readiness
from webapp.web.pages import definitions as definitions_page
from webapp.web.pages import history as history_page
from webapp.web.pages import meetings as meetings_page
from webapp.web.pages import tracking as tracking_page

RECORDER = {"dept": "jilu", "committee": "shiweiban"}
PAGES = (meetings_page.page, tracking_page.page, definitions_page.page, history_page.page)


def with_pages(site: Site) -> Site:
    """The site with these pages, whether or not the house lists them yet."""
    for page in PAGES:
        if page.name not in site.app.blueprints:
            site.app.register_blueprint(page)
    return site


def put(site: Site, table: Any, **row: Any) -> str:
    """A row written behind the site's back → its id."""
    values = {**({"id": str(uuid4())} if "id" in table.c else {}), **row}
    with site.office.engine.begin() as connection:
        connection.execute(table.insert().values(**values))
    return str(values.get("id", ""))


def relate(site: Site, one: str, other: str) -> None:
    """Two persons of the demo, by name, married to each other."""
    put(site, people.kinship, person_id=site.person(one), relative_id=site.person(other), relation="spouse")


def item(
    site: Site, case_id: str, *, body: str = "dept", matter: str = "adjustment_proposal", notice: int = 0
) -> str:
    """An item of a case that waits for a meeting, its papers complete; by default it may be called for today."""
    (case,) = site.rows(cases.case_file, id=case_id)
    site.change(cases.case_file, {"id": case_id}, {"policy": {"agenda_notice_days": notice}})
    instance = site.rows(runtime.process_instance, case_id=case_id)[0]
    for element, words in readiness.PAPERS[matter]:
        put(
            site, runtime.work_item, instance_id=instance["id"], case_id=case_id, element_id=element, name=words,
            process_key="p01_down_adjustment", status="completed", opened_at=case["opened_at"],
            closed_at=case["opened_at"], locals={},
        )  # fmt: skip
    return put(
        site, meetings.agenda_item, body=body, committee_id=case["committee_id"], case_id=case_id, status="waiting",
        instance_id=instance["id"], person_id=case["person_id"], matter=matter, filed_at=case["opened_at"],
    )  # fmt: skip


def called(site: Site, *items: str, body: str = "dept", number: str = "第一次会议") -> str:
    """A meeting called for today with the items."""
    return verbs.plan(
        site.office.begin(), site.actor(RECORDER[body]), body=body, held_on=site.today, place="三楼会议室",
        number=number, item_ids=items,
    )  # fmt: skip


def members(site: Site, meeting_id: str) -> list[str]:
    """The members' person ids, the chair last."""
    rows = sorted(site.rows(meetings.meeting_member, meeting_id=meeting_id), key=lambda row: row["is_chair"])
    return [row["person_id"] for row in rows]


def opened(site: Site, *items: str, body: str = "dept") -> str:
    """A meeting under way with everybody present."""
    meeting_id = called(site, *items, body=body)
    recorder = site.actor(RECORDER[body])
    presence = dict.fromkeys(members(site, meeting_id), "present")
    verbs.attend(site.office.begin(), recorder, meeting_id=meeting_id, presence=presence)
    verbs.open_(site.office.begin(), recorder, meeting_id=meeting_id)
    return meeting_id


def voting(site: Site, item_id: str, body: str = "dept") -> None:
    """The item put to the vote."""
    verbs.start_vote(site.office.begin(), site.actor(RECORDER[body]), item_id=item_id)


def plan(site: Site, case_id: str, *due_in_days: int, **values: Any) -> str:
    """A tracking plan of the case's subject with visits that many days from today."""
    (case,) = site.rows(cases.case_file, id=case_id)
    plan_id = put(site, tracking.tracking_plan, **{
        "person_id": case["person_id"], "case_id": case_id, "tracking_class": "B", "care": "education",
        "opened_on": site.today, "status": "open", "disputes": False, **values,
    })  # fmt: skip
    for days in due_in_days:
        visit(site, plan_id, case_id, site.today + timedelta(days=days))
    return plan_id


def visit(site: Site, plan_id: str, case_id: str, due_on: date, **values: Any) -> str:
    """A visit of a plan."""
    row = {"kind": "periodic", "status": "planned", **values}
    return put(site, tracking.visit, plan_id=plan_id, case_id=case_id, due_on=due_on, **row)


def measure(site: Site, case_id: str, **values: Any) -> str:
    """A measure of the case's subject that bars promotion for a year from today."""
    (case,) = site.rows(cases.case_file, id=case_id)
    about = {"case_id": case_id, "person_id": case["person_id"]}
    row = {
        "track": "up_down",
        "kind": "relieve_of_post",
        "decided_on": site.today,
        "effective_on": site.today,
    }
    measure_id = put(site, cases.measure, **about, **(row | values), registered_at=case["opened_at"])
    put(
        site, cases.impact_period, **about, measure_id=measure_id, bar="promotion", months=12, starts_on=site.today,
        ends_on=site.today + timedelta(days=364), rule="end_day_barred",
    )  # fmt: skip
    return measure_id


def talked(site: Site, case_id: str) -> None:
    """The talk with the cadre is recorded."""
    site.change(cases.case_file, {"id": case_id}, {"talked_on": site.today})


def text(browser: Browser, path: str) -> str:
    """A page as text; the test fails unless it is there."""
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def site_file(key: str) -> Path:
    """The BPMN file of a process."""
    return WORKFLOWS / key / f"{key}.bpmn"
