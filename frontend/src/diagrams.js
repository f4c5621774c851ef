// A diagram is fetched and its viewer loaded only when somebody opens it.
function loadStyle(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = resolve;
    link.onerror = reject;
    document.head.append(link);
  });
}

async function show(box) {
  if (box.dataset.state) return;
  box.dataset.state = "loading";
  const { url, script, style } = box.dataset;
  const words = box.querySelector("[data-diagram-state]");
  try {
    const [viewer, answer] = await Promise.all([
      import(script),
      fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" }),
      loadStyle(style),
    ]);
    if (!answer.ok) throw new Error(String(answer.status));
    await viewer.draw(box, await answer.json());
    box.dataset.state = "drawn";
    words.hidden = true;
  } catch {
    delete box.dataset.state;
    words.hidden = false;
    words.textContent = "流程图暂时无法显示。请关闭后重新打开；下方的环节列表与流程图内容一致。";
  }
}

export function watchDiagrams(root) {
  const open = () => root.querySelectorAll("details[open][data-diagram]").forEach(show);
  root.addEventListener("toggle", (event) => event.target.matches("details[open][data-diagram]") && show(event.target), true);
  open();
}
