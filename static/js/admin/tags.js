// Tags as a row of names, each with a button that removes it, and suggestions while one types. The text field keeps what
// is sent, so that drafts, proposals and the form itself need to know nothing of this; without the script it is shown.
const FOUND = "[role=option]";

function make(tag, attributes = {}, ...parts) {
  const part = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  part.append(...parts);
  return part;
}

function enhance(text) {
  const { id, dataset } = text;
  const words = JSON.parse(dataset.words);
  const chips = make("ul", { "aria-label": words.chosen });
  const list = make("ul", { role: "listbox", id: `${id}_list`, "aria-label": words.suggested, hidden: "" });
  const status = make("p", { role: "status", class: "visually-hidden" });
  const field = make("input", {
    type: "text", id, role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
    "aria-controls": list.id, "aria-expanded": "false",
  });
  for (const name of ["aria-describedby", "aria-invalid"]) if (text.hasAttribute(name)) field.setAttribute(name, text.getAttribute(name));
  const known = new Map(); // names in small letters, as the library has them; "" for those that it does not have
  let tags = [];
  let written;
  let asked = 0;
  let active = -1;

  const split = (value) => value.split(/[,;\r\n]+/).map((name) => name.trim().replace(/\s+/g, " ")).filter(Boolean);
  const has = (name) => tags.some((tag) => tag.toLowerCase() === name.toLowerCase());

  function write() {
    text.value = written = [...tags, ...split(field.value)].join(", ");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function draw() {
    chips.replaceChildren(...tags.map((name) => {
      const button = make("button", { type: "button", "aria-label": words.remove.replace("%s", name) }, "×");
      button.addEventListener("click", () => { remove(name); field.focus(); });
      const isNew = known.get(name.toLowerCase()) === "";
      return make("li", {}, name, ...(isNew ? [make("span", { class: "quiet" }, ` ${words.isNew}`)] : []), button);
    }));
    chips.hidden = !tags.length;
  }

  function remove(name) {
    tags = tags.filter((tag) => tag !== name);
    status.textContent = words.removed.replace("%s", name);
    draw();
    write();
  }

  async function add(names) {
    field.value = "";
    close();
    tags.push(...names.filter((name) => !has(name)));
    draw();
    write();
    await Promise.all(names.map(look));
    tags = [...new Set(tags.map((tag) => known.get(tag.toLowerCase()) || tag))];
    status.textContent = names.map((name) => words.added.replace("%s", name)).join(" ");
    draw();
    write();
  }

  async function look(name) {
    if (known.has(name.toLowerCase())) return [];
    try {
      const answer = await fetch(`${dataset.tags}?q=${encodeURIComponent(name)}`);
      const found = (await answer.json()).tags;
      for (const tag of found) known.set(tag.name.toLowerCase(), tag.name);
      if (!known.has(name.toLowerCase())) known.set(name.toLowerCase(), "");
      return found;
    } catch { return []; } // the names are taken as they are typed
  }

  function close() {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  async function suggest() {
    const typed = field.value.trim();
    const turn = ++asked;
    known.delete(typed.toLowerCase());
    const found = typed ? (await look(typed)).filter(({ name }) => !has(name)) : [];
    if (turn !== asked || typed !== field.value.trim()) return;
    close();
    const options = found.map(({ name, entries }) => [name, words.entries.replace("%d", entries)]);
    if (typed && !has(typed) && !known.get(typed.toLowerCase())) options.push([typed, words.isNew]);
    list.replaceChildren(...options.map(([name, note], place) => {
      const option = make("li", { role: "option", id: `${id}_${place}`, "aria-selected": "false", "data-name": name },
        name, make("span", { class: "quiet" }, ` ${note}`));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); add([name]); });
      return option;
    }));
    list.hidden = !options.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (typed) status.textContent = words.found.replace("%d", options.length);
  }

  function move(step) {
    const options = [...list.querySelectorAll(FOUND)];
    if (!options.length || list.hidden) return;
    active = (active + step + options.length + (active < 0 && step < 0)) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    options[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[active].id);
  }

  field.addEventListener("keydown", (event) => {
    const chosen = active < 0 ? undefined : list.querySelectorAll(FOUND)[active]?.dataset.name;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && (chosen || field.value.trim())) add(chosen ? [chosen] : split(field.value));
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Backspace" && !field.value && tags.length) remove(tags.at(-1));
    else if (event.key !== "Enter") return;
    event.preventDefault();
  });
  field.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text");
    if (split(pasted).length < 2) return;
    event.preventDefault();
    add(split(field.value + pasted));
  });
  field.addEventListener("input", () => {
    write();
    if (/[,;]/.test(field.value)) add(split(field.value));
    else suggest();
  });
  field.addEventListener("blur", () => {
    if (field.value.trim()) add(split(field.value));
    close();
  });

  // Also when what was typed and left comes back into the field.
  function read() {
    if (text.value === written) return;
    tags = split(text.value);
    written = text.value;
    draw();
  }
  document.addEventListener("click", () => setTimeout(read));

  text.removeAttribute("id");
  text.hidden = true;
  text.before(make("div", { class: "tags" }, chips, field, list, status));
  read();
}

for (const text of document.querySelectorAll("textarea[data-tags]")) enhance(text);
