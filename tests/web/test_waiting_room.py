"""What waits does not wait for ever, and what comes at one moment gets its turn."""

import threading
from datetime import timedelta
from uuid import uuid4

from tests.site import Site
from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import Refused
from webapp.persistence.models import cases, history, people, runtime
from webapp.services import jobs, messages


def a_message(site: Site, case_id: str, *, lives: timedelta) -> str:
    """A message nobody waits for."""
    with site.office.begin() as work:
        messages.send(
            work, case_id=case_id, element_id="x", message="nobody_waits", correlation=case_id, variables={}
        )
        work.commit(events.HistoryVerified(actor=system_actor("test"), effective_at=work.now))
    (row,) = site.rows(runtime.outbox, message="nobody_waits")
    site.change(runtime.outbox, {"id": row["id"]}, {"expires_at": site.instant() + lives})
    return str(row["id"])


def status(site: Site, message_id: str) -> str:
    return str(site.rows(runtime.outbox, id=message_id)[0]["status"])


def test_a_message_nobody_came_for_ends_with_its_life_and_the_case_knows(any_site: Site) -> None:
    case_id = any_site.open_case("苏白露")
    message_id = a_message(any_site, case_id, lives=timedelta(seconds=-1))

    jobs.run_due(any_site.office, "worker")
    jobs.run_due(any_site.office, "worker")

    assert status(any_site, message_id) == "expired"
    (event,) = any_site.rows(history.history_event, kind="message_expired")
    assert event["case_id"] == case_id


def test_a_message_within_its_life_goes_on_waiting(site: Site) -> None:
    message_id = a_message(site, site.open_case("苏白露"), lives=timedelta(days=1))

    jobs.run_due(site.office, "worker")

    assert status(site, message_id) == "waiting"


def test_a_roster_that_was_left_lying_is_gone_after_its_day(any_site: Site) -> None:
    with any_site.office.begin() as work:
        row = {"id": str(uuid4()), "made_by": str(uuid4()), "made_at": work.now - timedelta(days=2)}
        work.insert(
            people.import_preview, row | {"ciphertext": b"x", "wrapped_key": b"x", "key_id": "master-1"}
        )
        due = {
            "id": str(uuid4()),
            "kind": "forget_previews",
            "status": "due",
            "due_at": work.now,
            "payload": {},
        }
        work.insert(runtime.job, due | {"created_at": work.now})
        work.commit(events.HistoryVerified(actor=system_actor("test"), effective_at=work.now))

    jobs.run_due(any_site.office, "worker")

    assert any_site.rows(people.import_preview) == []


def test_the_years_first_two_cases_at_one_moment_get_two_numbers(pg_site: Site) -> None:
    both = threading.Barrier(2)
    refused: list[Refused] = []

    def register(cadre: str) -> None:
        both.wait()
        try:
            pg_site.open_case(cadre)
        except Refused as refusal:
            refused.append(refusal)

    hands = [threading.Thread(target=register, args=(name,)) for name in ("苏白露", "顾半夏")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert refused == []
    assert sorted(row["number"][-4:] for row in pg_site.rows(cases.case_file)) == ["0001", "0002"]
