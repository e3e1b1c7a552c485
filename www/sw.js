// The service worker: keeps the page and its programs, so that they open without a network. `cargo xtask build` writes
// three constants before this text: PROGRAMS, the version that the page asks its programs by (?v=...), FILES, the
// SHA-256 of every file to keep, and SITE, which names them all. Models are kept by the worker that downloads them.
//
// Files are kept by their content's hash, and beside them one list per version. A new version is fetched while the old
// page runs, takes only what has changed, and is what the next load shows. A page of the old version goes on finding its
// programs by their ?v=, until a page of the new one reports, alone, that it has begun.
"use strict";

const ROOT = new URL(self.registration.scope);
// Two copies of the site at one origin do not share: each forgets what it does not know.
const SHELL = `bioscope-shell ${ROOT.pathname}`;
const MODELS = "bioscope-models"; // as in src/worker/cache_storage.rs
const content = (sha256) => new URL(`content/${sha256}`, ROOT).href;
const list = (site) => new URL(`version/${site}`, ROOT).href;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(install());
});

async function install() {
  const shell = await caches.open(SHELL);
  for (const [path, sha256] of Object.entries(FILES)) {
    if (await shell.match(content(sha256))) continue;
    const { body, type } = await fetched(path, sha256);
    const headers = { "content-type": type, "content-length": String(body.byteLength) };
    await shell.put(content(sha256), new Response(body, { headers }));
  }
  const text = JSON.stringify({ programs: PROGRAMS, files: FILES });
  await shell.put(list(SITE), new Response(text, { headers: { "content-length": String(text.length) } }));
}

// A file as the list wants it: as the browser may hold it already, or else from the server.
async function fetched(path, sha256) {
  // Trunk's names carry a hash; the page asks for all others by its version.
  const hashed = /-[0-9a-f]{12,16}[._]/.test(path) || path === "index.html";
  const url = new URL(path === "index.html" ? "./" : path, ROOT);
  if (!hashed) url.searchParams.set("v", PROGRAMS);
  for (const cache of ["default", "reload"]) {
    const response = await fetch(url, { cache });
    const body = await response.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    if (response.ok && Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256) {
      return { body, type: response.headers.get("content-type") ?? "" };
    }
  }
  throw new Error(`${path} is not the one of this version`);
}

// Also a page that was opened before there was a service worker can go on without a network.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== ROOT.origin || !url.pathname.startsWith(ROOT.pathname)) return;
  const path = url.pathname.slice(ROOT.pathname.length) || "index.html";
  const programs = url.searchParams.get("v");
  const own = path === "index.html" || programs === null || programs === PROGRAMS;
  if (own ? path in FILES : /^worker|^self-test|^models\/index/.test(path)) event.respondWith(answer(event.request, path, own ? null : programs));
});

async function answer(request, path, programs) {
  try {
    const shell = await caches.open(SHELL);
    const files = programs === null ? FILES : (await lists(shell)).find((one) => one.programs === programs)?.files;
    const found = files?.[path] && (await shell.match(content(files[path])));
    if (found) return found;
  } catch { /* the storage is gone; the network may be there */ }
  return fetch(request);
}

async function lists(shell) {
  const found = (await shell.keys()).filter((request) => request.url.startsWith(list("")));
  return Promise.all(found.map(async (request) => ({ url: request.url, ...(await (await shell.match(request)).json()) })));
}

// A page says which version of the programs it is.
self.addEventListener("message", (event) => {
  if (event.data === PROGRAMS) event.waitUntil(forget());
});

// Forgets earlier versions and the models that this one does not list, unless another page is open, which may need them.
async function forget() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.filter((page) => page.url.startsWith(ROOT.href)).length > 1) return;
  const shell = await caches.open(SHELL);
  const wanted = new Set([list(SITE), ...Object.values(FILES).map(content)]);
  for (const request of await shell.keys()) if (!wanted.has(request.url)) await shell.delete(request);
  const index = await shell.match(content(FILES["models/index.json"]));
  if (!index || !(await caches.has(MODELS))) return;
  const models = await caches.open(MODELS);
  const hashes = (await index.json()).flatMap((model) => model.files.map((file) => file.sha256));
  for (const request of await models.keys()) {
    if (!hashes.some((sha256) => request.url.includes(sha256))) await models.delete(request);
  }
}
