//! What of a document comes from the user, and whether it can be: shared by everything that reads documents back.

use serde::Deserialize;

use super::{Annotator, Assignment, Direct, Document};
use crate::bio::{self, Decoder, Span};

/// More annotators than this are no class but an accident, and would keep the page busy.
pub const MOST_ANNOTATORS: usize = 1000;

/// What of a document is the user's. Other fields would follow from these.
#[derive(Deserialize)]
pub struct Inputs {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Name of the model; empty: the one that the document has.
    #[serde(default)]
    pub model: String,
    /// The decoder.
    #[serde(default)]
    pub decode: Decoder,
    /// The annotators.
    #[serde(default)]
    pub annotators: Vec<Annotator>,
    /// Tokens whose t_i was set.
    #[serde(default)]
    pub direct: Vec<Direct>,
}

impl Inputs {
    /// A copy of `document` with these in place; how things are shown stays.
    ///
    /// # Errors
    /// As [`check`].
    pub fn put_into(self, document: &Document) -> Result<Document, String> {
        check(&self.paragraph, &self.annotators, &self.direct)?;
        Ok(Document {
            question: one_line(&self.question),
            paragraph: self.paragraph,
            annotators: self.annotators,
            direct: self.direct,
            model: if self.model.is_empty() { document.model.clone() } else { self.model },
            decoder: self.decode,
            example: None,
            assignment: Assignment::default(),
            ..document.clone()
        })
    }
}

/// A question as its field shows it, which has one line.
pub fn one_line(question: &str) -> String {
    question.replace(['\r', '\n'], " ")
}

/// Fails where a file of ours is of another format than these, or newer than this program.
///
/// # Errors
/// What it is, in one clause.
pub fn check_header(format: &str, version: u32, formats: &[&str], newest: u32) -> Result<(), String> {
    if !formats.contains(&format) {
        return Err(format!("its format is “{format}”, not “{}”", formats.join("” or “")));
    }
    if version > newest {
        return Err(format!("its version {version} is newer than this program's, {newest}"));
    }
    Ok(())
}

/// Whether weights, spans and t_i can belong to the paragraph; if not, why. Whether spans overlap is for the labels to say:
/// a page that shows them also says what is wrong with them.
///
/// # Errors
/// What is wrong, in one clause.
pub fn check(paragraph: &str, annotators: &[Annotator], direct: &[Direct]) -> Result<(), String> {
    if annotators.len() > MOST_ANNOTATORS {
        return Err(format!("it has {} annotators; {MOST_ANNOTATORS} are the most", annotators.len()));
    }
    let units = paragraph.encode_utf16().count();
    let outside = |s: &&Span| s.start >= s.end || s.end > units;
    for annotator in annotators {
        if !(annotator.weight.is_finite() && annotator.weight >= 0.0) {
            return Err(format!("the weight of annotator “{}” is no weight", annotator.name));
        }
        if let Some(span) = annotator.spans.iter().chain(&annotator.stray).find(outside) {
            let why = format!("the span from {} to {} of annotator “{}”", span.start, span.end, annotator.name);
            return Err(format!("{why} lies outside of the paragraph"));
        }
    }
    if let Some(direct) = direct.iter().find(|d| d.start >= d.end || d.end > units) {
        return Err(format!("the token from {} to {} lies outside of the paragraph", direct.start, direct.end));
    }
    bio::check_dists(&direct.iter().map(|d| d.t).collect::<Vec<_>>()).map_err(|e| e.to_string())
}

/// Whether a document that an earlier visit kept can be what it says.
pub fn sound(document: &Document) -> bool {
    check(&document.paragraph, &document.annotators, &document.direct).is_ok()
}
