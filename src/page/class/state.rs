//! What came in of a class's labels.

use std::sync::Arc;

use leptos::prelude::*;

use crate::document::Document;
use crate::document::class::{Class, HandedIn};
use crate::document::merge::{Entry, MergeOutcome};
use crate::error::Error;
use crate::page::state::analysis::Shown;
use crate::page::state::storage;

use super::read::Asked;

/// Where what students have handed in is kept.
const HANDED: &str = "bioscope.class";

/// What the model has read in a question, or why it could not.
pub type ReadQuestion = Result<Arc<Shown>, Error>;

/// Labels that came in, and what became of them.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// What came in last.
    pub entries: Vec<Entry>,
    /// One for each of them.
    pub outcomes: Vec<MergeOutcome>,
    /// How many annotators there were then.
    pub annotators: usize,
}

/// The class's signals. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct ClassState {
    /// Labels that came in.
    pub imported: RwSignal<Imported>,
    /// Whether the annotators that are here stay when others come in.
    pub keep: RwSignal<bool>,
    /// What students have handed in for a set of questions.
    pub handed: RwSignal<Vec<HandedIn>>,
    /// The same that was forgotten last.
    pub forgotten: RwSignal<Vec<HandedIn>>,
    /// What was on the page before a question of the class.
    pub before: StoredValue<Option<Document>>,
    /// What was handed in merged, question by question.
    pub merged: RwSignal<Class>,
    /// What came of reading each of these questions.
    pub read: RwSignal<Vec<Option<ReadQuestion>>>,
    /// The question of them that is on the page.
    pub question: RwSignal<usize>,
    /// Whether the same labels under the same name count twice.
    pub doubles: RwSignal<bool>,
    pub(super) reading: StoredValue<Option<Asked>>,
}

impl ClassState {
    /// Nothing came in yet.
    pub fn new() -> ClassState {
        ClassState {
            imported: RwSignal::new(Imported::default()),
            keep: RwSignal::new(true),
            handed: RwSignal::new(storage::kept_value(HANDED).unwrap_or_default()),
            forgotten: RwSignal::new(Vec::new()),
            before: StoredValue::new(None),
            merged: RwSignal::new(Class::default()),
            read: RwSignal::new(Vec::new()),
            question: RwSignal::new(0),
            doubles: RwSignal::new(false),
            reading: StoredValue::new(None),
        }
    }

    /// Keeps what has been handed in for the next visit.
    pub fn autosave(self) {
        storage::keep_when_it_changes(HANDED, self.handed);
    }
}
