// The store of the device. Loaded by the page as a module and by the service worker as a script, therefore without import and export.
// In "records" lies ciphertext only. "outbox" holds what is sealed to the casework's key; "meta" what must be known while locked:
// the wrapped key, the token that only sends, how the device stands.
globalThis.kitStore = (() => {
  const NAME = "saphan-field-kit";
  let opened = null;

  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const open = () => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("meta");
        request.result.createObjectStore("records", { keyPath: "id" });
        request.result.createObjectStore("outbox", { keyPath: "id" });
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = null };
        resolve(request.result);
      };
    });
    return opened;
  };

  const within = async (store, mode, act) => {
    const transaction = (await open()).transaction(store, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const answer = await act(transaction);
    await done;
    return answer;
  };

  const get = (store, key) => within([store], "readonly", (t) => asked(t.objectStore(store).get(key)));
  const all = (store) => within([store], "readonly", (t) => asked(t.objectStore(store).getAll()));
  const put = (store, value, key) => within([store], "readwrite", (t) => asked(t.objectStore(store).put(value, key)));
  const remove = (store, key) => within([store], "readwrite", (t) => asked(t.objectStore(store).delete(key)));

  // Several changes that must all be there or none: [store, "put" | "delete", value or key].
  const together = (changes) => within([...new Set(changes.map((c) => c[0]))], "readwrite", (t) => {
    for (const [store, act, value] of changes) t.objectStore(store)[act](value);
  });

  const wipe = () => within(["meta", "records", "outbox"], "readwrite", (t) => {
    for (const store of ["meta", "records", "outbox"]) t.objectStore(store).clear();
  });

  return { get, all, put, remove, together, wipe };
})();
