//! What of a document comes from the user, and whether it can be: shared by everything that reads documents back.

use serde::Deserialize;

use super::{Annotator, Assignment, Direct, Document};
use crate::bio::{self, Decoder, Span};
use crate::dataset::{field_lines, one_line};

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
        Ok(with_field_lines(Document {
            question: one_line(&self.question),
            paragraph: self.paragraph,
            annotators: self.annotators,
            direct: self.direct,
            model: if self.model.is_empty() { document.model.clone() } else { self.model },
            decoder: self.decode,
            example: None,
            assignment: Assignment::default(),
            ..document.clone()
        }))
    }
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
    let units: Vec<u16> = paragraph.encode_utf16().collect();
    let cuts = |at: usize| units.get(at).is_some_and(|unit| (0xdc00..0xe000).contains(unit));
    let wrong = |start: usize, end: usize| start >= end || end > units.len() || cuts(start) || cuts(end);
    let outside = |s: &&Span| wrong(s.start, s.end);
    let no_place = "lies outside of the paragraph or cuts a character in two";
    for annotator in annotators {
        if !(annotator.weight.is_finite() && annotator.weight >= 0.0) {
            return Err(format!("the weight of annotator “{}” is no weight", annotator.name));
        }
        if let Some(span) = annotator.spans.iter().chain(&annotator.stray).find(outside) {
            let why = format!("the span from {} to {} of annotator “{}”", span.start, span.end, annotator.name);
            return Err(format!("{why} {no_place}"));
        }
    }
    if let Some(direct) = direct.iter().find(|d| wrong(d.start, d.end)) {
        return Err(format!("the token from {} to {} {no_place}", direct.start, direct.end));
    }
    bio::check_dists(&direct.iter().map(|d| d.t).collect::<Vec<_>>()).map_err(|e| e.to_string())
}

/// Whether a document that an earlier visit kept can be what it says.
pub fn sound(document: &Document) -> bool {
    check(&document.paragraph, &document.annotators, &document.direct).is_ok()
}

/// The document with the line ends that a field gives its paragraph, and its labels where they belong then: else offsets would
/// not be those of the field, and the first key would change every line.
pub fn with_field_lines(mut document: Document) -> Document {
    if !document.paragraph.contains('\r') {
        return document;
    }
    let paragraph = field_lines(&document.paragraph).into_owned();
    let units: Vec<u16> = document.paragraph.encode_utf16().collect();
    let pairs: Vec<usize> = (1..units.len()).filter(|&k| units[k - 1..=k] == [0xd, 0xa]).collect();
    let place = |at: usize| at - pairs.partition_point(|pair| *pair <= at);
    for spans in document.annotators.iter_mut().flat_map(|a| [&mut a.spans, &mut a.stray]) {
        // Nothing is left of a span that holds half a line end.
        spans.retain_mut(|span| {
            (span.start, span.end) = (place(span.start), place(span.end));
            span.start < span.end
        });
    }
    document.direct.retain_mut(|direct| {
        (direct.start, direct.end) = (place(direct.start), place(direct.end));
        direct.start < direct.end
    });
    document.paragraph = paragraph;
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(paragraph: &str, spans: &[(usize, usize)]) -> Document {
        let spans = spans.iter().map(|&(start, end)| Span { start, end }).collect();
        let ana = Annotator { name: "Ana".into(), weight: 1.0, spans, stray: Vec::new() };
        Document { paragraph: paragraph.into(), annotators: vec![ana], ..Document::default() }
    }

    #[test]
    fn line_ends_are_a_fields_and_labels_stay_at_their_words() {
        let paragraph = "On Friday\r\n🎻 Ada\rsang.\r\n\r\nBo slept.";
        let at = |text: &str, word: &str| {
            let start = text[..text.find(word).unwrap()].encode_utf16().count();
            (start, start + word.encode_utf16().count())
        };
        let words = ["On Friday", "Friday\r\n🎻 Ada", "Ada\rsang.", "Bo", "slept."];
        let mut given = document(paragraph, &words.map(|word| at(paragraph, word)));
        given.annotators[0].stray = vec![Span { start: 9, end: 10 }];
        let (start, end) = at(paragraph, "Bo");
        given.direct = vec![Direct { start, end, t: [1.0, 0.0, 0.0] }];
        assert_eq!(check(&given.paragraph, &given.annotators, &given.direct), Ok(()));
        let read = with_field_lines(given);
        assert_eq!(read.paragraph, "On Friday\n🎻 Ada\nsang.\n\nBo slept.");
        let there = words.map(|word| at(&read.paragraph, &field_lines(word)));
        assert_eq!(read.annotators, document(&read.paragraph, &there).annotators, "half a line end is no stray");
        assert_eq!((read.direct[0].start, read.direct[0].end), at(&read.paragraph, "Bo"));
        assert_eq!(with_field_lines(read.clone()), read);
        // The first key does not take the labels away.
        let mut typed = read.clone();
        typed.edit_paragraph(&format!("{}!", read.paragraph));
        assert_eq!(typed.annotators, read.annotators);
    }

    #[test]
    fn half_a_character_is_no_place() {
        for (spans, sound) in [(&[(1, 3)][..], true), (&[(2, 3)], false), (&[(1, 2)], false), (&[(3, 9)], false)] {
            assert_eq!(super::sound(&document("a😀b", spans)), sound, "{spans:?}");
        }
    }
}
