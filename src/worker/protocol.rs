//! The messages between page and worker: serde values, nothing else.
//!
//! A message is an array: one JSON text, `{"analyse": {...}}`, and behind it, where a variant says so, typed arrays.
//! www/bioscope.js speaks the same.

use serde::{Deserialize, Serialize};

use crate::bio::Decoder;
use crate::dataset::{Dataset, Feature, Format, Options, Problem, Record};
use crate::error::Error;
pub use crate::inference::Info;
use crate::inference::learning::{
    AttentionMaps, AttentionOf, Attribution, LabelledText, StepOptions, StepReport, Target,
};
use crate::inference::{Analysis, ModelOutput};
use crate::metrics::benchmark::FileScores;

/// From the page to the worker. `id` comes back with the reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ToWorker {
    /// Load a shipped model by name; an empty name means the default one. `base` is the site's root URL.
    LoadShipped {
        /// Request number.
        id: u32,
        /// `minilm-l6`, ...
        name: String,
        /// URL of the folder that holds `models/`.
        base: String,
        /// How many workers are to analyse together; left out, as many as pay.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workers: Option<usize>,
    },
    /// Load the user's own files. Byte arrays follow: weights, config, tokenizer; or one archive of them.
    LoadOwn {
        /// Request number.
        id: u32,
        /// How many workers are to analyse together; left out, as many as pay.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workers: Option<usize>,
    },
    /// Analyse a question and a paragraph.
    Analyse {
        /// Request number.
        id: u32,
        /// The question.
        question: String,
        /// The paragraph.
        paragraph: String,
        /// Reply with [`FromWorker::Decoded`] by this decoder, for clients that have none of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decode: Option<Decoder>,
    },
    /// One step of learning; the model is the tuned one from then on.
    Step {
        /// Request number.
        id: u32,
        /// What to learn from: one instance, or a small set.
        #[serde(rename = "lessons")]
        examples: Vec<LabelledText>,
        /// Which parameters move, and how.
        options: StepOptions,
    },
    /// Take the last step back.
    Undo {
        /// Request number.
        id: u32,
    },
    /// Take all steps back: the model as loaded.
    Reset {
        /// Request number.
        id: u32,
    },
    /// Explain a class at a token by the input's tokens.
    Attribute {
        /// Request number.
        id: u32,
        /// The question.
        question: String,
        /// The paragraph.
        paragraph: String,
        /// What is to be explained.
        target: Target,
    },
    /// Show a layer's attention.
    Attend {
        /// Request number.
        id: u32,
        /// The question.
        question: String,
        /// The paragraph.
        paragraph: String,
        /// Whose attention.
        of: AttentionOf,
    },
    /// Read these texts by the model in f32 as it is now, h left out.
    Check {
        /// Request number.
        id: u32,
        /// Questions and paragraphs.
        texts: Vec<(String, String)>,
    },
    /// Write the model in f32 as it is now.
    Save {
        /// Request number.
        id: u32,
        /// As one archive instead of three files.
        zip: bool,
    },
    /// Read data files; needs no model. Byte arrays follow, one for each name.
    Parse {
        /// Request number.
        id: u32,
        /// The files' names.
        names: Vec<String>,
        /// How to read them.
        #[serde(default)]
        options: Options,
    },
    /// Write records in a format; needs no model.
    Serialise {
        /// Request number.
        id: u32,
        /// What is written.
        records: Vec<Record>,
        /// How.
        format: Format,
        /// The name of the one archive that several files are packed into; left out: they are not.
        #[serde(default)]
        archive: Option<String>,
    },
    /// Stop that request, an analysis at the next yield and a download at once, or before it starts.
    Cancel {
        /// Number of the request to stop.
        id: u32,
    },
    /// Are you there?
    Ping,
}

/// From the worker to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FromWorker {
    /// The worker's code runs and listens: said once by itself, then in answer to every [`ToWorker::Ping`].
    Here,
    /// The worker holds this Web Lock as long as it lives. Written by www/worker.js, where the browser gives it one.
    Holds {
        /// The lock's name.
        lock: String,
    },
    /// The worker asked the network for something, which the page cannot see itself. Written by www/worker.js.
    Fetched {
        /// What for.
        url: String,
        /// When, in milliseconds since 1970.
        at: f64,
    },
    /// Progress of a load.
    Progress {
        /// Number of the load.
        id: u32,
        /// How far it is.
        progress: Progress,
    },
    /// The model is ready. Two f32 arrays follow: W (3 x d, row-major), b (3).
    Ready {
        /// Number of the load.
        id: u32,
        /// What was loaded.
        info: Info,
    },
    /// An analysis is done. One f32 array follows: h (N_P x d, row-major).
    Analysed {
        /// Number of the request.
        id: u32,
        /// What the model read.
        #[serde(rename = "reading")]
        output: ModelOutput,
    },
    /// The same, decoded.
    Decoded {
        /// Number of the request.
        id: u32,
        /// What the model read, with p, labels and answers.
        analysis: Analysis,
    },
    /// A step was made or taken back. Two f32 arrays follow: W (3 x d, row-major), b (3), as they are now.
    Stepped {
        /// Number of the request.
        id: u32,
        /// What a step did; nothing for one taken back.
        report: Option<StepReport>,
        /// Steps since the loaded weights.
        steps: usize,
    },
    /// An explanation is done.
    Attributed {
        /// Number of the request.
        id: u32,
        /// The explanation.
        attribution: Attribution,
    },
    /// A layer's attention. One f32 array follows: H x T x T weights.
    Attended {
        /// Number of the request.
        id: u32,
        /// What they are about.
        maps: AttentionMaps,
    },
    /// Texts were read.
    Checked {
        /// Number of the request.
        id: u32,
        /// One for every text, in their order.
        #[serde(rename = "readings")]
        outputs: Vec<ModelOutput>,
    },
    /// The model's files. Byte arrays follow, in the order of [`ToWorker::LoadOwn`].
    Saved {
        /// Number of the request.
        id: u32,
    },
    /// Data files were read, in pieces: a long list in one message would keep the page busy.
    Parsed {
        /// Number of the request.
        id: u32,
        /// What was read; problems and notices come with the last piece.
        dataset: Dataset,
        /// The problems and the notices of this piece as English sentences.
        messages: (Vec<String>, Vec<String>),
        /// Whether more pieces follow.
        more: bool,
    },
    /// Data files cannot be read, or records not be written.
    Refused {
        /// Number of the request.
        id: u32,
        /// Why.
        problem: Problem,
        /// The same as an English sentence.
        message: String,
    },
    /// Records were written. Byte arrays follow, one for each name.
    Serialised {
        /// Number of the request.
        id: u32,
        /// Names of the files; an empty one where there is only one.
        names: Vec<String>,
        /// What the format cannot hold, and in how many records.
        losses: Vec<(Feature, usize)>,
    },
    /// A request failed.
    Failed {
        /// Number of the request.
        id: u32,
        /// Why.
        #[serde(rename = "fault")]
        error: Error,
        /// The same as an English sentence; empty where www/worker.js has written this.
        #[serde(default)]
        message: String,
    },
}

/// How far a load has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// `download`, `cache` (bytes that an earlier visit kept) or `prepare`. Work counts instead of bytes: `explain` passes,
    /// `step` layers, `check` texts.
    pub stage: String,
    /// Bytes so far.
    pub loaded: u64,
    /// Bytes in all; 0 while unknown.
    pub total: u64,
}

/// One shipped model in `models/index.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shipped {
    /// Folder name.
    pub name: String,
    /// For people.
    pub title: String,
    /// d.
    pub hidden_size: usize,
    /// Encoder layers.
    pub layers: usize,
    /// Exact match on the validation file, in percent.
    pub em: f64,
    /// F1 on the validation file, in percent.
    pub f1: f64,
    /// Scores by kind of question; empty where they were not measured.
    #[serde(default)]
    pub scores: Vec<FileScores>,
    /// The files of the folder that the page loads.
    pub files: Vec<ShippedFile>,
}

impl Shipped {
    /// Bytes to download in all.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.bytes).sum()
    }
}

/// One file of a shipped model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShippedFile {
    /// File name inside the model's folder.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}
