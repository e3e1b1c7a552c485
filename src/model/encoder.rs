//! BERT's encoder on candle tensors, written once: its linear weights are f32 or quantized.
//!
//! Shapes: B sequences of T positions, d = hidden size, H heads of d/H. One layer is
//! `x -> LayerNorm(x + attention(x)) -> LayerNorm(that + feed-forward(that))`.

use candle_core::{D, Device, Tensor};

use super::checkpoint::Checkpoint;
use super::config::Config;
use super::linear::{Linear, Table};
use super::ops;
use crate::fault::Fault;

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
    fn load(checkpoint: &Checkpoint, name: &str, config: &Config) -> Result<Norm, Fault> {
        let part = |kind: &str| {
            let weight = checkpoint.get(&format!("{name}.{kind}"), &[config.hidden_size])?;
            weight.to_f32().map_err(Fault::from)
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
    /// [`Fault::Mismatch`] when a tensor is missing or of another shape.
    pub fn load(config: &Config, checkpoint: &Checkpoint) -> Result<Encoder, Fault> {
        let d = config.hidden_size;
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
            layers: (0..config.num_hidden_layers).map(layer).collect::<Result<_, Fault>>()?,
            heads: config.num_attention_heads,
        })
    }

    /// Number of layers.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// Embeds one sequence: `ids` and `segments` of length T give `[1, T, d]`.
    pub fn embed(&self, ids: &[u32], segments: &[u32]) -> candle_core::Result<Tensor> {
        let positions: Vec<u32> = (0..ids.len() as u32).collect();
        let sum = (self.words.lookup(ids)? + self.positions.lookup(&positions)?)?;
        self.norm.forward(&(sum + self.segments.lookup(segments)?)?)?.unsqueeze(0)
    }

    /// Layer `k`: `x` `[B, T, d]` to `[B, T, d]`. `mask` is added to the attention scores and must
    /// broadcast to `[B, H, T, T]`; `None`: every position sees every other.
    pub fn layer(&self, k: usize, x: &Tensor, mask: Option<&Tensor>) -> candle_core::Result<Tensor> {
        let (batch, length, d) = x.dims3()?;
        let layer = &self.layers[k];
        let x = x.reshape((batch * length, d))?;
        let context = self.attention(layer, &x, (batch, length, d), mask)?;
        let x = layer.attention_norm.forward(&(layer.attention_output.forward(&context)? + x)?)?;
        let inner = layer.intermediate.forward(&x)?.gelu_erf()?;
        let x = layer.output_norm.forward(&(layer.output.forward(&inner)? + x)?)?;
        x.reshape((batch, length, d))
    }

    fn attention(
        &self,
        layer: &Layer,
        x: &Tensor,
        (batch, length, d): (usize, usize, usize),
        mask: Option<&Tensor>,
    ) -> candle_core::Result<Tensor> {
        let size = d / self.heads;
        let split = |y: Tensor| y.reshape((batch, length, self.heads, size))?.transpose(1, 2)?.contiguous();
        let q = split((layer.query.forward(x)? / (size as f64).sqrt())?)?;
        let k = split(layer.key.forward(x)?)?;
        let v = split(layer.value.forward(x)?)?;
        let mut scores = q.matmul(&k.transpose(D::Minus2, D::Minus1)?)?; // [B, H, T, T]
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask)?;
        }
        let context = ops::softmax(&scores)?.matmul(&v)?; // [B, H, T, d/H]
        context.transpose(1, 2)?.reshape((batch * length, d))
    }

    /// All layers over one sequence: `[T, d]`.
    pub fn forward(&self, ids: &[u32], segments: &[u32]) -> candle_core::Result<Tensor> {
        let mut x = self.embed(ids, segments)?;
        for k in 0..self.depth() {
            x = self.layer(k, &x, None)?;
        }
        x.squeeze(0)
    }

    /// Where the tensors live.
    pub fn device(&self) -> &Device {
        self.norm.weight.device()
    }
}
