//! What an analysis of one question of a data file is worth: its loss, and SQuAD's scores of its best answer.

use super::Instance;
use crate::bio::{self, Label, Span};
use crate::error::Error;
use crate::inference::Analysis;
use crate::metrics;

/// The scores of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// L in nats.
    pub loss: f64,
    /// H: what no model can get below.
    pub entropy: f64,
    /// Exact match with any annotator.
    pub em: bool,
    /// F1 of the words with the nearest annotator, 0 to 1.
    pub f1: f64,
    /// The best answer of the analysis' decoder; "" for none.
    pub answer: String,
}

/// Scores an analysis of this very question and paragraph.
///
/// # Errors
/// [`Error::Gold`] when the labels do not fit the tokens.
pub fn score(instance: &Instance, analysis: &Analysis) -> Result<Score, Error> {
    let tokens: Vec<Span> = analysis.tokens.iter().map(|t| Span { start: t.start, end: t.end }).collect();
    let spans = instance.utf16();
    let labels = spans.iter().map(|spans| bio::labels_from_spans(&tokens, spans));
    let labels: Vec<Vec<Label>> = labels.collect::<Result<_, _>>()?;
    let loss = bio::loss(&analysis.logits(), &bio::mean_labels(&labels, instance.weights())?)?;
    let answer = analysis.answers.first().map(|a| a.text.clone()).unwrap_or_default();
    let texts = instance.texts();
    let golds: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok(Score {
        loss: loss.total,
        entropy: loss.entropy,
        em: metrics::exact_match(&answer, &golds),
        f1: metrics::f1(&answer, &golds),
        answer,
    })
}

/// Mean loss, EM and F1 in percent, of the questions that could be scored; `None` for no question.
pub fn means<'a>(scores: impl Iterator<Item = &'a Score>) -> Option<(f64, f64, f64)> {
    let (mut count, mut loss, mut em, mut f1) = (0.0, 0.0, 0.0, 0.0);
    for score in scores {
        count += 1.0;
        loss += score.loss;
        em += f64::from(u8::from(score.em));
        f1 += score.f1;
    }
    (count > 0.0).then(|| (loss / count, 100.0 * em / count, 100.0 * f1 / count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Decoder;
    use crate::inference::{ModelOutput, TokenOutput};

    #[test]
    fn offsets_are_counted_in_the_analysis_units() {
        // The violin is one code point and two UTF-16 units.
        let file = r#"{"id":"a","context":"🎻 Ann sang","question":"Who?","annotators":[[[2,5]],[[2,10]],[]]}"#;
        let instance = &super::super::instances("a.jsonl", file.as_bytes()).unwrap()[0];
        assert_eq!(instance.utf16()[0], [Span { start: 3, end: 6 }]);
        let token = |(start, end, logits)| TokenOutput { start, end, word: 0, window: 0, logits };
        let tokens = [(0, 2, [0.0, 0.0, 9.0]), (3, 6, [9.0, 0.0, 0.0]), (7, 11, [0.0, 0.0, 9.0])];
        let output = ModelOutput {
            question_tokens: 1,
            hidden_size: 1,
            tokens: tokens.into_iter().map(token).collect(),
            ..ModelOutput::default()
        };
        let scored = score(instance, &Analysis::new(&instance.context, output, Decoder::Viterbi)).unwrap();
        assert_eq!((&*scored.answer, scored.em, scored.f1), ("Ann", true, 1.0));
        // t: O for all; 2/3 B, 1/3 O; 1/3 I, 2/3 O.
        let sure = (9f64.exp() + 2.0).ln();
        let by_hand = 3.0 * sure - 9.0 * (1.0 + 2.0 / 3.0 + 2.0 / 3.0);
        assert!((scored.loss - by_hand).abs() < 1e-9, "{} against {by_hand}", scored.loss);
        assert_eq!(means([&scored, &scored].into_iter()), Some((scored.loss, 100.0, 100.0)));
        assert_eq!(means([].into_iter()), None);
    }

    #[test]
    fn content_tells_the_kind_where_the_name_does_not() {
        let line = r#"{"id":"a","context":"Ann","question":"Who?","annotators":[[]]}"#;
        let squad =
            r#"{"data":[{"paragraphs":[{"context":"Ann","qas":[{"id":"a","question":"Who?","answers":[]}]}]}]}"#;
        let count = |name: &str, text: &str| super::super::instances(name, text.as_bytes()).map(|i| i.len());
        assert_eq!(count("a.txt", &format!("\u{feff}{line}\n{line}\n")), Ok(2));
        assert_eq!(count("a", squad), Ok(1));
        assert_eq!(count("a.json", squad), Ok(1));
        for (name, bytes, word) in [
            ("a.json", &b""[..], "empty"),
            ("a.json", b"\x1f\x8b\x08", "compressed"),
            ("a.json", b"{\"\xff", "UTF-8"),
            ("a.json", b"{\"data\":[]}", "no question"),
            ("a.jsonl", b"x", "line 1, column 1"),
        ] {
            let error = super::super::instances(name, bytes).unwrap_err().to_string();
            assert!(error.contains(word) && error.starts_with(name), "{error}");
        }
    }
}
