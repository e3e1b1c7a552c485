//! A matrix of signed 8-bit integers with one f32 scale per row: `value[r][c] = scale[r] * q[r][c]`.
//!
//! One scale per row is what an integer matrix product wants: its i32 accumulator runs over a whole row
//! and is scaled once at the end.

use super::scale::{best_scale, code};

/// The largest magnitude of a code.
const MOST: f32 = 127.0;

/// The quantized matrix, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsI8 {
    /// Length of a row.
    pub columns: usize,
    /// rows x columns, each in -127..=127.
    pub values: Vec<i8>,
    /// One scale per row, >= 0.
    pub scales: Vec<f32>,
}

/// How many clipping points [`RowsI8::quantize`] tries per row.
const CLIPS: usize = 24;

impl RowsI8 {
    /// Quantizes a row-major matrix. Every row's scale is the one, among a few that clip the largest
    /// values by up to a third, with the least squared error.
    ///
    /// # Panics
    /// When `matrix` is not a whole number of rows.
    pub fn quantize(matrix: &[f32], columns: usize) -> RowsI8 {
        assert!(columns > 0 && matrix.len().is_multiple_of(columns));
        let mut values = Vec::with_capacity(matrix.len());
        let mut scales = Vec::with_capacity(matrix.len() / columns);
        for row in matrix.chunks_exact(columns) {
            let scale = best_scale(row, MOST, CLIPS, 1.0 / 3.0, |scale| scale);
            scales.push(scale);
            values.extend(row.iter().map(|&x| code(x, scale, MOST) as i8));
        }
        RowsI8 { columns, values, scales }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.scales.len()
    }

    /// Writes row `r` as f32 into `out` (length `columns`).
    pub fn dequantize_row(&self, r: usize, out: &mut [f32]) {
        let scale = self.scales[r];
        let row = &self.values[r * self.columns..][..self.columns];
        for (x, &q) in out.iter_mut().zip(row) {
            *x = scale * f32::from(q);
        }
    }

    /// The whole matrix as f32, row-major.
    pub fn dequantize(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.values.len()];
        for (r, row) in out.chunks_exact_mut(self.columns).enumerate() {
            self.dequantize_row(r, row);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        // Row 1: no clipping helps a row whose values all sit on the grid. Row 2 is zero.
        let q = RowsI8::quantize(&[127.0, -64.0, 1.0, 0.0, 0.0, 0.0], 3);
        assert_eq!((q.rows(), &q.values[..], &q.scales[..]), (2, &[127, -64, 1, 0, 0, 0][..], &[1.0, 0.0][..]));
        assert_eq!(q.dequantize(), [127.0, -64.0, 1.0, 0.0, 0.0, 0.0]);
    }

    proptest! {
        #[test]
        fn never_worse_than_no_clipping(row in prop::collection::vec(-3.0f32..3.0, 1..80)) {
            let q = RowsI8::quantize(&row, row.len());
            let plain = row.iter().fold(0.0f32, |m, x| m.max(x.abs())) / 127.0;
            let error = |values: Vec<f32>| row.iter().zip(values).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
            let unclipped = row.iter().map(|&x| plain * code(x, plain, MOST)).collect();
            prop_assert!(error(q.dequantize()) <= error(unclipped));
        }
    }
}
