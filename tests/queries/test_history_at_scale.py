"""A search of the history costs what it finds, however many records there are."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from tests.queries.scale import OWN, fill, more
from tests.site import CADRE, Site
from webapp.persistence.models import cases
from webapp.queries import history, looks
from webapp.services import reads

SIZES = (10_000, int(os.environ.get("RECORDS", "1000000"))) if os.environ.get("SOAK") else (OWN * 2, OWN * 5)
MOST_GROWTH = 1.3
# What a page that is asked for takes besides, in milliseconds: the ratio of very short times says nothing.
LEAST_MS = 5.0
FOUND = "SEARCH history_event USING INDEX ix_history_event_recorded (recorded_at=?"
FOUND_BY_INDEX = ("person", "looks at a person", "looks at a case")


def asked(site: Site, case_id: str) -> dict[str, Callable[[Any], Any]]:
    """Every kind of question an auditor asks, by name."""
    actor, day = site.actor("shenji"), site.today
    number = site.rows(cases.case_file, id=case_id)[0]["number"]

    def listed(**wish: str) -> Callable[[Any], Any]:
        return lambda look: history.search(look, actor, history.Asked(**wish), day=day)

    def looked(**wish: str) -> Callable[[Any], Any]:
        return lambda look: looks.show(look, actor, history.Asked(**wish), day)

    return {
        "newest": listed(),
        "kind": listed(kind="task_claimed"),
        "person": listed(person=CADRE),
        "case": listed(case_no=number),
        "actor and days": listed(who="ganbu1", since="2024-01-01", until="2024-01-31"),
        "looks": looked(),
        "looks at a person": looked(person=CADRE),
        "looks at a case": looked(case_no=number),
        "looks of somebody": looked(who="ganbu1"),
    }


def statements(site: Site, question: Callable[[Any], Any]) -> list[tuple[str, Any]]:
    """What a question asks the database."""
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found.append((statement, values))

    event.listen(site.office.engine, "before_cursor_execute", note)
    try:
        with reads.begin(site.office) as look:
            question(look)
    finally:
        event.remove(site.office.engine, "before_cursor_execute", note)
    return found


def quickest(site: Site, question: Callable[[Any], Any], rounds: int = 5) -> float:
    """The least milliseconds of a few."""
    found = []
    for _ in range(rounds):
        since = time.perf_counter()
        with reads.begin(site.office) as look:
            question(look)
        found.append((time.perf_counter() - since) * 1000)
    return min(found)


def test_no_question_reads_all_records(site: Site) -> None:
    case_id = fill(site, OWN * 2)
    for name, question in asked(site, case_id).items():
        for statement, values in statements(site, question):
            if "FROM history_event" not in statement:
                continue
            with site.office.engine.connect() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            steps = [row[3] for row in plan]
            assert not {"SCAN history_event", "MULTI-INDEX OR"} & set(steps), (name, steps)
            if name in FOUND_BY_INDEX:
                assert any(one.startswith(FOUND) for one in steps), (name, steps)
            elif name != "case":
                assert "USE TEMP B-TREE FOR ORDER BY" not in steps, (name, steps)


def test_every_look_at_a_cadre_and_a_case_is_found(any_site: Site) -> None:
    case_id = fill(any_site, OWN * 2)
    number = any_site.rows(cases.case_file, id=case_id)[0]["number"]
    actor, day = any_site.actor("shenji"), any_site.today
    for wish in ({"person": CADRE}, {"case_no": number}):
        found: set[str] = set()
        with reads.begin(any_site.office) as look:
            for page in range(1, 20):
                view = looks.show(look, actor, history.Asked(**wish, page=page), day)
                found |= {row.id for row in view.rows}
        assert len(found) == OWN * 3 // 5


@pytest.mark.soak
def test_a_question_costs_what_it_finds_however_many_records_there_are(any_site: Site) -> None:
    few, many = SIZES
    case_id = fill(any_site, few)
    questions = asked(any_site, case_id)
    before = {name: quickest(any_site, question) for name, question in questions.items()}
    more(any_site, many - few)
    after = {name: quickest(any_site, question) for name, question in questions.items()}

    sys.stdout.write("".join(f"{name}: {before[name]:.1f} ms, {after[name]:.1f} ms\n" for name in before))
    grown = {
        name: (before[name], ms) for name, ms in after.items() if ms > before[name] * MOST_GROWTH + LEAST_MS
    }
    assert grown == {}
