"""Every door through which something is written, and how a form handed in twice is answered there."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.site import Site
from webapp.web.entrances import PROGRAMS

TEMPLATES = Path(__file__).resolve().parents[2] / "webapp" / "web" / "templates"
PAGES = "webapp.web.pages."
# What must not be answered from memory, and why a second submit does no harm.
OTHERWISE = {
    "auth.sign_in": "a second sign-in is a second session",
    "auth.sign_out": "signed out is signed out",
    "own_password.change": "the old password is asked once more, and no mark of a password is kept",
    "tasks.claim": "claimed by oneself already: nothing is done",
    "tasks.draft": "the same draft once more",
    "tasks.form": "nothing is written",
    "meetings.vote": "a ballot is cast once, a second one is refused; no mark of a ballot is kept",
    "audit.check": "refused while a check runs",
    "cases.verify": "every look at the chain is on record",
    "audit_export.table": "every copy taken along is on record",
    "audit_export.bundle": "every copy taken along is on record",
    "office_rules.preview": "nothing is written",
    "designs.save": "refused by the revision it was drawn from",
    "designs.check": "nothing is written",
    "designs.expression": "nothing is written",
    "designs.view": "nothing is written",
    "designs.propose": "refused while the draft waits for a second designer",
    "design_versions.approve": "refused once decided",
    "design_versions.reject": "refused once decided",
    "design_versions.withdraw": "refused once decided",
    "version_changes.confirm": "refused once decided",
    "trials.start": "a trial changes nothing but itself",
    "trials.complete": "a trial changes nothing but itself",
    "trials.timer": "a trial changes nothing but itself",
    "trials.message": "a trial changes nothing but itself",
}
# A look that a verb of the office takes, inside a door that writes.
LOOKS = {"people_facts.named", "verbs.rehearse"}


def doors(site: Site) -> dict[str, Any]:
    """Endpoint → view function of everything a person may post to."""
    return {
        rule.endpoint: site.app.view_functions[rule.endpoint]
        for rule in site.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.partition(".")[0] not in PROGRAMS
    }


def called(view: Any) -> Iterator[ast.Call]:
    """Every call in a view and in what it calls of its own module."""
    module = sys.modules[view.__module__]
    there = {
        one.name: one for one in ast.parse(inspect.getsource(module)).body if isinstance(one, ast.FunctionDef)
    }
    waiting, seen = [view.__name__], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in there:
            continue
        seen.add(name)
        for node in ast.walk(there[name]):
            if isinstance(node, ast.Call):
                yield node
                waiting += [node.func.id] if isinstance(node.func, ast.Name) else []


def test_every_door_that_writes_says_how_a_second_submit_is_answered(site: Site) -> None:
    found = doors(site)
    keyed = {
        name
        for name, view in found.items()
        if any(ast.unparse(one.func) in ("once", "form_key") for one in called(view))
    }

    assert keyed & OTHERWISE.keys() == set()
    assert found.keys() - keyed - OTHERWISE.keys() == set()
    assert OTHERWISE.keys() - found.keys() == set()
    assert len(keyed) > 60


def test_no_verb_behind_a_door_with_a_key_is_called_past_it(site: Site) -> None:
    past = []
    for name, view in doors(site).items():
        if name in OTHERWISE:
            continue
        for call in called(view):
            begun = [ast.unparse(one) for one in call.args]
            keys = {one.arg for one in call.keywords}
            if "work()" in begun and "key" not in keys and ast.unparse(call.func) not in LOOKS:
                past.append(f"{name}: {ast.unparse(call.func)}")
    assert past == []


def test_every_form_that_is_posted_brings_the_key(site: Site) -> None:
    bare = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL):
            if "safe()" not in form:
                bare.append((path.name, re.search(r"url_for\('([a-z_.]+)'", form)))
    assert [(name, found[1] if found else "") for name, found in bare] == []
