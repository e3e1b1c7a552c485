//! What students hand in for a set of questions: taken in, merged question by question, put on the page.

use leptos::prelude::*;

use crate::document::class::{self, HandedIn};
use crate::document::{Document, Edit, same_text};
use crate::page::state::store::Store;

impl Store {
    /// Takes in what students have handed in, beside what is here or in place of it.
    pub(super) fn take_handed_in(self, handed: Vec<HandedIn>) {
        self.class.forgotten.set(Vec::new());
        self.class.handed.update(|all| {
            if !self.class.keep.get_untracked() {
                all.clear();
            }
            // The very same file again is no other student's.
            all.extend(handed.into_iter().filter(|new| !all.contains(new)).collect::<Vec<_>>());
        });
        self.merge_handed_in();
        self.show_of_class(self.class.question.get_untracked());
    }

    /// Forgets the files. If one of their questions is on the page, what was there before comes back.
    pub(super) fn forget_handed_in(self) {
        let here = self.of_class(&self.editor.document.get_untracked());
        self.class.forgotten.set(self.class.handed.get_untracked());
        self.class.handed.set(Vec::new());
        self.merge_handed_in();
        if let Some(before) = self.class.before.try_update_value(Option::take).flatten().filter(|_| here) {
            self.put_in_place(before, "");
            self.editor.annotator.set(0);
        }
    }

    /// Whether a document has the text of one of the class's questions.
    fn of_class(self, document: &Document) -> bool {
        self.class.merged.with_untracked(|class| class.find(document).is_some())
    }

    /// Merges all files anew, and has the questions read that have not been.
    pub(crate) fn merge_handed_in(self) {
        let doubles = self.class.doubles.get_untracked();
        let merged = self
            .class
            .handed
            .with_untracked(|handed| self.sets.composed.with_untracked(|set| class::merge(set, handed, doubles)));
        let of = merged.questions.len();
        let kept = self.class.merged.with_untracked(|old| {
            let mut pairs = old.questions.iter().zip(&merged.questions);
            old.questions.len() == of && pairs.all(|(old, new)| same_text(old.text(), new.text()))
        });
        if !kept {
            self.class.read.set(vec![None; of]);
            self.class.question.set(0);
        }
        self.class.merged.set(merged);
        self.read_next_of_class();
    }

    /// Puts a question of the class on the page, with all students as its annotators.
    pub(crate) fn show_of_class(self, at: usize) {
        let question = self.class.merged.with_untracked(|class| class.questions.get(at).cloned());
        let Some(mut question) = question else { return };
        self.editor.document.with_untracked(|present| {
            question.arrange_as(present);
            question.model.clone_from(&present.model);
        });
        let decoder = question.decoder;
        let present = self.editor.document.get_untracked();
        let merged = self.class.merged.with_untracked(|class| {
            class.find(&present).is_some_and(|k| class.questions[k].annotators == present.annotators)
        });
        if !merged && (self.class.before.with_value(Option::is_none) || !self.of_class(&present)) {
            self.class.before.set_value(Some(present));
        }
        self.class.question.set(at);
        self.close_set(); // the class's labels are nobody's own work
        let read = self.class.read.with_untracked(|read| read.get(at).cloned().flatten());
        let read = read.and_then(Result::ok).filter(|read| read.analysis.decode == decoder);
        self.editor.edit(Edit::Step, |d| *d = question);
        self.editor.annotator.set(0);
        if let Some(read) = read {
            self.analysis.shown.set(Some(read)); // at once; the engine reads it for h as well
        }
        self.analyse();
    }
}
