// Optional. Every page works without it.

// A long filter panel should not stand between a phone and the plan.
if (matchMedia("(max-width: 48rem)").matches) {
  for (const panel of document.querySelectorAll("details[data-close-narrow]")) panel.open = false;
}

// After a failed save, take the reader to the summary of what went wrong.
function toErrors(root) {
  root.querySelector(".errors, .notice[tabindex]")?.focus();
}
toErrors(document);

// A menu closes when the reader leaves it or presses Escape.
const menu = document.querySelector("details.account");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// What arrived in place: go to its errors, and take over a fresh token where it brings one.
document.addEventListener("htmx:afterSwap", (event) => {
  const token = event.target.querySelector("[data-token]")?.dataset.token;
  if (token) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  }
  toErrors(event.target);
});

// A save that worked makes an earlier notice untrue.
document.addEventListener("htmx:afterRequest", (event) => {
  const status = event.detail.xhr.status;
  if (status >= 200 && status < 400) document.getElementById("notices")?.replaceChildren();
});

// No answer at all: say so, and leave what was typed where it is.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    const notices = document.getElementById("notices");
    const words = document.getElementById("no-answer");
    if (notices && words) notices.replaceChildren(words.content.cloneNode(true));
    toErrors(notices);
  });
}
