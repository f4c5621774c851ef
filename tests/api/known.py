"""A site with something behind every kind of address of the API, and values for all of them."""

import re

from tests.queries import scenes
from tests.services.test_proposals import proposed
from tests.site import Site
from webapp.persistence.models import meetings as meeting_tables
from webapp.persistence.models import repository, runtime
from webapp.web.api.registry import Door, Operation

KEY = "p01_down_adjustment"


def furnish(site: Site) -> dict[str, str]:
    """Values for the names in paths, by name."""
    case = site.open_case("苏白露")
    item = scenes.item(site, case)
    meeting = scenes.called(site, item)
    (definition,) = site.rows(repository.definition, key=KEY)
    assert site.rows(meeting_tables.agenda_item, id=item)
    return {
        "task_id": site.task(case, "assess"),
        # There is none: what happens to one is told in test_external_tasks.
        "external_task_id": case,
        "case_id": case,
        "instance_id": site.rows(runtime.process_instance, case_id=case)[0]["id"],
        "definition_id": f"{KEY}:1:{definition['id']}",
        "process_key": KEY,
        "decision_id": "d01_impact_period",
        "decision_key": "d09_situation_screen",
        "deployment_id": definition["id"],
        "proposal_id": proposed(site).id,
        "meeting_id": meeting,
        "item_id": item,
        "objection_id": case,
        "measure_id": scenes.measure(site, case),
        "change_id": case,
        "correction_id": case,
        "version_change_id": case,
        "definition_switch_id": case,
        "variable": "severity_reported",
    }


def address(door: Door, operation: Operation, known: dict[str, str]) -> str:
    """The path of an operation with known values in it."""
    return door.prefix + re.sub(r"<(\w+)>", lambda found: known[found[1]], operation.path)
