//! What labelling does to the document, by the tokens of the analysis on show.

use leptos::prelude::*;

use crate::bio::{Dist, Label, Span};
use crate::document::{Document, Edit};
use crate::page::state::store::Store;

impl Store {
    /// Labels tokens `first..=last` for the current annotator, who is added when there is none.
    /// Does nothing while the analysis is about another paragraph: its tokens are not the document's.
    pub fn label(&self, first: usize, last: usize, label: Label) {
        self.label_with(first, last, label, Document::mark);
    }

    /// The same for one word, where B begins an answer there, amid another one too.
    pub fn label_one(&self, first: usize, last: usize, label: Label) {
        self.label_with(first, last, label, Document::begin);
    }

    fn label_with(&self, first: usize, last: usize, label: Label, answer: fn(&mut Document, usize, Span)) {
        let Some(span) = self.analysis.span(first, last) else { return };
        if !self.current_text() {
            return;
        }
        let previous = first.checked_sub(1).and_then(|i| self.analysis.token(i));
        let (row, name) = (self.editor.annotator.get_untracked(), self.words.annotator_name(1));
        self.editor.edit(Edit::Step, |d| {
            if row == d.annotators.len() && label != Label::O {
                d.add_annotator(&name);
            }
            match label {
                Label::B => answer(d, row, span),
                Label::I => d.inside(row, previous, span),
                Label::O => d.unmark(row, span),
            }
        });
    }

    /// Sets t_i of a token directly, or gives it back to the annotators.
    pub fn set_direct(&self, i: usize, t: Option<Dist>) {
        let Some(token) = self.analysis.token(i).filter(|_| self.current_text()) else { return };
        self.editor.edit(Edit::Direct(i), |d| d.set_direct(token, t));
    }

    /// Three annotators of whom two mark the chosen word and one says "no answer".
    pub fn two_of_three(&self, first: usize, last: usize) {
        let Some(span) = self.analysis.span(first, last).filter(|_| self.current_text()) else { return };
        let names = self.words.guide.annotators.map(String::from);
        self.editor.edit(Edit::Step, |d| d.two_of_three(span, names));
        self.editor.annotator.set(0);
    }

    /// Whether the analysis on show is about the document's paragraph, so that its tokens can be labelled.
    fn current_text(&self) -> bool {
        self.analysis.shown.with_untracked(|s| {
            self.editor.document.with_untracked(|d| s.as_ref().is_some_and(|s| s.paragraph == d.paragraph))
        })
    }

    /// Adds an annotator and lets them label.
    pub fn add_annotator(&self) {
        let mut row = 0;
        self.editor.edit(Edit::Step, |d| {
            let free = |name: &String| d.annotators.iter().all(|a| a.name != *name);
            let mut names = (d.annotators.len() + 1..).map(|number| self.words.annotator_name(number));
            row = d.add_annotator(&names.find(free).unwrap_or_default());
        });
        self.editor.annotator.set(row);
    }

    /// Removes an annotator with all labels.
    pub fn remove_annotator(&self, row: usize) {
        self.editor.edit(Edit::Step, |d| d.remove_annotator(row));
        let last = self.editor.document.with_untracked(|d| d.annotators.len().saturating_sub(1));
        self.editor
            .annotator
            .update(|current| *current = current.saturating_sub(usize::from(*current > row)).min(last));
    }
}
