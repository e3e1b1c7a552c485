//! What every format is read into and written from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::problem::{Place, Problem};
use super::{Feature, Format, Instance};
use crate::bio::{Dist, Span};

/// A file of questions, texts and labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// The format that it was read in.
    pub format: Format,
    /// The records that could be read, in the file's order.
    pub records: Vec<Record>,
    /// The records that could not, in the file's order.
    pub problems: Vec<Problem>,
    /// What a reader of the file should know: counts, assumptions, choices that are open.
    pub notices: Vec<Notice>,
}

/// One question about one text, with every annotator's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The file's own id; a running number where it has none.
    pub id: String,
    /// The question; empty where the format has none.
    pub question: String,
    /// The title of the article that the text is from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The text. Records of one paragraph share it.
    #[serde(with = "shared")]
    pub context: Arc<str>,
    /// Who labelled it, and what; empty: nobody did.
    pub annotators: Vec<Annotator>,
    /// t_i set directly, token by token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub soft: Vec<Soft>,
    /// How sure weak labels are, from 0 to 1, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Whether whoever checked weak labels holds with them, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// A remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Where in the file it stands.
    pub place: Place,
}

/// One annotator's answer. No span says "no answer".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotator {
    /// A name; "1", "2", … where the file gives none. No two annotators of a record have the same.
    pub name: String,
    /// How much the annotator counts in t_i, beside the others.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// Disjoint spans in text order, in Unicode code points of the text.
    pub spans: Vec<Span>,
    /// For every span how probable the model that gave it holds it, from 0 to 1; empty: no model's answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<f64>,
    /// Ranges labelled I without a B before them, as the page allows. No format holds them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stray: Vec<Span>,
}

/// t_i of one token.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Soft {
    /// The token, in code points of the text.
    #[serde(flatten)]
    pub span: Span,
    /// In the order B, I, O.
    pub t: Dist,
}

/// A shared text as a string.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(deserializer).map(Into::into)
    }
}

fn one() -> f64 {
    1.0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(weight: &f64) -> bool {
    *weight == 1.0
}

impl Annotator {
    /// An annotator of weight 1 without scores.
    pub fn new(name: impl Into<String>, spans: Vec<Span>) -> Annotator {
        Annotator { name: name.into(), weight: 1.0, spans, scores: Vec::new(), stray: Vec::new() }
    }
}

impl Record {
    /// A record of a text that nobody has labelled yet.
    pub(super) fn new(place: Place, id: String, question: &str, context: Arc<str>) -> Record {
        Record {
            id,
            question: question.into(),
            title: String::new(),
            context,
            annotators: Vec::new(),
            soft: Vec::new(),
            confidence: None,
            agrees: None,
            note: String::new(),
            place,
        }
    }

    /// The record as the model is trained and scored on it; soft t_i are left behind.
    pub fn into_instance(self) -> Instance {
        let equal = self.annotators.iter().all(|a| a.weight == 1.0);
        Instance {
            id: self.id,
            context: self.context,
            question: self.question,
            weights: if equal { Vec::new() } else { self.annotators.iter().map(|a| a.weight).collect() },
            annotators: self.annotators.into_iter().map(|a| a.spans).collect(),
            confidence: if self.agrees == Some(false) { Some(0.0) } else { self.confidence },
        }
    }

    /// Whether an annotator has no name, or two have the same.
    pub(super) fn has_namesakes(&self) -> bool {
        let mut before = self.annotators.iter().enumerate();
        before.any(|(k, a)| a.name.is_empty() || self.annotators[..k].iter().any(|other| other.name == a.name))
    }

    /// Gives every annotator a name of their own: their number who has none, "Ana (2)" to the second Ana.
    pub(super) fn tell_apart(&mut self) {
        for (k, annotator) in self.annotators.iter_mut().enumerate() {
            if annotator.name.is_empty() {
                annotator.name = (k + 1).to_string();
            }
        }
        for k in 1..self.annotators.len() {
            let taken = |name: &str, up_to: usize| self.annotators[..up_to].iter().any(|a| a.name == name);
            if taken(&self.annotators[k].name, k) {
                let name = self.annotators[k].name.clone();
                let free = (2..).map(|n| format!("{name} ({n})")).find(|name| !taken(name, self.annotators.len()));
                self.annotators[k].name = free.unwrap_or(name);
            }
        }
    }

    /// Which features of a format the record needs to come back as it is.
    pub(super) fn needs(&self) -> impl Iterator<Item = Feature> {
        let several = self.annotators.len() > 1;
        let edge = |c: Option<char>| c.is_some_and(char::is_whitespace);
        let blank = |span: &Span| {
            let mut points = self.context.chars().skip(span.start).take(span.end - span.start);
            let first = points.next();
            edge(first) || edge(points.last().or(first))
        };
        let named = |(k, a): (usize, &Annotator)| a.name != (k + 1).to_string();
        let all = || self.annotators.iter().enumerate();
        [
            (Feature::Question, !self.question.is_empty()),
            (Feature::Annotators, several),
            (Feature::Names, all().any(named)),
            (Feature::Weights, self.annotators.iter().any(|a| a.weight != 1.0)),
            (Feature::SeveralSpans, self.annotators.iter().any(|a| a.spans.len() > 1)),
            (Feature::MixedNoAnswer, all().any(|(k, a)| a.spans.is_empty() && (several || named((k, a))))),
            (Feature::Unlabelled, self.annotators.is_empty()),
            (Feature::EdgeBlanks, self.annotators.iter().flat_map(|a| &a.spans).any(blank)),
            (Feature::Scores, self.annotators.iter().any(|a| !a.scores.is_empty())),
            (Feature::Soft, !self.soft.is_empty()),
            (Feature::Stray, self.annotators.iter().any(|a| !a.stray.is_empty())),
            (Feature::Confidence, self.confidence.is_some() || self.agrees.is_some()),
            (Feature::Notes, !self.note.is_empty()),
            (Feature::Titles, !self.title.is_empty()),
        ]
        .into_iter()
        .filter_map(|(feature, needed)| needed.then_some(feature))
    }
}

impl Dataset {
    /// How many annotators there are, over all records by their names.
    pub fn annotators(&self) -> usize {
        let mut names: Vec<&str> = self.records.iter().flat_map(|r| &r.annotators).map(|a| &*a.name).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// What a format cannot hold of this data set, and in how many records.
    pub fn losses(&self, format: Format) -> Vec<(Feature, usize)> {
        let count = |feature: Feature| self.records.iter().filter(|r| r.needs().any(|f| f == feature)).count();
        Feature::ALL.into_iter().filter(|f| !format.holds(*f)).map(|f| (f, count(f))).filter(|(_, n)| *n > 0).collect()
    }
}
