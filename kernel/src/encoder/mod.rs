//! BERT's encoder layers for inference on int8 weights, on plain slices and whole numbers.
//!
//! Every dense layer multiplies 7-bit activations (one range per row) with the int8 weights exactly in i32;
//! attention multiplies 16-bit codes. What lies between is fused into as few passes as there can be: bias,
//! residual and GELU happen where a product's sums are still at hand, and rows go through the second half of a
//! layer a few at a time, so that they stay in the processor's cache.
//!
//! Buffers live in a [`Scratch`] and are used again; nothing is allocated inside a layer.

mod attention;
mod scratch;

use std::ops::Range;
use std::sync::Arc;

use scratch::Pool;
pub use scratch::{Lease, Scratch};
use serde::{Deserialize, Serialize};

use crate::lanes::{Best, Gelu, Lanes};
use crate::{Kernel, Packed, Split, codes, rowwise};

/// Rows that go through the second half of a layer together: their inner activations (f32) fill about half of a
/// processor's second cache.
const ROWS: usize = 48;

/// The encoder's layers, packed for one kernel.
#[derive(Clone, Debug)]
pub struct Int8Encoder {
    layers: Vec<Layer>,
    shape: Shape,
    kernel: &'static dyn Kernel,
    pool: Arc<Pool>,
}

/// The sizes of an encoder; all, and `d / heads`, are multiples of [`crate::COLUMNS`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Attention heads.
    pub heads: usize,
    /// Hidden size.
    pub d: usize,
    /// Size of the inner layer.
    pub inner: usize,
}

/// One layer's weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layer {
    /// Which of the layer's inputs are split; of the same size in every layer.
    pub split: Split,
    /// Which of its second half's inputs are split; of the same size in every layer.
    pub middle_split: Split,
    /// Q, K and V beside each other: 3d outputs.
    pub qkv: Packed,
    /// The attention's dense layer, `[d, d]`.
    pub attention_output: Packed,
    /// LayerNorm after it.
    pub attention_norm: Norm,
    /// `[inner, d]`, before GELU.
    pub intermediate: Packed,
    /// `[d, inner]`, after it.
    pub output: Packed,
    /// LayerNorm at the end.
    pub output_norm: Norm,
}

/// LayerNorm's parameters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Norm {
    /// Factors, `[d]`.
    pub weight: Vec<f32>,
    /// Added, `[d]`.
    pub bias: Vec<f32>,
    /// Added to the variance.
    pub eps: f32,
}

impl Norm {
    fn apply(&self, row: &mut [f32]) {
        rowwise::norm::<Best>(row, &self.weight, &self.bias, self.eps);
    }
}

impl Int8Encoder {
    /// An encoder of these sizes without layers; [`Int8Encoder::push`] adds them.
    pub fn new(shape: Shape, kernel: &'static dyn Kernel) -> Int8Encoder {
        Int8Encoder { layers: Vec::new(), shape, kernel, pool: Arc::default() }
    }

    /// Adds a layer, one packed here or in another instance of the same program.
    pub fn push(&mut self, layer: Layer) {
        self.layers.push(layer);
    }

    /// Layer `k`, in the form that this program's kernel reads.
    pub fn packed(&self, k: usize) -> &Layer {
        &self.layers[k]
    }

    /// The sizes of the layers.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Length of a row of codes: of a layer's inputs (0), of its second half's (1). It is the same in all layers.
    fn depth_of(&self, half: usize) -> usize {
        self.layers.first().map_or(self.shape.d, |l| [&l.split, &l.middle_split][half].depth(self.shape.d))
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
    #[inline(never)]
    pub fn begin_at(&self, k: usize, x: &[f32]) -> Lease {
        let mut lease = Scratch::lease(&self.pool, x.len() / self.shape.d, self);
        let s = &mut *lease;
        s.x.copy_from_slice(x);
        for (r, row) in s.x.chunks_exact_mut(self.shape.d).enumerate() {
            s.codes.set_split::<Best>(r, row, &self.layers[k].split);
        }
        lease
    }

    /// Buffers for the rows `rows` of a sequence of `length` positions, whose embeddings are `x` (`[rows, d]`); the
    /// other rows are somebody else's.
    ///
    /// # Panics
    /// When `x` has another length than `rows`.
    #[inline(never)]
    pub fn begin_rows(&self, length: usize, rows: Range<usize>, x: &[f32]) -> Lease {
        let mut lease = Scratch::lease(&self.pool, length, self);
        let s = &mut *lease;
        s.x[rows.start * self.shape.d..rows.end * self.shape.d].copy_from_slice(x);
        for r in rows {
            s.codes.set_split::<Best>(r, &mut s.x[r * self.shape.d..(r + 1) * self.shape.d], &self.layers[0].split);
        }
        lease
    }

    /// Layer `k`, in place, for the rows `rows` of its output; the other rows of [`Scratch::x`] are then no longer
    /// of use. All layers but the last need all rows.
    ///
    /// The same in two steps for who computes only some of the rows: [`Int8Encoder::project`] these, exchange
    /// [`Scratch::share`] with those who compute the others, [`Int8Encoder::attend`]. Every row comes out the same to the bit.
    pub fn layer(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        self.project(k, s, 0..s.length);
        self.attend(k, s, rows);
    }

    /// Q, K and V of the rows `rows` in layer `k`.
    #[inline(never)]
    pub fn project(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        let (d, (width, queries), (kv_width, kv)) = (self.shape.d, (s.width, &mut s.q), (s.kv_width, &mut s.kv));
        for start in rows.clone().step_by(ROWS) {
            let block = start..rows.end.min(start + ROWS);
            self.layers[k].qkv.product::<Best>(self.kernel, s.codes.rows(block), &mut s.sums, |r, c, y| {
                let row = start + r;
                let out = if c < d { &mut queries[row * width + c..] } else { &mut kv[row * kv_width + c - d..] };
                store(out, y);
            });
        }
        let size = self.shape.d / self.shape.heads;
        for (head, largest) in s.largest_q.iter_mut().enumerate() {
            let columns = head * size..(head + 1) * size;
            *largest = codes::magnitude::<Best>(&queries[rows.start * width..rows.end * width], width, columns);
        }
    }

    /// The rest of layer `k` for the rows `rows`, once K and V of all rows are there: attention, and what follows it.
    #[inline(never)]
    pub fn attend(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        for head in 0..self.shape.heads {
            attention::head(self, s, head, rows.clone());
        }
        for start in rows.clone().step_by(ROWS) {
            self.second_half(k, s, start..rows.end.min(start + ROWS));
        }
    }

    /// From the heads' context to the layer's output, for a few rows.
    fn second_half(&self, k: usize, s: &mut Scratch, rows: Range<usize>) {
        let (layer, next) = (&self.layers[k], self.layers.get(k + 1));
        let (d, inner, n) = (self.shape.d, s.inner_width, rows.len());
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
                see(seen, row);
            }
            s.middle_codes.set_split::<Best>(r, row, &layer.middle_split);
        }
        let (codes, middle, gelu) = (s.middle_codes.rows(0..n), &mut s.inner, Gelu::new());
        layer.intermediate.product::<Best>(self.kernel, codes, &mut s.sums, |r, c, y| {
            store(&mut middle[r * inner + c..], y.map(|y| gelu.of(y)));
        });
        for (r, row) in middle[..n * inner].chunks_exact(inner).enumerate() {
            s.inner_codes.set::<Best>(r, &row[..self.shape.inner]);
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

/// Raises `largest` to the magnitudes of `row`.
pub fn see(largest: &mut [f32], row: &[f32]) {
    for (largest, x) in largest.iter_mut().zip(row) {
        *largest = largest.max(x.abs());
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
