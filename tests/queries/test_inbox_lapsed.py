"""Whose claim has lapsed is asked by the task: the group's list costs the same however long it is."""

from tests.site import Site
from webapp.queries import inbox
from webapp.services import reads


def test_a_lapsed_claim_is_found_by_the_tasks_own_rows(site: Site) -> None:
    site.open_case()
    with reads.begin(site.office) as look:
        query = inbox._query(site.actor("ganbu1"), inbox.Wish(tab="group"), look.now)
    engine = site.office.engine
    text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]

    asked = [line for line in plan if "held_by" in line or "named_by" in line]
    assert len(asked) == 3
    assert all("ix_work_candidate_work_item_id" in line for line in asked)
    assert not any(line.startswith("SCAN work_") for line in plan)
