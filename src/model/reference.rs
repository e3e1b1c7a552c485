//! The same model by candle-transformers and candle-nn (native only): slower, and none of our own layers in it, so that
//! whoever doubts a number can ask somebody else. `bioscope analyse --reference` and the tests do.

use std::collections::HashMap;

use candle_core::{DType, Device, Module, Tensor};
use candle_nn::{Linear, VarBuilder};
use candle_transformers::models::bert;
use serde_json::json;

use super::{Checkpoint, Config, Head};
use crate::error::Error;

/// BERT and the dense layer, in f32 whatever the weights are stored as.
pub struct Reference {
    bert: bert::BertModel,
    head: Linear,
}

impl Reference {
    /// Builds it from a checkpoint of any format.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when a tensor is missing or has another shape than `config` says.
    pub fn load(config: &Config, checkpoint: &Checkpoint) -> Result<Reference, Error> {
        let tensors = checkpoint.iter().map(|(name, weight)| Ok((name.to_string(), weight.to_f32()?)));
        let tensors: HashMap<String, Tensor> = tensors.collect::<Result<_, Error>>()?;
        let Head { w, b } = Head::load(config, checkpoint)?;
        let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
        let bert = bert::BertModel::load(weights, &theirs(config)?);
        let bert = bert.map_err(|e| Error::Mismatch { why: e.to_string() })?;
        Ok(Reference { bert, head: Linear::new(w, Some(b)) })
    }

    /// h of one window, `[T, d]`, from its token ids and segments.
    ///
    /// # Errors
    /// [`Error::Internal`], for ids that the model has no embedding for.
    pub fn hidden(&self, ids: &[u32], segments: &[u32]) -> Result<Tensor, Error> {
        let row = |values: &[u32]| Tensor::new(values, &Device::Cpu)?.unsqueeze(0);
        Ok(self.bert.forward(&row(ids)?, &row(segments)?, None)?.squeeze(0)?)
    }

    /// z = W h + b of rows of h, `[rows, 3]` in the order B, I, O.
    ///
    /// # Errors
    /// [`Error::Internal`], for rows of another length.
    pub fn logits(&self, h: &Tensor) -> Result<Tensor, Error> {
        Ok(self.head.forward(h)?)
    }
}

/// The sizes as candle-transformers takes them. Dropout is off: nothing is trained here.
fn theirs(config: &Config) -> Result<bert::Config, Error> {
    let internal = |e: serde_json::Error| Error::Internal { why: e.to_string() };
    let mut sizes = serde_json::to_value(config).map_err(internal)?;
    for (name, value) in [("hidden_dropout_prob", 0.0), ("initializer_range", 0.02)] {
        sizes[name] = value.into();
    }
    sizes["pad_token_id"] = json!(0);
    serde_json::from_value(sizes).map_err(internal)
}
