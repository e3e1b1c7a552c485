//! Scores of a model on a data file.
//!
//! [`run`] asks the model one question and gives an [`Outcome`]; [`scores`] and [`report`] are made of all outcomes
//! and need no model. Everything is per question or per token as its own text says; percentages go from 0 to 100,
//! losses are in nats.

mod agreement;
mod calibration;
mod compare;
mod curve;
mod gold;
mod held_out;
mod kinds;
mod length;
mod multi_span;
mod outcome;
mod report;
mod scores;
mod spans;
mod wh;

pub use agreement::{AgreementLoss, MeanLoss};
pub use calibration::{CalibrationBin, ClassCalibration};
pub use compare::{Comparison, Difference, compare};
pub use curve::{CurvePoint, NoAnswer};
pub use gold::{check, gold, labels};
pub use held_out::HeldOut;
pub use kinds::{By, Group, Grouping, group};
pub use length::LengthScores;
pub use multi_span::{BiasRow, MultiSpan, SeveralAnswers, bias_table};
pub use outcome::{Candidate, Choice, NoAnswerBy, Outcome, candidate, run};
pub use report::{Report, report, truncated};
pub use scores::{AllO, Rates, Scores, scores};
pub use spans::SpanScores;
pub use wh::Wh;

use rayon::prelude::*;

use crate::dataset::Instance;
use crate::error::Error;

/// Runs `work` on every instance, on all cores; `tick` is called after each. Results keep the order.
///
/// # Errors
/// The first instance's error, with its id; the others have been worked on all the same.
pub fn each<T: Send>(
    instances: &[Instance],
    tick: impl Fn() + Sync,
    work: impl Fn(&Instance) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, (String, Error)> {
    let one = |instance: &Instance| {
        let result = work(instance).map_err(|error| (instance.id.clone(), error));
        tick();
        result
    };
    // Two steps: collecting into a Result in parallel would give whichever error came up first.
    let results: Vec<_> = instances.par_iter().map(one).collect();
    results.into_iter().collect()
}

/// `part` of `of` in percent; 0 of nothing is 0.
fn percent(part: f64, of: f64) -> f64 {
    if of == 0.0 { 0.0 } else { 100.0 * part / of }
}

/// The mean of the counts above 0, rounded half up; 0 where there is none.
fn rounded_mean(counts: impl Iterator<Item = usize>) -> usize {
    let (sum, n) = counts.filter(|count| *count > 0).fold((0, 0), |(sum, n), count| (sum + count, n + 1));
    if n == 0 { 0 } else { (2 * sum + n) / (2 * n) }
}

/// Made-up outcomes for the tests of this folder.
#[cfg(test)]
mod made {
    use super::*;
    use crate::bio::{Label, Logits, Span, loss, mean_labels};

    /// The places of the five words.
    const WORDS: [(usize, usize); 5] = [(0, 3), (4, 7), (8, 10), (11, 14), (15, 17)];

    /// A question about "Ann saw Bo and Cy." whose tokens are its five words; every annotator's answers are spans
    /// of words.
    pub fn instance(id: &str, annotators: &[&[(usize, usize)]]) -> Instance {
        let span = |&(first, last): &(usize, usize)| Span { start: WORDS[first].0, end: WORDS[last - 1].1 };
        Instance {
            id: id.into(),
            context: "Ann saw Bo and Cy.".into(),
            question: "Who?".into(),
            annotators: annotators.iter().map(|spans| spans.iter().map(span).collect()).collect(),
            weights: Vec::new(),
            confidence: None,
        }
    }

    /// The outcome of a model that gives every token the logits `z`, and answers with `best`.
    pub fn outcome(annotators: &[&[(usize, usize)]], z: [Logits; 5], best: Option<(&str, f64, usize)>) -> Outcome {
        let label = |spans: &[(usize, usize)]| {
            let mut labels = vec![Label::O; 5];
            for &(first, last) in spans {
                labels[first..last].fill(Label::I);
                labels[first] = Label::B;
            }
            labels
        };
        let annotators: Vec<Vec<Label>> = annotators.iter().map(|spans| label(spans)).collect();
        let best = best.map(|(text, score, tokens)| Candidate { text: text.into(), score, tokens });
        let gold = mean_labels(&annotators, None).unwrap();
        Outcome {
            best,
            no_answer_threshold: None,
            no_answer_by: NoAnswerBy::default(),
            b_bias: 0.0,
            question_truncated: false,
            places: WORDS.to_vec(),
            loss: loss(&z, &gold).unwrap(),
            logits: z.to_vec(),
            gold,
            annotators,
        }
    }

    /// Logits that make each of the five tokens all but surely this class: e^-12 is 6e-6.
    pub fn sure(labels: &str) -> [Logits; 5] {
        let row = |letter: char| match letter {
            'B' => [12.0, 0.0, 0.0],
            'I' => [0.0, 12.0, 0.0],
            _ => [0.0, 0.0, 12.0],
        };
        let rows: Vec<Logits> = labels.chars().map(row).collect();
        rows.try_into().expect("five letters")
    }
}
