//! What the page knows: the document, the analysis on show, the state of the engine, what is being looked at.
//! Plain data with plain methods; the components only read and call.

use std::sync::Arc;

use leptos::prelude::*;

use crate::analysis::{Analysis, ReadToken, Reading};
use crate::bio::{Decoder, Dist, Label, Loss, Span};
use crate::document::{Annotator, Document, Edit, History};
use crate::export::Against;
use crate::fault::Fault;
use crate::protocol::{Info, Progress, Shipped};
use crate::web::{Dense, Hidden};

use super::examples::{self, Example};
use super::format::{part_decimals, round, sum_decimals};
use super::models;
use super::parts::Parts;
use super::session::Session;
use super::shelf::Shelf;
use super::strings::Strings;

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

/// What z came from: h of every token, and the dense layer that was applied to it.
#[derive(Clone, Debug)]
pub struct Inside {
    /// h.
    pub hidden: Hidden,
    /// W and b.
    pub dense: Arc<Dense>,
}

/// An instance that was collected to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Collected {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// t of every token.
    pub t: Vec<Dist>,
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

/// How far the model is.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    /// Nothing has been heard yet.
    Starting,
    /// Bytes arrive.
    Loading(Progress),
    /// It can be asked.
    Ready(Info),
    /// It could not be loaded.
    Failed,
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
    Broken(Fault),
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

/// The page's signals. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Store {
    /// The interface's words.
    pub words: &'static Strings,
    /// The words of the chosen language.
    pub language: RwSignal<&'static Strings>,
    /// The user's document: change it through [`Store::edit`].
    pub document: RwSignal<Document>,
    history: StoredValue<History>,
    /// Whether undo and redo have a step to go.
    pub reach: RwSignal<(bool, bool)>,
    /// The analysis on show.
    pub shown: RwSignal<Option<Arc<Shown>>>,
    /// h, W and b of the analysis on show, unless it came with the page.
    pub inside: RwSignal<Option<Inside>, LocalStorage>,
    /// How far the model is.
    pub load: RwSignal<Load>,
    /// The models that the site ships, the default one first.
    pub shipped: RwSignal<Vec<Shipped>>,
    /// The examples that have come: the first one, later all.
    pub examples: RwSignal<&'static [Example]>,
    /// Whether the user's own files are the model, instead of the document's.
    pub own: RwSignal<bool>,
    /// How often a model was chosen.
    pub choices: RwSignal<usize>,
    /// Whether an analysis runs.
    pub busy: RwSignal<bool>,
    /// Whether one is wanted as soon as the model is ready.
    pub queued: RwSignal<bool>,
    /// What went wrong last.
    pub fault: RwSignal<Option<Fault>>,
    /// The token under the pointer.
    pub hovered: RwSignal<Option<usize>>,
    /// The token that was chosen.
    pub pinned: RwSignal<Option<usize>>,
    /// The tokens selected for labelling, first to last inclusive.
    pub selected: RwSignal<Option<(usize, usize)>>,
    /// The annotator who labels.
    pub annotator: RwSignal<usize>,
    /// The open tab of the exercise.
    pub tab: RwSignal<usize>,
    /// Instances that were collected to learn from together.
    pub collected: RwSignal<Vec<Collected>>,
    /// The analysis before the last change of the text, and the L that it had.
    pub earlier: RwSignal<Option<Earlier>>,
    /// The view of presenter mode.
    pub presenting: RwSignal<Option<usize>>,
    /// Whether a tap on a token labels it.
    pub marking: RwSignal<bool>,
    /// The gold labels against the analysis on show.
    pub gold: Memo<GoldState>,
    /// Whether the analysis on show is about an earlier text.
    pub stale: Memo<bool>,
    /// The same, for the user's eyes: while one types and the model reads along, only after a moment.
    pub behind: RwSignal<bool>,
    /// The token in the inspector.
    pub focus: Memo<Option<usize>>,
    /// Since when the text on show is on show, in milliseconds.
    since: StoredValue<f64>,
    /// L of the analysis on show, or of the last one that had labels.
    last_loss: StoredValue<Option<f64>>,
    /// Links, a class's labels, questions from files.
    pub shelf: Shelf,
    /// Parts that come in programs of their own.
    pub parts: Parts,
    pub(super) session: StoredValue<Session, LocalStorage>,
}

impl Store {
    /// The state of a fresh page: `saved` or else the first example, with its analysis if one came along.
    pub fn new(words: &'static Strings, saved: Option<Document>) -> Store {
        let mut document = saved.unwrap_or_else(|| {
            let mut first = Document::default();
            if let Some(example) = examples::first().first() {
                set_example(&mut first, example);
            }
            first
        });
        let shipped = models::built_in();
        if let Some(default) = shipped.first().filter(|_| document.model.is_empty()) {
            document.model = default.name.clone();
        }
        let shown = RwSignal::new(examples::stored(&document).map(Arc::new));
        let document = RwSignal::new(document);
        let gold = Memo::new(move |_| document.with(|d| shown.with(|s| gold_state(d, s.as_deref()))));
        let stale = Memo::new(move |_| {
            let other = |d: &Document, s: &Shown| s.question != d.question || s.paragraph != d.paragraph;
            document.with(|d| shown.with(|s| s.as_ref().is_some_and(|s| other(d, s))))
        });
        let (hovered, pinned) = (RwSignal::new(None), RwSignal::new(None));
        let focus = Memo::new(move |_| {
            let count = shown.with(|s| s.as_ref().map_or(0, |s| s.analysis.tokens.len()));
            let chosen = hovered.get().or(pinned.get()).filter(|i| *i < count);
            // Where answers are hidden, the outline must not give the likeliest away.
            let hidden = document.with(|d| d.lesson.hidden);
            let first = |a: &Analysis| if hidden { (!a.tokens.is_empty()).then_some(0) } else { likeliest_begin(a) };
            chosen.or_else(|| shown.with(|s| s.as_ref().and_then(|s| first(&s.analysis))))
        });
        Store {
            words,
            language: RwSignal::new(words),
            document,
            history: StoredValue::new(History::default()),
            reach: RwSignal::new((false, false)),
            shown,
            inside: RwSignal::new_local(None),
            load: RwSignal::new(Load::Starting),
            shipped: RwSignal::new(shipped),
            examples: RwSignal::new(examples::first()),
            own: RwSignal::new(false),
            choices: RwSignal::new(0),
            busy: RwSignal::new(false),
            queued: RwSignal::new(false),
            fault: RwSignal::new(None),
            hovered,
            pinned,
            selected: RwSignal::new(None),
            annotator: RwSignal::new(0),
            tab: RwSignal::new(0),
            collected: RwSignal::new(Vec::new()),
            earlier: RwSignal::new(None),
            presenting: RwSignal::new(None),
            marking: RwSignal::new(false),
            gold,
            stale,
            behind: RwSignal::new(false),
            focus,
            since: StoredValue::new(0.0),
            last_loss: StoredValue::new(None),
            shelf: Shelf::new(),
            parts: Parts::new(),
            session: StoredValue::new_local(Session::default()),
        }
    }

    /// The same state in other words.
    pub fn speaking(self, words: &'static Strings) -> Store {
        Store { words, ..self }
    }

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
                other.lesson.hidden &= present.lesson.hidden;
                other.lesson.guided &= present.lesson.guided;
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

    /// A part of the document that changes only when it does.
    pub fn part<T: PartialEq + Send + Sync + 'static>(&self, part: fn(&Document) -> T) -> Memo<T> {
        let document = self.document;
        Memo::new(move |_| document.with(part))
    }

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
        let Some(example) = self.examples.get_untracked().iter().find(|e| e.id == id) else { return };
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
        let (row, name) = (self.annotator.get_untracked(), (self.words.annotator_name)(1));
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
        let names = self.more().guide.annotators.map(String::from);
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
            d.add_annotator(&(self.words.annotator_name)(count + 1));
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

fn set_example(document: &mut Document, example: &Example) {
    let annotators = example.annotators.iter().cloned().map(Annotator::from).collect();
    document.set_example(&example.id, &example.question, &example.paragraph, annotators);
}

fn gold_state(document: &Document, shown: Option<&Shown>) -> GoldState {
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
        Err(fault) => GoldState::Broken(fault),
    }
}

fn likeliest_begin(analysis: &Analysis) -> Option<usize> {
    let first = analysis.answers.first().or(analysis.alternatives.first()).map(|a| a.first);
    first.or((!analysis.tokens.is_empty()).then_some(0))
}

/// The same reading under another decoder.
pub fn decoded_again(paragraph: &str, analysis: &Analysis, decoder: Decoder) -> Analysis {
    let token = |t: &crate::analysis::Token| ReadToken {
        start: t.start,
        end: t.end,
        word: t.word,
        window: t.window,
        logits: t.logits,
    };
    let reading = Reading {
        question_tokens: analysis.question_tokens,
        question_pieces: analysis.question_pieces.clone(),
        ids: Vec::new(),
        hidden_size: analysis.hidden_size,
        windows: analysis.windows.clone(),
        tokens: analysis.tokens.iter().map(token).collect(),
        kernel: analysis.kernel.clone(),
        tokenize_ms: analysis.milliseconds.tokenize,
        forward_ms: analysis.milliseconds.forward,
    };
    Analysis::new(paragraph, reading, decoder)
}
