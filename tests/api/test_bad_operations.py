"""Bad input against every operation at once: beyond the end, without a right, too large, nobody's ids."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.known import address, furnish
from tests.api.program import Program, program, values
from tests.api.test_further_verbs import done
from tests.site import Site
from webapp.web.api.openapi import every
from webapp.web.api.registry import Operation

HUGE = "x" * (10 * 1024 * 1024)
# Designers have verbs of their own here; an auditor may declare to be partial, which everybody who sees a case may.
OWN = {
    "deployments": ("liucheng",),
    "definition_switches": ("liucheng",),
    "declare_recusal": ("shenji", "anshen"),
}
KEPT_OUT = ("liucheng", "shenji", "xitong", "anquan", "anshen")


def asked(program_: Program, one: Operation, path: str) -> Any:
    """The first example of an operation, whatever comes of it."""
    body = one.examples[0].body if one.examples else None
    if one.form is not None:
        return program_.ask(
            one.method, path, data={"deployment-name": "x"}, content_type="multipart/form-data"
        )
    query = dict(one.examples[0].query) if one.examples else {}
    return program_.ask(one.method, path, query_string=query, **({"json": body} if body is not None else {}))


def test_whoever_only_draws_audits_or_administers_does_nothing_on_a_case(site: Site) -> None:
    known = furnish(site)
    programs = {login: program(site, login) for login in KEPT_OUT}
    before = done(site)

    for door, one in every():
        for login in KEPT_OUT:
            if not one.writes or login in (*OWN.get(one.tag, ()), *OWN.get(one.name, ())):
                continue
            answer = asked(programs[login], one, address(door, one, known))
            assert answer.status_code in (400, 403, 404, 422), (one.name, login, answer.text)
            assert answer.json["message"], one.name
    assert done(site) == before


def test_the_ids_of_another_organisation_do_not_exist_for_any_operation(site: Site) -> None:
    known, stranger = furnish(site), program(site, site.second_committee())
    nobodys = dict.fromkeys(known, str(uuid4()))
    before = done(site)

    for door, one in every():
        if not any(
            f"<{name}>" in one.path
            for name in ("task_id", "case_id", "instance_id", "meeting_id", "measure_id")
        ):
            continue
        there, nowhere = (asked(stranger, one, address(door, one, ids)) for ids in (known, nobodys))
        assert there.status_code in (400, 403, 404, 422), (one.name, there.text)
        assert (there.status_code, there.json) == (nowhere.status_code, nowhere.json), one.name
    assert done(site) == before


@pytest.mark.parametrize("login", ["jiandu1", "shenji", "jilu"])
def test_beyond_the_end_every_list_is_empty(site: Site, login: str) -> None:
    known, asking = furnish(site), program(site, login)
    tried = 0
    for door, one in every():
        names = {param.name for param in one.query}
        last = (
            {"firstResult": 2**31 - 1}
            if "firstResult" in names
            else {"page": 500}
            if "page" in names
            else None
        )
        if last is None or one.method != "GET":
            continue
        more = {"processInstanceId": known["instance_id"]} if "activit" in one.name else {}
        answer = asking.ask("GET", address(door, one, known), query_string={**last, **more})
        assert answer.status_code == 403 or (answer.status_code, answer.json) == (200, []), (
            one.name,
            answer.text,
        )
        tried += 1
    assert tried >= 9


def test_ten_megabytes_are_refused_before_they_are_read_by_every_operation_that_takes_a_body(
    site: Site,
) -> None:
    known, asking = furnish(site), program(site, "jiandu1")
    before = done(site)
    sent = {"variables": values(assessment_text=HUGE)}
    for door, one in every():
        if one.body is None:
            continue
        answer = asking.ask(one.method, address(door, one, known), json=sent)
        assert (answer.status_code, bool(answer.json["message"])) == (413, True), one.name
    assert done(site) == before
