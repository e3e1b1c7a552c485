//! The document and what the user does to it: every step can be undone.

use leptos::prelude::*;

use crate::document::{Document, Edit, History};

/// The signals of the document and of labelling. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct EditorState {
    /// The user's document: change it through [`EditorState::edit`].
    pub document: RwSignal<Document>,
    history: StoredValue<History>,
    /// What the latest change was; None: a step back or forward.
    pub latest: StoredValue<Option<Edit>>,
    /// Whether undo and redo have a step to go.
    pub reach: RwSignal<(bool, bool)>,
    /// Whether the latest step was the opening of a link.
    pub link_opened: RwSignal<bool>,
    /// Whether the paragraph is being edited.
    pub editing: RwSignal<bool>,
    /// The annotator who labels.
    pub annotator: RwSignal<usize>,
    /// The name of the annotator who was chosen to label: at the next question, too, where there may be no row of it yet.
    pub labels_as: RwSignal<Option<String>>,
    /// What a screen reader is told of a step that may be out of sight.
    pub said: RwSignal<String>,
    /// The tokens selected for labelling, first to last inclusive.
    pub selected: RwSignal<Option<(usize, usize)>>,
    /// Whether a tap on a token labels it.
    pub marking: RwSignal<bool>,
}

impl EditorState {
    /// Begins with a document, without a step to take back.
    pub fn new(document: Document) -> EditorState {
        EditorState {
            document: RwSignal::new(document),
            history: StoredValue::new(History::default()),
            latest: StoredValue::new(Some(Edit::Step)),
            reach: RwSignal::new((false, false)),
            link_opened: RwSignal::new(false),
            editing: RwSignal::new(false),
            annotator: RwSignal::new(0),
            labels_as: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            selected: RwSignal::new(None),
            marking: RwSignal::new(false),
        }
    }

    /// A part of the document that changes only when it does.
    pub fn part<T: PartialEq + Send + Sync + 'static>(&self, part: fn(&Document) -> T) -> Memo<T> {
        let document = self.document;
        Memo::new(move |_| document.with(part))
    }

    /// Changes the document; the step can be undone.
    pub fn edit(&self, kind: Edit, change: impl FnOnce(&mut Document)) {
        let before = self.document.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        self.history.update_value(|h| h.record(&before, kind, js_sys::Date::now()));
        self.latest.set_value(Some(kind));
        self.document.set(after);
        self.refresh_reach();
        self.link_opened.set(false);
    }

    /// Makes a document of an earlier visit the step before the first.
    pub fn remember(&self, earlier: &Document) {
        if self.document.with_untracked(|d| d != earlier) {
            self.history.update_value(|h| h.record(earlier, Edit::Step, js_sys::Date::now()));
            self.refresh_reach();
        }
    }

    /// Changes how things are shown: kept, but no step of the history.
    pub fn arrange(&self, change: impl FnOnce(&mut Document)) {
        self.document.update(change);
    }

    /// Takes back the last step.
    pub fn undo(&self) {
        self.travel(History::undo);
    }

    /// Does it again.
    pub fn redo(&self) {
        self.travel(History::redo);
    }

    fn travel(&self, step: impl FnOnce(&mut History, &Document) -> Option<Document>) {
        let present = self.document.get_untracked();
        let other = self.history.try_update_value(|h| step(h, &present)).flatten();
        if let Some(mut other) = other {
            // Undo is about content; how it is shown stays as it is now.
            other.arrange_as(&present);
            (other.decoder, other.model) = (present.decoder, present.model.clone());
            // What was shown once stays in sight.
            if (&other.question, &other.paragraph) == (&present.question, &present.paragraph) {
                other.assignment.hidden &= present.assignment.hidden;
                other.assignment.guided &= present.assignment.guided;
            }
            let (rows, chosen) = (other.annotators.len(), self.row_of_chosen(&other));
            self.latest.set_value(None);
            self.document.set(other);
            // Whose first label was taken back is still who labels.
            self.annotator.update(|row| *row = chosen.unwrap_or((*row).min(rows)));
            self.link_opened.set(false);
        }
        self.refresh_reach();
    }

    /// Lets that annotator label, here and at the next question.
    pub fn choose_annotator(&self, row: usize) {
        self.annotator.set(row);
        self.labels_as.set(self.document.with_untracked(|d| d.annotators.get(row).map(|a| a.name.clone())));
    }

    /// The row of the name that was chosen, in a document that has one.
    pub fn row_of_chosen(&self, document: &Document) -> Option<usize> {
        self.labels_as.with_untracked(|name| document.annotators.iter().position(|a| Some(&a.name) == name.as_ref()))
    }

    fn refresh_reach(&self) {
        self.reach.set(self.history.with_value(History::reach));
    }
}
