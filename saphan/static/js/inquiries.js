// The Inquiry Corner: shows while typing what is answered already, and print and copy buttons. Without script the form works as it is.
(() => {
  "use strict";
  const form = document.querySelector("form[data-look]");
  if (form && window.fetch) {
    const place = form.querySelector("[data-found]");
    let timer = 0, newest = 0;
    const ask = async () => {
      const mine = ++newest, body = new URLSearchParams();
      for (const name of ["subject", "text", "country", "csrfmiddlewaretoken"]) body.set(name, form.elements[name].value.slice(0, 500));
      try {
        const answer = await fetch(form.dataset.look, { method: "POST", body, credentials: "same-origin" });
        if (answer.ok && mine === newest) place.innerHTML = await answer.text();
      } catch { /* the line is away; the form can still be sent */ }
    };
    for (const name of ["subject", "text", "country"]) {
      form.elements[name].addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 600); });
    }
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => { await navigator.clipboard.writeText(button.dataset.copy); button.textContent = button.dataset.done; });
  }
})();
