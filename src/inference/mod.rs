//! The engine: load a model, analyse a question and a paragraph; and one analysis, steps of learning and explanations as plain data.

mod analysis;
#[cfg(feature = "engine")]
mod engine;
pub mod learning;
#[cfg(feature = "engine")]
pub mod team;

pub use analysis::{
    ALTERNATIVES, Analysis, Answer, Info, Milliseconds, ModelOutput, Token, TokenOutput, Window, with_accents,
};
#[cfg(feature = "engine")]
pub use engine::{Engine, HiddenRows, KERNEL};

/// Milliseconds since then.
pub fn milliseconds(since: web_time::Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
