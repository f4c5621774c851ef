// The diagram viewer: a chunk of its own, loaded on demand. Marks are classes, so no inline style is needed.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const MARKS = new Set(["done", "active", "cancelled", "error"]);

function mark(viewer, marks) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  for (const [id, state] of Object.entries(marks)) {
    if (MARKS.has(state) && elements.get(id)) canvas.addMarker(id, `mark-${state}`);
  }
}

function bindZoom(box, viewer) {
  const canvas = viewer.get("canvas");
  const zoom = { in: () => viewer.get("zoomScroll").stepZoom(1), out: () => viewer.get("zoomScroll").stepZoom(-1) };
  zoom.fit = () => canvas.zoom("fit-viewport", "auto");
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom[button.dataset.zoom]();
  });
}

// A long diagram fitted into a page is unreadable: begin where the token stands, at a size one can read.
const READABLE = 0.75;
const EDGE = 20;

function lookAtToken(viewer, marks) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= READABLE) return;
  const last = (state) => Object.keys(marks).filter((id) => marks[id] === state && elements.get(id)?.width).at(-1);
  const token = last("error") ?? last("active") ?? last("done");
  const at = elements.get(token) ?? elements.filter((one) => one.type === "bpmn:StartEvent")[0];
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

/** Draw `{xml, marks}` into the canvas inside `box`. */
export async function draw(box, { xml, marks }) {
  const viewer = new NavigatedViewer({ container: box.querySelector("[data-diagram-canvas]") });
  await viewer.importXML(xml);
  mark(viewer, marks);
  bindZoom(box, viewer);
  lookAtToken(viewer, marks);
  return viewer;
}
