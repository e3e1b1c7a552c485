//! The engine: load a model, analyse a question and a paragraph; and one analysis as plain data.

mod analysis;
#[cfg(feature = "engine")]
mod engine;

pub use analysis::{ALTERNATIVES, Analysis, Answer, Info, Milliseconds, ReadToken, Reading, Token, Window};
#[cfg(feature = "engine")]
pub use engine::{Engine, HiddenRows, KERNEL, Run};
