// What the server's checks found: a mark on each element, and a list that leads there.
const WORDS = { error: "错误", warning: "提醒" };

export class Findings {
  constructor(box, modeler) {
    this.list = box.querySelector("[data-editor-findings]");
    this.count = box.querySelector("[data-editor-count]");
    this.modeler = modeler;
    this.marks = [];
    this.list.addEventListener("click", (event) => {
      const id = event.target.closest("[data-element]")?.dataset.element;
      if (id) this.go(id);
    });
  }

  show(findings) {
    this.clear();
    const errors = findings.filter((one) => one.level === "error").length;
    const warnings = findings.length - errors;
    const parts = [errors && `${errors}处错误`, warnings && `${warnings}处提醒`].filter(Boolean);
    this.count.textContent = parts.join("，") || "没有发现问题";
    this.list.replaceChildren(...findings.map((one) => this.line(one)));
    const elements = this.modeler.get("elementRegistry");
    const byElement = new Map();
    for (const one of findings) if (elements.get(one.element_id)) byElement.set(one.element_id, [...(byElement.get(one.element_id) ?? []), one]);
    for (const [id, some] of byElement) this.mark(id, some);
  }

  clear() {
    const canvas = this.modeler.get("canvas");
    for (const { id, name } of this.marks) canvas.removeMarker(id, name);
    this.modeler.get("overlays").remove({ type: "finding" });
    this.marks = [];
  }

  mark(id, findings) {
    const level = findings.some((one) => one.level === "error") ? "error" : "warning";
    const badge = document.createElement("button");
    badge.type = "button";
    badge.className = `finding finding-${level}`;
    badge.textContent = level === "error" ? "!" : "?";
    badge.title = findings.map((one) => one.sentence).join("\n");
    badge.setAttribute("aria-label", badge.title);
    badge.addEventListener("click", () => this.point(id));
    const element = this.modeler.get("elementRegistry").get(id);
    const at = element.waypoints ? { top: -12, left: 0 } : { top: -12, right: 12 };
    this.modeler.get("overlays").add(id, "finding", { position: at, html: badge });
    this.modeler.get("canvas").addMarker(id, `has-${level}`);
    this.marks.push({ id, name: `has-${level}` });
  }

  line(one) {
    const item = document.createElement("li");
    const word = document.createElement("span");
    word.className = one.level === "error" ? "word word-bad" : "word";
    word.textContent = WORDS[one.level];
    const inside = document.createElement(one.element_id ? "button" : "span");
    if (one.element_id) {
      inside.type = "button";
      inside.className = "finding-go";
      inside.dataset.element = one.element_id;
    }
    inside.textContent = one.sentence;
    item.append(word, " ", inside);
    return item;
  }

  /** From the list to the element. */
  go(id) {
    const element = this.modeler.get("elementRegistry").get(id);
    if (!element) return;
    this.modeler.get("canvas").scrollToElement(element, { top: 120, right: 120, bottom: 120, left: 120 });
    this.modeler.get("selection").select(element);
  }

  /** From the element to the list. */
  point(id) {
    this.go(id);
    this.list.querySelector(`[data-element="${CSS.escape(id)}"]`)?.focus();
  }
}
