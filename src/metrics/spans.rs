//! How well predicted spans match those of several annotators, each of whom may have marked none, one or more.

use super::Tally;

/// Exact matches of one instance's predicted spans: a span is right when an annotator marked the very same tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpanMatch {
    /// Against an annotator drawn at random: `gold` is the mean number of spans that an annotator marked, and a
    /// predicted span is right in the share of the annotators who marked it. With one annotator this is plain
    /// counting; with several even an annotator would not reach 1 where they disagree.
    pub mean: Tally,
    /// Against the one annotator with whom the prediction agrees most: the highest F1 (taken as 1 when
    /// neither has a span), of equal ones the first. SQuAD's scores take the best annotator in the same way.
    pub best: Tally,
}

/// Matches `predicted` spans with each annotator's. Spans are half-open ranges of token indices; no list
/// holds one twice. Without an annotator everything is 0.
///
/// Sums of tallies over instances give micro-averaged precision, recall and F1.
pub fn match_spans(predicted: &[(usize, usize)], annotators: &[Vec<(usize, usize)>]) -> SpanMatch {
    let tallies = annotators.iter().map(|spans| Tally {
        found: predicted.len() as f64,
        gold: spans.len() as f64,
        right: predicted.iter().filter(|span| spans.contains(span)).count() as f64,
    });
    let f1 = |t: &Tally| if t.found + t.gold == 0.0 { 1.0 } else { t.f1() };
    let (mut sum, mut best) = (Tally::default(), None);
    for tally in tallies {
        sum.add(tally);
        if best.is_none_or(|best| f1(&tally) > f1(&best)) {
            best = Some(tally);
        }
    }
    let count = annotators.len().max(1) as f64;
    let mean = Tally { found: sum.found / count, gold: sum.gold / count, right: sum.right / count };
    SpanMatch { mean, best: best.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally(found: f64, gold: f64, right: f64) -> Tally {
        Tally { found, gold, right }
    }

    #[test]
    fn numbers_by_hand() {
        // Two spans predicted; the annotators marked both and a third, the first only, and none.
        let m = match_spans(&[(0, 2), (5, 6)], &[vec![(0, 2), (5, 6), (8, 9)], vec![(0, 2)], vec![]]);
        // F1: 4/5, 2/3, 0.
        assert_eq!(m.best, tally(2.0, 3.0, 2.0));
        assert_eq!(m.mean, tally(2.0, 4.0 / 3.0, 1.0));
        // A span one token too long matches nobody's.
        let m = match_spans(&[(0, 3)], &[vec![(0, 2)]]);
        assert_eq!((m.mean, m.best), (tally(1.0, 1.0, 0.0), tally(1.0, 1.0, 0.0)));
    }

    #[test]
    fn saying_nothing_agrees_with_who_said_nothing() {
        let m = match_spans(&[], &[vec![(0, 2)], vec![]]);
        assert_eq!(m.best, Tally::default());
        assert_eq!(m.mean, tally(0.0, 0.5, 0.0));
        assert_eq!(match_spans(&[(0, 1)], &[]), SpanMatch::default());
    }

    #[test]
    fn of_equal_annotators_the_first_counts() {
        // F1 is 0 with both; the first marked one span, the second two.
        let m = match_spans(&[(0, 1)], &[vec![(1, 2)], vec![(1, 2), (3, 4)]]);
        assert_eq!(m.best, tally(1.0, 1.0, 0.0));
    }

    fn spans() -> impl Strategy<Value = Vec<(usize, usize)>> {
        prop::collection::btree_set((0..4_usize, 4..7_usize), 0..4).prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_best_annotator_is_at_least_the_mean_one(
            predicted in spans(), annotators in prop::collection::vec(spans(), 1..5),
        ) {
            let m = match_spans(&predicted, &annotators);
            prop_assert!(m.mean.right <= m.mean.found.min(m.mean.gold) + 1e-12);
            prop_assert!(m.best.right <= m.best.found.min(m.best.gold));
            // Micro F1 of the mean is at most the largest of the parts' (a mediant).
            prop_assert!(m.best.f1() >= m.mean.f1() - 1e-12 || m.best == Tally::default());
            let copy = match_spans(&annotators[0], &annotators);
            prop_assert!(copy.best.right == copy.best.gold && copy.best.right == copy.best.found);
        }
    }
}
