// In the single file: gives out the site's files, which stand in this document as base64 text in elements of the form
// <script type="application/octet-stream" data-file="PATH">. See src/worker/site.rs.
"use strict";

window.bioscopeFiles = (() => {
  const holders = new Map([...document.querySelectorAll("script[data-file]")].map((holder) => [holder.dataset.file, holder]));

  function bytes(path) {
    const text = holders.get(path)?.textContent;
    if (text === undefined) return undefined;
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const array = new Uint8Array(binary.length);
    for (let k = 0; k < binary.length; k++) array[k] = binary.charCodeAt(k);
    return array;
  }

  // A worker from a Blob, because a page from file:// may start none from anywhere else; all that it needs goes along.
  function worker(name) {
    const script = new Blob([bytes(`worker-${name}.js`), "\n", bytes("worker.js")], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(script), { name: "bioscope" });
    const paths = [...holders.keys()].filter((path) => path.startsWith("models/"));
    const files = Object.fromEntries(paths.map((path) => [path, bytes(path)]));
    const program = bytes(`worker-${name}_bg.wasm`);
    worker.postMessage({ program, files }, [program.buffer, ...Object.values(files).map((file) => file.buffer)]);
    return worker;
  }

  // What start.js has found out; the page's program, a module, comes after it.
  return { bytes, worker, able: false };
})();
