//! The examples, and the analysis of the first one, which come with the page.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::document::gold::Gold;
use crate::document::{Annotator, Document, same_text};
use crate::inference::{Analysis, ModelOutput};
use crate::locale::Strings;

use super::analysis::Shown;

/// A question with its paragraph and, perhaps, gold labels.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Example {
    /// Name for the document.
    pub id: String,
    /// Name for people, in English.
    title: String,
    /// What it shows, in a sentence.
    #[serde(default)]
    note: String,
    /// Both in other languages.
    #[serde(default)]
    translations: Vec<Caption>,
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Gold labels.
    #[serde(default)]
    pub annotators: Vec<Annotator>,
}

/// What an example is called and what it shows.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Caption {
    language: String,
    title: String,
    note: String,
}

impl Example {
    /// Name for people.
    pub fn title(&self, words: &Strings) -> &str {
        self.caption(words).map_or(&self.title, |caption| &caption.title)
    }

    /// What it shows, in a sentence.
    pub fn note(&self, words: &Strings) -> &str {
        self.caption(words).map_or(&self.note, |caption| &caption.note)
    }

    fn caption(&self, words: &Strings) -> Option<&Caption> {
        self.translations.iter().find(|caption| caption.language == words.language)
    }

    /// Its gold labels.
    pub fn gold(&self) -> Gold {
        let annotators = self.annotators.iter().map(|a| a.spans.clone()).collect();
        Gold::Weighted { annotators, weights: Some(self.annotators.iter().map(|a| a.weight).collect()) }
    }
}

/// All examples, the first one first.
pub fn all() -> &'static [Example] {
    static ALL: OnceLock<Vec<Example>> = OnceLock::new();
    ALL.get_or_init(|| serde_json::from_str(include_str!("../../../static/examples/examples.json")).unwrap_or_default())
}

/// What a model has read in the first example.
#[derive(Deserialize)]
struct Stored {
    model: String,
    output: ModelOutput,
}

/// The analysis that came with the page, if it is about this very text.
pub fn stored(document: &Document) -> Option<Shown> {
    let example = all().first()?;
    if !same_text((&example.question, &example.paragraph), document.text()) {
        return None;
    }
    let stored: Stored = serde_json::from_str(include_str!("../../../static/examples/stored.json")).ok()?;
    let analysis = Analysis::new(&example.paragraph, stored.output, document.decoder);
    let (question, paragraph) = (example.question.clone(), example.paragraph.clone());
    Some(Shown { question, paragraph, analysis, model: stored.model, stored: true, tuned: 0 })
}
