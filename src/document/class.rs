//! A class's answers to a set of questions: the files that thirty students hand in, merged question by question. Every file
//! goes out again as a line of the report.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::detect;
use super::merge::{self, Entry, MergeOutcome, Options};
use super::question_set::QuestionSet;
use super::{Annotator, Document, same_text};
use crate::error::Error;

/// One file that came in. Kept as its name and its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "(String, String)", into = "(String, String)")]
pub struct HandedIn {
    /// The file's name.
    pub name: String,
    /// Its content.
    pub text: String,
    /// What it holds, or why it cannot be read.
    pub read: Result<QuestionSet, Error>,
}

impl From<(String, String)> for HandedIn {
    fn from((name, text): (String, String)) -> HandedIn {
        HandedIn { read: QuestionSet::from_json(&name, &text), name, text }
    }
}

impl From<HandedIn> for (String, String) {
    fn from(handed: HandedIn) -> (String, String) {
        (handed.name, handed.text)
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The file's name.
    pub name: String,
    /// Who has labelled it; empty: it does not say.
    pub student: String,
    /// For every question of the class what became of it, `None`: the file does not have it; or why the file cannot be read.
    pub outcome: Result<Vec<Option<MergeOutcome>>, Error>,
    /// How many questions it holds that are not the class's.
    pub others: usize,
}

impl Report {
    /// How many questions have labels from this file.
    pub fn added(&self) -> usize {
        let outcomes = self.outcome.iter().flatten().flatten();
        outcomes.filter(|outcome| matches!(outcome, MergeOutcome::Added { .. })).count()
    }
}

/// The class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Class {
    /// What the set is called.
    pub title: String,
    /// The questions in the set's order, each with its students as annotators.
    pub questions: Vec<Document>,
    /// One for each file.
    pub reports: Vec<Report>,
}

impl Class {
    /// Where the question with this text is.
    pub fn find(&self, document: &Document) -> Option<usize> {
        self.questions.iter().position(|question| same_text(question.text(), document.text()))
    }
}

/// Reads a file's content, if it is a set of questions.
pub fn read(name: &str, text: &str) -> Option<HandedIn> {
    detect::is_set(text.as_bytes()).then(|| HandedIn::from((name.into(), text.into())))
}

/// Merges what has come in. The questions are those of `set`, where any file has one of them; else those that most files
/// have. What a teacher has labelled in the set is no student's, and stays out.
pub fn merge(set: &QuestionSet, handed: &[HandedIn], doubles: bool) -> Class {
    let readable: Vec<&QuestionSet> = handed.iter().filter_map(|h| h.read.as_ref().ok()).collect();
    let of_set = readable.iter().any(|read| read.items.iter().any(|i| !i.guided && set.find(&i.document).is_some()));
    let base = if of_set { Some(set) } else { commonest(&readable) };
    let Some(base) = base else {
        let reports = handed.iter().map(|h| report(h, &[], &[])).collect();
        return Class { reports, ..Class::default() };
    };
    let options = Options { doubles, ..Options::default() };
    let asked = base.items.iter().filter(|item| !item.guided).map(|item| {
        let (annotators, direct) = (Vec::new(), Vec::new());
        Document { annotators, direct, ..item.document.clone() }
    });
    let mut outcomes: Vec<Vec<Option<MergeOutcome>>> = vec![Vec::new(); handed.len()];
    let mut questions = Vec::new();
    for mut question in asked {
        question.assignment = Default::default();
        // Which files have it, and what each says.
        let found: Vec<Option<Entry>> = handed.iter().map(|h| answer(h, &question)).collect();
        let entries: Vec<Entry> = found.iter().flatten().cloned().collect();
        let (merged, said) = merge::merge(&question, None, &entries, options);
        let mut said = said.into_iter();
        for (file, entry) in outcomes.iter_mut().zip(&found) {
            file.push(if entry.is_some() { said.next() } else { None });
        }
        questions.push(merged);
    }
    let reports = handed.iter().zip(&outcomes).map(|(h, outcomes)| report(h, &questions, outcomes)).collect();
    Class { title: base.title.clone(), questions, reports }
}

/// Of what was handed in that which most others have the questions of; of several the first.
fn commonest<'a>(readable: &[&'a QuestionSet]) -> Option<&'a QuestionSet> {
    let like = |set: &QuestionSet| readable.iter().filter(|other| set.asks_the_same(other)).count();
    readable.iter().rev().max_by_key(|set| like(set)).copied()
}

/// What a file says to a question: its own annotators under the student's name.
fn answer(handed: &HandedIn, question: &Document) -> Option<Entry> {
    let set = handed.read.as_ref().ok()?;
    let item = &set.items[set.find(question)?];
    let own = item.own();
    let named = |annotator: &Annotator| {
        let name: Cow<str> = match (set.student.trim(), own.len()) {
            ("", _) => Cow::from(&annotator.name),
            (student, 1) => Cow::from(student),
            (student, _) => Cow::from(format!("{student}: {}", annotator.name)),
        };
        Annotator { name: name.into_owned(), ..annotator.clone() }
    };
    let annotators = own.iter().map(named).collect();
    let read = Document { annotators, direct: Vec::new(), ..item.document.clone() };
    Some(Entry { name: handed.name.clone(), read: Ok(read) })
}

fn report(handed: &HandedIn, questions: &[Document], outcomes: &[Option<MergeOutcome>]) -> Report {
    let (student, outcome, others) = match &handed.read {
        Err(error) => (String::new(), Err(error.clone()), 0),
        Ok(set) => {
            let known = |document: &Document| questions.iter().any(|q| same_text(q.text(), document.text()));
            let others = set.items.iter().filter(|item| !item.guided && !known(&item.document)).count();
            (set.student.clone(), Ok(outcomes.to_vec()), others)
        }
    };
    Report { name: handed.name.clone(), student, outcome, others }
}
