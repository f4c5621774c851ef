"""下 → 跟踪 → 回访 → 再上 and the second door through the API alone, by different users with tokens."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.api.hand import Hand
from tests.journeys import ways
from tests.journeys.conftest import START, Installed, furnish, installed
from tests.site import config
from webapp.app import create_app
from webapp.crypto.keyring import Keyring
from webapp.persistence.models import history
from webapp.services.demo import clock

__all__ = ["installed"]


@contextmanager
def at_work(home: Path, url: str) -> Iterator[Hand]:
    """The people with their tokens on a furnished database."""
    app = create_app(config(home, url))
    hand = Hand(app)
    clock.place(hand.office, START)
    yield hand
    hand.office.engine.dispose()


@pytest.fixture
def hand(installed: Installed, tmp_path: Path) -> Iterator[Hand]:
    """The people on SQLite."""
    path = tmp_path / "api.db"
    shutil.copy(installed.file, path)
    with at_work(installed.file.parent / "home", f"sqlite:///{path}") as found:
        found.office._definitions.update(installed.definitions)
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def hand_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hand]:
    """The people on each kind of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("hand")
        return
    engine: Engine = request.getfixturevalue("postgresql_engine")
    furnish(engine, Keyring.open(tmp_path / "home", environment={}))
    with at_work(tmp_path / "home", engine.url.render_as_string(hide_password=False)) as found:
        yield found


def test_a_cadre_goes_down_is_followed_and_comes_up_again_through_the_api(hand_on_both: Hand) -> None:
    ways.down_and_up_again(hand_on_both)

    done = hand_on_both.rows(history.history_event, kind="task_completed")
    assert len({row["actor_id"] for row in done}) >= 10, "everybody acts with the own token"


def test_the_second_door_opens_to_programs(hand: Hand) -> None:
    case_id = ways.by_the_second_door(hand)

    assert hand.case(case_id)["status"] == "open"


def test_a_message_restores_rights_and_the_period_ends(hand: Hand) -> None:
    case_id = ways.until_rights_are_restored(hand)

    assert hand.ends(case_id)["promotion"][1] is not None
