//! A safe interface to the `gemm` crate: products of strided f32 matrices.
#![allow(unsafe_code)]

use gemm::Parallelism;

/// A matrix that lies in a slice: entry (r, c) is `data[r * row + c * column]`.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    /// Where the entries are.
    pub data: &'a [f32],
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Distance of two rows.
    pub row: usize,
    /// Distance of two columns.
    pub column: usize,
}

impl<'a> Matrix<'a> {
    /// A row-major matrix without gaps.
    pub fn dense(data: &'a [f32], columns: usize) -> Matrix<'a> {
        Matrix { data, rows: data.len() / columns, columns, row: columns, column: 1 }
    }

    /// The same entries, transposed.
    pub fn t(self) -> Matrix<'a> {
        Matrix { rows: self.columns, columns: self.rows, row: self.column, column: self.row, ..self }
    }

    fn reach(&self) -> usize {
        if self.rows == 0 || self.columns == 0 {
            0
        } else {
            (self.rows - 1) * self.row + (self.columns - 1) * self.column + 1
        }
    }
}

/// `out = scale * a b`, or `out += scale * a b` when `add`; rows of `out` are `stride` apart.
/// `threads`: use all cores for this one product.
///
/// # Panics
/// When shapes disagree or a matrix reaches past its slice.
pub fn product(out: &mut [f32], stride: usize, a: Matrix, b: Matrix, scale: f32, add: bool, threads: bool) {
    let (m, n, k) = (a.rows, b.columns, a.columns);
    assert_eq!(k, b.rows, "inner sizes");
    assert!(a.reach() <= a.data.len() && b.reach() <= b.data.len(), "a matrix reaches past its slice");
    if m == 0 || n == 0 {
        return;
    }
    assert!(stride >= n && (m - 1) * stride + n <= out.len(), "the result reaches past its slice");
    #[cfg(not(target_arch = "wasm32"))]
    let parallelism = if threads { Parallelism::Rayon(rayon::current_num_threads()) } else { Parallelism::None };
    #[cfg(target_arch = "wasm32")]
    let parallelism = {
        let _ = threads;
        Parallelism::None
    };
    // SAFETY: every entry that the strides address was checked above to lie inside its slice, `out` is
    // borrowed mutably and so overlaps neither `a` nor `b`.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            stride as isize,
            add,
            a.data.as_ptr(),
            a.column as isize,
            a.row as isize,
            b.data.as_ptr(),
            b.column as isize,
            b.row as isize,
            1.0,
            scale,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// The sum of `rows`' rows, each as long as `sum`.
#[inline(never)]
pub fn column_sums(rows: &[f32], sum: &mut [f32]) {
    sum.fill(0.0);
    for row in rows.chunks_exact(sum.len()) {
        for (sum, x) in sum.iter_mut().zip(row) {
            *sum += x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        let mut out = [0.0; 4];
        product(&mut out, 2, Matrix::dense(&a, 3), Matrix::dense(&b, 2), 1.0, false, false);
        assert_eq!(out, [4.0, 5.0, 10.0, 11.0]);
        product(&mut out, 2, Matrix::dense(&a, 3), Matrix::dense(&b, 2), 2.0, true, true);
        assert_eq!(out, [12.0, 15.0, 30.0, 33.0]);
        let mut gram = [0.0; 9];
        product(&mut gram, 3, Matrix::dense(&a, 3).t(), Matrix::dense(&a, 3), 1.0, false, false);
        assert_eq!(gram, [17.0, 22.0, 27.0, 22.0, 29.0, 36.0, 27.0, 36.0, 45.0]);
    }

    #[test]
    #[should_panic(expected = "past its slice")]
    fn a_short_slice_is_refused() {
        let a = Matrix { data: &[0.0; 5], rows: 2, columns: 3, row: 3, column: 1 };
        product(&mut [0.0; 4], 2, a, Matrix::dense(&[0.0; 6], 2), 1.0, false, false);
    }
}
