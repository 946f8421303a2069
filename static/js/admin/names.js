// Names for screen readers, of what Django's own scripts draw without them: fields to search in, and hints.
const PARTS = "span.select2-selection__rendered, .select2-search__field, .select2-results__options";

function selectOf(box) {
  const before = box.previousElementSibling;
  return before?.matches("select") ? before : document.querySelector("select:has(+ .select2-container--open)");
}

function giveNames() {
  for (const box of document.querySelectorAll(".select2-container")) {
    const [label] = selectOf(box)?.labels ?? [];
    if (!label) continue;
    label.id ||= `${label.htmlFor}_label`;
    const field = box.querySelector(".select2-selection");
    const shown = field?.querySelector(".select2-selection__rendered").id ?? "";
    field?.setAttribute("aria-labelledby", `${label.id} ${shown}`.trim());
    for (const part of box.querySelectorAll(PARTS)) part.setAttribute("aria-labelledby", label.id);
  }
  for (const hint of document.querySelectorAll(".help-tooltip")) hint.setAttribute("role", "img");
}

new MutationObserver(giveNames).observe(document.body, { childList: true, subtree: true });
giveNames();
