"""The OpenAPI documents are valid, say what the routes do, and their examples run."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.known import address, furnish
from tests.api.program import Program, program
from tests.site import Site
from webapp.domain.errors import Invalid
from webapp.web.api import doors, schema
from webapp.web.api.openapi import document, every
from webapp.web.api.refusing import CODES
from webapp.web.api.registry import Example, Operation


@pytest.mark.parametrize("door", doors.DOORS, ids=lambda door: door.name)
def test_the_document_is_valid_openapi(door: Any) -> None:
    found = OpenAPIV31SpecValidator(json.loads(json.dumps(document(door)))).iter_errors()

    assert [error.message for error in found] == []


def test_every_route_for_programs_is_in_a_document_and_says_something_in_chinese(site: Site) -> None:
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in doors.NAMES
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {
        (method.upper(), door.prefix + path)
        for door in doors.DOORS
        for path, methods in document(door)["paths"].items()
        for method in methods
    }

    assert routes == told
    for _, one in every():
        assert re.search("[\u4e00-\u9fff]", one.summary), one.name


def test_the_document_is_served_to_programs(site: Site) -> None:
    asking = program(site, "ganbu1")

    for door in doors.DOORS:
        assert asking.get(f"{door.prefix}/openapi.json") == json.loads(json.dumps(document(door)))


def test_every_operation_has_an_example_that_runs(site: Site) -> None:
    known, programs = furnish(site), {}
    # What changes the site comes last: the examples before need it as it was.
    for door, one in sorted(every(), key=lambda pair: pair[1].method != "GET"):
        if one.form is None:
            assert one.examples, f"{one.name} has no example"
        for example in one.examples:
            asking = programs.setdefault(example.by, program(site, example.by))
            _run(asking, address(door, one, known), one, example, known)


def _run(asking: Program, path: str, one: Operation, example: Example, known: Mapping[str, str]) -> None:
    query = dict(example.query)
    if "activities" in one.name:
        query["processInstanceId"] = known["instance_id"]
    sent = {"json": example.body} if example.body is not None else {}
    answer = asking.ask(one.method, path, query_string=query, **sent)
    wanted = example.status or one.status
    assert answer.status_code == wanted, f"{one.name}: {answer.text}"
    if wanted == one.status and one.answer is not None:
        schema.require(one.answer, answer.json)
    elif wanted != one.status:
        assert answer.json["message"]


def test_our_codes_lie_where_camunda_leaves_room() -> None:
    assert all(code >= 20_000 for code in CODES.values())
    assert len(set(CODES.values())) == len(CODES)


@pytest.mark.parametrize(
    ("value", "fits"),
    [("2026-01-02", True), ("2026-01-02\n", False), ("2026-1-2", False), (20260102, False), (None, False)],
)
def test_a_pattern_fits_the_whole_text(value: object, fits: bool) -> None:
    try:
        schema.require(schema.DAY, value)
    except Invalid:
        assert not fits
    else:
        assert fits
