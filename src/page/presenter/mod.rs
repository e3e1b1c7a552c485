//! Presenter mode: large type, one view at a time, keys to step.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::exercise::TABS;
use super::state::navigation::Place;
use super::state::store::Store;

/// The views before the exercise's tabs, by the name that the style sheet uses.
const CARDS: [&str; 4] = ["text", "token", "gold", "loss"];
/// All views.
const VIEWS: usize = CARDS.len() + TABS;

/// Goes to a view.
pub fn present(store: Store, view: usize) {
    let view = view.min(VIEWS - 1);
    if let Some(tab) = view.checked_sub(CARDS.len()) {
        store.navigation.tab.set(tab);
    }
    store.navigation.presenting.set(Some(view));
}

/// Ends the presentation. Whoever began it at the exercise stays at the tab that was shown last.
fn end(store: Store) {
    store.navigation.presenting.set(None);
    if let Place::Exercise | Place::Learning = store.navigation.place.get_untracked() {
        store.navigation.open_tab(store.navigation.tab.get_untracked());
    }
}

/// Tells the style sheet which view is shown, and listens to the keys.
pub fn follow(store: Store) {
    Effect::new(move |_| {
        let Some(body) = document().body() else { return };
        let _ = match store.navigation.presenting.get() {
            Some(view) => body.set_attribute("data-present", CARDS.get(view).unwrap_or(&"tab")),
            None => body.remove_attribute("data-present"),
        };
    });
    let keys = window_event_listener(ev::keydown, move |event| press(store, &event));
    on_cleanup(move || keys.remove());
}

/// PageDown and PageUp step through the views, the arrows through the tokens, Escape ends.
fn press(store: Store, event: &ev::KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() {
        return;
    }
    let Some(view) = store.navigation.presenting.get_untracked() else { return };
    let inside = |selector: &str| {
        let element = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        element.is_some_and(|e| e.closest(selector).is_ok_and(|found| found.is_some()))
    };
    match event.key().as_str() {
        "PageDown" => present(store, view + 1),
        "PageUp" => present(store, view.saturating_sub(1)),
        "Escape" => end(store),
        "ArrowRight" | "ArrowLeft" if !inside("input, textarea, select, [role=tablist], .paper") => {
            let count = store.analysis.shown.with_untracked(|s| s.as_ref().map_or(0, |s| s.analysis.tokens.len()));
            let at = store.analysis.focus.get_untracked().unwrap_or(0);
            let to =
                if event.key() == "ArrowRight" { (at + 1).min(count.saturating_sub(1)) } else { at.saturating_sub(1) };
            store.analysis.hovered.set(None);
            store.analysis.pinned.set(Some(to));
        }
        _ => return,
    }
    event.prevent_default();
}

/// The bar at the foot: where one is, and buttons for the same steps.
#[component]
pub fn PresenterBar() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let view = move || store.navigation.presenting.get().unwrap_or(0);
    let name = move || match view().checked_sub(CARDS.len()) {
        Some(tab) => store.words.exercise.tabs[tab],
        None => words.presented[view()],
    };
    view! {
        <Show when=move || store.navigation.presenting.get().is_some()>
            <nav class="presenter" data-testid="presenter" aria-label=words.present>
                <span class="asked">{move || store.analysis.shown.with(|s| s.as_ref().map(|s| s.question.clone()))}</span>
                <span class="push"></span>
                <span class="soft" aria-live="polite">{move || format!("{} / {VIEWS} · {}", view() + 1, name())}</span>
                <button type="button" class="plain" title="PageUp" disabled=move || view() == 0 on:click=move |_| present(store, view().saturating_sub(1))>{store.words.guide.back}</button>
                <button type="button" class="plain" title="PageDown" data-testid="present-next" disabled=move || view() + 1 == VIEWS on:click=move |_| present(store, view() + 1)>{store.words.guide.next}</button>
                <button type="button" class="icon" title=words.present_end aria-label=words.present_end on:click=move |_| end(store)>"×"</button>
            </nav>
        </Show>
    }
}
