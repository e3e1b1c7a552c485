//! The products with AVX2, for native builds; found at run time.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::integer::{COLUMNS, Kernel, byte_shape, word_shape};

/// AVX2. Only [`super::kernels`] hands it out, where the machine has it.
#[derive(Debug)]
pub struct Avx2;

impl Kernel for Avx2 {
    fn name(&self) -> &'static str {
        "avx2"
    }

    fn bytes(&self, panel: &[i8], codes: &[u8], sums: &mut [i32]) {
        let (depth, rows) = byte_shape(panel, codes, sums);
        // SAFETY: the lengths were checked: `rows` rows of `depth` codes, `depth` times 8 weights, `rows` times 8
        // sums; and the machine has AVX2.
        unsafe {
            let (codes, sums) = (codes.as_ptr(), sums.as_mut_ptr());
            let mut r = 0;
            while r + 4 <= rows {
                bytes::<4>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * COLUMNS));
                r += 4;
            }
            while r < rows {
                bytes::<1>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * COLUMNS));
                r += 1;
            }
        }
    }

    fn words(&self, panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize) {
        let (depth, rows) = word_shape(panel, codes, sums, stride);
        // SAFETY: the lengths were checked: `rows` rows of `depth` codes, `depth` times 8 values in the panel,
        // room for 8 sums at every `stride`; and the machine has AVX2.
        unsafe {
            let (codes, sums) = (codes.as_ptr(), sums.as_mut_ptr());
            let mut r = 0;
            while r + 4 <= rows {
                words::<4>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * stride), stride);
                r += 4;
            }
            while r < rows {
                words::<1>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * stride), stride);
                r += 1;
            }
        }
    }
}

/// R rows of a byte product: pairs of 16-bit products are added before they are widened, as [`super::Packed`]
/// allows.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8, `sums` R times 8 values; the machine has AVX2.
#[target_feature(enable = "avx2")]
unsafe fn bytes<const R: usize>(panel: *const i8, depth: usize, codes: *const u8, sums: *mut i32) {
    unsafe {
        let ones = _mm256_set1_epi16(1);
        let mut acc = [_mm256_setzero_si256(); R];
        for k in (0..depth).step_by(8) {
            let first = _mm256_loadu_si256(panel.add(k * COLUMNS).cast());
            let second = _mm256_loadu_si256(panel.add((k + 4) * COLUMNS).cast());
            for (r, acc) in acc.iter_mut().enumerate() {
                let x = codes.add(r * depth + k).cast::<i32>();
                let a = _mm256_maddubs_epi16(_mm256_set1_epi32(x.read_unaligned()), first);
                let b = _mm256_maddubs_epi16(_mm256_set1_epi32(x.add(1).read_unaligned()), second);
                *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(_mm256_add_epi16(a, b), ones));
            }
        }
        for (r, acc) in acc.into_iter().enumerate() {
            _mm256_storeu_si256(sums.add(r * COLUMNS).cast(), acc);
        }
    }
}

/// R rows of a word product.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8 values, `sums` room for 8 at every `stride`; the machine
/// has AVX2.
#[target_feature(enable = "avx2")]
unsafe fn words<const R: usize>(panel: *const i16, depth: usize, codes: *const i16, sums: *mut i32, stride: usize) {
    unsafe {
        let mut acc = [_mm256_setzero_si256(); R];
        for k in (0..depth).step_by(2) {
            let w = _mm256_loadu_si256(panel.add(k * COLUMNS).cast());
            for (r, acc) in acc.iter_mut().enumerate() {
                let x = codes.add(r * depth + k).cast::<i32>().read_unaligned();
                *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(_mm256_set1_epi32(x), w));
            }
        }
        for (r, acc) in acc.into_iter().enumerate() {
            _mm256_storeu_si256(sums.add(r * stride).cast(), acc);
        }
    }
}
