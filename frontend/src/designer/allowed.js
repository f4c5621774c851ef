// What the menus offer: only what the server's checks accept, so that nobody draws what cannot run.
const REFUSED = new Set([
  "replace-with-complex-gateway",
  "replace-with-ad-hoc-subprocess",
  "replace-with-collapsed-ad-hoc-subprocess",
  "replace-with-expanded-ad-hoc-subprocess",
  "replace-with-timer-start",
]);
const DRAWN = new Set([
  "hand-tool",
  "lasso-tool",
  "space-tool",
  "global-connect-tool",
  "tool-separator",
  "create.start-event",
  "create.intermediate-event",
  "create.end-event",
  "create.exclusive-gateway",
  "create.subprocess-expanded",
  "create.participant-expanded",
]);
const LATE = 500;

const kept = (entries, test) => Object.fromEntries(Object.entries(entries).filter(([name]) => test(name)));
const drawn = (name) => DRAWN.has(name);

class Allowed {
  static $inject = ["palette", "contextPad", "popupMenu", "elementFactory", "create", "autoPlace", "translate"];

  constructor(palette, contextPad, popupMenu, elementFactory, create, autoPlace, translate) {
    this.shape = () => elementFactory.createShape({ type: "bpmn:UserTask" });
    this.create = create;
    this.autoPlace = autoPlace;
    this.translate = translate;
    palette.registerProvider(LATE, { getPaletteEntries: () => (entries) => this.palette(entries) });
    contextPad.registerProvider(LATE, { getContextPadEntries: (element) => (entries) => this.pad(element, entries) });
    popupMenu.registerProvider("bpmn-replace", LATE, {
      getPopupMenuEntries: (element) => (entries) => kept(entries, (name) => this.isOffered(element, name)),
    });
  }

  /** By time an event sub-process may start, a process may not. */
  isOffered(element, name) {
    const inEvent = name === "replace-with-timer-start" && element.parent?.businessObject.triggeredByEvent;
    return inEvent || !REFUSED.has(name);
  }

  palette(entries) {
    const begin = (event) => this.create.start(event, this.shape());
    const task = {
      group: "activity",
      className: "bpmn-icon-user-task",
      title: this.translate("Create user task"),
      action: { dragstart: begin, click: begin },
    };
    return { ...kept(entries, drawn), "create.user-task": task };
  }

  pad(element, entries) {
    if (!entries["append.append-task"]) return entries;
    const start = (event) => this.create.start(event, this.shape(), { source: element });
    const task = {
      group: "model",
      className: "bpmn-icon-user-task",
      title: this.translate("Append user task"),
      action: { dragstart: start, click: () => this.autoPlace.append(element, this.shape()) },
    };
    return { "append.user-task": task, ...kept(entries, (name) => name !== "append.append-task") };
  }
}

export default { __init__: ["allowed"], allowed: ["type", Allowed] };
