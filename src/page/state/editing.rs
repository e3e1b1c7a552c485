//! What the user does to the document: every step can be undone.

use leptos::prelude::*;

use crate::bio::{Dist, Label, Span};
use crate::document::{Document, Edit, History};

use super::store::Store;

impl Store {
    /// Changes the document; the step can be undone.
    pub fn edit(&self, kind: Edit, change: impl FnOnce(&mut Document)) {
        let before = self.document.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return;
        }
        after.lift(&before);
        self.history.update_value(|h| h.record(&before, kind, js_sys::Date::now()));
        self.document.set(after);
        self.refresh_reach();
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
            (other.view, other.units, other.fold) = (present.view, present.units, present.fold);
            (other.decoder, other.model) = (present.decoder, present.model.clone());
            // What was shown once stays in sight.
            if (&other.question, &other.paragraph) == (&present.question, &present.paragraph) {
                other.assignment.hidden &= present.assignment.hidden;
                other.assignment.guided &= present.assignment.guided;
            }
            let rows = other.annotators.len();
            self.document.set(other);
            self.annotator.update(|row| *row = (*row).min(rows.saturating_sub(1)));
        }
        self.refresh_reach();
    }

    fn refresh_reach(&self) {
        self.reach.set(self.history.with_value(History::reach));
    }

    /// The text range of tokens `first..=last` of the analysis on show.
    pub fn span(&self, first: usize, last: usize) -> Option<Span> {
        self.shown.with_untracked(|shown| {
            let tokens = &shown.as_ref()?.analysis.tokens;
            Some(Span { start: tokens.get(first)?.start, end: tokens.get(last)?.end })
        })
    }

    /// Labels tokens `first..=last` for the current annotator, who is added when there is none.
    /// Does nothing while the analysis is about another paragraph: its tokens are not the document's.
    pub fn label(&self, first: usize, last: usize, label: Label) {
        let Some(span) = self.span(first, last) else { return };
        if !self.current_text() {
            return;
        }
        let previous = first.checked_sub(1).and_then(|i| self.span(i, i));
        let (row, name) = (self.annotator.get_untracked(), self.words.annotator_name(1));
        self.edit(Edit::Step, |d| {
            if d.annotators.is_empty() && label != Label::O {
                d.add_annotator(&name);
            }
            match label {
                Label::B => d.mark(row, span),
                Label::I => d.inside(row, previous, span),
                Label::O => d.unmark(row, span),
            }
        });
    }

    /// Sets t_i of a token directly, or gives it back to the annotators.
    pub fn set_direct(&self, i: usize, t: Option<Dist>) {
        let Some(token) = self.span(i, i).filter(|_| self.current_text()) else { return };
        self.edit(Edit::Direct(i), |d| d.set_direct(token, t));
    }

    /// Three annotators of whom two mark the chosen word and one says "no answer".
    pub fn two_of_three(&self, first: usize, last: usize) {
        let Some(span) = self.span(first, last).filter(|_| self.current_text()) else { return };
        let names = self.words.guide.annotators.map(String::from);
        self.edit(Edit::Step, |d| d.two_of_three(span, names));
        self.annotator.set(0);
    }

    /// Whether the analysis on show is about the document's paragraph, so that its tokens can be labelled.
    fn current_text(&self) -> bool {
        self.shown.with_untracked(|s| {
            self.document.with_untracked(|d| s.as_ref().is_some_and(|s| s.paragraph == d.paragraph))
        })
    }

    /// Adds an annotator and lets them label.
    pub fn add_annotator(&self) {
        let count = self.document.with_untracked(|d| d.annotators.len());
        self.edit(Edit::Step, |d| {
            d.add_annotator(&self.words.annotator_name(count + 1));
        });
        self.annotator.set(count);
    }

    /// Removes an annotator with all labels.
    pub fn remove_annotator(&self, row: usize) {
        self.edit(Edit::Step, |d| d.remove_annotator(row));
        let last = self.document.with_untracked(|d| d.annotators.len().saturating_sub(1));
        self.annotator.update(|current| *current = current.saturating_sub(usize::from(*current > row)).min(last));
    }
}
