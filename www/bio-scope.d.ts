// Types of bio-scope.js, which defines <bio-scope>.
import type { Analysis, BioscopeError, ModelName } from "./bioscope.js";

/** What an element tells: of every analysis, and of what went wrong (this one does not bubble). */
export interface BioScopeEvents {
  analysed: CustomEvent<Analysis>;
  error: ErrorEvent & { readonly error: BioscopeError };
}

/**
 * Finds the answers to `question` in its own text, which is shown as plain text once it is read, without links, images and
 * emphasis. Attributes: `question`, `model`, `base` as in `load`, and `loading`, which
 * says when the model is fetched: `view` (when the element comes into view; the default), `click`, `eager`.
 *
 * Parts: `question`, `text`, `answer`, `token` (the line with p), `status`, `progress`, `error`, `button`. Custom properties:
 * `--bio-scope-answer`, `--bio-scope-begin`, `--bio-scope-token`, `--bio-scope-bar`, `--bio-scope-focus`, `--bio-scope-error`.
 */
export class BioScope extends HTMLElement {
  /** The attribute. A change is read at once. */
  question: string;
  /** The attribute; empty: the default model. */
  model: ModelName;
  /** The element's text with white space as HTML shows it: what offsets of `analysis` count in. */
  readonly paragraph: string;
  /** The last analysis; `undefined` until there is one of the present texts and model. */
  readonly analysis: Analysis | undefined;
  /** Fetches the model and reads, whatever `loading` says; after a failure: once more. */
  start(): void;

  addEventListener<K extends keyof BioScopeEvents>(
    type: K,
    listener: (this: BioScope, event: BioScopeEvents[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "bio-scope": BioScope;
  }
}
