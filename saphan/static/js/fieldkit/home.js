// The first page while open: what waits, what was received, and what may be begun.
import * as vault from "./vault.js";
import { announce, button, h, note, quiet, show } from "./dom.js";
import { openAgain, questions } from "./interview.js";
import { split } from "./filling.js";
import { turnOf, wordsOf } from "./controls.js";
import { exportBundle } from "./bundle.js";
import { isOnline, queue, refresh, sendNow, session } from "./session.js";
import { age, dateTime, t } from "./words.js";

const store = globalThis.kitStore;
const LOW = 20 * 1024 * 1024;
const STATES = { waiting: "warm", sending: "warm", received: "good", refused: "bad" };
const ways = {}; // screens that other files bring: interview, visit, visitForm, begin

export const bring = (screens) => Object.assign(ways, screens);

const warnings = async (entries) => {
  const found = [];
  const kept = await navigator.storage?.persisted?.() ?? false;
  const room = await navigator.storage?.estimate?.() ?? {};
  if (!kept) found.push(t("warn.evicted"));
  if (room.quota && room.quota - room.usage < LOW) found.push(t("warn.room"));
  const oldest = entries.filter((e) => e.state !== "received").map((e) => e.since).sort()[0];
  if (oldest) found.push(t("warn.oldest", { age: age(oldest) }));
  const device = await store.get("meta", "device");
  if (device?.state === "expired") found.push(t("warn.expired"));
  if (Math.abs(device?.offset_seconds ?? 0) >= 120) found.push(t("warn.clock"));
  return found;
};

const label = (interview) => interview?.person?.alias || (interview ? t("person.new_n", { n: interview.person.number ?? 1 }) : "");

// Which question a refusal concerns, in its words where the questions are here.
const concerned = (interview, field) => {
  const { instrument, filling } = interview && session.catalogue ? questions(session.catalogue, interview) : {}, [code, index] = split(field);
  const question = instrument?.questions.find((q) => q.code === code);
  return question?.label ? [turnOf(filling, { code, index, place: field }), wordsOf(filling, question.label, field)].filter(Boolean).join(": ") : field;
};

const row = (entry, interview) => h("li", { class: "item", "data-state": entry.state },
  h("p", {}, h("span", { class: `tag ${STATES[entry.state]}` }, t(`queue.${entry.state}`)), " ",
    entry.state === "received" ? h("strong", {}, entry.receipt.reference) : h("strong", {}, label(interview)), " ",
    h("small", {}, entry.state === "received" ? dateTime(entry.receipt.received_at) : age(entry.since))),
  entry.state === "received" && entry.receipt.retired && h("p", {}, t("queue.retired")),
  entry.state === "received" && entry.receipt.clock ? h("p", {}, t("queue.clock")) : null,
  entry.state === "waiting" && entry.held && note(t("queue.held"), "warning"),
  entry.state === "refused" && note(entry.reason || t("queue.no_reason"), "error"),
  entry.state === "refused" && entry.field && h("p", { class: "hint" }, t("queue.field", { field: concerned(interview, entry.field) })),
  entry.state !== "received" && entry.state !== "sending" && h("p", { class: "acts" },
    quiet(t("queue.open_again"), async () => {
      const opened = await openAgain(entry);
      if (opened) ways.interview(opened); else home();
    }),
    entry.state === "refused" && quiet(t("queue.try_again"), async () => {
      await store.put("outbox", { ...entry, state: "waiting", tries: 0 });
      await pressed();
    })));

const pressed = async () => {
  announce(t("queue.sending"));
  const outcome = await sendNow();
  const entries = await queue();
  const left = entries.filter((e) => e.state === "waiting").length;
  announce(outcome === "unknown" ? t("queue.unknown") : left ? t("queue.left", { n: left }) : t("queue.none_left"));
};

export const queuePart = async () => {
  const entries = await queue();
  const interviews = new Map((await vault.all("interview")).map((i) => [i.id, i]));
  const count = (state) => entries.filter((e) => e.state === state).length;
  return h("section", { class: "card", id: "queue", "aria-labelledby": "queue-title" },
    h("h2", { id: "queue-title" }, t("queue.title")),
    h("p", { id: "queue-count" }, t("queue.count", { waiting: count("waiting"), sending: count("sending"), received: count("received"), refused: count("refused") })),
    h("p", { class: "hint" }, isOnline() ? t("net.on") : t("net.off")),
    h("p", { class: "acts" }, button(t("queue.send_now"), pressed, { id: "send-now" }), quiet(t("queue.export"), () => exportBundle(entries), { disabled: !entries.some((e) => e.sealed) })),
    h("ul", { class: "plain" }, entries.map((e) => row(e, interviews.get(e.record)))));
};

const openPart = async () => {
  const interviews = (await vault.all("interview")).filter((i) => i.state !== "waiting" && !i.visit);
  const visits = await vault.all("visit");
  return [
    visits.length > 0 && h("section", { class: "card" }, h("h2", {}, t("visit.list")), h("ul", { class: "plain" },
      visits.map((v) => h("li", {}, quiet(`${v.facts.place || t("visit.unnamed")} · ${v.visited_on}`, () => ways.visit(v)))))),
    interviews.length > 0 && h("section", { class: "card" }, h("h2", {}, t("open.title")), h("ul", { class: "plain" },
      interviews.map((i) => h("li", {}, quiet(`${label(i)} · ${t(`state.${i.state}`)}`, () => ways.interview(i)))))),
  ];
};

export const home = async () => {
  if (!vault.isOpen()) return;
  const entries = await queue();
  const warned = await warnings(entries);
  const device = await store.get("meta", "device");
  session.screen = "home";
  show(
    h("h1", {}, t("home.title")),
    h("div", { class: "notes" }, warned.map((sentence) => note(sentence, "warning"))),
    device.state === "active" && h("p", { class: "acts" }, button(t("home.visit"), () => ways.visitForm(), { id: "new-visit" }), button(t("home.interview"), () => ways.begin(), { id: "new-interview" })),
    await openPart(), await queuePart(),
    h("section", { class: "card" }, h("h2", {}, t("home.device")),
      h("p", {}, t("home.stands", { reference: device.reference, until: dateTime(device.expires_at) })),
      session.catalogue && h("p", { class: "hint" }, t("home.fetched", { when: dateTime(session.catalogue.fetched_at), n: session.catalogue.instruments.length })),
      h("p", { class: "acts" }, quiet(t("home.refresh"), async () => {
        try { const found = await refresh(); announce(found?.status === 200 ? t("home.refreshed") : t("home.not_refreshed")) } catch { announce(t("net.off")) }
        home();
      }), quiet(t("home.lock"), () => session.onlock(), { id: "lock" }))),
  );
};

// The queue is drawn anew in its place, so that focus and what is read elsewhere stay.
export const redraw = async () => {
  const old = document.getElementById("queue");
  if (!old || !vault.isOpen()) return;
  const within = old.contains(document.activeElement) ? document.activeElement.id : "";
  const fresh = await queuePart();
  document.getElementById("queue")?.replaceWith(fresh);
  await session.follow?.();
  if (within) document.getElementById(within)?.focus({ preventScroll: true });
};
