//! Inference on int8 weights: the same encoder as `model/encoder.rs`, on plain slices and whole numbers.
//!
//! Every dense layer multiplies 7-bit activations (one range per row) with the int8 weights exactly in i32;
//! attention multiplies 16-bit codes. What lies between is fused into as few passes as there can be: bias,
//! residual and GELU happen where a product's sums are still at hand, and rows go through the second half of a
//! layer a few at a time, so that they stay in the processor's cache.
//!
//! Buffers live in a [`Scratch`] and are used again; nothing is allocated inside a layer.

mod attention;
mod scratch;
mod split;

use std::ops::Range;
use std::sync::Arc;

use scratch::Pool;
pub use scratch::{Lease, Scratch};
use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, Weight};
use super::config::Config;
use super::encoder::Encoder;
use crate::error::Error;
use crate::kernel::lanes::{Best, Gelu, Lanes};
use crate::kernel::{COLUMNS, Kernel, Packed, Split, codes, rowwise};

/// Rows that go through the second half of a layer together: their inner activations (f32) fill about half of a
/// processor's second cache.
const ROWS: usize = 48;

/// The encoder's layers, packed for one kernel.
#[derive(Clone, Debug)]
pub struct Fast {
    layers: Vec<Layer>,
    heads: usize,
    d: usize,
    inner: usize,
    kernel: &'static dyn Kernel,
    pool: Arc<Pool>,
}

/// The sizes of an encoder.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Attention heads.
    pub heads: usize,
    /// Hidden size.
    pub d: usize,
    /// Size of the inner layer.
    pub inner: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Layer {
    /// Which of the layer's inputs are split, and which of those of its second half.
    split: Split,
    middle_split: Split,
    /// Q, K and V beside each other: 3d outputs.
    qkv: Packed,
    attention_output: Packed,
    attention_norm: Norm,
    intermediate: Packed,
    output: Packed,
    output_norm: Norm,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    eps: f32,
}

impl Norm {
    fn apply(&self, row: &mut [f32]) {
        rowwise::norm::<Best>(row, &self.weight, &self.bias, self.eps);
    }
}

impl Fast {
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
    ) -> Result<Option<Fast>, Error> {
        let Some(plain) = Self::pack(config, checkpoint, kernel, &[])? else { return Ok(None) };
        let splits = split::find(&plain, config, encoder)?;
        drop(plain); // its place is the next one's
        Self::pack(config, checkpoint, kernel, &splits)
    }

    /// Packs the layers with these splits: of a layer's inputs and of its second half's, layer by layer.
    fn pack(
        config: &Config,
        checkpoint: &Checkpoint,
        kernel: &'static dyn Kernel,
        splits: &[[Split; 2]],
    ) -> Result<Option<Fast>, Error> {
        let (d, inner, heads) = (config.hidden_size, config.intermediate_size, config.num_attention_heads);
        if [d, inner, d / heads].iter().any(|n| !n.is_multiple_of(COLUMNS)) {
            return Ok(None);
        }
        let mut layers = Vec::new();
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
            let dense =
                |parts: &[&str], inputs: usize, outputs: usize, split: &Split| -> Result<Option<Packed>, Error> {
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
            layers.push(Layer {
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
        Ok(Some(Fast { layers, heads, d, inner, kernel, pool: Arc::default() }))
    }

    /// Length of a row of codes: of a layer's inputs (0), of its second half's (1). It is the same in all layers.
    fn depth_of(&self, half: usize) -> usize {
        self.layers.first().map_or(self.d, |l| [&l.split, &l.middle_split][half].depth(self.d))
    }

    /// Number of layers.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// Buffers for a sequence whose embeddings are `x` (`[T, d]`); the next step is layer 0.
    pub fn begin(&self, x: &[f32]) -> Lease {
        self.begin_at(0, x)
    }

    /// The same for the input `x` of layer `k`, which is then the next step.
    pub fn begin_at(&self, k: usize, x: &[f32]) -> Lease {
        let mut lease = Scratch::lease(&self.pool, x.len() / self.d, self);
        let s = &mut *lease;
        s.x.copy_from_slice(x);
        for (r, row) in s.x.chunks_exact_mut(self.d).enumerate() {
            s.codes.set_split::<Best>(r, row, &self.layers[k].split);
        }
        lease
    }

    /// Buffers for the rows `rows` of a sequence of `length` positions, whose embeddings are `x` (`[rows, d]`); the
    /// other rows are somebody else's.
    ///
    /// # Panics
    /// When `x` has another length than `rows`.
    pub fn begin_rows(&self, length: usize, rows: Range<usize>, x: &[f32]) -> Lease {
        let mut lease = Scratch::lease(&self.pool, length, self);
        let s = &mut *lease;
        s.x[rows.start * self.d..rows.end * self.d].copy_from_slice(x);
        for r in rows {
            s.codes.set_split::<Best>(r, &mut s.x[r * self.d..(r + 1) * self.d], &self.layers[0].split);
        }
        lease
    }

    /// Layer `k`, in place, for the rows `rows` of its output; the other rows of [`Scratch::x`] are then no longer
    /// of use. All layers but the last need all rows.
    ///
    /// The same in two steps for who computes only some of the rows: [`Fast::project`] these, exchange
    /// [`Fast::share`] with those who compute the others, [`Fast::attend`]. Every row comes out the same to the bit.
    pub fn layer(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        self.project(k, s, 0..s.length);
        self.attend(k, s, rows);
    }

    /// Q, K and V of the rows `rows` in layer `k`.
    pub fn project(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        let (width, qkv) = (s.width, &mut s.qkv);
        for start in rows.clone().step_by(ROWS) {
            let block = start..rows.end.min(start + ROWS);
            self.layers[k].qkv.product::<Best>(self.kernel, s.codes.rows(block), &mut s.sums, |r, c, y| {
                store(&mut qkv[(start + r) * width + c..], y);
            });
        }
        let size = self.d / self.heads;
        for (head, largest) in s.largest_q.iter_mut().enumerate() {
            let columns = head * size..(head + 1) * size;
            *largest = codes::magnitude::<Best>(&s.qkv[rows.start * width..rows.end * width], width, columns);
        }
    }

    /// What others need of the rows `rows` after [`Fast::project`]: the largest |q| of each head (attention codes Q with
    /// one scale a head), then K and V, `[rows, 2d]`.
    pub fn share(&self, s: &Scratch, rows: Range<usize>) -> Vec<f32> {
        let mut share = Vec::with_capacity(self.share_len(rows.len()));
        share.extend_from_slice(&s.largest_q);
        for row in s.qkv[rows.start * s.width..rows.end * s.width].chunks_exact(s.width) {
            share.extend_from_slice(&row[self.d..3 * self.d]);
        }
        share
    }

    /// Length of a share of `rows` rows.
    pub fn share_len(&self, rows: usize) -> usize {
        self.heads + rows * 2 * self.d
    }

    /// Takes what somebody else has shared of the rows `rows`.
    ///
    /// # Panics
    /// When it has another length than [`Fast::share_len`].
    pub fn gather(&self, s: &mut Scratch, rows: Range<usize>, share: &[f32]) {
        assert_eq!(share.len(), self.share_len(rows.len()), "a share of {} rows", rows.len());
        let (largest, kv) = share.split_at(self.heads);
        for (mine, other) in s.largest_q.iter_mut().zip(largest) {
            *mine = mine.max(*other);
        }
        let rows = s.qkv[rows.start * s.width..rows.end * s.width].chunks_exact_mut(s.width);
        for (row, kv) in rows.zip(kv.chunks_exact(2 * self.d)) {
            row[self.d..3 * self.d].copy_from_slice(kv);
        }
    }

    /// The rest of layer `k` for the rows `rows`, once K and V of all rows are there: attention, and what follows it.
    pub fn attend(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        for head in 0..self.heads {
            attention::head(self, s, head, rows.clone());
        }
        for start in rows.clone().step_by(ROWS) {
            self.second_half(k, s, start..rows.end.min(start + ROWS));
        }
    }

    /// The sizes of these layers, for [`Fast::new`].
    pub fn shape(&self) -> Shape {
        Shape { heads: self.heads, d: self.d, inner: self.inner }
    }

    /// Layer `k` as bytes, in the form that this program's kernel reads, for another instance of the same program.
    pub fn layer_bytes(&self, k: usize) -> Vec<u8> {
        postcard::to_allocvec(&self.layers[k]).expect("vectors of numbers")
    }

    /// Layers of these sizes, none so far; [`Fast::push`] adds them.
    pub fn new(shape: Shape, kernel: &'static dyn Kernel) -> Fast {
        Fast { layers: Vec::new(), heads: shape.heads, d: shape.d, inner: shape.inner, kernel, pool: Arc::default() }
    }

    /// Adds a layer from [`Fast::layer_bytes`].
    ///
    /// # Errors
    /// The bytes are no layer.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let layer = postcard::from_bytes(bytes).map_err(|e| Error::Internal { why: e.to_string() })?;
        self.layers.push(layer);
        Ok(())
    }

    /// From the heads' context to the layer's output, for a few rows.
    fn second_half(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        let (layer, next) = (&self.layers[k], self.layers.get(k + 1));
        let (d, inner, n) = (self.d, s.inner_width, rows.len());
        let x = &mut s.x[rows.start * d..rows.end * d];
        for (r, row) in s.context[rows.start * d..rows.end * d].chunks_exact(d).enumerate() {
            s.block_codes.set::<Best>(r, row);
        }
        let add = |x: &mut [f32], r: usize, c: usize, y: [Best; 2]| {
            let x = &mut x[r * d + c..];
            store(x, [0, 1].map(|k| load(&x[4 * k..]) + y[k]));
        };
        let codes = s.block_codes.rows(0..n);
        layer.attention_output.product(self.kernel, codes, &mut s.sums, |r, c, y| add(x, r, c, y));
        for (r, row) in x.chunks_exact_mut(d).enumerate() {
            layer.attention_norm.apply(row);
            if let Some(seen) = &mut s.seen {
                split::see(seen, row);
            }
            s.middle_codes.set_split::<Best>(r, row, &layer.middle_split);
        }
        let (codes, middle, gelu) = (s.middle_codes.rows(0..n), &mut s.inner, Gelu::new());
        layer.intermediate.product::<Best>(self.kernel, codes, &mut s.sums, |r, c, y| {
            store(&mut middle[r * inner + c..], y.map(|y| gelu.of(y)));
        });
        for (r, row) in middle[..n * inner].chunks_exact(inner).enumerate() {
            s.inner_codes.set::<Best>(r, &row[..self.inner]);
        }
        layer.output.product(self.kernel, s.inner_codes.rows(0..n), &mut s.sums, |r, c, y| add(x, r, c, y));
        for (r, row) in x.chunks_exact_mut(d).enumerate() {
            layer.output_norm.apply(row);
            if let Some(next) = next {
                s.codes.set_split::<Best>(rows.start + r, row, &next.split);
            }
        }
    }
}

#[inline(always)]
fn load(x: &[f32]) -> Best {
    Best::load(x.first_chunk().expect("columns come in eights"))
}

#[inline(always)]
fn store(to: &mut [f32], y: [Best; 2]) {
    let to: &mut [f32; 8] = to.first_chunk_mut().expect("columns come in eights");
    let (four, _) = to.as_chunks_mut::<4>();
    y[0].store(&mut four[0]);
    y[1].store(&mut four[1]);
}
