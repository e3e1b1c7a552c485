//! A matrix of signed 4-bit integers with one f32 scale per 32 columns: for embedding tables, which are only
//! looked up and hold half of a small model's values.

use super::scale::{best_scale, code};

/// Columns that share a scale.
pub const GROUP: usize = 32;

/// The largest magnitude of a code.
const MOST: f32 = 7.0;

/// The quantized matrix, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsI4 {
    /// Length of a row, a multiple of [`GROUP`].
    pub columns: usize,
    /// Two codes per byte, each plus 8; the even column in the low half. rows x columns / 2.
    pub values: Vec<u8>,
    /// rows x columns / [`GROUP`], each >= 0 and exact in half precision.
    pub scales: Vec<f32>,
}

/// How many scales [`RowsI4::quantize`] tries per group.
const CLIPS: usize = 32;

impl RowsI4 {
    /// Quantizes a row-major matrix. Every group's scale is the one, among a few that clip the largest values by up
    /// to a half, with the least squared error.
    ///
    /// # Panics
    /// When `columns` is no multiple of [`GROUP`], or `matrix` not a whole number of rows.
    pub fn quantize(matrix: &[f32], columns: usize) -> RowsI4 {
        assert!(columns > 0 && columns.is_multiple_of(GROUP) && matrix.len().is_multiple_of(columns));
        let mut out = RowsI4 { columns, values: Vec::with_capacity(matrix.len() / 2), scales: Vec::new() };
        for group in matrix.chunks_exact(GROUP) {
            let scale = best_scale(group, MOST, CLIPS, 0.5, |scale| half::f16::from_f32(scale).to_f32());
            out.scales.push(scale);
            out.values.extend(group.chunks_exact(2).map(|pair| half(pair[0], scale) | half(pair[1], scale) << 4));
        }
        out
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() * 2 / self.columns
    }

    /// Writes row `r` as f32 into `out` (length `columns`).
    pub fn dequantize_row(&self, r: usize, out: &mut [f32]) {
        let values = &self.values[r * self.columns / 2..][..self.columns / 2];
        let scales = &self.scales[r * self.columns / GROUP..];
        for ((group, codes), scale) in out.chunks_exact_mut(GROUP).zip(values.chunks_exact(GROUP / 2)).zip(scales) {
            for (pair, code) in group.chunks_exact_mut(2).zip(codes) {
                pair[0] = scale * (f32::from(code & 15) - 8.0);
                pair[1] = scale * (f32::from(code >> 4) - 8.0);
            }
        }
    }

    /// The whole matrix as f32, row-major.
    pub fn dequantize(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.values.len() * 2];
        for (r, row) in out.chunks_exact_mut(self.columns).enumerate() {
            self.dequantize_row(r, row);
        }
        out
    }
}

fn half(x: f32, scale: f32) -> u8 {
    (code(x, scale, MOST) + 8.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        // Values on the grid of 0.5 stay; a row of zeros too.
        let mut row = [0.0; 64];
        row[..3].copy_from_slice(&[3.5, -3.5, 0.5]);
        let q = RowsI4::quantize(&row, 64);
        assert_eq!((q.rows(), &q.scales[..]), (1, &[0.5, 0.0][..]));
        assert_eq!(&q.values[..3], &[15 | 1 << 4, 9 | 8 << 4, 8 | 8 << 4]);
        assert_eq!(q.dequantize(), row);
    }

    proptest! {
        #[test]
        fn every_value_is_near(row in prop::collection::vec(-3.0f32..3.0, 96)) {
            let q = RowsI4::quantize(&row, 96);
            let error: f32 = row.iter().zip(q.dequantize()).map(|(a, b)| (a - b).powi(2)).sum();
            // Half a step of the widest grid, for each value.
            prop_assert!(error <= 96.0 * (3.01f32 / 14.0).powi(2));
        }
    }
}
