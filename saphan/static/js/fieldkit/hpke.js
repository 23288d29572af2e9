// HPKE of RFC 9180, base mode: P-256, HKDF-SHA256, AES-256-GCM. Only WebCrypto's own parts; the order of the steps is the standard's.
const text = new TextEncoder();
const KEM = new Uint8Array([...text.encode("KEM"), 0, 0x10]);
const SUITE = new Uint8Array([...text.encode("HPKE"), 0, 0x10, 0, 1, 0, 2]);
const VERSION = text.encode("HPKE-v1");

export const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) { whole.set(new Uint8Array(part.buffer ?? part, part.byteOffset ?? 0, part.byteLength), at); at += part.byteLength }
  return whole;
};

const hmac = async (key, content) => {
  const imported = await crypto.subtle.importKey("raw", key.byteLength ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, content));
};

const extract = (suite, salt, label, material) => hmac(salt, joined(VERSION, suite, text.encode(label), material));

const expand = async (suite, key, label, about, length) => {
  // Never more than one block of HMAC is asked for.
  const labelled = joined(new Uint8Array([0, length]), VERSION, suite, text.encode(label), about, new Uint8Array([1]));
  return (await hmac(key, labelled)).slice(0, length);
};

const NOTHING = new Uint8Array(0);
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const POINT = 65; // bytes of an uncompressed point

const pointOf = async (pair) => new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));

// Key and nonce of one message: `own` is our private key, `point` the other side's; `sent` travels, `to` is whom it is sealed for.
const agree = async (own, point, sent, to, about) => {
  const theirs = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 256));
  const shared = await expand(KEM, await extract(KEM, NOTHING, "eae_prk", agreed), "shared_secret", joined(sent, to), 32);
  const context = joined(new Uint8Array([0]), await extract(SUITE, NOTHING, "psk_id_hash", NOTHING), await extract(SUITE, NOTHING, "info_hash", about));
  const secret = await extract(SUITE, shared, "secret", NOTHING);
  const key = await crypto.subtle.importKey("raw", await expand(SUITE, secret, "key", context, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
  return { key, name: "AES-GCM", iv: await expand(SUITE, secret, "base_nonce", context, 12) };
};

export const seal = async (point, about, content) => {
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]), sent = await pointOf(own);
  const { key, ...way } = await agree(own.privateKey, point, sent, point, about);
  return joined(sent, new Uint8Array(await crypto.subtle.encrypt(way, key, content)));
};

// A key for one answer: its point is told, what comes sealed to it is opened here and nowhere else.
export const receiver = async () => {
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]), point = await pointOf(own);
  const open = async (about, sealed) => {
    const sent = sealed.slice(0, POINT), { key, ...way } = await agree(own.privateKey, sent, sent, point, about);
    return new Uint8Array(await crypto.subtle.decrypt(way, key, sealed.slice(POINT)));
  };
  return { point, open };
};
