//! A data file's annotators as labels of the model's tokens.

use crate::bio::{self, Dist, Label, Span};
use crate::dataset::Instance;
use crate::error::Error;
use crate::tokenize::{Offsets, TextEncoder};

/// Every annotator's labels for tokens with UTF-16 offsets `tokens`.
///
/// # Errors
/// [`Error::Gold`] when an annotator's spans do not fit the tokens. Its offsets are those of the file, code points.
pub fn labels(instance: &Instance, tokens: &[(usize, usize)]) -> Result<Vec<Vec<Label>>, Error> {
    let offsets = Offsets::new(&instance.context);
    let point = |unit: usize| offsets.code_point_of_utf16(unit).expect("tokens begin and end between characters");
    let tokens: Vec<Span> = tokens.iter().map(|&(s, e)| Span { start: point(s), end: point(e) }).collect();
    let labels = instance.annotators.iter().enumerate();
    labels.map(|(a, spans)| bio::labels_from_spans(&tokens, spans).map_err(|error| Error::gold_of(a, error))).collect()
}

/// t_i of the instance for tokens with UTF-16 offsets `tokens`: the (weighted) mean of its annotators.
///
/// # Errors
/// As [`labels`].
pub fn gold(instance: &Instance, tokens: &[(usize, usize)]) -> Result<Vec<Dist>, Error> {
    Ok(bio::mean_labels(&labels(instance, tokens)?, instance.weights())?)
}

/// Whether a model can be asked the question and its gold labels fit: everything that [`run`](super::run) could
/// stumble over, in a thousandth of the time. Returns how many spans begin or end inside of a token.
///
/// # Errors
/// The question is empty, the paragraph is empty, or the gold labels do not fit the tokens.
pub fn check(text: &TextEncoder, instance: &Instance) -> Result<usize, Error> {
    let encoded = text.encode(&instance.question, &instance.context)?;
    let tokens: Vec<(usize, usize)> = encoded.paragraph.iter().map(|p| (p.start, p.end)).collect();
    labels(instance, &tokens)?;
    let inside = |at: usize| tokens.iter().any(|&(start, end)| start < at && at < end);
    Ok(instance.utf16().iter().flatten().filter(|span| inside(span.start) || inside(span.end)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "🎻 Ann sang": code points 0..10, UTF-16 units 0..11.
    fn instance(annotators: Vec<Vec<Span>>) -> Instance {
        Instance {
            id: "x".into(),
            context: "🎻 Ann sang".into(),
            question: "Who?".into(),
            annotators,
            weights: Vec::new(),
            confidence: None,
        }
    }

    const TOKENS: [(usize, usize); 3] = [(0, 2), (3, 6), (7, 11)];

    #[test]
    fn offsets_of_the_file_meet_the_tokens() {
        let ann = Span { start: 2, end: 5 };
        let instance = instance(vec![vec![ann], vec![ann], vec![]]);
        let t = gold(&instance, &TOKENS).unwrap();
        assert_eq!(t, [[0.0, 0.0, 1.0], [2.0 / 3.0, 0.0, 1.0 / 3.0], [0.0, 0.0, 1.0]]);
    }

    #[test]
    fn an_error_names_annotator_and_offsets_as_in_the_file() {
        let space = Span { start: 5, end: 6 };
        let why = gold(&instance(vec![vec![], vec![space]]), &TOKENS).unwrap_err().to_string();
        assert!(why.contains("annotator 2: the span from 5 to 6 touches no token"), "{why}");
    }
}
