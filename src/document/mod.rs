//! What the user has typed, labelled and chosen, as one plain value with plain methods.
//! The page keeps it, saves it, undoes it; exports (JSON, CSV, LaTeX) and share links hold the same value.
//!
//! In what is exported every number is the one that the page computes with, at full precision; z is given as the f64
//! that the f32 is, so that whoever computes again from the document gets the same p to the last bits.

mod against;
pub mod class;
pub mod csv;
pub mod detect;
mod edit;
#[cfg(test)]
pub(crate) mod fixture;
pub mod gold;
mod history;
pub mod inputs;
pub mod json;
mod labels;
pub mod latex;
pub mod link;
pub mod merge;
pub mod question_set;
pub mod versions;

use serde::{Deserialize, Serialize};

use crate::bio::{Decoder, Dist, Span};

pub use against::Against;
pub use edit::Change;
pub use history::{Edit, History};

/// The format that this program writes.
pub const VERSION: u32 = 1;

/// Whether two questions with their paragraphs ask the same about the same text: blanks around a question make no other.
pub fn same_text(a: (&str, &str), b: (&str, &str)) -> bool {
    (a.0.trim(), a.1) == (b.0.trim(), b.1)
}

/// How the analysed paragraph is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// Running text with highlights.
    Text,
    /// Running text with p_i under every token.
    #[default]
    Bars,
    /// One row per token with all its numbers.
    Table,
}

/// What counts as one unit of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Units {
    /// The pieces of a word stand together.
    #[default]
    Words,
    /// Every word piece stands alone.
    Pieces,
}

/// One annotator: a name, a weight in the mean, and the spans that answer the question.
/// No span at all says "no answer".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotator {
    /// As shown.
    pub name: String,
    /// Weight in t_i, at least 0.
    #[serde(default = "one")]
    pub weight: f64,
    /// Disjoint, in text order, in UTF-16 code units of the paragraph.
    pub spans: Vec<Span>,
    /// Ranges labelled I without anything that begins there: no valid sequence, but allowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stray: Vec<Span>,
}

/// t_i of one token as the user set it, in place of the annotators' mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Direct {
    /// First UTF-16 code unit of the token.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// In the order B, I, O.
    pub t: Dist,
}

/// What a teacher's link asks of the page. A courtesy, not a lock: whoever wants to can lift it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assignment {
    /// The model's answers are out of sight until one has labelled, or asks for them.
    pub hidden: bool,
    /// There is nothing but the guided exercise.
    pub guided: bool,
    /// The tab of the exercise that is opened and brought into view, from 0: model, (a), (b), (c), gradient, learning,
    /// two versions, decoders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tab: Option<usize>,
}

impl Assignment {
    /// Whether nothing is asked.
    pub fn is_none(&self) -> bool {
        *self == Assignment::default()
    }
}

/// Whether a field may be left out of a file.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn one() -> f64 {
    1.0
}

/// Everything that is the user's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Format, see [`VERSION`].
    pub version: u32,
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// The annotators, in the order of their rows.
    pub annotators: Vec<Annotator>,
    /// Tokens whose t_i is not the annotators' mean, in text order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub direct: Vec<Direct>,
    /// Name of the model; empty: the default one.
    pub model: String,
    /// The decoder behind highlights and answers.
    pub decoder: Decoder,
    /// How the paragraph is shown.
    pub view: View,
    /// Words or word pieces.
    pub units: Units,
    /// Whether tokens that are surely outside are folded away where there is one item per token.
    pub fold: bool,
    /// The example that the text came from, until it is edited.
    pub example: Option<String>,
    /// What a teacher's link asks of the page.
    #[serde(rename = "lesson", skip_serializing_if = "Assignment::is_none")]
    pub assignment: Assignment,
}

impl Default for Document {
    fn default() -> Self {
        Document {
            version: VERSION,
            question: String::new(),
            paragraph: String::new(),
            annotators: Vec::new(),
            direct: Vec::new(),
            model: String::new(),
            decoder: Decoder::Viterbi,
            view: View::default(),
            units: Units::default(),
            fold: false,
            example: None,
            assignment: Assignment::default(),
        }
    }
}

impl Document {
    /// Reads a saved document; one of another version is refused.
    pub fn from_json(text: &str) -> Option<Document> {
        let document: Document = serde_json::from_str(text).ok()?;
        (document.version == VERSION).then(|| inputs::with_field_lines(document))
    }

    /// The document as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a document is plain data")
    }

    /// Puts an example's text and annotators in place of the user's.
    pub fn set_example(&mut self, id: &str, question: &str, paragraph: &str, annotators: Vec<Annotator>) {
        self.example = Some(id.into());
        self.question = question.into();
        self.paragraph = paragraph.into();
        self.annotators = annotators;
        self.direct.clear();
        self.assignment = Assignment::default();
    }

    /// The question and its paragraph.
    pub fn text(&self) -> (&str, &str) {
        (&self.question, &self.paragraph)
    }

    /// Takes over how another document is shown.
    pub fn arrange_as(&mut self, other: &Document) {
        (self.view, self.units, self.fold) = (other.view, other.units, other.fold);
    }

    /// Whether somebody has labelled a token B or I. A document whose answers are hidden comes without such labels.
    pub fn is_marked(&self) -> bool {
        self.annotators.iter().any(|a| !a.spans.is_empty() || !a.stray.is_empty())
    }

    /// Replaces the question. Labels stay: they are about the paragraph.
    pub fn edit_question(&mut self, text: &str) {
        if self.question != text {
            self.question = text.into();
            self.example = None;
        }
    }

    /// Replaces the paragraph and carries the labels along, see [`Change`]. If none is left, and hardly anything of the text, the
    /// annotators go too: of this text they have said nothing.
    pub fn edit_paragraph(&mut self, text: &str) {
        if self.paragraph == text {
            return;
        }
        let labelled = |d: &Document| d.annotators.iter().any(|a| !(a.spans.is_empty() && a.stray.is_empty()));
        let before = labelled(self);
        let changes = Change::all_between(&self.paragraph, text);
        let carried = |span: Span| changes.iter().try_fold(span, |span, change| change.carry(span));
        let units: Vec<u16> = text.encode_utf16().collect();
        let carry = |spans: &mut Vec<Span>| {
            *spans = spans.iter().filter_map(|s| trimmed(&units, carried(*s)?)).collect();
        };
        for annotator in &mut self.annotators {
            carry(&mut annotator.spans);
            carry(&mut annotator.stray);
        }
        // A token that was edited is another token.
        self.direct.retain_mut(|direct| {
            let before = Span { start: direct.start, end: direct.end };
            let apart = |change: &Change| before.end <= change.start || before.start >= change.old;
            let after = carried(before).filter(|_| changes.iter().all(apart));
            (direct.start, direct.end) = after.map_or((0, 0), |after| (after.start, after.end));
            after.is_some()
        });
        if before && !labelled(self) && Change::leave_little(&changes, &self.paragraph) {
            self.annotators.clear();
            self.direct.clear();
        }
        self.paragraph = text.into();
        self.example = None;
    }

    /// Adds an annotator, who says "no answer" until a span is marked. Returns the row.
    pub fn add_annotator(&mut self, name: &str) -> usize {
        self.annotators.push(Annotator { name: name.into(), weight: 1.0, spans: Vec::new(), stray: Vec::new() });
        self.annotators.len() - 1
    }

    /// Renames an annotator.
    pub fn rename_annotator(&mut self, row: usize, name: &str) {
        if let Some(annotator) = self.annotators.get_mut(row) {
            annotator.name = name.trim().into();
        }
    }

    /// Sets an annotator's weight; what is no weight changes nothing.
    pub fn weigh_annotator(&mut self, row: usize, weight: f64) {
        if let Some(annotator) = self.annotators.get_mut(row)
            && weight.is_finite()
            && weight >= 0.0
        {
            annotator.weight = weight;
        }
    }

    /// Removes an annotator with all labels.
    pub fn remove_annotator(&mut self, row: usize) {
        if row < self.annotators.len() {
            self.annotators.remove(row);
        }
    }
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// The span without white space at its ends; None when nothing is left.
fn trimmed(units: &[u16], span: Span) -> Option<Span> {
    let blank = |k: usize| char::from_u32(u32::from(units[k])).is_some_and(char::is_whitespace);
    let Span { mut start, mut end } = span;
    while start < end && blank(start) {
        start += 1;
    }
    while start < end && blank(end - 1) {
        end -= 1;
    }
    (start < end).then_some(Span { start, end })
}

#[cfg(test)]
mod tests;
