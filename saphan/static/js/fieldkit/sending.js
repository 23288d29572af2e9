// Sends what waits. Loaded by the page as a module and by the service worker as a script; only one of them sends at a time.
globalThis.kitSending = (() => {
  const store = globalThis.kitStore;
  const DOOR = "/fieldkit/";
  const PATIENCE = 120_000; // a photo over a poor line takes its time; after this the line counts as broken and the sending is repeated

  const ask = async (path, options = {}) => {
    const device = await store.get("meta", "device");
    if (!device) return null;
    const headers = {
      "Authorization": `Device ${device.reference}:${options.token ?? device.sending_token}`,
      "X-Device-Time": new Date().toISOString(),
      "X-Saphan-Language": (await store.get("meta", "language")) ?? "en",
      ...(options.key ? { "X-Device-Key": options.key } : {}),
      ...(options.body ? { "Content-Type": "application/octet-stream" } : {}),
    };
    const response = await fetch(DOOR + path, {
      method: options.method ?? "GET", body: options.body, headers, credentials: "omit", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE),
    });
    const answer = (response.headers.get("Content-Type") ?? "").includes("json") ? await response.json() : {};
    await stands(device, answer);
    return { status: response.status, answer };
  };

  // Every answer says how the device stands; what time it is there shows how wrong our clock is.
  const stands = async (device, answer) => {
    const offset = answer.server_time ? Math.round((Date.now() - Date.parse(answer.server_time)) / 1000) : device.offset_seconds;
    if (!answer.device && offset === device.offset_seconds) return;
    const now = await store.get("meta", "device");
    if (now) await store.put("meta", { ...now, ...(answer.device ? { state: answer.device.state, expires_at: answer.device.expires_at } : {}), offset_seconds: offset, contact_at: new Date().toISOString() }, "device");
  };

  const settle = async (entry, { status, answer }) => {
    if (status === 200 && answer.outcome === "accepted") {
      const receipt = { reference: answer.reference, received_at: answer.received_at, retired: answer.version_was_retired, clock: answer.clock_wrong_by_seconds };
      // The answers leave the device in the same breath in which the receipt is kept.
      await store.together([
        ["records", "delete", entry.record],
        ["outbox", "put", { id: entry.id, sequence: entry.sequence, since: entry.since, state: "received", receipt }],
      ]);
      return "received";
    }
    if (answer.outcome === "refused" && status < 500) {
      await store.put("outbox", { ...entry, state: "refused", reason: answer.reason, field: answer.field });
      return "refused";
    }
    // What the office cannot take now is marked, so that the worker sees it, and is tried again after the others.
    await store.put("outbox", { ...entry, state: "waiting", tries: (entry.tries ?? 0) + 1, held: status !== 410 && status !== 401 });
    return status === 410 ? "revoked" : status === 401 ? "unknown" : "later";
  };

  const one = async (entry) => {
    await store.put("outbox", { ...entry, state: "sending" });
    try {
      return await settle(entry, await ask("submissions/", { method: "POST", body: entry.sealed }));
    } catch {
      const still = await store.get("outbox", entry.id);
      if (still?.sealed) await store.put("outbox", { ...still, state: "waiting", tries: (entry.tries ?? 0) + 1 });
      return "lost";
    }
  };

  // One that the office cannot take does not hold up those behind it; only a lost line or an ended device ends the round. What failed before goes
  // last: also an interview too large for this line lets the others through.
  const each = async (told) => {
    let left = "done";
    const waiting = (await store.all("outbox")).filter((e) => e.state === "waiting" || e.state === "sending");
    for (const entry of waiting.sort((a, b) => (a.tries ?? 0) - (b.tries ?? 0) || a.sequence - b.sequence)) {
      told?.(entry);
      const outcome = await one(entry);
      told?.(entry);
      if (outcome === "revoked" || outcome === "unknown") return outcome;
      if (outcome === "lost") return "later";
      if (outcome === "later") left = "later";
    }
    return left;
  };

  // "busy" when the other of page and service worker is sending already.
  const send = async (told) => {
    if (!navigator.locks) return each(told);
    return navigator.locks.request("saphan-field-kit", { ifAvailable: true }, (lock) => (lock ? each(told) : "busy"));
  };

  // What is known of people leaves with the time of the device, also while it is locked, without a network, or still has something to send.
  const forgetKnown = async () => {
    const device = await store.get("meta", "device"), record = await store.get("meta", "known");
    if (!device || !record) return;
    const now = Date.now() - (device.offset_seconds ?? 0) * 1000;
    if (device.state === "active" && now < Date.parse(device.expires_at)) return;
    await store.together([["records", "delete", record], ["meta", "delete", "known"]]);
  };

  // An ended device empties itself: a closed one at once, an expired one as soon as nothing waits and nothing is unfinished.
  const emptyWhenEnded = async () => {
    await forgetKnown();
    const device = await store.get("meta", "device");
    if (!device || device.state === "active") return false;
    const held = (await store.all("outbox")).filter((e) => e.state !== "received").length + ((await store.get("meta", "unfinished")) ?? 0);
    if (device.state !== "revoked" && held) return false;
    const language = await store.get("meta", "language");
    if (device.state !== "revoked") await ask("wiped/", { method: "POST" }).catch(() => null);
    await store.wipe();
    await store.put("meta", language ?? "en", "language");
    await store.put("meta", { at: new Date().toISOString(), state: device.state }, "emptied");
    return true;
  };

  return { ask, send, emptyWhenEnded, forgetKnown };
})();
