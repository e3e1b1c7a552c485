// The worker's first script. Its own URL says what to start: worker.js?v=VERSION&kernel=simd128; with &module or &helper, the
// compiled program comes as the first message (from bioscope.js, or from the worker that this one helps). Where a page of another
// origin has started it, that URL is in bioscopeHome.
// In the single file there is no such URL: the program's glue stands before this text, with what unpacks the first message,
// which holds its bytes and the site's files (www/single.js).
"use strict";

const single = typeof wasm_bindgen === "function";
const home = self.bioscopeHome ?? self.location.href;
const query = new URL(home).searchParams;
const beside = (name) => new URL(`${name}?v=${query.get("v") ?? ""}`, home).href;
const trusted = self.bioscopeTrusted ?? ((url) => url); // what bioscope.js gives along where the page's policy holds here
const program = `worker-${query.get("kernel") ?? "simd128"}`;

// The page's self-test looks at the program itself: a message of one truth value, whether to check its kernels. It is answered
// here, by exports that the program has for the tests, and is none of the program's messages.
let running; // the program, as a promise
self.addEventListener("message", async (event) => {
  if (typeof event.data?.[0] !== "boolean") return;
  event.stopImmediatePropagation();
  try {
    const { memory } = await running;
    const comparisons = event.data[0] ? wasm_bindgen.check_kernels() : 0;
    self.postMessage([comparisons, memory.buffer.byteLength, wasm_bindgen.kernel_names()]);
  } catch (error) {
    const fault = { kind: "internal", why: String(error?.message ?? error) };
    self.postMessage([JSON.stringify({ failed: { id: 0, fault } })]);
  }
});

// Starts another worker with the same program, to help this one (src/worker/team/), where the browser lets a worker start one.
let compiled; // the program's module, as a promise
let packedScript; // in the single file, the Blob that this worker was started from
self.bioscopeHelper = () => {
  if (typeof Worker !== "function") return undefined;
  // In a page from file:// every worker is an origin of its own, and may not start one from the page's address of the Blob.
  let url = single ? URL.createObjectURL(packedScript) : `${home}&helper`;
  if (self.bioscopeHome) { // of another origin: as bioscope.js starts this one
    const script = `self.bioscopeHome = ${JSON.stringify(url)}; self.bioscopeTrusted = ${trusted};
      importScripts(self.bioscopeTrusted(self.bioscopeHome));`;
    url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  }
  const worker = new Worker(trusted(url), { name: "bioscope helper" });
  compiled.then((module) => worker.postMessage({ program: module, helps: true }));
  return worker;
};

// Held as long as this worker lives: the page waits for it to become free, and so learns of the worker's end, which no browser
// tells it, at once and never by mistake. Where there are no locks (a site without https), the page pings.
const life = `bioscope ${performance.timeOrigin} ${Math.random()}`;
navigator.locks?.request(life, () => {
  self.postMessage([JSON.stringify({ holds: { lock: life } })]);
  return new Promise(() => {});
}).catch(() => { /* locks are refused, as storage is */ });

// Messages that come before the program listens wait here.
const early = [];
const keep = (event) => {
  const { program, files, helps } = event.data;
  if (helps) self.bioscopeHelps = true;
  if (files) {
    startPacked(event.data);
  } else if (program) {
    start(program);
  } else if (event.data[0] === '"ping"') {
    self.postMessage(['"here"']); // its program may be long in coming
  } else {
    early.push(event.data);
  }
};
self.onmessage = keep;

function failed(error) {
  const fault = { kind: "workerDied", why: String(error?.message ?? error) };
  self.postMessage([JSON.stringify({ failed: { id: 0, fault } })]);
}

function start(program, files = Promise.resolve()) {
  compiled = Promise.resolve(program);
  running = Promise.all([compiled, files]).then(([module]) => wasm_bindgen({ module_or_path: module }));
  running.then(() => {
    // The program's main has set its own listener by now, and no message can have come in between:
    // this runs in the same task.
    if (self.onmessage === keep) self.onmessage = null;
    for (const data of early) self.dispatchEvent(new MessageEvent("message", { data }));
  }).catch(failed);
}

// While it arrives, where the server says what it is.
async function compile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

// The program asks for files without waiting: they are unpacked while it is compiled, and before it starts.
function startPacked({ script, program, older, files }) {
  packedScript = script;
  const bytes = async (text) => new Uint8Array(await unpack(text).arrayBuffer());
  const unpacked = {};
  self.bioscopeFiles = { bytes: (path) => unpacked[path] };
  const ready = Object.entries(files).map(async ([path, text]) => { unpacked[path] = await bytes(text); });
  const module = older
    ? Promise.all([bytes(older), bytes(program)]).then((both) => WebAssembly.compile(patch(...both)))
    : WebAssembly.compileStreaming(unpack(program));
  start(module, Promise.all(ready));
}

// The page counts the network requests; it cannot see a worker's.
try {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      self.postMessage([JSON.stringify({ fetched: { url: name, at: performance.timeOrigin + startTime } })]);
    }
  }).observe({ type: "resource", buffered: true });
} catch { /* an old browser: not counted */ }

if (!single) {
  try {
    importScripts(trusted(beside(`${program}.js`)));
    if (!query.has("module") && !query.has("helper")) start(compile(beside(`${program}_bg.wasm`)));
  } catch (error) {
    failed(error);
  }
}
