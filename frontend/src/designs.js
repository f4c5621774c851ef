// The designers' pages: the editor is a chunk of its own, loaded only where there is room for it.
const ROOM = "(min-width: 1024px)";

function style(href) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}

async function begin(box) {
  if (!matchMedia(ROOM).matches) {
    for (const drawing of document.querySelectorAll("[data-narrow] details[data-diagram]")) drawing.open = true;
    return;
  }
  style(box.dataset.style);
  try {
    const { edit } = await import(box.dataset.script);
    await edit(box);
  } catch (error) {
    box.querySelector("[data-editor-says]").textContent = "编辑器没有打开，请刷新页面；仍然不行请联系系统管理员。";
    throw error;
  }
}

for (const box of document.querySelectorAll("[data-editor]")) begin(box);
