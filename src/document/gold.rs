//! Gold labels as they come from outside: the JavaScript API's `gold` and the command line's `--gold` file.

use serde_json::Value;

use crate::bio::{self, Dist, GoldError, Loss, Span};
use crate::error::Error;
use crate::inference::Analysis;

/// Gold labels for one paragraph, in one of three forms. Spans are in UTF-16 code units.
#[derive(Clone, Debug, PartialEq)]
pub enum Gold {
    /// One list of spans per annotator, all of equal weight.
    Spans(Vec<Vec<Span>>),
    /// The same with weights.
    Weighted {
        /// One list of spans per annotator.
        annotators: Vec<Vec<Span>>,
        /// One weight per annotator; left out: equal.
        weights: Option<Vec<f64>>,
    },
    /// t_i of every paragraph token.
    Tokens {
        /// In the order B, I, O.
        tokens: Vec<Dist>,
    },
}

impl Gold {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`Error::Gold`] when it is none of the three.
    pub fn from_json(json: &str) -> Result<Gold, Error> {
        let forms = "expected [[{start, end}, …], …], {annotators, weights} or {tokens: [[B, I, O], …]}";
        let value: Value = serde_json::from_str(json).map_err(|e| Error::gold(format!("no JSON ({e})")))?;
        let gold = match value {
            Value::Object(mut fields) => {
                let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_null());
                match (take("tokens"), take("annotators"), take("weights")) {
                    (Some(tokens), ..) => read(tokens).map(|tokens| Gold::Tokens { tokens }),
                    (None, Some(annotators), weights) => read(annotators).and_then(|annotators| {
                        let weights = weights.map(read).transpose()?;
                        Ok(Gold::Weighted { annotators, weights })
                    }),
                    _ => Err(()),
                }
            }
            spans => read(spans).map(Gold::Spans),
        };
        gold.map_err(|()| Error::gold(forms))
    }

    /// t_i for every token of the analysis.
    ///
    /// # Errors
    /// [`Error::Gold`] when spans or weights do not fit.
    pub fn distributions(&self, analysis: &Analysis) -> Result<Vec<Dist>, Error> {
        let places = analysis.tokens.iter().map(|t| (Span { start: t.start, end: t.end }, &*t.text));
        self.over(&places.collect::<Vec<_>>(), analysis.paragraph_length)
    }

    /// The same for tokens that are only known by their places and texts, in a paragraph of `length` UTF-16 units, if
    /// that is known.
    ///
    /// # Errors
    /// As [`Gold::distributions`].
    pub fn over(&self, places: &[(Span, &str)], length: Option<usize>) -> Result<Vec<Dist>, Error> {
        let tokens: Vec<Span> = places.iter().map(|(span, _)| *span).collect();
        let (annotators, weights) = match self {
            Gold::Spans(annotators) => (annotators, None),
            Gold::Weighted { annotators, weights } => (annotators, weights.as_deref()),
            Gold::Tokens { tokens: given } => {
                if given.len() != tokens.len() {
                    return Err(Error::gold(format!("{} distributions for {} tokens", given.len(), tokens.len())));
                }
                bio::check_dists(given)?;
                return Ok(given.clone());
            }
        };
        let labels = annotators.iter().enumerate().map(|(a, spans)| {
            if let Some(offset) = spans.iter().flat_map(|s| [s.start, s.end]).find(|&at| cuts(places, at)) {
                let why = format!(
                    "annotator {}: offset {offset} cuts a character in two (offsets count UTF-16 units)",
                    a + 1
                );
                return Err(Error::gold(why));
            }
            let past = |length| spans.iter().find(|s| s.end > length).map(|s| GoldError::PastEnd(*s, length));
            if let Some(error) = length.and_then(past) {
                return Err(Error::gold_of(a, error));
            }
            bio::labels_from_spans(&tokens, spans).map_err(|error| Error::gold_of(a, error))
        });
        Ok(bio::mean_labels(&labels.collect::<Result<Vec<_>, _>>()?, weights)?)
    }

    /// The loss of the analysis against these labels.
    pub fn loss(&self, analysis: &Analysis) -> Result<Loss, Error> {
        Ok(bio::loss(&analysis.logits(), &self.distributions(analysis)?)?)
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, ()> {
    serde_json::from_value(value).map_err(drop)
}

/// Whether a UTF-16 offset falls between the two halves of a character. White space has no such halves, so looking
/// into the tokens is enough.
fn cuts(places: &[(Span, &str)], offset: usize) -> bool {
    let inside = |(span, _): &&(Span, &str)| span.start < offset && offset < span.end;
    let unit = |(span, text): &(Span, &str)| text.encode_utf16().nth(offset - span.start);
    places.iter().find(inside).and_then(unit).is_some_and(|unit| (0xdc00..0xe000).contains(&unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Decoder;
    use crate::inference::{ModelOutput, TokenOutput};

    /// "🎻 Ann" as two tokens of two and three UTF-16 units.
    fn analysis() -> Analysis {
        let token = |start, end| TokenOutput { start, end, word: 0, window: 0, logits: [0.0; 3] };
        let output = ModelOutput {
            question_tokens: 1,
            hidden_size: 1,
            tokens: vec![token(0, 2), token(3, 6)],
            ..ModelOutput::default()
        };
        Analysis::new("🎻 Ann", output, Decoder::Viterbi)
    }

    #[test]
    fn half_a_character_and_what_is_beyond_are_no_places() {
        let gold = |start, end| Gold::Spans(vec![vec![], vec![Span { start, end }]]).distributions(&analysis());
        assert_eq!(gold(0, 2).unwrap()[0], [0.5, 0.0, 0.5]);
        assert_eq!(gold(4, 5).unwrap()[1], [0.5, 0.0, 0.5], "a part of a word is fine");
        assert_eq!(gold(3, 6).unwrap()[1], [0.5, 0.0, 0.5], "the end is no unit of its own");
        let why = gold(3, 7).unwrap_err().to_string();
        assert!(why.contains("annotator 2: the span from 3 to 7 ends past the paragraph, whose length is 6"), "{why}");
        for (start, end) in [(1, 2), (0, 1), (1, 6)] {
            let why = gold(start, end).unwrap_err().to_string();
            assert!(why.contains("annotator 2: offset 1 cuts a character"), "{why}");
        }
        // Blanks at the paragraph's end are its own; an analysis that was kept from before does not know them.
        let spans = Gold::Spans(vec![vec![Span { start: 3, end: 8 }]]);
        let padded = Analysis { paragraph_length: Some(8), ..analysis() };
        let kept = Analysis { paragraph_length: None, ..analysis() };
        assert_eq!(spans.distributions(&padded).unwrap(), spans.distributions(&kept).unwrap());
    }
}
