// Rows of a list in order, dragged by their grip, with a mouse or a finger. What is sent is the form of the buttons
// beside it, with the order that was seen: “give this row the place of that one”. Without the script the buttons remain.
const form = document.getElementById("changelist-form");
const rows = [...form.querySelectorAll("tr:has([data-grip])")];
const EDGE = 60; // so near to the edge of the window the page scrolls

const numberOf = (row) => row.querySelector("[name=seen]").value;

// The row at this height, the first or the last one beyond them.
function rowAt(height) {
  return rows.find((row) => height < row.getBoundingClientRect().bottom) ?? rows.at(-1);
}

function drag(row, grip, start) {
  const from = rows.indexOf(row);
  const end = new AbortController();
  let height = start.clientY;
  let goal = row;

  function show() {
    if (end.signal.aborted) return;
    if (height < EDGE) scrollBy(0, -8);
    if (height > innerHeight - EDGE) scrollBy(0, 8);
    delete goal.dataset.drop;
    goal = rowAt(height);
    if (goal !== row) goal.dataset.drop = rows.indexOf(goal) < from ? "above" : "below";
    requestAnimationFrame(show);
  }

  function stop(isDropped) {
    end.abort();
    delete row.dataset.dragged;
    if (goal === row || !isDropped) {
      delete goal.dataset.drop;
      return;
    }
    const asked = document.createElement("input");
    Object.assign(asked, { type: "hidden", name: "move", value: `${numberOf(goal)} ${numberOf(row)}` });
    form.append(asked);
    form.submit();
  }

  const on = (target, name, act) => target.addEventListener(name, act, { signal: end.signal });
  on(grip, "pointermove", (event) => { height = event.clientY; });
  on(grip, "pointerup", (event) => {
    height = event.clientY;
    show();
    stop(true);
  });
  on(grip, "pointercancel", () => stop(false));
  on(document, "keydown", (event) => { if (event.key === "Escape") stop(false); });
  grip.setPointerCapture(start.pointerId);
  row.dataset.dragged = "";
  show();
}

for (const row of rows) {
  const grip = row.querySelector("[data-grip]");
  grip.hidden = false;
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    drag(row, grip, event);
  });
}
