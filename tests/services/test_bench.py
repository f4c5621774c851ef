"""The measurements run and count rightly; how long anything takes is nobody's business here."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench import cte, engine, report, timers
from bench.__main__ import run
from bench.databases import Scratch
from bench.floors import Statement
from bench.measures import QUICK, Figures
from bench.scenes import of_the_step


@pytest.fixture(scope="module")
def figures() -> Figures:
    (found,) = run(QUICK, ("sqlite",), loud=False)
    return found


def test_everything_is_measured_against_its_floor(figures: Figures) -> None:
    assert set(figures.ratios) == set(report.TARGETS)
    assert all(value > 0 for value in figures.ratios.values())
    assert set(figures.times) <= set(report.NAMES)


def test_the_engine_is_measured_beside_the_stock_one_and_its_growth_is_sound() -> None:
    found = engine.measure(replace(QUICK, rounds=20), lambda line: None)

    assert {*found.ratios} - set(report.BESIDE) == set(report.ENGINE_TARGETS)
    assert {*found.ratios, *found.times, *found.counts} <= set(report.ENGINE_NAMES)
    assert found.ratios["engine growth"] < 2
    assert found.ratios["engine / stock"] < 2
    assert found.ratios["48 / 12 parallel gateways"] < 12
    assert "引擎本身" in report.engine_text(found, report.Beside("PostgreSQL", 1.0, 9.0))


def test_two_workers_fire_every_timer_once(postgresql_engine: Engine, tmp_path: Path) -> None:
    address = postgresql_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    assert timers.a_second(Scratch("postgresql", address), tmp_path, 6) > 0


def test_a_step_is_measured_beside_one_statement(postgresql_engine: Engine, tmp_path: Path) -> None:
    address = postgresql_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    assert cte.ratio(Scratch("postgresql", address), tmp_path, QUICK) > 1


def test_a_step_and_a_page_cost_no_more_statements_than_promised(figures: Figures) -> None:
    assert {name: figures.counts[name] <= most for name, most in report.MOST.items()} == dict.fromkeys(
        report.MOST, True
    )
    assert figures.counts["statements of a step over http"] == figures.counts["statements of a step"] + 1


def test_the_report_says_what_misses_its_target(figures: Figures) -> None:
    figures = Figures(
        "sqlite", "SQLite", dict(figures.times), dict.fromkeys(report.TARGETS, 1.0), figures.counts
    )
    assert "未达到" not in report.text([figures], QUICK)

    figures.ratios["growth"] = 1.11

    assert report.text([figures], QUICK).count("未达到") == 1


def test_the_look_up_of_the_person_does_not_count_as_part_of_the_step() -> None:
    person: Statement = ("SELECT user_account.id FROM user_account", (), False)
    task: Statement = ("SELECT work_item.id FROM work_item", (), False)

    assert of_the_step([person, task, person]) == [task, person]
