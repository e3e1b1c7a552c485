//! Products of small integers with exact sums: the trait that every instruction set implements.
//!
//! Two products are needed. *Bytes*: activations 0..=127 times int8 weights, for dense layers. *Words*: i16 times
//! i16, for attention, where both sides are activations and 7 bits would cost too much.
//!
//! The right-hand matrix lies in *panels* of [`COLUMNS`] output columns, so that one register holds four columns
//! and as many consecutive k as its lanes can add up in one instruction.

use std::fmt::Debug;

/// Output columns per panel.
pub const COLUMNS: usize = 8;
/// k is padded to a multiple of this in byte panels.
pub const BYTE_STEP: usize = 8;
/// k is padded to a multiple of this in word panels.
pub const WORD_STEP: usize = 2;

/// An instruction set's inner loops. All are exact, and so all agree.
pub trait Kernel: Debug + Send + Sync {
    /// `portable`, `avx2`, `simd128`, `relaxed` or `relaxed, paired`.
    fn name(&self) -> &'static str;

    /// `sums[r][c] = sum over k of codes[r][k] * panel[k][c]`.
    ///
    /// `panel`: `[K/4][8][4]`, K a multiple of [`BYTE_STEP`]. `codes`: R rows of K values, each at most 127.
    /// `sums`: R rows of 8. The panel must be one of [`super::Packed`]'s: four of its values that meet in one
    /// 16-bit lane (see there) add up to at most 258 on either side of zero.
    ///
    /// # Panics
    /// When lengths do not fit together.
    fn bytes(&self, panel: &[i8], codes: &[u8], sums: &mut [i32]);

    /// The same for i16: `sums[r * stride + c]`. `panel`: `[K/2][8][2]`, K a multiple of [`WORD_STEP`].
    /// `codes`: R rows of K values. No sum may leave i32; callers see to it by the range of their codes.
    ///
    /// # Panics
    /// When lengths do not fit together.
    fn words(&self, panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize);
}

/// K and R of a [`Kernel::bytes`] call, checked.
pub(super) fn byte_shape(panel: &[i8], codes: &[u8], sums: &[i32]) -> (usize, usize) {
    let (depth, rows) = (panel.len() / COLUMNS, sums.len() / COLUMNS);
    assert!(panel.len().is_multiple_of(COLUMNS * BYTE_STEP) && sums.len().is_multiple_of(COLUMNS), "byte panel");
    assert_eq!(codes.len(), rows * depth, "rows of codes");
    (depth, rows)
}

/// K and R of a [`Kernel::words`] call, checked.
pub(super) fn word_shape(panel: &[i16], codes: &[i16], sums: &[i32], stride: usize) -> (usize, usize) {
    let depth = panel.len() / COLUMNS;
    assert!(depth > 0 && panel.len().is_multiple_of(COLUMNS * WORD_STEP) && stride >= COLUMNS, "word panel");
    let rows = codes.len() / depth;
    assert_eq!(codes.len(), rows * depth, "rows of codes");
    assert!(rows == 0 || (rows - 1) * stride + COLUMNS <= sums.len(), "room for the sums");
    (depth, rows)
}

/// The oracle: plain loops.
#[derive(Debug)]
pub struct Portable;

impl Kernel for Portable {
    fn name(&self) -> &'static str {
        "portable"
    }

    fn bytes(&self, panel: &[i8], codes: &[u8], sums: &mut [i32]) {
        let (depth, _) = byte_shape(panel, codes, sums);
        if depth == 0 {
            return sums.fill(0);
        }
        for (codes, sums) in codes.chunks_exact(depth).zip(sums.chunks_exact_mut(COLUMNS)) {
            sums.fill(0);
            for (codes, panel) in codes.chunks_exact(4).zip(panel.chunks_exact(4 * COLUMNS)) {
                for (sum, panel) in sums.iter_mut().zip(panel.chunks_exact(4)) {
                    *sum += codes.iter().zip(panel).map(|(&x, &w)| i32::from(x) * i32::from(w)).sum::<i32>();
                }
            }
        }
    }

    fn words(&self, panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize) {
        let (depth, _) = word_shape(panel, codes, sums, stride);
        for (codes, sums) in codes.chunks_exact(depth).zip(sums.chunks_mut(stride)) {
            let sums = &mut sums[..COLUMNS];
            sums.fill(0);
            for (codes, panel) in codes.chunks_exact(2).zip(panel.chunks_exact(2 * COLUMNS)) {
                for (sum, panel) in sums.iter_mut().zip(panel.chunks_exact(2)) {
                    *sum += codes.iter().zip(panel).map(|(&x, &w)| i32::from(x) * i32::from(w)).sum::<i32>();
                }
            }
        }
    }
}

/// Every kernel that this build has and this machine can run, the quickest last.
pub fn kernels() -> Vec<&'static dyn Kernel> {
    #[allow(unused_mut)]
    let mut all: Vec<&'static dyn Kernel> = vec![&Portable];
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        all.push(&super::avx2::Avx2);
    }
    #[cfg(target_arch = "wasm32")]
    all.push(&super::simd128::Simd128);
    #[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
    all.extend(super::relaxed::both());
    all
}

/// The quickest kernel of this build on this machine.
pub fn best() -> &'static dyn Kernel {
    kernels().pop().unwrap_or(&Portable)
}
