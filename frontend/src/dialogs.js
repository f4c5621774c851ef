// What cannot be undone asks once: a submit button with data-confirm opens the <dialog> of that id first.
function said(form, name) {
  const fields = [...form.elements].filter((field) => field.name === name);
  return fields.map((field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked ? field.closest("label").innerText : "";
    return field.selectedOptions && field.value ? field.selectedOptions[0].text : field.value;
  });
}

// The dialog repeats what was chosen: the fields named in data-repeats, as they stand in the form.
function repeat(dialog, form) {
  const place = dialog.querySelector("[data-repeats]");
  if (!place) return;
  const words = place.dataset.repeats.split(" ").flatMap((name) => said(form, name));
  place.textContent = words.map((one) => one.trim().replace(/\s+/g, " ")).filter(Boolean).join("，");
}

// The first field that must be filled and is empty, told by the browser beside the field; null where none is.
function gap(form) {
  if (!form.hasAttribute("data-check-first")) return null;
  const needed = [...form.querySelectorAll(":is(input, textarea, select)[aria-required=true]")];
  return needed.find((field) => !field.value.trim()) ?? null;
}

function tell(field) {
  field.setCustomValidity("请填写此项。");
  field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  field.reportValidity();
}

function ask(dialog, form, button) {
  repeat(dialog, form);
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
    const empty = gap(event.target);
    if (empty) {
      tell(empty);
      return;
    }
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
