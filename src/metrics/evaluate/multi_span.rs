//! MultiSpanQA's scores of the spans that `viterbi` marks, the effect of a bias on B on them, and how often all of several
//! answers are found.

use serde::Serialize;

use super::spans::several;
use super::{Outcome, Rates, percent};
use crate::bio::spans_from_labels;
use crate::dataset::Instance;
use crate::metrics::{AnswerSet, SetMatch};

/// MultiSpanQA's two scores (Li et al. 2022): answers as sets of normalised texts, counts summed over the questions before
/// dividing (micro average). Of several annotators each question takes, for each of the two, the one with the highest F1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MultiSpan {
    /// A text is right when it is among the gold ones.
    pub exact: Rates,
    /// A text counts by the longest substring that it shares with one on the other side.
    pub overlap: Rates,
}

impl From<SetMatch> for Rates {
    fn from(sums: SetMatch) -> Rates {
        let [precision, recall, f1] = [sums.precision(), sums.recall(), sums.f1()].map(|x| 100.0 * x);
        Rates { precision, recall, f1 }
    }
}

/// The two scores of all outcomes.
pub(super) fn multi_span(instances: &[Instance], outcomes: &[Outcome]) -> MultiSpan {
    with_bias(instances, outcomes, None)
}

/// The same; a bias, if given, in place of the outcomes' own.
fn with_bias(instances: &[Instance], outcomes: &[Outcome], b_bias: Option<f64>) -> MultiSpan {
    let (mut exact, mut overlap) = (SetMatch::default(), SetMatch::default());
    for (instance, outcome) in instances.iter().zip(outcomes) {
        let spans = outcome.marked(b_bias.unwrap_or(outcome.b_bias));
        let marked = AnswerSet::new(outcome.texts(&instance.context, &spans));
        let golds: Vec<AnswerSet> = instance.span_texts().into_iter().map(AnswerSet::new).collect();
        exact.add(best(golds.iter().map(|gold| marked.exact(gold))));
        overlap.add(best(golds.iter().map(|gold| marked.overlap(gold))));
    }
    MultiSpan { exact: exact.into(), overlap: overlap.into() }
}

/// The annotator with the highest F1; of equal ones the first.
fn best(matches: impl Iterator<Item = SetMatch>) -> SetMatch {
    matches.reduce(|best, next| if next.f1() > best.f1() { next } else { best }).unwrap_or_default()
}

/// What becomes of the questions to which some annotator gave several spans. Compared with the annotator of several spans
/// of whom the largest share was found; a span is found when the very same tokens are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SeveralAnswers {
    /// Number of questions; the sum of the other three.
    pub questions: usize,
    /// All spans were found; whether others were marked too is not asked.
    pub all: usize,
    /// At least one was found, but not all.
    pub some: usize,
    /// None was.
    pub none: usize,
}

/// The counts; `None` where no annotator gave several spans.
pub(super) fn several_answers(outcomes: &[Outcome]) -> Option<SeveralAnswers> {
    found_of_several(outcomes, None)
}

fn found_of_several(outcomes: &[Outcome], b_bias: Option<f64>) -> Option<SeveralAnswers> {
    let mut counts = SeveralAnswers { questions: 0, all: 0, some: 0, none: 0 };
    for outcome in outcomes.iter().filter(|outcome| several(outcome)) {
        let marked = outcome.marked(b_bias.unwrap_or(outcome.b_bias));
        let golds = outcome.annotators.iter().map(|labels| spans_from_labels(labels)).filter(|spans| spans.len() > 1);
        let shares = golds.map(|spans| {
            let found = spans.iter().filter(|span| marked.contains(span)).count();
            found as f64 / spans.len() as f64
        });
        let share = shares.fold(0.0, f64::max);
        counts.questions += 1;
        *match share {
            0.0 => &mut counts.none,
            1.0 => &mut counts.all,
            _ => &mut counts.some,
        } += 1;
    }
    (counts.questions > 0).then_some(counts)
}

/// What a bias on B makes of the spans that `viterbi` marks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BiasRow {
    /// The bias, in nats.
    pub b_bias: f64,
    /// Mean number of spans that are marked.
    pub predicted: f64,
    /// The scores with it.
    #[serde(flatten)]
    pub multi_span: MultiSpan,
    /// Share of the questions of several answers to which all are found, in percent; `None` (null): no such question.
    pub all_found: Option<f64>,
}

/// The table from -1 to 3 in steps of a quarter.
pub fn bias_table(instances: &[Instance], outcomes: &[Outcome]) -> Vec<BiasRow> {
    let row = |b_bias: f64| {
        let marked: usize = outcomes.iter().map(|outcome| outcome.marked(b_bias).len()).sum();
        let found = found_of_several(outcomes, Some(b_bias));
        BiasRow {
            b_bias,
            predicted: marked as f64 / outcomes.len() as f64,
            multi_span: with_bias(instances, outcomes, Some(b_bias)),
            all_found: found.map(|found| percent(found.all as f64, found.questions as f64)),
        }
    };
    (-4..=12).map(|quarters| row(f64::from(quarters) / 4.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{instance, outcome, sure};

    #[test]
    fn the_published_scripts_numbers() {
        let text = include_str!("../../../tests/golden/multispan.json");
        let golden: serde_json::Value = serde_json::from_str(text).unwrap();
        let close = |sums: SetMatch, expected: &serde_json::Value, name: &str| {
            let rates = Rates::from(sums);
            for (key, ours) in [("precision", rates.precision), ("recall", rates.recall), ("f1", rates.f1)] {
                let theirs = expected[key].as_f64().unwrap();
                assert!((ours - theirs).abs() < 1e-9, "{name}: {key} {ours}, not {theirs}");
            }
        };
        let texts = |value: &serde_json::Value| {
            AnswerSet::new(value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()))
        };
        let (mut exact, mut overlap) = (SetMatch::default(), SetMatch::default());
        let cases = golden["cases"].as_array().unwrap();
        assert!(cases.len() >= 20);
        for case in cases {
            let (predicted, gold, name) = (texts(&case["predicted"]), texts(&case["gold"]), case["name"].as_str());
            let (e, o) = (predicted.exact(&gold), predicted.overlap(&gold));
            close(e, &case["exact"], name.unwrap());
            close(o, &case["overlap"], name.unwrap());
            exact.add(e);
            overlap.add(o);
        }
        close(exact, &golden["all"]["exact"], "all");
        close(overlap, &golden["all"]["overlap"], "all");
    }

    #[test]
    fn numbers_by_hand() {
        // Marked: Ann and Bo. One annotator says Ann and Cy, the other "Ann saw Bo".
        let gold: &[&[(usize, usize)]] = &[&[(0, 1), (4, 5)], &[(0, 3)]];
        let (instances, outcomes) = ([instance("1", gold)], [outcome(gold, sure("BOBOO"), None)]);
        let m = multi_span(&instances, &outcomes);
        assert_eq!((m.exact.precision, m.exact.recall), (50.0, 50.0));
        // With the first annotator Ann is right, Bo and Cy share nothing: 1 of 2 on both sides. With the second both parts
        // lie within the gold text, of whose ten letters they share three: precision 1, recall 0.3.
        assert_eq!((m.overlap.precision, m.overlap.recall), (50.0, 50.0));
        let several = several_answers(&outcomes).unwrap();
        assert_eq!(several, SeveralAnswers { questions: 1, all: 0, some: 1, none: 0 });
        let found = |letters: &str| several_answers(&[outcome(gold, sure(letters), None)]).unwrap();
        assert_eq!((found("BOBOB").all, found("OOOOO").none, found("BIIOO").none), (1, 1, 1));
        assert_eq!(several_answers(&[outcome(&[&[(0, 3)]], sure("OOOOO"), None)]), None);
    }

    #[test]
    fn a_bias_marks_more() {
        // log(p_B/p_O) is -0.6 for Cy and 12 for Ann.
        let gold: &[&[(usize, usize)]] = &[&[(0, 1), (4, 5)]];
        let mut z = sure("BOOOO");
        z[4] = [0.0, -9.0, 0.6];
        let (instances, mut outcomes) = ([instance("1", gold)], [outcome(gold, z, None)]);
        let table = bias_table(&instances, &outcomes);
        assert_eq!((table.len(), table[0].b_bias, table[16].b_bias), (17, -1.0, 3.0));
        let row = |bias: f64| *table.iter().find(|row| row.b_bias == bias).unwrap();
        assert_eq!((row(0.5).predicted, row(0.5).all_found, row(0.5).multi_span.exact.recall), (1.0, Some(0.0), 50.0));
        assert_eq!(
            (row(0.75).predicted, row(0.75).all_found, row(0.75).multi_span.exact.f1),
            (2.0, Some(100.0), 100.0)
        );
        assert_eq!(multi_span(&instances, &outcomes), row(0.0).multi_span);
        outcomes[0].b_bias = 0.75;
        assert_eq!(multi_span(&instances, &outcomes), row(0.75).multi_span);
    }
}
