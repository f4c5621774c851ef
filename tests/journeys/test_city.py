"""The demo city's cases: the same at every load, whole after a loader was stopped half-way, nothing left undone."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.journeys.conftest import WORKFLOWS
from tests.journeys.office import Journey
from tests.site import Site
from webapp.app import create_app
from webapp.config import Config
from webapp.crypto.keyring import Keyring
from webapp.domain.access import system_actor
from webapp.domain.workdays import local_date
from webapp.persistence.database import open_engine
from webapp.persistence.models import (
    administration,
    cases,
    designs,
    identity,
    repository,
    runtime,
    tracking,
)
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import deployments, external_tasks, incidents, messages, reads
from webapp.services.delegates import DELEGATES
from webapp.services.demo import clock, lives, loading, logins, organisation, outside, progress
from webapp.services.demo.city import TERM_WORKDAYS, City, body_of, term_day
from webapp.services.external_tasks import Topic
from webapp.services.office import Office, calendar_of

MORNINGS = 30
# The whole city in ``make soak``, a few lives of each kind otherwise.
SOAK = os.environ.get("SOAK") == "1"
FEW = not SOAK
# What the start page offers to somebody without a task: places where something lies, or an own matter.
SOMETHING = re.compile(
    r'<a href="/(\?tab=group|inbox\?tab=group|meetings/|mine|designs|accounts|incidents|history|lookups)'
)


@dataclass(frozen=True)
class Furnished:
    """A database of the whole city with every process and no case, to copy, and its folder of keys."""

    file: Path
    keyring: Keyring
    home: Path


def furnish(engine: Engine, keyring: Keyring) -> Office:
    """The city's organisation and all processes on an empty database."""
    office = Office(engine, keyring, DELEGATES, shifted=True, deliver=messages.deliver_all)
    organisation.install(office.begin(), password_hash="never used here", size=organisation.CITY)
    for bundle in deployments.read_folder(WORKFLOWS):
        deployments.deploy(office.begin(), system_actor("install"), bundle, origin="installation")
    return office


@pytest.fixture(scope="module")
def furnished(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """The whole city without a case."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copy(migrated_file, folder / "city.db")
    keyring = Keyring.open(folder / "home", environment={})
    furnish(open_engine(f"sqlite:///{folder / 'city.db'}"), keyring).engine.dispose()
    return Furnished(folder / "city.db", keyring, folder / "home")


def open_copy(furnished: Furnished, file: Path) -> Office:
    """An office on a copy of the city."""
    shutil.copy(furnished.file, file)
    engine = open_engine(f"sqlite:///{file}")
    return Office(engine, furnished.keyring, DELEGATES, shifted=True, deliver=messages.deliver_all)


@pytest.fixture
def copy(furnished: Furnished, tmp_path: Path) -> Iterator[Office]:
    """A copy of the city in which nothing has happened yet."""
    office = open_copy(furnished, tmp_path / "copy.db")
    yield office
    office.engine.dispose()


@pytest.fixture(scope="module")
def loaded(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The city as its loader leaves it; to look at."""
    office = open_copy(furnished, tmp_path_factory.mktemp("loaded") / "loaded.db")
    done = loading.load_city(office, few=FEW)
    assert done is not None
    assert done.failed == []
    yield office
    office.engine.dispose()


def outcome(office: Office) -> list[tuple[str, str, str, str, Any, list[str]]]:
    """Number, person, stage, status, outcome and open tasks of every case."""
    journey = Journey(office)
    return [
        (
            row["number"], row["person_id"], row["stage"], row["status"], row["outcome"],
            sorted(journey.elements(row["id"])),
        )
        for row in journey.rows(cases.case_file, order=("number",))
    ]  # fmt: skip


class Stopped(BaseException):
    """The loader was killed."""


@pytest.fixture(params=["sqlite", "postgresql"] if SOAK else ["postgresql"])
def second(request: pytest.FixtureRequest, furnished: Furnished) -> Office:
    """Another city in which nothing has happened yet; the first one lies on SQLite."""
    if request.param == "postgresql":
        return furnish(request.getfixturevalue("postgresql_engine"), furnished.keyring)
    found: Office = request.getfixturevalue("copy")
    return found


@pytest.mark.soak
def test_two_loads_come_to_the_same_and_a_stopped_one_goes_on_where_it_was(
    loaded: Office, second: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, mornings = City.meet, iter(range(MORNINGS))

    def until_killed(city: City, day: date) -> None:
        if next(mornings, None) is None:
            raise Stopped
        finish(city, day)

    with monkeypatch.context() as patch:
        patch.setattr(City, "meet", until_killed)
        with pytest.raises(Stopped):
            loading.load_city(second, few=FEW)
    assert 0 < len(outcome(second)) < len(outcome(loaded))
    resumed = loading.load_city(second, few=FEW)
    assert resumed is not None
    assert resumed.failed == []

    assert outcome(second) == outcome(loaded)
    assert len(outcome(loaded)) == len(lives.plan(resumed.anchor, few=FEW))
    for office in (loaded, second):
        Journey(office).check(incidents.EXTERNAL_FAILED)
        assert loading.load_city(office, few=FEW) is None, "told once"
        assert not progress.is_loading(office)
    journey = Journey(loaded)
    assert journey.rows(tracking.tracking_plan)
    assert {row["stage"] for row in journey.rows(cases.case_file)} >= {
        "closed",
        "assessment",
        "verification",
        "tracking",
    }
    assert journey.rows(runtime.outbox, status="waiting") == []


def test_nobody_who_is_presented_signs_in_to_an_empty_page(loaded: Office, furnished: Furnished) -> None:
    config = Config(
        home=furnished.home, database_url=str(loaded.engine.url), secret_key="of the tests alone",
        secure_cookies=False, mode="demo",
    )  # fmt: skip
    site = Site(create_app(config))
    pages = {login: site.as_(login).get("/").text for login in logins.PRESENTED}
    failed = site.as_("xitong").get("/incidents").text
    site.office.engine.dispose()

    tasks = {login: set(re.findall(r'href="/tasks/([0-9a-f-]+)"', page)) for login, page in pages.items()}
    assert [login for login, page in pages.items() if not tasks[login] and not SOMETHING.search(page)] == []
    # Whoever handles cases finds a task of the own at once; the rest sit in meetings or look after the house.
    assert sum(map(bool, tasks.values())) >= len(logins.PRESENTED) // 2
    assert len(logins.PRESENTED) in range(36, 45)
    assert re.search(r"外部任务“报送档案系统”.*程序说明：档案系统没有应答.*重试", failed, re.DOTALL)


def test_today_has_a_meeting_something_overdue_something_due_and_things_that_wait(loaded: Office) -> None:
    journey = Journey(loaded)
    first = loaded_on(journey)
    planned = journey.rows(meeting_tables.meeting, status="planned")
    agenda = [journey.rows(meeting_tables.agenda_item, meeting_id=row["id"]) for row in planned]
    assert {row["body"] for row in planned} == {"dept", "committee"}
    assert min(row["held_on"] for row in planned) == first
    assert sum(map(len, agenda)) >= 2
    assert journey.rows(meeting_tables.meeting, status="closed")
    due = {
        local_date(row["due_at"])
        for row in journey.rows(runtime.work_item, status="open")
        if row["due_at"] is not None
    }
    assert min(due) < first
    assert first in due
    assert [day for day in due if first < day <= first + timedelta(days=7)]
    assert [row["status"] for row in journey.rows(cases.case_file)].count("suspended") == 1
    assert journey.rows(cases.appeal, answered_on=None)
    versions = journey.rows(repository.proposal, status="waiting")
    roles = journey.rows(identity.role_proposal, status="proposed")
    assert (len(versions), len(roles)) == (2, 2)
    assert len({local_date(row["proposed_at"]) for row in (*versions, *roles)}) == 1, "all on the eve"
    assert journey.rows(designs.trial_run)


def test_a_program_outside_has_failed_and_its_work_is_done_after_a_retry(copy: Office) -> None:
    journey = Journey(copy)
    for _ in range(2):
        outside.report_materials(journey)
    (incident,) = journey.rows(runtime.incident)
    assert incident["sentence"] == "外部任务“报送档案系统”（主题“archive_report”）未能办理，请核对后重试。"
    program, topics = journey.actor("duijie"), [Topic(outside.TOPIC, timedelta(minutes=5))]

    def fetch() -> list[str]:
        return external_tasks.fetch(copy, program, worker="w1", most=9, topics=topics)

    assert fetch() == [], "nobody gets it before a person has looked at it"
    incidents.retry(journey.begin(), journey.actor("xitong"), incident_id=incident["id"])
    (task_id,) = fetch()
    external_tasks.complete(journey.begin(), program, task_id=task_id, worker="w1", variables={})

    (row,) = journey.rows(runtime.process_instance)
    assert row["status"] == "finished"
    assert journey.row(runtime.incident, id=incident["id"])["resolved_by"] == journey.actor("xitong").user_id
    journey.check(incidents.EXTERNAL_FAILED)


def loaded_on(journey: Journey) -> date:
    """The day the city was brought to, or the working day after it."""
    with reads.begin(journey.office) as look:
        calendar = calendar_of(look)
        state: Any = look.get(administration.setting, key=loading.KEY)
    return calendar.next_workday(date.fromisoformat(state["value"]["anchor"]))


def test_meetings_are_fortnightly_on_working_days(copy: Office) -> None:
    city = City(Journey(copy), lives.plan(date(2026, 11, 22)), date(2026, 11, 22))
    days = city.days()
    assert all(day.weekday() < 5 for day in days if day.month not in (1, 2, 4, 5, 9, 10))
    held = [day for day in days if body_of(day) == "committee"]
    assert min((after - before).days for before, after in pairwise(held)) >= 10


@pytest.mark.parametrize(
    "anchor", [date(2026, 11, 22), date(2026, 11, 26), date(2026, 10, 9), date(2026, 2, 24)]
)
def test_a_term_that_ends_today_was_opened_on_a_working_day(copy: Office, anchor: date) -> None:
    with reads.begin(copy) as look:
        calendar = calendar_of(look)
    day = term_day(anchor, calendar)
    assert calendar.is_workday(day)
    assert calendar.add_workdays(day, TERM_WORKDAYS) == calendar.next_workday(anchor)


def test_the_city_has_some_ninety_lives_of_every_kind_and_no_person_twice() -> None:
    planned = lives.plan(date(2026, 11, 22))
    assert 90 <= len(planned) <= 110
    assert len({life.person for life in planned}) == len(planned)
    assert planned == lives.plan(date(2026, 11, 22))
    assert {life.person for life in planned} != {
        life.person for life in lives.plan(date(2026, 11, 22), seed=7)
    }
    assert sum(bool(life.appeal) for life in planned) == 3
    assert len({life.first.get("summary") for life in planned}) > 5


def test_the_worker_rests_while_a_loader_is_at_work_and_not_after_it_was_killed(
    copy: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.write(copy.begin(), done=1, total=2, stage="正在载入", loading=True)
    assert progress.is_loading(copy)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    assert not progress.is_loading(copy)
    clock.reset(copy)
