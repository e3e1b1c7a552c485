//! The model: BERT's encoder, the B/I/O head, and the files they are loaded from.

mod archive;
mod checkpoint;
mod config;
mod encoder;
mod head;
pub mod int8;
mod linear;
pub mod ops;
#[cfg(not(target_arch = "wasm32"))]
mod reference;

pub use archive::{Files, pack};
pub use checkpoint::{Checkpoint, Format, Weight};
pub use config::{Config, MOST_BIAS};
pub use encoder::{Encoder, Part, Pass};
pub use head::Head;
pub use linear::{Linear, Table};
#[cfg(not(target_arch = "wasm32"))]
pub use reference::Reference;

use crate::error::Error;
use crate::kernel::{self, Int8Encoder, Kernel};

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Error::Internal { why: error.to_string() }
    }
}

/// A whole fine-tuned tagger: encoder and dense layer, as loaded.
#[derive(Clone, Debug)]
pub struct Model {
    /// Sizes, as in the model's `config.json`.
    pub config: Config,
    /// BERT.
    pub encoder: Encoder,
    /// The same layers for quick inference, where the weights are int8 rows.
    pub int8: Option<Int8Encoder>,
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
    /// [`Error::Mismatch`] when a tensor is missing or has another shape than `config` says.
    pub fn load(config: Config, checkpoint: &Checkpoint) -> Result<Model, Error> {
        Self::load_for(config, checkpoint, kernel::best())
    }

    /// The same with a kernel of one's choice, for tests and measurements.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load_for(config: Config, checkpoint: &Checkpoint, kernel: &'static dyn Kernel) -> Result<Model, Error> {
        let encoder = Encoder::load(&config, checkpoint)?;
        let int8 = int8::load(&config, checkpoint, &encoder, kernel)?;
        let head = Head::load(&config, checkpoint)?;
        let (parameters, quantization) = (checkpoint.parameters(), checkpoint.quantization());
        Ok(Model { config, encoder, int8, head, parameters, quantization })
    }
}
