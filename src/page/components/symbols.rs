//! The formula's symbols linked to the page: pointing at one lights up what it stands for and names it.

use crate::locale::Strings;
use crate::page::state::words;
use leptos::ev;
use leptos::prelude::*;

use super::events::within;

/// A part of a formula that stands for something on the page; `name` is what the style sheet and the words know.
pub fn symbol(words: &Strings, name: &str, body: &str) -> String {
    let label = words.symbol(name);
    format!(r#"<mrow class="symbol" data-symbol="{name}" role="img" aria-label="{label}" tabindex="0">{body}</mrow>"#)
}

/// A formula whose symbols can be pointed at, and the line that names the symbol.
#[component]
pub fn Linked(#[prop(into)] formula: Signal<String>) -> impl IntoView {
    let words = words();
    let at = RwSignal::new(None::<String>);
    let point = move |event: ev::Event| {
        let name = within(&event, "[data-symbol]").and_then(|symbol| symbol.get_attribute("data-symbol"));
        if name != at.get_untracked() {
            at.set(name);
        }
    };
    Effect::new(move |_| {
        let Some(body) = document().body() else { return };
        let _ = match at.get() {
            Some(name) => body.set_attribute("data-lit", &name),
            None => body.remove_attribute("data-lit"),
        };
    });
    view! {
        <div class="eq linked" inner_html=formula
            on:pointerover=move |e| point(e.into()) on:pointerleave=move |_| at.set(None)
            on:focusin=move |e| point(e.into()) on:focusout=move |_| at.set(None)></div>
        <p class="small meaning">
            {move || at.get().map(|name| words.symbol(&name)).unwrap_or(words.symbols_hint)}</p>
    }
}
