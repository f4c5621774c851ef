"""Files as nobody should send them."""

import io
import zipfile

import pytest
from markupsafe import escape
from werkzeug.test import TestResponse

from tests.site import Browser, Site
from webapp.persistence.models import cases
from webapp.services import file_kinds
from webapp.services.attachments import Upload


def archive(*names: str) -> bytes:
    """A zip archive with small members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def bomb() -> bytes:
    """A small archive that unfolds to 3 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        with made.open("word/document.xml", "w") as member:
            for _ in range(3):
                member.write(b"\0" * 1024 * 1024)
    return out.getvalue()


@pytest.fixture
def task(site: Site) -> str:
    return site.task(site.open_case(), "assess")


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.as_("ganbu1")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("方案.pdf", b"<html><script>alert(1)</script></html>"),
        ("图.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("图.svg", b"<svg/>"),
        ("资料.zip", archive("a.txt")),
        ("资料.docx", archive("a.txt")),
        ("资料.xlsx", archive("word/document.xml", "[Content_Types].xml")),
        ("宏.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("坏.docx", b"PK\x03\x04 and nothing behind it"),
        ("程序.pdf", b"MZ\x90\x00"),
        ("空.pdf", b""),
        ("无名", b"\x00" * 100),
        ("方案.html", b"%PDF-1.7 with a name a browser would run"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_by_its_content(
    site: Site, browser: Browser, task: str, name: str, data: bytes
) -> None:
    answer = browser.post(f"/tasks/{task}/attach", {"file": (io.BytesIO(data), name)})

    assert answer.status_code == 422
    assert name in answer.text
    assert site.rows(cases.attachment) == []


def test_an_archive_that_unfolds_without_end_is_refused(
    site: Site, browser: Browser, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_kinds, "LARGEST_UNFOLDED", 2 * 1024 * 1024)

    answer = browser.post(f"/tasks/{task}/attach", {"file": (io.BytesIO(bomb()), "a.docx")})

    assert answer.status_code == 422
    assert site.rows(cases.attachment) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\机密\\方案.pdf", "方案.pdf"),
        ("财务\u202efdp.exe.pdf", "财务fdp.exe.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("'><img src=x onerror=alert(1)>.pdf", "'><img src=x onerror=alert(1)>.pdf"),
        ("{{ 7*7 }}${7*7}.pdf", "{{ 7*7 }}${7*7}.pdf"),
    ],
)
def test_a_name_is_kept_as_a_name_only(
    site: Site, browser: Browser, task: str, given: str, kept: str
) -> None:
    upload = {"file": (io.BytesIO(b"%PDF-1.7 x"), given)}
    assert browser.post(f"/tasks/{task}/attach", upload).status_code == 303

    page = browser.get(f"/tasks/{task}").text
    row = site.rows(cases.attachment)[0]
    answer = browser.get(f"/attachments/{row['id']}")

    assert "<img" not in page
    assert str(escape(kept)) in page
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert disposition.isascii()
    assert not set('\r\n"<>\\') & set(disposition)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00b\r\nSet-Cookie: x=1.pdf", "abSet-Cookie: x=1.pdf"),
        ("..\\../.pdf", ".pdf"),
        ("\r\n/", "未命名文件"),
    ],
)
def test_a_name_carries_no_second_line_and_no_folder(given: str, kept: str) -> None:
    assert Upload(given, b"").clean_name == kept


def test_a_download_is_never_shown_inside_the_site(site: Site, browser: Browser, task: str) -> None:
    browser.post(f"/tasks/{task}/attach", {"file": (io.BytesIO(b"%PDF-1.7 <script>"), "a.pdf")})
    row = site.rows(cases.attachment)[0]

    answer = browser.get(f"/attachments/{row['id']}")

    assert answer.data == b"%PDF-1.7 <script>"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def sent_whole(browser: Browser, path: str, size: int) -> TestResponse:
    """A large file posted as the bytes a browser would send."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
    body = head + b"\0" * size + b"\r\n--x--\r\n"
    return browser.client.post(
        path,
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.token},
    )


def test_a_file_over_twenty_megabytes_is_refused_with_a_sentence(
    site: Site, browser: Browser, task: str
) -> None:
    answer = sent_whole(browser, f"/tasks/{task}/attach", 20 * 1024 * 1024)

    assert answer.status_code == 422
    assert "超过20兆字节" in answer.text
    assert site.rows(cases.attachment) == []


def test_thirty_megabytes_are_refused_before_they_are_read(site: Site, browser: Browser, task: str) -> None:
    answer = sent_whole(browser, f"/tasks/{task}/attach", 30 * 1024 * 1024)

    assert answer.status_code == 413
    assert "提交的内容过大" in answer.text
    assert site.rows(cases.attachment) == []


def test_no_file_at_all_is_said(browser: Browser, task: str) -> None:
    assert "请选择要上传的文件" in browser.post(f"/tasks/{task}/attach", {}).text


def test_a_file_in_a_field_that_takes_none_is_refused(site: Site, browser: Browser, task: str) -> None:
    form = {"f.assessment_text": "x", "f.assessment_outcome": "watch"}
    upload = {"f.elsewhere": (io.BytesIO(b"%PDF-x"), "a.pdf")}

    answer = browser.post(f"/tasks/{task}/complete", {**form, **upload})

    assert answer.status_code == 422
    assert "没有这一附件栏" in answer.text
    assert site.rows(cases.attachment) == []
