// The service worker: keeps the shell (no personal data in it) and sends what waits when the network is back. VERSION and SHELL stand above.
importScripts(...SHELL.scripts);
const CACHE = `saphan-kit-${VERSION}`;

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  // A redirect would be the sign-in page: better no shell than that one.
  for (const address of SHELL.files) {
    const response = await fetch(new Request(address, { cache: "reload", redirect: "error", credentials: "same-origin" }));
    if (!response.ok) throw new Error("shell");
    await cache.put(address, response);
  }
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("saphan-kit-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const ours = event.request.mode === "navigate" ? address.pathname === SHELL.page : SHELL.files.includes(address.pathname);
  if (ours) event.respondWith((async () => (await (await caches.open(CACHE)).match(address.pathname)) ?? fetch(event.request))());
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "send") return;
  event.waitUntil((async () => {
    const outcome = await globalThis.kitSending.send();
    await globalThis.kitSending.emptyWhenEnded();
    for (const client of await self.clients.matchAll()) client.postMessage("sent");
    if (outcome === "later") throw new Error("again");
  })());
});
