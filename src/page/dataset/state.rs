//! What the page knows of files with questions. It outlives a change of language.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Opened, Scoring, list};
use crate::bio::Decoder;
use crate::dataset::{Dataset, Record, Score};
use crate::error::Error;
use crate::page::state::storage;

/// Where changes that are not saved are kept.
const KEPT: &str = "bioscope.data";

/// A file with questions.
#[derive(Clone, Debug)]
pub struct OpenDataset {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub dataset: Arc<Dataset>,
    /// The same as it was read, without changes.
    pub read: Arc<Dataset>,
}

/// One row of the table of scores.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The question's index in the file.
    pub index: usize,
    /// Its scores, or why there are none.
    pub score: Result<Score, Error>,
}

/// A record that was changed and not saved: its place in the file, what became of it, and which text it had there where that is
/// another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept(pub usize, pub Record, #[serde(default)] pub Option<u64>);

impl Kept {
    /// What became of the record at that place, which was read so.
    pub fn new(place: usize, now: &Record, read: &Record) -> Kept {
        Kept(place, now.clone(), (now.context != read.context).then(|| digest(&read.context)))
    }

    /// Whether it is of the record that stands there now.
    pub fn is_of(&self, read: &Record) -> bool {
        read.id == self.1.id && (read.context == self.1.context || self.2 == Some(digest(&read.context)))
    }
}

/// Stands for a text. Another release of the standard library may count otherwise; then what was edited is not found again.
fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The signals of the files. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct DatasetState {
    /// The files that were opened or dropped last, and what became of each.
    pub opened_files: RwSignal<Vec<Opened>>,
    /// The files themselves, in the same order, for reading them again in another way.
    pub contents: StoredValue<Vec<Vec<web_sys::File>>, LocalStorage>,
    /// The file with questions.
    pub open: RwSignal<Option<OpenDataset>>,
    /// The question of it that the page's text is of, until another text takes its place.
    pub chosen: RwSignal<Option<usize>>,
    /// The questions of it that were changed here; told of every change.
    pub changed: RwSignal<Vec<usize>>,
    /// Whether some change is not saved yet.
    pub unsaved: StoredValue<bool>,
    /// By the file's name, its changed records: what is not saved outlives the visit.
    pub kept: RwSignal<BTreeMap<String, Vec<Kept>>>,
    /// Whether the changes are those of an earlier visit.
    pub earlier: RwSignal<bool>,
    /// What is searched for.
    pub wanted: RwSignal<String>,
    /// The questions that fit the search, by their index in the file.
    pub found: Memo<Vec<usize>>,
    /// First entry of the list that is shown.
    pub first: RwSignal<usize>,
    /// The table of scores.
    pub scored: RwSignal<Vec<Scored>>,
    /// What made it: the model, the decoder, and how many questions were asked for.
    pub scored_by: RwSignal<(String, Decoder, usize)>,
    /// How many questions are to be scored in all, while they are.
    pub scoring: RwSignal<Option<usize>>,
    /// What is asked for them.
    pub asked: StoredValue<Option<Scoring>>,
}

impl DatasetState {
    /// No file is open.
    pub fn new() -> DatasetState {
        let (open, wanted) = (RwSignal::new(None::<OpenDataset>), RwSignal::new(String::new()));
        let found = Memo::new(move |_| {
            open.with(|open| open.as_ref().map(|open| wanted.with(|wanted| list::found(&open.dataset.records, wanted))))
                .unwrap_or_default()
        });
        DatasetState {
            opened_files: RwSignal::new(Vec::new()),
            contents: StoredValue::new_local(Vec::new()),
            open,
            chosen: RwSignal::new(None),
            changed: RwSignal::new(Vec::new()),
            unsaved: StoredValue::new(false),
            kept: RwSignal::new(storage::kept_value(KEPT).unwrap_or_default()),
            earlier: RwSignal::new(false),
            wanted,
            found,
            first: RwSignal::new(0),
            scored: RwSignal::new(Vec::new()),
            scored_by: RwSignal::default(),
            scoring: RwSignal::new(None),
            asked: StoredValue::new(None),
        }
    }

    /// Keeps changes that are not saved for the next visit.
    pub fn autosave(self) {
        storage::keep_when_it_changes(KEPT, self.kept);
    }

    /// All changes of that file are saved, or given up.
    pub fn forget(self, name: &str) {
        self.earlier.set(false);
        self.kept.update(|kept| drop(kept.remove(name)));
    }
}
