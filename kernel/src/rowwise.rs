//! What the inference path does to one row at a time: LayerNorm, and softmax from integer scores to integer
//! probabilities.

use super::lanes::{Exp2, Lanes, Rounding};

/// Largest magnitude of the codes that [`chances`] may be multiplied with.
pub const MOST_VALUE: i32 = 1023;
/// What a row of [`chances`] may add up to, so that its product with such codes stays in i32.
const MOST_TOTAL: usize = i32::MAX as usize / MOST_VALUE as usize;

/// `x = (x - mean) / sqrt(variance + eps) * weight + bias`, in place. The length is a multiple of 4.
pub fn norm<L: Lanes>(x: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
    let count = x.len() as f32;
    let (x, _) = x.as_chunks_mut::<4>();
    let mut sum = L::splat(0.0);
    for x in x.iter() {
        sum = sum + L::load(x);
    }
    let mean = L::splat(sum.sum() / count);
    let mut squares = L::splat(0.0);
    for x in x.iter() {
        let centred = L::load(x) - mean;
        squares = squares + centred * centred;
    }
    let scale = L::splat(1.0 / (squares.sum() / count + eps).sqrt());
    for ((x, weight), bias) in x.iter_mut().zip(weight.as_chunks::<4>().0).zip(bias.as_chunks::<4>().0) {
        ((L::load(x) - mean) * scale * L::load(weight) + L::load(bias)).store(x);
    }
}

/// Softmax of `2^(scale * score)` over the first `n` scores as whole numbers: `p = code / total`. Returns total.
///
/// `scores`, `codes`: room for n rounded up to a multiple of 8. Scores beyond n are overwritten, codes beyond n become
/// 0. The largest score's code is 32767, or for n above 64 so much less that n of them may be added up.
pub fn chances<L: Lanes>(scores: &mut [i32], n: usize, scale: f32, codes: &mut [i16]) -> f32 {
    let padded = n.next_multiple_of(8);
    scores[n..padded].fill(i32::MIN);
    let (scores, codes) = (&scores[..padded], &mut codes[..padded]);
    let largest = scores.iter().fold(i32::MIN, |m, &x| m.max(x));
    let (scale, shift) = (L::splat(scale), L::splat(largest as f32 * scale));
    let (exp2, rounding) = (Exp2::new(32767.min(MOST_TOTAL / n.max(1) - 1) as f32), Rounding::new());
    let mut sums = [L::splat(0.0); 2];
    for (out, from) in codes.as_chunks_mut::<8>().0.iter_mut().zip(scores.as_chunks::<4>().0.chunks_exact(2)) {
        let power = [0, 1].map(|k| exp2.of(L::from_integers(&from[k]) * scale - shift));
        sums = [0, 1].map(|k| sums[k] + power[k]);
        L::store_words(power.map(|x| rounding.sum(x)), rounding, out);
    }
    (sums[0] + sums[1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Four;

    #[test]
    fn norm_by_hand() {
        // Mean 2, variance 1.
        let mut x = [1.0, 3.0, 1.0, 3.0];
        norm::<Four>(&mut x, &[2.0, 10.0, 1.0, 1.0], &[0.5, 0.0, 0.0, 0.0], 0.0);
        assert_eq!(x, [-1.5, 10.0, -1.0, 1.0]);
    }

    #[test]
    fn chances_by_hand() {
        // 2^(0, -1, -3, -100): 8/13, 4/13, 1/13, 0.
        let (mut scores, mut codes) = ([400, 300, 100, -9600, 7, 7, 7, 7], [9; 8]);
        let total = chances::<Four>(&mut scores, 4, 0.01, &mut codes);
        for (code, want) in codes.iter().zip([8.0 / 13.0, 4.0 / 13.0, 1.0 / 13.0, 0.0, 0.0, 0.0, 0.0, 0.0]) {
            assert!((f32::from(*code) / total - want).abs() < 3e-5, "{codes:?} of {total}");
        }
        assert_eq!(codes[0], 32767);
        // Many equal ones share what there is.
        let (mut scores, mut codes) = ([-7; 384], [0; 384]);
        let total = chances::<Four>(&mut scores, 383, 1.0, &mut codes);
        assert!(codes[..383].iter().all(|&c| c == codes[0]) && codes[383] == 0);
        assert!((total - 383.0 * f32::from(codes[0])).abs() < 1.0);
        assert!(383 * i64::from(codes[0]) * i64::from(MOST_VALUE) < i64::from(i32::MAX));
    }
}
