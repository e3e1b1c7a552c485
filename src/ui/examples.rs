//! The examples, and the analysis of the first one, which come with the page.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::analysis::{Analysis, Reading};
use crate::bio::Span;
use crate::document::{Annotator, Document};
use crate::gold::Gold;

use super::state::Shown;

/// A question with its paragraph and, perhaps, gold labels.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Example {
    /// Name for the document.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// What it shows, in a sentence.
    #[serde(default)]
    pub note: String,
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Gold labels.
    #[serde(default)]
    pub annotators: Vec<ExampleAnnotator>,
}

/// One annotator of an example.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ExampleAnnotator {
    name: String,
    #[serde(default = "one")]
    weight: f64,
    spans: Vec<Span>,
}

impl Example {
    /// Its gold labels.
    pub fn gold(&self) -> Gold {
        let annotators = self.annotators.iter().map(|a| a.spans.clone()).collect();
        Gold::Weighted { annotators, weights: Some(self.annotators.iter().map(|a| a.weight).collect()) }
    }
}

fn one() -> f64 {
    1.0
}

impl From<ExampleAnnotator> for Annotator {
    fn from(a: ExampleAnnotator) -> Annotator {
        Annotator { name: a.name, weight: a.weight, spans: a.spans, stray: Vec::new() }
    }
}

/// All examples, the first one first.
pub fn all() -> &'static [Example] {
    static ALL: OnceLock<Vec<Example>> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(include_str!("../../static/examples/examples.json")).unwrap_or_default())
}

/// What the page opens with before anything else has come.
#[derive(Deserialize)]
struct Stored {
    /// The first example, as a list.
    examples: Vec<Example>,
    model: String,
    reading: Reading,
}

fn opening() -> &'static Option<Stored> {
    static STORED: OnceLock<Option<Stored>> = OnceLock::new();
    STORED.get_or_init(|| serde_json::from_str(include_str!("../../static/examples/stored.json")).ok())
}

/// The first example, alone.
pub fn first() -> &'static [Example] {
    opening().as_ref().map_or(&[], |stored| &stored.examples)
}

/// The analysis that came with the page, if it is about this very text.
pub fn stored(document: &Document) -> Option<Shown> {
    let stored = opening().as_ref()?;
    let example = stored.examples.first()?;
    let same = example.question == document.question && example.paragraph == document.paragraph;
    same.then(|| {
        let analysis = Analysis::new(&example.paragraph, stored.reading.clone(), document.decoder);
        let (question, paragraph) = (example.question.clone(), example.paragraph.clone());
        Shown { question, paragraph, analysis, model: stored.model.clone(), stored: true, tuned: 0 }
    })
}
