//! The byte product with relaxed SIMD. Its dot products are left open by the standard only where an operand
//! beyond 7 bits or a 16-bit overflow is involved; here neither ever is, so they are exact in every engine.
//!
//! Two forms, because engines differ. Where one machine instruction does the whole of
//! `i32x4.relaxed_dot_i8x16_i7x16_add` (ARM's `sdot`, x86's `vpdpbusd`), that is the quickest. Elsewhere on x86 it
//! becomes three to five instructions, and the *paired* form is a third quicker: it adds two registers of 16-bit
//! products before it widens them, which cannot overflow because of what [`super::Packed`] promises.
#![allow(unsafe_code)]

use std::arch::wasm32::*;
use std::hint::black_box;

use super::integer::{COLUMNS, Kernel, byte_shape};
use super::simd128;

/// Relaxed SIMD; `ONE`: by the one instruction, else paired.
#[derive(Debug)]
pub struct Relaxed<const ONE: bool>;

/// Both forms, the one that suits this machine last.
pub fn both() -> [&'static dyn Kernel; 2] {
    // SAFETY: a program with this feature loads only where there is relaxed SIMD.
    if unsafe { one_instruction() } {
        [&Relaxed::<false>, &Relaxed::<true>]
    } else {
        [&Relaxed::<true>, &Relaxed::<false>]
    }
}

/// Tells the machine's instruction by a case that the standard leaves open: 255 is 255 or -1, and a 16-bit sum
/// may saturate. Saturation means x86 without `vpdpbusd`.
///
/// # Safety
/// The machine must have relaxed SIMD.
#[target_feature(enable = "relaxed-simd")]
unsafe fn one_instruction() -> bool {
    let (w, x) = (i8x16_splat(black_box(127)), u8x16_splat(black_box(255)));
    let sum = i32x4_extract_lane::<0>(i32x4_relaxed_dot_i8x16_i7x16_add(w, x, i32x4_splat(0)));
    sum == 4 * 127 * 255 || sum == -4 * 127
}

impl<const ONE: bool> Kernel for Relaxed<ONE> {
    fn name(&self) -> &'static str {
        if ONE { "relaxed" } else { "relaxed, paired" }
    }

    fn bytes(&self, panel: &[i8], codes: &[u8], sums: &mut [i32]) {
        let (depth, rows) = byte_shape(panel, codes, sums);
        // SAFETY: the lengths were checked: `rows` rows of `depth` codes, `depth` times 8 weights, `rows` times 8
        // sums; and a program with this feature loads only where there is relaxed SIMD.
        unsafe {
            let (codes, sums) = (codes.as_ptr(), sums.as_mut_ptr());
            let mut r = 0;
            while r + 3 <= rows {
                bytes::<3, ONE>(panel.as_ptr(), depth, codes.add(r * depth), sums.add(r * COLUMNS));
                r += 3;
            }
            let (codes, sums) = (codes.add(r * depth), sums.add(r * COLUMNS));
            match rows - r {
                1 => bytes::<1, ONE>(panel.as_ptr(), depth, codes, sums),
                2 => bytes::<2, ONE>(panel.as_ptr(), depth, codes, sums),
                _ => {}
            }
        }
    }

    fn words(&self, panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize) {
        simd128::words(panel, codes, sums, stride);
    }
}

/// R rows of a byte product.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8, `sums` R times 8 values.
#[target_feature(enable = "relaxed-simd")]
unsafe fn bytes<const R: usize, const ONE: bool>(panel: *const i8, depth: usize, codes: *const u8, sums: *mut i32) {
    unsafe {
        let mut acc = [[i32x4_splat(0); 2]; R];
        let mut k = 0;
        while k < depth {
            let at = panel.add(k * COLUMNS);
            let first = [v128_load(at.cast()), v128_load(at.add(16).cast())];
            let second = [v128_load(at.add(32).cast()), v128_load(at.add(48).cast())];
            let mut r = 0;
            while r < R {
                let x = codes.add(r * depth + k);
                let (x0, x1) = (v128_load32_splat(x.cast()), v128_load32_splat(x.add(4).cast()));
                let mut c = 0;
                while c < 2 {
                    acc[r][c] = if ONE {
                        let sum = i32x4_relaxed_dot_i8x16_i7x16_add(first[c], x0, acc[r][c]);
                        i32x4_relaxed_dot_i8x16_i7x16_add(second[c], x1, sum)
                    } else {
                        let a = i16x8_relaxed_dot_i8x16_i7x16(first[c], x0);
                        let b = i16x8_relaxed_dot_i8x16_i7x16(second[c], x1);
                        i32x4_add(acc[r][c], i32x4_extadd_pairwise_i16x8(i16x8_add(a, b)))
                    };
                    c += 1;
                }
                r += 1;
            }
            k += 8;
        }
        for (r, acc) in acc.into_iter().enumerate() {
            v128_store(sums.add(r * COLUMNS).cast(), acc[0]);
            v128_store(sums.add(r * COLUMNS + 4).cast(), acc[1]);
        }
    }
}
