// What only the passphrase opens: PBKDF2 wraps a random key, that key seals each record. The key lives in this variable and nowhere else.
import "./db.js";

const store = globalThis.kitStore;
export const ROUNDS = 600_000;
const FREE_TRIES = 10;
const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 3_600_000;
const PADDED_TO = 512;
const text = new TextEncoder();
let key = null;

export class WrongPassphrase extends Error {}
export class Waiting extends Error {
  constructor(until) { super("wait"); this.until = until }
}

const wrappingKey = async (passphrase, salt, rounds) => {
  const typed = await crypto.subtle.importKey("raw", text.encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
};

export const isPrepared = async () => Boolean(await store.get("meta", "vault"));
export const isOpen = () => key !== null;

export const prepare = async (passphrase, device) => {
  await store.wipe();
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await crypto.subtle.wrapKey("raw", fresh, await wrappingKey(passphrase, salt, ROUNDS), { name: "AES-GCM", iv });
  const { reading_token: reading, ...open } = device;
  await store.put("meta", { salt, iv, wrapped, rounds: ROUNDS, wrong: 0, until: 0 }, "vault");
  await store.put("meta", { ...open, state: "active", offset_seconds: 0 }, "device");
  await unlock(passphrase);
  await put({ kind: "secret", reading_token: reading });
};

export const unlock = async (passphrase) => {
  const vault = await store.get("meta", "vault");
  if (Date.now() < vault.until && vault.until - Date.now() <= LONGEST_WAIT) throw new Waiting(vault.until);
  try {
    const opener = await wrappingKey(passphrase, vault.salt, vault.rounds);
    key = await crypto.subtle.unwrapKey("raw", vault.wrapped, opener, { name: "AES-GCM", iv: vault.iv }, "AES-GCM", false, ["encrypt", "decrypt"]);
  } catch {
    const wrong = vault.wrong + 1;
    const wait = wrong < FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT);
    await store.put("meta", { ...vault, wrong, until: wait ? Date.now() + wait : 0 }, "vault");
    throw wait ? new Waiting(Date.now() + wait) : new WrongPassphrase();
  }
  await store.put("meta", { ...vault, wrong: 0, until: 0 }, "vault");
};

export const lock = () => { key = null };

const sealed = async (item) => {
  const plain = JSON.stringify(item);
  const padded = text.encode(plain);
  const whole = new Uint8Array(Math.ceil(padded.byteLength / PADDED_TO) * PADDED_TO).fill(0x20);
  whole.set(padded);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(item.id) }, key, whole);
  return { id: item.id, iv, data };
};

const unsealed = async ({ id, iv, data }) =>
  JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(id) }, key, data)));

// Keeps an item under a random id; answers it with that id.
export const put = async (item) => {
  const kept = { ...item, id: item.id ?? crypto.randomUUID() };
  await store.put("records", await sealed(kept));
  return kept;
};

export const all = async (kind) => {
  const found = await Promise.all((await store.all("records")).map(unsealed));
  return kind ? found.filter((item) => item.kind === kind) : found;
};

export const get = async (id) => {
  const record = await store.get("records", id);
  return record ? unsealed(record) : null;
};

export const remove = (id) => store.remove("records", id);

// One item of this kind at most: what was there is replaced.
export const replace = async (kind, item) => {
  const before = await all(kind);
  return put({ ...item, kind, id: before[0]?.id });
};

// The interview leaves the draft and enters the outbox in one step.
export const putWithOutbox = async (item, entry) => {
  await store.together([["records", "put", await sealed(item)], ["outbox", "put", entry]]);
  return item;
};

// What the service worker left in the outbox as received is moved to where only the passphrase opens it.
export const keepReceipts = async () => {
  for (const entry of (await store.all("outbox")).filter((e) => e.state === "received")) {
    const kept = await sealed({ ...entry, source: entry.id, kind: "receipt", id: crypto.randomUUID() });
    await store.together([["records", "put", kept], ["outbox", "delete", entry.id]]);
  }
};
