"""The demo city's cases: the same at every load, whole after a loader was stopped half-way, nothing left undone."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import WORKFLOWS, Installed
from tests.journeys.office import Journey
from webapp.crypto.keyring import Keyring
from webapp.domain.access import system_actor
from webapp.persistence.database import open_engine
from webapp.persistence.models import cases, runtime, tracking
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import deployments, messages
from webapp.services.delegates import DELEGATES
from webapp.services.demo import clock, lives, loading, organisation, progress
from webapp.services.demo.city import City, body_of
from webapp.services.office import Office

MORNINGS = 30


def open_city(file: Path, keyring: Keyring) -> Office:
    """An office on the file."""
    return Office(
        open_engine(f"sqlite:///{file}"), keyring, DELEGATES, shifted=True, deliver=messages.deliver_all
    )


@pytest.fixture(scope="module")
def furnished(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The whole city with every process and no case."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copy(migrated_file, folder / "city.db")
    office = open_city(folder / "city.db", Keyring.open(folder / "home", environment={}))
    organisation.install(office.begin(), password_hash="never used here", size=organisation.CITY)
    for bundle in deployments.read_folder(WORKFLOWS):
        deployments.deploy(office.begin(), system_actor("install"), bundle, origin="installation")
    office.engine.dispose()
    return Installed(folder / "city.db", office.keyring, office._definitions)


@pytest.fixture
def copy(furnished: Installed, tmp_path: Path) -> Iterator[Callable[[str], Office]]:
    """A copy of the city under a name."""
    offices: list[Office] = []

    def make(name: str) -> Office:
        shutil.copy(furnished.file, tmp_path / name)
        offices.append(open_city(tmp_path / name, furnished.keyring))
        return offices[-1]

    yield make
    for office in offices:
        office.engine.dispose()


def outcome(office: Office) -> list[tuple[str, str, str, Any, list[str]]]:
    """Number, person, stage, outcome and open tasks of every case."""
    journey = Journey(office)
    return [
        (row["number"], row["person_id"], row["stage"], row["outcome"], sorted(journey.elements(row["id"])))
        for row in journey.rows(cases.case_file, order=("number",))
    ]


class Stopped(BaseException):
    """The loader was killed."""


def test_two_loads_come_to_the_same_and_a_stopped_one_goes_on_where_it_was(
    copy: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, stopped = copy("whole.db"), copy("stopped.db")
    done = loading.load_city(whole, few=True)
    assert done is not None
    assert done.failed == []

    finish, mornings = City._meet, iter(range(MORNINGS))

    def until_killed(city: City, day: date) -> None:
        if next(mornings, None) is None:
            raise Stopped
        finish(city, day)

    with monkeypatch.context() as patch:
        patch.setattr(City, "_meet", until_killed)
        with pytest.raises(Stopped):
            loading.load_city(stopped, few=True)
    assert 0 < len(outcome(stopped)) < len(outcome(whole))
    resumed = loading.load_city(stopped, few=True)
    assert resumed is not None
    assert resumed.failed == []

    assert outcome(stopped) == outcome(whole)
    assert len(outcome(whole)) == len(lives.plan(date(2026, 11, 22), few=True))
    for office in (whole, stopped):
        Journey(office).check()
        assert loading.load_city(office, few=True) is None, "told once"
        assert not progress.is_loading(office)
    journey = Journey(whole)
    assert journey.rows(tracking.tracking_plan)
    assert {row["status"] for row in journey.rows(meeting_tables.meeting)} == {"closed"}
    assert {row["stage"] for row in journey.rows(cases.case_file)} >= {
        "closed",
        "assessment",
        "verification",
        "tracking",
    }
    assert journey.rows(runtime.outbox, status="waiting") == []


def test_meetings_are_fortnightly_on_working_days(furnished: Installed) -> None:
    office = open_city(furnished.file, furnished.keyring)
    city = City(Journey(office), lives.plan(date(2026, 11, 22)), date(2026, 11, 22))
    days = city.days()
    assert all(day.weekday() < 5 for day in days if day.month not in (1, 2, 4, 5, 9, 10))
    held = [day for day in days if body_of(day) == "committee"]
    assert min((after - before).days for before, after in pairwise(held)) >= 10
    office.engine.dispose()


def test_the_city_has_some_eighty_lives_of_every_kind_and_no_person_twice() -> None:
    planned = lives.plan(date(2026, 11, 22))
    assert 75 <= len(planned) <= 90
    assert len({life.person for life in planned}) == len(planned)
    assert planned == lives.plan(date(2026, 11, 22))
    assert {life.person for life in planned} != {
        life.person for life in lives.plan(date(2026, 11, 22), seed=7)
    }
    assert sum(bool(life.appeal) for life in planned) == 2
    assert len({life.first.get("summary") for life in planned}) > 5


def test_the_worker_rests_while_a_loader_is_at_work_and_not_after_it_was_killed(
    copy: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = copy("worker.db")
    progress.write(office.begin(), done=1, total=2, stage="正在载入", loading=True)
    assert progress.is_loading(office)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    assert not progress.is_loading(office)
    clock.reset(office)
