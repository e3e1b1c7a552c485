//! What the page knows of links, a class's labels and questions from files. It outlives a change of language.

use std::sync::Arc;

use leptos::prelude::*;

use crate::dataset::{Dataset, Score};
use crate::document::merge::{Entry, Outcome};
use crate::error::Error;
use crate::page::dataset::{Opened, Scoring};

/// Labels that came in, and what became of them.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// What came in last.
    pub entries: Vec<Entry>,
    /// One for each of them.
    pub outcomes: Vec<Outcome>,
}

/// A file with questions.
#[derive(Clone, Debug)]
pub struct OpenDataset {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub dataset: Arc<Dataset>,
}

/// One row of the table of scores.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The question's index in the file.
    pub index: usize,
    /// Its scores, or why there are none.
    pub score: Result<Score, Error>,
}

/// Signals. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// Whether the panel with the link is open.
    pub sharing: RwSignal<bool>,
    /// Whether a link was opened and nobody has taken note of it yet.
    pub opened: RwSignal<bool>,
    /// Labels that came in.
    pub class: RwSignal<Class>,
    /// Whether the annotators that are here stay when others come in.
    pub keep: RwSignal<bool>,
    /// The files that were opened or dropped last, and what became of each.
    pub opened_files: RwSignal<Vec<Opened>>,
    /// The files themselves, in the same order, for reading them again in another way.
    pub contents: StoredValue<Vec<Vec<web_sys::File>>, LocalStorage>,
    /// The file with questions.
    pub dataset: RwSignal<Option<OpenDataset>>,
    /// The question of it that was chosen last.
    pub chosen: RwSignal<Option<usize>>,
    /// What is searched for.
    pub wanted: RwSignal<String>,
    /// First entry of the list that is shown.
    pub first: RwSignal<usize>,
    /// The table of scores.
    pub scored: RwSignal<Vec<Scored>>,
    /// How many questions are to be scored in all, while they are.
    pub scoring: RwSignal<Option<usize>>,
    /// What is asked for them.
    pub asked: StoredValue<Option<Scoring>>,
}

impl Shelf {
    /// An empty one.
    pub fn new() -> Shelf {
        Shelf {
            sharing: RwSignal::new(false),
            opened: RwSignal::new(false),
            class: RwSignal::new(Class::default()),
            keep: RwSignal::new(true),
            opened_files: RwSignal::new(Vec::new()),
            contents: StoredValue::new_local(Vec::new()),
            dataset: RwSignal::new(None),
            chosen: RwSignal::new(None),
            wanted: RwSignal::new(String::new()),
            first: RwSignal::new(0),
            scored: RwSignal::new(Vec::new()),
            scoring: RwSignal::new(None),
            asked: StoredValue::new(None),
        }
    }
}
