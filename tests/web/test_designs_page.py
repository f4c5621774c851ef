"""The designers' pages: drafts, hostile files, the second person, versions; and who stays outside."""

import io
import json
import re
from typing import Any

import pytest

from tests.site import Browser, Site, user_id
from webapp.persistence.models import cases, designs, history, repository, runtime
from webapp.services import definition_drafts
from webapp.web.headers import CONTENT_SECURITY_POLICY, EDITOR_POLICY

KEY = "p02a_periodic_note"
JSON = {"headers": {"Accept": "application/json"}}


def drafted(browser: Browser, key: str = KEY) -> str:
    answer = browser.post("/designs", {"from": "published", "key": key})
    assert answer.status_code == 303
    return str(answer.location)


def drawing(browser: Browser, draft: str) -> str:
    return str(browser.get(f"{draft}/model").json["xml"])


def saved(browser: Browser, draft: str, xml: str | bytes, revision: int) -> Any:
    data = xml.encode() if isinstance(xml, str) else xml
    return browser.post(
        f"{draft}/save", {"revision": str(revision), "xml": (io.BytesIO(data), "x.bpmn")}, **JSON
    )


def proposed(browser: Browser, draft: str, reason: str = "更名。") -> str:
    digest = re.search(r'name="digest" value="(\w+)"', browser.get(draft).text)
    assert digest
    answer = browser.post(f"{draft}/propose", {"digest": digest[1], "reason": reason})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def reviewed(browser: Browser, proposal: str) -> str:
    found = re.search(r'name="digest" value="(\w+)"', browser.get(proposal).text)
    assert found
    return found[1]


def test_only_designers_enter_and_others_read_a_sentence(site: Site) -> None:
    draft = drafted(site.as_("liucheng"))
    for login in ("ganbu1", "fubuzhang1", "shenji", "xitong", "benren"):
        browser = site.as_(login)
        for path in ("/designs", draft, f"{draft}/model", f"/designs/versions/{KEY}", f"{draft}/trial"):
            answer = browser.get(path)
            assert answer.status_code == 403, (login, path)
            assert "流程设计员" in answer.text or "不使用这一栏目" in answer.text
        assert saved(browser, draft, "<x/>", 1).status_code == 403
        assert browser.post(f"{draft}/discard").status_code == 403


def test_a_designer_does_nothing_on_a_case(site: Site) -> None:
    case = site.open_case()
    designer, task = site.as_("liucheng"), site.task(case, "assess")

    for verb in ("claim", "complete", "draft", "paper", "release"):
        data = {"paper_decided_by": "x", "paper_decided_on": "2026-03-02"}
        assert designer.post(f"/tasks/{task}/{verb}", data).status_code in (403, 404), verb
    assert designer.get(f"/cases/{case}").status_code in (403, 404)
    assert designer.get("/cases/start").status_code == 403
    assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"


def test_two_who_save_the_same_draft_are_told_of_each_other(any_site: Site) -> None:
    first, second = any_site.as_("liucheng"), any_site.as_("liucheng2")
    draft = drafted(first)
    xml = drawing(first, draft)

    mine = saved(second, draft, xml.replace("核阅", "核审"), 1)
    refused = saved(first, draft, xml.replace("核阅", "审阅"), 1)

    assert (mine.status_code, mine.json["revision"]) == (200, 2)
    assert refused.status_code == 409
    assert re.search(r"卓临摹已在\d+月\d+日\d\d:\d\d修改了这份草稿", refused.json["message"])
    assert "核审" in drawing(first, draft)
    assert "审阅" not in drawing(first, draft)


def test_each_designer_has_one_draft_of_a_process_and_sees_the_others(site: Site) -> None:
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    draft = drafted(first)

    assert first.post("/designs", {"from": "published", "key": KEY}).status_code == 409
    other = drafted(second)

    assert other != draft
    assert "屈画桥也有这个流程的草稿" in second.get(other).text
    assert "屈画桥的草稿" in second.get("/designs").text


def test_a_draft_may_be_discarded_by_its_owner_alone(site: Site) -> None:
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    draft = drafted(first)

    assert second.post(f"{draft}/discard").status_code == 404
    assert first.post(f"{draft}/discard").status_code == 303
    assert site.rows(designs.draft) == []
    assert site.rows(designs.draft_file) == []


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
HOSTILE = (
    ("x.bpmn", BOMB, "DOCTYPE"),
    ("x.dmn", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "DOCTYPE"),
    ("x.bpmn", b"<x", "XML"),
    ("x.bpmn", b"", "空"),
    ("x.bpmn", b"<svg/>", "BPMN"),
    ("x.bpmn", b"<a>" * 100 + b"</a>" * 100, "嵌套"),
    ("x.dmn", b"\xff\xfe\x00", "XML"),
    ("x.json", b"[1]", "JSON"),
    ("x.form", b'{"a": ', "JSON"),
    ("x.json", b"{}" + b" " * 200_000, "过大"),
    ("x.py", b"print()", "只接受"),
    ("x.bpmn.exe", b"MZ", "只接受"),
    ("../../wsgi.py", b"", "只接受"),
    ("forms/<script>.json", b"{}", "只接受"),
    ("", b"", "请选择"),
)


def test_hostile_files_are_refused_with_a_sentence_and_nothing_is_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(definition_drafts, "LARGEST_FILE", 100_000)
    browser = site.as_("liucheng")
    draft = drafted(browser)
    before = site.rows(designs.draft_file)

    for name, data, words in HOSTILE:
        answer = browser.post(f"{draft}/files", {"revision": "1", "file": (io.BytesIO(data), name)})
        assert (answer.status_code, words in answer.text) == (422, True), name

    assert site.rows(designs.draft_file) == before
    assert site.rows(designs.draft)[0]["revision"] == 1


def test_a_path_in_a_file_name_leads_nowhere(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)

    sent = {"revision": "1", "file": (io.BytesIO(b'{"components": []}'), "../../../etc/extra.json")}
    assert browser.post(f"{draft}/files", sent).status_code == 303

    assert "forms/extra.json" in {row["name"] for row in site.rows(designs.draft_file)}
    assert browser.get(f"{draft}/download/../../../wsgi.py").status_code == 404


def test_a_table_takes_the_place_of_the_one_with_its_name_and_files_come_back_byte_for_byte(
    site: Site,
) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)
    name = "d06_annual_appraisal.dmn"
    data = browser.get(f"{draft}/download/{name}").data.replace(b"<rule", b"<!-- x --><rule", 1)

    browser.post(f"{draft}/files", {"revision": "1", "file": (io.BytesIO(data), name)})

    assert browser.get(f"{draft}/download/{name}").data == data
    assert [row["name"] for row in site.rows(designs.draft_file)].count(name) == 1
    assert "命中规则" in browser.get(f"{draft}/view/{name}").text


def test_a_form_is_shown_with_invented_people_only(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)
    field = {"type": "textfield", "key": "one", "label": "谈话人", "properties": {"picker": "person"}}
    form = json.dumps({"id": "who", "components": [field]}).encode()
    browser.post(f"{draft}/files", {"revision": "1", "file": (io.BytesIO(form), "who.json")})

    page = browser.get(f"{draft}/view/forms/who.json").text

    assert "试行甲（虚构）" in page
    assert "钟谷雨" not in page


def test_findings_name_the_element_and_a_broken_draft_is_not_proposed(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)
    xml = drawing(browser, draft).replace('camunda:candidateGroups="cadre_section"', "", 1)

    answer = saved(browser, draft, xml, 1)
    digest = re.search(r'name="digest" value="(\w+)"', browser.get(draft).text)
    refused = browser.post(f"{draft}/propose", {"digest": digest and digest[1], "reason": "改"})

    assert [(one["level"], one["element_id"]) for one in answer.json["findings"]] == [("error", "check_note")]
    assert refused.status_code == 422
    assert "没有人能办" in refused.text
    assert "没有人能办" in browser.get(f"{draft}/trial").text
    assert site.rows(repository.proposal) == []


def test_a_changed_process_id_is_an_error_of_the_draft(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)

    answer = saved(browser, draft, drawing(browser, draft).replace(KEY, "p03_return_visit"), 1)

    assert "编号不能改" in answer.json["findings"][0]["sentence"]
    page = browser.get(draft).text
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert (
        browser.post(f"{draft}/propose", {"digest": digest and digest[1], "reason": "x"}).status_code == 422
    )


JUDGED = (
    ("=1 +", "condition", "公式有误"),
    ('outcome = "agree"', "condition", ""),
    ("plain", "expression", "以 = 开头的才是公式"),
    ("9x", "name", "变量名只能"),
    ("=" + "(" * 5000, "condition", "公式过长"),
    ("=" + "(" * 3000, "condition", "公式有误"),
)


def test_a_formula_is_judged_by_the_server(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)

    for text, kind, words in JUDGED:
        answer = browser.post(f"{draft}/expression", {"text": text, "kind": kind}, **JSON)
        assert answer.status_code == 200
        assert answer.json["sentence"].startswith(words) if words else answer.json["sentence"] == "", text


def test_a_second_designer_publishes_the_bytes_that_were_on_the_page(any_site: Site) -> None:
    first, second = any_site.as_("liucheng"), any_site.as_("liucheng2")
    draft = drafted(first)
    assert saved(first, draft, drawing(first, draft).replace("核阅", "核审"), 1).status_code == 200
    proposal = proposed(first, draft)
    digest = reviewed(second, proposal)

    own = first.post(f"{proposal}/approve", {"digest": digest})
    other = second.post(f"{proposal}/approve", {"digest": "0" * 64})
    before = any_site.rows(repository.definition, key=KEY)
    published = second.post(f"{proposal}/approve", {"digest": digest, "reason": "已核对。"})
    again = second.post(f"{proposal}/approve", {"digest": digest})

    assert (own.status_code, other.status_code, again.status_code) == (403, 409, 409)
    assert "复核的内容与申请的内容不一致" in other.text
    assert len(before) == 1
    assert published.status_code == 303
    newest = max(any_site.rows(repository.definition, key=KEY), key=lambda row: row["version"])
    assert (newest["version"], newest["digest"]) == (2, digest)
    page = second.get(f"/designs/versions/{KEY}").text
    for words in ("屈画桥提出，卓临摹复核", "更名。", "已核对。", "现行"):
        assert words in page


def test_a_proposal_older_than_the_newest_version_is_shown_as_outdated(site: Site) -> None:
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    draft = drafted(first)
    saved(first, draft, drawing(first, draft).replace("核阅", "核审"), 1)
    newer = proposed(first, draft)
    saved(first, draft, drawing(first, draft).replace("核审", "核对"), 2)
    proposed(first, draft)
    assert second.get("/designs").text.count("可以复核") == 2

    published = second.post(f"{newer}/approve", {"digest": reviewed(second, newer)})

    assert published.status_code == 303
    page = second.get("/designs").text
    assert "已过时：之后发布了第2版" in page
    assert "可以复核" not in page


def test_who_worked_on_a_draft_does_not_publish_it(site: Site) -> None:
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    draft = drafted(first)
    saved(second, draft, drawing(first, draft).replace("核阅", "核审"), 1)
    proposal = proposed(first, draft)

    answer = second.post(f"{proposal}/approve", {"digest": reviewed(second, proposal)})

    assert answer.status_code == 403
    assert "第二人" in answer.text
    assert len(site.rows(repository.definition, key=KEY)) == 1


def test_a_draft_saved_after_it_was_checked_is_not_proposed(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)
    digest = re.search(r'name="digest" value="(\w+)"', browser.get(draft).text)
    saved(browser, draft, drawing(browser, draft).replace("核阅", "核审"), 1)

    answer = browser.post(f"{draft}/propose", {"digest": digest and digest[1], "reason": "改"})

    assert answer.status_code == 409
    assert site.rows(repository.proposal) == []


def test_an_old_case_stays_on_its_version_and_a_new_one_takes_the_new(site: Site) -> None:
    first, second, key = site.as_("liucheng"), site.as_("liucheng2"), "p01_down_adjustment"
    old = site.open_case("苏白露")
    draft = drafted(first, key)
    saved(first, draft, drawing(first, draft).replace('id="assess" name="', 'id="assess" name="再次'), 1)
    proposal = proposed(first, draft)
    second.post(f"{proposal}/approve", {"digest": reviewed(second, proposal)})

    new = site.open_case("顾半夏")

    by_case = {row["case_id"]: row["definition_id"] for row in site.rows(runtime.process_instance)}
    versions = {row["id"]: row["version"] for row in site.rows(repository.definition, key=key)}
    assert (versions[by_case[old]], versions[by_case[new]]) == (1, 2)
    numbers = {row["id"]: row["number"] for row in site.rows(cases.case_file)}
    page = first.get(f"/designs/versions/{key}").text
    assert page.index(numbers[new]) < page.index(numbers[old])
    assert "苏白露" not in page


def test_an_old_version_comes_back_as_a_draft(site: Site) -> None:
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    draft = drafted(first)
    original = drawing(first, draft)
    saved(first, draft, original.replace("核阅", "核审"), 1)
    proposal = proposed(first, draft)
    second.post(f"{proposal}/approve", {"digest": reviewed(second, proposal)})

    restored = second.post(f"/designs/versions/{KEY}/1/restore")
    difference = second.get(
        f"/designs/compare/version:{KEY}:2/draft:{restored.location.rsplit('/', 1)[1]}"
    ).text

    assert drawing(second, restored.location) == original
    assert "<del>核审</del>" in difference
    assert "<ins>核阅</ins>" in difference
    marks = second.get(f"/designs/compare/version:{KEY}:1/version:{KEY}:2/right").json["marks"]
    assert marks["check_note"] == "changed"


def test_what_cannot_be_compared_is_not_found(site: Site) -> None:
    browser = site.as_("liucheng")
    for side in (f"version:{KEY}:9", "draft:1", "proposal:x", "else", "version::", f"version:{KEY}:²"):
        assert browser.get(f"/designs/compare/{side}/version:{KEY}:1").status_code == 404, side


def test_a_new_process_needs_a_name_and_a_free_key(site: Site) -> None:
    browser = site.as_("liucheng")
    wrong = (
        ("P 20", "新流程", "编号用小写字母开头"),
        ("p20_new", "", "请填写流程名称"),
        (KEY, "重复", "已有发布的流程"),
    )

    for key, name, words in wrong:
        answer = browser.post("/designs", {"key": key, "name": name})
        assert (answer.status_code, words in answer.text) == (422, True), key

    assert site.rows(designs.draft) == []


def test_a_new_process_begins_with_a_diagram_that_can_be_read(site: Site) -> None:
    browser = site.as_("liucheng")

    draft = browser.post("/designs", {"key": "p20_new", "name": "谈话“提醒”<示例>"}).location

    found = browser.get(f"{draft}/model").json["findings"]
    assert [one["element_id"] for one in found if one["level"] == "error"] == ["first_step"]


def test_every_save_is_in_the_history_without_a_word_of_content(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)
    saved(browser, draft, drawing(browser, draft).replace("核阅", "植入的话"), 1)

    rows = site.rows(history.history_event, actor_id=user_id("liucheng"), kind="draft_definition_saved")

    assert len(rows) == 2
    assert all("植入的话".encode() not in row["body"] for row in rows)


def test_only_the_editors_page_relaxes_the_policy_and_only_for_style_attributes(site: Site) -> None:
    browser = site.as_("liucheng")
    draft = drafted(browser)

    assert browser.get(draft).headers["Content-Security-Policy"] == EDITOR_POLICY
    assert f"{CONTENT_SECURITY_POLICY}; style-src-attr 'unsafe-inline'" == EDITOR_POLICY
    for path in ("/designs", f"{draft}/trial", f"/designs/versions/{KEY}", "/definitions"):
        assert browser.get(path).headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, path
    assert "designer" not in site.as_("ganbu1").get("/").text
