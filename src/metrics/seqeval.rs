//! Span scores as the Python package `seqeval` computes them with `mode="strict", scheme=IOB2`: a span is right when its
//! tokens and its kind are. A span begins with B and goes on with I of the same kind; any other I is passed over.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tally::{Tally, share};

/// Precision, recall and F1, from 0 to 1; 0 of nothing is 0, as the package has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct SpanRates {
    /// Right of found.
    pub precision: f64,
    /// Right of gold.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// Gold spans.
    pub support: usize,
}

/// The scores of `classification_report`, and `accuracy_score`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeqEval {
    /// Over all spans.
    pub micro: SpanRates,
    /// Mean over kinds.
    pub macro_average: SpanRates,
    /// Mean over kinds, weighted by their gold spans.
    pub weighted: SpanRates,
    /// By kind; the package calls a kind without a name `_`.
    pub kinds: BTreeMap<String, SpanRates>,
    /// Share of tokens whose label is right, from 0 to 1.
    pub accuracy: f64,
}

impl From<&Tally> for SpanRates {
    fn from(tally: &Tally) -> SpanRates {
        let [precision, recall, f1] = [tally.precision(), tally.recall(), tally.f1()];
        SpanRates { precision, recall, f1, support: tally.gold as usize }
    }
}

/// The spans of IOB2 labels: first token, one past the last, kind.
fn entities<'l>(labels: &[&'l str]) -> Vec<(usize, usize, &'l str)> {
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    let mut open = false;
    for (k, label) in labels.iter().enumerate() {
        let (letter, kind) = label.split_once('-').unwrap_or((label, "_"));
        match (letter, spans.last_mut()) {
            ("B", _) => {
                spans.push((k, k + 1, kind));
                open = true;
            }
            ("I", Some(last)) if open && last.2 == kind => last.1 = k + 1,
            _ => open = false,
        }
    }
    spans
}

/// Scores predicted labels against gold labels, both by sentence: pairs of (gold, predicted), of equal lengths.
pub fn seqeval<'l>(sentences: impl Iterator<Item = (Vec<&'l str>, Vec<&'l str>)>) -> SeqEval {
    let mut counts: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut tokens, mut right) = (0, 0);
    for (gold, predicted) in sentences {
        tokens += gold.len();
        right += gold.iter().zip(&predicted).filter(|(a, b)| a == b).count();
        let (gold, predicted) = (entities(&gold), entities(&predicted));
        for span in &predicted {
            let count = counts.entry(span.2).or_default();
            count.found += 1.0;
            count.right += f64::from(u8::from(gold.contains(span)));
        }
        for span in &gold {
            counts.entry(span.2).or_default().gold += 1.0;
        }
    }
    let mut all = Tally::default();
    counts.values().for_each(|tally| all.add(*tally));
    let kinds: BTreeMap<String, SpanRates> = counts.iter().map(|(k, c)| ((*k).to_owned(), c.into())).collect();
    let mean = |weight: &dyn Fn(&SpanRates) -> f64| {
        let total: f64 = kinds.values().map(weight).sum();
        let sum = |part: &dyn Fn(&SpanRates) -> f64| share(kinds.values().map(|k| weight(k) * part(k)).sum(), total);
        SpanRates {
            precision: sum(&|k| k.precision),
            recall: sum(&|k| k.recall),
            f1: sum(&|k| k.f1),
            support: all.gold as usize,
        }
    };
    SeqEval {
        micro: SpanRates::from(&all),
        macro_average: mean(&|_| 1.0),
        weighted: mean(&|k| k.support as f64),
        accuracy: share(right as f64, tokens as f64),
        kinds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_iob2() {
        let scores = |gold: &'static str, predicted: &'static str| {
            let labels = |text: &'static str| text.split(' ').collect::<Vec<_>>();
            seqeval([(labels(gold), labels(predicted))].into_iter())
        };
        // The predicted span is one token short.
        let cut = scores("O O B I O O", "O O B O O O");
        assert_eq!((cut.micro.f1, cut.accuracy, cut.micro.support), (0.0, 5.0 / 6.0, 1));
        // An I that goes on with nothing is no span; another kind ends one.
        assert_eq!(entities(&["I", "B-A", "I-B", "I-A", "B-A", "I-A"]), [(1, 2, "A"), (4, 6, "A")]);
        let two = scores("B-A O B-B I-B", "B-A O B-A I-A");
        assert_eq!((two.micro.precision, two.micro.recall), (0.5, 0.5));
        assert_eq!((two.kinds["A"].precision, two.kinds["A"].recall, two.kinds["B"].f1), (0.5, 1.0, 0.0));
        assert!((two.macro_average.f1 - 1.0 / 3.0).abs() < 1e-15);
    }
}
