//! A small analysis for the tests here.

use crate::bio::{Decoder, Span};
use crate::document::{Annotator, Document};
use crate::inference::{Analysis, ModelOutput, TokenOutput, Window};

pub const PARAGRAPH: &str = "The bank, 50% \"old\".";

/// Five tokens, of which two annotators mark the second as an answer and one says "no answer".
pub fn made() -> (Document, Analysis) {
    let places = [(0, 3), (4, 8), (8, 9), (10, 12), (12, 13)];
    let token = |(k, &(start, end)): (usize, &(usize, usize))| TokenOutput {
        start,
        end,
        word: k,
        window: 0,
        logits: if k == 1 { [2.1, 0.3, -0.7] } else { [-2.0, -1.1, 3.3] },
    };
    let output = ModelOutput {
        question_tokens: 4,
        hidden_size: 128,
        windows: vec![Window { start: 0, end: 5 }],
        tokens: places.iter().enumerate().map(token).collect(),
        kernel: "native".into(),
        tokenize_ms: 0.1,
        workers: 1,
        forward_ms: 2.0,
        ..ModelOutput::default()
    };
    let mut document = Document { question: "What is old?".into(), paragraph: PARAGRAPH.into(), ..Document::default() };
    document.model = "tiny-128".into();
    for (name, spans) in
        [("Ana", vec![Span { start: 4, end: 8 }]), ("Ben, \"B\"", vec![Span { start: 4, end: 8 }]), ("Cleo", vec![])]
    {
        document.annotators.push(Annotator { name: name.into(), weight: 1.0, spans, stray: Vec::new() });
    }
    (document, Analysis::new(PARAGRAPH, output, Decoder::Viterbi))
}
