// Types of bioscope.js: look inside a BERT that tags every token of a paragraph as Begin, Inside or Outside of an answer.
//
// `start` and `end` are offsets in UTF-16 code units, end exclusive, as JavaScript's `slice` takes them. Three numbers that
// belong to the labels stand in the order B, I, O. Logarithms are natural, losses in nats.

/** Begin, Inside, Outside of an answer. */
export type Label = "B" | "I" | "O";

/** One number for each label, in the order B, I, O. */
export type PerLabel = [B: number, I: number, O: number];

/** `Float32Array` and `Uint8Array` of a buffer of their own, as compilers before and since TypeScript 5.7 call them. */
export type Floats = ReturnType<Float32ArrayConstructor["of"]>;
export type Octets = ReturnType<Uint8ArrayConstructor["of"]>;

/** A range of the paragraph. */
export interface Span {
  start: number;
  end: number;
}

/** How spans are read off p: the best label sequence (`viterbi`, the default), exactly one span (`one`), argmax (`greedy`). */
export type Decoder = "viterbi" | "one" | "greedy";

/** Names of the shipped models; a site may have others. */
export type ModelName = "minilm-l6" | "tiny-128" | (string & {});

/** The three files of a model of your own, as Hugging Face saves them. The buffers stay yours. */
export interface ModelFiles {
  /** `model.safetensors` (f32, f16, bf16, or int8 rows) or GGUF. */
  weights: ArrayBuffer;
  /** `config.json`. */
  config: ArrayBuffer;
  /** `tokenizer.json`. */
  tokenizer: ArrayBuffer;
}

/** How far a load is. */
export interface Progress {
  /** `download`, `cache` (an earlier visit has kept it), `prepare`; all count bytes. */
  stage: "download" | "cache" | "prepare" | (string & {});
  loaded: number;
  /** 0 while unknown. */
  total: number;
}

export interface LoadOptions {
  /** A shipped model (left out: the default), your own three files, or a .zip file of them as the page saves it. */
  model?: ModelName | ModelFiles | ArrayBuffer;
  /** How many workers analyse together; left out, as many as the machine has cores for and as make it quicker. */
  workers?: number;
  /** Hears of the download. */
  onProgress?: (progress: Progress) => void;
  /** Stops the download, of the engine too; `load` then rejects with an `AbortError`. */
  signal?: AbortSignal;
  /** The folder that holds programs and models, where it is not the one of bioscope.js: for those who bundle. */
  base?: string | URL;
}

/**
 * Loads a model into a Web Worker of its own. Pages and module workers can call it.
 * @throws {@link BioscopeError}, `AbortError`
 */
export function load(options?: LoadOptions): Promise<Bioscope>;

export interface Text {
  /** Up to 256 word pieces are read; see `questionTruncated`. */
  question: string;
  /** Of any length; it is read in windows of 384 positions. */
  paragraph: string;
}

export interface Stoppable {
  /** Stops the work; the promise then rejects with an `AbortError`. */
  signal?: AbortSignal;
}

/** What is loaded. */
export interface Info {
  /** The shipped model's name, or `own`. */
  model: string;
  /** d, the length of h_i. */
  hiddenSize: number;
  /** Encoder layers. */
  layers: number;
  /** Trained values, the dense layer's included. */
  parameters: number;
  /** Size of the weight file. */
  bytes: number;
  /** `int8 rows`, `f16`, `f32`, ... */
  quantization: string;
  /** The instructions that the engine runs on. */
  kernel: Kernel;
  /** What the decoder `viterbi` adds to every log p_B, in nats: the model's own number, mostly 0. p does not know it. */
  bBias: number;
}

export type Kernel = "relaxed" | "simd128" | (string & {});

/** What the model reads in a text. */
export interface Analysis {
  /** N_Q, word pieces of the question. */
  questionTokens: number;
  /** Their places in the question. */
  questionPieces: Span[];
  /** The question is longer, and was read up to its last piece only. */
  questionTruncated: boolean;
  /** N_P, word pieces of the paragraph. */
  paragraphTokens: number;
  /** The paragraph's length in UTF-16 code units. */
  paragraphLength: number;
  /** d, the length of h_i. */
  hiddenSize: number;
  /** The windows as ranges of tokens, end exclusive. */
  windows: Span[];
  decode: Decoder;
  /** What the decoder `viterbi` adds to every log p_B, in nats, whether it was the decoder or not. */
  bBias: number;
  /** P(no answer). */
  noAnswer: number;
  /** The N_P tokens, in order. */
  tokens: Token[];
  /** Tokens whose I the greedy decoder has made a B. */
  repaired: number[];
  /** The decoded spans, best first; empty: no answer. */
  answers: Answer[];
  /** The best few single spans. */
  alternatives: Answer[];
  kernel: Kernel;
  /** How many workers shared the work. */
  workers: number;
  milliseconds: { tokenize: number; forward: number; decode: number };
}

/** A word piece of the paragraph. */
export interface Token extends Span {
  /** `paragraph.slice(start, end)`. */
  text: string;
  /** Index of the word that it belongs to. */
  word: number;
  /** z_i = W h_i + b. */
  logits: PerLabel;
  /** p_i = softmax(z_i). */
  p: PerLabel;
  /** As decoded. */
  label: Label;
  /** Of the largest p. */
  argmax: Label;
  /** The window that the values come from. */
  window: number;
}

export interface Answer extends Span {
  /** `paragraph.slice(start, end)`. */
  text: string;
  /** Its first token. */
  first: number;
  /** One past its last token. */
  last: number;
  /** log(p_B / p_O) of its first token + the sum of log(p_I / p_O) of the others. */
  score: number;
}

/**
 * Gold labels: for each annotator a list of spans, empty for "no answer"; the same with weights; or t_i of every token.
 * An annotator's first token of a span is B, its further ones I, all others O; t_i is the annotators' mean.
 */
export type Gold = Span[][] | { annotators: Span[][]; weights?: number[] } | { tokens: PerLabel[] };

/** L = - sum_i sum_j t_ij log p_ij with its parts. */
export interface Loss {
  /** L = entropy + kl. */
  total: number;
  /** What each token adds to L. */
  terms: number[];
  /** t_i. */
  gold: PerLabel[];
  /** H(t), below which no model gets. */
  entropy: number;
  /** KL(t || p). */
  kl: number;
  /** dL/dz_i = p_i - t_i. */
  gradient: PerLabel[];
}

/** One token at the dense layer: z_i = W h_i + b. */
export interface Head {
  /** h_i, d values. */
  h: Floats;
  /** 3 x d values, row after row. */
  W: Floats;
  /** 3 values. */
  b: Floats;
}

/** A text with gold labels. */
export interface Instance extends Text {
  gold: Gold;
}

export interface StepSettings {
  /**
   * Stops the step: the promise then rejects with an `AbortError`, and nothing has changed. One that is made by then stays made,
   * and its promise resolves.
   */
  signal?: AbortSignal;
  /** What learns: W and b alone, or BERT too (the default). */
  mode?: "head" | "joint";
  /** Default: `adamw`, without weight decay. */
  optimizer?: "adamw" | "sgd";
  /** Left out: one that works for model, mode and optimizer. */
  learningRate?: number;
}

/** One instance, or several, whose mean L is then the loss. */
export type StepRequest = StepSettings & (Instance | { instances: Instance[] });

/** What a step of learning did. */
export interface StepReport {
  lossBefore: number;
  /** `null` when the rate was so high that it is no number any more. */
  lossAfter: number | null;
  /** H(t), below which L cannot fall. */
  entropy: number;
  /** L2 norm of what was added to each tensor, by its name. */
  updateNorms: Record<string, number>;
  /** L2 norm of the whole gradient. */
  gradientNorm: number;
  /** The rate that was used. */
  learningRate: number;
  /** Steps since the loaded weights, this one included. */
  steps: number;
  milliseconds: number;
  /** Bytes of the learning worker's WebAssembly memory. */
  memory: number;
}

export interface AttributionRequest extends Text, Stoppable {
  /** Index of the paragraph token. */
  token: number;
  label: Label;
  /** Integrated gradients from the masked input (the default), or gradient times input. */
  method?: "integrated" | "gradient";
}

/** A position of a window. */
export interface InputToken {
  text: string;
  part: "question" | "paragraph" | "special";
}

/** What every input token adds to log(p / (1 - p)) of a class at a token. */
export interface Attribution {
  tokens: (InputToken & { value: number })[];
  /** Log odds of the input. */
  value: number;
  /** Log odds of the masked input. */
  baseline: number;
  /** |sum of the values - (value - baseline)| / |value - baseline|; 0 for `gradient`. */
  completenessError: number;
}

export interface AttentionRequest extends Text, Stoppable {
  /** Index of a paragraph token: the maps are those of its window. */
  token: number;
  /** Index of the encoder layer. */
  layer: number;
}

/** The attention of one layer: H maps of T x T. */
export interface Attention {
  /** The T positions of the window. */
  tokens: InputToken[];
  /** Where the token stands among them. */
  position: number;
  layer: number;
  layers: number;
  /** H. */
  heads: number;
  /** H x T x T values: what position i (row) of a head takes of position j (column). Every row adds up to 1. */
  weights: Floats;
}

/** A loaded model. */
export interface Bioscope {
  readonly info: Info;

  /** Finds the answers. Several may be asked at once; after steps of learning, the tuned model answers. */
  analyse(request: Text & Stoppable & { decode?: Decoder }): Promise<Analysis>;

  /** L of an analysis against gold labels, at once. */
  loss(analysis: Analysis, gold: Gold): Loss;

  /** h, W and b of a token. `analysis` must be the very object that `analyse` has returned. */
  head(analysis: Analysis, token: number): Promise<Head>;

  /**
   * One step of learning. The first one starts a second worker, which holds the model in f32: `lossBefore` is by f32, and so a
   * little off the `loss` of an analysis by the 8-bit weights; once there are steps, analyses are by f32, too.
   */
  step(request: StepRequest): Promise<StepReport>;

  /** Takes the last step back, one that is still under way too; resolves with the number of steps that are left. */
  undo(): Promise<number>;

  /** Takes all steps back, to the loaded weights, bit for bit; resolves with 0. */
  reset(): Promise<number>;

  /** Which input tokens speak for a class at a token. Starts the second worker, as `step` does. */
  attribute(request: AttributionRequest): Promise<Attribution>;

  /** What the heads of a layer look at. Starts the second worker, as `step` does. */
  attention(request: AttentionRequest): Promise<Attention>;

  /** The model as it is now, weights in f32: what `load({ model })` takes. */
  save(): Promise<ModelFiles>;

  /** Ends the workers; what still runs, or is asked of them later, is rejected with an `AbortError`. */
  close(): void;
}

/** What the functions throw and promises reject with. A wrong argument, such as an unknown decoder, is an `Error` without `kind`. */
export interface BioscopeError extends Error {
  kind?: ErrorKind;
}

/**
 * - `emptyQuestion`, `emptyParagraph`: the text
 * - `unknownModel`, `missing`, `network`, `corrupt`, `mismatch`: the model's files
 * - `forbidden`: the page's Content-Security-Policy; `noSimd`: the browser
 * - `gold`: labels that do not fit the paragraph; `diverged`: a learning rate that was far too high
 * - `data`: a data file of no known format, or one that needs a decision (see `parse`)
 * - `workerDied`: the engine stopped; the next call starts it anew, steps of learning are lost
 * - `noModel`, `internal`: a defect of bioscope.js
 */
export type ErrorKind =
  | "emptyQuestion"
  | "emptyParagraph"
  | "unknownModel"
  | "missing"
  | "network"
  | "corrupt"
  | "mismatch"
  | "forbidden"
  | "noSimd"
  | "gold"
  | "diverged"
  | "workerDied"
  | "data"
  | "noModel"
  | "internal";

/** Formats of data files; docs/formats.md shows each. `plain` is read only. */
export type Format =
  | "plain"
  | "squad"
  | "hf-qa"
  | "lines"
  | "conll"
  | "hf-tokens"
  | "doccano"
  | "doccano-entities"
  | "label-studio"
  | "prodigy"
  | "brat"
  | "webanno"
  | "csv"
  | "tsv"
  | "multispanqa";

/** The content of a file. Buffers stay yours; a string is taken as UTF-8. */
export type Bytes = ArrayBuffer | ArrayBufferView | string;

export interface ParseOptions extends Stoppable {
  /** The format; left out, it is told by the content. */
  from?: Format;
  /** The question of records that have none. */
  question?: string;
  /** Reject at the first bad record, in place of leaving it out and listing it. */
  strict?: boolean;
  /** Move an answer that does not stand where the file says to the only place where it stands. */
  repair?: boolean;
  /** What the file's offsets count, where that is not what the format says. */
  offsets?: "code-points" | "utf16";
  /** Which numbers of `ner_tags` are B, I and O. */
  labels?: [B: number, I: number, O: number];
  /** What a CoNLL file's columns of labels are, from the left: `gold`, or anything else. */
  columns?: string[];
  /** The encoding of a file that is not Unicode; Windows-1253 is Greek. */
  encoding?: "windows-1252" | "windows-1253";
  /** @deprecated in favour of `encoding: "windows-1252"` */
  windows1252?: boolean;
  /** The folder that holds the programs, as in {@link LoadOptions}. */
  base?: string | URL;
}

/** One annotator's answer; no span says "no answer". */
export interface DataAnnotator {
  /** "1", "2", … where the file gives none. */
  name?: string;
  /** Left out: 1. */
  weight?: number;
  /** In UTF-16 code units of the paragraph. Not to be left out: an empty one says "no answer". */
  spans: Span[];
  /** For every span how probable the model that gave it holds it. */
  scores?: number[];
}

/** One question about one text. */
export interface DataRecord {
  id?: string;
  /** Empty where the format has none. */
  question?: string;
  title?: string;
  paragraph: string;
  /** Empty: nobody has labelled it. */
  annotators?: DataAnnotator[];
  /** t_i set directly. */
  soft?: (Span & { t: PerLabel })[];
  confidence?: number;
  agrees?: boolean;
  note?: string;
}

/** A data file. */
export interface Dataset {
  format: Format;
  records: DataRecord[];
  /** Records that were left out: where they stand, and why. */
  problems: { place?: unknown; reason: { kind: string } & Record<string, unknown>; message: string }[];
  /** What a reader should know: counts, assumptions, choices that are open. */
  notices: ({ kind: string; message: string } & Record<string, unknown>)[];
}

/**
 * Reads a data file; no model is loaded. brat's two files are given together, with their names. Of several files all have a
 * name, or none.
 * @throws an `Error` of kind `data` with a `problem`, where the file is of no known format or needs a decision
 */
export function parse(bytes: Bytes | Bytes[], name?: string | string[], options?: ParseOptions): Promise<Dataset>;

/** Files that were written, and what the format could not hold. */
export interface Serialised {
  /** One, without a name; for `brat` and `webanno` one or two for every record. */
  files: { name: string; bytes: Octets }[];
  /** Each with the number of records. */
  losses: { feature: string; records: number }[];
}

/** Writes records in a format; no model is loaded. */
export function serialise(
  dataset: { records: DataRecord[] },
  format: Format,
  options?: Stoppable & { base?: string | URL },
): Promise<Serialised>;
