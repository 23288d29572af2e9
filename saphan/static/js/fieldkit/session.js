// What is open while the kit is open: the catalogue, the queue, the clock that locks.
import * as vault from "./vault.js";
import "./sending.js";
import { keepWaiting } from "./known.js";
import { receiver } from "./hpke.js";

const store = globalThis.kitStore;
const sending = globalThis.kitSending;
export const IDLE = 5 * 60_000;
const SOON = 5_000, LATEST = 300_000;

export const session = { catalogue: null, onchange: () => {}, onlock: () => {}, onempty: () => {} };

export const loadCatalogue = async () => { session.catalogue = (await vault.all("catalogue"))[0] ?? null };

// Brings the questions and the list of one's own files; only while open, with the token that reads.
export const refresh = async () => {
  const secret = (await vault.all("secret"))[0];
  const own = await receiver();
  const found = await sending.ask("catalogue/", { token: secret.reading_token, key: btoa(String.fromCharCode(...own.point)) });
  if (found?.status === 200) {
    const { instruments, people, sealing_key, server_time } = found.answer;
    // Questions under which an interview is under way stay, also when the office has retired them meanwhile.
    const inUse = new Set((await vault.all("interview")).map((i) => i.version));
    const older = (session.catalogue?.instruments ?? []).filter((i) => inUse.has(i.version) && !instruments.some((n) => n.version === i.version)).map((i) => ({ ...i, retired: true }));
    session.catalogue = await vault.replace("catalogue", { instruments: [...instruments, ...older], people, fetched_at: server_time });
    const device = await store.get("meta", "device");
    await store.put("meta", { ...device, sealing_key }, "device");
    await keepWaiting(own, found.answer.known);
  }
  return found;
};

let delay = SOON, timer = 0;
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(() => sendNow(), delay);
  delay = Math.min(delay * 2, LATEST);
};

// What waits and, while open, the receipts of what was received.
export const queue = async () => {
  if (vault.isOpen()) await navigator.locks.request("saphan-field-kit-receipts", vault.keepReceipts);
  const receipts = vault.isOpen() ? (await vault.all("receipt")).map((r) => ({ ...r, id: r.source })) : [];
  return [...await store.all("outbox"), ...receipts].sort((a, b) => a.sequence - b.sequence);
};

// Sends what waits; when it does not get through it tries again by itself, each time a little later.
export const sendNow = async () => {
  const held = (await queue()).some((e) => e.state === "waiting" || e.state === "sending");
  let outcome = "done";
  const before = (await store.all("outbox")).length;
  try {
    outcome = held ? await sending.send(() => session.onchange()) : ((await sending.ask("contact/")), "done");
  } catch { outcome = "later" }
  if (await sending.emptyWhenEnded()) { vault.lock(); session.onempty(); return "emptied" }
  const received = (await store.all("outbox")).some((e) => e.state === "received") || (await store.all("outbox")).length < before;
  if (outcome === "done" || received) delay = SOON;
  if (outcome === "later" || outcome === "busy") later();
  session.onchange();
  return outcome;
};

const askForSync = async () => {
  const registration = await navigator.serviceWorker?.ready;
  await registration?.sync?.register("send").catch(() => null);
};

export const finished = async () => { askForSync(); delay = SOON; return sendNow() };

let idle = 0;
export const touched = () => {
  clearTimeout(idle);
  if (vault.isOpen()) idle = setTimeout(() => session.onlock(), IDLE);
};

export const watch = () => {
  for (const sign of ["pointerdown", "keydown", "input"]) document.addEventListener(sign, touched, { passive: true });
  window.addEventListener("online", () => { delay = SOON; sendNow() });
  window.addEventListener("offline", () => session.onchange());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendNow() });
  navigator.serviceWorker?.addEventListener("message", (event) => { if (event.data === "sent") session.onchange() });
  setInterval(() => { if (navigator.onLine) sendNow() }, LATEST);
};

export const isOnline = () => navigator.onLine;
