//! The exercise, worked through with this paragraph's numbers: one tab per part, one file per tab.

mod decoding;
mod gradient;
pub mod guided;
mod layer;
mod one_hot;
mod picture;
mod terms;
mod versions;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::components::idle::draw_when_idle;
use super::state::navigation::{LEARNING, Place, TABS};
use super::state::store::Store;
use super::training;
use crate::display::format::escape;
use guided::Guide;

/// The tabs and the one that is open.
#[component]
pub fn Exercise() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let tab = store.navigation.tab;
    let keys = move |event: ev::KeyboardEvent| {
        let at = tab.get_untracked();
        let last = TABS.len() - 1;
        let step = |by: usize| if (at + by) % TABS.len() == LEARNING { at + 2 * by } else { at + by } % TABS.len();
        let to = match event.key().as_str() {
            "ArrowRight" => step(1),
            "ArrowLeft" => step(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        store.navigation.open_tab(to);
        let button = document().get_element_by_id(&format!("tab-{to}"));
        if let Some(button) = button.and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = button.focus();
        }
    };
    let head = move |k: usize| {
        let open = move || tab.get() == k;
        view! {
            <button type="button" role="tab" id=format!("tab-{k}") data-testid="tab" aria-controls="tab-panel"
                aria-selected=move || open().to_string() tabindex=move || if open() { "0" } else { "-1" }
                on:click=move |_| store.navigation.open_tab(k)>{words.tabs[k]}</button>
        }
    };
    // A link may ask for a tab; once.
    let asked = store.editor.part(|d| d.assignment.tab);
    Effect::new(move |_| {
        if let Some(asked) = asked.get() {
            store.navigation.open_of_link(Place::Exercise, Some(asked.min(TABS.len() - 1)));
            store.editor.arrange(|d| d.assignment.tab = None);
        }
    });
    let body = move || match tab.get() {
        0 => picture::ModelDiagram().into_any(),
        1 => layer::Layer().into_any(),
        2 => terms::Terms().into_any(),
        3 => one_hot::OneHot().into_any(),
        4 => gradient::Gradient().into_any(),
        5 => training::Learning().into_any(),
        6 => versions::Versions().into_any(),
        _ => decoding::Decoding().into_any(),
    };
    view! {
        <section class="card exercise" class:stale=move || store.analysis.behind.get() aria-label=words.heading>
            <div class="tools">
                <h2>{move || if store.navigation.place.get() == Place::Learning { words.tabs[LEARNING] } else { words.heading }}</h2>
            </div>
            <Guide />
            <div class="tabs" role="tablist" aria-label=words.heading on:keydown=keys>{(0..TABS.len()).map(head).collect_view()}</div>
            <div class="panel" role="tabpanel" id="tab-panel" tabindex="0" aria-labelledby=move || format!("tab-{}", tab.get())>{draw_when_idle(body)}</div>
        </section>
    }
}

/// The head of a token's row in a table; pressed, it is the token in the inspector.
pub fn token_head(i: usize, text: &str) -> String {
    format!(r#"<th><button type="button" class="link">{} <q>{}</q></button></th>"#, i + 1, escape(text))
}

/// A bar of a signed value: to the right of the middle for more, to the left for less.
pub fn signed_bar(value: f64, most: f64) -> String {
    let share = if most > 0.0 { 50.0 * (value.abs() / most).min(1.0) } else { 0.0 };
    // A value beyond the scale ends in a fade, for its bar says nothing of how far beyond.
    let over = if value.abs() > most * 1.0001 { " over" } else { "" };
    let (side, class) = if value < 0.0 { (50.0 - share, "down") } else { (50.0, "up") };
    format!(
        r#"<span class="signed" aria-hidden="true"><i class="{class}{over}" data-style="left:{side:.2}%;width:{share:.2}%"></i></span>"#
    )
}
