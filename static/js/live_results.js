// Live results: what a list's form and links ask for is put into the page that is open, instead of a new one.
// The server answers with the page that a plain visit would get. Whatever goes wrong here becomes that plain visit.

const PATIENCE = 200; // milliseconds: boxes ticked in one go are one question

const main = document.querySelector("main");
const form = document.getElementById("filter_form");
const results = document.getElementById("list_results");
const here = () => location.pathname + location.search;

const OURS = ["autocomplete", "open"]; // attributes that no answer changes

let entry = here(); // the entry of the history that is shown, or on its way
let request;
let timer;

// Coming back to a list, browsers would put in the boxes of another one that was shown in the same page.
form.autocomplete = "off";

function stop() {
  clearTimeout(timer);
  request?.abort();
}

// From the moment of the question on, no older answer may come in between.
function wait() {
  stop();
  results.setAttribute("aria-busy", "true");
}

// Shows the list at `address`. `isNew`: the history gets an entry; `toResults`: the reader is brought to the results.
async function show(address, { isNew = true, toResults = false, top } = {}) {
  wait();
  const { signal } = (request = new AbortController());
  try {
    const response = await fetch(address, { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok || !page.getElementById(results.id)) throw new Error("no list");
    if (!signal.aborted) put(page, isNew, toResults, top);
  } catch {
    // Newer questions and the reader's leaving end a request as well: then there is nowhere to go.
    if (!signal.aborted) location.assign(address);
  }
}

function put(page, isNew, toResults, top) {
  // The server knows the one address of a list, after redirects too.
  const canonical = page.querySelector("link[rel=canonical]");
  const { pathname, search } = new URL(canonical.href);
  entry = pathname + search;
  if (isNew && entry !== here()) {
    history.replaceState({ top: scrollY }, "");
    history.pushState(null, "", entry);
  } else history.replaceState(history.state, "", entry);
  document.title = page.title;
  document.querySelector("link[rel=canonical]").href = canonical.href;

  const held = document.activeElement;
  const before = topOf(form);
  renew(main, page.querySelector("main"));
  if (toResults) {
    results.focus({ preventScroll: true });
    if (topOf(results) < 0 || topOf(results) > innerHeight / 2) results.scrollIntoView();
    return;
  }
  if (document.activeElement !== held) {
    // A link went with its filter; a box stands elsewhere now, or its option went.
    const twin = [...form.querySelectorAll("input")].find((node) => isSame(node, held));
    (twin ?? results).focus({ preventScroll: true });
  }
  // A longer title must not push the next box from under a finger.
  if (isNew) scrollBy(0, topOf(form) - before);
  else if (top !== undefined) scrollTo(0, top);
}

const topOf = (element) => element.getBoundingClientRect().top;

// Gives `old` what `fresh` has. Elements that are in both stay, and with them the focus, how far a group is
// scrolled, whether it is open, and a tap that is only half done.
function renew(old, fresh) {
  if (old instanceof CharacterData) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.matches("[role=status]")) {
    // In one go, so that a screen reader says it once; also when the number is the same as before.
    old.replaceChildren(...fresh.childNodes);
    return;
  }
  for (const name of [...old.getAttributeNames(), ...fresh.getAttributeNames()]) {
    const value = fresh.getAttribute(name);
    if (OURS.includes(name) || value === old.getAttribute(name)) continue;
    if (value === null) old.removeAttribute(name);
    else old.setAttribute(name, value);
  }
  renewChildren(old, fresh);
  if (old.type === "checkbox") old.checked = fresh.checked;
  // Words that are just being typed stay.
  else if (old.matches("input, select") && (old.type !== "search" || old !== document.activeElement)) {
    old.value = fresh.value;
  }
}

function renewChildren(old, fresh) {
  const left = [...old.childNodes];
  for (const next of [...fresh.childNodes]) {
    // The spaces between elements are all alike: only the next one counts.
    const near = next instanceof CharacterData ? left.slice(0, 1) : left;
    const place = near.findIndex((node) => isSame(node, next));
    if (place < 0) old.insertBefore(next, left[0] ?? null);
    else {
      for (const gone of left.splice(0, place)) gone.remove();
      renew(left.shift(), next);
    }
  }
  for (const gone of left) gone.remove();
}

const isSame = (one, other) => one.nodeName === other.nodeName && nameOf(one) === nameOf(other);

// What an element is, among its like: a box (and its label) by its value, a link by its address.
function nameOf(node) {
  const box = node.control ?? node;
  return box.type === "checkbox" ? `${box.name}=${box.value}` : node.id || node.href || node.className;
}

// The address that the form asks for, without what is empty.
function addressOfForm() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value.trim()) asked.append(name, value);
  }
  return `${form.action}?${asked}`.replace(/\?$/, "");
}

main.addEventListener("change", ({ target }) => {
  if (target.form !== form || !target.matches("[type=checkbox], select")) return;
  wait();
  timer = setTimeout(() => show(addressOfForm()), PATIENCE);
});

// The button “Apply” stays: on a phone the results are below the filters, and it leads to them.
main.addEventListener("submit", (event) => {
  if (event.target !== form) return;
  event.preventDefault();
  show(addressOfForm(), { toResults: true });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isHere = link.origin === location.origin && link.pathname === location.pathname;
  if (isHere && link.hash) return;
  if (isHere && results.contains(link)) {
    event.preventDefault();
    show(link.href, { toResults: Boolean(link.closest("nav")) });
  } else if (link.host) {
    // The reader leaves. Some browsers end our request then, which is no failure to recover from.
    stop();
  }
});

addEventListener("popstate", ({ state }) => {
  if (here() === entry) return; // only the fragment changed
  entry = here();
  show(entry, { isNew: false, top: state?.top });
});

// A page that was left while it waited may come back as it was.
addEventListener("pagehide", stop);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && results.hasAttribute("aria-busy")) show(here(), { isNew: false });
});
