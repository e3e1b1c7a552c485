// The JavaScript API: look inside a B/I/O reading-comprehension model from any page.
//
//   import { load } from "./bioscope.js";
//   const bioscope = await load({ model: "minilm-l6", onProgress: ({ stage, loaded, total }) => {} });
//   const a = await bioscope.analyse({ question: "Who …?", paragraph: "…" });
import init, { Bioscope } from "./api.js";

const base = new URL(".", import.meta.url).href;
// The smallest module with a SIMD instruction: (func (result v128) i32.const 0 i8x16.splat).
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11);
let started;

/**
 * Loads a model into a Web Worker of its own.
 * @param {object} [options]
 * @param {string | {weights: ArrayBuffer, config: ArrayBuffer, tokenizer: ArrayBuffer}} [options.model]
 *   a shipped model's name (left out: the default) or the three files of your own
 * @param {(progress: {stage: string, loaded: number, total: number}) => void} [options.onProgress] bytes
 * @returns {Promise<Bioscope>}
 */
export async function load(options = {}) {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
    throw Object.assign(new Error("This browser cannot run WebAssembly with SIMD; a browser of 2023 or later can."), { kind: "noSimd" });
  }
  started ??= init({ module_or_path: new URL("api_bg.wasm", base) });
  await started;
  return Bioscope.load(base, options);
}
