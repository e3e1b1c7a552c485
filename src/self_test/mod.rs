//! The page's self-test, as far as it is arithmetic: reference values, what is compared with them, and the limits. The
//! browser's side is `page::settings::self_test`.

mod compare;
mod reference;

pub use compare::{Gradients, Slopes, Summary, TokenDifference, Tokens, differences, logits, summary, tokens};
pub use reference::{LearningCase, Reference, Text};

use crate::error::Error;

/// Largest difference of a logit by the int8 path: its activations are 7-bit codes, so this is what quantization costs, with
/// room for other browsers' rounding. `tests/self_test.rs` measures it.
pub const INT8_LIMIT: f64 = 0.5;

/// Largest difference of a logit in f32, as for the native engine in `tests/parity.rs`.
pub const F32_LIMIT: f64 = 1e-3;

/// Largest relative difference of a gradient.
pub const GRADIENT_LIMIT: f64 = 1e-3;

/// Largest mean KL per token, in nats, between f32 and int8.
pub const KL_LIMIT: f64 = 5e-3;

/// One test of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Every kernel of the program in use against the portable one.
    Kernel,
    /// The model arrives as published.
    Model,
    /// Token ids and places of hard texts.
    Tokenizer,
    /// Logits by the int8 path.
    Logits,
    /// Logits of the same weights in f32.
    Exact,
    /// Gradients, by the program that learns.
    Gradients,
    /// int8 against f32 on the user's own text.
    Difference,
    /// How long it all takes, and how much memory.
    Timings,
}

impl Test {
    /// In the order in which they are listed.
    pub const ALL: [Test; 8] = [
        Test::Kernel,
        Test::Model,
        Test::Tokenizer,
        Test::Logits,
        Test::Exact,
        Test::Gradients,
        Test::Difference,
        Test::Timings,
    ];

    /// A name for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Test::Kernel => "kernel",
            Test::Model => "model",
            Test::Tokenizer => "tokenizer",
            Test::Logits => "logits",
            Test::Exact => "logits-f32",
            Test::Gradients => "gradients",
            Test::Difference => "difference",
            Test::Timings => "timings",
        }
    }
}

/// How far a test is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not begun.
    Waiting,
    /// It runs.
    Running,
    /// It was passed.
    Passed,
    /// It was not.
    Failed,
    /// It could not be run.
    Skipped,
}

impl State {
    /// A name for scripts.
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Running => "running",
            State::Passed => "passed",
            State::Failed => "failed",
            State::Skipped => "skipped",
        }
    }
}

/// Why this kernel and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelReason {
    /// The browser has relaxed SIMD.
    Able,
    /// It has not.
    Unable,
    /// The page's address asks for it.
    Asked,
}

/// Times in milliseconds, memory in bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timings {
    /// Until the program that reads answers.
    pub start: f64,
    /// Until it has its model.
    pub load: f64,
    /// How many analyses the medians are of.
    pub runs: usize,
    /// Median time to tokenize.
    pub tokenize: f64,
    /// Median time in encoder and head.
    pub forward: f64,
    /// Median time to decode.
    pub decode: f64,
    /// One joint step of learning, the loss after it included.
    pub step: Option<f64>,
    /// WebAssembly memory of the program that reads.
    pub engine: usize,
    /// Of the one that learns.
    pub learner: Option<usize>,
    /// Of the page.
    pub page: usize,
}

/// What a test has found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// All comparisons were equal.
    Kernel {
        /// `relaxed` or `simd128`.
        name: String,
        /// Why that one.
        reason: KernelReason,
        /// How many there were.
        comparisons: usize,
    },
    /// The model is there.
    Model {
        /// Its name for people.
        title: String,
        /// Bytes of its weights.
        bytes: usize,
        /// Whether its files have the published SHA-256: the worker loads no others.
        published: bool,
    },
    /// Token ids and places.
    Tokens(Tokens),
    /// Logits: the largest difference.
    Logits {
        /// It.
        worst: f64,
        /// How many logits.
        count: usize,
        /// The most that it may be.
        limit: f64,
    },
    /// Gradients.
    Gradients(Gradients),
    /// int8 against f32.
    Difference {
        /// In short.
        summary: Summary,
        /// Whether the text is an example, because there was none of the user's to read.
        example: bool,
    },
    /// Times and memory.
    Timings(Timings),
}

impl Found {
    /// The figure that counts.
    pub fn value(&self) -> f64 {
        match self {
            Found::Kernel { comparisons, .. } => *comparisons as f64,
            Found::Model { bytes, .. } => *bytes as f64,
            Found::Tokens(tokens) => tokens.wrong as f64,
            Found::Logits { worst, .. } => *worst,
            Found::Gradients(gradients) => gradients.worst(),
            Found::Difference { summary, .. } => summary.mean_kl,
            Found::Timings(timings) => timings.forward,
        }
    }

    /// The most that it may be, where that can be said.
    pub fn limit(&self) -> Option<f64> {
        match self {
            Found::Kernel { .. } | Found::Model { .. } | Found::Timings(_) => None,
            Found::Tokens(_) => Some(0.0),
            Found::Logits { limit, .. } => Some(*limit),
            Found::Gradients(_) => Some(GRADIENT_LIMIT),
            Found::Difference { .. } => Some(KL_LIMIT),
        }
    }

    /// Whether it is good.
    pub fn passes(&self) -> bool {
        let within = self.limit().is_none_or(|limit| self.value() <= limit);
        // Nothing compared is nothing tested.
        within
            && match self {
                Found::Kernel { comparisons, .. } => *comparisons > 0,
                Found::Tokens(tokens) => tokens.count > 0,
                Found::Logits { count, .. } => *count > 0,
                Found::Gradients(gradients) => gradients.tensors > 0,
                Found::Difference { summary, .. } => summary.tokens > 0,
                Found::Model { .. } | Found::Timings(_) => true,
            }
    }
}

/// Why a test was not run, or came to nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The model is the user's own: nobody has reference values for it.
    Own,
    /// The reference values are not to be had.
    NoReference(String),
    /// They are damaged.
    Broken(String),
    /// There is no model to ask.
    NoModel,
    /// The user has stopped it.
    Stopped,
    /// Something went wrong.
    Error(Error),
}

impl Why {
    /// Whether the test could not be run, rather than was not passed.
    pub fn skips(&self) -> bool {
        matches!(self, Why::Own | Why::NoReference(_) | Why::NoModel | Why::Stopped)
    }
}

/// A test with what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub test: Test,
    /// How far it is.
    pub state: State,
    /// What came out, or why nothing did.
    pub found: Option<Result<Found, Why>>,
}

impl Row {
    /// All tests, none of them begun.
    pub fn all() -> Vec<Row> {
        Test::ALL.map(|test| Row { test, state: State::Waiting, found: None }).into()
    }

    /// The same with what has come out.
    pub fn settled(test: Test, found: Result<Found, Why>) -> Row {
        let state = match &found {
            Ok(found) if found.passes() => State::Passed,
            Err(why) if why.skips() => State::Skipped,
            _ => State::Failed,
        };
        Row { test, state, found: Some(found) }
    }

    /// What it has found, where it has.
    pub fn known(&self) -> Option<&Found> {
        self.found.as_ref().and_then(|found| found.as_ref().ok())
    }
}
