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
            let (panel, codes, sums) = (panel.as_ptr(), codes.as_ptr(), sums.as_mut_ptr());
            let at = |r: usize| (codes.add(r * depth), sums.add(r * COLUMNS));
            let mut r = 0;
            while ONE && r + 6 <= rows {
                let (codes, sums) = at(r);
                by_one_instruction::<6>(panel, depth, codes, sums);
                r += 6;
            }
            while r < rows {
                let (codes, sums) = at(r);
                let some = (rows - r).min(3);
                match (ONE, some) {
                    (true, 3) => by_one_instruction::<3>(panel, depth, codes, sums),
                    (true, 2) => by_one_instruction::<2>(panel, depth, codes, sums),
                    (true, _) => by_one_instruction::<1>(panel, depth, codes, sums),
                    (false, 3) => paired::<3>(panel, depth, codes, sums),
                    (false, 2) => paired::<2>(panel, depth, codes, sums),
                    (false, _) => paired::<1>(panel, depth, codes, sums),
                }
                r += some;
            }
        }
    }

    fn words(&self, panel: &[i16], codes: &[i16], sums: &mut [i32], stride: usize) {
        simd128::words(panel, codes, sums, stride);
    }
}

/// R rows of a byte product by the one instruction. It takes four or five clocks and two can begin in each: six rows are
/// twelve sums that do not wait for each other, as many as there are registers for.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8, `sums` R times 8 values.
#[target_feature(enable = "relaxed-simd")]
unsafe fn by_one_instruction<const R: usize>(panel: *const i8, depth: usize, codes: *const u8, sums: *mut i32) {
    unsafe {
        let mut acc = [[i32x4_splat(0); 2]; R];
        let four = |k: usize, acc: &mut [[v128; 2]; R]| {
            let at = panel.add(k * COLUMNS);
            let w = [v128_load(at.cast()), v128_load(at.add(16).cast())];
            for (r, acc) in acc.iter_mut().enumerate() {
                let x = v128_load32_splat(codes.add(r * depth + k).cast());
                for (acc, w) in acc.iter_mut().zip(w) {
                    *acc = i32x4_relaxed_dot_i8x16_i7x16_add(w, x, *acc);
                }
            }
        };
        let mut k = 0;
        while k + 16 <= depth {
            for k in [k, k + 4, k + 8, k + 12] {
                four(k, &mut acc);
            }
            k += 16;
        }
        while k < depth {
            four(k, &mut acc);
            k += 4;
        }
        for (r, acc) in acc.into_iter().enumerate() {
            v128_store(sums.add(r * COLUMNS).cast(), acc[0]);
            v128_store(sums.add(r * COLUMNS + 4).cast(), acc[1]);
        }
    }
}

/// R rows of a byte product, pairs of 16-bit products added up before they are widened.
///
/// # Safety
/// `codes` has R rows of `depth`, `panel` `depth` times 8, `sums` R times 8 values.
#[target_feature(enable = "relaxed-simd")]
unsafe fn paired<const R: usize>(panel: *const i8, depth: usize, codes: *const u8, sums: *mut i32) {
    unsafe {
        let mut acc = [[i32x4_splat(0); 2]; R];
        for k in (0..depth).step_by(8) {
            let at = panel.add(k * COLUMNS);
            let first = [v128_load(at.cast()), v128_load(at.add(16).cast())];
            let second = [v128_load(at.add(32).cast()), v128_load(at.add(48).cast())];
            for (r, acc) in acc.iter_mut().enumerate() {
                let x = codes.add(r * depth + k);
                let (x0, x1) = (v128_load32_splat(x.cast()), v128_load32_splat(x.add(4).cast()));
                for c in 0..2 {
                    let a = i16x8_relaxed_dot_i8x16_i7x16(first[c], x0);
                    let b = i16x8_relaxed_dot_i8x16_i7x16(second[c], x1);
                    acc[c] = i32x4_add(acc[c], i32x4_extadd_pairwise_i16x8(i16x8_add(a, b)));
                }
            }
        }
        for (r, acc) in acc.into_iter().enumerate() {
            v128_store(sums.add(r * COLUMNS).cast(), acc[0]);
            v128_store(sums.add(r * COLUMNS + 4).cast(), acc[1]);
        }
    }
}
