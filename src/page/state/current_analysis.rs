//! Which analysis is on show, and what becomes of the one before.

use std::sync::Arc;

use leptos::prelude::*;

use crate::bio::Decoder;
use crate::document::{Annotator, Document, Edit};
use crate::inference::{Analysis, ModelOutput, TokenOutput};

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
                shown.analysis = decoded_again(&shown.paragraph, &shown.analysis, decoder);
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
    let annotators = example.annotators.iter().cloned().map(Annotator::from).collect();
    document.set_example(&example.id, &example.question, &example.paragraph, annotators);
}

/// The same reading under another decoder.
fn decoded_again(paragraph: &str, analysis: &Analysis, decoder: Decoder) -> Analysis {
    let token = |t: &crate::inference::Token| TokenOutput {
        start: t.start,
        end: t.end,
        word: t.word,
        window: t.window,
        logits: t.logits,
    };
    let output = ModelOutput {
        question_tokens: analysis.question_tokens,
        question_pieces: analysis.question_pieces.clone(),
        question_truncated: analysis.question_truncated,
        ids: Vec::new(),
        hidden_size: analysis.hidden_size,
        windows: analysis.windows.clone(),
        tokens: analysis.tokens.iter().map(token).collect(),
        kernel: analysis.kernel.clone(),
        workers: analysis.workers,
        tokenize_ms: analysis.milliseconds.tokenize,
        forward_ms: analysis.milliseconds.forward,
        b_bias: analysis.b_bias,
    };
    Analysis::new(paragraph, output, decoder)
}
