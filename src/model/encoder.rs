//! BERT's encoder on candle tensors, written once: its linear weights are f32 or quantized.
//!
//! Shapes: B sequences of T positions, d = hidden size, H heads of d/H. One layer is
//! `x -> LayerNorm(x + attention(x)) -> LayerNorm(that + feed-forward(that))`.

use std::cell::Cell;
use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::checkpoint::Checkpoint;
use super::config::Config;
use super::linear::{Linear, Table};
use super::ops::{self, Heads};
use crate::error::Error;

/// How a batch goes through the layers: nothing dropped and nothing padded, unless said otherwise.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// How many of each sequence's positions are tokens; `None`: all.
    pub tokens: Option<Arc<[usize]>>,
    /// Share of values that dropout zeroes; 0 outside of training.
    pub dropout: f32,
    /// Seed of the next dropout mask; it moves on with every mask.
    pub seed: Cell<u32>,
}

impl Pass {
    fn next_seed(&self) -> u32 {
        let seed = self.seed.get();
        self.seed.set(seed.wrapping_mul(747_796_405).wrapping_add(2_891_336_453));
        seed
    }

    fn drop(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        ops::dropout(x, self.dropout, self.next_seed())
    }
}

/// What arises inside a layer, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Q `[d]` per position, the heads side by side.
    Query,
    /// K, likewise.
    Key,
    /// The heads' weighted means of V, side by side: `[d]`.
    Context,
    /// The layer's input plus the attention's output, before LayerNorm: `[d]`.
    Attended,
    /// The same after LayerNorm.
    Middle,
    /// The feed-forward's activations: `[intermediate_size]`.
    Inner,
    /// [`Part::Middle`] plus the feed-forward's output, before LayerNorm: `[d]`.
    Sum,
}

/// Embeddings and layers.
#[derive(Clone, Debug)]
pub struct Encoder {
    words: Table,
    positions: Table,
    segments: Table,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
}

#[derive(Clone, Debug)]
struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attention_output: Linear,
    attention_norm: Norm,
    intermediate: Linear,
    output: Linear,
    output_norm: Norm,
}

#[derive(Clone, Debug)]
struct Norm {
    weight: Tensor,
    bias: Tensor,
    eps: f64,
}

impl Norm {
    fn load(checkpoint: &Checkpoint, name: &str, config: &Config) -> Result<Norm, Error> {
        let part = |kind: &str| {
            let weight = checkpoint.get(&format!("{name}.{kind}"), &[config.hidden_size])?;
            weight.to_f32().map_err(Error::from)
        };
        Ok(Norm { weight: part("weight")?, bias: part("bias")?, eps: config.layer_norm_eps })
    }

    fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        ops::layer_norm(x, &self.weight, &self.bias, self.eps)
    }
}

impl Encoder {
    /// Reads embeddings and layers.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when a tensor is missing or of another shape, or when there is a layer too many.
    pub fn load(config: &Config, checkpoint: &Checkpoint) -> Result<Encoder, Error> {
        let d = config.hidden_size;
        let next = format!("encoder.layer.{}.", config.num_hidden_layers);
        if checkpoint.iter().any(|(name, _)| name.starts_with(&next)) {
            let layers = config.num_hidden_layers;
            let why = format!("the weights hold more layers than the {layers} of config.json");
            return Err(Error::Mismatch { why });
        }
        let table =
            |name: &str, rows: usize| Table::load(checkpoint, &format!("embeddings.{name}_embeddings.weight"), rows, d);
        let layer = |k: usize| {
            let name = |part: &str| format!("encoder.layer.{k}.{part}");
            let square = |part: &str| Linear::load(checkpoint, &name(part), d, d);
            Ok(Layer {
                query: square("attention.self.query")?,
                key: square("attention.self.key")?,
                value: square("attention.self.value")?,
                attention_output: square("attention.output.dense")?,
                attention_norm: Norm::load(checkpoint, &name("attention.output.LayerNorm"), config)?,
                intermediate: Linear::load(checkpoint, &name("intermediate.dense"), d, config.intermediate_size)?,
                output: Linear::load(checkpoint, &name("output.dense"), config.intermediate_size, d)?,
                output_norm: Norm::load(checkpoint, &name("output.LayerNorm"), config)?,
            })
        };
        Ok(Encoder {
            words: table("word", config.vocab_size)?,
            positions: table("position", config.max_position_embeddings)?,
            segments: table("token_type", config.type_vocab_size)?,
            norm: Norm::load(checkpoint, "embeddings.LayerNorm", config)?,
            layers: (0..config.num_hidden_layers).map(layer).collect::<Result<_, Error>>()?,
            heads: config.num_attention_heads,
        })
    }

    /// Number of layers.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// Embeds sequences of `length` positions: `ids` and `segments`, one sequence after the other, give
    /// `[B, T, d]`.
    pub fn embed(&self, ids: &[u32], segments: &[u32], length: usize, pass: &Pass) -> candle_core::Result<Tensor> {
        let positions: Vec<u32> = (0..ids.len()).map(|i| (i % length) as u32).collect();
        let sum = (self.words.lookup(ids)? + self.positions.lookup(&positions)?)?;
        let x = self.norm.forward(&(sum + self.segments.lookup(segments)?)?)?;
        let d = x.dim(1)?;
        pass.drop(&x)?.reshape((ids.len() / length, length, d))
    }

    /// Layer `k`: `x` `[B, T, d]` to `[B, T, d]`.
    pub fn layer(&self, k: usize, x: &Tensor, pass: &Pass) -> candle_core::Result<Tensor> {
        self.layer_seen(k, x, pass, &mut |_, _| ())
    }

    /// As [`Encoder::layer`]; what arises on the way is shown to `see`, every part as `[B*T, ...]`.
    pub fn layer_seen(
        &self,
        k: usize,
        x: &Tensor,
        pass: &Pass,
        see: &mut dyn FnMut(Part, &Tensor),
    ) -> candle_core::Result<Tensor> {
        let (batch, length, d) = x.dims3()?;
        let layer = &self.layers[k];
        let x = x.reshape((batch * length, d))?;
        let heads = Heads {
            count: self.heads,
            length,
            tokens: pass.tokens.clone().unwrap_or_else(|| vec![length; batch].into()),
            dropout: (pass.dropout, pass.next_seed()),
        };
        let (q, k, v) = (layer.query.forward(&x)?, layer.key.forward(&x)?, layer.value.forward(&x)?);
        see(Part::Query, &q);
        see(Part::Key, &k);
        let context = ops::attention(&q, &k, &v, &heads)?;
        see(Part::Context, &context);
        let attended = (pass.drop(&layer.attention_output.forward(&context)?)? + x)?;
        see(Part::Attended, &attended);
        let x = layer.attention_norm.forward(&attended)?;
        see(Part::Middle, &x);
        let inner = ops::gelu(&layer.intermediate.forward(&x)?)?;
        see(Part::Inner, &inner);
        let sum = (pass.drop(&layer.output.forward(&inner)?)? + x)?;
        see(Part::Sum, &sum);
        layer.output_norm.forward(&sum)?.reshape((batch, length, d))
    }

    /// All layers over one sequence: `[T, d]`.
    pub fn forward(&self, ids: &[u32], segments: &[u32]) -> candle_core::Result<Tensor> {
        let pass = Pass::default();
        let mut x = self.embed(ids, segments, ids.len(), &pass)?;
        for k in 0..self.depth() {
            x = self.layer(k, &x, &pass)?;
        }
        x.squeeze(0)
    }

    /// Where the tensors live.
    pub fn device(&self) -> &Device {
        self.norm.weight.device()
    }
}
