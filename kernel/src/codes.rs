//! Activations as integers: rows of 7-bit codes for dense layers, 16-bit panels for attention.

use serde::{Deserialize, Serialize};

use super::integer::{BYTE_STEP, COLUMNS, WORD_STEP};
use super::lanes::{Lanes, Rounding};

/// Inputs of a dense layer that are far larger than the others, and are therefore divided into several:
/// `x w = (x/3) w + (x/3) w + (x/3) w`. Without that, a single one would stretch the range of its row, and leave few codes to
/// all the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Column and number of parts, at least 2. The parts beyond the first lie after the last column, in this order.
    columns: Vec<(usize, usize)>,
}

impl Split {
    /// Adds `more` parts, one after the other where the largest magnitude `most[column] / parts` is.
    pub fn new(most: &[f32], more: usize) -> Split {
        let mut parts = vec![1usize; most.len()];
        for _ in 0..more {
            let size = |c: usize| most[c] / parts[c] as f32;
            if let Some(largest) = (0..most.len()).max_by(|&a, &b| size(a).total_cmp(&size(b))) {
                parts[largest] += 1;
            }
        }
        Split { columns: parts.into_iter().enumerate().filter(|&(_, n)| n > 1).collect() }
    }

    /// Length of a row of codes for rows of `inputs` values.
    pub fn depth(&self, inputs: usize) -> usize {
        (inputs + self.columns.iter().map(|(_, n)| n - 1).sum::<usize>()).next_multiple_of(BYTE_STEP)
    }

    /// A row of weights with its repetitions.
    pub(super) fn repeat(&self, row: &[i8]) -> Vec<i8> {
        let more = self.columns.iter().flat_map(|&(c, n)| std::iter::repeat_n(row[c], n - 1));
        row.iter().copied().chain(more).collect()
    }
}

/// Rows of 7-bit codes, each with its own range: `x = low + step * code`, code in 0..=127.
#[derive(Debug, Default)]
pub struct Codes {
    depth: usize,
    values: Vec<u8>,
    step: Vec<f32>,
    low: Vec<f32>,
}

/// Some rows of [`Codes`].
#[derive(Clone, Copy, Debug)]
pub struct CodeRows<'a> {
    /// R rows of depth.
    pub values: &'a [u8],
    /// R.
    pub step: &'a [f32],
    /// R.
    pub low: &'a [f32],
}

impl CodeRows<'_> {
    /// R.
    pub fn rows(&self) -> usize {
        self.step.len()
    }
}

impl Codes {
    /// Room for `rows` rows of `depth` codes (see [`Split::depth`]).
    pub fn new(rows: usize, depth: usize) -> Codes {
        let depth = depth.next_multiple_of(BYTE_STEP);
        Codes { depth, values: vec![0; rows * depth], step: vec![0.0; rows], low: vec![0.0; rows] }
    }

    /// Rows `range`.
    pub fn rows(&self, range: std::ops::Range<usize>) -> CodeRows<'_> {
        CodeRows {
            values: &self.values[range.start * self.depth..range.end * self.depth],
            step: &self.step[range.clone()],
            low: &self.low[range],
        }
    }

    /// Codes row `r`, some of whose columns are split. `x` is changed meanwhile, and then as it was.
    pub fn set_split<L: Lanes>(&mut self, r: usize, x: &mut [f32], split: &Split) {
        for &(c, parts) in &split.columns {
            x[c] /= parts as f32;
        }
        self.set::<L>(r, x);
        let codes = &mut self.values[r * self.depth..(r + 1) * self.depth];
        let mut next = x.len();
        for &(c, parts) in &split.columns {
            // The parts' codes add up to the code of the whole, as nearly as all the others are coded.
            let n = parts as f32;
            let code = if self.step[r] > 0.0 { ((x[c] - self.low[r]) * n / self.step[r]).round() as usize } else { 0 };
            for part in 0..parts {
                let at = if part == 0 { c } else { next + part - 1 };
                codes[at] = ((code + part) / parts).min(127) as u8;
            }
            next += parts - 1;
            x[c] *= n;
        }
    }

    /// Codes row `r`: the smallest value becomes 0, the largest 127.
    pub fn set<L: Lanes>(&mut self, r: usize, x: &[f32]) {
        let (low, high) = range::<L>(x);
        let step = (high - low) / 127.0;
        let inverse = if step > 0.0 { 1.0 / step } else { 0.0 };
        (self.step[r], self.low[r]) = (step, low);
        let codes = &mut self.values[r * self.depth..(r + 1) * self.depth];
        let (fours, rest) = x.as_chunks::<4>();
        let (rounding, low, inverse) = (Rounding::new(), L::splat(low), L::splat(inverse));
        let code = |x: L| rounding.sum((x - low) * inverse);
        let (sixteens, _) = codes.as_chunks_mut::<16>();
        for (out, x) in sixteens.iter_mut().zip(fours.chunks_exact(4)) {
            L::store_bytes([0, 1, 2, 3].map(|k| code(L::load(&x[k]))), rounding, out);
        }
        // What is left of a width that is no multiple of 16.
        let done = fours.len() / 4 * 16;
        for (out, x) in codes[done..].iter_mut().zip(&x[done..]) {
            *out = one_byte(code(L::splat(*x)), rounding);
        }
        debug_assert!(rest.len() < 4);
    }
}

fn one_byte<L: Lanes>(sum: L, rounding: Rounding<L>) -> u8 {
    let mut out = [0; 16];
    L::store_bytes([sum; 4], rounding, &mut out);
    out[0]
}

/// Smallest and largest value.
fn range<L: Lanes>(x: &[f32]) -> (f32, f32) {
    let (fours, rest) = x.as_chunks::<4>();
    let start = L::splat(x.first().copied().unwrap_or(0.0));
    let (mut low, mut high) = (start, start);
    for x in fours {
        let x = L::load(x);
        (low, high) = (low.min(x), high.max(x));
    }
    let (low, high) = (low.values().into_iter().chain(rest.iter().copied()), high.values());
    (low.fold(f32::INFINITY, f32::min), high.into_iter().chain(rest.iter().copied()).fold(f32::NEG_INFINITY, f32::max))
}

/// The largest magnitude in columns `columns` of all rows of `x` (rows of `stride`); both ends of `columns` are
/// multiples of 4.
pub fn magnitude<L: Lanes>(x: &[f32], stride: usize, columns: std::ops::Range<usize>) -> f32 {
    let zero = L::splat(0.0);
    let mut most = zero;
    for row in x.chunks_exact(stride) {
        for x in row[columns.clone()].as_chunks::<4>().0 {
            let x = L::load(x);
            most = most.max(x).max(zero - x);
        }
    }
    most.values().into_iter().fold(0.0, f32::max)
}

/// Codes eight values as words: `round(x * inverse)`.
#[inline(always)]
fn words<L: Lanes>(x: &[f32], inverse: L, rounding: Rounding<L>) -> [i16; 8] {
    let (four, _) = x.as_chunks::<4>();
    let mut out = [0; 8];
    L::store_words([0, 1].map(|k| rounding.sum(L::load(&four[k]) * inverse)), rounding, &mut out);
    out
}

/// Rows of words, `round(x * inverse)`: columns `columns` (a multiple of 8 of them) of every row of `x`.
pub fn word_rows<L: Lanes>(x: &[f32], stride: usize, columns: std::ops::Range<usize>, inverse: f32, out: &mut [i16]) {
    let (inverse, rounding) = (L::splat(inverse), Rounding::new());
    for (row, out) in x.chunks_exact(stride).zip(out.chunks_exact_mut(columns.len())) {
        for (x, out) in row[columns.clone()].chunks_exact(8).zip(out.as_chunks_mut::<8>().0) {
            *out = words(x, inverse, rounding);
        }
    }
}

/// Length of the panels that [`row_panels`] or [`column_panels`] fill.
pub fn panels_len(columns: usize, depth: usize) -> usize {
    columns.next_multiple_of(COLUMNS) * depth.next_multiple_of(WORD_STEP)
}

/// Panels whose *output columns* are the rows of `x` and whose k runs over `columns` (a multiple of 8 of them):
/// the right-hand side of Q K^T. What is beyond the last row is 0.
pub fn row_panels<L: Lanes>(x: &[f32], stride: usize, columns: std::ops::Range<usize>, inverse: f32, out: &mut [i16]) {
    let (inverse, rounding, depth) = (L::splat(inverse), Rounding::new(), columns.len());
    let rows = x.len() / stride;
    for (p, panel) in out[..panels_len(rows, depth)].chunks_exact_mut(COLUMNS * depth).enumerate() {
        for c in 0..COLUMNS {
            let row = x.get((p * COLUMNS + c) * stride..(p * COLUMNS + c + 1) * stride);
            for k in (0..depth).step_by(8) {
                let codes = row.map_or([0; 8], |row| words(&row[columns.start + k..], inverse, rounding));
                for (pair, codes) in codes.as_chunks::<2>().0.iter().enumerate() {
                    let at = (k / 2 + pair) * 2 * COLUMNS + 2 * c;
                    panel[at..at + 2].copy_from_slice(codes);
                }
            }
        }
    }
}

/// Panels whose output columns are `columns` (a multiple of 8 of them) and whose k runs over the rows of `x`: the
/// right-hand side of P V. An odd last row gets a row of 0 beside it.
pub fn column_panels<L: Lanes>(
    x: &[f32],
    stride: usize,
    columns: std::ops::Range<usize>,
    inverse: f32,
    out: &mut [i16],
) {
    let (inverse, rounding) = (L::splat(inverse), Rounding::new());
    let depth = (x.len() / stride).next_multiple_of(WORD_STEP);
    for (k, pair) in x.chunks(2 * stride).enumerate() {
        let (a, b) = pair.split_at(stride);
        for p in 0..columns.len() / COLUMNS {
            let at = columns.start + p * COLUMNS;
            let a = words(&a[at..], inverse, rounding);
            let b = if b.is_empty() { [0; 8] } else { words(&b[at..], inverse, rounding) };
            let panel = &mut out[p * COLUMNS * depth + k * 2 * COLUMNS..][..2 * COLUMNS];
            for (out, (a, b)) in panel.as_chunks_mut::<2>().0.iter_mut().zip(a.into_iter().zip(b)) {
                *out = [a, b];
            }
        }
    }
}
