//! Sets of questions: put together by a teacher, opened and labelled by students. What a class hands in is in `class`.

pub mod card;
pub mod state;
pub mod work;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::document::question_set::QuestionSet;
use crate::document::{Document, Edit};
use crate::exercise;

use super::components::files;
use super::components::focus::show_question;
use super::state::navigation::Place;
use super::state::store::Store;
use super::state::{examples, storage};

impl Store {
    /// Adds a question to the teacher's set. `false`: it has no text, is there already, or the set is full.
    pub fn add_to_set(self, document: &Document) -> bool {
        let mut added = false;
        self.sets.change(|set| added = set.add(document));
        added
    }

    /// Puts a document of a set in place. How things are shown stays, and so does the model, unless another one is asked for.
    pub(crate) fn put_in_place(self, mut document: Document, model: &str) {
        let shipped = self.is_shipped(model);
        self.editor.document.with_untracked(|present| {
            document.arrange_as(present);
            document.model = if shipped { model.into() } else { present.model.clone() };
        });
        let other_model = shipped && model != untrack(|| self.model()); // which may be the user's own under that name
        if let Some(shown) = examples::stored(&document) {
            self.analysis.shown.set(Some(Arc::new(shown)));
        }
        self.editor.edit(Edit::Step, |d| *d = document);
        self.analyse_opened(other_model);
    }

    /// Puts a question of the teacher's set on the page.
    pub fn show_composed(self, at: usize) {
        let item = self.sets.composed.with_untracked(|set| set.items.get(at).cloned());
        if let Some(item) = item.filter(|item| !item.guided) {
            self.close_set();
            self.put_in_place(item.document, "");
            self.editor.annotator.set(0);
            show_question();
        }
    }

    /// Closes the set that is open; its labels are kept.
    pub fn close_set(self) {
        if self.sets.works.with_untracked(|works| works.open) {
            self.sets.works.update(|works| works.open = false);
        }
    }

    /// Opens a set to work on it, and its first question, or the one that one has left.
    pub fn open_set(self, set: QuestionSet) {
        if set.items.is_empty() {
            return;
        }
        self.editor.document.with_untracked(storage::keep_before);
        self.sets.works.update(|works| works.open(set));
        self.show_work();
    }

    /// Opens a file with a set to work on it: the teacher's, or what one has saved oneself.
    pub fn take_set(self, file: web_sys::File) {
        self.read_set(file, Store::open_set);
    }

    /// Reads a file with a set.
    fn read_set(self, file: web_sys::File, then: fn(Store, QuestionSet)) {
        spawn_local(async move {
            let text = files::text(&file, self.words).await;
            match text.and_then(|text| QuestionSet::from_json(&file.name(), &text)) {
                Ok(set) => then(self, set),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Opens a set of an earlier visit again.
    pub fn go_on_with_set(self, at: usize) {
        self.sets.works.update(|works| works.go_on(at));
        self.show_work();
    }

    fn show_work(self) {
        let open = self.sets.works.with_untracked(|works| works.current().map(|work| (work.at, work.model.clone())));
        if let Some((at, model)) = open {
            self.show_with(at, &model);
        }
    }

    /// Goes to a question of the open set. What was labelled in the one before is in the set already.
    pub fn show_question(self, at: usize) {
        // The guided exercise has a model of its own.
        let was_guided = self.sets.works.with_untracked(|works| {
            let work = works.current()?;
            work.set.items.get(work.at).filter(|item| item.guided).map(|_| work.model.clone())
        });
        self.show_with(at, &was_guided.unwrap_or_default());
    }

    fn show_with(self, at: usize, model: &str) {
        let item = self.sets.works.with_untracked(|works| works.current()?.set.items.get(at).cloned());
        let Some(mut item) = item else { return };
        let was_guided = self.editor.document.with_untracked(|d| d.assignment.guided);
        if item.guided {
            exercise::prepare(&mut item.document, self.words.guide.annotators.map(String::from));
            item.document.assignment.guided = true;
        }
        self.sets.works.update(|works| {
            if let Some(work) = works.current_mut() {
                work.at = at;
                work.set.items[at].document.clone_from(&item.document);
            }
        });
        let elsewhere = matches!(self.navigation.place.get_untracked(), Place::Class | Place::Dataset);
        if !item.guided && (was_guided || elsewhere) {
            self.navigation.open_of_link(Place::Read, None);
        }
        let given = item.given;
        self.put_in_place(item.document, if item.guided { exercise::MODEL } else { model });
        self.editor.annotator.set(given); // a row of the student's own, which the first label adds
    }

    /// Takes what is labelled on the page into the open set, whichever of its questions the page shows: a step back may lead
    /// to another one.
    pub fn follow_set(self) {
        Effect::new(move |_| {
            let document = self.editor.document.get();
            let place = self.sets.works.with_untracked(|works| works.place_of(&document));
            let Some(at) = place else { return };
            let same = |work: &state::Work| work.at == at && work.set.items[at].document == document;
            if self.sets.works.with_untracked(|works| works.current().is_some_and(same)) {
                return;
            }
            self.sets.works.update(|works| {
                if let Some(work) = works.current_mut() {
                    work.at = at;
                    work.set.items[at].document = document;
                }
            });
        });
    }

    /// Where the page is in the set that is open, else in the class's, else in the teacher's: the question's index, and how many
    /// there are.
    pub fn place_in_set(self) -> Option<(Option<usize>, usize)> {
        self.set_in_view().map(|(_, at, of)| (at, of))
    }

    /// Goes to another question of that set.
    pub fn show_in_set(self, at: usize) {
        match untrack(|| self.set_in_view()) {
            Some((InView::Open, ..)) => self.show_question(at),
            Some((InView::Class, ..)) => self.show_of_class(at),
            _ => self.show_composed(at),
        }
    }

    fn set_in_view(self) -> Option<(InView, Option<usize>, usize)> {
        self.editor.document.with(|document| {
            let open = self.sets.works.with(|works| {
                let work = works.current()?;
                Some((InView::Open, works.place_of(document), work.set.items.len()))
            });
            let class = || {
                self.class.merged.with(|class| {
                    let at = class.find(document)?;
                    Some((InView::Class, Some(at), class.questions.len()))
                })
            };
            let composed = || {
                self.sets.composed.with(|set| {
                    let of = set.items.len();
                    (of > 0).then(|| (InView::Composed, set.find(document), of))
                })
            };
            open.or_else(class).or_else(composed)
        })
    }
}

/// Which set the page is in.
enum InView {
    /// The one that is worked on.
    Open,
    /// What a class has handed in.
    Class,
    /// The teacher's own.
    Composed,
}
