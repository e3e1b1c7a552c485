//! The analysis on show: what it is of, the gold labels against it, the one before, and the token that is looked at.

use std::sync::Arc;

use leptos::prelude::*;

use crate::bio::{Dist, Label, Loss, Span};
use crate::display::format::{part_decimals, round, sum_decimals};
use crate::document::{Against, Document, same_text};
use crate::error::Error;
use crate::inference::{Analysis, Token, with_accents};
use crate::worker::{Dense, Hidden};

/// A token whose p_O exceeds this is surely outside; views with one item per token fold it away.
pub const SURELY_OUTSIDE: f64 = 0.95;

/// A version of the text that was on show for longer than this (ms) is one to compare with; others were typed through.
const RESTED: f64 = 1500.0;

/// An analysis together with the text that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The question as analysed.
    pub question: String,
    /// The paragraph as analysed.
    pub paragraph: String,
    /// What came out.
    pub analysis: Analysis,
    /// Name of the model that read it.
    pub model: String,
    /// Whether it came with the page instead of from the engine.
    pub stored: bool,
    /// Steps of learning that the model had made.
    pub tuned: usize,
}

impl Shown {
    /// The question and its paragraph.
    pub fn text(&self) -> (&str, &str) {
        (&self.question, &self.paragraph)
    }
}

/// What z came from: h of every token, and the dense layer that was applied to it.
#[derive(Clone, Debug)]
pub struct Inside {
    /// h.
    pub hidden: Hidden,
    /// W and b.
    pub dense: Arc<Dense>,
}

/// An analysis that another one has taken the place of.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// The analysis.
    pub shown: Arc<Shown>,
    /// L against the labels of its time.
    pub loss: Option<f64>,
    /// Whether it stays although the text changes again.
    pub kept: bool,
}

/// Gold labels, put against the analysis on show.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold {
    /// Each annotator's label of each token.
    pub labels: Vec<Vec<Label>>,
    /// t_i.
    pub t: Vec<Dist>,
    /// L, its terms, H and KL.
    pub loss: Loss,
    /// Decimals of L, H and KL at which H + KL = L holds for the shown digits.
    pub total_decimals: usize,
    /// Decimals of the terms at which they add up to L as shown.
    pub term_decimals: usize,
}

/// Whether there are gold labels to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum GoldState {
    /// Nothing is analysed, or nobody has labelled.
    Empty,
    /// The paragraph was edited after the analysis: labels and tokens do not belong together.
    OtherText,
    /// The labels cannot be read as labels of these tokens.
    Broken(Error),
    /// Here they are.
    Known(Arc<Gold>),
}

impl GoldState {
    /// The gold labels, if known.
    pub fn known(&self) -> Option<Arc<Gold>> {
        match self {
            GoldState::Known(gold) => Some(gold.clone()),
            _ => None,
        }
    }
}

/// The signals of the analysis on show. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct AnalysisState {
    /// The analysis on show.
    pub shown: RwSignal<Option<Arc<Shown>>>,
    /// h, W and b of the analysis on show, unless it came with the page.
    pub inside: RwSignal<Option<Inside>, LocalStorage>,
    /// The gold labels against the analysis on show.
    pub gold: Memo<GoldState>,
    /// Whether the analysis on show is about an earlier text.
    pub stale: Memo<bool>,
    /// The same, for the user's eyes: while one types and the model reads along, only after a moment.
    pub behind: RwSignal<bool>,
    /// The analysis before the last change of the text, and the L that it had.
    pub earlier: RwSignal<Option<Earlier>>,
    /// The token under the pointer.
    pub hovered: RwSignal<Option<usize>>,
    /// The token that was chosen.
    pub pinned: RwSignal<Option<usize>>,
    /// The token in the inspector.
    pub focus: Memo<Option<usize>>,
    /// Since when the text on show is on show, in milliseconds.
    since: StoredValue<f64>,
    /// L of the analysis on show, or of the last one that had labels.
    last_loss: StoredValue<Option<f64>>,
}

impl AnalysisState {
    /// Shows `first`, and follows the document.
    pub fn new(document: RwSignal<Document>, first: Option<Shown>) -> AnalysisState {
        let shown = RwSignal::new(first.map(Arc::new));
        let gold = Memo::new(move |_| document.with(|d| shown.with(|s| gold_state(d, s.as_deref()))));
        let stale = Memo::new(move |_| {
            document.with(|d| shown.with(|s| s.as_ref().is_some_and(|s| !same_text(s.text(), d.text()))))
        });
        let (hovered, pinned) = (RwSignal::new(None), RwSignal::new(None));
        let focus = Memo::new(move |_| {
            let count = shown.with(|s| s.as_ref().map_or(0, |s| s.analysis.tokens.len()));
            let chosen = hovered.get().or(pinned.get()).filter(|i| *i < count);
            // Where answers are hidden, the outline must not give the likeliest away.
            let hidden = document.with(|d| d.assignment.hidden);
            let first = |a: &Analysis| if hidden { (!a.tokens.is_empty()).then_some(0) } else { likeliest_begin(a) };
            chosen.or_else(|| shown.with(|s| s.as_ref().and_then(|s| first(&s.analysis))))
        });
        AnalysisState {
            shown,
            inside: RwSignal::new_local(None),
            gold,
            stale,
            behind: RwSignal::new(false),
            earlier: RwSignal::new(None),
            hovered,
            pinned,
            focus,
            since: StoredValue::new(0.0),
            last_loss: StoredValue::new(None),
        }
    }

    /// The place of token `i` of the analysis on show.
    pub fn token(self, i: usize) -> Option<Span> {
        self.shown.with_untracked(|shown| shown.as_ref()?.analysis.tokens.get(i).map(Token::span))
    }

    /// Its text.
    pub fn token_text(self, i: usize) -> Option<String> {
        self.shown.with(|shown| Some(shown.as_ref()?.analysis.tokens.get(i)?.text.clone()))
    }

    /// The token in the inspector, as an index and its analysis' token.
    pub fn focused(self) -> Option<(usize, Token)> {
        let i = self.focus.get()?;
        self.shown.with(|shown| Some((i, shown.as_ref()?.analysis.tokens.get(i)?.clone())))
    }

    /// Its h, and the dense layer.
    pub fn vectors(self) -> Option<(Vec<f32>, Arc<Dense>)> {
        let i = self.focus.get()?;
        self.inside.with(|inside| inside.as_ref().map(|inside| (inside.hidden.row(i), inside.dense.clone())))
    }

    /// The analysis on show with its gold labels, where they are known.
    pub fn labelled(self) -> Option<(Arc<Shown>, Arc<Gold>)> {
        Some((self.shown.get()?, self.gold.get().known()?))
    }

    /// The text range of tokens `first..=last` of the analysis on show.
    pub fn span(self, first: usize, last: usize) -> Option<Span> {
        let units: Vec<u16> =
            self.shown.with_untracked(|shown| Some(shown.as_ref()?.paragraph.encode_utf16().collect()))?;
        Some(Span { start: self.token(first)?.start, end: with_accents(&units, self.token(last)?.end) })
    }

    /// Compares with the analysis on show from now on, whatever comes.
    pub fn keep_this(self) {
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

    /// Before an analysis of another text is shown: the one on show becomes the earlier one, unless one was only typing on.
    pub(super) fn keep_earlier(self, new: &Shown) {
        let Some(old) = self.shown.get_untracked() else { return };
        if same_text(old.text(), new.text()) {
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
}

/// A document's labels against an analysis.
pub fn gold_state(document: &Document, shown: Option<&Shown>) -> GoldState {
    let Some(shown) = shown else { return GoldState::Empty };
    if document.paragraph != shown.paragraph && document.is_labelled() {
        return GoldState::OtherText;
    }
    let known = |Against { labels, t, loss }| {
        let total_decimals = sum_decimals(&[loss.entropy, loss.kl], loss.total, 2);
        let rounded = |k: usize| loss.terms.iter().map(|term| round(*term, k)).sum();
        let term_decimals = part_decimals(rounded, loss.total, total_decimals, 4);
        GoldState::Known(Arc::new(Gold { labels, t, loss, total_decimals, term_decimals }))
    };
    match Against::new(document, &shown.paragraph, &shown.analysis) {
        Ok(against) => against.map_or(GoldState::Empty, known),
        Err(error) => GoldState::Broken(error),
    }
}

fn likeliest_begin(analysis: &Analysis) -> Option<usize> {
    let first = analysis.answers.first().or(analysis.alternatives.first()).map(|a| a.first);
    first.or((!analysis.tokens.is_empty()).then_some(0))
}
