//! Everything that `bioscope eval` reports of a model on a data file.

use serde::Serialize;

use super::agreement::by_agreement;
use super::calibration::calibration;
use super::curve::no_answer;
use super::kinds::Grouping;
use super::length::by_length;
use super::multi_span::{BiasRow, MultiSpan, SeveralAnswers, multi_span, several_answers};
use super::scores::all_o;
use super::spans::{several, span_labels, spans};
use super::{
    AgreementLoss, AllO, ClassCalibration, Comparison, LengthScores, NoAnswer, Outcome, Scores, SpanScores, scores,
};
use crate::dataset::Instance;
use crate::metrics::SeqEval;

/// All scores; as JSON the main ones are keys of the object itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// EM, F1, token loss, B and I.
    #[serde(flatten)]
    pub scores: Scores,
    /// What all-O scores on the same file.
    pub all_o: AllO,
    /// The losses by agreement of the annotators.
    pub by_agreement: AgreementLoss,
    /// Whole spans, over all questions.
    pub spans: Option<SpanScores>,
    /// Whole spans, over the questions to which some annotator gave several; `None` (null): no such question.
    pub several_spans: Option<SpanScores>,
    /// MultiSpanQA's scores, over all questions.
    pub multi_span: MultiSpan,
    /// Whole spans as `seqeval` counts them under strict IOB2, from 0 to 1: the tokens' labels by `viterbi` against the
    /// first annotator's.
    pub seqeval: SeqEval,
    /// What becomes of the questions to which some annotator gave several spans; `None` (null): no such question.
    pub several_answers: Option<SeveralAnswers>,
    /// Questions that are longer than the model reads, and were cut.
    pub truncated_questions: usize,
    /// The bias on B with which `viterbi` read the spans, in nats.
    pub b_bias: f64,
    /// Span scores by that bias, if asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub b_biases: Vec<BiasRow>,
    /// Scores by kind of question, if asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Grouping>,
    /// Reliability of p for B, I and O.
    pub calibration: Vec<ClassCalibration>,
    /// Scores by the length of the answer.
    pub by_length: Vec<LengthScores>,
    /// The threshold curve; `None` (null) where every question has an answer.
    pub no_answer: Option<NoAnswer>,
    /// Another model beside it, if asked for.
    pub baseline: Option<Comparison>,
}

/// How many questions were cut.
pub fn truncated(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| outcome.question_truncated).count()
}

/// Makes the report, without a baseline.
pub fn report(instances: &[Instance], outcomes: &[Outcome]) -> Report {
    Report {
        scores: scores(instances, outcomes),
        all_o: all_o(instances, outcomes),
        by_agreement: by_agreement(outcomes),
        spans: spans(outcomes, |_| true),
        several_spans: spans(outcomes, several),
        multi_span: multi_span(instances, outcomes),
        seqeval: span_labels(outcomes),
        several_answers: several_answers(outcomes),
        truncated_questions: truncated(outcomes),
        b_bias: outcomes.first().map_or(0.0, |outcome| outcome.b_bias),
        b_biases: Vec::new(),
        by: Vec::new(),
        calibration: calibration(outcomes),
        by_length: by_length(instances, outcomes),
        no_answer: no_answer(instances, outcomes),
        baseline: None,
    }
}
