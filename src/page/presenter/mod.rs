//! Presenter mode: one thing at a time in large type, keys to go on, and the questions of a set one after the other.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::components::events::{on_window, on_window_untyped, within};
use super::components::focus::focus;
use super::state::navigation::{self, Place, TABS};
use super::state::store::Store;

/// The views before the exercise's tabs, by the name that the style sheet uses.
const CARDS: [&str; 5] = ["text", "token", "gold", "loss", "class"];
/// How many parts each view has, of which one is shown at a time: the cards, then the exercise's tabs. What belongs to which
/// part, the views say by `data-part`.
const PARTS: [usize; CARDS.len() + TABS.len()] = [1, 1, 1, 2, 1, 1, 4, 3, 2, 3, 2, 1, 1];
/// The view of the class's heat map, and of two versions of the text: there may be nothing to show.
const CLASS: usize = 4;
const VERSIONS: usize = CARDS.len() + navigation::VERSIONS;

/// A view, and a part of it.
type Slide = (usize, usize);

/// Everything that there is to show, in order.
fn slides(store: Store) -> Vec<Slide> {
    let many = store.analysis.gold.with(|gold| gold.known().is_some_and(|gold| gold.labels.len() > 1));
    let earlier = store.analysis.earlier.with(Option::is_some);
    let shown = |view: usize| (view != CLASS || many) && (view != VERSIONS || earlier);
    let parts = PARTS.into_iter().enumerate().filter(|(view, _)| shown(*view));
    parts.flat_map(|(view, parts)| (1..=parts).map(move |part| (view, part))).collect()
}

/// Begins, with the text.
pub fn begin(store: Store) {
    show(store, (0, 1));
}

fn show(store: Store, slide: Slide) {
    if let Some(tab) = slide.0.checked_sub(CARDS.len()) {
        store.navigation.tab.set(tab);
    }
    if store.navigation.presenting.get_untracked().is_none() {
        store.navigation.note();
    }
    store.navigation.presenting.set(Some(slide));
}

/// Where the slide on show is among all.
fn place(store: Store, slides: &[Slide]) -> usize {
    let now = store.navigation.presenting.get().unwrap_or((0, 1));
    slides.iter().rposition(|slide| *slide <= now).unwrap_or(0)
}

/// Goes on, or back. After the last slide comes the set's next question.
fn step(store: Store, on: bool) {
    let slides = untrack(|| slides(store));
    let at = untrack(|| place(store, &slides));
    match if on { slides.get(at + 1) } else { at.checked_sub(1).and_then(|at| slides.get(at)) } {
        Some(slide) => show(store, *slide),
        None if on && neighbour(store, true).is_some() => {
            other_question(store, true);
            begin(store);
        }
        None => {}
    }
}

/// The set's question after the one on the page, or before it.
fn neighbour(store: Store, on: bool) -> Option<usize> {
    match untrack(|| store.place_in_set())? {
        (Some(at), of) if on => Some(at + 1).filter(|at| *at < of),
        (Some(at), _) => at.checked_sub(1),
        (None, _) => Some(0),
    }
}

/// Goes to another question of the set, if there is one, and stays at the same slide.
fn other_question(store: Store, on: bool) {
    if let Some(to) = neighbour(store, on) {
        store.show_in_set(to);
    }
}

/// Another token is the one in detail.
fn other_token(store: Store, on: bool) {
    let count = store.analysis.shown.with_untracked(|s| s.as_ref().map_or(0, |s| s.analysis.tokens.len()));
    let at = store.analysis.focus.get_untracked().unwrap_or(0);
    let to = if on { (at + 1).min(count.saturating_sub(1)) } else { at.saturating_sub(1) };
    store.analysis.hovered.set(None);
    store.analysis.pinned.set(Some(to));
}

/// Ends the presentation. Whoever began it at the exercise stays at the tab that was shown last.
fn end(store: Store) {
    store.navigation.presenting.set(None);
    if let Place::Exercise | Place::Learning = store.navigation.place.get_untracked() {
        store.navigation.turn_to_tab(store.navigation.tab.get_untracked());
    }
}

/// Tells the style sheet what is shown, and listens to the keys. At the end the focus is where it was at the beginning.
pub fn follow(store: Store) {
    Effect::new(move |from: Option<Option<HtmlElement>>| {
        let body = document().body()?;
        let from = from.flatten();
        let active = document().active_element().and_then(|element| element.dyn_into().ok());
        let _ = match store.navigation.presenting.get() {
            Some((view, part)) => {
                let _ = body.set_attribute("data-part", &part.to_string());
                body.set_attribute("data-present", CARDS.get(view).unwrap_or(&"tab"))
            }
            None => body.remove_attribute("data-part").and_then(|()| body.remove_attribute("data-present")),
        };
        window().scroll_to_with_x_and_y(0.0, 0.0);
        if store.navigation.presenting.with_untracked(Option::is_some) {
            if from.is_none() {
                // The button that began it is out of sight.
                request_animation_frame(|| focus("[data-testid=presenter]"));
            }
            return from.or(active);
        }
        if let Some(from) = from {
            let _ = from.focus();
        }
        None
    });
    on_window(ev::keydown, move |event| press(store, &event));
    on_window_untyped("popstate", move |_| {
        if store.navigation.presenting.get_untracked().is_some() {
            end(store);
        }
    });
}

/// The arrows to the sides, the space bar and the page keys go on and back, with Shift to another question; the arrows up and
/// down go to another token; Escape ends.
fn press(store: Store, event: &ev::KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || store.navigation.presenting.get_untracked().is_none() {
        return;
    }
    let inside = |selector: &str| within(event, selector).is_some();
    let (field, shift) = (inside("input, textarea, select"), event.shift_key());
    match event.key().as_str() {
        "ArrowRight" | "PageDown" if shift && !field => other_question(store, true),
        "ArrowLeft" | "PageUp" if shift && !field => other_question(store, false),
        "PageDown" => step(store, true),
        "PageUp" => step(store, false),
        "ArrowRight" if !field => step(store, true),
        "ArrowLeft" if !field => step(store, false),
        // On a button or a token it presses that.
        " " if !field && !inside("button, a, summary, [role=tab], .paper") => step(store, !shift),
        "ArrowDown" if !field && !inside(".paper") => other_token(store, true),
        "ArrowUp" if !field && !inside(".paper") => other_token(store, false),
        "Escape" => end(store),
        _ => return,
    }
    event.prevent_default();
}

/// The question above the text, whole, where the room looks at both; elsewhere the bar has its beginning (www/styles/present.css).
#[component]
pub fn PresentedQuestion() -> impl IntoView {
    let store = expect_context::<Store>();
    view! { <p class="presented-question" dir="auto" lang="en">{move || question(store)}</p> }
}

fn question(store: Store) -> Option<String> {
    store.analysis.shown.with(|shown| shown.as_ref().map(|shown| shown.question.clone()))
}

/// The bar at the foot: where one is, and buttons for the same steps.
#[component]
pub fn PresenterBar() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let slides = Memo::new(move |_| slides(store));
    let at = Memo::new(move |_| slides.with(|slides| place(store, slides)));
    let count = move || slides.with(Vec::len);
    let name = move || {
        let (view, _) = store.navigation.presenting.get().unwrap_or((0, 1));
        view.checked_sub(CARDS.len()).map_or_else(|| words.presented[view], |tab| words.exercise.tabs[tab])
    };
    let set = Memo::new(move |_| store.place_in_set().filter(|(_, of)| *of > 1));
    let place_in_set = move || {
        let (at, of) = set.get()?;
        let first = at.is_none_or(|at| at == 0);
        let last = at.is_some_and(|at| at + 1 == of);
        let told = at.map(|at| words.question_set.place(at + 1, of));
        let (back, on) = (words.question_set.present_previous, words.question_set.present_next);
        Some(view! {
            <button type="button" class="icon" title=back aria-label=back disabled=first on:click=move |_| other_question(store, false)>"‹"</button>
            <span data-testid="present-question">{told}</span>
            <button type="button" class="icon" title=on aria-label=on data-testid="present-next-question" disabled=last on:click=move |_| other_question(store, true)>"›"</button>
        })
    };
    view! {
        <Show when=move || store.navigation.presenting.get().is_some()>
            <nav class="presenter" data-testid="presenter" tabindex="-1" aria-label=words.present>
                <span class="asked">{move || question(store)}</span>
                <span class="push"></span>
                {place_in_set}
                <span class="soft place" aria-live="polite">{move || format!("{}/{}", at.get() + 1, count())}<span class="viewname">" "{name}</span></span>
                <button type="button" class="icon" title="← PageUp" aria-label=words.guide.back disabled=move || at.get() == 0 on:click=move |_| step(store, false)>"←"</button>
                <button type="button" class="icon" title="→ PageDown" aria-label=words.guide.next data-testid="present-next" disabled=move || { at.get() + 1 == count() && set.get().is_none() } on:click=move |_| step(store, true)>"→"</button>
                <button type="button" class="icon" title=words.present_end aria-label=words.present_end on:click=move |_| end(store)>"×"</button>
            </nav>
        </Show>
    }
}
