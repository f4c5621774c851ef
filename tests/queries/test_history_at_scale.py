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
from webapp.persistence.models import history as tables
from webapp.queries import history, history_pages, looks
from webapp.queries.parts import PAGE_SIZE
from webapp.services import reads

SOAK = bool(os.environ.get("SOAK"))
SIZES = (10_000, int(os.environ.get("RECORDS", "1000000"))) if SOAK else (OWN * 2, OWN * 5)
MOST_GROWTH = 1.3
# For each record that is found: steps of SQLite's machine, rows that PostgreSQL touches.
MOST_WORK = {"sqlite": 5_000, "postgresql": 1_000}
# Of SQLite's virtual machine: what is counted at once.
STEPS = 10
FOUND = "SEARCH history_event USING INDEX sqlite_autoindex_history_event_1 (stream=? AND seq=?)"
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
    """The least milliseconds of a few, for people to read."""
    found = []
    for _ in range(rounds):
        since = time.perf_counter()
        with reads.begin(site.office) as look:
            question(look)
        found.append((time.perf_counter() - since) * 1000)
    return min(found)


def work(site: Site, question: Callable[[Any], Any]) -> int:
    """What the database does for a question: SQLite's machine steps, or the rows PostgreSQL touches."""
    if site.office.engine.dialect.name == "sqlite":
        return _machine_steps(site, question)
    found = 0
    with site.office.engine.connect() as connection:
        if not SOAK:
            # A table of a few pages is read whole, and rightly; asked is what happens to a large one.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, values in statements(site, question):
            explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
            (explanation,) = connection.exec_driver_sql(explained, values).scalar_one()
            found += _rows_touched(explanation["Plan"])
    return found


def _machine_steps(site: Site, question: Callable[[Any], Any]) -> int:
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += STEPS
        return 0

    with reads.begin(site.office) as look:
        driver: Any = look._connection.connection.dbapi_connection
        driver.set_progress_handler(count, STEPS)
        try:
            question(look)
        finally:
            driver.set_progress_handler(None, 0)
    return counted


def _rows_touched(node: dict[str, Any]) -> int:
    """Rows of tables read by a plan, those that were dismissed among them."""
    own = 0
    if "Relation Name" in node:
        dismissed = (value for name, value in node.items() if name.startswith("Rows Removed"))
        own = (node["Actual Rows"] + sum(dismissed)) * node["Actual Loops"]
    return int(own) + sum(_rows_touched(one) for one in node.get("Plans", ()))


def found_by(site: Site, question: Callable[[Any], Any]) -> int:
    """How many records a question finds, as far as they are counted."""
    with reads.begin(site.office) as look:
        view = question(look)
    uncounted = isinstance(view, history.HistoryView) and view.is_filtered and view.paging.total is None
    return history_pages.WORTH_COUNTING + 1 if uncounted else view.paging.total or len(view.rows)


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
    for wish in ({"person": CADRE}, {"case_no": number}, {"person": CADRE, "case_no": number}):
        found: set[str] = set()
        with reads.begin(any_site.office) as look:
            for page in range(1, 20):
                view = looks.show(look, actor, history.Asked(**wish, page=page), day)
                found |= {row.id for row in view.rows}
        assert len(found) == OWN * 3 // 5


def test_every_record_stands_on_one_page_also_beyond_what_is_counted(any_site: Site) -> None:
    fill(any_site, OWN * 3)
    actor, day = any_site.actor("shenji"), any_site.today
    # From a little before the last page that is counted to beyond the last one there is.
    first = history_pages.WORTH_COUNTING // PAGE_SIZE - 2

    with reads.begin(any_site.office) as look:
        pages = [_page(look, actor, day, number) for number in (1, *range(first, 75))]

    found = [row for view in pages for row in view.rows]
    assert len({row.id for row in found}) == len(found)
    assert [row.at for row in found] == sorted((row.at for row in found), reverse=True)
    assert {view.paging.total for view in pages} == {None}
    between = PAGE_SIZE * (first - 2)
    assert len(found) + between == len(any_site.rows(tables.history_event))


def _page(look: Any, actor: Any, day: Any, number: int) -> history.HistoryView:
    return history.search(look, actor, history.Asked(kind=history.ANY, page=number), day=day)


@pytest.mark.soak
def test_a_question_costs_what_it_finds_however_many_records_there_are(any_site: Site) -> None:
    few, many = SIZES
    most = MOST_WORK[any_site.office.engine.dialect.name]
    case_id = fill(any_site, few)
    questions = asked(any_site, case_id)
    before = {name: _cost(any_site, question) for name, question in questions.items()}
    _tell(any_site, questions)
    more(any_site, many - few)
    after = {name: _cost(any_site, question) for name, question in questions.items()}
    _tell(any_site, questions)

    grown = {name: (cost, after[name]) for name, cost in before.items() if after[name] > cost * MOST_GROWTH}
    costly = {name: cost for name, cost in after.items() if cost > most}
    assert (grown, costly) == ({}, {})


def _cost(site: Site, question: Callable[[Any], Any]) -> float:
    """The database's work for each record that is found."""
    return work(site, question) / found_by(site, question)


def _tell(site: Site, questions: dict[str, Callable[[Any], Any]]) -> None:
    """Milliseconds, for people to read: a busy machine says something else each time."""
    if SOAK:
        times = (f"{name} {quickest(site, question):.1f}" for name, question in questions.items())
        sys.stdout.write(f"milliseconds: {', '.join(times)}\n")
