// The JavaScript API: look inside a B/I/O reading-comprehension model from any page, also of another origin.
//
//   import { load } from "./bioscope.js";
//   const bioscope = await load({ model: "minilm-l6", onProgress: ({ stage, loaded, total }) => {} });
//   const a = await bioscope.analyse({ question: "Who …?", paragraph: "…" });
//
// bioscope.d.ts says what there is, docs/embedding.md how to use it.
import init, { Bioscope } from "./api.js";

// The smallest module with a SIMD instruction: (func (result v128) i32.const 0 i8x16.splat).
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11);
let started;

/**
 * Loads a model into a Web Worker of its own.
 * @param {import("./bioscope.js").LoadOptions} [options] see bioscope.d.ts
 * @returns {Promise<Bioscope>}
 */
export async function load(options = {}) {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
    throw fault("noSimd", "This browser cannot run WebAssembly with SIMD; a browser of 2023 or later can.");
  }
  const base = root(options.base);
  const refused = [];
  const note = (event) => refused.push(event);
  document.addEventListener("securitypolicyviolation", note);
  try {
    await start(base);
    return await Bioscope.load(base, options);
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, 50)); // word of a violation comes after the error that it causes
    throw forbidden(refused, base, error) ?? error;
  } finally {
    document.removeEventListener("securitypolicyviolation", note);
  }
}

// The URL of the folder with programs and models, with a slash at its end.
function root(folder) {
  if (folder === undefined) return new URL(".", import.meta.url).href;
  const url = new URL(folder, document.baseURI);
  [url.search, url.hash] = ["", ""];
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

// Once per page; again where it failed.
function start(base) {
  const program = new URL("api_bg.wasm", base);
  return (started ??= init({ module_or_path: program }).catch((error) => {
    started = undefined;
    throw fault("network", `The program ${program} could not be loaded: ${error?.message ?? error}`, error);
  }));
}

// What the page's policy has refused of that which we need, in words; nothing if it is not to blame.
function forbidden(refused, base, cause) {
  const { origin } = new URL(base);
  const own = ({ blockedURI, disposition }) =>
    disposition === "enforce" && (blockedURI.startsWith(origin) || /^(blob|wasm-eval|eval)/.test(blockedURI));
  const event = refused.find(own);
  if (!event) return undefined;
  const what = `${event.effectiveDirective} does not allow ${event.blockedURI || "it"}`;
  const wants = `script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob:`;
  return fault("forbidden", `This page's Content-Security-Policy keeps Bioscope from loading: ${what}. It needs: ${wants}`, cause);
}

function fault(kind, message, cause) {
  return Object.assign(new Error(message, { cause }), { kind });
}
