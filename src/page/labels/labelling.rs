//! What labelling does to the document, by the tokens of the analysis on show.

use leptos::prelude::*;

use crate::bio::{Dist, Label, Span};
use crate::document::{Annotator, Document, Edit};
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
        self.change_row(label != Label::O, &|d, row| match label {
            Label::B => answer(d, row, span),
            Label::I => d.inside(row, previous, span),
            Label::O => d.unmark(row, span),
        });
    }

    /// The current annotator says that there is no answer.
    pub fn no_answer(&self) {
        self.change_row(true, &|d, row| d.unmark(row, Span { start: 0, end: usize::MAX }));
    }

    /// Changes the labels of the current annotator, who gets a row where `add` and there is none.
    fn change_row(&self, add: bool, change: &dyn Fn(&mut Document, usize)) {
        let row = self.editor.annotator.get_untracked();
        let name = self.editor.labels_as.get_untracked().unwrap_or_else(|| self.words.annotator_name(1));
        let before = self.editor.document.get_untracked();
        self.editor.edit(Edit::Step, |d| {
            if add && row == d.annotators.len() {
                d.add_annotator(&name);
            }
            change(d, row);
        });
        self.editor.said.set(self.editor.document.with_untracked(|now| self.relabelled(now, &before)));
    }

    /// The annotators whose rows are not what they were before, and their answers now.
    fn relabelled(&self, now: &Document, before: &Document) -> String {
        let other = now.annotators.iter().filter(|annotator| !before.annotators.contains(annotator));
        other.map(|a| format!("{}: {}", a.name, self.quotes(now, a))).collect::<Vec<_>>().join("; ")
    }

    /// An annotator's answers.
    pub fn quotes(&self, document: &Document, annotator: &Annotator) -> String {
        if annotator.spans.is_empty() && annotator.stray.is_empty() {
            return self.words.says_no_answer.into();
        }
        let units: Vec<u16> = document.paragraph.encode_utf16().collect();
        let quote = |s: &Span| units.get(s.start..s.end).map(|u| format!("“{}”", String::from_utf16_lossy(u)));
        annotator.spans.iter().filter_map(quote).collect::<Vec<_>>().join(", ")
    }

    /// Who labels.
    pub fn labelling(&self) -> Option<String> {
        let row = self.editor.annotator.get();
        let name = self.editor.document.with(|d| d.annotators.get(row).map(|a| a.name.clone()));
        name.or_else(|| self.editor.labels_as.get()).map(|name| self.words.labelling(&name))
    }

    /// Takes a step back, or does it again. What it changes may be out of sight, so it is said; another text is read.
    pub fn travel(&self, back: bool) {
        let before = self.editor.document.get_untracked();
        let word = if back { self.words.undo } else { self.words.redo };
        if back {
            self.editor.undo()
        } else {
            self.editor.redo()
        }
        let now = self.editor.document.get_untracked();
        if now == before {
            return;
        }
        let same_text = now.text() == before.text();
        let what = if same_text { self.relabelled(&now, &before) } else { now.question.clone() };
        self.editor.said.set(format!("{word}: {what}"));
        if !same_text {
            self.show_example();
            if self.text_error().is_none() {
                self.analyse();
            }
        }
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
        self.editor.choose_annotator(row);
    }

    /// Removes an annotator with all labels.
    pub fn remove_annotator(&self, row: usize) {
        if self.editor.annotator.get_untracked() == row {
            self.editor.labels_as.set(None);
        }
        self.editor.edit(Edit::Step, |d| d.remove_annotator(row));
        let last = self.editor.document.with_untracked(|d| d.annotators.len().saturating_sub(1));
        self.editor
            .annotator
            .update(|current| *current = current.saturating_sub(usize::from(*current > row)).min(last));
    }
}
