// The JavaScript API: look inside a B/I/O reading-comprehension model from any page, also of another origin.
//
//   import { load } from "./bioscope.js";
//   const bioscope = await load({ model: "minilm-l6", onProgress: ({ stage, loaded, total }) => {} });
//   const a = await bioscope.analyse({ question: "Who …?", paragraph: "…" });
//
// bioscope.d.ts says what there is, docs/embedding.md how to use it. The model runs in a Web Worker (worker.js), which is asked in
// the messages of src/worker/protocol.rs; the loss is computed here, as in src/bio/, so that it is there at once.

// Names the build whose programs fit this file; written by `cargo xtask build`.
const VERSION = "dev";

// The smallest module with a SIMD instruction: (func (result v128) i32.const 0 i8x16.splat); and with a relaxed dot product.
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11);
const RELAXED = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0,
  65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 147, 2, 11);

// A browser that ends a worker for its memory tells nobody. The worker holds a lock as long as it lives (worker.js); until it says
// so, and where there are no locks, it is pinged this often (ms), and taken for dead after so many pings without any message from
// it: on a busy machine a worker that lives may be silent for long.
const PING_EVERY = 1500;
const PATIENCE = 40;

// As in bioscope.d.ts.
const FORMATS = ["plain", "squad", "hf-qa", "lines", "conll", "hf-tokens", "doccano", "doccano-entities", "label-studio", "prodigy",
  "brat", "webanno", "csv", "tsv", "multispanqa"];

/**
 * Loads a model into a Web Worker of its own.
 * @param {import("./bioscope.js").LoadOptions} [options] see bioscope.d.ts
 * @returns {Promise<import("./bioscope.js").Bioscope>}
 */
export async function load(options = {}) {
  if (typeof options !== "object" || options === null) {
    throw new Error(`load takes an object, such as { model: "tiny-128" }, not “${options}”`);
  }
  const { workers, onProgress } = options;
  if ((workers ?? undefined) !== undefined && !(Number.isSafeInteger(workers) && workers > 0)) {
    throw new Error(`workers must be a whole number of at least 1, not “${workers}”`);
  }
  if ((onProgress ?? undefined) !== undefined && typeof onProgress !== "function") {
    throw new Error(`onProgress must be a function, not “${onProgress}”`);
  }
  return begin(options, (base, module) => Bioscope.load(base, module, options));
}

/**
 * Reads a data file of any format that docs/formats.md names; no model is loaded. Of brat both files are needed:
 * `parse([annotations, text], ["a.ann", "a.txt"])`.
 * @param {import("./bioscope.js").Bytes | import("./bioscope.js").Bytes[]} bytes
 * @param {string | string[]} name the files' names: endings help where the content leaves a doubt
 * @param {import("./bioscope.js").ParseOptions} [options]
 * @returns {Promise<import("./bioscope.js").Dataset>}
 */
export async function parse(bytes, name, { base, signal, ...asked } = {}) {
  const options = reading(asked);
  const copies = [bytes].flat().map((one) => {
    if (typeof one === "string") return new TextEncoder().encode(one);
    if (isBuffer(one)) return new Uint8Array(one.slice(0));
    if (ArrayBuffer.isView(one)) return new Uint8Array(one.buffer.slice(one.byteOffset, one.byteOffset + one.byteLength));
    throw new Error("bytes must be an ArrayBuffer, a typed array or a string");
  });
  const names = [name ?? copies.map((_, k) => (copies.length > 1 ? `file ${k + 1}` : ""))].flat();
  if (!names.every((one) => typeof one === "string")) throw new Error("name must be a string, or an array of them");
  if (names.length !== copies.length) {
    throw new Error(`as many names are needed as there are files (${copies.length}), not ${names.length}`);
  }
  const reply = await alone({ base, signal }, (engine) => engine.ask("parse", { names, options }, signal, copies));
  const { format, records, problems, notices } = reply.dataset, [said, remarked] = reply.messages;
  return {
    format,
    records: records.map(({ context, annotators, soft, place, ...record }) => {
      const units = utf16(context);
      const span = ({ start, end, ...more }) => ({ start: units[start], end: units[end], ...more });
      const read = { ...record, paragraph: context, annotators: annotators.map((a) => ({ ...a, spans: a.spans.map(span) })) };
      return soft ? { ...read, soft: soft.map(span) } : read;
    }),
    problems: problems.map((problem, k) => ({ ...problem, message: said[k] })),
    notices: notices.map((notice, k) => ({ ...notice, message: remarked[k] })),
  };
}

/**
 * Writes records in a format; no model is loaded.
 * @param {{ records: import("./bioscope.js").DataRecord[] }} dataset as `parse` returns it
 * @param {import("./bioscope.js").Format} format
 * @param {{ base?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<import("./bioscope.js").Serialised>}
 */
export async function serialise(dataset, format, options = {}) {
  if (!Array.isArray(dataset?.records)) throw new Error("the first argument is no dataset: it has no records");
  choice({ format }, "format", FORMATS.filter((one) => one !== "plain"), true);
  const records = dataset.records.map((given, k) => {
    const check = (fits, what) => {
      if (!fits) throw new Error(`record ${k + 1}${what}`);
    };
    check(typeof given === "object" && given !== null, " is no record");
    const there = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    const { paragraph, annotators = [], soft = [], ...record } = there;
    check(typeof paragraph === "string", " has no paragraph");
    for (const [name, type] of FIELDS) check([type, "undefined"].includes(typeof record[name]), `: ${name} must be a ${type}`);
    const points = new Map([...utf16(paragraph)].map((unit, point) => [unit, point]));
    const point = (unit) => {
      check(points.has(unit), `: ${unit} is no place between two characters of its paragraph`);
      return points.get(unit);
    };
    const span = (one) => ({ ...one, start: point(one?.start), end: point(one?.end) });
    check(Array.isArray(annotators), ": annotators must be an array");
    const named = annotators.map((annotator, a) => {
      check(Array.isArray(annotator?.spans), `: annotator ${a + 1} has no spans: it should be { spans: [{ start, end }, …] }`);
      const { name, weight, scores, spans } = annotator;
      check([weight ?? 1, scores ?? []].flat().every(Number.isFinite), `: weight and scores of annotator ${a + 1} must be numbers`);
      return { name: String(name ?? a + 1), weight: weight ?? 1, scores: [scores ?? []].flat(), spans: spans.map(span) };
    });
    check(Array.isArray(soft), ": soft must be an array");
    const dense = soft.map((one) => {
      const { start, end, t } = span(one);
      const fits = start < end && isTriple(t) && isDistribution(t);
      check(fits, `: soft from ${one.start} to ${one.end} is no range with a distribution of B, I and O`);
      return { start, end, t };
    });
    const id = String(record.id ?? k + 1), question = record.question ?? "";
    return { ...record, id, question, context: paragraph, annotators: named, soft: dense, place: { record: k + 1 } };
  });
  const { names, losses, arrays } = await alone(options, (engine) => engine.ask("serialise", { records, format }, options.signal));
  return {
    files: arrays.map((bytes, k) => ({ name: names[k], bytes })),
    losses: losses.map(([feature, records]) => ({ feature, records })),
  };
}

// What a record may have of these kinds.
const FIELDS = [["question", "string"], ["title", "string"], ["note", "string"], ["confidence", "number"], ["agrees", "boolean"]];

// Half of a character, which a text that was cut anywhere may end in, becomes a character of the same length that stands for none.
const wellFormed = (_, value) => (typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value);

// UTF-16 offsets of all code points of a text, and of its end.
function utf16(text) {
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  return units;
}

// Hands the program of the site at `base` to `use`. Where the page's policy is in the way of what follows, the error says so.
async function begin({ base: folder, signal }, use) {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
    throw failure("noSimd", "This browser cannot run WebAssembly with SIMD; a browser of 2023 or later can.");
  }
  heed(signal);
  const base = root(folder);
  const refused = [];
  const note = (event) => refused.push(event);
  self.addEventListener("securitypolicyviolation", note);
  try {
    return await use(base, await until(signal, program(base)));
  } catch (error) {
    if (error?.kind === "data" || error?.name === "AbortError") throw error;
    await new Promise((resolve) => setTimeout(resolve, 50)); // word of a violation comes after the error that it causes
    throw forbidden(refused, base, error) ?? error;
  } finally {
    self.removeEventListener("securitypolicyviolation", note);
  }
}

// Asks a worker without a model, which ends with the answer.
function alone(options, ask) {
  return begin(options, async (base, module) => {
    const engine = new Engine(base, module);
    try {
      return await ask(engine);
    } finally {
      engine.close();
    }
  });
}

// The URL of the folder with programs and models, with a slash at its end.
function root(folder) {
  if ((folder ?? undefined) === undefined) return new URL(".", import.meta.url).href;
  let url;
  try {
    url = new URL(folder, self.document?.baseURI ?? self.location.href); // in a worker there is no document
  } catch {
    throw new Error(`base must be the address of a folder, not “${folder}”`);
  }
  [url.search, url.hash] = ["", ""];
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

// What the page's policy has refused of that which we need, in words; nothing if it is not to blame.
function forbidden(refused, base, cause) {
  const { origin } = new URL(base);
  const own = ({ blockedURI, disposition }) =>
    disposition === "enforce" && (blockedURI.startsWith(origin) || /^(blob|wasm-eval|eval|trusted-types)/.test(blockedURI));
  // WebKit refuses the program in the worker, with these words, and tells the page nothing.
  const program = /'(wasm-)?unsafe-eval'/.test(cause?.message) && { effectiveDirective: "script-src", blockedURI: "wasm-eval" };
  const event = refused.find(own) || program;
  if (!event) return undefined;
  const what = `${event.effectiveDirective} does not allow ${event.blockedURI || "it"}`;
  const workers = origin === self.origin ? origin : "blob:";
  const types = event.effectiveDirective === "trusted-types" ? "; trusted-types bioscope" : "";
  const wants = `script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src ${workers}${types}`;
  return failure("forbidden", `This page's Content-Security-Policy keeps Bioscope from loading: ${what}. It needs: ${wants}`, cause);
}

function failure(kind, message, cause) {
  return Object.assign(new Error(message, { cause }), { kind });
}

// Not `instanceof`: a buffer may come from another frame of the page.
const isBuffer = (value) => Object.prototype.toString.call(value) === "[object ArrayBuffer]";

const aborted = (why = "The request was cancelled.") => new DOMException(why, "AbortError");
const died = (why) => failure("workerDied", `The engine stopped unexpectedly (${why}).`);

// Throws where nothing is to be begun any more.
function heed(signal) {
  if ((signal ?? undefined) === undefined) return;
  if (typeof signal.addEventListener !== "function") throw new Error(`signal must be an AbortSignal, not “${signal}”`);
  if (signal.aborted) throw aborted();
}

// What a promise gives; the signal ends the waiting for it, and `stop` hears of that.
function until(signal, promise, stop) {
  return new Promise((resolve, reject) => {
    const end = () => {
      stop?.();
      reject(aborted());
    };
    signal?.addEventListener("abort", end);
    promise.then(resolve, reject).finally(() => signal?.removeEventListener("abort", end));
  });
}

// The worker program to start: the quickest that this browser can run, unless the page's address asks for ?kernel=simd128. Its
// compiled module is kept: once per page, again where it failed.
const plain = () => new URLSearchParams(self.location.search).get("kernel") === "simd128";
const kernel = () => (!plain() && WebAssembly.validate(RELAXED) ? "relaxed" : "simd128");
const programs = new Map();

function program(base) {
  const url = `${base}worker-${kernel()}_bg.wasm?v=${VERSION}`;
  if (!programs.has(url)) {
    const compiled = compile(url).catch((error) => {
      programs.delete(url);
      throw failure("network", `The program ${url} could not be loaded: ${error?.message ?? error}`, error);
    });
    programs.set(url, compiled);
  }
  return programs.get(url);
}

async function compile(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer()); // not streaming: servers need not know the media type
}

// The address of a script, as a page has it that requires Trusted Types. Its text goes into workers, too.
function trusted(url) {
  trusted.policy ??= self.trustedTypes?.createPolicy("bioscope", { createScriptURL: (url) => url });
  return trusted.policy?.createScriptURL(url) ?? url;
}

// A worker for the site at `base`. Browsers start none from another origin, but one from a Blob of the page's own may take its
// script from anywhere; worker.js then finds its address in bioscopeHome.
function start(base, module) {
  let url = `${base}worker.js?v=${VERSION}&kernel=${kernel()}&module`;
  const foreign = new URL(url).origin !== self.origin;
  if (foreign) {
    const why = `${url} cannot be loaded: it is not there, the page's policy (script-src) forbids it, `
      + "or the page sends Cross-Origin-Embedder-Policy and the site no Cross-Origin-Resource-Policy";
    const message = JSON.stringify({ failed: { id: 0, fault: { kind: "workerDied", why } } });
    const script = `self.bioscopeHome = ${JSON.stringify(url)};
      self.bioscopeTrusted = ${trusted};
      try { importScripts(self.bioscopeTrusted(self.bioscopeHome)); } catch { self.postMessage([${JSON.stringify(message)}]); }`;
    url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  }
  const worker = new Worker(trusted(url), { name: "bioscope" });
  worker.postMessage({ program: module });
  if (foreign) worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

// A worker, and the promises of its replies.
class Engine {
  dead = false; // it has died since the last load
  closed; // where it was ended on purpose, what is asked later rejects with this
  #base; #module; #onProgress; #worker; #timer;
  #next = 1;
  #waiting = new Map(); // by the request's number

  constructor(base, module, onProgress) {
    [this.#base, this.#module, this.#onProgress] = [base, module, onProgress];
    this.#start();
  }

  #start() {
    const worker = start(this.#base, this.#module);
    let pings = 0; // since the last message
    worker.onmessage = ({ data }) => {
      pings = 0;
      this.#hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      // One that never began has an error without a message. In a page that is isolated, its file has to ask for that, too.
      const more = self.crossOriginIsolated ? ": worker.js must be sent with Cross-Origin-Embedder-Policy, as this page is" : "";
      this.#fail(died(event.message || `it could not be started${more}`));
    };
    this.#timer = setInterval(() => {
      if (++pings === PATIENCE) this.#fail(died("it no longer answers"));
      else worker.postMessage(['"ping"']);
    }, PING_EVERY);
    this.#worker = worker;
  }

  restart() {
    this.#end();
    this.#start();
    this.dead = false;
  }

  close(why) {
    this.#end();
    this.closed = aborted(why);
    this.#fail(this.closed);
  }

  #end() {
    clearInterval(this.#timer);
    this.#worker.onmessage = this.#worker.onerror = null;
    this.#worker.terminate();
  }

  // Waits for the lock that the worker holds.
  #watch(lock) {
    const worker = this.#worker;
    clearInterval(this.#timer);
    navigator.locks.request(lock, () => {
      if (worker.onmessage) this.#fail(died("it has ended")); // not on purpose
    });
  }

  // The worker itself failed, and with it all that waits.
  #fail(error) {
    if (error.kind === "workerDied") this.dead = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #hear([text, ...arrays]) {
    const message = JSON.parse(text);
    const [name] = Object.keys(message); // of a text, such as "here", its first place
    const body = message[name];
    if (name === "holds") return this.#watch(body.lock);
    if (name === "progress") return void this.#onProgress?.(body.progress);
    const waiting = this.#waiting.get(body.id);
    if (name === "parsed" && waiting) {
      const records = (waiting.records ??= []);
      records.push(...body.dataset.records);
      if (body.more) return;
      body.dataset.records = records;
    }
    if (name === "refused") {
      waiting?.reject(Object.assign(failure("data", body.message), { problem: body.problem }));
    } else if (name === "failed") {
      const { kind, why } = body.fault;
      const error = kind === "aborted" ? aborted() : kind === "workerDied" ? died(why)
        : kind === "argument" ? new Error(why) : failure(kind, body.message || why);
      if (body.id === 0) return this.#fail(error);
      this.#waiting.get(body.id)?.reject(error);
    } else {
      this.#waiting.get(body.id)?.resolve({ ...body, arrays });
    }
    this.#waiting.delete(body.id);
  }

  // Makes a request and waits for its reply; `signal` stops it. Whether a step is made already only the worker knows: its reply is
  // waited for.
  async ask(name, fields, signal, buffers = []) {
    if (this.closed) throw this.closed; // nobody would answer
    heed(signal);
    const id = this.#next++;
    const reply = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage([JSON.stringify({ [name]: { id, ...fields } }, wellFormed), ...buffers], buffers.map(({ buffer }) => buffer));
    const cancel = () => this.#worker.postMessage([JSON.stringify({ cancel: { id } })]);
    if (name === "step") {
      signal?.addEventListener("abort", cancel);
      return reply.finally(() => signal?.removeEventListener("abort", cancel));
    }
    return until(signal, reply, () => {
      cancel();
      this.#waiting.delete(id);
    });
  }

  // Loads a model: by name, from the three buffers of an object, or from the buffer of an archive. So many `workers` analyse
  // together; undefined: as many as pay.
  async load(model, workers, signal) {
    // Copies: what is sent moves to the worker, and the caller's buffers stay the caller's.
    const copy = (buffer) => new Uint8Array(buffer.slice(0));
    let reply;
    if (isBuffer(model)) {
      reply = this.ask("loadOwn", { workers }, signal, [copy(model)]);
    } else if (typeof model === "object" && model !== null) {
      const files = ["weights", "config", "tokenizer"].map((name) => {
        if (!isBuffer(model[name])) throw new Error(`model.${name} must be an ArrayBuffer`);
        return copy(model[name]);
      });
      reply = this.ask("loadOwn", { workers }, signal, files);
    } else if (typeof (model ?? "") === "string") {
      reply = this.ask("loadShipped", { name: model ?? "", base: this.#base, workers }, signal);
    } else {
      throw new Error(`model must be a name, the three files of a model or a .zip file's bytes, not “${model}”`);
    }
    const { info, arrays: [W, b] } = await reply;
    return { info, dense: { W, b } };
  }
}

/** A loaded model; see bioscope.d.ts. */
class Bioscope {
  #base; #module; #model; #workers; #info;
  #engine;
  #dense; // W and b as loaded
  #learner; // the worker that learns and explains, from the first wish on; it has the model in f32
  #steps = 0; // beyond 0, the learner analyses
  #tuned; // W and b as learned
  #inside = new WeakMap(); // from the analyses handed out to their h, W and b

  static async load(base, module, { model, workers, onProgress, signal }) {
    const bioscope = new Bioscope();
    [bioscope.#base, bioscope.#module, bioscope.#model, bioscope.#workers] = [base, module, model, workers ?? undefined];
    bioscope.#engine = new Engine(base, module, onProgress);
    try {
      const { info, dense } = await bioscope.#engine.load(model, bioscope.#workers, signal);
      [bioscope.#info, bioscope.#dense] = [info, dense];
    } catch (error) {
      bioscope.#engine.close();
      throw error;
    }
    return bioscope;
  }

  get info() {
    return { ...this.#info };
  }

  async analyse(request) {
    const { question, paragraph } = texts(request);
    const decode = choice(request, "decode", ["viterbi", "one", "greedy"]);
    const learner = this.#steps > 0 ? await this.#learn() : undefined;
    if (!learner && this.#engine.dead && !this.#engine.closed) {
      this.#engine.restart(); // before anything is awaited: a second call then only queues behind the load
      this.#dense = (await this.#engine.load(this.#model, this.#workers)).dense;
    }
    const engine = learner ?? this.#engine;
    const { analysis, arrays: [hidden] } = await engine.ask("analyse", { question, paragraph, decode }, request.signal);
    const { tokens, answers, alternatives } = analysis;
    for (const part of [tokens, answers, alternatives].flat()) part.text = paragraph.slice(part.start, part.end); // see wellFormed
    this.#inside.set(analysis, { hidden, ...((learner && this.#tuned) ?? this.#dense) });
    return analysis;
  }

  loss(analysis, gold) {
    return loss(analysis, gold);
  }

  async head(analysis, token) {
    if (typeof analysis !== "object" || analysis === null) throw new Error("head needs an analysis");
    const i = index({ token }, "token"), inside = this.#inside.get(analysis);
    if (!inside) throw new Error("head needs the very object that analyse returned");
    const { hidden, W, b } = inside, d = W.length / 3, count = hidden.length / d;
    if (i >= count) throw new Error(`there is no token ${i}: the paragraph has ${count}`);
    return { h: hidden.slice(i * d, (i + 1) * d), W: W.slice(), b: b.slice() };
  }

  async step(request) {
    const instances = request?.instances ?? [request];
    if (!Array.isArray(instances)) throw new Error(`instances must be an array, not “${instances}”`);
    if (instances.length === 0) throw unfit("there is no instance to learn from");
    const lessons = instances.map((from) => ({ ...texts(from), gold: JSON.stringify(formed(from.gold)) }));
    const rate = request.learningRate;
    if (rate !== undefined && rate !== null && !(Number.isFinite(rate) && rate >= 0)) {
      throw new Error("learningRate must be a number of at least 0");
    }
    const mode = choice(request, "mode", ["joint", "head"]), optimizer = choice(request, "optimizer", ["adamw", "sgd"]);
    const reply = await this.#learning("step", { lessons, options: { mode, optimizer, learningRate: rate } }, request.signal);
    return this.#stepped(reply).report;
  }

  // A step may still be under way: the worker, which works in order, knows.
  async undo() {
    if (this.#engine.closed) throw this.#engine.closed;
    if (!this.#learner) return 0;
    return this.#stepped(await this.#learning("undo")).steps;
  }

  async reset() {
    if (this.#engine.closed) throw this.#engine.closed;
    this.#forget("The request was cancelled by a reset.");
    return 0;
  }

  async attribute(request) {
    const target = { token: index(request, "token"), label: choice(request, "label", ["B", "I", "O"], true),
      method: choice(request, "method", ["integrated", "gradient"]) };
    return (await this.#learning("attribute", { ...texts(request), target }, request.signal)).attribution;
  }

  async attention(request) {
    const of = { token: index(request, "token"), layer: index(request, "layer") };
    const { maps, arrays: [weights] } = await this.#learning("attend", { ...texts(request), of }, request.signal);
    return { ...maps, weights };
  }

  async save() {
    const { arrays } = await this.#learning("save", { zip: false });
    const [weights, config, tokenizer] = arrays.map((file) => file.buffer);
    return { weights, config, tokenizer };
  }

  close() {
    const why = "This model is closed.";
    this.#forget(why);
    this.#engine.close(why);
  }

  // Asks the worker that learns, in the order of the calls.
  async #learning(name, fields, signal) {
    heed(signal);
    const learner = await until(signal, this.#learn());
    return learner.ask(name, fields, signal);
  }

  // The worker that learns, started where there is none. One that has died has lost its steps.
  async #learn() {
    if (this.#engine.closed) throw this.#engine.closed;
    if (this.#learner?.engine.dead) {
      const lost = this.#steps;
      this.#forget();
      if (lost > 0) throw died(`${lost} steps of learning are lost`);
    }
    if (!this.#learner) {
      const engine = new Engine(this.#base, this.#module);
      const loaded = engine.load(this.#model, 1);
      this.#learner = { engine, loaded }; // in use before its model is there: who comes meanwhile waits for the same load
      loaded.catch(() => this.#learner?.engine === engine && this.#forget());
    }
    const { engine, loaded } = this.#learner;
    await loaded;
    return engine;
  }

  #stepped(reply) {
    const [W, b] = reply.arrays;
    [this.#steps, this.#tuned] = [reply.steps, { W, b }];
    return reply;
  }

  // Ends the worker that learns.
  #forget(why) {
    this.#learner?.engine.close(why);
    [this.#steps, this.#tuned, this.#learner] = [0, undefined, undefined];
  }
}

// Fields of a request, checked.

function texts(request) {
  for (const name of ["question", "paragraph"]) {
    if (typeof request?.[name] !== "string") throw new Error(`${name} must be a string`);
  }
  return { question: request.question, paragraph: request.paragraph };
}

function choice(request, name, values, needed = false) {
  const value = request[name] ?? (needed ? undefined : values[0]);
  if (values.includes(value)) return value;
  throw new Error(`${name} must be ${values.slice(0, -1).join(", ")} or ${values.at(-1)}, not “${value}”`);
}

// The options of `parse` but for those of the engine.
function reading({ from, offsets, encoding, question, labels, columns, ...switches }) {
  const options = {};
  for (const name of ["strict", "repair"]) options[name] = Boolean(switches[name]);
  if (encoding) options.encoding = choice({ encoding }, "encoding", ["windows-1252", "windows-1253"]);
  else if (switches.windows1252) options.encoding = "windows-1252";
  if (from) options.from = choice({ from }, "from", FORMATS);
  if (offsets) options.offsets = choice({ offsets }, "offsets", ["code-points", "utf16"]);
  const take = (name, value, fits, what) => {
    if ((value ?? undefined) === undefined) return;
    if (!fits(value)) throw new Error(`${name} must be ${what}, not “${value}”`);
    options[name] = value;
  };
  take("question", question, (value) => typeof value === "string", "a string");
  take("labels", labels, (value) => isTriple(value) && value.every(Number.isSafeInteger), "three whole numbers");
  take("columns", columns, (value) => Array.isArray(value) && value.every((one) => typeof one === "string"), "an array of strings");
  return options;
}

function index(request, name) {
  const value = request?.[name];
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${name} must be a whole number of at least 0, not “${value}”`);
}

// L and its parts, as in src/bio/: labels from spans (gold.rs), softmax (softmax.rs), loss (loss.rs). tests/e2e/api.rs holds the
// two together, messages included.

function loss(analysis, gold) {
  const tokens = analysis?.tokens;
  const known = (token) => typeof token?.text === "string" && Number.isInteger(token.start) && isTriple(token.logits);
  if (!Array.isArray(tokens) || !tokens.every(known)) throw new Error("the first argument is no analysis");
  const t = distributions(tokens, gold, analysis.paragraphLength ?? Infinity), logP = tokens.map(({ logits }) => logSoftmax(logits));
  // A class without gold mass adds exactly 0.
  const dot = (t, x) => [0, 1, 2].reduce((sum, j) => (t[j] === 0 ? sum : sum + t[j] * x[j]), 0);
  const sum = (values) => values.reduce((sum, value) => sum + value, 0);
  const terms = logP.map((logP, i) => -dot(t[i], logP) + 0); // + 0: never -0
  const kl = sum(logP.map((logP, i) => dot(t[i], logP.map((value, j) => Math.log(t[i][j]) - value))));
  return {
    total: sum(terms),
    terms,
    gold: t,
    entropy: -sum(t.map((row) => dot(row, row.map(Math.log)))) + 0,
    kl: kl < 0 && kl >= -1e-12 ? 0 : kl, // never negative, but for rounding
    gradient: logP.map((logP, i) => logP.map((value, j) => Math.exp(value) - t[i][j])),
  };
}

const isTriple = (row) => Array.isArray(row) && row.length === 3 && row.every(Number.isFinite);
const isDistribution = ([B, I, O]) => Math.min(B, I, O) >= 0 && Math.abs(B + I + O - 1) <= 1e-6;

// log p = log softmax(z) of the model's f32 z. By log1p over the others: log(1 + tiny) would round to 0.
function logSoftmax(logits) {
  const z = logits.map(Math.fround), top = z.indexOf(Math.max(...z));
  const rest = z.reduce((sum, value, j) => (j === top ? sum : sum + Math.exp(value - z[top])), 0);
  return z.map((value) => value - z[top] - Math.log1p(rest));
}

function unfit(why) {
  return failure("gold", `The gold labels do not fit the paragraph: ${why}.`);
}

// Gold labels, which must be of one of the three forms.
function formed(gold) {
  const check = (fits) => {
    if (!fits) throw unfit("expected [[{start, end}, …], …], {annotators, weights} or {tokens: [[B, I, O], …]}");
  };
  const tokens = gold?.tokens ?? undefined;
  if (tokens !== undefined) {
    check(Array.isArray(tokens) && tokens.every(isTriple));
    return { tokens };
  }
  const annotators = Array.isArray(gold) ? gold : gold?.annotators;
  const isSpan = (span) => [span?.start, span?.end].every((at) => Number.isSafeInteger(at) && at >= 0);
  check(Array.isArray(annotators) && annotators.every((spans) => Array.isArray(spans) && spans.every(isSpan)));
  const weights = (Array.isArray(gold) ? undefined : gold.weights) ?? annotators.map(() => 1);
  check(Array.isArray(weights) && weights.every(Number.isFinite));
  return { annotators, weights };
}

// t_i of every token.
function distributions(tokens, gold, length) {
  const { tokens: given, annotators, weights } = formed(gold);
  if (given) {
    if (given.length !== tokens.length) throw unfit(`${given.length} distributions for ${tokens.length} tokens`);
    given.forEach((row, i) => {
      if (!isDistribution(row)) {
        throw unfit(`the values ${row.join(", ")} of token ${i + 1} are no distribution: each must be at least 0 and their sum 1`);
      }
    });
    return given.map((row) => [...row]);
  }
  const labels = annotators.map((spans, a) => labelsOf(tokens, length, spans, (why) => unfit(`annotator ${a + 1}: ${why}`)));
  if (labels.length === 0) throw unfit("there is no annotator");
  if (weights.length !== labels.length) throw unfit(`weights given: ${weights.length}, annotators: ${labels.length}`);
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative >= 0) {
    throw unfit(`the weight ${weights[negative]} of annotator ${negative + 1} is not a finite number of at least 0`);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Infinity)) {
    throw unfit(`the annotators' weights add up to ${total === Infinity ? "inf" : total}, but a finite sum above 0 is needed`);
  }
  return tokens.map((_, i) => {
    const votes = [0, 0, 0];
    labels.forEach((row, a) => { votes[row[i]] += weights[a]; });
    return votes.map((vote) => vote / total);
  });
}

// An annotator's label of every token, as an index into B, I, O: the first token that overlaps a span begins it.
function labelsOf(tokens, length, spans, wrong) {
  for (const at of spans.flatMap(({ start, end }) => [start, end])) {
    const token = tokens.find(({ start, end }) => start < at && at < end);
    const cut = /^[\ud800-\udbff][\udc00-\udfff]/.test(token?.text.slice(at - token.start - 1));
    if (cut) throw wrong(`offset ${at} cuts a character in two (offsets count UTF-16 units)`);
  }
  const past = spans.find(({ end }) => end > length);
  if (past) throw wrong(`the span from ${past.start} to ${past.end} ends past the paragraph, whose length is ${length}`);
  const empty = spans.find(({ start, end }) => start >= end);
  if (empty) throw wrong(`the span from ${empty.start} to ${empty.end} is empty: its end must come after its start`);
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
  const ordered = sorted.filter((span, k) => k === 0 || span.start !== sorted[k - 1].start || span.end !== sorted[k - 1].end);
  const both = (a, b) => `the spans ${a.start} to ${a.end} and ${b.start} to ${b.end}`;
  const clash = ordered.findIndex((span, k) => k > 0 && span.start < ordered[k - 1].end);
  if (clash > 0) throw wrong(`${both(ordered[clash - 1], ordered[clash])} overlap`);
  const labels = tokens.map(() => 2);
  ordered.forEach((span, k) => {
    let label = 0;
    tokens.forEach((token, i) => {
      if (token.start >= span.end || span.start >= token.end) return;
      if (labels[i] !== 2) throw wrong(`${both(ordered[k - 1], span)} fall into the same token (number ${i + 1})`);
      labels[i] = label;
      label = 1;
    });
    if (label === 0) throw wrong(`the span from ${span.start} to ${span.end} touches no token`);
  });
  return labels;
}
