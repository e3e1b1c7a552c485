// The worker's first script. Its own URL says what to start: worker.js?v=VERSION&kernel=simd128.
"use strict";

const query = new URL(self.location.href).searchParams;
const beside = (name) => new URL(`${name}?v=${query.get("v") ?? ""}`, self.location.href).href;
const program = `worker-${query.get("kernel") ?? "simd128"}`;

// Messages that come before the program listens wait here.
const early = [];
const keep = (event) => early.push(event.data);
self.onmessage = keep;

function failed(error) {
  const fault = { workerDied: { why: String(error?.message ?? error) } };
  self.postMessage([JSON.stringify({ failed: { id: 0, fault } })]);
}

try {
  importScripts(beside(`${program}.js`));
  wasm_bindgen({ module_or_path: beside(`${program}_bg.wasm`) }).then(() => {
    // The program's main has set its own listener by now, and no message can have come in between:
    // this runs in the same task.
    if (self.onmessage === keep) self.onmessage = null;
    for (const data of early) self.dispatchEvent(new MessageEvent("message", { data }));
  }).catch(failed);
} catch (error) {
  failed(error);
}
