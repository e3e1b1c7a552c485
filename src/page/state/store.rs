//! The state of the page: the document, the analysis on show, the state of the engine, what is being looked at.
//! Plain data; `editing` and `showing` say what happens to it, the components only read and call.

use std::sync::Arc;

use leptos::prelude::*;

use crate::bio::{Dist, Label, Loss};
use crate::display::format::{part_decimals, round, sum_decimals};
use crate::document::{Against, Document, History};
use crate::error::Error;
use crate::inference::Analysis;
use crate::locale::Strings;
use crate::page::settings::models;
use crate::worker::protocol::{Info, Progress, Shipped};
use crate::worker::{Dense, Hidden};

use super::current_analysis::set_example;
use super::examples;
use super::place::Place;
use super::session::Session;
use super::shelf::Shelf;

/// A token whose p_O exceeds this is surely outside; views with one item per token fold it away.
pub const SURELY_OUTSIDE: f64 = 0.95;

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

/// The page's signals. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Store {
    /// The interface's words.
    pub words: &'static Strings,
    /// The words of the chosen language.
    pub language: RwSignal<&'static Strings>,
    /// The user's document: change it through [`Store::edit`].
    pub document: RwSignal<Document>,
    pub(crate) history: StoredValue<History>,
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
    /// Whether the user's own files are the model, instead of the document's.
    pub own: RwSignal<bool>,
    /// How often a model was chosen.
    pub choices: RwSignal<usize>,
    /// Whether an analysis runs.
    pub busy: RwSignal<bool>,
    /// Whether one is wanted as soon as the model is ready.
    pub queued: RwSignal<bool>,
    /// What went wrong last.
    pub error: RwSignal<Option<Error>>,
    /// The token under the pointer.
    pub hovered: RwSignal<Option<usize>>,
    /// The token that was chosen.
    pub pinned: RwSignal<Option<usize>>,
    /// The tokens selected for labelling, first to last inclusive.
    pub selected: RwSignal<Option<(usize, usize)>>,
    /// The annotator who labels.
    pub annotator: RwSignal<usize>,
    /// Where the page is.
    pub place: RwSignal<Place>,
    /// Whether the paragraph is being edited.
    pub editing: RwSignal<bool>,
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
    pub(crate) since: StoredValue<f64>,
    /// L of the analysis on show, or of the last one that had labels.
    pub(crate) last_loss: StoredValue<Option<f64>>,
    /// Whether the panel with the models' scores is open.
    pub benchmark: RwSignal<bool>,
    /// Links, a class's labels, questions from files.
    pub shelf: Shelf,
    pub(crate) session: StoredValue<Session, LocalStorage>,
}

impl Store {
    /// The state of a fresh page: `saved` or else the first example, with its analysis if one came along.
    pub fn new(words: &'static Strings, saved: Option<Document>) -> Store {
        let mut document = saved.unwrap_or_else(|| {
            let mut first = Document::default();
            if let Some(example) = examples::all().first() {
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
            let hidden = document.with(|d| d.assignment.hidden);
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
            own: RwSignal::new(false),
            choices: RwSignal::new(0),
            busy: RwSignal::new(false),
            queued: RwSignal::new(false),
            error: RwSignal::new(None),
            hovered,
            pinned,
            selected: RwSignal::new(None),
            annotator: RwSignal::new(0),
            place: RwSignal::new(Place::default()),
            editing: RwSignal::new(false),
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
            benchmark: RwSignal::new(false),
            shelf: Shelf::new(),
            session: StoredValue::new_local(Session::default()),
        }
    }

    /// The same state in other words.
    pub fn speaking(self, words: &'static Strings) -> Store {
        Store { words, ..self }
    }

    /// A part of the document that changes only when it does.
    pub fn part<T: PartialEq + Send + Sync + 'static>(&self, part: fn(&Document) -> T) -> Memo<T> {
        let document = self.document;
        Memo::new(move |_| document.with(part))
    }
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
        Err(error) => GoldState::Broken(error),
    }
}

fn likeliest_begin(analysis: &Analysis) -> Option<usize> {
    let first = analysis.answers.first().or(analysis.alternatives.first()).map(|a| a.first);
    first.or((!analysis.tokens.is_empty()).then_some(0))
}
