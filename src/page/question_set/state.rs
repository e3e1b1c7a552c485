//! What the page knows of sets of questions: the one that a teacher puts together, and those that a student has opened.

use leptos::ev;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::document::question_set::QuestionSet;
use crate::exercise;
use crate::page::components::events::on_window;
use crate::page::state::storage;

/// Where the teacher's set is kept.
const SET: &str = "bioscope.set";
/// Where opened sets are kept.
const WORKS: &str = "bioscope.works";

/// So many opened sets are kept: a term's lessons, not a lifetime's.
const MOST: usize = 8;

/// A set that was opened, and which of its questions is on the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// The set with the student's labels.
    pub set: QuestionSet,
    /// Index of the question.
    pub at: usize,
    /// The model that the teacher's questions name: one for all, so that nobody waits between two of them.
    pub model: String,
}

/// The sets that were opened, the last one first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Works {
    /// All of them.
    pub all: Vec<Work>,
    /// Whether the first one is being worked on.
    pub open: bool,
}

impl Works {
    /// The set that is being worked on.
    pub fn current(&self) -> Option<&Work> {
        self.all.first().filter(|_| self.open)
    }

    /// The same, to change it.
    pub fn current_mut(&mut self) -> Option<&mut Work> {
        self.all.first_mut().filter(|_| self.open)
    }

    /// Opens a set. What was labelled in an earlier copy of it is still there.
    pub fn open(&mut self, mut set: QuestionSet) {
        let mut at = 0;
        if let Some(k) = self.all.iter().position(|work| work.set.asks_the_same(&set)) {
            let earlier = self.all.remove(k);
            set.take_over(&earlier.set);
            at = earlier.at.min(set.items.len().saturating_sub(1));
        }
        let model = set.items.iter().map(|item| &item.document.model).find(|model| !model.is_empty());
        let model = model.cloned().unwrap_or_default();
        self.all.insert(0, Work { set, at, model });
        self.all.truncate(MOST);
        self.open = true;
    }

    /// Opens a set again.
    pub fn go_on(&mut self, at: usize) {
        if at < self.all.len() {
            let work = self.all.remove(at);
            self.all.insert(0, work);
            self.open = true;
        }
    }

    /// Takes over what another tab has labelled in the open set, but for the question that is on this tab's page.
    fn take_in(&mut self, other: Works) {
        let Some(theirs) = other.all.into_iter().next() else { return };
        let Some(mine) = self.all.first_mut().filter(|work| work.set.asks_the_same(&theirs.set)) else { return };
        let at = mine.at;
        for (_, item) in mine.set.items.iter_mut().enumerate().filter(|(k, item)| *k != at && !item.guided) {
            if let Some(found) = theirs.set.find(&item.document) {
                item.document.clone_from(&theirs.set.items[found].document);
            }
        }
    }

    /// Where in the open set a document belongs.
    pub fn place_of(&self, document: &Document) -> Option<usize> {
        let work = self.current()?;
        // Two questions may have the same text where one is the guided exercise.
        let here = work.set.items.get(work.at).is_some_and(|item| item.asks(document));
        if here { Some(work.at) } else { work.set.find(document) }
    }
}

/// The signals of the sets. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct QuestionSetState {
    /// The set that a teacher puts together.
    pub composed: RwSignal<QuestionSet>,
    /// The same before the last step.
    pub before: RwSignal<Option<QuestionSet>>,
    /// The sets that a student has opened.
    pub works: RwSignal<Works>,
}

impl QuestionSetState {
    /// What an earlier visit has kept.
    pub fn new() -> QuestionSetState {
        let mut works = storage::kept_value::<Works>(WORKS).unwrap_or_default();
        for item in works.all.iter_mut().flat_map(|work| &mut work.set.items).filter(|item| item.guided) {
            (item.document.question, item.document.paragraph) = (exercise::QUESTION.into(), exercise::PARAGRAPH.into());
        }
        let composed = storage::kept_value::<QuestionSet>(SET).map(QuestionSet::composed_again);
        QuestionSetState {
            composed: RwSignal::new(composed.unwrap_or_default()),
            before: RwSignal::new(None),
            works: RwSignal::new(works),
        }
    }

    /// Keeps both whenever they change.
    pub fn autosave(self) {
        storage::keep_when_it_changes(SET, self.composed);
        storage::keep_when_it_changes(WORKS, self.works);
        // Two tabs with the same set lose none of each other's labels.
        on_window(ev::storage, move |event| {
            let key = event.key().filter(|key| key == WORKS);
            let Some(other) = key.and_then(|key| storage::kept_value::<Works>(&key)) else { return };
            let mut merged = self.works.get_untracked();
            merged.take_in(other);
            if self.works.with_untracked(|works| *works != merged) {
                self.works.set(merged);
            }
        });
    }

    /// Changes the teacher's set; the step can be taken back.
    pub fn change(self, change: impl FnOnce(&mut QuestionSet)) {
        let before = self.composed.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.before.set(Some(before));
            self.composed.set(after);
        }
    }

    /// Takes the last step back.
    pub fn undo(self) {
        if let Some(before) = self.before.get_untracked() {
            self.before.set(None);
            self.composed.set(before);
        }
    }
}
