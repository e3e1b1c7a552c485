//! Scores by the length of the annotators' answers.

use serde::Serialize;

use super::scores::worth;
use super::{Outcome, percent, rounded_mean};
use crate::bio::Label;
use crate::dataset::Instance;

/// Upper ends of the groups, in tokens; the last group has none. The group that ends at 0 is "no answer".
const ENDS: [usize; 6] = [0, 1, 2, 4, 8, 16];

/// The scores of the questions whose answers have a certain length.
///
/// A question's length is the mean number of tokens (word pieces) that an annotator marked, over those who marked
/// any, rounded half up; 0 when nobody did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LengthScores {
    /// Shortest length, in tokens; 0 to 0 is "no answer".
    pub from: usize,
    /// Longest length; `None` (null): no limit.
    pub to: Option<usize>,
    /// Number of questions; groups without any are left out.
    pub questions: usize,
    /// Exact match, in percent.
    pub em: f64,
    /// F1 of the answer's words, in percent.
    pub f1: f64,
    /// Mean L per question, in nats.
    pub token_loss: f64,
    /// Mean length of the answers that the model gave, 0 for those that it withheld.
    pub predicted_tokens: f64,
}

/// The groups, by rising length.
pub(super) fn by_length(instances: &[Instance], outcomes: &[Outcome]) -> Vec<LengthScores> {
    let mut sums = [[0.0; 5]; ENDS.len() + 1];
    for (instance, outcome) in instances.iter().zip(outcomes) {
        let group = ENDS.partition_point(|end| *end < length(&outcome.annotators));
        let [em, f1] = worth(instance, outcome.answer());
        let predicted = outcome.chosen().map_or(0, |chosen| chosen.tokens) as f64;
        for (sum, value) in sums[group].iter_mut().zip([1.0, em, f1, outcome.loss.total, predicted]) {
            *sum += value;
        }
    }
    let group = |(k, [n, em, f1, loss, predicted]): (usize, [f64; 5])| LengthScores {
        from: k.checked_sub(1).map_or(0, |before| ENDS[before] + 1),
        to: ENDS.get(k).copied(),
        questions: n as usize,
        em: percent(em, n),
        f1: percent(f1, n),
        token_loss: loss / n,
        predicted_tokens: predicted / n,
    };
    sums.into_iter().enumerate().filter(|(_, sums)| sums[0] > 0.0).map(group).collect()
}

fn length(annotators: &[Vec<Label>]) -> usize {
    rounded_mean(annotators.iter().map(|labels| labels.iter().filter(|label| **label != Label::O).count()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome, sure};

    #[test]
    fn lengths_are_means_over_those_who_answered() {
        let labels = |letters: &str| letters.chars().map(|c| if c == 'O' { Label::O } else { Label::I }).collect();
        let length = |all: &[&str]| length(&all.iter().map(|letters| labels(letters)).collect::<Vec<_>>());
        assert_eq!(length(&["OOOO", "OOOO"]), 0);
        assert_eq!(length(&["OXXO", "OOOO"]), 2, "who marked nothing has no say");
        assert_eq!(length(&["XXXX", "OOOX"]), 3, "2.5 is rounded up");
        assert_eq!(length(&["XXXX", "OOOX", "OXOO"]), 2);
        assert_eq!(length(&["XOXX"]), 3, "of all spans together");
    }

    #[test]
    fn numbers_by_hand() {
        let golds: [&[&[(usize, usize)]]; 3] = [&[&[(0, 1)]], &[&[(0, 3)]], &[&[(2, 5)]]];
        let instances = [0, 1, 2].map(|k| instance("x", golds[k]));
        let answers = [("Ann", 1), ("Ann saw Bo", 3), ("Bo", 1)];
        let outcomes = [0, 1, 2].map(|k| outcome(golds[k], sure("OOOOO"), Some((answers[k].0, 0.0, answers[k].1))));
        let groups = by_length(&instances, &outcomes);
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[0].from, groups[0].to, groups[0].questions, groups[0].em), (1, Some(1), 1, 100.0));
        assert_eq!((groups[1].from, groups[1].to, groups[1].questions, groups[1].em), (3, Some(4), 2, 50.0));
        // "Bo" against "Bo and Cy": precision 1, recall 1/3, F1 1/2.
        assert!((groups[1].f1 - 75.0).abs() < 1e-12);
        assert_eq!(groups[1].predicted_tokens, 2.0);
        assert!((groups[1].token_loss - 3.0 * groups[0].token_loss).abs() < 1e-3, "three tokens wrong, not one");
    }
}
