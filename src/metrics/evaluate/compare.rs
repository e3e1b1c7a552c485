//! A model beside another one on the same questions.

use serde::Serialize;

use super::agreement::by_agreement;
use super::scores::worth;
use super::{AgreementLoss, Outcome, Scores, scores};
use crate::dataset::Instance;
use crate::metrics::mean_and_error;

/// The other model's scores, and how far ours is from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The other model's folder.
    pub model: String,
    /// Its scores.
    #[serde(flatten)]
    pub scores: Scores,
    /// Its losses by agreement of the annotators.
    pub by_agreement: AgreementLoss,
    /// Ours minus its, question by question.
    pub difference: Difference,
}

/// Mean differences over the questions, ours minus the other's, each with its standard error. Questions are taken as
/// independent; those of one article are not quite, so the true error is somewhat larger.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Of F1, in percentage points.
    pub f1: f64,
    /// Its standard error.
    pub f1_error: f64,
    /// Of L, in nats; below 0: ours is better.
    pub token_loss: f64,
    /// Its standard error.
    pub token_loss_error: f64,
}

/// Compares our outcomes with the other model's (`model` is its name) on the same instances.
pub fn compare(instances: &[Instance], ours: &[Outcome], others: &[Outcome], model: &str) -> Comparison {
    let (mut f1, mut token_loss) = (Vec::new(), Vec::new());
    for (instance, (our, other)) in instances.iter().zip(ours.iter().zip(others)) {
        f1.push(100.0 * (worth(instance, our.answer())[1] - worth(instance, other.answer())[1]));
        token_loss.push(our.loss.total - other.loss.total);
    }
    let ((f1, f1_error), (token_loss, token_loss_error)) = (mean_and_error(&f1), mean_and_error(&token_loss));
    Comparison {
        model: model.into(),
        scores: scores(instances, others),
        by_agreement: by_agreement(others),
        difference: Difference { f1, f1_error, token_loss, token_loss_error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome, sure};

    #[test]
    fn numbers_by_hand() {
        let gold: &[&[(usize, usize)]] = &[&[(0, 1)]];
        let instances = [instance("1", gold), instance("2", gold)];
        let right = || outcome(gold, sure("BOOOO"), Some(("Ann", 1.0, 1)));
        let wrong = || outcome(gold, sure("OOOOO"), Some(("Bo", 1.0, 1)));
        let c = compare(&instances, &[right(), right()], &[right(), wrong()], "old");
        assert_eq!((c.model.as_str(), c.scores.f1), ("old", 50.0));
        // F1 differs by 0 and 100: mean 50, variance 5000, error sqrt(5000 / 2).
        assert!((c.difference.f1 - 50.0).abs() < 1e-12 && (c.difference.f1_error - 50.0).abs() < 1e-12);
        assert!((c.difference.token_loss + 6.0).abs() < 1e-9 && (c.difference.token_loss_error - 6.0).abs() < 1e-9);
    }
}
