//! Four f32 side by side: what the element-wise loops of the inference path are written in, once.
//!
//! [`Four`] is plain arithmetic on arrays, the oracle; on wasm32 [`Vector`] is a 128-bit register. Both do the
//! same IEEE operations in the same order and never fuse a product with a sum, so their results are equal bit
//! for bit, in every browser and natively.
#![cfg_attr(target_arch = "wasm32", allow(unsafe_code))] // loads and stores of registers

use std::ops::{Add, Mul, Sub};

/// 1.5 * 2^23: a sum with it has no room for a fraction, so the low bits of its representation are the nearest
/// whole number (ties to even), for anything within ±2^22.
const ROUND: f32 = 12_582_912.0;

/// Four f32 values that go through the same operations.
pub trait Lanes: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// The same value four times.
    fn splat(x: f32) -> Self;
    /// From memory.
    fn load(from: &[f32; 4]) -> Self;
    /// To memory.
    fn store(self, to: &mut [f32; 4]);
    /// The nearest f32 of four integers.
    fn from_integers(from: &[i32; 4]) -> Self;
    /// The smaller ones; where the two do not compare, `self`'s.
    fn min(self, other: Self) -> Self;
    /// The larger ones; where the two do not compare, `self`'s.
    fn max(self, other: Self) -> Self;
    /// `self * 2^n` for the sum of n with a [`Rounding`]; the result must be a normal number.
    fn scale_by_power(self, n: Self) -> Self;
    /// Whole numbers within 0..=255, as sums with a [`Rounding`], which comes along.
    fn store_bytes(sums: [Self; 4], rounding: Rounding<Self>, to: &mut [u8; 16]);
    /// Whole numbers within i16, likewise.
    fn store_words(sums: [Self; 2], rounding: Rounding<Self>, to: &mut [i16; 8]);

    /// The four values.
    #[inline(always)]
    fn values(self) -> [f32; 4] {
        let mut out = [0.0; 4];
        self.store(&mut out);
        out
    }

    /// Their sum, in a fixed order.
    #[inline(always)]
    fn sum(self) -> f32 {
        let [a, b, c, d] = self.values();
        (a + c) + (b + d)
    }
}

/// Rounds to whole numbers by adding 1.5 * 2^23.
#[derive(Clone, Copy, Debug)]
pub struct Rounding<L>(L);

impl<L: Lanes> Rounding<L> {
    /// The one rounding there is.
    #[inline(always)]
    pub fn new() -> Self {
        Rounding(L::splat(ROUND))
    }

    /// The sum, whose low bits are the nearest whole number.
    #[inline(always)]
    pub fn sum(self, x: L) -> L {
        x + self.0
    }
}

impl<L: Lanes> Default for Rounding<L> {
    fn default() -> Self {
        Self::new()
    }
}

/// c 2^x for x <= 0, to 3e-6 relative; below x = -126 it is c 2^-126.
#[derive(Clone, Copy, Debug)]
pub struct Exp2<L> {
    rounding: Rounding<L>,
    least: L,
    /// The minimax polynomial of c 2^f on |f| <= 1/2, highest power first.
    factors: [L; 5],
}

impl<L: Lanes> Exp2<L> {
    /// For this c.
    #[inline(always)]
    pub fn new(c: f32) -> Self {
        let factors =
            [0.009_570_102, 0.055_917_86, 0.240_247_45, 0.693_121_8, 0.999_999_3].map(|x: f32| L::splat(c * x));
        Exp2 { rounding: Rounding::new(), least: L::splat(-126.0), factors }
    }

    /// c 2^x.
    #[inline(always)]
    pub fn of(&self, x: L) -> L {
        let x = x.max(self.least);
        let n = self.rounding.sum(x);
        let f = x - (n - self.rounding.0); // within ±1/2
        let [a, b, c, d, e] = self.factors;
        ((((a * f + b) * f + c) * f + d) * f + e).scale_by_power(n)
    }
}

/// x Φ(x), to 5e-5 for |x| <= 5 and to 1e-5 |x| beyond.
///
/// Φ(x) = 1/2 + x P(x²), P a minimax polynomial on |x| <= 4.5; outside, Φ is what it is there.
#[derive(Clone, Copy, Debug)]
pub struct Gelu<L> {
    ends: [L; 2],
    half: L,
    /// P, highest power first.
    factors: [L; 9],
}

impl<L: Lanes> Gelu<L> {
    /// The one GELU there is.
    #[inline(always)]
    pub fn new() -> Self {
        let factors = [
            3.036_432_1e-11,
            -3.314_672e-9,
            1.591_001_4e-7,
            -4.451_738e-6,
            8.142_526e-5,
            -1.037_592e-3,
            9.585_205e-3,
            -6.598_466e-2,
            0.398_712_6,
        ];
        Gelu { ends: [L::splat(-4.5), L::splat(4.5)], half: L::splat(0.5), factors: factors.map(L::splat) }
    }

    /// x Φ(x).
    #[inline(always)]
    pub fn of(&self, x: L) -> L {
        let u = x.max(self.ends[0]).min(self.ends[1]);
        let t = u * u;
        let [mut p, rest @ ..] = self.factors;
        for c in rest {
            p = p * t + c;
        }
        x * (u * p + self.half)
    }
}

impl<L: Lanes> Default for Gelu<L> {
    fn default() -> Self {
        Self::new()
    }
}

/// Four f32 in an array.
#[derive(Clone, Copy, Debug)]
pub struct Four([f32; 4]);

impl Four {
    #[inline(always)]
    fn each(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Four(std::array::from_fn(|k| f(self.0[k], other.0[k])))
    }
}

impl Add for Four {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }
}

impl Sub for Four {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.each(other, |a, b| a - b)
    }
}

impl Mul for Four {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.each(other, |a, b| a * b)
    }
}

/// The whole number in a sum with 1.5 * 2^23.
#[inline(always)]
fn whole(sum: f32) -> i32 {
    sum.to_bits().wrapping_sub(ROUND.to_bits()).cast_signed()
}

impl Lanes for Four {
    #[inline(always)]
    fn splat(x: f32) -> Self {
        Four([x; 4])
    }
    #[inline(always)]
    fn load(from: &[f32; 4]) -> Self {
        Four(*from)
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; 4]) {
        *to = self.0;
    }
    #[inline(always)]
    fn from_integers(from: &[i32; 4]) -> Self {
        Four(from.map(|x| x as f32))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.each(other, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.each(other, |a, b| if a < b { b } else { a })
    }
    #[inline(always)]
    fn scale_by_power(self, n: Self) -> Self {
        self.each(n, |x, n| f32::from_bits(x.to_bits().wrapping_add(n.to_bits() << 23)))
    }
    #[inline(always)]
    fn store_bytes(sums: [Self; 4], _: Rounding<Self>, to: &mut [u8; 16]) {
        for (to, from) in to.chunks_exact_mut(4).zip(sums) {
            for (to, from) in to.iter_mut().zip(from.0) {
                *to = whole(from) as u8;
            }
        }
    }
    #[inline(always)]
    fn store_words(sums: [Self; 2], _: Rounding<Self>, to: &mut [i16; 8]) {
        for (to, from) in to.chunks_exact_mut(4).zip(sums) {
            for (to, from) in to.iter_mut().zip(from.0) {
                *to = whole(from) as i16;
            }
        }
    }
}

#[cfg(target_arch = "wasm32")]
pub use vector::Vector;

#[cfg(target_arch = "wasm32")]
mod vector {
    use std::arch::wasm32::*;
    use std::ops::{Add, Mul, Sub};

    use super::{Lanes, Rounding};

    /// Four f32 in a 128-bit register.
    #[derive(Clone, Copy, Debug)]
    pub struct Vector(v128);

    impl Add for Vector {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Vector(f32x4_add(self.0, other.0))
        }
    }

    impl Sub for Vector {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Vector(f32x4_sub(self.0, other.0))
        }
    }

    impl Mul for Vector {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Vector(f32x4_mul(self.0, other.0))
        }
    }

    #[inline(always)]
    fn whole(sum: Vector, rounding: Rounding<Vector>) -> v128 {
        i32x4_sub(sum.0, rounding.0.0)
    }

    impl Lanes for Vector {
        #[inline(always)]
        fn splat(x: f32) -> Self {
            Vector(f32x4_splat(x))
        }
        #[inline(always)]
        fn load(from: &[f32; 4]) -> Self {
            // SAFETY: the array has the 16 bytes that are read; wasm loads need no alignment.
            Vector(unsafe { v128_load(from.as_ptr().cast()) })
        }
        #[inline(always)]
        fn store(self, to: &mut [f32; 4]) {
            // SAFETY: the array has the 16 bytes that are written.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
        }
        #[inline(always)]
        fn from_integers(from: &[i32; 4]) -> Self {
            // SAFETY: the array has the 16 bytes that are read.
            Vector(f32x4_convert_i32x4(unsafe { v128_load(from.as_ptr().cast()) }))
        }
        // pmin and pmax are one instruction each; min and max mind signed zeros and NaN, which never meet here.
        #[inline(always)]
        fn min(self, other: Self) -> Self {
            Vector(f32x4_pmin(self.0, other.0))
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            Vector(f32x4_pmax(self.0, other.0))
        }
        #[inline(always)]
        fn scale_by_power(self, n: Self) -> Self {
            Vector(i32x4_add(self.0, i32x4_shl(n.0, 23)))
        }
        #[inline(always)]
        fn store_bytes(sums: [Self; 4], rounding: Rounding<Self>, to: &mut [u8; 16]) {
            let [a, b, c, d] = sums.map(|sum| whole(sum, rounding));
            let bytes = u8x16_narrow_i16x8(i16x8_narrow_i32x4(a, b), i16x8_narrow_i32x4(c, d));
            // SAFETY: the array has the 16 bytes that are written.
            unsafe { v128_store(to.as_mut_ptr().cast(), bytes) }
        }
        #[inline(always)]
        fn store_words(sums: [Self; 2], rounding: Rounding<Self>, to: &mut [i16; 8]) {
            let [a, b] = sums.map(|sum| whole(sum, rounding));
            // SAFETY: the array has the 16 bytes that are written.
            unsafe { v128_store(to.as_mut_ptr().cast(), i16x8_narrow_i32x4(a, b)) }
        }
    }
}

/// The quickest lanes of this build.
#[cfg(target_arch = "wasm32")]
pub type Best = Vector;
/// The quickest lanes of this build.
#[cfg(not(target_arch = "wasm32"))]
pub type Best = Four;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp2_is_close() {
        for k in 0..=12600 {
            let x = -k as f32 / 100.0;
            let got = f64::from(Exp2::new(1.0).of(Four::splat(x)).values()[0]);
            assert!((got / f64::from(x).exp2() - 1.0).abs() < 3e-6, "{x}: {got}");
        }
        assert_eq!(Exp2::new(4.0).of(Four::splat(0.0)).values()[0], 4.0 * 0.999_999_3);
        assert!(Exp2::new(1.0).of(Four::splat(-1e9)).values()[0] < 1.2e-38);
    }

    #[test]
    fn gelu_is_close() {
        let mut exact = vec![0.0; 4001];
        let x: Vec<f32> = (0..=4000).map(|k| (k as f32 - 2000.0) / 100.0).collect();
        crate::gelu(&x, &mut exact);
        for (&x, exact) in x.iter().zip(exact) {
            let got = Gelu::new().of(Four::splat(x)).values()[3];
            assert!((got - exact).abs() < 5e-5f32.max(1e-5 * x.abs()), "{x}: {got} against {exact}");
        }
    }

    #[test]
    fn rounding_and_packing_by_hand() {
        let rounding = Rounding::new();
        let r = |a: [f32; 4]| rounding.sum(Four(a));
        let mut bytes = [9; 16];
        Four::store_bytes(
            [r([0.0, 0.4, 0.5, 1.5]), r([126.6, 127.0, 2.5, 3.5]), r([0.0; 4]), r([7.0; 4])],
            rounding,
            &mut bytes,
        );
        assert_eq!(bytes, [0, 0, 0, 2, 127, 127, 2, 4, 0, 0, 0, 0, 7, 7, 7, 7]);
        let mut words = [9; 8];
        Four::store_words([r([-8191.0, -0.4, -0.6, 0.0]), r([32767.0, 8.2, -32768.0, 1.0])], rounding, &mut words);
        assert_eq!(words, [-8191, 0, -1, 0, 32767, 8, -32768, 1]);
        assert_eq!(Four([1.0, 2.0, 3.0, 4.0]).sum(), 10.0);
    }
}
