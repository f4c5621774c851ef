"""Every page is drawn from its sample, whole and in its empty and refused states, with no inline code."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, make_response, render_template

from tests.web import design_samples, samples
from webapp.web import assets, formatting, headers

TEMPLATES = Path(__file__).parents[2] / "webapp" / "web" / "templates"
VOID = {"meta", "link", "input", "br", "use", "img", "hr", "col"}


def build_app(me: object = samples.ME, demo: object = samples.DEMO) -> Flask:
    """A tiny app that draws the samples, with a stub behind every address the templates name."""
    app = Flask("samples", template_folder=str(TEMPLATES), static_folder=None)
    app.testing = True
    app.secret_key = "only for tests"
    formatting.install(app)
    assets.install(app)
    headers.install(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    for endpoint, (rule, methods) in samples.ENDPOINTS.items():
        app.add_url_rule(rule, endpoint, lambda **_: ("", 204), methods=list(methods))
    app.add_url_rule("/sample/<name>", "sample", draw, methods=["GET", "POST"])
    app.view_functions["cases.diagram"] = lambda **_: jsonify(xml=samples.DIAGRAM_XML, marks=samples.MARKS)
    for drawn in ("designs.drawing", "trials.drawing"):
        app.view_functions[drawn] = app.view_functions["cases.diagram"]
    choices = dict.fromkeys(("roles", "forms", "decisions", "delegates", "processes", "stages"), ())
    model = {"xml": samples.DIAGRAM_XML, "revision": 4, "choices": choices, "findings": ()}
    app.view_functions["designs.model"] = lambda **_: jsonify(model)
    signed_out = ("sign-in", "sign-in-refused")

    @app.context_processor
    def globals_of_a_page() -> dict[str, object]:
        from flask import request

        name = (request.view_args or {}).get("name")
        return {
            "me": None if name in signed_out else me,
            "demo": demo,
            "today": samples.TODAY,
            "now": samples.NOW,
        }

    return app


def draw(name: str) -> Response:
    """One sample page."""
    template, view = samples.PAGES[name]
    answer = make_response(render_template(template, view=view))
    return headers.for_editor(answer) if name in design_samples.EDITING else answer


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Every sample page as html."""
    client = build_app().test_client()
    return {name: client.get(f"/sample/{name}").get_data(as_text=True) for name in samples.PAGES}


class Outline(HTMLParser):
    """What a page is made of: ids, labels, forms with their fields, unclosed elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.inputs: list[dict[str, str | None]] = []
        self.unsafe_forms: list[set[str]] = []
        self.hrefs: list[str] = []
        self.wrong: list[str] = []
        self.in_form = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "label" and values.get("for"):
            self.labels.append(str(values["for"]))
        if tag == "a":
            self.hrefs.append(str(values.get("href")))
        if tag == "form" and values.get("method") == "post":
            self.unsafe_forms.append(set())
            self.in_form = True
        if tag == "form" and self.open.count("form") > 1:
            self.wrong.append("form in form")
        if tag in ("input", "select", "textarea") and self.in_form:
            self.unsafe_forms[-1].add(str(values.get("name")))
        self.wrong += [name for name, _ in attrs if name.startswith(("on", "style", "hx-on"))]

    def handle_endtag(self, tag: str) -> None:
        """Check the nesting."""
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> out of place")
        if tag == "form":
            self.in_form = False


@pytest.mark.parametrize("name", samples.PAGES)
def test_a_page_is_well_formed_and_carries_no_inline_code(pages: dict[str, str], name: str) -> None:
    outline = Outline(pages[name])

    assert outline.wrong == []
    assert outline.open == []
    assert not re.search(r"<style|<script(?! type=\"module\" src=)|javascript:", pages[name])


@pytest.mark.parametrize("name", samples.PAGES)
def test_ids_are_unique_and_labels_and_summaries_point_at_them(pages: dict[str, str], name: str) -> None:
    outline = Outline(pages[name])

    assert sorted(outline.ids) == sorted(set(outline.ids))
    assert [target for target in outline.labels if target not in outline.ids] == []
    assert [href for href in outline.hrefs if href.startswith("#") and href[1:] not in outline.ids] == []


@pytest.mark.parametrize("name", samples.PAGES)
def test_every_form_that_changes_something_carries_token_and_key(pages: dict[str, str], name: str) -> None:
    forms = Outline(pages[name]).unsafe_forms

    assert [names for names in forms if not {"csrf_token", "idempotency_key"} <= names] == []


@pytest.mark.parametrize("name", samples.PAGES)
def test_no_code_reaches_the_screen(pages: dict[str, str], name: str) -> None:
    text = re.sub(r"<[^>]+>", " ", pages[name])

    assert not re.search(r"\b(None|True|View\(|namespace\(|cadre_section|not_passed|unsettled)\b", text)


def test_every_template_has_a_sample() -> None:
    drawn = {template for template, _ in samples.PAGES.values()}
    parts = {
        "base.html",
        "_demo.html",
        "_parts.html",
        "cases/_acts.html",
        "forms/fields.html",
        "lookups/_tabs.html",
        "lookups/_verdict.html",
        "mine/_papers.html",
        "papers/_base.html",
        "papers/_lines.html",
        "designs/_layout.html",
        "designs/_changes.html",
        "audit/_parts.html",
        "audit/_far.html",
    }

    assert {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")} == drawn | parts


def test_a_task_says_why_what_comes_next_and_what_cannot_be_undone(pages: dict[str, str]) -> None:
    page = pages["task"]

    for words in ("为什么由我办理", "第九条", "征求纪检监察机关意见", "调整建议不能撤回", "自<time"):
        assert words in page


def test_a_wrong_field_is_named_in_the_summary_and_beside_the_field(pages: dict[str, str]) -> None:
    page = pages["task-refused"]

    assert '<a href="#f-reason">调整原因：请写明' in page
    assert 'aria-describedby=" f-reason-error" aria-invalid="true"' in page


def test_every_kind_of_field_is_drawn_with_its_posted_name(pages: dict[str, str]) -> None:
    names = set(re.findall(r'name="(f\.[^"]+)"', pages["task"]))

    assert {
        "f.situations",
        "f.manner",
        "f.reason",
        "f.months",
        "f.effective_on",
        "f.document_no",
        "f.level",
        "f.post",
        "f.post.search",
        "f.verifiers",
        "f.unit.search",
        "f.tags",
        "f.heard",
        "f.own_words",
        "f.help.count",
        "f.help.0.what",
        "f.help.1.until",
        "f.report",
        "f.report.keep",
    } <= names
    assert "f.cadre" not in names


def test_navigation_shows_only_the_allowed_pages() -> None:
    auditor = samples.View(**{**vars(samples.ME), "pages": frozenset(("history", "definitions"))})

    page = build_app(me=auditor, demo=None).test_client().get("/sample/history").get_data(as_text=True)

    assert 'href="/history" aria-current="page"' in page
    assert 'href="/meetings"' not in page


def test_turning_the_page_keeps_what_was_searched_for() -> None:
    page = build_app().test_client().get("/sample/inbox?q=白露&tab=mine").get_data(as_text=True)

    assert re.search(r'rel="next" href="/sample/inbox\?q=[^"]+&amp;tab=mine&amp;page=2"', page)


def test_the_own_file_shows_no_verdict_to_the_cadre(pages: dict[str, str]) -> None:
    assert "此人现在能不能提" in pages["person"]
    assert "此人现在能不能提" not in pages["person-own-file"]
    assert "目前不能" not in pages["person-own-file"]


def test_text_from_people_is_escaped() -> None:
    view = samples.task(name="<img src=x>", hint='"><script>')
    app = build_app()

    with app.test_request_context("/sample/task"):
        page = render_template("tasks/show.html", view=view)

    assert "<img" not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "今天"),
        (date(2026, 11, 20), "前天"),
        (date(2026, 12, 2), "10天后"),
        (date(2026, 3, 2), "8个月前"),
        (date(2028, 3, 1), "1年3个月后"),
        (date(2024, 11, 22), "2年前"),
    ],
)
def test_a_date_has_its_distance_in_words(day: date, words: str) -> None:
    assert formatting.relative_zh(day, samples.TODAY) == words


@pytest.mark.parametrize(
    ("since", "words"), [(date(2026, 11, 22), ""), (date(2026, 11, 17), "5天"), (date(2026, 3, 2), "8个月")]
)
def test_what_began_today_has_not_lasted_yet(since: date, words: str) -> None:
    assert formatting.lasting_zh(since, samples.TODAY) == words


@pytest.mark.parametrize(
    ("article", "shown"), [("F06", ""), ("《公务员法》第九十五条", "《公务员法》第九十五条"), ("", "")]
)
def test_a_rules_own_number_is_not_shown_as_a_regulation(article: str, shown: str) -> None:
    assert formatting.basis(article) == shown


def test_a_full_date_names_the_weekday() -> None:
    assert formatting.day_zh(date(2026, 11, 22)) == "2026年11月22日（周日）"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 11, 21), "overdue"),
        (date(2026, 11, 22), "soon"),
        (date(2026, 11, 25), "soon"),
        (date(2026, 11, 26), "later"),
        (None, "none"),
    ],
)
def test_only_a_day_that_has_passed_is_overdue(day: date | None, state: str) -> None:
    assert formatting.due_state(day, samples.TODAY) == state


def test_every_answer_carries_the_strict_policy() -> None:
    client = build_app().test_client()

    for path in ("/sample/inbox", "/nowhere"):
        answer = client.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_transport_security_is_promised_on_https_only() -> None:
    client = build_app().test_client()

    assert "Strict-Transport-Security" not in client.get("/sample/inbox").headers
    assert client.get("/sample/inbox", base_url="https://localhost").headers["Strict-Transport-Security"]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small built folder."""
    (tmp_path / "manifest.json").write_text(json.dumps({"app.js": "app-1A2B3C4D.js"}), "utf-8")
    (tmp_path / "app-1A2B3C4D.js").write_text("plain", "utf-8")
    (tmp_path / "app-1A2B3C4D.js.gz").write_bytes(b"packed")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    monkeypatch.setattr(
        assets, "manifest", lambda: json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    )
    return tmp_path


@pytest.mark.usefixtures("built")
def test_an_asset_is_kept_for_a_year_and_sent_packed_where_the_browser_takes_it() -> None:
    client = build_app().test_client()

    packed = client.get("/assets/app-1A2B3C4D.js", headers={"Accept-Encoding": "gzip, br"})
    plain = client.get("/assets/app-1A2B3C4D.js", headers={"Accept-Encoding": "identity"})

    assert (packed.data, packed.headers["Content-Encoding"]) == (b"packed", "gzip")
    assert plain.data == b"plain"
    assert "Content-Encoding" not in plain.headers
    assert packed.mimetype == plain.mimetype == "text/javascript"
    assert "immutable" in packed.headers["Cache-Control"]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", ["secret.txt", "manifest.json", "..%2fheaders.py"])
def test_nothing_outside_the_manifest_is_sent(name: str) -> None:
    assert build_app().test_client().get(f"/assets/{name}").status_code == 404


def test_the_lockfile_names_no_registry_and_pins_every_version() -> None:
    folder = Path(__file__).parents[2] / "frontend"
    package = json.loads((folder / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert "resolved" not in (folder / "package-lock.json").read_text("utf-8")
    assert [
        version for version in versions.values() if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version)
    ] == []
    assert "ignore-scripts=true" in (folder / ".npmrc").read_text("utf-8")


def test_what_is_written_in_a_file_is_set_apart_from_the_words_about_it() -> None:
    said = formatting.codes("表达式“${a > 1 && b}”改写成了 FEEL“a > 1 and b”，共2处。")

    assert re.findall("<span[^>]*>([^<]*)</span>", said) == [
        "${a &gt; 1 &amp;&amp; b}",
        "FEEL",
        "a &gt; 1 and b",
    ]
    assert formatting.codes("<b>") == '<span class="mono wide-words">&lt;b&gt;</span>'
    assert formatting.codes("没有") == "没有"
