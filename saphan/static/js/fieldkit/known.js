// What the office knows already of people whose interview was prepared: it came sealed to this device, lies under the passphrase in a record of its
// own, and leaves with the interview that takes it, with the next list, or with the time of the device.
import * as vault from "./vault.js";
import { bytesOf } from "./interview.js";
import "./sending.js";

const store = globalThis.kitStore;
const CONTEXT = new TextEncoder().encode("saphan field kit known 1");

const keep = async (waiting) => {
  const record = await vault.replace("known", { waiting });
  await store.put("meta", record.id, "known"); // a random number: by it the record can be deleted while locked
};

export const keepWaiting = async (own, sealed) => {
  const begun = new Set((await vault.all("interview")).map((i) => i.prepared).filter(Boolean));
  const { waiting } = sealed ? JSON.parse(new TextDecoder().decode(await own.open(CONTEXT, bytesOf(sealed)))) : { waiting: [] };
  await keep(waiting.filter((w) => !begun.has(w.interview)));
};

// The interviews that wait here to be begun, with what is known to their questions.
export const waitingHere = async () => {
  await globalThis.kitSending.forgetKnown();
  return (await vault.all("known"))[0]?.waiting ?? [];
};

// The interview is begun: what is known goes into it and lies nowhere else any more.
export const takeWaiting = async (taken) => keep((await waitingHere()).filter((w) => w.interview !== taken.interview));

export const asAnswers = ({ known }) => Object.fromEntries(known.map(({ place, value, reply, reference }) => [place, { value, note: "", at: null, known: reply, from: reference }]));

export const isKnown = (interview, entry) => Boolean(entry.question && interview.answers[entry.place]?.known);
