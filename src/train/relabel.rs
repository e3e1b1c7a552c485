//! Weak labels matched anew. A weakly labelled file knows the answers of a paragraph, but had to guess which of them
//! belongs to which question; a better model guesses better, and training on its guesses makes a better model.

use std::collections::HashMap;

use crate::bio::{self, Decoder, Dist, Label, Span};
use crate::data::Instance;
use crate::engine::Engine;
use crate::evaluate;
use crate::fault::Fault;

/// One question's new label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The likeliest of the paragraph's answers, in code points.
    pub span: Span,
    /// Its probability among them and "no answer".
    pub confidence: f64,
    /// log(p_B/p_O) of its first token + sum of log(p_I/p_O) of the others.
    pub score: f64,
    /// The model, free to choose any span, overlaps it; and no other question of the paragraph wants it more.
    pub agrees: bool,
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

/// The match of one question among the paragraph's answers; `None` where the paragraph has none.
///
/// # Errors
/// As [`Engine::analyse`]; a span that does not fit the tokens.
pub fn best(engine: &Engine, instance: &Instance, candidates: &[Span]) -> Result<Option<Match>, Fault> {
    let (reading, _) = engine.analyse(&instance.question, &instance.context)?;
    let log_p: Vec<Dist> = reading.tokens.iter().map(|t| bio::log_softmax(&t.logits)).collect();
    let places: Vec<(usize, usize)> = reading.tokens.iter().map(|t| (t.start, t.end)).collect();
    // Each answer as if it were an annotator's.
    let each = Instance { annotators: candidates.iter().map(|span| vec![*span]).collect(), ..instance.clone() };
    let labels = evaluate::labels(&each, &places)?;
    let score = |labels: &Vec<Label>| -> f64 {
        let marked = labels.iter().zip(&log_p).filter(|(label, _)| **label != Label::O);
        marked.map(|(label, log_p)| log_p[label.index()] - log_p[Label::O.index()]).sum()
    };
    let scores: Vec<f64> = labels.iter().map(score).collect();
    let Some(best) = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])) else { return Ok(None) };
    let top = scores[best].max(0.0); // of "no answer" the log odds are 0
    let sum: f64 = scores.iter().chain([&0.0]).map(|s| (s - top).exp()).sum();
    let free = bio::decode(&log_p, Decoder::One).spans;
    let agrees = free.iter().any(|span| labels[best][span.first..span.last].iter().any(|label| *label != Label::O));
    Ok(Some(Match {
        span: candidates[best],
        confidence: (scores[best] - top).exp() / sum,
        score: scores[best],
        agrees,
    }))
}

/// Of the questions of one paragraph that want the same answer, only the surest keeps it.
pub fn settle(instances: &[Instance], matches: &mut [Option<Match>]) {
    let mut surest: HashMap<(&str, Span), f64> = HashMap::new();
    for (instance, found) in instances.iter().zip(matches.iter()) {
        if let Some(found) = found {
            let most = surest.entry((&instance.context, found.span)).or_insert(f64::NEG_INFINITY);
            *most = most.max(found.score);
        }
    }
    for (instance, found) in instances.iter().zip(matches) {
        if let Some(found) = found {
            found.agrees &= found.score >= surest[&(&*instance.context, found.span)];
        }
    }
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

    #[test]
    fn the_surest_keeps_the_answer() {
        let span = Span { start: 0, end: 3 };
        let found = |score: f64, agrees| Some(Match { span, confidence: 0.5, score, agrees });
        let all = vec![instance("Ann saw Bo.", (0, 3)); 4];
        let mut matches = [found(2.0, true), found(3.0, true), None, found(9.0, false)];
        settle(&all[..3], &mut matches[..3]);
        assert_eq!(matches, [found(2.0, false), found(3.0, true), None, found(9.0, false)]);
        settle(&all, &mut matches);
        assert!(matches.iter().flatten().all(|m| !m.agrees), "the one with the best claim did not agree itself");
    }
}
