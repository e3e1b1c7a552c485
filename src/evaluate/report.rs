//! Everything that `bioscope eval` says about a model on a data file.

use serde::Serialize;

use super::agreement::by_agreement;
use super::calibration::calibration;
use super::curve::no_answer;
use super::length::by_length;
use super::scores::all_o;
use super::spans::{several, spans};
use super::{
    AgreementLoss, AllO, ClassCalibration, Comparison, LengthScores, NoAnswer, Outcome, Scores, SpanScores, scores,
};
use crate::data::Instance;
use crate::fault::Fault;

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
    /// Reliability of p for B, I and O.
    pub calibration: Vec<ClassCalibration>,
    /// Scores by the length of the answer.
    pub by_length: Vec<LengthScores>,
    /// The threshold curve; `None` (null) where every question has an answer.
    pub no_answer: Option<NoAnswer>,
    /// Another model beside it, if asked for.
    pub baseline: Option<Comparison>,
}

/// Makes the report, without a baseline.
///
/// # Errors
/// A t that is no distribution.
pub fn report(instances: &[Instance], outcomes: &[Outcome]) -> Result<Report, Fault> {
    Ok(Report {
        scores: scores(instances, outcomes)?,
        all_o: all_o(instances, outcomes),
        by_agreement: by_agreement(outcomes)?,
        spans: spans(outcomes, |_| true),
        several_spans: spans(outcomes, several),
        calibration: calibration(outcomes),
        by_length: by_length(instances, outcomes)?,
        no_answer: no_answer(instances, outcomes),
        baseline: None,
    })
}
