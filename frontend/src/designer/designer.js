// The process editor: bpmn-js with our panel, the server's findings on the elements, saving and leaving safely.
import Modeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from "bpmn-js-properties-panel";
import camunda from "camunda-bpmn-moddle/resources/camunda.json";
import allowed from "./allowed.js";
import { Findings } from "./findings.js";
import panel from "./panel.js";
import zaishang from "./zaishang.json";
import chinese, { missed } from "./zh.js";

const QUIET = 1500;
const TOOLS = 90;
const EDGE = 20;
const JSON_ONLY = { Accept: "application/json" };

class Refused extends Error {}

async function ask(url, fields) {
  const options = { headers: JSON_ONLY, credentials: "same-origin" };
  if (fields) {
    options.method = "POST";
    options.body = new FormData();
    for (const [name, value] of Object.entries(fields)) options.body.append(name, value);
  }
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new Refused("连接不上服务器，内容没有保存。请检查网络后再试。");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.message ?? "服务器没有答复，请稍后再试。");
  return body;
}

class Editor {
  constructor(box) {
    this.box = box;
    this.token = box.querySelector("[name=csrf_token]").value;
    this.says = box.querySelector("[data-editor-says]");
    this.isDirty = false;
    this.edits = 0;
    box.untranslated = missed;
  }

  async open() {
    const found = await ask(this.box.dataset.model);
    this.revision = found.revision;
    const designs = { choices: found.choices, judge: (text, kind) => this.judge(text, kind) };
    this.modeler = new Modeler({
      container: this.box.querySelector("[data-editor-canvas]"),
      propertiesPanel: { parent: this.box.querySelector("[data-editor-panel]") },
      additionalModules: [
        BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, { designs: ["value", designs] }, panel, allowed, chinese,
      ],
      moddleExtensions: { camunda, zaishang },
    });
    this.findings = new Findings(this.box, this.modeler);
    await this.modeler.importXML(found.xml);
    this.fit();
    this.findings.show(found.findings);
    this.bind();
    this.say("");
    this.box.dataset.state = "ready";
    this.box.modeler = this.modeler;
  }

  /** The whole drawing in the window, clear of the tools on the left, never larger than life. */
  fit() {
    const canvas = this.modeler.get("canvas");
    const { inner, outer } = canvas.viewbox();
    if (!outer.width || !inner.width) return;
    const scale = Math.min(1, (outer.width - TOOLS - EDGE) / inner.width, (outer.height - 2 * EDGE) / inner.height);
    const [width, height] = [outer.width / scale, outer.height / scale];
    canvas.viewbox({ x: inner.x - TOOLS / scale, y: inner.y - (height - inner.height) / 2, width, height });
  }

  bind() {
    const stack = this.modeler.get("commandStack");
    this.modeler.on("commandStack.changed", () => this.changed(stack));
    const acts = {
      save: () => this.save(),
      undo: () => stack.undo(),
      redo: () => stack.redo(),
      fit: () => this.fit(),
    };
    this.box.addEventListener("click", (event) => acts[event.target.closest("[data-editor-act]")?.dataset.editorAct]?.());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    });
    window.addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    // Whatever leaves this page by a form works on the draft as saved: save first.
    document.addEventListener("submit", (event) => this.saveFirst(event));
    this.changed(stack, false);
  }

  changed(stack, isDirty = true) {
    this.isDirty = isDirty;
    const able = { undo: stack.canUndo(), redo: stack.canRedo() };
    for (const [act, may] of Object.entries(able)) this.box.querySelector(`[data-editor-act=${act}]`).disabled = !may;
    this.box.querySelector("[data-editor-dirty]").hidden = !isDirty;
    if (!isDirty) return;
    this.edits += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), QUIET);
  }

  async xml() {
    const { xml } = await this.modeler.saveXML({ format: true });
    return new Blob([xml], { type: "application/xml" });
  }

  fields(more) {
    return { csrf_token: this.token, ...more };
  }

  async check() {
    try {
      const answer = await ask(this.box.dataset.check, this.fields({ xml: await this.xml() }));
      this.findings.show(answer.findings);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(error.message, true);
    }
  }

  async save() {
    if (this.saving) return this.saving;
    this.saving = this.keep().finally(() => (this.saving = null));
    return this.saving;
  }

  async keep() {
    clearTimeout(this.timer);
    this.say("正在保存……");
    const stack = this.modeler.get("commandStack");
    const before = this.edits;
    try {
      const answer = await ask(this.box.dataset.save, this.fields({ revision: this.revision, xml: await this.xml() }));
      this.revision = answer.revision;
      for (const one of document.querySelectorAll("[name=revision]")) one.value = answer.revision;
      for (const one of document.querySelectorAll("[name=digest]")) one.value = answer.digest;
      this.findings.show(answer.findings);
      if (this.edits === before) this.changed(stack, false);
      this.say(answer.sentence);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(error.message, true);
      return false;
    }
  }

  async saveFirst(event) {
    const form = event.target;
    if (!form.matches("[data-after-save]") || !this.isDirty) return;
    event.preventDefault();
    if (await this.save()) form.requestSubmit(event.submitter);
  }

  async judge(text, kind) {
    try {
      return (await ask(this.box.dataset.expression, this.fields({ text, kind }))).sentence;
    } catch (error) {
      return error.message;
    }
  }

  say(sentence, isBad = false) {
    this.says.textContent = sentence;
    this.says.classList.toggle("bad", isBad);
  }
}

/** Open the editor inside `box`. */
export async function edit(box) {
  await new Editor(box).open();
}
