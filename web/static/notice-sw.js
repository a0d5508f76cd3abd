// Shows the notices that this phone has seen when there is no net. Whenever the house answers, what it says comes first:
// a notice that was withdrawn must not live on.
"use strict";

const STORE = "banshi-notices"; // also in notice.js
const KEPT = /^\/(n\/[0-9A-Z-]+(\/qr\.png)?|static\/.+)$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && KEPT.test(new URL(url).pathname)) event.respondWith(fresh(event.request));
});

async function fresh(request) {
  const store = await caches.open(STORE);
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    const copy = await copyOf(store, request);
    if (copy) return copy;
    throw error;
  }
  if (response.status >= 500) return (await copyOf(store, request)) || response;
  if (response.ok && !/no-store/.test(response.headers.get("Cache-Control"))) {
    // A full phone still shows what it was sent.
    await store.put(request, response.clone()).catch(() => undefined);
  }
  return response;
}

/** What was kept; a page says in its first tag of when it is. */
async function copyOf(store, request) {
  const loose = { ignoreSearch: true, ignoreVary: true }; // the ordinary print stands in for the large one
  const kept = (await store.match(request, { ignoreVary: true })) || (await store.match(request, loose));
  if (!kept || request.mode !== "navigate") return kept;
  const html = await kept.text();
  const { headers } = kept;
  return new Response(html.replace("<html ", `<html data-copy="${headers.get("Date")}" `), { headers });
}
