//! From logits to distributions: softmax in f64, computed from the f32 logits.

use super::{Dist, Logits};

/// log p_i = log softmax(z_i), in nats, in the order B, I, O.
///
/// Finite for every logit that is not NaN: infinite logits are read as the largest f32. A class that
/// the softmax gives almost all mass keeps a precise, tiny negative logarithm.
pub fn log_softmax(z: &Logits) -> Dist {
    let z = z.map(|z| f64::from(z.clamp(f32::MIN, f32::MAX)));
    let top = (1..3).fold(0, |top, j| if z[j] > z[top] { j } else { top });
    // ln_1p over the others, not ln over all: ln(1 + tiny) would round to 0.
    let rest: f64 = (0..3).filter(|&j| j != top).map(|j| (z[j] - z[top]).exp()).sum();
    let log_sum = rest.ln_1p();
    z.map(|value| value - z[top] - log_sum)
}

/// p_i = softmax(z_i), in the order B, I, O: exactly the exponential of [`log_softmax`].
pub fn softmax(z: &Logits) -> Dist {
    log_softmax(z).map(f64::exp)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: Dist, b: Dist, by: f64) -> bool {
        (0..3).all(|j| (a[j] - b[j]).abs() <= by)
    }

    #[test]
    fn numbers_by_hand() {
        assert!(close(softmax(&[0.0; 3]), [1.0 / 3.0; 3], 1e-15));
        // e^2, e^1, e^0 over their sum 11.107337927389695
        let p = [0.665_240_955_774_821_7, 0.244_728_471_054_797_6, 0.090_030_573_170_380_46];
        assert!(close(softmax(&[2.0, 1.0, 0.0]), p, 1e-15));
        let log_p = [-0.407_605_964_444_380_1, -1.407_605_964_444_380_1, -2.407_605_964_444_38];
        assert!(close(log_softmax(&[2.0, 1.0, 0.0]), log_p, 1e-15));
    }

    #[test]
    fn extreme_logits_stay_finite() {
        assert_eq!(log_softmax(&[0.0, -1e4, -1e4]), [0.0, -1e4, -1e4]);
        let z = [f32::MAX, f32::MIN, 0.0];
        assert!(log_softmax(&z).iter().all(|value| value.is_finite()));
        assert_eq!(softmax(&z), [1.0, 0.0, 0.0]);
        assert_eq!(softmax(&[f32::INFINITY, f32::NEG_INFINITY, 0.0]), [1.0, 0.0, 0.0]);
        assert!(close(softmax(&[f32::INFINITY; 3]), [1.0 / 3.0; 3], 1e-15));
    }

    #[test]
    fn a_sure_class_keeps_a_precise_logarithm() {
        let sure = log_softmax(&[-50.0, -60.0, 0.0])[2];
        let expected = -((-50.0_f64).exp() + (-60.0_f64).exp());
        assert!((sure / expected - 1.0).abs() < 1e-12, "{sure} {expected}");
    }

    proptest! {
        #[test]
        fn sums_to_one_and_ignores_a_shift(z in prop::array::uniform3(-80.0..80.0_f32)) {
            let p = softmax(&z);
            prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-13);
            prop_assert!(p.iter().all(|&p| p > 0.0 && p <= 1.0));
            prop_assert!(close(softmax(&z.map(|z| (z.round() + 7.0) / 2.0)), softmax(&z.map(|z| z.round() / 2.0)), 1e-13));
        }
    }
}
