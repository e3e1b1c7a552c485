//! The choice of the model: the shipped ones, or the user's own three files, or one archive of them.

use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlSelectElement;

use crate::display::format::{fixed, megabytes};
use crate::page::components::files;
use crate::page::state::store::Store;
use crate::worker::protocol::Shipped;

use super::benchmark;

/// Value of the entry that asks for files. It is never the chosen one: the user may change their mind, or choose again.
const ASK: &str = "files";

/// Value of the entry that opens the models' scores.
const SCORES: &str = "scores";

/// The picker.
#[component]
pub fn ModelPicker() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let model = Memo::new(move |_| store.model());
    let input: NodeRef<html::Input> = NodeRef::new();
    let entries = move || {
        let entry = |m: &Shipped| (m.name.clone(), words.model_entry(&m.title, megabytes(m.bytes()), fixed(m.f1, 1)));
        let mut entries: Vec<(String, String)> = store.engine.shipped.with(|s| s.iter().map(entry).collect());
        let chosen = model.get();
        if !entries.iter().any(|(name, _)| *name == chosen) {
            let title = store.title(&chosen);
            entries.push((chosen, title));
        }
        entries
    };
    let choose = move |event: leptos::ev::Event| {
        let name = event_target_value(&event);
        if name != ASK && name != SCORES {
            return store.choose_model(&name);
        }
        event_target::<HtmlSelectElement>(&event).set_value(&model.get_untracked());
        if name == SCORES {
            return benchmark::open(store);
        }
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: leptos::ev::Event| {
        store.take_model(files::chosen(&event));
    };
    view! {
        <label class="picker">
            <span class="sr">{words.model}</span>
            <select data-testid="model" prop:value=move || model.get() title=move || store.quality() on:change=choose>
                {move || entries().into_iter().map(|(name, title)| {
                    let this = name.clone();
                    view! { <option value=name selected=move || model.get() == this>{title}</option> }
                }).collect_view()}
                <option value=ASK title=words.own_model_hint>{words.own_model}</option>
                {move || benchmark::measured(store).then(|| view! { <option value=SCORES>{words.scores.entry}</option> })}
            </select>
        </label>
        <input node_ref=input data-testid="model-files" type="file" multiple hidden aria-label=words.own_model_hint on:change=take />
    }
}

/// The way out of a long download.
#[component]
pub fn Quicker() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let offer = Memo::new(move |_| store.quicker());
    move || {
        offer.get().map(|model| {
            let text = words.quicker(megabytes(model.bytes()));
            view! {
                <button type="button" class="plain quicker" data-testid="quicker" data-model=model.name.clone() title=model.title
                    on:click=move |_| store.choose_model(&model.name)>{text}</button>
            }
        })
    }
}
