// The diagram viewer: a chunk of its own, loaded on demand. Marks are classes, so no inline style is needed.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const MARKS = new Set(["done", "active", "cancelled", "error", "added", "changed", "moved", "removed"]);

function mark(viewer, marks) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  for (const [id, state] of Object.entries(marks)) {
    if (MARKS.has(state) && elements.get(id)) canvas.addMarker(id, `mark-${state}`);
  }
}

// The words of the viewer's own buttons.
const WORDS = { "Open {element}": "展开：{element}" };
const translate = (template, values = {}) =>
  (WORDS[template] ?? template).replace(/{([^}]+)}/g, (_, key) => values[key] ?? "");

// A sheet of its own carries the way back above the picture.
const CRUMBS = 60;
const EDGE = 20;

/** The whole sheet in the window, never larger than life. */
function showWhole(canvas) {
  const { inner, outer } = canvas.viewbox();
  const above = canvas.getRootElement() === canvas.getRootElements()[0] ? EDGE : CRUMBS;
  const width = Math.max(inner.width + 2 * EDGE, outer.width);
  const height = Math.max(inner.height + above + EDGE, outer.height);
  canvas.viewbox({ x: inner.x - (width - inner.width) / 2, y: inner.y - above, width, height });
}

function bindZoom(box, viewer) {
  const zoom = { in: () => viewer.get("zoomScroll").stepZoom(1), out: () => viewer.get("zoomScroll").stepZoom(-1) };
  zoom.fit = () => showWhole(viewer.get("canvas"));
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom[button.dataset.zoom]();
  });
}

/** The shape on the sheet shown that stands for an element: itself, or the closed sub-process around it. */
function standsFor(viewer, id) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  let shape = elements.get(id);
  while (shape && canvas.findRoot(shape) !== canvas.getRootElement()) {
    shape = elements.get(canvas.findRoot(shape)?.businessObject.id);
  }
  return shape;
}

// A long diagram fitted into a page is unreadable: begin where the token stands, at a size one can read.
const READABLE = 0.75;
const SMALLEST = 0.6;

function lookAtToken(viewer, marks) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  showWhole(canvas);
  if (canvas.zoom() >= SMALLEST) return;
  const last = (state) =>
    Object.keys(marks)
      .filter((id) => marks[id] === state && elements.get(id)?.width)
      .at(-1);
  const token = ["error", "active", "added", "changed", "removed", "done"].map(last).find(Boolean);
  const at = standsFor(viewer, token) ?? elements.filter((one) => one.type === "bpmn:StartEvent")[0];
  if (!at) return;
  const view = canvas.viewbox();
  const width = view.outer.width / READABLE;
  const height = view.outer.height / READABLE;
  const inner = view.inner;
  const within = (wish, from, size, room) => Math.max(from - EDGE, Math.min(wish, from + size + EDGE - room));
  const x = within(at.x + at.width / 2 - width / 2, inner.x, inner.width, width);
  const y = within(at.y + at.height / 2 - height / 2, inner.y, inner.height, height);
  canvas.viewbox({ x, y, width, height });
}

/** A click on a step chooses it in the page's own list, where there is one. */
function bindPicking(viewer) {
  let last = null;
  const lists = () => [...document.querySelectorAll("select[data-pick]")];
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("select[data-pick]")) last = event.target;
  });
  viewer.get("eventBus").on("element.click", ({ element }) => {
    const fits = (list) => [...list.options].find((one) => one.dataset.element === element.id);
    const list = [last, ...lists()].find((one) => one && fits(one));
    if (!list) return;
    list.value = fits(list).value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    list.focus();
  });
}

/** Draw `{xml, marks}` into the canvas inside `box`. */
export async function draw(box, { xml, marks }) {
  const words = { translate: ["value", translate] };
  const viewer = new NavigatedViewer({
    container: box.querySelector("[data-diagram-canvas]"),
    additionalModules: [words],
  });
  await viewer.importXML(xml);
  mark(viewer, marks);
  bindZoom(box, viewer);
  bindPicking(viewer);
  lookAtToken(viewer, marks);
  const canvas = viewer.get("canvas");
  // After the viewer's own centring, which knows nothing of the way back above the picture.
  viewer.on("root.set", 100, () => showWhole(canvas));
  return viewer;
}
