//! Temperature scaling of a probability: how far its log odds have to shrink, or grow, to be believed.

/// log(P / (1 - P)) from log P, in nats; finite for every log P of at most 0.
pub fn log_odds(log_p: f64) -> f64 {
    let not = -log_p.min(0.0).exp_m1();
    log_p.max(-1e100) - not.max(f64::MIN_POSITIVE).ln()
}

/// Least and largest temperature.
const RANGE: (f64, f64) = (0.01, 100.0);

/// The T between 0.01 and 100 for which sigmoid(x / T) has the least cross-entropy against t, over all pairs of log odds x
/// and t, 0 to 1. T > 1: the probabilities were too sure. 1 without pairs.
pub fn temperature(pairs: &[(f64, f64)]) -> f64 {
    // The cross-entropy is convex in 1/T; its slope there is the sum of x (sigmoid(x / T) - t).
    let slope = |t: f64| pairs.iter().map(|(x, gold)| x * (1.0 / (1.0 + (-x / t).exp()) - gold)).sum::<f64>();
    if pairs.iter().all(|(x, _)| *x == 0.0) {
        return 1.0;
    }
    let (mut cold, mut hot) = (RANGE.0.ln(), RANGE.1.ln());
    for _ in 0..60 {
        let middle = f64::midpoint(cold, hot);
        if slope(middle.exp()) > 0.0 { cold = middle } else { hot = middle }
    }
    f64::midpoint(cold, hot).exp()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_by_hand() {
        assert!((log_odds(0.25_f64.ln()) - (1.0_f64 / 3.0).ln()).abs() < 1e-12);
        assert!(
            (log_odds(-50.0) + 50.0).abs() < 1e-12 && log_odds(0.0) > 700.0 && log_odds(f64::NEG_INFINITY).is_finite()
        );
        // Odds of 9, right in three of four cases: they should be odds of 3.
        let pairs = [(9.0_f64.ln(), 1.0), (9.0_f64.ln(), 1.0), (9.0_f64.ln(), 1.0), (9.0_f64.ln(), 0.0)];
        assert!((temperature(&pairs) - 2.0).abs() < 1e-9);
        assert!((temperature(&[(9.0_f64.ln(), 0.75)]) - 2.0).abs() < 1e-9, "a share is as good as cases");
        assert!((temperature(&[(3.0_f64.ln(), 0.9)]) - 0.5).abs() < 1e-9);
        assert!((temperature(&[(1.0, 1.0)]) - 0.01).abs() < 1e-6 && (temperature(&[(1.0, 0.0)]) - 100.0).abs() < 1e-3);
        assert_eq!((temperature(&[]), temperature(&[(0.0, 1.0)])), (1.0, 1.0));
    }

    proptest! {
        #[test]
        fn no_other_temperature_is_better(
            pairs in prop::collection::vec((-5.0..5.0_f64, 0.0..=1.0_f64), 1..20), other in 0.01..100.0_f64,
        ) {
            // log(1 + e^x) - t x: the cross-entropy of sigmoid(x) against t.
            let entropy = |t: f64| pairs.iter().map(|(x, g)| { let x = x / t; x.max(0.0) + (-x.abs()).exp().ln_1p() - g * x }).sum::<f64>();
            prop_assert!(entropy(temperature(&pairs)) <= entropy(other) + 1e-9);
        }
    }
}
