//! exp, softmax, GELU and dropout in forms that the compiler turns into vector instructions.

/// e^x for x <= 88, to about 2e-7 relative; anything below -87 gives (nearly) 0.
///
/// Cephes' scheme: x = n ln 2 + r, a polynomial for e^r, and n added to the exponent bits.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves no room for a fraction
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4; // ln 2 in two parts, so that n ln 2 is exact enough
    let mut y = 1.987_569_1e-4;
    for c in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        y = y * r + c;
    }
    let y = y * r * r + r + 1.0;
    y * f32::from_bits(((n as i32 + 127) << 23).cast_unsigned())
}

/// Softmax of a row, in place.
#[inline(never)]
pub fn softmax_row(row: &mut [f32]) {
    let largest = row.iter().fold(f32::NEG_INFINITY, |m, &x| if x > m { x } else { m });
    for x in row.iter_mut() {
        *x = exp(*x - largest);
    }
    let scale = 1.0 / row.iter().sum::<f32>();
    for x in row {
        *x *= scale;
    }
}

/// With p the softmax of a row and `d` dL/dp: `d` becomes dL/d(the scores), `p (d - sum(p d))`.
#[inline(never)]
pub fn softmax_gradient_row(p: &[f32], d: &mut [f32]) {
    let inner: f32 = d.iter().zip(p).map(|(d, p)| d * p).sum();
    for (d, p) in d.iter_mut().zip(p) {
        *d = p * (*d - inner);
    }
}

/// Dropout: zeroes a share `rate` of the values, which lie at `first..` of the whole, and scales the others by
/// `1 / (1 - rate)`. Which ones is a hash of their place and `seed` (Murmur3's finaliser), so that a gradient finds the same.
#[inline(never)]
pub fn dropout(values: &mut [f32], first: usize, rate: f32, seed: u32) {
    let (least, scale) = ((f64::from(rate) * 4_294_967_296.0) as u32, 1.0 / (1.0 - rate));
    for (k, x) in values.iter_mut().enumerate() {
        let mut h = ((first + k) as u32).wrapping_mul(0x9e37_79b1) ^ seed;
        h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
        h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
        h ^= h >> 16;
        *x *= if h >= least { scale } else { 0.0 };
    }
}

/// Φ(x), the normal distribution function, to 2e-7, and φ(x), its density times 1/x's factor e^(-x²/2)/√(2π).
///
/// Abramowitz and Stegun 7.1.26.
#[inline(always)]
fn normal(x: f32) -> (f32, f32) {
    let u = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let bell = exp(-u * u);
    let t = 1.0 / (1.0 + 0.327_591_1 * u);
    let mut y = 1.061_405_4;
    for c in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6] {
        y = y * t + c;
    }
    let tail = 0.5 * y * t * bell;
    (if x < 0.0 { tail } else { 1.0 - tail }, bell * 0.398_942_3)
}

/// GELU, x Φ(x), of every value.
#[inline(never)]
pub fn gelu(x: &[f32], out: &mut [f32]) {
    for (y, &x) in out.iter_mut().zip(x) {
        *y = x * normal(x).0;
    }
}

/// `out = dy * (Φ(x) + x φ(x))`.
#[inline(never)]
pub fn gelu_gradient(x: &[f32], dy: &[f32], out: &mut [f32]) {
    for ((dx, &x), &dy) in out.iter_mut().zip(x).zip(dy) {
        let (below, density) = normal(x);
        *dx = dy * (below + x * density);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_everywhere() {
        for k in -8700..=8800 {
            let x = k as f32 / 100.0;
            let (got, want) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((got / want - 1.0).abs() < 3e-7, "{x}: {got} against {want}");
        }
        assert!(exp(-1e30) < 1e-37);
    }

    #[test]
    fn gelu_by_table_and_its_slope() {
        // Φ(1) = 0.8413447, Φ(-2) = 0.0227501, Φ(0.5) = 0.6914625.
        let x = [0.0, 1.0, -2.0, 0.5, 30.0, -30.0];
        let mut y = [0.0; 6];
        gelu(&x, &mut y);
        for (got, want) in y.iter().zip([0.0, 0.841_344_7, -0.045_500_2, 0.345_731_2, 30.0, 0.0]) {
            assert!((got - want).abs() < 1e-6, "{got} against {want}");
        }
        for k in -60..60 {
            let x = k as f32 / 10.0;
            let (mut up, mut down, mut slope) = ([0.0], [0.0], [0.0]);
            gelu(&[x + 0.01], &mut up);
            gelu(&[x - 0.01], &mut down);
            gelu_gradient(&[x], &[1.0], &mut slope);
            assert!(((up[0] - down[0]) / 0.02 - slope[0]).abs() < 1e-4, "{x}");
        }
    }

    #[test]
    fn softmax_by_hand() {
        let mut row = [0.0, 2f32.ln(), 5f32.ln(), -1e30];
        softmax_row(&mut row);
        for (got, want) in row.iter().zip([0.125, 0.25, 0.625, 0.0]) {
            assert!((got - want).abs() < 1e-6);
        }
    }
}
