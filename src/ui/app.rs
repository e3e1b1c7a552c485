//! The page as a whole: what stands where, and the keys that work everywhere.

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
use super::{lesson, parts, storage, strings};

/// Puts the page in place of the skeleton in index.html and starts the engine.
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
        if let Some(skeleton) = document().get_element_by_id("skeleton") {
            skeleton.remove();
        }
        mount_to_body(move || App(AppProps { words, saved, before }));
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
    // The page is painted first; then the engine may have the network and the processor.
    request_animation_frame(move || set_timeout(move || store.start_engine(), std::time::Duration::ZERO));
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
    move || view! { <Page store=store.speaking(store.language.get()) carry /> }
}

#[component]
fn Page(store: Store, carry: RwSignal<Option<Carry>>) -> impl IntoView {
    let rest = store.parts.rest;
    let part = move |pick: fn(Rest) -> Draw| rest.draw(store, pick);
    view! {
        <Header store />
        <ErrorMessage store />
        {part(|rest| rest.links)}
        <main>
            <div class="column">
                <Ask store />
                <ReadingView store />
                <div class="pair">
                    {part(|rest| rest.answers)}
                    {part(|rest| rest.loss)}
                </div>
                {part(|rest| rest.gold)}
            </div>
            <aside class="column">{part(|rest| rest.token)}</aside>
        </main>
        {part(|rest| rest.below)}
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
