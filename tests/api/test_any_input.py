"""Whatever comes in by the OpenAPI documents, or beside them, is answered as documented: never by a fault of ours."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.known import furnish
from tests.api.program import program
from tests.site import Site
from webapp.web.api import doors

# The quick round takes a sample, ``make soak`` the whole; of each kind, what fits the document and what does not.
EXAMPLES = 50 if os.environ.get("SOAK") else 2
LOGINS = {"engine_rest": "ganbu1", "api": "jilu"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.soak
@pytest.mark.parametrize("door", doors.DOORS, ids=lambda door: door.name)
def test_no_input_makes_a_fault(site: Site, door: Any) -> None:
    known = furnish(site)
    headers = {"Authorization": f"Bearer {program(site, LOGINS[door.name]).token}"}
    described = openapi.from_wsgi(f"{door.prefix}/openapi.json", site.app, headers=headers)
    operations = [result.ok() for result in described.get_all_operations()]

    for operation in operations:
        for mode in GenerationMode:
            _try(site, operation, mode, headers, known)
    # The tool leaves out the document it reads.
    assert len(operations) == len(door.operations) - 1


def _try(
    site: Site, operation: Any, mode: GenerationMode, headers: dict[str, str], known: dict[str, str]
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def attempt(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        # Half of the time something real is meant.
        if data.draw(st.booleans()):
            case.path_parameters.update({n: known[n] for n in case.path_parameters if n in known})
        # No header of the drawn request takes the place of the token.
        answer = case.call(headers=headers)
        if site.faults:
            raise site.faults.pop()
        case.validate_response(answer, checks=CHECKS)

    attempt()
