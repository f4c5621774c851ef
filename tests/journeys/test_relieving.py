"""A task claimed by somebody who may no longer do it is never locked: colleagues take it over."""

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY, post
from webapp.domain.errors import Conflict, NotFound
from webapp.persistence.models import history, identity
from webapp.queries import inbox
from webapp.services import accounts, tasks
from webapp.services.demo import scenes


def claimed(journey: Journey) -> tuple[str, str]:
    """A proposal that 干部科 has to write, claimed by one of its two officials → case, task."""
    case_id = scenes.open_and_verify(journey, CADRE)
    task_id = str(journey.task(case_id, "propose")["id"])
    tasks.claim(journey.begin(), journey.actor("ganbu1"), task_id=task_id)
    return case_id, task_id


def holder(journey: Journey, case_id: str) -> object:
    return journey.task(case_id, "propose")["assignee_id"]


def grants(journey: Journey) -> list[dict[str, object]]:
    user_id = journey.actor("ganbu1").user_id
    return [dict(row) for row in journey.rows(identity.role_grant, user_id=user_id)]


def take_back(journey: Journey, role: str) -> None:
    (grant,) = (row for row in grants(journey) if row["role"] == role)
    admin = journey.actor("anquan")
    accounts.revoke(journey.begin(), grant_id=str(grant["id"]), reason="调离", actor=admin)
    journey._actors.clear()


def propose(journey: Journey, task_id: str) -> None:
    journey.complete("ganbu2", task_id, manner=RANK_ONLY, target_post_id=post(AWAY), **scenes.PLAIN)


def test_a_role_taken_back_frees_the_tasks_held_by_it(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id, task_id = claimed(journey)
    with pytest.raises(Conflict, match="签收"):
        tasks.claim(journey.begin(), journey.actor("ganbu2"), task_id=task_id)

    take_back(journey, "cadre_section")

    assert holder(journey, case_id) is None
    propose(journey, task_id)


def test_a_task_that_another_role_still_covers_stays_with_its_holder(journey: Journey) -> None:
    case_id, _ = claimed(journey)
    others = [str(row["role"]) for row in grants(journey) if row["role"] != "cadre_section"]
    for role in others:
        take_back(journey, role)
    assert holder(journey, case_id) == journey.actor("ganbu1").user_id


def test_a_disabled_account_leaves_nothing_locked(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id, task_id = claimed(journey)
    user_id = journey.actor("ganbu1").user_id

    accounts.disable(journey.begin(), user_id=user_id, reason="调离", actor=journey.actor("anquan"))

    assert holder(journey, case_id) is None
    events = journey.rows(history.history_event, stream=f"user:{user_id}")
    assert task_id.encode() in events[-1]["body"]
    tasks.claim(journey.begin(), journey.actor("ganbu2"), task_id=task_id)


def test_kinship_entered_later_frees_what_the_relative_holds_and_nothing_else(
    journey_on_both: Journey,
) -> None:
    journey = journey_on_both
    case_id, task_id = claimed(journey)
    for login, is_kept in (("ganbu2", True), ("ganbu1", False)):
        kin = str(journey.actor(login).person_id)
        journey.relate(CADRE, kin, "sibling", by="jiandu1")
        assert (holder(journey, case_id) is not None) == is_kept

    with pytest.raises(NotFound):
        tasks.claim(journey.begin(), journey.actor("ganbu1"), task_id=task_id)


def offered(journey: Journey, login: str) -> list[str]:
    """What stands in the group's list of the inbox, free to be claimed."""
    with journey.office.glance() as look:
        view = inbox.show(look, journey.actor(login), inbox.Wish(tab="group"), now=look.now, processes={})
    return [row.task_id for row in view.rows if row.may_claim and row.state == "open"]


def test_a_role_that_ended_by_its_date_holds_nothing_any_more(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id, task_id = claimed(journey)
    mine = identity.role_grant.c.user_id == journey.actor("ganbu1").user_id
    with journey.office.engine.begin() as connection:
        connection.execute(identity.role_grant.update().where(mine).values(valid_to=journey.today))
    with pytest.raises(Conflict):
        tasks.claim(journey.begin(), journey.actor("ganbu2"), task_id=task_id)

    assert task_id not in offered(journey, "ganbu2")

    journey.wait(1)

    assert task_id in offered(journey, "ganbu2")
    assert task_id not in offered(journey, "ganbu1")
    tasks.claim(journey.begin(), journey.actor("ganbu2"), task_id=task_id)
    assert task_id not in offered(journey, "ganbu2")
    assert holder(journey, case_id) == journey.actor("ganbu2").user_id
    propose(journey, task_id)
