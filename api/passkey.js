// Passkeys on the forms outside Streamlit: asks the browser for one and sends what it made along with the form. Without
// this script, or in a browser that has no passkeys, the button is not there.
(() => {
  const AWAY = "That did not work. Try again, or sign in another way.";
  const CANCELLED = "No passkey was chosen.";
  const knowsJson = window.PublicKeyCredential
    && "parseRequestOptionsFromJSON" in PublicKeyCredential && "parseCreationOptionsFromJSON" in PublicKeyCredential;

  const asked = async (form) => {
    if (form.dataset.options) {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(form.dataset.options));
      return navigator.credentials.create({ publicKey });
    }
    const answer = await fetch("/passkeys/options", { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json());
    return navigator.credentials.get({ publicKey });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!knowsJson) {
      form.querySelector("[role=alert]").textContent = form.dataset.options ? "This browser cannot make passkeys." : "";
      form.hidden = !form.dataset.options;
      form.querySelector("button").hidden = true;
      continue;
    }
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = form.querySelector("[role=alert]");
      said.textContent = "";
      try {
        form.elements.credential.value = JSON.stringify((await asked(form)).toJSON());
      } catch (error) {
        said.textContent = error.name === "NotAllowedError" ? CANCELLED : AWAY;
        return;
      }
      form.submit();
    });
  }
})();
