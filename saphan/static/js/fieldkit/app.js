// The page: not prepared, locked, or open.
import * as vault from "./vault.js";
import { announce, button, field, h, note, quiet, show } from "./dom.js";
import { settle } from "./asking.js";
import { beginScreen, interviewScreen } from "./beginning.js";
import { bring, home, redraw } from "./home.js";
import { loadCatalogue, queue, refresh, sendNow, session, touched, watch } from "./session.js";
import { age, begin, chooseLanguage, dateTime, language, t } from "./words.js";
import { watchBack } from "./returning.js";
import { forgetPast, visitForm, visitScreen } from "./visit.js";

const store = globalThis.kitStore;
bring({ interview: (i) => interviewScreen(i), visit: visitScreen, visitForm: () => visitForm(), begin: () => beginScreen() });

const languages = () => {
  const place = document.getElementById("languages");
  place.replaceChildren(...[["en", "English"], ["th", "ไทย"]].map(([code, name]) => h("button", { type: "button", lang: code, "aria-current": code === language ? "true" : null, onclick: async () => {
    await settle();
    await chooseLanguage(code);
    languages();
    if (vault.isOpen()) home(); else first();
  } }, name)));
};

const notPrepared = async () => {
  session.screen = "none";
  const emptied = await store.get("meta", "emptied");
  show(h("h1", {}, t("none.title")), emptied && note(t("none.emptied", { when: dateTime(emptied.at) }), "warning"), h("p", {}, t("none.about")), h("p", { class: "acts" }, h("a", { class: "button", href: document.body.dataset.prepare }, t("none.go"))));
};

const heldWhileLocked = async () => {
  const entries = await queue(), waiting = entries.filter((e) => e.state !== "received");
  const oldest = waiting.map((e) => e.since).sort()[0];
  const unfinished = (await store.get("meta", "unfinished")) ?? 0;
  return [waiting.length > 0 && note(t("locked.waiting", { n: waiting.length, age: age(oldest) }), "warning"), unfinished > 0 && note(t("locked.unfinished", { n: unfinished }), "warning")];
};

const locked = async (sentence = "") => {
  session.screen = "locked";
  const typed = h("input", { type: "password", autocomplete: "current-password" });
  const opening = async (event) => {
    event.preventDefault();
    const go = document.getElementById("open");
    go.disabled = true;
    announce(t("locked.opening"));
    try {
      await vault.unlock(typed.value);
      await opened();
    } catch (error) {
      if (error instanceof vault.WrongPassphrase) return locked(t("locked.wrong"));
      if (error instanceof vault.Waiting) return locked(t("locked.wait", { n: Math.ceil((error.until - Date.now()) / 60_000) }));
      throw error;
    }
  };
  show(h("h1", {}, t("locked.title")), h("div", { class: "notes", id: "held" }, await heldWhileLocked()),
    h("form", { onsubmit: opening }, field(t("locked.label"), typed, { hint: t("locked.hint"), error: sentence }), h("p", { class: "acts" }, h("button", { class: "button", id: "open" }, t("locked.go")))));
  if (sentence) typed.focus();
};

const opened = async () => {
  touched();
  await loadCatalogue();
  await forgetPast();
  navigator.storage?.persist?.().catch(() => null);
  // A poor line does not keep the store shut: what is not fetched in ten seconds comes later.
  if (!session.catalogue && navigator.onLine) await Promise.race([refresh().catch(() => null), new Promise((done) => { setTimeout(done, 10_000) })]);
  await home();
  sendNow();
};

const first = async () => ((await vault.isPrepared()) ? locked() : notPrepared());

session.onlock = async () => { await settle().catch(() => null); vault.lock(); session.catalogue = null; await locked(); announce(t("locked.now")) };
session.onempty = () => notPrepared();
session.onchange = async () => {
  if (session.screen !== "locked") return redraw();
  const notes = (await heldWhileLocked()).filter(Boolean);
  document.getElementById("held")?.replaceChildren(...notes);
};

const start = async () => {
  if (!("indexedDB" in window) || !crypto?.subtle) { show(h("h1", {}, "This browser cannot keep interviews safely. Use another one.")); return }
  await begin();
  languages();
  watch();
  watchBack();
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(document.body.dataset.worker, { scope: document.body.dataset.scope, updateViaCache: "none" }).catch(() => null);
    navigator.serviceWorker.ready.then(() => document.body.classList.add("ready-offline"));
  }
  await first();
  sendNow();
};
start();
