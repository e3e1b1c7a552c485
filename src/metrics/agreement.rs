//! How far annotators agree beyond chance, on labels that have no order.
//!
//! All three figures are 1 for perfect agreement and 0 for the agreement that chance gives; where chance alone
//! already gives agreement on everything (one class only), they are undefined, and so is any of them without two
//! annotators and a token.
//!
//! Cohen, J. (1960), A coefficient of agreement for nominal scales. Fleiss, J. L. (1971), Measuring nominal scale
//! agreement among many raters. Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability.

use serde::Serialize;

use crate::bio::Label;

/// Agreement of one paragraph's annotators over its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Share of the pairs of annotators that agree, meaned over tokens.
    pub observed: f64,
    /// Cohen's kappa of two annotators; `None`: not two, or undefined.
    pub cohen: Option<f64>,
    /// Fleiss' kappa; `None`: undefined.
    pub fleiss: Option<f64>,
    /// Krippendorff's alpha for nominal labels; `None`: undefined.
    pub alpha: Option<f64>,
}

impl Agreement {
    /// Cohen's kappa of two annotators, Fleiss' of more. Where the first is undefined, so is the second.
    pub fn kappa(&self) -> Option<f64> {
        self.cohen.or(self.fleiss)
    }
}

/// The agreement of annotators, each with one label per token. `None` without two annotators and a token.
///
/// # Panics
/// When annotators have different numbers of labels.
pub fn agreement(annotators: &[Vec<Label>]) -> Option<Agreement> {
    let tokens = annotators.first().map_or(0, Vec::len);
    assert!(annotators.iter().all(|labels| labels.len() == tokens), "one label per token and annotator");
    if annotators.len() < 2 || tokens == 0 {
        return None;
    }
    let (raters, count) = (annotators.len() as f64, tokens as f64);
    // How many annotators gave each class, by token and in all.
    let by_token = (0..tokens).map(|i| classes(annotators.iter().map(|labels| labels[i])));
    let all = classes(annotators.iter().flatten().copied());
    let pairs = raters * (raters - 1.0);
    let observed = by_token.map(|n| n.iter().map(|n| n * (n - 1.0)).sum::<f64>() / pairs).sum::<f64>() / count;
    let n = raters * count;
    let by_chance = all.iter().map(|a| (a / n).powi(2)).sum();
    // Krippendorff draws the two labels without putting the first one back.
    let by_drawing = all.iter().map(|a| a * (a - 1.0)).sum::<f64>() / (n * (n - 1.0));
    let cohen = match annotators {
        [a, b] => {
            let (a, b) = (classes(a.iter().copied()), classes(b.iter().copied()));
            beyond_chance(observed, (0..3).map(|j| a[j] * b[j]).sum::<f64>() / (count * count))
        }
        _ => None,
    };
    Some(Agreement {
        observed,
        cohen,
        fleiss: beyond_chance(observed, by_chance),
        alpha: beyond_chance(observed, by_drawing),
    })
}

fn classes(labels: impl Iterator<Item = Label>) -> [f64; 3] {
    labels.fold([0.0; 3], |mut n, label| {
        n[label.index()] += 1.0;
        n
    })
}

/// `(observed - chance) / (1 - chance)`, where that is a number.
fn beyond_chance(observed: f64, chance: f64) -> Option<f64> {
    let room = 1.0 - chance;
    (room > 1e-12).then(|| (observed - chance) / room)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Label::{B, I, O};
    use super::*;

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-12)
    }

    #[test]
    fn two_annotators_by_hand() {
        // They agree on 3 of 4. a: B O O O, b: B I O O; chance (Cohen) = 1/4 * 1/4 + 0 * 1/4 + 3/4 * 2/4 = 7/16.
        let a = agreement(&[vec![B, O, O, O], vec![B, I, O, O]]).unwrap();
        assert_eq!(a.observed, 0.75);
        assert!(close(a.cohen, (0.75 - 7.0 / 16.0) / (9.0 / 16.0)), "{a:?}");
        // Fleiss: of 8 labels 2 are B, 1 is I, 5 are O: chance = (4 + 1 + 25) / 64.
        assert!(close(a.fleiss, (0.75 - 30.0 / 64.0) / (34.0 / 64.0)), "{a:?}");
        // Krippendorff: (2 * 1 + 1 * 0 + 5 * 4) / (8 * 7) = 22/56.
        assert!(close(a.alpha, (0.75 - 22.0 / 56.0) / (34.0 / 56.0)), "{a:?}");
    }

    #[test]
    fn three_annotators_by_hand() {
        // The exercise's token (two B, one O), and one on which all say O: 1 of 3 pairs, then 3 of 3.
        let a = agreement(&[vec![B, O], vec![B, O], vec![O, O]]).unwrap();
        assert!((a.observed - 2.0 / 3.0).abs() < 1e-15 && a.cohen.is_none());
        assert!(close(a.fleiss, (2.0 / 3.0 - 20.0 / 36.0) / (16.0 / 36.0)), "{a:?}");
        assert!(close(a.alpha, (2.0 / 3.0 - 14.0 / 30.0) / (16.0 / 30.0)), "{a:?}");
    }

    #[test]
    fn what_is_undefined() {
        assert_eq!(agreement(&[]), None);
        assert_eq!(agreement(&[vec![B, O]]), None);
        assert_eq!(agreement(&[vec![], vec![]]), None);
        let same = agreement(&[vec![O; 5], vec![O; 5]]).unwrap();
        assert_eq!(same, Agreement { observed: 1.0, cohen: None, fleiss: None, alpha: None });
    }

    proptest! {
        #[test]
        fn at_most_one_and_one_for_the_same(labels in prop::collection::vec(0..3_usize, 2..40), others in 1..4_usize) {
            let row: Vec<Label> = labels.iter().map(|&j| Label::ALL[j]).collect();
            let a = agreement(&vec![row.clone(); others + 1]).unwrap();
            prop_assert_eq!(a.observed, 1.0);
            for figure in [a.cohen, a.fleiss, a.alpha].into_iter().flatten() {
                prop_assert!((figure - 1.0).abs() < 1e-12);
            }
            let turned: Vec<Label> = row.iter().rev().copied().collect();
            let a = agreement(&[row, turned]).unwrap();
            for figure in [a.cohen, a.fleiss, a.alpha].into_iter().flatten() {
                prop_assert!(figure.abs() <= 1.0 + 1e-12);
            }
        }
    }
}
