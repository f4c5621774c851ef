// What cannot be undone asks once: a submit button with data-confirm opens the <dialog> of that id first.
function ask(dialog, form, button) {
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      let mark = form.querySelector("input[type=hidden][name=confirmed]");
      if (!mark) {
        mark = document.createElement("input");
        mark.type = "hidden";
        mark.name = "confirmed";
        form.append(mark);
      }
      mark.value = "1";
      form.requestSubmit(button);
    },
    { once: true },
  );
  dialog.returnValue = "";
  dialog.showModal();
}

export function watchDialogs(root) {
  root.addEventListener("submit", (event) => {
    const button = event.submitter;
    const id = button?.dataset.confirm;
    if (!id || event.target.querySelector("input[type=hidden][name=confirmed]")?.value === "1") return;
    event.preventDefault();
    ask(root.getElementById(id), event.target, button);
  });
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      root.getElementById(opener.dataset.opens).showModal();
    }
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close(closer.value);
  });
}
