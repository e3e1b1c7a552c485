//! Gold distributions t_i: from the annotators' spans to labels, and from labels to their mean.

use serde::{Deserialize, Serialize};

use super::{Dist, Label};

/// A half-open range `start..end` of the text, in any unit (bytes, code points, UTF-16 code units)
/// as long as tokens and spans use the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First unit.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

/// Why gold labels do not fit the tokens. The words complete "The gold labels do not fit the paragraph: …."
#[derive(Clone, Debug, PartialEq)]
pub enum GoldError {
    /// A span without any text, or one that ends before it starts.
    Empty(Span),
    /// Two different spans of one annotator share text.
    Overlap(Span, Span),
    /// A span that ends past a text of this length.
    PastEnd(Span, usize),
    /// A span without a token: outside of the paragraph, or only white space.
    NoToken(Span),
    /// Two spans that share no text, but fall into one word piece, which can carry only one label.
    SharedToken {
        /// The span that comes first.
        first: Span,
        /// The span after it.
        second: Span,
        /// Index of the token, from 0.
        token: usize,
    },
    /// Nobody has labelled anything.
    NoAnnotator,
    /// As many annotators as a document may have.
    TooManyAnnotators(usize),
    /// An annotator's labels, or the rows of t, are not one per token.
    Length {
        /// The number of tokens.
        expected: usize,
        /// The number of labels or rows.
        found: usize,
    },
    /// Not one weight per annotator.
    WeightCount {
        /// The number of annotators.
        annotators: usize,
        /// The number of weights.
        weights: usize,
    },
    /// A weight that is negative, infinite or NaN.
    Weight {
        /// Index of the annotator, from 0.
        annotator: usize,
        /// The weight.
        weight: f64,
    },
    /// Weights that have no usable sum: all of them 0, or too large to be added.
    WeightSum(f64),
    /// A row of t that is no distribution.
    NotADistribution {
        /// Index of the token, from 0.
        token: usize,
        /// The row as given.
        row: Dist,
    },
}

/// One annotator's labels, one per token, from the spans that the annotator marked (none: all O).
///
/// `tokens` are in text order; the order of `spans` does not matter and repeated ones count once. The
/// first token that overlaps a span is B, further ones are I. Adjacent spans stay two.
///
/// # Errors
///
/// A span that is empty or inverted, that touches no token, or that overlaps another one (nested ones
/// included); two spans within one token.
pub fn labels_from_spans(tokens: &[Span], spans: &[Span]) -> Result<Vec<Label>, GoldError> {
    let mut spans = spans.to_vec();
    if let Some(empty) = spans.iter().find(|span| span.start >= span.end) {
        return Err(GoldError::Empty(*empty));
    }
    spans.sort_unstable();
    spans.dedup();
    // Sorted by start: where any two overlap, two neighbours do.
    if let Some(pair) = spans.windows(2).find(|pair| pair[1].start < pair[0].end) {
        return Err(GoldError::Overlap(pair[0], pair[1]));
    }
    let mut labels = vec![Label::O; tokens.len()];
    let mut before = None;
    for span in spans {
        let mut label = Label::B;
        for (i, token) in tokens.iter().enumerate() {
            if token.start < span.end && span.start < token.end {
                if let (true, Some(first)) = (labels[i] != Label::O, before) {
                    return Err(GoldError::SharedToken { first, second: span, token: i });
                }
                labels[i] = label;
                label = Label::I;
            }
        }
        if label == Label::B {
            return Err(GoldError::NoToken(span));
        }
        before = Some(span);
    }
    Ok(labels)
}

/// The spans that labels stand for, as half-open ranges of token indices, in text order.
///
/// An I at the start or after O begins a span, as if it were B.
pub fn spans_from_labels(labels: &[Label]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (i, label) in labels.iter().enumerate() {
        match (label, spans.last_mut()) {
            (Label::O, _) => {}
            (Label::I, Some(open)) if open.1 == i => open.1 = i + 1,
            _ => spans.push((i, i + 1)),
        }
    }
    spans
}

/// The tokens labelled I that go on with nothing: at the start, or after O. A sequence without them is valid.
pub fn stray_insides(labels: &[Label]) -> Vec<usize> {
    let goes_on = |i: usize| i.checked_sub(1).is_some_and(|before| labels[before] != Label::O);
    (0..labels.len()).filter(|&i| labels[i] == Label::I && !goes_on(i)).collect()
}

/// t_i with the share of one class set to `value` (within 0 and 1). O gives what it gains, or B if it is O that was set, and the
/// third class only what those do not have: so B, then I can be set to what they are to be.
pub fn with_share(t: &Dist, class: Label, value: f64) -> Dist {
    let value = value.clamp(0.0, 1.0);
    let (giver, third) = match class {
        Label::B => (Label::O, Label::I),
        Label::I => (Label::O, Label::B),
        Label::O => (Label::B, Label::I),
    };
    let mut out = [0.0; 3];
    out[class.index()] = value;
    out[third.index()] = t[third.index()].min(1.0 - value);
    out[giver.index()] = 1.0 - value - out[third.index()];
    out
}

/// t_i, one row per token: the mean of the annotators' 1-hot labels, or their mean under `weights`,
/// which need not add up to 1.
///
/// # Errors
///
/// No annotator; annotators with different numbers of labels; not one weight per annotator; a weight
/// that is negative or not finite; weights whose sum is 0 or not finite.
pub fn mean_labels(annotators: &[Vec<Label>], weights: Option<&[f64]>) -> Result<Vec<Dist>, GoldError> {
    let expected = annotators.first().ok_or(GoldError::NoAnnotator)?.len();
    if let Some(other) = annotators.iter().find(|labels| labels.len() != expected) {
        return Err(GoldError::Length { expected, found: other.len() });
    }
    let equal = vec![1.0; annotators.len()];
    let weights = weights.unwrap_or(&equal);
    if weights.len() != annotators.len() {
        return Err(GoldError::WeightCount { annotators: annotators.len(), weights: weights.len() });
    }
    if let Some(annotator) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
        return Err(GoldError::Weight { annotator, weight: weights[annotator] });
    }
    let total: f64 = weights.iter().sum();
    if !total.is_finite() || total <= 0.0 {
        return Err(GoldError::WeightSum(total));
    }
    let row = |i: usize| {
        let mut votes = [0.0; 3];
        for (labels, weight) in annotators.iter().zip(weights) {
            votes[labels[i].index()] += weight;
        }
        // Divided once, at the end: two of three annotators give 2/3 to the last bit.
        votes.map(|votes| votes / total)
    };
    Ok((0..expected).map(row).collect())
}

/// Checks rows of t that were given directly: finite, at least 0, with a sum of 1 within 1e-6.
///
/// # Errors
///
/// The first row that is no distribution.
pub fn check_dists(rows: &[Dist]) -> Result<(), GoldError> {
    let fits = |row: &Dist| row.iter().all(|&t| t >= 0.0) && (row.iter().sum::<f64>() - 1.0).abs() <= 1e-6;
    match rows.iter().position(|row| !fits(row)) {
        Some(token) => Err(GoldError::NotADistribution { token, row: rows[token] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Label::{B, I, O};
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// "Maria Lopez, who paints" with "paints" as "paint" + "s".
    fn tokens() -> Vec<Span> {
        [(0, 5), (6, 11), (11, 12), (13, 16), (17, 22), (22, 23)].map(|(start, end)| span(start, end)).to_vec()
    }

    #[test]
    fn first_token_begins_and_the_rest_is_inside() {
        let labels = |spans: &[Span]| labels_from_spans(&tokens(), spans).unwrap();
        assert_eq!(labels(&[]), [O; 6]);
        assert_eq!(labels(&[span(0, 11)]), [B, I, O, O, O, O]);
        assert_eq!(labels(&[span(3, 7)]), [B, I, O, O, O, O], "a part of a token is enough");
        assert_eq!(labels(&[span(5, 7)]), [O, B, O, O, O, O], "the white space before is no token");
        assert_eq!(labels(&[span(17, 23), span(0, 5)]), [B, O, O, O, B, I], "in any order");
        assert_eq!(labels(&[span(6, 11), span(6, 11)]), [O, B, O, O, O, O], "identical spans merge");
        assert_eq!(labels(&[span(6, 11), span(11, 12)]), [O, B, B, O, O, O], "adjacent spans stay two");
        assert_eq!(labels(&[span(0, 99)]), [B, I, I, I, I, I]);
    }

    #[test]
    fn spans_that_do_not_fit_are_errors() {
        let error = |spans: &[Span]| labels_from_spans(&tokens(), spans).unwrap_err();
        assert_eq!(error(&[span(4, 4)]), GoldError::Empty(span(4, 4)));
        assert_eq!(error(&[span(5, 4)]), GoldError::Empty(span(5, 4)));
        assert_eq!(error(&[span(6, 16), span(0, 11)]), GoldError::Overlap(span(0, 11), span(6, 16)));
        assert_eq!(error(&[span(0, 16), span(6, 11)]), GoldError::Overlap(span(0, 16), span(6, 11)));
        assert_eq!(error(&[span(0, 5), span(0, 11)]), GoldError::Overlap(span(0, 5), span(0, 11)));
        assert_eq!(error(&[span(5, 6)]), GoldError::NoToken(span(5, 6)));
        assert_eq!(error(&[span(23, 30)]), GoldError::NoToken(span(23, 30)));
        let shared = GoldError::SharedToken { first: span(0, 2), second: span(2, 5), token: 0 };
        assert_eq!(error(&[span(0, 2), span(2, 5)]), shared);
        assert_eq!(shared.to_string(), "the spans 0 to 2 and 2 to 5 fall into the same token (number 1)");
        assert_eq!(labels_from_spans(&[], &[]), Ok(vec![]));
        assert_eq!(labels_from_spans(&[], &[span(0, 1)]), Err(GoldError::NoToken(span(0, 1))));
    }

    #[test]
    fn three_annotators() {
        let mean = mean_labels(&[vec![B, I, O], vec![B, O, O], vec![O, B, O]], None).unwrap();
        let third = 1.0 / 3.0;
        assert_eq!(mean, [[2.0 / 3.0, 0.0, third], [third, third, third], [0.0, 0.0, 1.0]]);
        let weighted = mean_labels(&[vec![B], vec![O]], Some(&[3.0, 1.0])).unwrap();
        assert_eq!(weighted, [[0.75, 0.0, 0.25]]);
        assert_eq!(mean_labels(&[vec![B], vec![O]], Some(&[0.0, 0.1])).unwrap(), [O.one_hot()]);
    }

    #[test]
    fn annotators_that_cannot_be_averaged() {
        assert_eq!(mean_labels(&[], None), Err(GoldError::NoAnnotator));
        let two = [vec![B], vec![O]];
        assert_eq!(mean_labels(&[vec![B], vec![]], None), Err(GoldError::Length { expected: 1, found: 0 }));
        assert_eq!(mean_labels(&two, Some(&[1.0])), Err(GoldError::WeightCount { annotators: 2, weights: 1 }));
        let negative = GoldError::Weight { annotator: 1, weight: -1.0 };
        assert_eq!(mean_labels(&two, Some(&[1.0, -1.0])), Err(negative));
        assert!(matches!(mean_labels(&two, Some(&[f64::NAN, 1.0])), Err(GoldError::Weight { annotator: 0, .. })));
        assert_eq!(mean_labels(&two, Some(&[0.0, 0.0])), Err(GoldError::WeightSum(0.0)));
        assert_eq!(mean_labels(&two, Some(&[f64::MAX; 2])), Err(GoldError::WeightSum(f64::INFINITY)));
    }

    #[test]
    fn rows_given_directly() {
        assert_eq!(check_dists(&[[0.2, 0.3, 0.5], [0.0, 1.0, 1e-7]]), Ok(()));
        for row in [[0.5, 0.5, 0.1], [-0.1, 0.6, 0.5], [f64::NAN, 0.5, 0.5], [f64::INFINITY, 0.0, 0.0], [0.0; 3]] {
            let error = check_dists(&[[0.0, 0.0, 1.0], row]).unwrap_err();
            assert!(matches!(error, GoldError::NotADistribution { token: 1, .. }), "{error}");
        }
    }

    #[test]
    fn insides_that_go_on_with_nothing() {
        assert_eq!(stray_insides(&[I, I, O, I, B, I, O, B]), [0, 3]);
        assert_eq!(stray_insides(&[]), Vec::<usize>::new());
    }

    #[test]
    fn one_share_is_set_and_o_gives_what_it_gains() {
        assert_eq!(with_share(&[1.0, 0.0, 0.0], B, 2.0 / 3.0), [2.0 / 3.0, 0.0, 1.0 - 2.0 / 3.0]);
        assert_eq!(with_share(&[0.25, 0.25, 0.5], O, 0.0), [0.75, 0.25, 0.0]);
        let typed = [(B, 0.5), (I, 0.25), (O, 0.25)];
        assert_eq!(
            typed.iter().fold([1.0, 0.0, 0.0], |t, &(class, share)| with_share(&t, class, share)),
            [0.5, 0.25, 0.25]
        );
        assert_eq!(with_share(&[0.75, 0.0, 0.25], I, 0.5), [0.5, 0.5, 0.0], "O has too little");
        assert_eq!(with_share(&[0.0, 0.0, 1.0], O, 0.75), [0.25, 0.0, 0.75]);
        assert_eq!(with_share(&[0.5, 0.5, 0.0], I, 7.0), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn an_inside_without_a_begin_begins_a_span() {
        assert_eq!(spans_from_labels(&[I, I, O, I, B, B, I]), [(0, 2), (3, 4), (4, 5), (5, 7)]);
        assert_eq!(spans_from_labels(&[]), []);
    }

    /// Tokens with gaps of 0..3 units between them, each with a label; never an I at the start or after O.
    fn labelled() -> impl Strategy<Value = (Vec<Span>, Vec<Label>)> {
        prop::collection::vec((0..3_usize, 1..6_usize, 0..3_usize), 0..30).prop_map(|parts| {
            let (mut at, mut tokens, mut labels) = (0, Vec::new(), Vec::new());
            for (gap, length, label) in parts {
                tokens.push(span(at + gap, at + gap + length));
                at += gap + length;
                let open = labels.last().is_some_and(|&last| last != O);
                labels.push(if label == 1 && !open { B } else { Label::ALL[label] });
            }
            (tokens, labels)
        })
    }

    proptest! {
        #[test]
        fn labels_and_spans_round_trip((tokens, labels) in labelled()) {
            let spans = spans_from_labels(&labels);
            let text: Vec<Span> = spans.iter().map(|&(a, b)| span(tokens[a].start, tokens[b - 1].end)).collect();
            prop_assert_eq!(labels_from_spans(&tokens, &text).unwrap(), labels);
        }

        #[test]
        fn rows_of_t_are_distributions(weights in prop::collection::vec(1e-3..1e3_f64, 1..8), seed in any::<u64>()) {
            let label = |a: usize, i: usize| Label::ALL[(seed >> ((5 * a + i) % 60)) as usize % 3];
            let annotators: Vec<Vec<Label>> =
                (0..weights.len()).map(|a| (0..5).map(|i| label(a, i)).collect()).collect();
            let t = mean_labels(&annotators, Some(&weights)).unwrap();
            prop_assert_eq!(check_dists(&t), Ok(()));
            prop_assert!(t.iter().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-14));
        }
    }
}
