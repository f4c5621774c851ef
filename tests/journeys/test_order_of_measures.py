"""Periods follow the order of the law, not of registration: late entries, revoked measures, two at one moment."""

import threading
from datetime import date

import pytest
from sqlalchemy import Engine

from tests.journeys.conftest import furnish
from tests.journeys.office import Journey
from tests.journeys.test_measure_changes import PAPER, make, warned
from tests.journeys.ways import CADRE
from webapp.crypto.keyring import Keyring
from webapp.domain.measure_changes import Change
from webapp.persistence.models import cases, history
from webapp.queries import mine
from webapp.services import reads, recounting
from webapp.services.demo import scenes
from webapp.services.office import calendar_of

EARLIER = {"kind": "serious_warning", "decided_on": "2023-06-01", "effective_on": "2023-06-01"}
LATER = {"kind": "warning", "decided_on": "2024-01-10", "effective_on": "2024-01-10"}


def entered(journey: Journey, **given: object) -> str:
    """A party sanction entered late, of which no talk is recorded yet."""
    case_id = scenes.take_in(
        journey, CADRE, **{"late_entry": "yes", "track": "party", "tracking_class": "A", **given}
    )
    journey.settle()
    return case_id


def own_periods(journey: Journey) -> list[tuple[date, date | None]]:
    """What the cadre reads on the own page."""
    with reads.begin(journey.office) as look:
        rows = mine.told_cases(look, CADRE)
        told = mine.matters(look, rows, calendar_of(look), journey.today)
    return [(one.starts_on, one.ends_on) for matter in told for one in matter.periods]


def test_an_earlier_sanction_entered_later_lengthens_the_one_that_followed_it(
    journey_on_both: Journey,
) -> None:
    journey = journey_on_both
    second = entered(journey, **LATER)
    first = entered(journey, **EARLIER)

    assert journey.ends(first)["promotion"] == (date(2023, 6, 1), date(2024, 11, 30))
    assert journey.ends(second)["promotion"] == (date(2024, 1, 10), date(2025, 11, 30))
    told = journey.rows(history.history_event, case_id=first, kind="task_completed")[-1]["body"]
    assert b'"before":"2025-01-09"' in told.replace(b": ", b":")
    assert b'"after":"2025-11-30"' in told.replace(b": ", b":")
    journey.check()


def test_what_an_untold_entry_lengthens_is_not_shown_before_its_talk(journey: Journey) -> None:
    second, _ = warned(journey)
    before = own_periods(journey), journey.plan(CADRE)
    first = entered(journey, **EARLIER)

    assert journey.ends(second)["promotion"][1] == date(2025, 11, 30)
    assert (own_periods(journey), journey.plan(CADRE)) == before

    journey.do(first, "record_past_execution", "jiandu1", talked_on="2023-06-05")
    journey.settle()
    assert (date(2024, 1, 10), date(2025, 11, 30)) in own_periods(journey)
    assert journey.plan(CADRE)["latest_end"] == date(2025, 11, 30)
    journey.check()


def test_a_revoked_sanction_lends_no_rest_to_one_entered_afterwards(journey: Journey) -> None:
    _, measure_id = warned(journey, **EARLIER)
    make(journey, measure_id, Change("revoke", *PAPER, date(2024, 2, 20)))

    second = entered(journey, **LATER)

    assert journey.ends(second)["promotion"] == (date(2024, 1, 10), date(2025, 1, 9))
    journey.check()


def confirmed_at_once(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two sanctions of one cadre registered, and checked by two hands at the same moment → the cases."""
    day = journey.today.isoformat()
    given = {"late_entry": "no", "tracking_class": "A", "decided_on": day, "effective_on": day}
    told = scenes.take_in(journey, CADRE, track="admin", kind="warning", **given)
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(told, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    found = [
        journey.open_case("jiandu1", CADRE, "sanction", track="party", kind=kind, **given)
        for kind in ("warning", "serious_warning")
    ]
    waiting = [journey.task(case_id, "check_entry")["id"] for case_id in found]
    both, counted = threading.Barrier(2), recounting.recount

    def together(*given: object) -> object:
        """Let both count at one moment, unless the second has to wait for the first."""
        try:
            both.wait(1.5)
        except threading.BrokenBarrierError:
            return counted(*given)  # type: ignore[arg-type]
        return counted(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(recounting, "recount", together)
    failed: list[BaseException] = []

    def confirm(task_id: str) -> None:
        try:
            journey.complete("anguan", task_id, entry_outcome="confirmed")
        except BaseException as error:
            failed.append(error)

    journey.actor("anguan")
    threads = [threading.Thread(target=confirm, args=(one,)) for one in waiting]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    monkeypatch.setattr(recounting, "recount", counted)
    journey.settle()
    return found


def test_two_sanctions_confirmed_at_once_add_up(
    postgresql_engine: Engine, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = Keyring.open(tmp_path / "home", environment={})  # type: ignore[operator]
    journey = Journey(furnish(postgresql_engine, keyring))

    found = confirmed_at_once(journey, monkeypatch)

    assert sorted(str(journey.ends(one)["promotion"][1]) for one in found)[1] == "2026-09-01"
    with journey.begin() as work:
        assert recounting.recount(work, CADRE, {"party"}, found[0]) == []
    assert {row["person_id"] for row in journey.rows(cases.measure, case_id=found)} == {CADRE}
    journey.check()


def test_two_sanctions_confirmed_at_once_on_a_file_add_up(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = confirmed_at_once(journey, monkeypatch)

    assert sorted(str(journey.ends(one)["promotion"][1]) for one in found)[1] == "2026-09-01"
    journey.check()
