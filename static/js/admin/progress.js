// Looks again every three seconds how far an import is, until it is over. Without it there is a link that does so.
async function lookAgain() {
  const answer = await fetch(location.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = page && page.getElementById("import_progress");
  if (page && !words) {
    location.reload();
    return;
  }
  const shown = document.getElementById("import_progress");
  if (words && words.textContent !== shown.textContent) shown.textContent = words.textContent;
  setTimeout(lookAgain, 3000);
}

setTimeout(lookAgain, 3000);
