"""A designer draws a step, is refused, mends it, tries it; a second one publishes it; only new cases take it."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageAt
from tests.browser.live import START, Live
from tests.site import SIGNAL
from webapp.persistence.models import cases, designs, repository, runtime
from webapp.services import definition_drafts

KEY = "p01_down_adjustment"
DAY = START.date().isoformat()
STEP, FIELD = "补充核对（示例）", "核对情况（示例）"
FORM = {
    "id": "extra_check",
    "components": [
        {"type": "textarea", "key": "note", "label": FIELD, "validate": {"required": True}},
        {
            "type": "radio", "key": "result", "label": "核对结果", "validate": {"required": True},
            "values": [{"label": "属实", "value": "true_enough"}], "properties": {"variable": "extra_result"},
        },
    ],
}  # fmt: skip
# Where the arrow to the assessment is, on the screen; the view is moved there first, as a hand would drag it.
MIDDLE = """box => {
  const [canvas, elements] = ['canvas', 'elementRegistry'].map(name => box.modeler.get(name));
  const flow = elements.get('flow_screen_situation_to_assess');
  const [first, last] = flow.waypoints;
  const at = {x: (first.x + last.x) / 2, y: (first.y + last.y) / 2};
  const {outer} = canvas.viewbox();
  canvas.viewbox({x: at.x - outer.width / 2, y: at.y - outer.height / 2, width: outer.width, height: outer.height});
  const corner = box.querySelector('.djs-container').getBoundingClientRect();
  return {x: corner.x + outer.width / 2, y: corner.y + outer.height / 2};
}"""
KINDS = """async box => {
  const get = name => box.modeler.get(name);
  const root = get('canvas').getRootElement(), said = new Set();
  const kinds = ['Task', 'UserTask', 'ManualTask', 'ServiceTask', 'ScriptTask', 'BusinessRuleTask', 'SendTask',
    'ReceiveTask', 'CallActivity', 'SubProcess', 'ExclusiveGateway', 'ParallelGateway', 'InclusiveGateway',
    'EventBasedGateway', 'StartEvent', 'EndEvent', 'IntermediateThrowEvent', 'TextAnnotation'].map(one => [one]);
  const about = {
    IntermediateCatchEvent: ['Message', 'Timer', 'Signal', 'Conditional', 'Link'],
    IntermediateThrowEvent: ['Message', 'Signal', 'Escalation', 'Compensate', 'Link'],
    EndEvent: ['Message', 'Error', 'Signal', 'Escalation', 'Compensate', 'Terminate'],
    BoundaryEvent: ['Message', 'Timer', 'Signal', 'Conditional', 'Error', 'Escalation'],
  };
  for (const [kind, some] of Object.entries(about)) kinds.push(...some.map(one => [kind, one]));
  const listen = () => {
    const words = '.bio-properties-panel-label, .bio-properties-panel-group-header-title, .djs-popup-label,' +
      ' .bio-properties-panel-header-type, .bio-properties-panel-description, .djs-popup-title';
    for (const one of document.querySelectorAll(words)) said.add(one.textContent);
    for (const one of document.querySelectorAll('.djs-palette .entry, .djs-context-pad .entry')) said.add(one.title);
  };
  const pause = () => new Promise(done => setTimeout(done, 15));
  let x = 0, host;
  for (const [kind, definition] of kinds) {
    const given = {type: `bpmn:${kind}`};
    if (definition) given.eventDefinitionType = `bpmn:${definition}EventDefinition`;
    const shape = get('elementFactory').createShape(given);
    const at = {x: x += 150, y: 700};
    const hosted = kind === 'BoundaryEvent';
    const made = hosted
      ? get('modeling').createShape(shape, {x: host.x, y: host.y + host.height}, host, {attach: true})
      : get('modeling').createShape(shape, at, root);
    if (kind === 'UserTask') {
      host = made;
      get('modeling').updateProperties(made, {
        loopCharacteristics: get('bpmnFactory').create('bpmn:MultiInstanceLoopCharacteristics'),
      });
    }
    get('selection').select(made);
    await pause();
    for (const head of document.querySelectorAll('.bio-properties-panel-group-header:not(.open)')) head.click();
    await pause();
    listen();
    get('popupMenu').open(made, 'bpmn-replace', {x: 10, y: 10});
    await pause();
    listen();
    get('popupMenu').close();
  }
  get('selection').select(get('elementRegistry').filter(one => one.width && !one.labelTarget));
  await pause();
  listen();
  return [...said];
}"""
SHOWN_CODES = {"FEEL", "BPMN", "nrOfCompletedInstances", "outcome", "agree", "cadreId", "visitors", "ISO"}


def editor(page: Page, live: Live, draft: str) -> None:
    """Open a draft and wait for the editor."""
    page.goto(f"{live.url}/designs/{draft}")
    page.locator("[data-editor][data-state=ready]").wait_for()


def draw_step(page: Page) -> None:
    """Take a user task from the tools and drop it on the arrow to the assessment; type its name."""
    page.locator('[data-container-id="phase_opening"] .bjs-drilldown').click()
    at = page.locator("[data-editor]").evaluate(MIDDLE)
    page.locator(".djs-palette [data-action='create.user-task']").click()
    page.mouse.move(at["x"] - 40, at["y"] - 40)
    page.mouse.move(at["x"], at["y"], steps=4)
    page.mouse.click(at["x"], at["y"])
    page.locator(".djs-direct-editing-content").fill(STEP)
    page.keyboard.press("Enter")


def start_draft(page: Page, live: Live) -> str:
    """A draft of the process from the list, with the new step's form in it."""
    page.get_by_role("link", name="流程设计").first.click()
    page.locator(f"button[value={KEY}]").click()
    expect(page.locator(".said-done")).to_contain_text("草稿已建立")
    # The editor makes room for itself when it is ready: a click before that may miss.
    page.locator("[data-editor][data-state=ready]").wait_for()
    file = {"name": "extra_check.json", "mimeType": "application/json", "buffer": json.dumps(FORM).encode()}
    page.get_by_label("上传文件").set_input_files(file)
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator(".said-done")).to_contain_text("文件已放入草稿")
    return str(live.site.rows(designs.draft)[0]["id"])


def propose(page: Page) -> None:
    """Ask for the draft to be published."""
    page.get_by_label("改了什么，为什么").fill("启动前补充核对（示例）。")
    page.get_by_role("button", name="提出发布").click()


def draw_and_be_refused(page: Page) -> None:
    """Nobody can do the step yet: the mark on it and the refusal say so."""
    draw_step(page)
    expect(page.locator("[data-editor-dirty]")).to_be_visible()
    assert not page.evaluate("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-editor-says]")).to_contain_text("已保存")
    expect(page.locator("[data-editor-count]")).to_contain_text("1处错误")
    expect(page.locator(".finding-error")).to_be_visible()
    propose(page)
    expect(page.locator("[data-error-summary]")).to_contain_text("没有人能办")


def mend(page: Page) -> None:
    """The list leads to the step, the panel offers what exists."""
    page.locator("[data-editor][data-state=ready]").wait_for()
    page.locator(".finding-go").first.click()
    page.locator('[data-entry-id="roles"] [data-value="cadre_section"]').check()
    page.locator('[data-entry-id="form"] select').select_option("extra_check")
    expect(page.locator("[data-editor-count]")).not_to_contain_text("错误")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-editor-dirty]")).to_be_hidden()


def answer(page: Page, name: str, value: str | list[str]) -> None:
    """Answer one field of the form by its posted name."""
    controls = page.locator(f'[name="f.{name}"]')
    kind = controls.first.evaluate("one => one.type")
    if kind in ("radio", "checkbox"):
        for one in [value] if isinstance(value, str) else value:
            page.locator(f'[name="f.{name}"][value="{one}"]').check()
    elif kind == "select-one":
        controls.select_option(value)
    else:
        controls.fill(str(value))


def try_out(page: Page) -> None:
    """The step is walked through as an invented person, the token on the drawing."""
    page.get_by_role("button", name="试运行").click()
    page.get_by_role("button", name="开始试运行").click()
    for name, value in {**SIGNAL, "received_on": DAY}.items():
        answer(page, name, value)
    page.get_by_role("button", name="办结这个环节").click()
    expect(page.locator("#task-title")).to_have_text(STEP)
    expect(page.locator(".djs-element.mark-active")).not_to_have_count(0)
    page.get_by_role("button", name="办结这个环节").click()
    expect(page.locator("[data-error-summary]")).to_contain_text(FIELD)
    page.get_by_label(FIELD).fill("已核对，内容虚构。")
    page.get_by_label("属实").check()
    page.get_by_role("button", name="办结这个环节").click()
    expect(page.locator("#trail-title ~ ol")).to_contain_text("extra_result = true_enough")


def publish(page: Page, url: str) -> None:
    """The second designer reads what differs and agrees."""
    page.goto(url)
    expect(page.locator("#words-title ~ table")).to_contain_text(f"用户任务“{STEP}”")
    page.get_by_role("button", name="同意发布").click()
    page.get_by_role("button", name="确认发布").click()
    expect(page.locator(".said-done")).to_contain_text("已发布为第2版")


def test_a_step_is_drawn_refused_mended_tried_reviewed_and_run_by_new_cases_only(
    live_server: Live, page_at: PageAt
) -> None:
    live, page, second, officer = live_server, page_at(), page_at(), page_at()
    site = live.site
    old = site.open_case("苏白露", received_on=DAY)
    live.sign_in(page, "liucheng")
    live.sign_in(second, "liucheng2")
    live.sign_in(officer, "ganbu1")

    draft = start_draft(page, live)
    editor(page, live, draft)
    draw_and_be_refused(page)
    mend(page)
    try_out(page)
    assert len(site.rows(cases.case_file)) == 1
    editor(page, live, draft)
    propose(page)
    expect(page.locator("h1")).to_contain_text("待复核")
    expect(page.get_by_role("button", name="同意发布")).to_have_count(0)
    publish(second, page.url)
    new = site.open_case("顾半夏", received_on=DAY)

    instances = {row["case_id"]: row["definition_id"] for row in site.rows(runtime.process_instance)}
    versions = {row["id"]: row["version"] for row in site.rows(repository.definition, key=KEY)}
    assert (versions[instances[old]], versions[instances[new]]) == (1, 2)
    tasks = {row["case_id"]: row for row in site.rows(runtime.work_item, status="open")}
    assert (tasks[new]["name"], tasks[old]["name"] == STEP) == (STEP, False)
    officer.goto(f"{live.url}/tasks/{tasks[new]['id']}")
    expect(officer.get_by_label(FIELD)).to_be_visible()


def test_the_editor_speaks_chinese_undoes_and_keeps_the_mark(live_server: Live, page_at: PageAt) -> None:
    live, page = live_server, page_at()
    actor = live.site.actor("liucheng")
    draft = definition_drafts.create(live.office.begin(), actor, key="p20_words", name="词语（示例）")
    live.sign_in(page, "liucheng")
    editor(page, live, draft)
    box = page.locator("[data-editor]")

    said = box.evaluate(KINDS)
    undone = page.get_by_role("button", name="撤销")
    before = box.evaluate("box => box.modeler.get('elementRegistry').getAll().length")
    undone.click()
    after = box.evaluate("box => box.modeler.get('elementRegistry').getAll().length")
    page.get_by_role("button", name="重做").click()

    assert box.evaluate("box => [...box.untranslated].sort()") == []
    english = {word for text in said for word in re.findall(r"[A-Za-z]{2,}", text)} - SHOWN_CODES
    assert english == set()
    assert len(said) > 80
    assert after < before
    assert box.evaluate("box => box.modeler.get('elementRegistry').getAll().length") == before
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_on_a_narrow_screen_there_is_a_sentence_and_the_drawing(live_server: Live, page_at: PageAt) -> None:
    live, page = live_server, page_at(390)
    actor = live.site.actor("liucheng")
    draft = definition_drafts.begin(live.office.begin(), actor, key="p02a_periodic_note")
    live.sign_in(page, "liucheng")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))

    page.goto(f"{live.url}/designs/{draft}")

    page.locator("[data-narrow] .djs-element").first.wait_for()
    expect(page.get_by_text("画流程图需要宽一些的屏幕")).to_be_visible()
    expect(page.locator("[data-editor]")).to_be_hidden()
    assert not [url for url in asked if "/assets/designer" in url]
