//! What came in of a class's labels.

use leptos::prelude::*;

use crate::document::merge::{Entry, Outcome};

/// Labels that came in, and what became of them.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// What came in last.
    pub entries: Vec<Entry>,
    /// One for each of them.
    pub outcomes: Vec<Outcome>,
}

/// The class's signals. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct ClassState {
    /// Labels that came in.
    pub merged: RwSignal<Merged>,
    /// Whether the annotators that are here stay when others come in.
    pub keep: RwSignal<bool>,
}

impl ClassState {
    /// Nothing came in yet.
    pub fn new() -> ClassState {
        ClassState { merged: RwSignal::new(Merged::default()), keep: RwSignal::new(true) }
    }
}
