//! The page as a whole: what stands where, and the keys that work everywhere.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::document::Document;
use crate::fault::Fault;

use super::ask::Ask;
use super::carry::Carry;
use super::header::{ErrorMessage, Header};
use super::parts::{Draw, Rest};
use super::reading::ReadingView;
use super::state::Store;
use super::strings::Strings;
use super::{examples, lesson, parts, storage, strings};

/// In which the first screen is drawn: its frame, header, texts, reading.
const PIECES: usize = 4;

/// Puts the page in place of the skeleton in index.html and starts the engine. Until all of the first screen is drawn, the
/// skeleton hides it (styles/base.css).
pub fn mount() {
    console_error_panic_hook::set_once();
    // Leptos' own has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async {
        let words = parts::words(storage::language()).await;
        let kept = match storage::holds() {
            true => parts::rest().await.map(|rest| (rest.kept)()),
            false => Ok((None, None)),
        };
        // Without the document of the last visit there is no page: it would be written over.
        let Ok((saved, before)) = kept else { return missing(words.unwrap_or(&strings::EN)) };
        // Each in a task of its own, as in `draw_on`.
        later(move || {
            examples::first();
            later(move || mount_to_body(move || App(AppProps { words, saved, before })));
        });
    });
}

/// Says on the skeleton that the page did not come.
fn missing(words: &Strings) {
    if let Ok(Some(place)) = document().query_selector("#skeleton .errors") {
        let html = r#"<div class="error" role="alert" data-testid="error"></div>"#;
        place.set_inner_html(html);
        if let Some(message) = place.first_element_child() {
            message.set_text_content(Some(&(words.fault)(&Fault::Part)));
        }
    }
}

/// The page: one state, shown in the language that is chosen.
#[component]
fn App(words: Result<&'static Strings, Fault>, saved: Option<Document>, before: Option<Document>) -> impl IntoView {
    let store = Store::new(words.as_ref().copied().unwrap_or(&strings::EN), saved);
    store.fault.set(words.err());
    if let Some(before) = before {
        store.remember(&before);
    }
    storage::autosave(store);
    // It belongs to the page, not to one drawing of it.
    let (carry, page) = (RwSignal::new(None), Owner::current().unwrap_or_default());
    store.parts.rest.then(store, move |rest| carry.set(Some(page.with(|| (rest.begin)(store)))));
    lesson::follow(store);
    store.open_address();
    store.analyse_while_typing();
    let drawn = RwSignal::new(0);
    draw_on(store, drawn);
    let keys = window_event_listener(ev::keydown, move |event| everywhere(store, &event));
    // A link that is pasted into the address of an open page does not load the page again.
    let linked = window_event_listener(ev::hashchange, move |_| store.open_address());
    on_cleanup(move || {
        keys.remove();
        linked.remove();
    });
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", store.language.get().language);
        }
    });
    let begun = Memo::new(move |_| drawn.get() > 0);
    move || begun.get().then(|| view! { <Page store=store.speaking(store.language.get()) carry drawn /> })
}

/// Draws the next piece of the first screen, each in a task of its own so that none keeps the page's thread long; after the
/// last one the skeleton goes.
fn draw_on(store: Store, drawn: RwSignal<usize>) {
    later(move || {
        if drawn.get_untracked() < PIECES {
            drawn.update(|n| *n += 1);
            return draw_on(store, drawn);
        }
        if let Some(skeleton) = document().get_element_by_id("skeleton") {
            skeleton.remove();
        }
        // The page is painted first; then the engine may have the network and the processor.
        request_animation_frame(move || later(move || store.start_engine()));
    });
}

/// Calls in a later task.
fn later(call: impl FnOnce() + 'static) {
    set_timeout(call, Duration::ZERO);
}

#[component]
fn Page(store: Store, carry: RwSignal<Option<Carry>>, drawn: RwSignal<usize>) -> impl IntoView {
    let rest = store.parts.rest;
    let part = move |pick: fn(Rest) -> Draw| rest.draw(store, pick);
    let piece = move |k: usize, draw: fn(Store) -> AnyView| {
        let here = Memo::new(move |_| drawn.get() > k);
        move || here.get().then(|| draw(store))
    };
    view! {
        {piece(1, |store| view! { <Header store /> }.into_any())}
        <ErrorMessage store />
        {part(|rest| rest.links)}
        <main>
            <div class="column">
                {piece(2, |store| view! { <Ask store /> }.into_any())}
                {piece(3, |store| view! { <ReadingView store /> }.into_any())}
                <div class="pair">
                    {part(|rest| rest.answers)}
                    {part(|rest| rest.loss)}
                </div>
                {part(|rest| rest.gold)}
            </div>
            <aside class="column">{part(|rest| rest.token)}{part(|rest| rest.token_loss)}</aside>
        </main>
        // Not in the grid: the aside stays in view beside its column, and would lie over what comes below.
        <div class="below">{part(|rest| rest.exercise)}</div>
        <div class="below more-cards">{part(|rest| rest.cards)}</div>
        {part(|rest| rest.sheets)}
        {rest.view(store, move |rest| carry.get().map(|carry| (rest.foot)(store, carry)).into_any())}
    }
}

/// Ctrl + Enter analyses; Ctrl + Z and Ctrl + Y undo and redo, except where a field has its own.
fn everywhere(store: Store, event: &ev::KeyboardEvent) {
    if !(event.ctrl_key() || event.meta_key()) {
        return;
    }
    let in_field = event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|e| e.matches("input, textarea, select").unwrap_or(false));
    match event.key().to_ascii_lowercase().as_str() {
        "enter" => store.analyse(),
        "z" if !in_field && event.shift_key() => store.redo(),
        "z" if !in_field => store.undo(),
        "y" if !in_field => store.redo(),
        _ => return,
    }
    event.prevent_default();
}
