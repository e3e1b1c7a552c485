//! The cross-entropy against the annotators' distribution, apart for questions on which they agree and disagree.

use serde::Serialize;

use super::Outcome;

/// L = H(t) + KL(t || p), where H(t) = 0 and where it is not. A model that has learnt the annotators' doubt has a
/// small KL on both.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementLoss {
    /// All annotators marked the same tokens. `None` (null): no such question.
    pub agreed: Option<MeanLoss>,
    /// They did not.
    pub disputed: Option<MeanLoss>,
}

/// Mean loss per question, in nats.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeanLoss {
    /// Number of questions.
    pub questions: usize,
    /// L.
    pub token_loss: f64,
    /// H(t).
    pub entropy: f64,
    /// KL(t || p).
    pub kl: f64,
}

/// The two groups' losses.
pub(super) fn by_agreement(outcomes: &[Outcome]) -> AgreementLoss {
    let mut sums = [[0.0; 4]; 2];
    for outcome in outcomes {
        let loss = &outcome.loss;
        let disputed = outcome.annotators.windows(2).any(|pair| pair[0] != pair[1]);
        for (sum, value) in sums[usize::from(disputed)].iter_mut().zip([1.0, loss.total, loss.entropy, loss.kl]) {
            *sum += value;
        }
    }
    let mean = |[n, loss, entropy, kl]: [f64; 4]| {
        (n > 0.0).then(|| MeanLoss { questions: n as usize, token_loss: loss / n, entropy: entropy / n, kl: kl / n })
    };
    AgreementLoss { agreed: mean(sums[0]), disputed: mean(sums[1]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::outcome;

    #[test]
    fn numbers_by_hand() {
        let z = [[0.0; 3]; 5]; // p = 1/3: L = 5 ln 3, whatever t is
        let (ln2, ln3) = (2.0_f64.ln(), 3.0_f64.ln());
        let both = [outcome(&[&[(0, 1)], &[(0, 1)]], z, None), outcome(&[&[(0, 1)], &[]], z, None)];
        let split = by_agreement(&both);
        let (agreed, disputed) = (split.agreed.unwrap(), split.disputed.unwrap());
        assert_eq!((agreed.questions, agreed.entropy, disputed.questions), (1, 0.0, 1));
        assert!((agreed.token_loss - 5.0 * ln3).abs() < 1e-12 && (agreed.kl - 5.0 * ln3).abs() < 1e-12);
        // One token's t is 1/2, 0, 1/2.
        assert!((disputed.entropy - ln2).abs() < 1e-12 && (disputed.kl - (5.0 * ln3 - ln2)).abs() < 1e-12);
        assert_eq!(by_agreement(&both[..1]).disputed, None);
    }
}
