//! Part (c): every t_i made 1-hot by majority, and what that does to L.

use super::{Dist, GoldError, Label, Logits, log_softmax, loss};

/// r(i) of one token by majority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Majority {
    /// r(i): the class with the largest share of t_i; of equal ones the first in the order B, I, O.
    pub class: Label,
    /// Another class has as large a share.
    pub tie: bool,
}

/// The majority of every t_i. Shares that differ by less than 1e-9 count as equal: they are sums of weights.
pub fn majority(gold: &[Dist]) -> Vec<Majority> {
    let of = |t: &Dist| {
        let most = t.iter().copied().fold(0.0, f64::max);
        let mut largest = Label::ALL.into_iter().filter(|label| most - t[label.index()] < 1e-9);
        let class = largest.next().unwrap_or(Label::O);
        Majority { class, tie: largest.next().is_some() }
    };
    gold.iter().map(of).collect()
}

/// Soft and 1-hot loss of the same predictions side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// L against t.
    pub soft: f64,
    /// L = - sum_i log p_{i,r(i)} against the majority.
    pub one_hot: f64,
    /// The majority's terms, `[N_P]`.
    pub terms: Vec<f64>,
    /// r(i).
    pub classes: Vec<Majority>,
}

/// Both losses, in nats.
///
/// # Errors
/// As [`loss`].
pub fn compare_one_hot(logits: &[Logits], gold: &[Dist]) -> Result<Comparison, GoldError> {
    let soft = loss(logits, gold)?.total;
    let classes = majority(gold);
    let terms: Vec<f64> = logits.iter().zip(&classes).map(|(z, m)| 0.0 - log_softmax(z)[m.class.index()]).collect();
    let one_hot = terms.iter().fold(0.0, |sum, term| sum + term);
    Ok(Comparison { soft, one_hot, terms, classes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bio::one_hot_loss;

    #[test]
    fn by_hand() {
        let third = 1.0 / 3.0;
        let m = majority(&[[2.0 * third, 0.0, third], [0.5, 0.5, 0.0], [third, third, third], [0.0, 0.2, 0.8]]);
        let of = |class, tie| Majority { class, tie };
        assert_eq!(m, [of(Label::B, false), of(Label::B, true), of(Label::B, true), of(Label::O, false)]);
        // p = 1/3 everywhere: both losses are ln 3 per token.
        let c = compare_one_hot(&[[0.0; 3]; 2], &[[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]).unwrap();
        assert!((c.soft - 2.0 * 3f64.ln()).abs() < 1e-15 && (c.one_hot - c.soft).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn equals_the_one_hot_loss(z in prop::collection::vec(prop::array::uniform3(-9.0..9.0_f32), 1..20), seed in any::<u64>()) {
            let classes: Vec<Label> = (0..z.len()).map(|i| Label::ALL[(seed >> (3 * i)) as usize % 3]).collect();
            let gold: Vec<Dist> = classes.iter().map(|r| r.one_hot()).collect();
            let c = compare_one_hot(&z, &gold).unwrap();
            let exact = one_hot_loss(&z, &classes).unwrap();
            prop_assert_eq!(c.one_hot.to_bits(), exact.to_bits());
            prop_assert_eq!(c.soft.to_bits(), exact.to_bits());
            prop_assert!(c.classes.iter().zip(&classes).all(|(m, r)| m.class == *r && !m.tie));
        }
    }
}
