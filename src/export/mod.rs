//! What the user takes away: an analysis with its gold labels as one JSON document, as a table, as a derivation.
//!
//! Every number is the one that the page computes with, at full precision; z is given as the f64 that the f32 is, so
//! that whoever computes again from the document gets the same p to the last bits.

mod csv;
mod inputs;
mod intake;
mod json;
mod latex;
pub mod link;
pub mod merge;

pub use csv::{Separator, table};
pub use inputs::{MOST_ANNOTATORS, sound};
pub use intake::{HEAD, Kind, kind};
pub use json::{Exported, ExportedLoss, ExportedToken, FORMAT, VERSION, import};
pub use latex::derivation;

use crate::analysis::Analysis;
use crate::bio::{self, Dist, Label, Loss};
use crate::document::Document;
use crate::fault::Fault;

/// Gold labels put against one analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// Each annotator's label of each token.
    pub labels: Vec<Vec<Label>>,
    /// t_i.
    pub t: Vec<Dist>,
    /// L and its parts.
    pub loss: Loss,
}

impl Against {
    /// `None` where nobody has labelled, or the labels are another paragraph's than the analysed one.
    ///
    /// # Errors
    /// [`Fault::Gold`] when the labels do not fit the tokens.
    pub fn new(document: &Document, paragraph: &str, analysis: &Analysis) -> Result<Option<Against>, Fault> {
        if !document.is_labelled() || document.paragraph != paragraph {
            return Ok(None);
        }
        let labels = document.labels(analysis)?;
        let t = document.mean(&labels, analysis)?;
        let loss = bio::loss(&analysis.logits(), &t)?;
        Ok(Some(Against { labels, t, loss }))
    }
}

#[cfg(test)]
pub(crate) mod made {
    //! A small analysis for the tests here.

    use crate::analysis::{Analysis, ReadToken, Reading, Window};
    use crate::bio::{Decoder, Span};
    use crate::document::{Annotator, Document};

    pub const PARAGRAPH: &str = "The bank, 50% \"old\".";

    /// Five tokens, of which two annotators mark the second as an answer and one says "no answer".
    pub fn made() -> (Document, Analysis) {
        let places = [(0, 3), (4, 8), (8, 9), (10, 12), (12, 13)];
        let token = |(k, &(start, end)): (usize, &(usize, usize))| ReadToken {
            start,
            end,
            word: k,
            window: 0,
            logits: if k == 1 { [2.1, 0.3, -0.7] } else { [-2.0, -1.1, 3.3] },
        };
        let reading = Reading {
            question_tokens: 4,
            question_pieces: Vec::new(),
            question_truncated: false,
            ids: Vec::new(),
            hidden_size: 128,
            windows: vec![Window { start: 0, end: 5 }],
            tokens: places.iter().enumerate().map(token).collect(),
            kernel: "native".into(),
            tokenize_ms: 0.1,
            forward_ms: 2.0,
            b_bias: 0.0,
        };
        let mut document =
            Document { question: "What is old?".into(), paragraph: PARAGRAPH.into(), ..Document::default() };
        document.model = "tiny-128".into();
        for (name, spans) in [
            ("Ana", vec![Span { start: 4, end: 8 }]),
            ("Ben, \"B\"", vec![Span { start: 4, end: 8 }]),
            ("Cleo", vec![]),
        ] {
            document.annotators.push(Annotator { name: name.into(), weight: 1.0, spans, stray: Vec::new() });
        }
        (document, Analysis::new(PARAGRAPH, reading, Decoder::Viterbi))
    }
}
