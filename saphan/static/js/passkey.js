// Passkeys with the browser's own functions. A form says what it wants:
//   data-passkey="get" or "create"; data-options="id of a JSON block" or data-options-url="address of the same".
// The answer goes into the form's field "credential" and the form is sent. Without script these forms stay hidden or explain themselves.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const reply = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error("no options");
    return reply.json();
  }

  async function get(form) {
    const asked = (await optionsOf(form)).request_options.publicKey;
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) };
    const key = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
    return {
      ...envelope(key),
      response: {
        authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    };
  }

  async function create(form) {
    const asked = (await optionsOf(form)).creation_options.publicKey;
    const alone = Boolean(form.elements.passwordless && form.elements.passwordless.checked);
    const publicKey = {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: listed(asked.excludeCredentials),
      authenticatorSelection: {
        ...asked.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
        ...(alone ? { userVerification: "required" } : {}),
      },
    };
    const key = await navigator.credentials.create({ publicKey });
    const { attestationObject, clientDataJSON } = key.response;
    const transports = key.response.getTransports ? key.response.getTransports() : [];
    return { ...envelope(key), response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports } };
  }

  const envelope = (key) => ({
    type: key.type, id: key.id, rawId: text(key.rawId),
    authenticatorAttachment: key.authenticatorAttachment || null,
    clientExtensionResults: key.getClientExtensionResults(),
  });

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.hidden = true;
      try {
        const credential = await (form.dataset.passkey === "create" ? create(form) : get(form));
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch (error) {
        failed.hidden = false;
        failed.focus();
      }
    });
  }
})();
