//! The model: BERT's encoder, the B/I/O head, and the files they are loaded from.

mod checkpoint;
mod config;
mod encoder;
mod head;
mod linear;
pub mod ops;

pub use checkpoint::{Checkpoint, Format, Weight};
pub use config::Config;
pub use encoder::{Encoder, Part, Pass};
pub use head::Head;
pub use linear::{Linear, Table};

use crate::fault::Fault;

impl From<candle_core::Error> for Fault {
    fn from(error: candle_core::Error) -> Self {
        Fault::Internal { why: error.to_string() }
    }
}

/// A whole fine-tuned tagger: encoder and dense layer, as loaded.
#[derive(Clone, Debug)]
pub struct Model {
    /// Sizes, as in the model's `config.json`.
    pub config: Config,
    /// BERT.
    pub encoder: Encoder,
    /// W and b.
    pub head: Head,
    /// Number of trained values.
    pub parameters: usize,
    /// How the weights are stored: `int8 rows`, `f16`, ...
    pub quantization: String,
}

impl Model {
    /// Builds the model from a checkpoint.
    ///
    /// # Errors
    /// [`Fault::Mismatch`] when a tensor is missing or has another shape than `config` says.
    pub fn load(config: Config, checkpoint: &Checkpoint) -> Result<Model, Fault> {
        let encoder = Encoder::load(&config, checkpoint)?;
        let head = Head::load(&config, checkpoint)?;
        let (parameters, quantization) = (checkpoint.parameters(), checkpoint.quantization());
        Ok(Model { config, encoder, head, parameters, quantization })
    }
}
