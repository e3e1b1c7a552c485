//! Which analysis is on show, and what becomes of the one before.

use std::sync::Arc;

use leptos::prelude::*;

use crate::bio::Decoder;
use crate::document::{Annotator, Document, Edit};
use crate::inference::{Analysis, ModelOutput, TokenOutput};

use super::examples::{self, Example};
use super::store::{Earlier, GoldState, Inside, Shown, Store};

/// A version of the text that was on show for longer than this (ms) is one to compare with; others were typed through.
const RESTED: f64 = 1500.0;

impl Store {
    /// Shows the analysis that came with the page, where the document is about that text and none is on show.
    pub fn show_example(&self) {
        if self.stale.get_untracked()
            && let Some(shown) = self.document.with_untracked(examples::stored)
        {
            self.inside.set(None);
            self.shown.set(Some(Arc::new(shown)));
        }
    }

    /// Puts an example in place and asks for its analysis.
    pub fn choose_example(&self, id: &str) {
        let Some(example) = examples::all().iter().find(|e| e.id == id) else { return };
        self.edit(Edit::Step, |d| set_example(d, example));
        self.annotator.set(0);
        self.analyse();
    }

    /// Decodes again, at once: p does not change.
    pub fn set_decoder(&self, decoder: Decoder) {
        self.arrange(|d| d.decoder = decoder);
        self.shown.update(|shown| {
            if let Some(shown) = shown {
                let shown = Arc::make_mut(shown);
                shown.analysis = decoded_again(&shown.paragraph, &shown.analysis, decoder);
            }
        });
    }

    /// Before an analysis of another text is shown: the one on show becomes the earlier one, unless one was only typing on.
    fn keep_earlier(&self, new: &Shown) {
        let Some(old) = self.shown.get_untracked() else { return };
        if old.question == new.question && old.paragraph == new.paragraph {
            return;
        }
        let now = js_sys::Date::now();
        let rested = now - self.since.get_value() > RESTED;
        let replace = self.earlier.with_untracked(|e| e.as_ref().is_none_or(|e| rested && !e.kept));
        if replace {
            self.earlier.set(Some(Earlier { shown: old, loss: self.last_loss.get_value(), kept: false }));
        }
        self.since.set_value(now);
    }

    /// Compares with the analysis on show from now on, whatever comes.
    pub fn keep_this(&self) {
        let loss = self.gold.get_untracked().known().map(|gold| gold.loss.total);
        let shown = self.shown.get_untracked();
        self.earlier.set(shown.map(|shown| Earlier { shown, loss, kept: true }));
    }

    /// Notes L of the analysis on show, for when it is an earlier one.
    pub fn note_loss(self) {
        Effect::new(move |_| match self.gold.get() {
            GoldState::Known(gold) => self.last_loss.set_value(Some(gold.loss.total)),
            GoldState::OtherText => {} // that of the text before is wanted
            _ => self.last_loss.set_value(None),
        });
    }

    /// Shows an analysis in place of the one before.
    pub fn show(&self, shown: Shown, inside: Inside) {
        self.keep_earlier(&shown);
        let same_text = self.shown.with_untracked(|old| old.as_ref().is_some_and(|o| o.paragraph == shown.paragraph));
        if !same_text {
            self.hovered.set(None);
            self.pinned.set(None);
            self.selected.set(None);
        }
        self.inside.set(Some(inside));
        self.shown.set(Some(Arc::new(shown)));
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
