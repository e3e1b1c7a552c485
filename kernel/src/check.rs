//! Every kernel of this build against the definition of what it computes. The same check runs natively and, as an
//! export of the shipped workers, in the browser.

use super::codes::{Codes, Split};
use super::integer::{BYTE_STEP, COLUMNS, Kernel, Portable, WORD_STEP, kernels};
use super::lanes::{Best, Exp2, Four, Gelu, Lanes};
use super::packed::Packed;
use super::{RowsI8, rowwise};

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    /// Within `-most..=most`.
    fn whole(&mut self, most: i32) -> i32 {
        (self.next() % (2 * most as u32 + 1)) as i32 - most
    }

    /// Within -1..1, times `scale`.
    fn real(&mut self, scale: f32) -> f32 {
        scale * (self.next() as f32 / (1u32 << 30) as f32 - 1.0)
    }
}

/// Checks them all; returns how many comparisons were made.
///
/// # Errors
/// The first difference, in words.
pub fn check() -> Result<usize, String> {
    let mut numbers = Numbers(11);
    let mut count = 0;
    for kernel in kernels() {
        for rows in [1, 2, 3, 4, 5, 7, 13, 48] {
            for (inputs, outputs) in
                [(1, 1), (3, 9), (7, 8), (8, 3), (9, 16), (33, 5), (100, 24), (128, 17), (384, 40), (1536, 8)]
            {
                for style in 0..3 {
                    bytes(kernel, rows, inputs, outputs, style, &mut numbers)?;
                    count += 1;
                }
                words(kernel, rows, inputs, &mut numbers)?;
                count += 1;
            }
        }
    }
    for length in [1, 2, 3, 4, 5, 8, 31, 128, 383, 384] {
        floats(length, &mut numbers)?;
        count += 1;
    }
    Ok(count)
}

/// Sums of a byte product against `sum over k of code * weight`. Style 0: any weights, 1: all at the ends, so that
/// 16 bits would overflow everywhere, 2: all 127 against codes of 127.
fn bytes(
    kernel: &dyn Kernel,
    rows: usize,
    inputs: usize,
    outputs: usize,
    style: u8,
    n: &mut Numbers,
) -> Result<(), String> {
    let mut weight = || match style {
        0 => n.whole(127) as i8,
        1 => [-127, 127][n.next() as usize % 2],
        _ => 127,
    };
    let values: Vec<i8> = (0..inputs * outputs).map(|_| weight()).collect();
    let matrix = RowsI8 { columns: inputs, values, scales: vec![1.0; outputs] };
    let packed = Packed::new(&[(&matrix, &vec![0.0; outputs])], &Split::default());
    let depth = inputs.next_multiple_of(BYTE_STEP);
    let codes: Vec<u8> = (0..rows * depth).map(|_| if style == 2 { 127 } else { (n.next() % 128) as u8 }).collect();
    let mut sums = vec![-1; rows * COLUMNS];
    for (p, panel) in matrix.values.chunks(COLUMNS * inputs).enumerate() {
        packed.sums(kernel, p, &codes, &mut sums);
        for (r, codes) in codes.chunks_exact(depth).enumerate() {
            for (c, row) in panel.chunks_exact(inputs).enumerate() {
                let want: i32 = codes.iter().zip(row).map(|(&x, &w)| i32::from(x) * i32::from(w)).sum();
                let got = sums[r * COLUMNS + c];
                if got != want {
                    let name = kernel.name();
                    return Err(format!("{name}, {rows} x {inputs} x {outputs}, style {style}: {got}, not {want}"));
                }
            }
        }
    }
    Ok(())
}

/// A word product against the portable one.
fn words(kernel: &dyn Kernel, rows: usize, depth: usize, n: &mut Numbers) -> Result<(), String> {
    let depth = depth.next_multiple_of(WORD_STEP);
    let most = ((i32::MAX / depth as i32) as f32).sqrt() as i32 - 1;
    let mut some = |count: usize| (0..count).map(|_| n.whole(most.min(32767)) as i16).collect::<Vec<_>>();
    let (panel, codes) = (some(depth * COLUMNS), some(rows * depth));
    for stride in [COLUMNS, COLUMNS + 3, 64] {
        let (mut got, mut want) = (vec![-1; rows * stride], vec![-1; rows * stride]);
        kernel.words(&panel, &codes, &mut got, stride);
        Portable.words(&panel, &codes, &mut want, stride);
        if got != want {
            return Err(format!("{}, words, {rows} x {depth}, stride {stride}", kernel.name()));
        }
    }
    Ok(())
}

/// The element-wise loops in this build's lanes against the same in arrays: equal bit for bit.
fn floats(length: usize, n: &mut Numbers) -> Result<(), String> {
    let differ = |what: &str| Err(format!("{what} of {length}"));
    let x: Vec<f32> = (0..length).map(|_| n.real(9.0)).collect();
    for four in x.as_chunks::<4>().0 {
        let negative = four.map(|x| -40.0 * x.abs());
        let best = (Gelu::new().of(Best::load(four)).values(), Exp2::new(3.0).of(Best::load(&negative)).values());
        let plain = (Gelu::new().of(Four::load(four)).values(), Exp2::new(3.0).of(Four::load(&negative)).values());
        if best != plain {
            return differ("gelu or exp2");
        }
    }
    let (mut a, mut b) = (Codes::new(1, length), Codes::new(1, length));
    a.set::<Best>(0, &x);
    b.set::<Four>(0, &x);
    let (a, b) = (a.rows(0..1), b.rows(0..1));
    if (a.values, a.step, a.low) != (b.values, b.step, b.low) {
        return differ("codes");
    }
    for (&x, &code) in x.iter().zip(a.values) {
        if (a.low[0] + a.step[0] * f32::from(code) - x).abs() > 0.51 * a.step[0] {
            return differ("precision of codes");
        }
    }
    let padded = length.next_multiple_of(8);
    let scores: Vec<i32> = (0..padded).map(|_| n.whole(2_000_000_000)).collect();
    let chances = |codes: &mut Vec<i16>, plain: bool| {
        let mut scores = scores.clone();
        if plain {
            rowwise::chances::<Four>(&mut scores, length, 1e-9, codes)
        } else {
            rowwise::chances::<Best>(&mut scores, length, 1e-9, codes)
        }
    };
    let (mut a, mut b) = (vec![0; padded], vec![0; padded]);
    if chances(&mut a, false) != chances(&mut b, true) || a != b {
        return differ("softmax");
    }
    if length.is_multiple_of(4) {
        let (mut a, mut b) = (x.clone(), x.clone());
        rowwise::norm::<Best>(&mut a, &x, &x, 1e-12);
        rowwise::norm::<Four>(&mut b, &x, &x, 1e-12);
        if a != b {
            return differ("norm");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_kernel_equals_the_oracle() {
        let names: Vec<_> = super::kernels().iter().map(|k| k.name()).collect();
        println!("{names:?}: {} comparisons", super::check().unwrap());
    }
}
