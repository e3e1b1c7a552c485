// In the single file: gives out the site's files, which stand in this document as gzip streams in base64, in elements of
// the form <script type="application/octet-stream" data-file="PATH">. See src/web/site.rs.
"use strict";

window.bioscopeFiles = (() => {
  const holders = new Map([...document.querySelectorAll("script[data-file]")].map((holder) => [holder.dataset.file, holder]));
  const unpacked = new Map(); // what the page itself asks for: small files

  function packed(path) {
    const text = holders.get(path).textContent;
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const array = new Uint8Array(binary.length);
    for (let k = 0; k < binary.length; k++) array[k] = binary.charCodeAt(k);
    return array;
  }

  // As a response, so that a program is compiled while it is unpacked.
  function unpack(path) {
    const stream = new Blob([packed(path)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream, { headers: { "content-type": "application/wasm" } });
  }

  // The page's program, named by its path, asks for files without waiting: they are unpacked before it starts.
  async function start(init, program) {
    const small = [...holders.keys()].filter((path) => !path.endsWith(".wasm") && !/^models\/.+\//.test(path));
    const ready = small.map(async (path) => unpacked.set(path, new Uint8Array(await unpack(path).arrayBuffer())));
    const module = WebAssembly.compileStreaming(unpack(program));
    await Promise.all([module, ...ready]);
    await init({ module_or_path: module });
  }

  // A worker from a Blob, because a page from file:// may start none from anywhere else; all that it needs goes along, as it
  // is packed: www/worker.js unpacks it beside the page, not in its way.
  function worker(name) {
    const script = new Blob([unpacked.get(`worker-${name}.js`), "\n", unpacked.get("worker.js")], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(script), { name: "bioscope" });
    const paths = [...holders.keys()].filter((path) => path.startsWith("models/"));
    const files = Object.fromEntries(paths.map((path) => [path, packed(path)]));
    const program = packed(`worker-${name}_bg.wasm`);
    worker.postMessage({ program, files }, [program.buffer, ...Object.values(files).map((file) => file.buffer)]);
    return worker;
  }

  // `able` is what start.js has found out; the page's program, a module, comes after it.
  return { bytes: (path) => unpacked.get(path), worker, start, able: false };
})();
