//! Precision, recall and F1 of whole answer spans, for questions with one, several or no answers.

use serde::Serialize;

use super::{Outcome, Rates};
use crate::bio::{Label, spans_from_labels};
use crate::metrics::{SeqEval, Tally, match_spans, seqeval};

/// How the spans of `viterbi` (none, one or several, with the model's bias on B) match the annotators' spans,
/// all compared as ranges of tokens, exactly. Counts are summed over the questions before dividing (micro average).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanScores {
    /// Number of questions.
    pub questions: usize,
    /// Mean number of spans that the model marks.
    pub predicted: f64,
    /// Mean number of spans that an annotator marked.
    pub annotated: f64,
    /// Against an annotator drawn at random: a span is right in the share of the annotators who marked it.
    /// Where annotators disagree, 100 is out of anyone's reach.
    pub mean_annotator: Rates,
    /// Against the annotator with whom the model agrees most on that question, as SQuAD's EM and F1 do it.
    pub best_annotator: Rates,
}

/// Span scores of all outcomes that `keep` keeps; none where there is none.
pub(super) fn spans(outcomes: &[Outcome], keep: impl Fn(&Outcome) -> bool) -> Option<SpanScores> {
    let (mut questions, mut mean, mut best) = (0, Tally::default(), Tally::default());
    for outcome in outcomes.iter().filter(|outcome| keep(outcome)) {
        let predicted = outcome.marked(outcome.b_bias);
        let annotators: Vec<_> = outcome.annotators.iter().map(|labels| spans_from_labels(labels)).collect();
        let matched = match_spans(&predicted, &annotators);
        mean.add(matched.mean);
        best.add(matched.best);
        questions += 1;
    }
    let per_question = |sum: f64| sum / questions as f64;
    (questions > 0).then(|| SpanScores {
        questions,
        predicted: per_question(mean.found),
        annotated: per_question(mean.gold),
        mean_annotator: mean.into(),
        best_annotator: best.into(),
    })
}

/// `seqeval`'s scores of the labels that `viterbi` gives the tokens, against the first annotator's.
pub(super) fn span_labels(outcomes: &[Outcome]) -> SeqEval {
    let names = |labels: &[Label]| labels.iter().map(|label| ["B", "I", "O"][label.index()]).collect::<Vec<_>>();
    seqeval(outcomes.iter().map(|outcome| {
        let mut predicted = vec![Label::O; outcome.places.len()];
        for (first, last) in outcome.marked(outcome.b_bias) {
            predicted[first..last].fill(Label::I);
            predicted[first] = Label::B;
        }
        (outcome.annotators.first().map(|labels| names(labels)).unwrap_or_default(), names(&predicted))
    }))
}

/// Whether some annotator marked more than one span.
pub(super) fn several(outcome: &Outcome) -> bool {
    outcome.annotators.iter().any(|labels| spans_from_labels(labels).len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{outcome, sure};

    #[test]
    fn numbers_by_hand() {
        // 1: the model marks Ann, Bo and Cy; one annotator Ann and Cy, the other "Ann saw Bo".
        // 2: the model marks nothing; one annotator Bo, the other nothing either.
        let outcomes = [
            outcome(&[&[(0, 1), (4, 5)], &[(0, 3)]], sure("BOBOB"), None),
            outcome(&[&[(2, 3)], &[]], sure("OOOOO"), None),
        ];
        let all = spans(&outcomes, |_| true).unwrap();
        assert_eq!((all.questions, all.predicted, all.annotated), (2, 1.5, 1.0));
        // Mean: found 3, gold 3/2 + 1/2, right 2 * 1/2.
        let rates = |found: f64, gold: f64, right: f64| Rates::from(Tally { found, gold, right });
        assert_eq!(all.mean_annotator, rates(3.0, 2.0, 1.0));
        // Best: the first annotator (2 of 3 and 2), and the silent one.
        assert_eq!(all.best_annotator, rates(3.0, 2.0, 2.0));
        let some = spans(&outcomes, several).unwrap();
        assert_eq!((some.questions, some.annotated), (1, 1.5));
        assert_eq!(spans(&outcomes[1..], several), None);
    }
}
