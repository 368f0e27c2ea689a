// Keeps the whole site in the browser after the first visit, so that it works without a network.
// The build fills in the list of files and a version; a new version replaces the old one as a whole.
/* global self, caches, fetch, URL, Response */

const FILES = "__FILES__";
const CACHE = "glassgpt-__VERSION__";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("glassgpt-") && name !== CACHE;
  const drop = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(drop.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request, url) : file(request));
});

/** A page comes from the network if there is one, so that a new version is seen at once. */
async function page(request, url) {
  try {
    return await fetch(request);
  } catch {
    const folder = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
    const known = (await caches.match(folder)) ?? (await caches.match(self.registration.scope));
    return known ?? new Response("glassgpt is not stored in this browser yet", { status: 503 });
  }
}

/** Everything else is named after its contents, or small: from the cache if it is there. */
async function file(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}
