//! A dense layer's int8 weights in the order in which the kernels read them, made once at load.

use serde::{Deserialize, Serialize};

use super::RowsI8;
use super::codes::{CodeRows, Split};
use super::integer::{BYTE_STEP, COLUMNS, Kernel};
use super::lanes::Lanes;

/// What four weights that meet in one 16-bit lane may add up to on either side of zero: with activations of at
/// most 127, 127 * 258 = 32766 still fits.
const MOST: i32 = 258;

/// A weight's part that was taken out, so that no 16-bit lane can overflow. About one weight in 2,800 has one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Spike {
    column: usize, // within the panel
    k: usize,
    excess: i32,
}

/// `y = x W^T + bias`, W `[outputs, inputs]` in int8 with a scale per output.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Packed {
    inputs: usize,
    outputs: usize,
    /// `inputs` and what is split off them, rounded up to a whole [`BYTE_STEP`]; the added weights are 0.
    depth: usize,
    /// `[outputs / 8][depth / 4][8][4]`; columns beyond `outputs` are 0.
    values: Vec<i8>,
    /// Per output, padded like the columns: scale, scale * sum of the row's integers, bias.
    scale: Vec<f32>,
    shift: Vec<f32>,
    bias: Vec<f32>,
    spikes: Vec<Spike>,
    /// Where each panel's spikes begin, and the end.
    first_spike: Vec<usize>,
}

impl Packed {
    /// Packs the rows of one layer, or of several that read the same input, one after the other; inputs that `split`
    /// divides into several get as many copies of their weights.
    ///
    /// # Panics
    /// When the parts have different widths, or a bias of another length than its matrix.
    pub fn new(parts: &[(&RowsI8, &[f32])], split: &Split) -> Packed {
        let inputs = parts.first().map_or(0, |(rows, _)| rows.columns);
        let outputs: usize = parts.iter().map(|(rows, _)| rows.rows()).sum();
        let depth = split.depth(inputs);
        let columns = outputs.next_multiple_of(COLUMNS);
        let mut packed = Packed {
            inputs,
            outputs,
            depth,
            values: vec![0; columns * depth],
            scale: vec![0.0; columns],
            shift: vec![0.0; columns],
            bias: vec![0.0; columns],
            spikes: Vec::new(),
            first_spike: vec![0; columns / COLUMNS + 1],
        };
        let mut at = 0;
        for (rows, bias) in parts {
            assert!(rows.columns == inputs && bias.len() == rows.rows(), "parts of one product");
            for (r, row) in rows.values.chunks_exact(inputs).enumerate() {
                packed.set(at, &split.repeat(row), rows.scales[r], bias[r]);
                at += 1;
            }
        }
        packed
    }

    /// Writes output `at`; called in order.
    fn set(&mut self, at: usize, row: &[i8], scale: f32, bias: f32) {
        let (panel, column) = (at / COLUMNS, at % COLUMNS);
        self.scale[at] = scale;
        self.shift[at] = scale * row.iter().map(|&q| i32::from(q)).sum::<i32>() as f32;
        self.bias[at] = bias;
        let (blocks, rest) = row.as_chunks::<BYTE_STEP>();
        let mut last = [0; BYTE_STEP];
        last[..rest.len()].copy_from_slice(rest);
        let all = blocks.iter().chain((!rest.is_empty()).then_some(&last));
        for (block, q) in all.enumerate() {
            let mut q = *q;
            // Eight k at a time: these are the ones that meet in the 16-bit lanes, {0,1,4,5} and {2,3,6,7}.
            for lane in [[0, 1, 4, 5], [2, 3, 6, 7]] {
                // One lane in 130 needs more than this look, one in 740 has too much.
                if lane.iter().map(|&k: &usize| i32::from(q[k]).abs()).sum::<i32>() > MOST {
                    self.take_out(column, block, lane, &mut q);
                }
            }
            let values = &mut self.values[(panel * self.depth + block * BYTE_STEP) * COLUMNS..];
            for (four, values) in q.as_chunks::<4>().0.iter().zip(values.chunks_exact_mut(4 * COLUMNS)) {
                values[4 * column..][..4].copy_from_slice(four);
            }
        }
        for end in &mut self.first_spike[panel + 1..] {
            *end = self.spikes.len();
        }
    }

    /// Takes out of the weights that meet in a lane what would be too much on either side of zero.
    #[cold]
    fn take_out(&mut self, column: usize, block: usize, lane: [usize; 4], q: &mut [i8; BYTE_STEP]) {
        for sign in [1, -1] {
            let mut over = lane.iter().map(|&k| (sign * i32::from(q[k])).max(0)).sum::<i32>() - MOST;
            for k in lane {
                let size = sign * i32::from(q[k]);
                if over > 0 && size > 0 {
                    let part = over.min(size);
                    q[k] -= (sign * part) as i8;
                    over -= part;
                    self.spikes.push(Spike { column, k: block * BYTE_STEP + k, excess: sign * part });
                }
            }
        }
    }

    /// Length of a row of x.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Length of a row of y.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The integer sums of panel `p` for R rows of codes: `[R][8]` into `sums`.
    pub fn sums(&self, kernel: &dyn Kernel, p: usize, codes: &[u8], sums: &mut [i32]) {
        kernel.bytes(&self.values[p * COLUMNS * self.depth..][..COLUMNS * self.depth], codes, sums);
        for spike in &self.spikes[self.first_spike[p]..self.first_spike[p + 1]] {
            for (sums, codes) in sums.chunks_exact_mut(COLUMNS).zip(codes.chunks_exact(self.depth)) {
                sums[spike.column] += spike.excess * i32::from(codes[spike.k]);
            }
        }
    }

    /// The product with rows of codes. `take(r, c, y)` hears eight values of row r, from column c on; c is a
    /// multiple of 8, and what lies beyond the last column is 0. `sums` is room for 8 values per row.
    pub fn product<L: Lanes>(
        &self,
        kernel: &dyn Kernel,
        x: CodeRows,
        sums: &mut [i32],
        mut take: impl FnMut(usize, usize, [L; 2]),
    ) {
        let sums = &mut sums[..x.rows() * COLUMNS];
        let per_column = |all: &[f32], c: usize| {
            let (four, _) = all[c..c + COLUMNS].as_chunks::<4>();
            [L::load(&four[0]), L::load(&four[1])]
        };
        for p in 0..self.values.len() / (COLUMNS * self.depth).max(1) {
            self.sums(kernel, p, x.values, sums);
            let c = p * COLUMNS;
            let (scale, shift, bias) =
                (per_column(&self.scale, c), per_column(&self.shift, c), per_column(&self.bias, c));
            for (r, ((four, &step), &low)) in sums.as_chunks::<4>().0.chunks_exact(2).zip(x.step).zip(x.low).enumerate()
            {
                // x = low + step * code, so x . w = scale * (step * sum + low * (sum of the weights)).
                let (step, low) = (L::splat(step), L::splat(low));
                let y = |k: usize| (L::from_integers(&four[k]) * step) * scale[k] + (low * shift[k] + bias[k]);
                take(r, c, [y(0), y(1)]);
            }
        }
    }
}
