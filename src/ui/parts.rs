//! Parts of the page in programs of their own, so that the page itself is small and opens early.
//!
//! A function marked `wasm_split` and everything that only it needs is cut out of the page's program once that is linked
//! (`xtask/src/split.rs`); to call it is to fetch its program first. All parts share the page's memory, so that a part is
//! ordinary code. The marked functions only hand out others: once a part has come, it is used without waiting.
//!
//! The page itself holds what the first screen needs: the header, the texts, the reading, the engine's client.

use std::pin::Pin;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use web_sys::File;

use crate::document::Document;
use crate::fault::Fault;

use super::carry::Carry;
use super::self_test::SelfTest;
use super::state::Store;
use super::strings::{self, EL, EL_MORE, EN, More, Strings};
use super::table::Table;

/// Between two views of a part that has just come, in milliseconds: longer than a frame, so that each has its own layout.
const PAUSE: u64 = 20;

/// Draws a part of the page.
pub type Draw = fn(Store) -> AnyView;

/// Starts the self-test.
pub type StartTest = fn(Store, SelfTest);

/// What the first screen can do without for a moment; fetched as soon as that is painted.
#[derive(Clone, Copy)]
pub struct Rest {
    /// What a link asked for, and the panel of links.
    pub links: Draw,
    /// The choice of an example, which has come with this.
    pub example: Draw,
    /// The choice of the decoder.
    pub decoder: Draw,
    /// The decoded answers.
    pub answers: Draw,
    /// The loss of the paragraph.
    pub loss: Draw,
    /// Gold labels.
    pub gold: Draw,
    /// The inspector.
    pub token: Draw,
    /// The loss of its token.
    pub token_loss: Draw,
    /// The exercise's tabs.
    pub exercise: Draw,
    /// A class's labels, and questions from files.
    pub cards: Draw,
    /// What lies over the page at times: the presenter's bar, the sheet that files are dropped on.
    pub sheets: Draw,
    /// The reading as a table.
    pub table: Table,
    /// Begins what goes on besides drawing; hands out what is watched for the foot.
    pub begin: fn(Store) -> Carry,
    /// What is kept, and the count of requests.
    pub foot: fn(Store, Carry) -> AnyView,
    /// The document of an earlier visit, and the one that a link has replaced.
    pub kept: fn() -> (Option<Document>, Option<Document>),
    /// Takes files of a model that were chosen.
    pub take_model: fn(Store, Vec<File>),
    /// Opens a link that the page was called by.
    pub open_link: fn(Store, &str),
}

#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn rest() -> Result<Rest, SplitLoaderError> {
    Ok(super::rest::REST)
}

#[wasm_split(learning, wasm_split_path = ::leptos::wasm_split, fallible)]
fn learning() -> Result<Draw, SplitLoaderError> {
    Ok(super::exercise::draw_learning)
}

#[wasm_split(self_test, wasm_split_path = ::leptos::wasm_split, fallible)]
fn self_test() -> Result<StartTest, SplitLoaderError> {
    Ok(super::self_test::run::start)
}

#[wasm_split(greek, wasm_split_path = ::leptos::wasm_split, fallible)]
fn greek() -> Result<(&'static Strings, &'static More), SplitLoaderError> {
    Ok((&EL, &EL_MORE))
}

/// The words of a language of [`super::strings::LANGUAGES`].
///
/// # Errors
/// [`Fault::Part`] when they do not come.
pub async fn words(language: &str) -> Result<&'static Strings, Fault> {
    match language {
        "el" => {
            let (words, more) = greek().await.map_err(|_| Fault::Part)?;
            strings::keep_greek(more);
            Ok(words)
        }
        _ => Ok(&EN),
    }
}

type Fetch<T> = fn() -> Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A part that comes when it is first wanted.
pub struct Part<T: 'static> {
    fetch: Fetch<T>,
    state: RwSignal<State<T>>,
    /// How many views have waited for it.
    waiting: StoredValue<u64>,
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<T> {}

#[derive(Clone, Copy)]
enum State<T> {
    Away,
    Coming,
    Here(T),
    Failed,
}

impl<T: Copy + Send + Sync> Part<T> {
    fn new(fetch: Fetch<T>) -> Part<T> {
        Part { fetch, state: RwSignal::new(State::Away), waiting: StoredValue::new(0) }
    }

    /// Fetches it, unless it is here or on its way.
    pub fn want(self) {
        if matches!(self.state.get_untracked(), State::Away | State::Failed) {
            self.state.set(State::Coming);
            spawn_local(async move {
                drop(self.get().await);
            });
        }
    }

    /// The part.
    ///
    /// # Errors
    /// [`Fault::Part`] when its program does not come.
    pub async fn get(self) -> Result<T, Fault> {
        let came = (self.fetch)().await;
        self.state.try_set(came.as_ref().map_or(State::Failed, |part| State::Here(*part)));
        came.map_err(|_| Fault::Part)
    }

    /// The part, if it is here.
    pub fn here(self) -> Option<T> {
        match self.state.get() {
            State::Here(part) => Some(part),
            _ => None,
        }
    }

    /// Calls with the part as soon as it is here; says so on the page when it does not come.
    pub fn then(self, store: Store, call: impl FnOnce(T) + 'static) {
        spawn_local(async move {
            match self.get().await {
                Ok(part) => call(part),
                Err(fault) => drop(store.fault.try_set(Some(fault))),
            }
        });
    }

    /// What it draws, once it is here; until then nothing, and a button where it did not come.
    pub fn view(self, store: Store, draw: impl Fn(T) -> AnyView + Copy + Send + 'static) -> AnyView {
        self.want();
        let turn = self.turn();
        let view = move || match self.state.get() {
            State::Here(part) if turn.get() => draw(part),
            State::Failed => view! {
                <p class="error" data-testid="part-failed"><span>{(store.words.fault)(&Fault::Part)}</span>
                    <button type="button" class="plain" on:click=move |_| self.want()>{store.words.retry}</button></p>
            }
            .into_any(),
            _ => ().into_any(),
        };
        view.into_any()
    }

    /// Whether it is a view's turn to be drawn. Where many views wait for one part, each is drawn in a task of its own, so that
    /// none keeps the page's thread long.
    fn turn(self) -> RwSignal<bool> {
        let turn = RwSignal::new(matches!(self.state.get_untracked(), State::Here(_)));
        let place = self.waiting.try_update_value(|n| std::mem::replace(n, *n + 1)).unwrap_or_default();
        Effect::new(move |_| {
            // It may be here before this has run once.
            if matches!(self.state.get(), State::Here(_)) && !turn.get_untracked() {
                later(turn, PAUSE * place);
            }
        });
        turn
    }
}

impl Part<Rest> {
    /// One of the things that it draws.
    pub fn draw(self, store: Store, pick: fn(Rest) -> Draw) -> AnyView {
        self.view(store, move |rest| pick(rest)(store))
    }
}

/// Draws in a task of its own.
pub fn in_turn(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let here = RwSignal::new(false);
    later(here, 0);
    (move || here.get().then(&draw)).into_any()
}

/// The signal's value, a task later: for what is far down the page and takes long to draw.
pub fn afterwards<T: Clone + PartialEq + Send + Sync + 'static>(
    now: impl Get<Value = T> + GetUntracked<Value = T> + Copy + Send + 'static,
) -> RwSignal<T> {
    let late = RwSignal::new(now.get_untracked());
    Effect::new(move |_| {
        let value = now.get();
        if late.get_untracked() != value {
            let set = move || {
                late.try_set(value);
            };
            set_timeout(set, Duration::ZERO);
        }
    });
    late
}

fn later(here: RwSignal<bool>, milliseconds: u64) {
    let set = move || {
        here.try_set(true);
    };
    set_timeout(set, Duration::from_millis(milliseconds));
}

/// All of them.
#[derive(Clone, Copy)]
pub struct Parts {
    /// All but the first screen, and but for the others here.
    pub rest: Part<Rest>,
    /// The tab of learning.
    pub learning: Part<Draw>,
    /// A run of the self-test.
    pub self_test: Part<StartTest>,
}

impl Parts {
    /// None of them is here yet.
    pub fn new() -> Parts {
        Parts {
            rest: Part::new(|| Box::pin(rest())),
            learning: Part::new(|| Box::pin(learning())),
            self_test: Part::new(|| Box::pin(self_test())),
        }
    }
}
