// A part of a page that could not be drawn again: the page stays as it is, with what was typed, and says why.
const EXPIRED = new Set([400, 401]);

function sentence(status) {
  if (EXPIRED.has(status)) return "登录已过期，这一步没有更新。您填写的内容还在本页，请";
  return "系统没有答复，这一步没有更新。您填写的内容还在本页，请稍后再试。";
}

// Beside what was pressed or chosen, where the eyes are.
function tell(source, status) {
  const root = source.ownerDocument;
  const form = source.closest("form");
  form.querySelector("[data-trouble]")?.remove();
  const said = root.createElement("div");
  said.className = "said said-refused";
  said.setAttribute("role", "alert");
  said.dataset.trouble = EXPIRED.has(status) ? "expired" : "silent";
  const words = root.createElement("p");
  words.textContent = sentence(status);
  if (EXPIRED.has(status)) {
    const link = root.createElement("a");
    Object.assign(link, { href: "/sign-in", target: "_blank", rel: "noopener", textContent: "在新窗口登录" });
    words.append(link, "，再回到本页继续办理。");
  }
  said.append(words);
  (source.closest(".field, .group") ?? source).before(said);
  said.scrollIntoView({ block: "nearest" });
}

// Signed in again in another window: this page takes the new session's token, and goes on.
async function takeToken(root) {
  const waiting = root.querySelectorAll("[data-trouble=expired]");
  if (!waiting.length) return;
  const answer = await fetch("/");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("form[action='/sign-out'] input[name=csrf_token]")?.value;
  if (!token) return;
  for (const field of root.querySelectorAll("input[name=csrf_token]")) field.value = token;
  for (const said of waiting) said.remove();
}

export function watchTrouble(root) {
  root.addEventListener("htmx:response:error", (event) => {
    if (event.target.closest?.("form")) tell(event.target, event.detail.ctx.response.status);
  });
  root.addEventListener("htmx:error", (event) => {
    if (event.target.closest?.("form")) tell(event.target, 0);
  });
  window.addEventListener("focus", () => takeToken(root));
  root.addEventListener("visibilitychange", () => takeToken(root));
}
