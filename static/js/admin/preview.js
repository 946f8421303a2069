// Shows the preview of a Markdown text beside its field. Without it, or when it fails, the button opens a new tab.
for (const area of document.querySelectorAll("[data-markdown]")) {
  const button = area.querySelector("button");
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const form = button.form;
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", area.dataset.markdown]) body.set(name, form.elements[name].value);
    try {
      const answer = await fetch(button.formAction, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      area.querySelector("[aria-live]").replaceChildren(page.getElementById("markdown_preview").cloneNode(true));
    } catch {
      form.requestSubmit(button);
    }
  });
}
