// An interview on the device: begun, asked, rested, finished, opened again until it is sent.
import * as vault from "./vault.js";
import { seal } from "./hpke.js";
import { fillingOf } from "./filling.js";

const store = globalThis.kitStore;
const CONTEXT = new TextEncoder().encode("saphan field kit 1");
const clock = new Map(); // interview id -> performance.now() at the beginning of the present sitting

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const countUnfinished = async () => {
  const open = (await vault.all("interview")).filter((i) => i.state !== "waiting").length;
  await store.put("meta", open, "unfinished");
};

export const save = async (interview) => {
  const kept = await vault.put(interview);
  await countUnfinished();
  return kept;
};

export const begin = async (version, person, { visit = null, second = "", prepared = null, answers = {} } = {}) => {
  const interview = {
    kind: "interview", source: crypto.randomUUID(), version, person, visit, second, prepared, state: "safety", safety: {}, sittings: [], answers, instances: {}, at: 0,
    view: "question", made_at: new Date().toISOString(), photos: [],
  };
  return save(interview);
};

export const sit = async (interview, present) => {
  if (interview.sittings.at(-1)) interview.sittings.at(-1).closed = true;
  interview.sittings.push({ began_at: new Date().toISOString(), ended_at: null, seconds: 0, present });
  interview.state = "open";
  clock.set(interview.id, performance.now());
  return save(interview);
};

// Whether somebody asks here now. After the page was loaded anew, nobody knows how long it lay open: it goes on as a new sitting.
export const isAsking = (interview) => clock.has(interview.id);

// How long it lasted is measured, not read off the clock: a clock that is set meanwhile makes no hour of a minute.
const measured = (interview) => {
  const last = interview.sittings.at(-1);
  if (!last || last.closed) return;
  const since = clock.get(interview.id);
  if (since !== undefined) {
    last.seconds += (performance.now() - since) / 1000;
    clock.set(interview.id, performance.now());
  }
  last.ended_at = new Date(Date.parse(last.began_at) + Math.round(last.seconds * 1000)).toISOString();
};

// Each answer carries the moment at which it was given, by the same measure as the sitting in which it was.
export const answer = async (interview, place, value, note) => {
  measured(interview);
  const before = interview.answers[place], at = interview.sittings.at(-1)?.ended_at ?? new Date().toISOString();
  interview.answers[place] = { value, note: note ?? before?.note ?? "", at: before && before.value === value ? before.at : at };
  if (!value && !interview.answers[place].note) delete interview.answers[place];
  return save(interview);
};

export const rest = async (interview) => {
  measured(interview);
  if (interview.sittings.at(-1)) interview.sittings.at(-1).closed = true;
  clock.delete(interview.id);
  interview.state = interview.sittings.length ? "resting" : "safety";
  return save(interview);
};

// The checks made again, and the one over which it was stopped, as far as it was filled.
const checksOf = (interview) => {
  const { checks = [], again, ending, sittings } = interview;
  return ending === "stop" && again?.at ? [...checks, { sitting: sittings.length + 1, at: again.at, points: again.points }] : checks;
};

const parcel = async (interview, device) => {
  const visit = interview.visit ? (await vault.all("visit")).find((v) => v.source === interview.visit) : null;
  const { known, new: fresh, age_band, sex, language } = interview.person;
  const all = Object.entries(interview.answers), over = interview.sittings.length ? all.filter(([, said]) => said.known) : [];
  return {
    format: 1, id: interview.source, device: device.id, token: device.sending_token, sequence: interview.sequence, version: interview.version,
    person: known ? { known } : { new: fresh, age_band, sex, language },
    safety: interview.safety,
    sittings: interview.sittings.map(({ began_at, ended_at, present }) => ({ began_at, ended_at: ended_at ?? began_at, present })),
    answers: Object.fromEntries(all.filter(([, said]) => !said.known)), known: Object.fromEntries(over.map(([place, said]) => [place, said.known])),
    prepared: interview.prepared ?? null, ending: interview.ending, stop_reason: interview.stop_reason ?? "", finished_at: interview.finished_at,
    offset_seconds: device.offset_seconds ?? null,
    visit: visit ? { id: visit.source, visited_on: visit.visited_on, facts: visit.facts } : null,
    photos: interview.photos, checks: checksOf(interview),
  };
};

// Finished: sealed to the casework's key, so that it is sent also while the device is locked; the draft stays to be opened again until then.
export const finish = async (interview, ending, stopReason = "") => {
  measured(interview);
  if (interview.sittings.at(-1)) interview.sittings.at(-1).closed = true;
  clock.delete(interview.id);
  const device = await store.get("meta", "device");
  const sequence = (await store.get("meta", "sequence") ?? 0) + 1;
  await store.put("meta", sequence, "sequence");
  Object.assign(interview, { ending, stop_reason: stopReason, finished_at: new Date().toISOString(), sequence, state: "waiting" });
  const sealed = await seal(bytesOf(device.sealing_key), CONTEXT, new TextEncoder().encode(JSON.stringify(await parcel(interview, device))));
  await vault.putWithOutbox(interview, { id: interview.source, record: interview.id, sequence, since: interview.finished_at, state: "waiting", sealed: sealed.buffer });
  await countUnfinished();
};

// Back from the outbox to the draft. What is being sent while we look, or was received, is not opened: its answers are leaving, or gone.
export const openAgain = async (entry) => {
  const open = async () => {
    const interview = await vault.get(entry.record), still = await store.get("outbox", entry.id);
    if (!interview || !still || still.state === "received") return null;
    await store.remove("outbox", entry.id);
    interview.state = interview.sittings.length ? "resting" : "safety";
    return save(interview);
  };
  return navigator.locks ? navigator.locks.request("saphan-field-kit", { ifAvailable: true }, (lock) => (lock ? open() : null)) : open();
};

export const questions = (catalogue, interview) => {
  const instrument = catalogue.instruments.find((i) => i.version === interview.version);
  const filling = instrument ? fillingOf(instrument, interview) : null;
  return { instrument, filling, asked: filling?.asked() ?? [] };
};
