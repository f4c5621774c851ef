// Forms: one submission at a time, no silent loss of what was typed, the error summary gets the focus.
const changed = new WeakSet();

// What is typed while a form is being drawn again stays: the answer was drawn from what stood there before.
function keepTyped(root) {
  const typed = new Map();
  let underway = 0;
  root.addEventListener("input", (event) => {
    if (underway && event.target.id) typed.set(event.target.id, event.target.value);
  });
  root.addEventListener("htmx:before:request", () => {
    underway += 1;
  });
  root.addEventListener("htmx:after:swap", () => {
    for (const [id, value] of typed) {
      const field = root.getElementById(id);
      if (field && field.type !== "file" && field.value !== value) field.value = value;
    }
  });
  root.addEventListener("htmx:finally:request", () => {
    underway = Math.max(underway - 1, 0);
    if (!underway) typed.clear();
  });
}

export function watchForms(root) {
  keepTyped(root);
  root.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-keep")) changed.add(form);
  });
  // Runs after the confirm dialog, which may have stopped the submission.
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    changed.delete(event.target);
    if (event.target.method !== "post") return;
    event.target.dataset.sent = "1";
    event.target.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...root.querySelectorAll("form[data-keep]")].some((form) => changed.has(form));
    if (unsaved) event.preventDefault();
  });
  root.querySelector("[data-error-summary]")?.focus();
}
