"""Addresses nobody gave you: unknown, another committee's, your own, a relative's, before the talk."""

import io
import re
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.site import Site
from webapp.persistence.models import cases, history, people, runtime

TOKENS = re.compile(r'name="csrf_token" value="[^"]*"|name="idempotency_key" value="[^"]*"')
VERBS = ("claim", "release", "draft", "form", "complete", "paper", "comment", "attach")


def plain(answer: TestResponse) -> str:
    """The page without what differs at every load."""
    return TOKENS.sub("", answer.text)


def addresses(case: str, task: str, instance: str) -> list[str]:
    """Everything of a case that has an address of its own."""
    return [
        f"/cases/{case}",
        f"/tasks/{task}",
        f"/tasks/{task}?paper=1",
        f"/cases/{case}/diagrams/{instance}",
    ]


def is_hidden(site: Site, login: str, case: str) -> bool:
    """The case answers as one that does not exist, word for word, and appears in no list."""
    browser = site.as_(login)
    row = site.rows(cases.case_file, id=case)[0]
    task = next(iter(site.open_tasks(case).values()))
    instance = site.rows(runtime.process_instance, case_id=case)[0]["id"]
    known = addresses(case, task, instance)
    unknown = addresses(str(uuid4()), str(uuid4()), str(uuid4()))
    for here, nowhere in zip(known, unknown, strict=True):
        found, missing = browser.get(here), browser.get(nowhere)
        assert (found.status_code, plain(found)) == (404, plain(missing)), here
    for verb in VERBS:
        found = browser.post(f"/tasks/{task}/{verb}", {"text": "x", "redraw": "conditions"})
        missing = browser.post(f"/tasks/{uuid4()}/{verb}", {"text": "x", "redraw": "conditions"})
        assert (found.status_code, plain(found)) == (missing.status_code, plain(missing)), verb
        assert found.status_code in (404, 422), verb
    for act in ("verify", "objections", "recusal", "rights", "reinstatement", f"objections/{uuid4()}"):
        found, missing = browser.post(f"/cases/{case}/{act}"), browser.post(f"/cases/{uuid4()}/{act}")
        assert (found.status_code, plain(found)) == (missing.status_code, plain(missing)), act
        assert found.status_code in (403, 404, 422), act
    number = row["number"]
    for page in (
        "/inbox",
        "/inbox?tab=group",
        "/inbox?tab=started",
        "/inbox?tab=done",
        f"/inbox?tab=group&q={number}",
    ):
        assert task not in browser.get(page).text, page
    for page in ("/cases", f"/cases?q={number}", "/tracking", "/meetings", "/history", "/people"):
        text = browser.get(page).text
        assert case not in text, page
        assert number not in text.replace(f'value="{number}"', ""), page
    return True


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ("linshi1", "another committee"),
        ("jtj1", "another unit"),
        ("liucheng", "designs"),
        ("xitong", "runs the system"),
    ],
)
def test_a_case_outside_ones_reach_is_not_there(site: Site, login: str, why: str) -> None:
    site.second_committee()
    assert is_hidden(site, login, site.open_case("苏白露"))


def test_the_own_case_is_not_there(site: Site) -> None:
    assert is_hidden(site, "benren", site.open_case("苏白露"))


def test_a_relatives_case_is_not_there(site: Site) -> None:
    assert is_hidden(site, "ganbu2", site.open_case("罗寒露"))


def test_the_unit_finds_nothing_before_the_talk(site: Site) -> None:
    assert is_hidden(site, "fgj1", site.open_case("苏白露"))


def test_who_is_recused_finds_nothing_any_more(site: Site) -> None:
    case = site.open_case("苏白露")
    assert site.as_("jiandu1").get(f"/cases/{case}").status_code == 200
    row = {"case_id": case, "person_id": site.person("蒋处暑"), "reason": "declared", "since": site.instant()}
    with site.office.engine.begin() as connection:
        connection.execute(cases.case_exclusion.insert().values(**row))

    assert is_hidden(site, "jiandu1", case)


def test_a_visitor_is_sent_to_sign_in_whether_it_exists_or_not(site: Site) -> None:
    case = site.open_case()
    visitor = site.visitor()

    for path in (f"/cases/{case}", f"/cases/{uuid4()}", f"/tasks/{site.task(case, 'assess')}"):
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert answer.location == f"/sign-in?next={path}"


def test_nobody_registers_on_themselves_or_their_kin(site: Site) -> None:
    for login, cadre in (("ganbu2", "罗寒露"), ("ganbu1", "云望舒")):
        form = {"f.cadre": site.person(cadre), "f.source": "other"}
        assert site.as_(login).post("/cases/start", form).status_code in (403, 422)
    assert site.rows(cases.case_file) == []


def test_an_officer_of_another_committee_registers_nothing_here(site: Site) -> None:
    login = site.second_committee()

    answer = site.as_(login).post("/cases/start", {"f.cadre": site.person("苏白露")})

    assert answer.status_code == 403
    assert site.rows(cases.case_file) == []


def test_those_who_run_the_system_or_draw_diagrams_act_on_no_case(site: Site) -> None:
    case = site.open_case()
    task = site.task(case, "assess")
    before = len(site.rows(history.history_event, case_id=case))

    for login in ("liucheng", "xitong", "anquan", "shenji", "anshen"):
        browser = site.as_(login)
        for verb in ("claim", "complete", "paper", "draft", "comment", "attach"):
            files = {"file": (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")} if verb == "attach" else {}
            answer = browser.post(f"/tasks/{task}/{verb}", {"f.assessment_text": "x", "text": "x", **files})
            assert answer.status_code in (403, 404, 422), (login, verb)
        assert browser.get("/cases/start").status_code == 403, login
    assert len(site.rows(history.history_event, case_id=case)) == before


def test_a_file_of_another_case_is_neither_read_nor_attached(site: Site) -> None:
    case, other = site.open_case("苏白露"), site.open_case("顾半夏")
    task = site.task(case, "assess")
    upload = {"file": (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")}
    assert site.as_("ganbu1").post(f"/tasks/{task}/attach", upload).status_code == 303
    attachment = site.rows(cases.attachment, case_id=case)[0]["id"]

    foreign = site.as_(site.second_committee()).get(f"/attachments/{attachment}")
    unknown = site.as_("linshi1").get(f"/attachments/{uuid4()}")
    assert (foreign.status_code, plain(foreign)) == (404, plain(unknown))
    assert site.as_("benren").get(f"/attachments/{attachment}").status_code == 404
    instance = site.rows(runtime.process_instance, case_id=case)[0]["id"]
    assert site.as_("ganbu1").get(f"/cases/{other}/diagrams/{instance}").status_code == 404


def test_the_picker_finds_people_but_tells_nothing_of_cases(site: Site) -> None:
    site.open_case("苏白露")

    text = site.as_("fgj1").get("/people?q=苏白露").text

    assert "办理中" not in text
    assert site.rows(people.person, name="苏白露")[0]["id"] in text or "苏白露" in text
