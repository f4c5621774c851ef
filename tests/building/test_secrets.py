"""What people type is found sealed or not at all: planted words are searched for in everything that is kept."""

import io
import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
import zstandard
from sqlalchemy.exc import IntegrityError

from tests.queries import scenes
from tests.site import SIGNAL, Site
from webapp.persistence.models import cases, history, runtime
from webapp.services import looking, reads

NAME, NUMBER = "欧阳植入", "990101199001019917"
OPINION = "此人私下表示对处理不服"


def planted(place: str) -> str:
    """A text with a name, an identity number and an opinion, and where it was typed."""
    return f"{NAME}{NUMBER}{OPINION}{place}"


def kept(site: Site) -> bytes:
    """Every byte of the database file and its log."""
    path = Path(str(site.office.engine.url.database))
    return b"".join(one.read_bytes() for one in (path, path.with_name(path.name + "-wal")) if one.exists())


def states(site: Site) -> bytes:
    """The states of all instances, unpacked."""
    unpack = zstandard.ZstdDecompressor().decompress
    return b"".join(unpack(row["state"][4:]) for row in site.rows(runtime.process_instance))


def forms_of(word: str) -> list[bytes]:
    """A word as it may be written: plainly, in JSON, in an address, in UTF-16."""
    escaped = word.encode("unicode_escape")
    return [word.encode(), escaped, quote(word).encode(), word.encode("utf-16-le"), word.encode("gb18030")]


def found(haystack: bytes) -> list[str]:
    return [word for word in (NAME, NUMBER, OPINION) if any(form in haystack for form in forms_of(word))]


def typed_everywhere(site: Site) -> tuple[str, list[str]]:
    """Every free text of the first pages filled with planted words → the case and the addresses answered with."""
    browser, other = site.as_("ganbu1"), site.as_("jiandu1")
    signal = {f"f.{key}": value for key, value in SIGNAL.items()}
    start = {**signal, "f.cadre": site.person("苏白露"), "f.received_on": site.today.isoformat()}
    places = []

    def post(who: Any, path: str, data: dict[str, Any], status: int = 303) -> None:
        answer = who.post(path, data)
        assert answer.status_code == status, (path, answer.status_code)
        places.append(answer.location or "")

    pdf = (io.BytesIO(b"%PDF-1.7 " + planted("文件").encode()), planted("文件名") + ".pdf")
    post(browser, "/cases/start", {**start, "f.summary": planted("摘要"), "f.evidence": pdf})
    case = places[0].rpartition("/")[2]
    task = site.task(case, "assess")
    post(browser, f"/tasks/{task}/claim", {})
    post(browser, f"/tasks/{task}/draft", {"f.assessment_text": planted("草稿")})
    post(browser, f"/tasks/{task}/comment", {"text": planted("备注")})
    file = (io.BytesIO(b"%PDF-1.7 " + planted("附件").encode()), planted("附件名") + ".pdf")
    post(browser, f"/tasks/{task}/attach", {"file": file, "note": planted("附注")})
    post(browser, f"/tasks/{task}/release", {"reason": planted("退回")})
    wrong = {
        "f.assessment_text": planted("错误"),
        "f.assessment_outcome": planted("选项"),
        planted("栏"): "x",
        "f.x": planted("y"),
    }
    post(browser, f"/tasks/{task}/complete", wrong, 422)
    scan = (io.BytesIO(b"%PDF-1.7 scan"), planted("扫描") + ".pdf")
    on_paper = {
        "f.assessment_text": planted("研判"), "f.assessment_outcome": "open_case", "paper_decided_by": "吴山奈",
        "paper_decided_on": site.today.isoformat(), "paper_note": planted("说明"), "paper_scan": scan,
    }  # fmt: skip
    post(other, f"/tasks/{task}/paper", on_paper)
    item = scenes.item(site, case)
    meeting = scenes.opened(site, item)
    absent = scenes.members(site, meeting)[0]
    attendance = {f"attendance.{absent}": "absent", f"reason.{absent}": planted("缺席")}
    post(site.as_("jilu"), f"/meetings/{meeting}/attend", attendance)
    recused = {"item_id": item, "member_id": scenes.members(site, meeting)[1], "reason": planted("议题回避")}
    post(site.as_("jilu"), f"/meetings/{meeting}/recuse", recused)
    post(site.as_("ganbu2"), f"/cases/{case}/recusal", {"confirmed": "1", "reason": planted("回避")})
    return case, places


def test_what_is_typed_is_kept_only_sealed(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    case, places = typed_everywhere(site)

    assert found(kept(site)) == []
    assert found(states(site)) == []
    assert found("\n".join(places).encode()) == []
    assert found(caplog.text.encode()) == []
    with reads.begin(site.office) as look:
        rows = site.rows(cases.sealed_value, case_id=case)
        opened = [looking.values_of(look, site.office, row["owner_kind"], row["owner_id"]) for row in rows]
    texts = str(opened)
    for place in ("摘要", "备注", "附件名", "附注", "退回", "研判", "说明", "回避", "议题回避"):
        assert planted(place) in texts, place


def test_a_draft_is_sealed_and_read_again_by_its_writer_alone(site: Site) -> None:
    task = site.task(site.open_case(), "assess")
    site.as_("ganbu1").post(f"/tasks/{task}/draft", {"f.assessment_text": planted("草稿")})

    assert found(kept(site)) == []
    assert planted("草稿") in site.as_("ganbu1").get(f"/tasks/{task}").text
    assert planted("草稿") not in site.as_("jiandu1").get(f"/tasks/{task}").text


def test_the_search_would_find_what_is_not_sealed(site: Site) -> None:
    site.hire("zhiru", NAME, "cadre_section", "zzb")

    assert found(kept(site)) == [NAME]


def test_an_error_of_the_database_tells_no_value(site: Site) -> None:
    work = site.office.begin()
    row = {"id": str(uuid4()), "case_id": str(uuid4()), "media_type": NAME, "purpose": OPINION, "size": 1}
    row |= {
        "digest": NUMBER,
        "ciphertext": b"",
        "wrapped_key": b"",
        "key_id": "",
        "stored_at": work.now,
        "stored_by": "",
    }

    with pytest.raises(IntegrityError) as error, work:
        work.insert(cases.attachment, row)

    assert found(str(error.value).encode()) == []


def test_a_failed_step_leaves_no_words_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = site.task(site.open_case(), "assess")
    site.faults_expected = True
    before = len(site.rows(history.history_event))

    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError(planted("意见"))

    monkeypatch.setattr("webapp.services.advance.apply", fail)
    form = {"f.assessment_text": planted("研判"), "f.assessment_outcome": "watch"}
    answer = site.as_("ganbu1").post(f"/tasks/{task}/complete", form)

    assert answer.status_code == 500
    assert found(caplog.text.encode()) == []
    assert found(answer.data) == []
    assert len(site.rows(history.history_event)) == before


def test_session_and_address_hold_no_words(site: Site) -> None:
    browser = site.as_("ganbu1")
    case = site.open_case("苏白露")
    browser.post(f"/tasks/{site.task(case, 'assess')}/claim")

    with browser.client.session_transaction() as session:
        held = str(dict(session))

    assert "苏白露" not in held
    assert found(held.encode()) == []
