// Passkeys: asks the browser for one when such a form is sent, and sends the answer with it.

async function optionsFor(form) {
  if (!form.dataset.options) return JSON.parse(document.getElementById("passkey_options").textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  return answer.json();
}

// A passkey that signs in alone is kept on the device itself, behind its fingerprint, face or PIN.
function asWished(options, form) {
  const box = form.elements.namedItem("passwordless");
  const alone = box !== null && box.checked;
  const given = options.creation_options || options.request_options;
  if (!options.creation_options) return given;
  const selection = { ...given.publicKey.authenticatorSelection };
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return { ...given, publicKey: { ...given.publicKey, authenticatorSelection: selection } };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const options = asWished(await optionsFor(form), form);
      const answer = await globalThis.webauthnJSON[form.dataset.passkey](options);
      form.elements.namedItem("credential").value = JSON.stringify(answer);
      form.submit();
    } catch {
      document.getElementById("passkey_problem").hidden = false;
    }
  });
}
