//! The task-specific dense layer: z_i = W h_i + b, in the order B, I, O.

use candle_core::{Device, Tensor};

use super::checkpoint::Checkpoint;
use super::config::Config;
use super::ops;
use crate::error::Error;

/// W `[3, d]` and b `[3]`.
#[derive(Clone, Debug)]
pub struct Head {
    /// W, rows in the order B, I, O.
    pub w: Tensor,
    /// b.
    pub b: Tensor,
}

impl Head {
    /// Reads the head; rows of files that keep their classes in another order are put into ours.
    pub fn load(config: &Config, checkpoint: &Checkpoint) -> Result<Head, Error> {
        let w = checkpoint.get("classifier.weight", &[3, config.hidden_size])?.to_f32()?;
        let b = checkpoint.get("classifier.bias", &[3])?.to_f32()?;
        let order = config.class_order()?;
        if order == [0, 1, 2] {
            return Ok(Head { w, b }); // as they are: a gradient must find them
        }
        let order = Tensor::new(&order.map(|row| row as u32), &Device::Cpu)?;
        Ok(Head { w: w.index_select(&order, 0)?, b: b.index_select(&order, 0)? })
    }

    /// Logits of `h` `[tokens, d]`: `[tokens, 3]`.
    pub fn forward(&self, h: &Tensor) -> candle_core::Result<Tensor> {
        ops::linear(h, &self.w, &self.b)
    }
}
