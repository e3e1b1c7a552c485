//! The products with WebAssembly's 128-bit SIMD as it is everywhere: both operands widened to i16, pairs added
//! up by `i32x4.dot_i16x8`.
#![allow(unsafe_code)]

use std::arch::wasm32::*;

use super::integer::{COLUMNS, Kernel, byte_shape, word_shape};

/// Plain simd128.
#[derive(Debug)]
pub struct Simd128;

impl Kernel for Simd128 {
    fn name(&self) -> &'static str {
        "simd128"
    }

    fn bytes(&self, panel: &[i8], codes: &[u8], sums: &mut [i32]) {
        let (depth, rows) = byte_shape(panel, codes, sums);
        // SAFETY: the lengths were checked: `rows` rows of `depth` codes, `depth` times 8 weights, `rows` times 8 sums.
        unsafe {
            let (codes, sums) = (codes.as_ptr(), sums.as_mut_ptr());
            for r in (0..rows - rows % 2).step_by(2) {
                bytes::<2>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * COLUMNS));
            }
            if rows % 2 == 1 {
                bytes::<1>(panel.as_ptr(), depth, codes.add((rows - 1) * depth), sums.add((rows - 1) * COLUMNS));
            }
        }
    }

    fn words(&self, panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize) {
        words(panel, codes, sums, stride);
    }
}

/// R rows of a byte product. A register of four columns times four k, widened, is two registers of two columns
/// times four k; so every sum comes in two halves, added at the end.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8, `sums` R times 8 values.
#[inline(always)]
unsafe fn bytes<const R: usize>(panel: *const i8, depth: usize, codes: *const u8, sums: *mut i32) {
    unsafe {
        let mut halves = [[i32x4_splat(0); 4]; R];
        for k in (0..depth).step_by(4) {
            let at = panel.add(k * COLUMNS);
            let w: [v128; 4] = std::array::from_fn(|c| i16x8_load_extend_i8x8(at.add(8 * c)));
            for (r, halves) in halves.iter_mut().enumerate() {
                let x = u16x8_extend_low_u8x16(v128_load32_splat(codes.add(r * depth + k).cast()));
                for (half, w) in halves.iter_mut().zip(w) {
                    *half = i32x4_add(*half, i32x4_dot_i16x8(w, x));
                }
            }
        }
        for (r, h) in halves.into_iter().enumerate() {
            for c in 0..2 {
                let even = i32x4_shuffle::<0, 2, 4, 6>(h[2 * c], h[2 * c + 1]);
                let odd = i32x4_shuffle::<1, 3, 5, 7>(h[2 * c], h[2 * c + 1]);
                v128_store(sums.add(r * COLUMNS + 4 * c).cast(), i32x4_add(even, odd));
            }
        }
    }
}

/// The word product, which relaxed SIMD has nothing better for.
pub(super) fn words(panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize) {
    let (depth, rows) = word_shape(panel, codes, sums, stride);
    // SAFETY: the lengths were checked: `rows` rows of `depth` codes, `depth` times 8 values in the panel, and
    // room for 8 sums at every `stride`.
    unsafe {
        let (codes, sums) = (codes.as_ptr(), sums.as_mut_ptr());
        let mut r = 0;
        while r + 4 <= rows {
            word_rows::<4>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * stride), stride);
            r += 4;
        }
        while r < rows {
            word_rows::<1>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * stride), stride);
            r += 1;
        }
    }
}

/// R rows of a word product.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8 values, and `sums` room for 8 at every `stride`.
#[inline(always)]
unsafe fn word_rows<const R: usize>(panel: *const i16, depth: usize, codes: *const i16, sums: *mut i32, stride: usize) {
    unsafe {
        let mut acc = [[i32x4_splat(0); 2]; R];
        for k in (0..depth).step_by(2) {
            let at = panel.add(k * COLUMNS);
            let w = [v128_load(at.cast()), v128_load(at.add(8).cast())];
            for (r, acc) in acc.iter_mut().enumerate() {
                let x = v128_load32_splat(codes.add(r * depth + k).cast());
                for (acc, w) in acc.iter_mut().zip(w) {
                    *acc = i32x4_add(*acc, i32x4_dot_i16x8(w, x));
                }
            }
        }
        for (r, acc) in acc.into_iter().enumerate() {
            v128_store(sums.add(r * stride).cast(), acc[0]);
            v128_store(sums.add(r * stride + 4).cast(), acc[1]);
        }
    }
}
