// <bio-scope question="Who sang?">On Friday Ada sang, and Bo listened.</bio-scope>
//
// An element that finds the answers to a question in its own text and shows p of every token. docs/embedding.md says what it
// takes. It makes nothing out of text but text nodes, and its style is a constructed one, so the strictest policy allows it.

const WORDS = {
  en: {
    begin: "Find the answer",
    loading: "Loading the model …",
    megabytes: (loaded, total) => `${loaded} of ${total} MB`,
    reading: "Reading …",
    answer: (answers) => `${answers.length > 1 ? "Answers" : "Answer"}: ${answers.join("; ")}`,
    none: (p) => `No answer: P(no answer) = ${p}`,
    truncated: (count) => `The question is long: its first ${count} word pieces were read.`,
    failed: "That did not work.",
    again: "Try again",
    keys: "Point at a word to see p, the probability of Begin, Inside and Outside. With the keyboard: arrow keys, Home, End.",
    text: "Paragraph, token by token",
  },
  el: {
    begin: "Βρες την απάντηση",
    loading: "Φόρτωση του μοντέλου …",
    megabytes: (loaded, total) => `${loaded} από ${total} MB`,
    reading: "Ανάγνωση …",
    answer: (answers) => `${answers.length > 1 ? "Απαντήσεις" : "Απάντηση"}: ${answers.join("· ")}`,
    none: (p) => `Καμία απάντηση: P(καμία απάντηση) = ${p}`,
    truncated: (count) => `Η ερώτηση είναι μεγάλη: διαβάστηκαν τα πρώτα ${count} κομμάτια λέξεων.`,
    failed: "Δεν πέτυχε.",
    again: "Ξανά",
    keys: "Δείξτε μια λέξη για να δείτε το p, την πιθανότητα των Begin, Inside και Outside. Με το πληκτρολόγιο: βέλη, Home, End.",
    text: "Παράγραφος, σύμβολο προς σύμβολο",
  },
};

// Colours are laid over those of the page around, light or dark, and text keeps the page's own.
const STYLE = `
  :host { display: block; margin-block: 1em; line-height: 1.6; }
  :host([hidden]), [hidden] { display: none !important; }
  p { margin: .4em 0 0; }
  .question { margin: 0 0 .3em; font-weight: 600; }
  .text { overflow-wrap: anywhere; }
  .text:has(.token) { white-space: pre-line; }
  mark { color: inherit; background: var(--bio-scope-answer, rgb(77 127 255 / .3)); border-radius: .2em; padding: .1em 0; }
  .token { border-radius: .2em; cursor: default; }
  mark .token:first-child { box-shadow: inset .2em 0 var(--bio-scope-begin, rgb(77 127 255)); padding-left: .25em; }
  .token:hover, .token:focus { background: var(--bio-scope-token, rgb(127 127 127 / .3)); }
  .token:focus-visible, button:focus-visible { outline: 2px solid var(--bio-scope-focus, currentColor); outline-offset: 1px; }
  .small { font-size: .875em; }
  .detail { min-height: 3.2em; font-variant-numeric: tabular-nums; }
  .detail b { margin-inline-end: .8em; }
  .share { display: inline-block; white-space: nowrap; margin-inline-end: 1em; }
  .bar { display: inline-block; width: 4em; height: .6em; margin-inline: .4em; border-radius: .2em; background: rgb(127 127 127 / .3); overflow: hidden; }
  .bar i { display: block; height: 100%; width: calc(var(--p) * 100%); background: var(--bio-scope-bar, rgb(77 127 255)); }
  .error { border-inline-start: .25em solid var(--bio-scope-error, #e11d48); padding-inline-start: .6em; }
  button { display: block; margin-top: .5em; font: inherit; color: inherit; background: none; border: 1px solid currentColor; border-radius: .5em; padding: .45em 1em; min-height: 2.5em; cursor: pointer; }
  progress { width: 8em; max-width: 40%; vertical-align: middle; accent-color: var(--bio-scope-bar, rgb(77 127 255)); }
  @media (forced-colors: active) {
    .bar, .bar i { forced-color-adjust: none; }
    .bar { background: Canvas; outline: 1px solid; }
    .bar i { background: Highlight; }
    mark .token:first-child { border-inline-start: .2em solid; }
    .token:hover { outline: 1px solid Highlight; }
  }
`;
let sheet;

// Every model that elements of this page use is loaded once.
const shared = new Map();

function take(user, model, base) {
  const key = JSON.stringify([model, base]);
  const known = shared.get(key);
  if (known) {
    known.users.add(user);
    return known;
  }
  const stop = new AbortController();
  const entry = { key, stop, users: new Set([user]), progress: undefined };
  const onProgress = (progress) => {
    entry.progress = progress;
    for (const each of entry.users) each.progress(progress);
  };
  const options = { model: model || undefined, base: base || undefined, signal: stop.signal, onProgress };
  entry.loaded = import("./bioscope.js").then(({ load }) => load(options));
  entry.loaded.catch(() => forget(entry)); // so that another attempt can be made
  shared.set(key, entry);
  return entry;
}

function forget(entry) {
  if (shared.get(entry.key) === entry) shared.delete(entry.key);
}

// The last one out ends the engine; one that is only moved in the page is back at once.
function leave(user, entry) {
  entry.users.delete(user);
  setTimeout(() => {
    if (entry.users.size > 0) return;
    forget(entry);
    entry.stop.abort();
    entry.loaded.then((bioscope) => bioscope.close(), () => {});
  }, 1000);
}

// Elements that have lines of their own, and those that show no text.
const BLOCKS = "address, article, aside, blockquote, dd, details, div, dl, dt, fieldset, figcaption, figure, footer, h1, h2, h3, h4, h5, h6, "
  + "header, hr, li, main, nav, ol, p, pre, section, summary, table, tr, ul";
const UNSEEN = "script, style, template, noscript, [hidden]";

// Its text, with a line break wherever a line begins; the text itself has none.
function shown(element) {
  const parts = [...element.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(UNSEEN)) return "";
    if (node.matches("br")) return "\n";
    return node.matches(BLOCKS) ? `\n${shown(node)}\n` : node.matches("td, th") ? ` ${shown(node)} ` : shown(node);
  });
  return parts.join("");
}

function make(name, className, ...content) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...content);
  return element;
}

/** See bio-scope.d.ts. Where there is no page (a server renders one), this can be imported all the same. */
export class BioScope extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["question", "model", "base"];

  #question = make("p", "question");
  #slot = make("slot", "");
  #text = make("div", "text", this.#slot);
  #detail = make("p", "detail small");
  #status = make("p", "status small");
  #bar = document.createElement("progress");
  #megabytes = make("span", "");
  #progress = make("p", "progress small", this.#bar, " ", this.#megabytes);
  #error = make("p", "error small");
  #button = make("button", "");

  #wanted = false; // in view, or asked for
  #entry; // the model, shared
  #stop; // ends the analysis under way
  #due = false;
  #analysis;
  #tokens = []; // their elements
  #seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.start(), { rootMargin: "200px" });
  #changes = new MutationObserver(() => this.#refresh());

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#detail.id = "detail"; // of the shadow tree
    this.#status.setAttribute("role", "status");
    this.#error.setAttribute("role", "alert");
    this.#megabytes.setAttribute("aria-hidden", "true"); // the bar says it
    this.#button.type = "button";
    this.#button.addEventListener("click", () => this.start());
    const parts = { question: this.#question, text: this.#text, status: this.#status, token: this.#detail,
      progress: this.#progress, error: this.#error, button: this.#button };
    for (const [name, element] of Object.entries(parts)) {
      element.setAttribute("part", name);
      root.append(element);
    }
    const index = (event) => this.#tokens.indexOf(event.target);
    this.#text.addEventListener("pointerover", (event) => this.#tell(index(event)));
    this.#text.addEventListener("pointerleave", () => this.#tell(this.#tokens.indexOf(root.activeElement)));
    this.#text.addEventListener("focusin", (event) => this.#tell(index(event)));
    this.#text.addEventListener("focusout", () => this.#tell(-1));
    this.#text.addEventListener("keydown", (event) => this.#press(event));
    this.#show({});
  }

  connectedCallback() {
    // What was set before this module had come would hide the accessors.
    for (const name of ["question", "model"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#changes.observe(this, { childList: true, characterData: true, subtree: true });
    const loading = this.getAttribute("loading");
    if (loading === "eager") this.#wanted = true;
    else if (loading !== "click" && !this.#wanted) this.#seen.observe(this);
    this.#refresh();
  }

  disconnectedCallback() {
    this.#seen.disconnect();
    this.#changes.disconnect();
    this.#stop?.abort();
    this.#release();
  }

  attributeChangedCallback(name) {
    if (name !== "question") this.#release();
    this.#refresh();
  }

  get question() { return this.getAttribute("question") ?? ""; }
  set question(text) { this.setAttribute("question", text ?? ""); }
  get model() { return this.getAttribute("model") ?? ""; }
  set model(name) { this.setAttribute("model", name ?? ""); }
  /** The element's text as HTML shows it: white space is one blank, and what begins a line is one line break. */
  get paragraph() { return shown(this).replace(/\s*\n\s*/g, "\n").replace(/[^\S\n]+/g, " ").trim(); }
  get analysis() { return this.#analysis; }

  start() {
    this.#wanted = true;
    this.#seen.disconnect();
    this.#refresh();
  }

  /** For the loader alone. */
  progress({ loaded, total }) {
    const megabytes = (bytes) => this.#number(bytes / 1e6, 1);
    this.#bar.max = total || 1;
    this.#bar.value = loaded;
    this.#megabytes.textContent = this.#words.megabytes(megabytes(loaded), megabytes(total));
  }

  #release() {
    if (this.#entry) leave(this, this.#entry);
    this.#entry = undefined;
  }

  // Several changes in one go are one.
  #refresh() {
    this.#stop?.abort();
    this.#analysis = undefined; // it is not of the present texts any more
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected) this.#run();
    });
  }

  async #run() {
    const stop = (this.#stop = new AbortController());
    const { question, paragraph } = this;
    const words = this.#words;
    this.#question.textContent = question;
    this.#tokens = [];
    this.#text.replaceChildren(this.#slot);
    const able = question.trim() !== "" && paragraph !== "";
    if (!this.#wanted || !able) {
      this.#show(able && this.getAttribute("loading") === "click" ? { button: words.begin } : {});
      return;
    }
    try {
      this.#entry ??= take(this, this.model, this.getAttribute("base") ?? "");
      this.progress(this.#entry.progress ?? { loaded: 0, total: 0 });
      this.#show({ status: words.loading, progress: true });
      let bioscope;
      try {
        bioscope = await this.#entry.loaded;
      } catch (error) {
        if (!stop.signal.aborted) this.#release();
        throw error;
      }
      if (stop.signal.aborted) return;
      this.#show({ status: words.reading });
      const analysis = await bioscope.analyse({ question, paragraph, signal: stop.signal });
      if (stop.signal.aborted) return;
      this.#analysis = analysis;
      this.#draw(paragraph, analysis);
      const answers = analysis.answers.map((answer) => answer.text);
      const found = answers.length > 0 ? words.answer(answers) : words.none(this.#number(analysis.noAnswer, 3));
      const cut = analysis.questionTruncated ? ` ${words.truncated(analysis.questionTokens)}` : "";
      this.#show({ status: found + cut, detail: true });
      this.dispatchEvent(new CustomEvent("analysed", { detail: analysis, bubbles: true }));
    } catch (error) {
      if (stop.signal.aborted) return;
      this.#show({ error: `${words.failed} ${error?.message ?? error}`, button: words.again });
      this.dispatchEvent(new ErrorEvent("error", { error, message: String(error?.message ?? error) }));
    }
  }

  // The language of the page around; the element's own is its text's.
  get #language() {
    return this.parentElement?.closest("[lang]")?.lang.startsWith("el") ? "el" : "en";
  }

  get #words() { return WORDS[this.#language]; }

  #number(value, digits) {
    return value.toLocaleString(this.#language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  #show({ status = "", progress = false, detail = false, error = "", button = "" }) {
    for (const [element, text] of [[this.#status, status], [this.#error, error], [this.#button, button]]) {
      // What is said already is not said again.
      if (element.textContent !== text) element.textContent = text;
      element.hidden = text === "" && element !== this.#status;
    }
    this.#question.hidden = this.#question.textContent === "";
    this.#progress.hidden = !progress;
    this.#detail.hidden = !detail;
    this.#bar.setAttribute("aria-label", this.#words.loading);
    for (const element of [this.#status, this.#progress, this.#detail, this.#error, this.#button]) element.lang = this.#language;
    if (detail) {
      this.#text.setAttribute("role", "group");
      this.#text.setAttribute("aria-label", this.#words.text);
      this.#text.setAttribute("aria-describedby", "detail");
      this.#tell(-1);
    } else {
      for (const name of ["role", "aria-label", "aria-describedby"]) this.#text.removeAttribute(name);
    }
  }

  // The paragraph with its answers marked; one token can be reached by Tab, the others by arrow keys.
  #draw(paragraph, { tokens, answers }) {
    // Accents that are characters of their own belong to no token; each is shown with the one before it.
    const accents = /\p{Mn}*/uy;
    const ends = tokens.map(({ end }) => {
      accents.lastIndex = end;
      return end + accents.exec(paragraph)[0].length;
    });
    this.#tokens = tokens.map((token, i) => {
      const element = make("span", "token", paragraph.slice(token.start, ends[i]));
      element.dataset.label = token.label;
      element.tabIndex = i === 0 ? 0 : -1;
      return element;
    });
    const content = [];
    let [place, end] = [content, Infinity];
    const add = (...nodes) => (place === content ? content.push(...nodes) : place.append(...nodes));
    tokens.forEach((token, i) => {
      const before = paragraph.slice(ends[i - 1] ?? 0, token.start);
      const answer = answers.find((each) => each.first === i);
      if (i === end || answer) place = content;
      if (before) add(before);
      if (answer) {
        const mark = make("mark", "");
        mark.setAttribute("part", "answer");
        content.push(mark);
        [place, end] = [mark, answer.last];
      }
      add(this.#tokens[i]);
    });
    content.push(paragraph.slice(ends.at(-1)));
    this.#text.replaceChildren(...content);
  }

  // p of a token in words and bars; without one, how to get there.
  #tell(index) {
    if (!this.#analysis) return;
    const token = this.#analysis.tokens[index];
    this.#detail.setAttribute("aria-live", token ? "polite" : "off"); // the hint is the paragraph's description
    if (!token) {
      this.#detail.replaceChildren(this.#words.keys);
      return;
    }
    const share = (name, p) => {
      const fill = document.createElement("i");
      fill.style.setProperty("--p", p);
      const bar = make("span", "bar", fill);
      bar.setAttribute("aria-hidden", "true");
      return [make("span", "share", `${name} `, bar, this.#number(p, 3)), " "];
    };
    this.#detail.replaceChildren(make("b", "", token.text), ...["B", "I", "O"].flatMap((name, j) => share(name, token.p[j])));
  }

  #press(event) {
    const now = this.#tokens.indexOf(event.target);
    if (now < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const last = this.#tokens.length - 1;
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = this.#tokens[Math.min(Math.max(next, 0), last)];
    this.#tokens[now].tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }
}

if (globalThis.customElements && !customElements.get("bio-scope")) customElements.define("bio-scope", BioScope);
