"""The demo's office on a database of each kind, with every process deployed, one Monday morning."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.journeys.office import Journey
from tests.journeys.ways import to_committee, to_way_up
from webapp.crypto.keyring import Keyring
from webapp.domain.access import system_actor
from webapp.persistence.database import open_engine
from webapp.services import deployments, messages
from webapp.services.delegates import DELEGATES
from webapp.services.demo import clock, organisation
from webapp.services.office import Office

WORKFLOWS = Path(__file__).parents[2] / "workflows"
START = datetime(2024, 3, 2, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Installed:
    """A furnished SQLite file to copy, with its keys and parsed diagrams."""

    file: Path
    keyring: Keyring
    definitions: dict[str, Any]


def furnish(engine: Engine, keyring: Keyring) -> Office:
    """The demo's organisation and all processes."""
    office = Office(engine, keyring, DELEGATES, shifted=True, deliver=messages.deliver_all)
    clock.place(office, START)
    organisation.install(office.begin(), password_hash="never used here")
    for bundle in deployments.read_folder(WORKFLOWS):
        deployments.deploy(office.begin(), system_actor("install"), bundle, origin="installation")
    return office


@pytest.fixture(scope="session")
def installed(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Furnished once for all journeys."""
    folder = tmp_path_factory.mktemp("journeys")
    file = folder / "furnished.db"
    shutil.copy(migrated_file, file)
    keyring = Keyring.open(folder / "home", environment={})
    engine = open_engine(f"sqlite:///{file}")
    office = furnish(engine, keyring)
    engine.dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Installed(file, keyring, office._definitions)


@contextmanager
def copied(file: Path, installed: Installed, folder: Path, at: datetime) -> Iterator[Journey]:
    """The people at work on a copy of a file, their clock at the instant."""
    path = folder / "journey.db"
    shutil.copy(file, path)
    engine = open_engine(f"sqlite:///{path}")
    office = Office(
        engine, installed.keyring, DELEGATES, shifted=True, deliver=messages.deliver_all,
        _definitions=installed.definitions,
    )  # fmt: skip
    clock.place(office, at)
    yield Journey(office)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture
def journey(installed: Installed, tmp_path: Path) -> Iterator[Journey]:
    """The office's people on SQLite."""
    with copied(installed.file, installed, tmp_path, START) as found:
        yield found


@dataclass(frozen=True)
class Reached:
    """A file in which one case has come so far."""

    file: Path
    at: datetime
    case_id: str


def _reach(installed: Installed, folder: Path, go: Callable[[Journey], str]) -> Reached:
    with copied(installed.file, installed, folder, START) as journey:
        case_id = go(journey)
        at = journey.now
    return Reached(folder / "journey.db", at, case_id)


@pytest.fixture(scope="session")
def reached_committee(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Reached:
    """A case whose item waits for the committee, made once."""
    return _reach(installed, tmp_path_factory.mktemp("committee"), to_committee)


@pytest.fixture(scope="session")
def reached_way_up(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Reached:
    """A case tracked to its end and recommended, made once."""
    return _reach(installed, tmp_path_factory.mktemp("way_up"), to_way_up)


@pytest.fixture
def before_committee(
    reached_committee: Reached, installed: Installed, tmp_path: Path
) -> Iterator[tuple[Journey, str]]:
    """The people and the case that waits for the committee."""
    with copied(reached_committee.file, installed, tmp_path, reached_committee.at) as found:
        yield found, reached_committee.case_id


@pytest.fixture
def on_the_way_up(
    reached_way_up: Reached, installed: Installed, tmp_path: Path
) -> Iterator[tuple[Journey, str]]:
    """The people and the case that is recommended for reinstatement."""
    with copied(reached_way_up.file, installed, tmp_path, reached_way_up.at) as found:
        yield found, reached_way_up.case_id


@pytest.fixture(params=["sqlite", "postgresql"])
def journey_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Journey:
    """The office's people on each kind of database."""
    if request.param == "sqlite":
        found: Journey = request.getfixturevalue("journey")
        return found
    engine: Engine = request.getfixturevalue("postgresql_engine")
    return Journey(furnish(engine, Keyring.open(tmp_path / "home", environment={})))
