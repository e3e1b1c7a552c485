//! Packs a checkpoint's layers for inference on int8 weights: the encoder that `kernel/` runs.
//!
//! Some columns of a model's activations are far larger than the others and would cost them their precision: they are split
//! into several. They are found by a look at a few made-up tokens, for they are a property of the weights and stand out
//! whatever the text.

use super::checkpoint::{Checkpoint, Weight};
use super::config::Config;
use super::encoder::{Encoder, Pass};
use crate::error::Error;
use crate::kernel::encoder::{Layer, Norm, Shape, see};
use crate::kernel::{COLUMNS, Int8Encoder, Kernel, Packed, Split};

/// Parts that are added to a row: one step of the kernels.
const MORE: usize = 8;
/// Positions looked at.
const TOKENS: usize = 24;

/// Packs the layers of a checkpoint for `kernel`. `None` when this path does not fit: a matrix that is not
/// int8 rows, or sizes that are no multiples of 8.
///
/// # Errors
/// [`Error::Mismatch`] when a tensor is missing or of another shape.
pub fn load(
    config: &Config,
    checkpoint: &Checkpoint,
    encoder: &Encoder,
    kernel: &'static dyn Kernel,
) -> Result<Option<Int8Encoder>, Error> {
    let Some(plain) = pack(config, checkpoint, kernel, &[])? else { return Ok(None) };
    let splits = find_splits(&plain, config, encoder)?;
    drop(plain); // its place is the next one's
    pack(config, checkpoint, kernel, &splits)
}

/// Packs the layers with these splits: of a layer's inputs and of its second half's, layer by layer.
fn pack(
    config: &Config,
    checkpoint: &Checkpoint,
    kernel: &'static dyn Kernel,
    splits: &[[Split; 2]],
) -> Result<Option<Int8Encoder>, Error> {
    let (d, inner, heads) = (config.hidden_size, config.intermediate_size, config.num_attention_heads);
    if [d, inner, d / heads].iter().any(|n| !n.is_multiple_of(COLUMNS)) {
        return Ok(None);
    }
    let mut packed = Int8Encoder::new(Shape { heads, d, inner }, kernel);
    for k in 0..config.num_hidden_layers {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        let vector = |name: String, n: usize| -> Result<Vec<f32>, Error> {
            Ok(checkpoint.get(&name, &[n])?.to_f32()?.to_vec1()?)
        };
        let norm = |part: &str| -> Result<Norm, Error> {
            let (weight, bias) =
                (vector(name(&format!("{part}.weight")), d)?, vector(name(&format!("{part}.bias")), d)?);
            Ok(Norm { weight, bias, eps: config.layer_norm_eps as f32 })
        };
        let dense = |parts: &[&str], inputs: usize, outputs: usize, split: &Split| -> Result<Option<Packed>, Error> {
            let mut rows = Vec::new();
            for part in parts {
                let weight = checkpoint.get(&name(&format!("{part}.weight")), &[outputs, inputs])?;
                let Weight::Rows(weight) = weight else { return Ok(None) };
                rows.push((weight, vector(name(&format!("{part}.bias")), outputs)?));
            }
            let parts: Vec<_> = rows.iter().map(|(weight, bias)| (&***weight, &bias[..])).collect();
            Ok(Some(Packed::new(&parts, split)))
        };
        let none = Split::default();
        let [split, middle_split] = splits.get(k).cloned().unwrap_or_default();
        let (Some(qkv), Some(attention_output), Some(intermediate), Some(output)) = (
            dense(&["attention.self.query", "attention.self.key", "attention.self.value"], d, d, &split)?,
            dense(&["attention.output.dense"], d, d, &none)?,
            dense(&["intermediate.dense"], d, inner, &middle_split)?,
            dense(&["output.dense"], inner, d, &none)?,
        ) else {
            return Ok(None);
        };
        packed.push(Layer {
            split,
            middle_split,
            qkv,
            attention_output,
            attention_norm: norm("attention.output.LayerNorm")?,
            intermediate,
            output,
            output_norm: norm("output.LayerNorm")?,
        });
    }
    Ok(Some(packed))
}

/// For every layer the splits of its inputs and of its second half's.
fn find_splits(plain: &Int8Encoder, config: &Config, encoder: &Encoder) -> Result<Vec<[Split; 2]>, Error> {
    let length = TOKENS.min(config.max_position_embeddings);
    // Token ids from all over the vocabulary, in two segments.
    let ids: Vec<u32> = (0..length).map(|k| ((k * 7 + 3) * config.vocab_size / (7 * length + 3)) as u32).collect();
    let segments: Vec<u32> = (0..length).map(|k| u32::from(k > length / 3)).collect();
    let x = encoder.embed(&ids, &segments, length, &Pass::default())?.flatten_all()?.to_vec1::<f32>()?;
    let mut s = plain.begin(&x);
    let mut splits = Vec::new();
    for k in 0..plain.depth() {
        let mut inputs = vec![0.0; config.hidden_size];
        s.x.chunks_exact(config.hidden_size).for_each(|row| see(&mut inputs, row));
        s.seen = Some(vec![0.0; config.hidden_size]);
        plain.layer(k, &mut s, 0..length);
        let middle = s.seen.take().unwrap_or_default();
        splits.push([Split::new(&inputs, MORE), Split::new(&middle, MORE)]);
    }
    Ok(splits)
}

/// A packed layer as bytes, for another instance of the same program.
pub fn to_bytes(layer: &Layer) -> Vec<u8> {
    postcard::to_allocvec(layer).expect("vectors of numbers")
}

/// A layer from [`to_bytes`].
///
/// # Errors
/// The bytes are no layer.
pub fn from_bytes(bytes: &[u8]) -> Result<Layer, Error> {
    postcard::from_bytes(bytes).map_err(|e| Error::Internal { why: e.to_string() })
}
