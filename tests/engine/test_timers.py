"""Due instants: the law's table, FEEL and ISO, Asia/Shanghai days, absolute and kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.engine.builder import diagram
from tests.engine.play import Play
from webapp.engine import EngineError, dates

# Civil Code art. 202: the corresponding day, or the month's last day.
CLAMPED = (
    ("2026-01-31", "P1M", "2026-02-28"),
    ("2024-01-31", "P1M", "2024-02-29"),
    ("2026-01-30", "P1M", "2026-02-28"),
    ("2026-03-31", "P1M", "2026-04-30"),
    ("2025-11-30", "P3M", "2026-02-28"),
    ("2026-08-31", "P6M", "2027-02-28"),
    ("2026-12-31", "P2M", "2027-02-28"),
    ("2024-02-29", "P1Y", "2025-02-28"),
    ("2024-02-29", "P12M", "2025-02-28"),
    ("2026-08-31", "P1Y6M", "2028-02-29"),
    ("2023-08-31", "P1Y6M", "2025-02-28"),
)


@pytest.mark.parametrize(("start", "period", "expected"), CLAMPED)
def test_months_clamp_to_the_month_end(start: str, period: str, expected: str) -> None:
    moment = dates.of_date(date.fromisoformat(start)) + timedelta(hours=9)
    play = Play(diagram().start().wait("t", "duration", period).end().parsed(), now=moment)

    (timer,) = play.start().timers

    assert timer.due_at == dates.of_date(date.fromisoformat(expected)) + timedelta(hours=9)
    assert timer.due_at.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("date", "2026-05-01", datetime(2026, 4, 30, 16, tzinfo=UTC)),
        ("date", "2026-05-01T09:00:00", datetime(2026, 5, 1, 1, tzinfo=UTC)),
        ("date", "2026-05-01T09:00:00Z", datetime(2026, 5, 1, 9, tzinfo=UTC)),
        ("date", '=date("2026-05-01")', datetime(2026, 4, 30, 16, tzinfo=UTC)),
        ("date", '=date and time("2026-05-01T09:00:00+08:00")', datetime(2026, 5, 1, 1, tzinfo=UTC)),
        ("date", "=visit_day", datetime(2026, 4, 30, 16, tzinfo=UTC)),
        ("date", '=date(visit_day) + duration("P1D")', datetime(2026, 5, 1, 16, tzinfo=UTC)),
        ("duration", "P10D", datetime(2026, 3, 12, 1, tzinfo=UTC)),
        ("duration", "P1W", datetime(2026, 3, 9, 1, tzinfo=UTC)),
        ("duration", "PT36H", datetime(2026, 3, 3, 13, tzinfo=UTC)),
        ("duration", '=duration("P6M")', datetime(2026, 9, 2, 1, tzinfo=UTC)),
        ("duration", '=duration("P2DT1H")', datetime(2026, 3, 4, 2, tzinfo=UTC)),
        ("duration", '="P" + string(n) + "D"', datetime(2026, 3, 9, 1, tzinfo=UTC)),
    ],
)
def test_a_timer_is_handed_out_as_an_absolute_instant(kind: str, text: str, expected: datetime) -> None:
    play = Play(diagram().start().wait("t", kind, text).end().parsed())

    (timer,) = play.start(visit_day="2026-05-01", n=7).timers

    assert timer.due_at == expected
    assert play.fire("t").finished


@pytest.mark.parametrize("value", [None, "P", "P0D", 5, "2026-13-01", "nonsense", "P101Y"])
def test_a_value_that_is_no_time_is_a_fault_when_reached(value: object) -> None:
    definition = diagram().start().wait("t", "duration", "=v").end().parsed()

    with pytest.raises(EngineError) as caught:
        Play(definition).start(v=value)

    assert (caught.value.element_id, caught.value.code) == ("t", "time.invalid")


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P0D", "-P1D", "P1.5M", "P101Y", "P1000000Y", "P１Y", "1Y", "P1Y ", "P1H", "P40000D"],
)
def test_a_period_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(dates.BadTime):
        dates.read_period(text)


def test_the_due_instant_does_not_move_with_later_steps() -> None:
    drawn = (
        diagram().start().both("g").wait("t", "duration", "P1M").end().at("g").user("a").user("b").end("e2")
    )
    play = Play(drawn.parsed())
    due = play.start().timers[0].due_at
    play.now += timedelta(days=5)

    step = play.complete("a")

    assert step.timers == ()
    assert play.timers[next(iter(play.timers))].due_at == due


def test_rounds_at_month_ends_do_not_drift() -> None:
    cycle = dates.read_cycle("R4/P1M")
    start = dates.of_date(date(2026, 1, 31))

    found = [dates.add(start, cycle.period.times(n)).astimezone(dates.ZONE).date() for n in range(1, 5)]

    assert found == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
