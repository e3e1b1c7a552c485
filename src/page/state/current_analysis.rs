//! Which analysis is on show, and what becomes of the one before.

use std::sync::Arc;

use leptos::prelude::*;

use crate::bio::Decoder;
use crate::document::{Document, Edit};

use super::analysis::{Inside, Shown};
use super::examples::{self, Example};
use super::store::Store;

impl Store {
    /// Shows the analysis that came with the page, where the document is about that text and none is on show.
    pub fn show_example(&self) {
        if self.analysis.stale.get_untracked()
            && let Some(shown) = self.editor.document.with_untracked(examples::stored)
        {
            self.analysis.inside.set(None);
            self.analysis.shown.set(Some(Arc::new(shown)));
        }
    }

    /// Puts an example in place and asks for its analysis.
    pub fn choose_example(&self, id: &str) {
        let Some(example) = examples::all().iter().find(|e| e.id == id) else { return };
        self.editor.edit(Edit::Step, |d| set_example(d, example));
        self.editor.annotator.set(0);
        self.analyse();
    }

    /// Decodes again, at once: p does not change.
    pub fn set_decoder(&self, decoder: Decoder) {
        self.editor.arrange(|d| d.decoder = decoder);
        self.analysis.shown.update(|shown| {
            if let Some(shown) = shown {
                let shown = Arc::make_mut(shown);
                shown.analysis.decode_by(&shown.paragraph, decoder);
            }
        });
    }

    /// Shows an analysis in place of the one before.
    pub fn show(&self, shown: Shown, inside: Inside) {
        self.analysis.keep_earlier(&shown);
        let same_text =
            self.analysis.shown.with_untracked(|old| old.as_ref().is_some_and(|o| o.paragraph == shown.paragraph));
        if !same_text {
            self.analysis.hovered.set(None);
            self.analysis.pinned.set(None);
            self.editor.selected.set(None);
        }
        self.analysis.inside.set(Some(inside));
        self.analysis.shown.set(Some(Arc::new(shown)));
    }
}

/// Puts an example into a document.
pub fn set_example(document: &mut Document, example: &Example) {
    document.set_example(&example.id, &example.question, &example.paragraph, example.annotators.clone());
}
