//! The loss of one instance, its split into H + KL, and its gradient at the logits.

use serde::{Deserialize, Serialize};

use super::{Dist, GoldError, Label, Logits, check_dists, log_softmax};

/// L = - sum_i sum_j t_ij log p_ij over the N_P paragraph tokens, in nats, with its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// L, the sum of `terms`.
    pub total: f64,
    /// `[N_P]`: what each token adds, - sum_j t_ij log p_ij.
    pub terms: Vec<f64>,
    /// `[N_P]`: the t that the loss was taken against, in the order B, I, O.
    pub gold: Vec<Dist>,
    /// H = - sum_i sum_j t_ij log t_ij: what no model can get below. 0 where the annotators agree.
    pub entropy: f64,
    /// sum_i KL(t_i || p_i), by its own sum; L = H + KL.
    pub kl: f64,
    /// `[N_P]`: dL/dz_i = p_i - t_i, in the order B, I, O.
    pub gradient: Vec<Dist>,
}

/// The loss of `logits` against the gold distributions t, one row per paragraph token in both.
///
/// # Errors
///
/// Not one row of t per token; a row that is no distribution (see [`check_dists`]).
pub fn loss(logits: &[Logits], gold: &[Dist]) -> Result<Loss, GoldError> {
    same_length(logits, gold.len())?;
    check_dists(gold)?;
    let log_p: Vec<Dist> = logits.iter().map(log_softmax).collect();
    let terms: Vec<f64> = log_p.iter().zip(gold).map(|(log_p, t)| -dot(t, log_p)).map(positive).collect();
    let kl = log_p.iter().zip(gold).map(|(log_p, t)| dot(t, &[0, 1, 2].map(|j| t[j].ln() - log_p[j])));
    let kl = kl.fold(0.0, |sum, kl| sum + kl);
    let gradient = log_p.iter().zip(gold).map(|(log_p, t)| [0, 1, 2].map(|j| log_p[j].exp() - t[j]));
    Ok(Loss {
        total: sum(&terms),
        entropy: positive(-gold.iter().fold(0.0, |sum, t| sum + dot(t, &t.map(f64::ln)))),
        // KL is never negative; where t = p, rounding can leave a hair below 0.
        kl: if (-1e-12..0.0).contains(&kl) { 0.0 } else { kl },
        gradient: gradient.collect(),
        gold: gold.to_vec(),
        terms,
    })
}

/// The 1-hot form L = - sum_i log p_{i,r(i)}, in nats, with the class r(i) of each paragraph token.
/// To the last bit what [`loss`] gives for the 1-hot t.
///
/// # Errors
///
/// Not one class per token.
pub fn one_hot_loss(logits: &[Logits], classes: &[Label]) -> Result<f64, GoldError> {
    same_length(logits, classes.len())?;
    let terms: Vec<f64> = logits.iter().zip(classes).map(|(z, r)| positive(-log_softmax(z)[r.index()])).collect();
    Ok(sum(&terms))
}

/// H(t_i) of one token, in nats: 0 where annotators agree, at most log 3.
pub fn entropy(t: &Dist) -> f64 {
    positive(-dot(t, &t.map(f64::ln)))
}

fn same_length(logits: &[Logits], found: usize) -> Result<(), GoldError> {
    let expected = logits.len();
    if found == expected { Ok(()) } else { Err(GoldError::Length { expected, found }) }
}

/// sum_j t_j x_j, where a class without gold mass adds exactly 0, however large (or infinite) its x_j.
fn dot(t: &Dist, x: &Dist) -> f64 {
    (0..3).filter(|&j| t[j] != 0.0).fold(0.0, |sum, j| sum + t[j] * x[j])
}

/// `Iterator::sum` starts at -0.0, and so would an empty loss be shown.
fn sum(terms: &[f64]) -> f64 {
    terms.iter().fold(0.0, |sum, term| sum + term)
}

/// -0.0 becomes 0.0; everything else stays as it is.
fn positive(value: f64) -> f64 {
    value + 0.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bio::mean_labels;

    const TWO_OF_THREE: Dist = [2.0 / 3.0, 0.0, 1.0 / 3.0];

    fn close(a: f64, b: f64, by: f64) -> bool {
        (a - b).abs() <= by * b.abs().max(1.0)
    }

    #[test]
    fn numbers_by_hand() {
        // z = 0: p = 1/3 everywhere, so L = ln 3 whatever t is; H = ln 3 - 2/3 ln 2, KL = 2/3 ln 2.
        let (ln2, ln3) = (2.0_f64.ln(), 3.0_f64.ln());
        let l = loss(&[[0.0; 3]], &[TWO_OF_THREE]).unwrap();
        assert!(close(l.total, ln3, 1e-15) && close(l.terms[0], ln3, 1e-15));
        assert!(close(l.entropy, ln3 - 2.0 / 3.0 * ln2, 1e-15) && close(l.kl, 2.0 / 3.0 * ln2, 1e-15));
        assert_eq!(l.gold, [TWO_OF_THREE]);
        for (gradient, expected) in l.gradient[0].iter().zip([-1.0 / 3.0, 1.0 / 3.0, 0.0]) {
            assert!(close(*gradient, expected, 1e-15));
        }
        // z = (2, 1, 0): -2/3 log p_B - 1/3 log p_O = 2/3 * 0.40760596 + 1/3 * 2.40760596.
        let l = loss(&[[2.0, 1.0, 0.0]], &[TWO_OF_THREE]).unwrap();
        assert!(close(l.total, 1.074_272_631_111_047, 1e-14), "{}", l.total);
        let one = one_hot_loss(&[[2.0, 1.0, 0.0], [0.0; 3]], &[Label::I, Label::O]).unwrap();
        assert!(close(one, 1.407_605_964_444_380_1 + ln3, 1e-14));
    }

    #[test]
    fn nothing_is_zero_and_not_minus_zero() {
        let l = loss(&[], &[]).unwrap();
        assert!([l.total, l.entropy, l.kl].iter().all(|v| v.to_bits() == 0.0_f64.to_bits()));
        let sure = [[0.0, -1e9, -1e9]];
        let l = loss(&sure, &[Label::B.one_hot()]).unwrap();
        assert!([l.total, l.terms[0], l.entropy, l.kl].iter().all(|v| v.to_bits() == 0.0_f64.to_bits()), "{l:?}");
        assert_eq!(one_hot_loss(&sure, &[Label::B]).unwrap().to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_class_without_gold_mass_adds_nothing() {
        let l = loss(&[[0.0, f32::NEG_INFINITY, 0.0]], &[[0.5, 0.0, 0.5]]).unwrap();
        assert!(close(l.total, 2.0_f64.ln(), 1e-15) && l.kl == 0.0, "{l:?}");
        let l = loss(&[[0.0, -1e4, -1e4]], &[Label::O.one_hot()]).unwrap();
        assert_eq!((l.total, l.entropy, l.kl), (1e4, 0.0, 1e4));
    }

    #[test]
    fn lengths_and_rows_are_checked() {
        let wrong = GoldError::Length { expected: 2, found: 1 };
        assert_eq!(loss(&[[0.0; 3]; 2], &[TWO_OF_THREE]), Err(wrong.clone()));
        assert_eq!(one_hot_loss(&[[0.0; 3]; 2], &[Label::O]), Err(wrong));
        assert!(matches!(loss(&[[0.0; 3]], &[[0.5; 3]]), Err(GoldError::NotADistribution { token: 0, .. })));
    }

    /// 1..20 tokens: logits and any point of the simplex, corners and edges included.
    fn instance() -> impl Strategy<Value = (Vec<Logits>, Vec<Dist>)> {
        let gold = (prop::array::uniform3(0..4_u8), prop::array::uniform3(0.0..1.0_f64)).prop_map(|(kind, share)| {
            let raw = [0, 1, 2].map(|j| [0.0, 1.0, share[j], share[j]][kind[j] as usize]);
            let sum: f64 = raw.iter().sum();
            if sum > 1e-3 { raw.map(|r| r / sum) } else { [0.0, 0.0, 1.0] }
        });
        prop::collection::vec((prop::array::uniform3(-12.0..12.0_f32), gold), 1..20)
            .prop_map(|tokens| tokens.into_iter().unzip())
    }

    proptest! {
        #[test]
        fn splits_into_entropy_and_kl((z, t) in instance()) {
            let l = loss(&z, &t).unwrap();
            prop_assert!(close(l.entropy + l.kl, l.total, 1e-12));
            prop_assert!(l.entropy >= 0.0 && l.kl >= 0.0 && l.terms.iter().all(|&term| term >= 0.0));
            prop_assert!(l.gradient.iter().all(|row| row.iter().sum::<f64>().abs() < 1e-14));
        }

        #[test]
        fn gold_equal_to_p_leaves_no_kl((z, _) in instance()) {
            let p: Vec<Dist> = z.iter().map(crate::bio::softmax).collect();
            let l = loss(&z, &p).unwrap();
            prop_assert!(l.kl < 1e-12 && l.gradient.iter().flatten().all(|&g| g == 0.0));
        }

        /// The finite differences step on a grid on which f32 is exact.
        #[test]
        fn gradient_is_the_slope((z, t) in instance()) {
            let step = 1.0 / 1024.0_f32;
            let z: Vec<Logits> = z.iter().map(|z| z.map(|z| (z * 64.0).round() / 64.0)).collect();
            let l = loss(&z, &t).unwrap();
            for (i, j) in (0..z.len()).flat_map(|i| (0..3).map(move |j| (i, j))) {
                let at = |by: f32| {
                    let mut moved = z.clone();
                    moved[i][j] += by;
                    loss(&moved, &t).unwrap().terms[i]
                };
                let slope = (at(step) - at(-step)) / (2.0 * f64::from(step));
                prop_assert!((slope - l.gradient[i][j]).abs() < 1e-6, "{slope} {}", l.gradient[i][j]);
            }
        }

        #[test]
        fn one_hot_is_the_same_to_the_last_bit((z, _) in instance(), seed in any::<u64>()) {
            let classes: Vec<Label> = (0..z.len()).map(|i| Label::ALL[(seed >> (3 * i)) as usize % 3]).collect();
            let t: Vec<Dist> = classes.iter().map(|r| r.one_hot()).collect();
            let l = loss(&z, &t).unwrap();
            prop_assert_eq!(l.total.to_bits(), one_hot_loss(&z, &classes).unwrap().to_bits());
            prop_assert_eq!(l.entropy.to_bits(), 0.0_f64.to_bits());
        }

        #[test]
        fn soft_loss_is_the_annotators_mean(
            (z, _) in instance(), seed in any::<u64>(), weights in prop::collection::vec(0.01..5.0_f64, 1..5),
        ) {
            let label = |a: usize, i: usize| Label::ALL[(seed >> ((7 * a + 3 * i) % 61)) as usize % 3];
            let annotators: Vec<Vec<Label>> =
                (0..weights.len()).map(|a| (0..z.len()).map(|i| label(a, i)).collect()).collect();
            let t = mean_labels(&annotators, Some(&weights)).unwrap();
            let sum: f64 = weights.iter().sum();
            let each = annotators.iter().zip(&weights).map(|(r, w)| w / sum * one_hot_loss(&z, r).unwrap());
            prop_assert!(close(loss(&z, &t).unwrap().total, each.sum(), 1e-12));
        }
    }
}
