// A form whose answer is a file: the page stays, so the part named in data-renews is fetched again afterwards.
const NAME = /filename\*=UTF-8''([^;]+)/;

async function keep(root, answer) {
  const link = root.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = decodeURIComponent(NAME.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function renew(root, id) {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById(id);
  if (part) root.getElementById(id).replaceChildren(...part.childNodes);
}

async function send(root, form) {
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok || !answer.headers.get("Content-Disposition")?.startsWith("attachment")) {
      form.submit();
      return;
    }
    await keep(root, answer);
    await renew(root, form.dataset.renews);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

export function watchDownloads(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.dataset.renews) return;
    event.preventDefault();
    if (!form.hasAttribute("aria-busy")) send(root, form);
  });
}
