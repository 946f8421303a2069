// What is typed into a form about one row is kept in this tab until it is saved, discarded, or its person signs out; and
// the browser asks before the form is left. Opened again, the form offers it. It comes back with the token of the row
// that it began with: where somebody has saved since, both texts are shown. Without the script, nothing is kept.
const { content: saved, dataset: { person } } = document.querySelector("meta[name=draft]");
const channel = new BroadcastChannel("draft");
const offer = document.getElementById("draft");
// The keys are “draft 7 1764529932000 /admin/…”: whose it is, its id, and the address of its form.
const own = `draft ${person} `;
let isSigningOut = false; // from here
let isSignedOut = false; // in another tab

function forget(isGone = () => true) {
  for (const key of Object.keys(sessionStorage)) if (/^draft \d/.test(key) && isGone(key)) sessionStorage.removeItem(key);
}

function watch(form) {
  const { pathname, searchParams } = new URL(location);
  searchParams.delete("_changelist_filters");
  const here = ` ${pathname}?${searchParams}`;
  const left = Object.keys(sessionStorage).find((key) => key.startsWith(own) && key.endsWith(here));
  const key = left ?? `${own}${Date.now()}${here}`;
  const isTick = ({ type }) => type === "checkbox" || type === "radio";
  const isKept = ({ name, type }) => name && !/^(_draft|csrf.*)$/.test(name) && !/^(file|password|submit)$/.test(type);
  let opened = "unsaved" in offer.dataset ? "" : JSON.stringify(read());
  let timer = 0;
  let isSent = false;

  // By the name of each field its values, chosen ones with their words.
  function read() {
    const values = {};
    for (const field of [...form.elements].filter(isKept)) {
      const held = values[field.name] ??= [];
      if (field.options) for (const { value, text } of field.selectedOptions) held.push([value, text]);
      else if (!isTick(field) || field.checked) held.push([field.value]);
    }
    return values;
  }

  const isChanged = () => JSON.stringify(read()) !== opened;

  function keep() {
    if (isSignedOut || !offer.hidden) return; // what is offered is kept until there is an answer
    try {
      if (isChanged()) sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), values: read() }));
      else sessionStorage.removeItem(key);
    } catch { /* the browser has no room: it still asks */ }
  }

  // Returns the first field that is another now.
  function bringBack(values) {
    let first;
    for (const field of [...form.elements].filter((one) => isKept(one) && values[one.name])) {
      const held = values[field.name];
      const holds = (value) => held.some(([one]) => one === value);
      const before = `${field.value} ${field.checked}`;
      if (field.options) {
        const known = new Set([...field.options].map(({ value }) => value));
        for (const [value, text] of held) if (!known.has(value)) field.add(new Option(text, value));
        for (const option of field.options) option.selected = holds(option.value);
        field.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (isTick(field)) field.checked = holds(field.value);
      else [field.value] = held.shift() ?? [""];
      if (field.type === "hidden" || before === `${field.value} ${field.checked}`) continue;
      field.closest("details")?.setAttribute("open", "");
      first ??= field;
    }
    return first;
  }

  function answer(next) {
    offer.hidden = true;
    keep();
    (next ?? document.getElementById("content-start")).focus();
  }

  function show({ at, values }) {
    const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { month: "short", day: "numeric" };
    const time = new Date(at).toLocaleString("en-US", { ...day, hour: "numeric", minute: "2-digit" });
    offer.querySelector("time").textContent = time.replace(/\sAM$/, " a.m.").replace(/\sPM$/, " p.m.");
    offer.querySelector("[data-changed]").hidden = values._seen?.[0][0] === form.elements._seen?.value;
    offer.querySelector("[data-back]").addEventListener("click", () => answer(bringBack(values)));
    offer.querySelector("[data-discard]").addEventListener("click", () => answer());
    offer.hidden = false;
  }

  for (const name of ["input", "change", "focusout"]) {
    form.addEventListener(name, () => {
      isSigningOut = false;
      clearTimeout(timer);
      timer = setTimeout(keep, 300);
    });
  }
  // Django's scripts make a URL name of a title that was there already.
  addEventListener("load", () => { if (opened && !timer) opened = JSON.stringify(read()); });
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.formTarget === "_blank") return;
    form.elements._draft.value = key.split(" ")[2];
    keep();
    isSent = true;
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) isSent = false; });
  addEventListener("beforeunload", (event) => {
    if (isSent || !isChanged()) return;
    keep();
    event.preventDefault();
  });
  if (left && opened) show(JSON.parse(sessionStorage.getItem(left)));
}

// Another person's, and the one that was saved. Whoever was signed out by the clock may come back.
if (person) forget((key) => !key.startsWith(own) || key.startsWith(`${own}${saved} `));
channel.addEventListener("message", () => {
  isSignedOut = true;
  forget();
});
addEventListener("submit", ({ target }) => { isSigningOut = /\/logout\/$/.test(target.action); });
addEventListener("pagehide", () => {
  if (!isSigningOut) return;
  forget();
  channel.postMessage("");
});
if (offer && person) watch(offer.closest("form"));
