//! Weak labels matched anew. A weakly labelled file knows the answers of a paragraph, but had to guess which of them
//! belongs to which question; a better model guesses better, and training on its guesses makes a better model.
//!
//! Every answer was asked for by somebody, so a paragraph's answers are dealt out to its questions: each to one, so
//! that the sum of the scores is largest. A question that the model cannot answer may so get its answer by elimination.

use std::collections::HashMap;

use pathfinding::prelude::{Matrix, kuhn_munkres};

use crate::bio::{self, Decoder, Dist, Label, Span};
use crate::dataset::Instance;
use crate::error::Error;
use crate::inference::Engine;
use crate::metrics::evaluate;

/// The model's output for one question and all answers of its paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Of every answer, log(p_B/p_O) of its first token + sum of log(p_I/p_O) of the others.
    pub scores: Vec<f64>,
    /// Whether the model, free to choose any span, overlaps it.
    pub chosen: Vec<bool>,
}

/// One question's new label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The answer, by its place among the paragraph's.
    pub answer: usize,
    /// e^m / (1 + e^m), m: by how much the best way to deal the answers out is better than the best one without this pair.
    pub confidence: f64,
}

/// The answers that a file knows of each paragraph: every question's only span, without repetitions.
pub fn candidates(instances: &[Instance]) -> HashMap<&str, Vec<Span>> {
    let mut known: HashMap<&str, Vec<Span>> = HashMap::new();
    for instance in instances {
        let spans = known.entry(&instance.context).or_default();
        spans.extend(instance.annotators.iter().flatten());
        spans.sort_unstable();
        spans.dedup();
    }
    known
}

/// Scores all the paragraph's answers for one question.
///
/// # Errors
/// As [`Engine::analyse`]; a span that does not fit the tokens.
pub fn claim(engine: &Engine, instance: &Instance, candidates: &[Span]) -> Result<Claim, Error> {
    let (output, _) = engine.analyse(&instance.question, &instance.context)?;
    let log_p: Vec<Dist> = output.tokens.iter().map(|t| bio::log_softmax(&t.logits)).collect();
    let places: Vec<(usize, usize)> = output.tokens.iter().map(|t| (t.start, t.end)).collect();
    // Each answer as if it were an annotator's.
    let each = Instance { annotators: candidates.iter().map(|span| vec![*span]).collect(), ..instance.clone() };
    let labels = evaluate::labels(&each, &places)?;
    let score = |labels: &Vec<Label>| -> f64 {
        let marked = labels.iter().zip(&log_p).filter(|(label, _)| **label != Label::O);
        marked.map(|(label, log_p)| log_p[label.index()] - log_p[Label::O.index()]).sum()
    };
    let free = bio::decode(&log_p, Decoder::One, 0.0).spans;
    let overlaps = |labels: &Vec<Label>| {
        free.iter().any(|span| labels[span.first..span.last].iter().any(|label| *label != Label::O))
    };
    Ok(Claim { scores: labels.iter().map(score).collect(), chosen: labels.iter().map(overlaps).collect() })
}

/// Deals the answers of one paragraph out to its questions, every answer to one of them; `None` for a question that
/// is left without.
pub fn deal(claims: &[&Claim]) -> Vec<Option<Match>> {
    let answers = claims.first().map_or(0, |claim| claim.scores.len());
    let mut matches = vec![None; claims.len()];
    if answers == 0 {
        return matches;
    }
    // Whole numbers, as the algorithm wants them: thousandths.
    let weight = |answer: usize, question: usize| match claims.get(question) {
        Some(claim) => (1e3 * claim.scores[answer].clamp(-1e6, 1e6)) as i64,
        None => -10_000_000_000, // where there are more answers than questions, nobody asks for the worst
    };
    let columns = claims.len().max(answers);
    let mut weights = Matrix::from_fn(answers, columns, |(answer, question)| weight(answer, question));
    let (best, dealt) = kuhn_munkres(&weights);
    for (answer, question) in dealt.into_iter().enumerate().filter(|(_, question)| *question < claims.len()) {
        weights[(answer, question)] = -1_000_000_000_000;
        let margin = (best - kuhn_munkres(&weights).0) as f64 / 1e3;
        weights[(answer, question)] = weight(answer, question);
        matches[question] = Some(Match { answer, confidence: 1.0 / (1.0 + (-margin).exp()) });
    }
    matches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(context: &str, span: (usize, usize)) -> Instance {
        Instance {
            id: String::new(),
            context: context.into(),
            question: "Who?".into(),
            annotators: vec![vec![Span { start: span.0, end: span.1 }]],
            weights: Vec::new(),
            confidence: None,
        }
    }

    #[test]
    fn answers_by_paragraph() {
        let all = [instance("Ann saw Bo.", (8, 10)), instance("Ann saw Bo.", (0, 3)), instance("Cy.", (0, 2))];
        let all = [&all[..], &all[..1]].concat();
        let known = candidates(&all);
        assert_eq!(known["Ann saw Bo."], [Span { start: 0, end: 3 }, Span { start: 8, end: 10 }]);
        assert_eq!(known["Cy."].len(), 1);
    }

    fn dealt(scores: &[&[f64]]) -> Vec<Option<Match>> {
        let claims: Vec<Claim> =
            scores.iter().map(|s| Claim { scores: s.to_vec(), chosen: vec![false; s.len()] }).collect();
        deal(&claims.iter().collect::<Vec<_>>())
    }

    #[test]
    fn by_elimination() {
        // Both want answer 0; the first wants it more, so the second gets what it likes less.
        let matches = dealt(&[&[5.0, -3.0], &[2.0, -1.0]]);
        assert_eq!(matches.iter().map(|m| m.unwrap().answer).collect::<Vec<_>>(), [0, 1]);
        // 5 - 1 = 4 against 2 - 3 = -1: a margin of 5.
        assert!((matches[0].unwrap().confidence - 1.0 / (1.0 + (-5f64).exp())).abs() < 1e-9);
    }

    #[test]
    fn a_question_may_be_left_without() {
        let matches = dealt(&[&[1.0], &[3.0], &[-2.0]]);
        assert_eq!((matches[0], matches[2]), (None, None));
        assert!((matches[1].unwrap().confidence - 1.0 / (1.0 + (-2f64).exp())).abs() < 1e-9);
        assert_eq!(dealt(&[&[], &[]]), [None, None]);
        assert_eq!(dealt(&[&[1.0, 4.0]])[0].unwrap().answer, 1, "more answers than questions");
        assert_eq!(dealt(&[&[-40.0]])[0].unwrap().confidence, 1.0, "there is no other way");
    }
}
