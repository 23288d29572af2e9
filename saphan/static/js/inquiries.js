// The Inquiry Corner: shows while typing what is answered already and whom to call; print, copy and save buttons. Without script the form works as it is.
(() => {
  "use strict";
  const form = document.querySelector("form[data-look]");
  if (form && window.fetch) {
    const danger = document.querySelector("[data-danger]"), found = form.querySelector("[data-found]");
    let timer = 0, newest = 0;
    const put = (place, part) => { const html = part.innerHTML.trim(); if (place.innerHTML.trim() !== html) place.innerHTML = html; };
    const ask = async () => {
      const mine = ++newest, body = new URLSearchParams();
      for (const name of ["subject", "text", "country", "csrfmiddlewaretoken"]) body.set(name, form.elements[name].value.slice(0, 2000));
      try {
        const answer = await fetch(form.dataset.look, { method: "POST", body, credentials: "same-origin" });
        if (!answer.ok || mine !== newest) return;
        const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
        put(danger, parts.querySelector("[data-part=danger]"));
        put(found, parts.querySelector("[data-part=found]"));
        form.elements.looked.value = "1";
      } catch { /* the line is away; the form can still be sent */ }
    };
    for (const name of ["subject", "text", "country"]) {
      form.elements[name].addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 600); });
    }
    const mail = form.querySelector("[data-by-mail]");
    const choose = () => { mail.hidden = !form.querySelector("[name=way][value=mail]").checked && !mail.querySelector(".wrong"); };
    form.addEventListener("change", choose);
    choose();
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
  for (const button of document.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([button.dataset.save + "\n"], { type: "text/plain" }));
      link.download = "words.txt";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
})();
