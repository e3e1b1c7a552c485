//! What the inference path does to one row at a time: LayerNorm, and softmax from integer scores to integer
//! probabilities.

use super::lanes::{Lanes, exp2, round, rounded};

/// Largest magnitude of the codes that [`chances`] may be multiplied with.
pub const MOST_VALUE: i32 = 2047;
/// What a row of [`chances`] may add up to, so that its product with such codes stays in i32.
const MOST_TOTAL: f32 = 1_049_000.0;

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
/// `scores`, `powers`: room for n rounded up to a multiple of 8; scores beyond n are overwritten. `codes`: room for n
/// rounded up to a multiple of 8; those beyond n become 0. The code of the largest is 32767, or less where many are
/// large: n codes add up to at most about 2^20.
pub fn chances<L: Lanes>(scores: &mut [i32], n: usize, scale: f32, powers: &mut [f32], codes: &mut [i16]) -> f32 {
    let padded = n.next_multiple_of(8);
    scores[n..padded].fill(i32::MIN);
    let (scores, powers, codes) = (&scores[..padded], &mut powers[..padded], &mut codes[..padded]);
    let largest = scores.iter().fold(i32::MIN, |m, &x| m.max(x));
    let (scale, shift) = (L::splat(scale), L::splat(largest as f32 * scale));
    let mut sums = [L::splat(0.0); 2];
    for (out, from) in powers.as_chunks_mut::<4>().0.chunks_exact_mut(2).zip(scores.as_chunks::<4>().0.chunks_exact(2))
    {
        for k in 0..2 {
            let power = exp2(L::from_integers(&from[k]) * scale - shift);
            power.store(&mut out[k]);
            sums[k] = sums[k] + power;
        }
    }
    let each = L::splat(((MOST_TOTAL - n as f32) / (sums[0] + sums[1]).sum()).min(32767.0));
    let mut totals = [L::splat(0.0); 2];
    for (out, from) in codes.as_chunks_mut::<8>().0.iter_mut().zip(powers.as_chunks::<4>().0.chunks_exact(2)) {
        let code = [0, 1].map(|k| round(L::load(&from[k]) * each));
        L::store_words(code, out);
        totals = [0, 1].map(|k| totals[k] + rounded(code[k]));
    }
    (totals[0] + totals[1]).sum()
}

#[cfg(test)]
mod tests {
    use super::super::lanes::Four;
    use super::*;

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
        let (mut scores, mut powers, mut codes) = ([400, 300, 100, -9600, 7, 7, 7, 7], [0.0; 8], [9; 8]);
        let total = chances::<Four>(&mut scores, 4, 0.01, &mut powers, &mut codes);
        for (code, want) in codes.iter().zip([8.0 / 13.0, 4.0 / 13.0, 1.0 / 13.0, 0.0, 0.0, 0.0, 0.0, 0.0]) {
            assert!((f32::from(*code) / total - want).abs() < 3e-5, "{codes:?} of {total}");
        }
        assert_eq!(codes[0], 32767);
        // Many equal ones share what there is.
        let (mut scores, mut powers, mut codes) = ([-7; 384], [0.0; 384], [0; 384]);
        let total = chances::<Four>(&mut scores, 383, 1.0, &mut powers, &mut codes);
        assert!(codes[..383].iter().all(|&c| c == codes[0]) && codes[383] == 0);
        assert_eq!(total, 383.0 * f32::from(codes[0]));
        assert!(f64::from(total) * f64::from(MOST_VALUE) < f64::from(i32::MAX));
    }
}
