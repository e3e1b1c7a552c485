// In the single file: gives out the site's files, which stand in this document packed as text, in elements of the form
// <script type="application/octet-stream" data-file="PATH">: see xtask/src/single.rs, and src/worker/site.rs for who asks.
"use strict";

window.bioscopeFiles = (() => {
  const holders = new Map([...document.querySelectorAll("script[data-file]")].map((holder) => [holder.dataset.file, holder]));
  const unpacked = new Map(); // what the page itself asks for: small files
  const packed = (path) => holders.get(path).textContent;

  // The text is a gzip stream, seven bits a character. As a response, so that a program is compiled while it is unpacked.
  function unpack(text) {
    const bytes = new Uint8Array(Math.floor(text.length * 7 / 8));
    let end = 0, buffer = 0, bits = 0;
    for (let k = 0; k < text.length; k++) {
      buffer = (buffer << 7) | (text.charCodeAt(k) & 127);
      bits += 7;
      if (bits >= 8) bytes[end++] = buffer >> (bits -= 8);
    }
    const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")); // a Blob's: Safari reads none in a worker of file://
    return new Response(stream, { headers: { "content-type": "application/wasm" } });
  }

  // The file that differs so from an older one, in bsdiff's form: records of three 64-bit numbers, then bytes to be added to
  // the older one's, then new bytes. The numbers: how many of these, of those, and how far to go from there in the older one.
  function patch(older, difference) {
    const numbers = new DataView(difference.buffer), file = new Uint8Array(difference.length);
    let from = 0, end = 0;
    for (let at = 0; at < difference.length;) {
      const [changed, added, move] = [0, 8, 16].map((k) => numbers.getUint32(at + k, true));
      const back = numbers.getUint8(at + 23) >= 128;
      const bytes = difference.subarray(at + 24, at + 24 + changed + added);
      file.set(bytes, end);
      for (let k = 0; k < changed; k++) file[end + k] += older[from + k];
      at += 24 + bytes.length;
      end += bytes.length;
      from += changed + (back ? -move : move);
    }
    return file.subarray(0, end);
  }

  // The page's program, named by its path, asks for files without waiting: they are unpacked before it starts.
  async function start(init, program) {
    const module = WebAssembly.compileStreaming(unpack(packed(program)));
    const small = [...holders.keys()].filter((path) => !path.endsWith(".wasm") && !/^models\/.+\//.test(path));
    await Promise.all(small.map(async (path) => unpacked.set(path, new Uint8Array(await unpack(packed(path)).arrayBuffer()))));
    await init({ module_or_path: await module });
  }

  // A worker from a Blob, because a page from file:// may start none from anywhere else. All that it needs goes along as it
  // is packed, with the two functions above, so that it is unpacked beside the page and not in its way.
  function worker(name) {
    const glue = unpacked.get(`worker-${name}.js`);
    const script = new Blob([glue, `\n${unpack}\n${patch}\n`, unpacked.get("worker.js")], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(script), { name: "bioscope" });
    const path = `worker-${name}_bg.wasm`, { from } = holders.get(path).dataset;
    const models = [...holders.keys()].filter((path) => path.startsWith("models/"));
    worker.postMessage({
      script, // for helpers that it may start
      program: packed(path),
      older: from && packed(from),
      files: Object.fromEntries(models.map((path) => [path, packed(path)])),
    });
    return worker;
  }

  // `able` is what start.js has found out; the page's program, a module, comes after it.
  return { bytes: (path) => unpacked.get(path), worker, start, able: false };
})();
