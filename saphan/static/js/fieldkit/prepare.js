// "Prepare this device": the name goes to the server, the passphrase never leaves this page.
import * as vault from "./vault.js";
import "./sending.js";
import { judged, isEnough } from "./passphrase.js";

const form = document.getElementById("prepare");
const words = JSON.parse(document.getElementById("prepare-words").textContent);
const store = globalThis.kitStore;
const first = document.getElementById("passphrase"), again = document.getElementById("passphrase-again"), strength = document.getElementById("strength");
const wrong = document.getElementById("wrong"), go = form.querySelector("button");

const refuse = (sentence, place) => {
  wrong.hidden = false;
  wrong.querySelector("p").textContent = sentence;
  place?.focus();
  go.disabled = false;
};

first.addEventListener("input", () => { strength.textContent = first.value ? words[judged(first.value)] : "" });

const enrol = async () => {
  const response = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error", headers: { Accept: "application/json" } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.reason);
  return answer;
};

form.addEventListener("input", () => { wrong.hidden = true; }); // what was mended is told no more

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.hidden = true;
  if (!isEnough(first.value)) return refuse(words[judged(first.value)], first);
  if (first.value !== again.value) return refuse(words.different, again);
  if (!document.getElementById("understood").checked) return refuse(words.understood, document.getElementById("understood"));
  go.disabled = true;
  try {
    await vault.prepare(first.value, await enrol());
    await store.put("meta", document.documentElement.lang === "th" ? "th" : "en", "language"); // the kit opens in the language of this session
    await navigator.storage?.persist?.();
    location.assign(form.dataset.kit);
  } catch (error) {
    refuse(error.message || words.offline);
  }
});

if (await vault.isPrepared()) {
  const held = (await store.all("outbox")).filter((e) => e.state !== "received").length + ((await store.get("meta", "unfinished")) ?? 0);
  document.getElementById("already").hidden = false;
  if (held) form.hidden = true;
}
