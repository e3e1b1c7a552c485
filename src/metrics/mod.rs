//! Scores: what a model's answers and distributions are worth against gold labels.

mod agreement;
pub mod benchmark;
mod calibration;
mod mean;
mod multi_span;
mod score;
mod seqeval;
mod spans;
mod tally;
mod temperature;
mod threshold;

#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod evaluate;

pub use agreement::{Agreement, agreement};
pub use calibration::{BINS, Bin, Reliability, add_tokens};
pub use mean::mean_and_error;
pub use multi_span::{AnswerSet, SetMatch};
pub use score::{exact_match, f1, normalise_answer};
pub use seqeval::{SeqEval, SpanRates, seqeval};
pub use spans::{SpanMatch, match_spans};
pub use tally::{Tally, token_tallies};
pub use temperature::{log_odds, temperature};
pub use threshold::{Bet, Point, at_threshold, threshold_curve};
