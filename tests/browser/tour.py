"""A walk through every page of the product with the demo's own cases in it: who looks at what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser import tour_corrections
from tests.browser.live import Live
from tests.engine.test_import import ZEEBE
from webapp.domain.measure_changes import Change
from webapp.persistence.models import cases, designs, history, meetings, repository, runtime, tracking
from webapp.services import (
    definition_drafts,
    definition_imports,
    measure_changes,
    reads,
    trial_answers,
    trials,
)
from webapp.services import meetings as verbs
from webapp.services.demo import scenes, story
from webapp.services.demo.scenes import person, post
from webapp.services.demo.staff import Staff

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A roster as it comes: one good line, a move, a unit nobody knows, a month that does not exist, no name.
ROSTER = (
    ("姓名", "性别", "出生年月", "民族", "政治面貌", "单位", "职务", "职级"),
    ("秋海棠", "女", "1983-05", "汉族", "中共党员", "星屿市水务局（示例）", "副局长", "副处"),
    ("苏白露", "女", "1979-02", "汉族", "中共党员", "星屿市教育局（示例）", "副局长", "副处"),
    ("冬凌草", "男", "1980-11", "汉族", "中共党员", "星屿市水物局（示例）", "副局长", "副处"),
    ("夏枯草", "男", "1981-13", "汉族", "中共党员", "星屿市统计局（示例）", "副局长", "副处"),
    ("", "男", "1982-03", "汉族", "中共党员", "星屿市统计局（示例）", "副局长", "副处"),
)
# Answered to the page's own scripts, or sent as a file.
NOT_PAGES = frozenset(
    {
        "auth.demo",
        "audit_case.picture",
        "audit_export.verifier",
        "audit_case.step",
        "audit.progress",
        "cases.diagram",
        "corrections.diagram",
        "definitions.diagram",
        "definitions.download",
        "design_versions.drawing",
        "designs.download",
        "designs.drawing",
        "designs.model",
        "trials.drawing",
        "people.export",
        "people.roster",
        "rosters.take_ledger",
        "people.template",
    }
)
EDITOR_WIDTH = 1024
DESIGNED = "p02a_periodic_note"
TALK = """{"id": "talk", "components": [
{"type": "textfield", "key": "talker", "label": "谈话人", "properties": {"picker": "person"}},
{"type": "textarea", "key": "gist", "label": "谈话要点", "validate": {"required": true}}]}""".encode()
SECOND = "江木槿"  # a fourth cadre, so that a meeting has several items


def nothing(_page: Page) -> None:
    """The page as it comes."""


@dataclass(frozen=True)
class Stop:
    """One picture of one page: its name, who looks, the address, what is done there first."""

    name: str
    login: str
    path: str
    act: Callable[[Page], None] = nothing
    status: int = 200


def furnish(live: Live) -> None:
    """The demo's story, and a committee meeting with two items: one decided, one being voted on."""
    story.load(live.office)
    staff = Staff(live.office, patience=5)
    fourth = scenes.open_and_verify(staff, person(SECOND))
    scenes.propose_and_consult(staff, fourth, manner="lateral_transfer", post_id=post("wlj:deputy"))
    third = _rows(live, cases.case_file, person_id=person(story.PROPOSED))[0]["id"]
    meeting_id, items = staff.call("committee", [third, fourth], number="市委常委会第十二次会议（示例）")
    members = staff.members(meeting_id)
    staff.attend(meeting_id, absent=members[:1])
    recorder = staff.actor("shiweiban")
    verbs.start_vote(staff.begin(), recorder, item_id=items[0])
    verbs.record(staff.begin(), recorder, item_id=items[0], counts={"agree": 9, "defer": 1})
    verbs.start_vote(staff.begin(), recorder, item_id=items[1])
    _design(live)
    tour_corrections.furnish(live, staff)
    punished = _rows(live, cases.measure, person_id=person(story.PUNISHED))[0]
    change = Change("revoke", "中共星屿市纪委（示例）", "星纪复〔2026〕1号", punished["decided_on"])
    measure_changes.propose(
        staff.begin(),
        staff.actor("shenli"),
        measure_id=punished["id"],
        change=change,
        reason="复查认为原决定不当。",
    )


def _design(live: Live) -> None:
    """A draft with a finding in it, a trial run, and a version that waits for a second designer."""
    first, second = live.site.actor("liucheng"), live.site.actor("liucheng2")
    begin = live.office.begin
    changed = definition_drafts.begin(begin(), second, key=DESIGNED)
    with live.office.glance() as look:
        draft = definition_drafts.read(look, changed)
    xml = draft.diagram[1].replace("核阅".encode(), "核审".encode())
    saved = definition_drafts.save(begin(), second, draft_id=changed, revision=1, xml=xml)
    definition_drafts.propose(
        live.office, second, draft_id=changed, digest=saved.digest, reason="与文件用语一致（示例）。"
    )
    tried = definition_drafts.begin(begin(), first, key=DESIGNED)
    trials.start(begin(), first, draft_id=tried, text=trial_answers.message_text("note_due", live.site.today))
    new = definition_drafts.create(begin(), first, key="p20_reminder", name="提醒谈话（示例）")
    definition_drafts.upload(begin(), first, draft_id=new, revision=1, filename="talk.json", data=TALK)
    definition_imports.begin(begin(), first, filename="采购复核.bpmn", data=ZEEBE, key="p21_order")


def _rows(live: Live, table: Any, *, order: str = "-id", **where: Any) -> list[Mapping[str, Any]]:
    with reads.begin(live.office) as look:
        return look.all(table, order=(order,), **where)


def _open_task(live: Live, *elements: str) -> str:
    for element in elements:
        found = _rows(live, runtime.work_item, element_id=element, status="open")
        if found:
            return str(found[0]["id"])
    raise LookupError(f"none of {elements} is open")


def stops(live: Live) -> list[Stop]:
    """Every stop of the walk."""
    return [*_desk(live), *_files(live), *_rooms(live), *_designs(live), *_refusals(live)]


def _desk(live: Live) -> list[Stop]:
    form = _open_task(live, "double_sign", "check_archive")
    visit = _open_task(live, "hold_visit")
    done = _rows(live, runtime.work_item, element_id="determine", status="completed")[0]["id"]
    archive = _open_task(live, "check_archive")
    return [
        Stop("sign-in", "", "/sign-in"),
        Stop("sign-in-refused", "", "/sign-in", _wrong_password, 401),
        Stop("inbox", "ganbu1", "/"),
        Stop("inbox-group", "jiandu1", "/?tab=group"),
        Stop("inbox-done", "fubuzhang1", "/?tab=done"),
        Stop("inbox-started", "ganbu1", "/?tab=started"),
        Stop("inbox-none", "xitong", "/"),
        Stop("inbox-not-found", "ganbu1", "/?tab=group&q=无此人"),
        Stop("task-visit", "heshi1", f"/tasks/{visit}"),
        Stop("task-form", "dangan", f"/tasks/{archive}"),
        Stop("task-wrong", "dangan", f"/tasks/{archive}", _hand_in_empty, 422),
        Stop("task-look", "ganbu2", f"/tasks/{form}"),
        Stop("task-done", "ganbu1", f"/tasks/{done}"),
        Stop("task-paper", "ganbu1", f"/tasks/{archive}?paper=1"),
        Stop("task-diagram", "ganbu1", f"/tasks/{archive}", _open_diagram),
    ]


def _files(live: Live) -> list[Stop]:
    demoted = _rows(live, cases.case_file, person_id=person(story.DEMOTED))[0]["id"]
    punished = _rows(live, cases.case_file, person_id=person(story.PUNISHED))[0]["id"]
    plan = _rows(live, tracking.tracking_plan, person_id=person(story.DEMOTED))[0]["id"]
    measure, other = (_rows(live, cases.measure, case_id=one)[0]["id"] for one in (punished, demoted))
    return [
        Stop("cases", "ganbu1", "/cases"),
        Stop("cases-not-found", "ganbu1", "/cases?q=无此人"),
        Stop("case", "ganbu1", f"/cases/{demoted}"),
        Stop("case-up", "jiandu1", f"/cases/{punished}"),
        Stop("case-own", "benren", f"/cases/{demoted}", status=404),
        Stop("case-diagram", "ganbu1", f"/cases/{punished}", _open_diagram),
        Stop("case-verified", "shenji", f"/cases/{demoted}", _verify),
        Stop("start", "ganbu1", f"/cases/start?person={person('顾半夏')}"),
        Stop("start-wrong", "ganbu1", "/cases/start", _register_empty, 422),
        Stop("measure", "chengban", f"/measures/new?person={person('顾半夏')}", _preview),
        Stop("measure-shown", "jiwei", f"/measures/{measure}"),
        Stop("measure-correct", "ganbu1", f"/measures/{other}/changes/new/correct"),
        Stop("people", "ganbu1", "/people"),
        Stop("person", "ganbu1", f"/people/{person(story.DEMOTED)}"),
        Stop("person-free", "ganbu1", f"/people/{person('钟谷雨')}"),
        Stop("lookup", "ganbu1", f"/lookups?person={person(story.DEMOTED)}"),
        Stop("ends", "ganbu1", "/lookups/ends?days=365"),
        Stop("vacancies", "ganbu1", "/lookups/vacancies"),
        Stop("quotas", "gwyk", "/lookups/quotas"),
        Stop("quotas-wrong", "gwyk", "/lookups/quotas", _record_no_quota, 422),
        Stop("roster", "ganbu1", "/lookups/roster?sex=%E5%A5%B3&from_y=40"),
        Stop("take-ledger", "ganbu1", "/lookups/ledger"),
        *_papers(live, demoted, punished),
        Stop("mine", "benren", "/mine"),
        Stop("mine-appeal", "benren", "/mine/appeals/new"),
        Stop("mine-none", "ganbu1", "/mine"),
        Stop("person-own", "benren", f"/people/{person(story.DEMOTED)}"),
        Stop("import", "dangan", "/people/import"),
        Stop("import-preview", "dangan", "/people/import", _upload_roster),
        Stop("tracking", "ganbu1", "/tracking"),
        Stop("plan", "ganbu1", f"/tracking/{plan}"),
    ]


def _papers(live: Live, demoted: str, punished: str) -> list[Stop]:
    """The papers of the cases told: each kind once, as it would be printed."""
    talk = _rows(live, runtime.work_item, element_id="talk", status="completed")[0]["id"]
    visit = _rows(live, runtime.work_item, element_id="hold_visit", status="completed")[0]["id"]
    closed = _rows(live, meetings.meeting, status="closed")[0]["id"]
    return [
        Stop("paper-proposal", "ganbu1", f"/papers/cases/{demoted}/proposal"),
        Stop("paper-publicity", "ganbu1", f"/papers/cases/{punished}/publicity"),
        Stop("paper-approval", "ganbu1", f"/papers/cases/{demoted}/approval"),
        Stop("paper-person", "dangan", f"/papers/people/{person('钟谷雨')}/approval"),
        Stop("paper-talk", "ganbu1", f"/papers/tasks/{talk}"),
        Stop("paper-visit", "ganbu1", f"/papers/tasks/{visit}"),
        Stop("paper-minutes", "jilu", f"/papers/meetings/{closed}/minutes"),
    ]


def _rooms(live: Live) -> list[Stop]:
    room = _rows(live, meetings.meeting, status="open")[0]["id"]
    closed = _rows(live, meetings.meeting, status="closed")[0]["id"]
    event = _rows(live, history.history_event, order="-recorded_at", kind="task_completed")[0]
    entry = f"/history/{event['stream']}:{event['seq']}"
    followed = _rows(live, cases.case_file, person_id=person(story.PUNISHED))[0]["id"]
    return [
        Stop("meetings", "jilu", "/meetings"),
        Stop("meetings-new", "jilu", "/meetings/new"),
        Stop("meetings-new-wrong", "jilu", "/meetings/new", _call_empty, 422),
        Stop("meeting", "shiweiban", f"/meetings/{room}"),
        Stop("meeting-attend", "shiweiban", f"/meetings/{room}", _open_attendance),
        Stop("meeting-member", "changwei05", f"/meetings/{room}"),
        Stop("meeting-closed", "jilu", f"/meetings/{closed}"),
        Stop("definitions", "liucheng", "/definitions"),
        Stop("incidents", "xitong", "/incidents"),
        *(Stop(*one) for one in tour_corrections.stops(live)),
        Stop("accounts", "anquan", "/accounts"),
        Stop("kinship", "jiandu1", "/people/kinship"),
        Stop("account", "ganbu1", "/account"),
        Stop("own-password", "ganbu1", "/account/password"),
        Stop("rules", "anquan", "/rules"),
        Stop("rules-calendar", "anquan", "/rules/calendar"),
        Stop("definition", "liucheng", "/definitions/p01_down_adjustment"),
        Stop("history", "shenji", "/history?kind=task_completed"),
        Stop("audit-reads", "shenji", "/history/reads"),
        Stop("audit-administration", "shenji", "/history/administration"),
        Stop("audit-checks", "shenji", "/history/checks"),
        Stop("audit-case", "shenji", f"/history/cases/{followed}"),
        Stop("audit-case-table", "shenji", f"/history/cases/{followed}?way=table"),
        Stop("audit-case-diagram", "shenji", f"/history/cases/{followed}?way=diagram"),
        Stop("audit-bundle", "shenji", f"/history/cases/{followed}/bundle"),
        Stop("audit-at", "shenji", f"/history/cases/{followed}/at/9"),
        Stop("history-not-found", "shenji", "/history?q=无此人"),
        Stop("event", "shenji", entry),
    ]


def _designs(live: Live) -> list[Stop]:
    by_key = {row["key"]: row["id"] for row in _rows(live, designs.draft, order="saved_at")}
    run = _rows(live, designs.trial_run)[0]
    proposal = _rows(live, repository.proposal)[0]["id"]
    new, tried = f"/designs/{by_key['p20_reminder']}", f"/designs/{run['draft_id']}"
    sides = f"version:{DESIGNED}:1/proposal:{proposal}"
    return [
        Stop("designs", "liucheng", "/designs"),
        Stop("design", "liucheng", tried, _choose_step),
        Stop("design-new", "liucheng", new, _wait_for_editor),
        Stop("design-imported", "liucheng", f"/designs/{by_key['p21_order']}/imported"),
        Stop("design-form", "liucheng", f"{new}/view/forms/talk.json"),
        Stop("design-table", "liucheng", f"{tried}/view/d06_annual_appraisal.dmn"),
        Stop("design-versions", "liucheng", f"/designs/versions/{DESIGNED}"),
        Stop("design-switches", "liucheng", f"/designs/switches/{DESIGNED}"),
        Stop("design-compare", "liucheng", f"/designs/compare/{sides}", _wait_for_drawing),
        Stop("design-proposal", "liucheng", f"/designs/proposals/{proposal}"),
        Stop("design-proposal-own", "liucheng2", f"/designs/proposals/{proposal}"),
        Stop("trial-begin", "liucheng", f"{tried}/trial"),
        Stop("trial-refused", "liucheng", f"{new}/trial"),
        Stop("trial", "liucheng", f"/designs/trials/{run['id']}", _wait_for_drawing),
        Stop("design-not-allowed", "ganbu1", "/designs", status=403),
    ]


def _wait_for_editor(page: Page) -> None:
    if page.evaluate("innerWidth") >= EDITOR_WIDTH:
        page.locator("[data-editor][data-state=ready]").wait_for()


def _choose_step(page: Page) -> None:
    _wait_for_editor(page)
    if page.evaluate("innerWidth") >= EDITOR_WIDTH:
        page.locator('.djs-element[data-element-id="check_note"]').click()
        page.locator('[data-entry-id="roles"]').wait_for()


def _wait_for_drawing(page: Page) -> None:
    page.locator("details.diagram .djs-element").first.wait_for()


def _refusals(live: Live) -> list[Stop]:
    demoted = _rows(live, cases.case_file, person_id=person(story.PUNISHED))[0]["id"]
    return [
        Stop("error-not-found", "benren", f"/cases/{demoted}", status=404),
        Stop("error-not-allowed", "benren", "/cases/start", status=403),
    ]


def _wrong_password(page: Page) -> None:
    page.get_by_label("登录名").fill("ganbu1")
    page.get_by_label("密码").fill("不对的密码")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".said-refused")).to_be_visible()


def _hand_in_empty(page: Page) -> None:
    button = page.locator("form.form .form-end .btn-primary").last
    asks = button.get_attribute("data-confirm")
    button.click()
    if asks:
        page.locator(f"#{asks} .btn-primary").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _register_empty(page: Page) -> None:
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _record_no_quota(page: Page) -> None:
    if page.locator("details.fold[open]").count() == 0:
        page.locator("details.fold > summary").click()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _call_empty(page: Page) -> None:
    page.get_by_role("button", name="安排会议", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _open_diagram(page: Page) -> None:
    newest = page.locator("details.diagram").last
    newest.locator("> summary").click()
    newest.locator(".djs-element").first.wait_for()
    newest.locator(".diagram-tools").evaluate("tools => tools.scrollIntoView()")


def _preview(page: Page) -> None:
    page.get_by_label("党纪处分").check()
    page.get_by_label("措施种类").select_option("serious_warning")
    page.get_by_label("决定日期").fill("2026-03-02")
    page.get_by_label("生效日期").fill("2026-03-02")
    page.get_by_role("button", name="预核影响期").click()
    expect(page.locator("#preview b")).to_be_visible()
    page.locator("#preview").scroll_into_view_if_needed()


def _verify(page: Page) -> None:
    page.get_by_role("button", name="校验").first.click()
    expect(page.locator("#verify .verdict")).to_be_visible()
    page.locator("#verify").scroll_into_view_if_needed()


def _open_attendance(page: Page) -> None:
    page.get_by_text("登记到会", exact=True).click()


def _upload_roster(page: Page) -> None:
    book, data = openpyxl.Workbook(), BytesIO()
    for row in ROSTER:
        book.active.append(row)
    book.save(data)
    page.locator("input[type=file]").set_input_files(
        {"name": "干部花名册（示例）.xlsx", "mimeType": XLSX, "buffer": data.getvalue()}
    )
    page.locator("form .btn-primary").first.click()
    expect(page.locator("table")).to_be_visible()
