"""Every door of the house: who may knock, and that looking leaves a trace."""

import io
import re
from uuid import uuid4

import pytest
from werkzeug.routing import Rule

from tests.queries import scenes
from tests.site import Browser, Site, user_id
from webapp.persistence.models import cases, history, runtime
from webapp.services import definition_drafts, proposals, reads, trials
from webapp.web.entrances import PROGRAMS, PUBLIC

OPEN_TO_ALL = {
    "auth.sign_in",
    "auth.demo",
    "assets_file",
    "health.live",
    "health.ready",
    "health.metrics",
    None,
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Pages on which no cadre and no case can be read.
SILENT = {
    "auth.sign_in", "auth.demo", "assets_file", "health.live", "health.ready", "health.metrics",
    "definitions.index", "definitions.show", "definitions.diagram", "definitions.download",
    "people.template", "audit_export.verifier", "people.import_", "rosters.choose_ledger",
    "office_rules.index", "office_rules.calendar", "own_password.show",
}  # fmt: skip
READERS = {
    "definitions": "liucheng",
    "history": "shenji",
    "audit": "shenji",
    "audit_case": "shenji",
    "audit_export": "shenji",
    "meetings": "jilu",
    "incidents": "xitong",
    "accounts": "anquan",
    "office_rules": "anquan",
}
# The designers' rooms: diagrams, forms and tables, and what was said about publishing them.
SILENT |= {
    "designs.index", "designs.show", "designs.drawing", "designs.model", "designs.download", "designs.view",
    "design_versions.versions", "design_versions.difference", "design_versions.drawing", "design_versions.proposal",
    "definition_switches.show", "signals.index",
    "trials.begin", "trials.show", "trials.drawing", "design_imports.report",
}  # fmt: skip
# A process that two persons put right; tests/web/test_corrections_page.py moves one to another version.
READERS |= {"corrections": "jiandu1", "version_changes": "liucheng", "signals": "changwei03"}
READERS |= dict.fromkeys(
    ("designs", "design_imports", "design_versions", "definition_switches", "trials"), "liucheng"
)
# Papers of single steps: the furnished case has none of them yet; tests/web/test_papers_page.py sees their trace.
ELSEWHERE = {
    "version_changes.new",
    "audit.progress",
    "version_changes.change",
    "papers.record",
    "papers.minutes",
}
# What a page needs to be asked for beside its address.
ASKED = {"rosters.take_ledger": "?purpose=report"}
TRACES = ("read", "exported", "person_exported")


def rules(site: Site) -> list[Rule]:
    """Every door for people; those for programs are tried in ``tests/api/test_entering.py``."""
    return [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] not in PROGRAMS]


def address(rule: Rule, known: dict[str, str]) -> str:
    """The rule with real values; a new kind of value has to be added to ``furnished``."""
    missing = rule.arguments - known.keys()
    assert not missing, f"{rule.rule}: no value for {missing}"
    return re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda found: known[found[1]], rule.rule)


@pytest.fixture
def furnished(site: Site) -> dict[str, str]:
    """A site with something behind every kind of address."""
    case = site.open_case("苏白露")
    task = site.task(case, "assess")
    upload = {"file": (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")}
    assert site.as_("ganbu1").post(f"/tasks/{task}/attach", upload).status_code == 303
    meeting = scenes.called(site, scenes.item(site, case))
    scenes.item(site, site.open_case("顾半夏"))
    designer = site.actor("liucheng")
    draft = definition_drafts.begin(site.office.begin(), designer, key="p02a_periodic_note")
    run = trials.start(
        site.office.begin(), designer, draft_id=draft, text='{note_kind: "mentor", due_on: "2026-03-02"}'
    )
    with reads.begin(site.office) as look:
        files = {**definition_drafts.read(look, draft).files, "forms/more.json": b"{}"}
    return {
        "draft_id": draft,
        "run_id": run,
        "proposal_id": proposals.propose(site.office, designer, files, "试一试。").id,
        "file": "forms/p02a_note_check.json",
        "left": "version:p02a_periodic_note:1",
        "right": f"draft:{draft}",
        "side": "left",
        "case_id": case,
        "task_id": task,
        "attachment_id": site.rows(cases.attachment)[0]["id"],
        "instance_id": site.rows(runtime.process_instance, case_id=case)[0]["id"],
        "person_id": site.person("苏白露"),
        "meeting_id": meeting,
        "plan_id": scenes.plan(site, case, 30),
        "measure_id": scenes.measure(site, case),
        "change_id": str(uuid4()),
        "switch_id": str(uuid4()),
        "correction_id": str(uuid4()),
        "substitution_id": str(uuid4()),
        "act": "return",
        "item_id": str(uuid4()),
        "user_id": str(uuid4()),
        "grant_id": str(uuid4()),
        "seq": "1",
        "kind": "correct",
        "event_id": f"case:{case}:1",
        "key": "p01_down_adjustment",
        "version": "1",
        "name": "page.css",
        "objection_id": str(uuid4()),
        "incident_id": str(uuid4()),
        "request_id": str(uuid4()),
    }


def test_the_public_list_is_short_and_known() -> None:
    assert PUBLIC == OPEN_TO_ALL


def test_no_door_opens_to_a_visitor(site: Site, furnished: dict[str, str]) -> None:
    visitor = site.visitor()
    for rule in rules(site):
        if rule.endpoint in PUBLIC:
            continue
        path = address(rule, furnished)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = visitor.get(path) if method == "GET" else visitor.post(path)
            assert answer.status_code == 303, (method, path)
            assert (answer.location or "").startswith("/sign-in"), (method, path)


def test_no_unsafe_door_opens_without_the_token_of_its_page(site: Site, furnished: dict[str, str]) -> None:
    browsers = [site.as_("ganbu1"), site.as_("shenji"), site.visitor()]
    before = len(site.rows(history.history_event))
    for rule in rules(site):
        if not (rule.methods or set()) & UNSAFE:
            continue
        for browser in browsers:
            answer = browser.post(address(rule, furnished), token=False)
            assert answer.status_code == 400, rule.rule
            assert "页面已过期" in answer.text, rule.rule
    assert len(site.rows(history.history_event)) == before


def traces(site: Site, login: str) -> int:
    rows = site.rows(history.history_event, actor_id=user_id(login))
    return sum(row["kind"] in TRACES for row in rows)


def test_every_page_with_a_case_or_a_cadre_leaves_a_trace(site: Site, furnished: dict[str, str]) -> None:
    for rule in rules(site):
        if rule.endpoint in SILENT | ELSEWHERE or "GET" not in (rule.methods or set()):
            continue
        login = READERS.get(rule.endpoint.partition(".")[0], "ganbu1")
        before = traces(site, login)
        answer = site.as_(login).get(address(rule, furnished) + ASKED.get(rule.endpoint, ""))
        assert answer.status_code == 200, rule.rule
        assert traces(site, login) > before, f"{rule.rule} was read without a trace"


def test_a_silent_page_names_no_cadre(site: Site, furnished: dict[str, str]) -> None:
    browsers: dict[str, Browser] = {}
    for rule in rules(site):
        if (
            rule.endpoint not in SILENT
            or rule.endpoint == "assets_file"
            or "GET" not in (rule.methods or set())
        ):
            continue
        login = READERS.get(rule.endpoint.partition(".")[0], "ganbu1")
        browser = browsers.setdefault(login, site.as_(login))
        answer = browser.get(address(rule, furnished))
        assert answer.status_code == 200, rule.rule
        assert "苏白露".encode() not in answer.data, rule.rule


def test_what_is_not_shown_is_not_traced(site: Site, furnished: dict[str, str]) -> None:
    before = traces(site, "benren")
    for path in (f"/cases/{furnished['case_id']}", f"/tasks/{furnished['task_id']}", "/cases/start"):
        assert site.as_("benren").get(path).status_code in (403, 404)
    assert traces(site, "benren") == before
