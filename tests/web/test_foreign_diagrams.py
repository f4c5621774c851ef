"""Diagrams of other tools: opened as a draft, told about line by line, kept as they were where nothing is mapped."""

import io
import re
from typing import Any

import pytest
from lxml import etree

from tests.engine.test_import import ZEEBE
from tests.queries.scenes import text
from tests.site import Site
from webapp.persistence.models import designs
from webapp.services import definition_drafts, definition_imports, reads

KEY = "p02a_periodic_note"
JUEL = ZEEBE.replace(b'<bpmn:sequenceFlow id="f6" sourceRef="call" targetRef="e"/>', (
    b'<bpmn:sequenceFlow id="f6" sourceRef="call" targetRef="e"><bpmn:conditionExpression>'
    b"${amount &gt; 100 &amp;&amp; kind == 'x'}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    b'<bpmn:sequenceFlow id="f7" sourceRef="call" targetRef="e"><bpmn:conditionExpression>'
    b"${order.total() &gt; 1}</bpmn:conditionExpression></bpmn:sequenceFlow>"
))  # fmt: skip
EMPTY = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><collaboration id="c"/></definitions>'
)
ENCODED = {
    "utf-8": lambda one: one.encode(),
    "utf-8-bom": lambda one: b"\xef\xbb\xbf" + one.encode(),
    "utf-16-le": lambda one: b"\xff\xfe" + one.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "utf-16-be": lambda one: b"\xfe\xff" + one.replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "gb18030": lambda one: one.replace("UTF-8", "GB18030").encode("gb18030"),
}


def send(
    site: Site, data: bytes, name: str = "order-check.bpmn", login: str = "liucheng", **more: str
) -> Any:
    sent = {"diagram": (io.BytesIO(data), name), **more}
    return site.as_(login).post("/designs/imports", sent)


def drafted(site: Site) -> definition_drafts.Draft:
    (row,) = site.rows(designs.draft)
    with reads.begin(site.office) as look:
        return definition_drafts.read(look, row["id"])


def test_a_file_of_camunda_8_becomes_a_draft_and_every_change_is_told(any_site: Site) -> None:
    answer = send(any_site, JUEL)
    assert answer.status_code == 303, answer.text

    draft = drafted(any_site)
    assert (draft.key, draft.name, draft.base_version) == ("p_p", "order-check", 0)
    assert answer.headers["Location"] == f"/designs/{draft.id}/imported"
    page = text(any_site.as_("liucheng"), f"/designs/{draft.id}/imported")
    by_hand, written, kept = re.split(r"已经改写，请核对|保留，但不会执行", page)
    assert "order.total()" in by_hand
    assert "zeebe:assignmentDefinition" in written
    assert "amount" in written
    assert "zeebe:properties" in kept
    assert "colour" in kept
    assert "改写了什么，什么不会执行" in text(any_site.as_("liucheng"), f"/designs/{draft.id}")
    root = etree.fromstring(draft.diagram[1])
    foreign = {
        etree.QName(one).localname for one in root.iter("{*}properties", "{*}note", "{*}assignmentDefinition")
    }
    assert foreign == {"properties", "note", "assignmentDefinition"}
    assert "drawn elsewhere" in draft.drawing
    assert "已自动排版" in written
    assert draft.drawing.count("BPMNShape ") >= 7


@pytest.mark.parametrize("encoding", ENCODED)
def test_every_encoding_opens_in_the_editor_and_is_kept_when_saved(site: Site, encoding: str) -> None:
    with reads.begin(site.office) as look:
        before = definition_drafts.read(
            look, definition_drafts.begin(site.office.begin(), site.actor("liucheng"), key=KEY)
        )
    sent = ENCODED[encoding](before.drawing)
    browser = site.as_("liucheng")
    path = f"/designs/{before.id}"
    file = {"file": (io.BytesIO(sent), f"{KEY}.bpmn"), "revision": "1"}
    assert browser.post(f"{path}/files", file).status_code == 303

    model = browser.get(f"{path}/model").json
    assert (model["revision"], model["findings"] == browser_findings(site, before.id)) == (2, True)
    assert etree.canonicalize(
        model["xml"].removeprefix("\ufeff").partition("?>")[2] or model["xml"]
    ) == etree.canonicalize(before.drawing.partition("?>")[2])
    name = f"{KEY}.bpmn"
    assert browser.get(f"{path}/download/{name}").data == sent, "unchanged until it is saved"
    assert browser.get(f"{path}/drawing").json["xml"] == model["xml"]
    saved = {"xml": (io.BytesIO(model["xml"].encode()), "diagram"), "revision": "2"}
    answer = browser.post(f"{path}/save", saved)
    assert answer.status_code == 200
    assert not [one for one in answer.json["findings"] if one["level"] == "error"]


def browser_findings(site: Site, draft_id: str) -> Any:
    return site.as_("liucheng").get(f"/designs/{draft_id}/model").json["findings"]


def test_a_file_of_a_published_process_is_a_draft_of_its_newest_version(site: Site) -> None:
    key = ZEEBE.replace(b'id="p"', f'id="{KEY}"'.encode())
    assert send(site, key).status_code == 303

    draft = drafted(site)
    assert (draft.key, draft.base_version) == (KEY, 1)
    assert {name for name in draft.files if name.endswith(".bpmn")} == {f"{KEY}.bpmn"}
    assert "forms/p02a_note_check.json" in draft.files
    assert send(site, key).status_code == 409
    assert send(site, key, login="liucheng2").status_code == 303


def test_a_key_of_another_tool_is_made_to_fit_everywhere_in_the_file(site: Site) -> None:
    data = ZEEBE.replace(b'id="p"', b'id="Order-Check_1"').replace(
        b"</bpmn:process>",
        b'</bpmn:process><bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">'
        b'<bpmndi:BPMNPlane bpmnElement="Order-Check_1"><bpmndi:BPMNShape bpmnElement="s"/></bpmndi:BPMNPlane>'
        b"</bpmndi:BPMNDiagram>",
    )
    assert send(site, data).status_code == 303

    draft = drafted(site)
    assert draft.key == "order_check_1"
    assert "Order-Check_1" not in draft.drawing
    assert 'bpmnElement="order_check_1"' in draft.drawing
    page = text(site.as_("liucheng"), f"/designs/{draft.id}/imported")
    assert "“Order-Check_1”改成了“order_check_1”" in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize(
    ("data", "more", "said"),
    [
        (b"", {}, "空"),
        (b"PK\x03\x04", {}, "XML"),
        (b"<a/>", {}, ""),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", {}, "DOCTYPE"),
        (EMPTY, {}, "流程"),
        (ZEEBE, {"import_key": "Bad Key"}, "小写字母"),
    ],
)  # fmt: skip
def test_what_is_no_diagram_is_refused_with_a_sentence_and_no_draft_is_made(
    site: Site, data: bytes, more: dict[str, str], said: str
) -> None:
    answer = send(site, data, **more)

    assert answer.status_code == 422
    assert said in answer.text
    assert "field-error" in answer.text
    assert site.rows(designs.draft) == []


def test_a_file_that_is_too_large_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definition_imports, "LARGEST_FILE", 1000)

    answer = send(site, ZEEBE)

    assert answer.status_code == 422
    assert "文件过大" in answer.text


def test_only_a_designer_imports(site: Site) -> None:
    for login in ("ganbu1", "shenji", "xitong"):
        assert send(site, ZEEBE, login=login).status_code == 403
    assert site.rows(designs.draft) == []


def test_a_report_goes_when_its_file_is_replaced_and_with_its_draft(site: Site) -> None:
    draft_id = definition_drafts.begin(site.office.begin(), site.actor("liucheng"), key=KEY)
    browser, plain = site.as_("liucheng"), drafted(site).diagram[1]
    foreign = plain.replace(b"<bpmn:userTask ", b'<bpmn:userTask xmlns:acme="urn:acme" acme:colour="red" ', 1)
    for number, (data, notes) in enumerate([(foreign, 1), (plain, 0), (foreign, 1)], start=1):
        file = {"file": (io.BytesIO(data), "drawn.bpmn"), "revision": str(number)}
        sent = browser.post(f"/designs/{draft_id}/files", file)
        assert sent.headers["Location"] == f"/designs/{draft_id}" + ("/imported" if notes else "")
        assert len(site.rows(designs.draft_report)) == notes
    assert drafted(site).diagram[1] == foreign, "nothing to map: the bytes stay"

    assert browser.post(f"/designs/{draft_id}/discard").status_code == 303
    assert site.rows(designs.draft_report) == []
