//! Where the user asks: question, paragraph, examples, the button.

use leptos::prelude::*;

use crate::bio::Decoder;
use crate::document::Edit;

use super::examples;
use super::state::Store;

/// The form.
#[component]
pub fn Ask(store: Store) -> impl IntoView {
    let words = store.words;
    let question = store.part(|d| d.question.clone());
    let paragraph = store.part(|d| d.paragraph.clone());
    let example = store.part(|d| d.example.clone());
    let choose = move |event: leptos::ev::Event| store.choose_example(&event_target_value(&event));
    let label = move || match (store.busy.get(), store.queued.get()) {
        (true, _) => words.analysing,
        (_, true) => words.queued,
        _ => words.analyse,
    };
    view! {
        <form class="ask" aria-label=words.ask on:submit=move |event| { event.prevent_default(); store.analyse(); }>
            <div class="fieldrow">
                <label for="question">{words.question}</label>
                <label class="picker">
                    <span class="soft small">{words.example}</span>
                    <select data-testid="example" on:change=choose>
                        <option value="" disabled selected=move || example.get().is_none()>{words.own_text}</option>
                        {examples::all().iter().map(|e| {
                            view! { <option value=e.id.clone() title=e.note.clone()
                                selected=move || example.get().as_ref() == Some(&e.id)>{e.title.clone()}</option> }
                        }).collect_view()}
                    </select>
                </label>
            </div>
            // A one-line field that grows when a long question wraps: its twin in the style sheet has the same text.
            <div class="grow question" data-value=move || question.get()>
                <textarea id="question" data-testid="question" rows="1" autocomplete="off" spellcheck="false"
                    placeholder=words.question_hint prop:value=move || question.get()
                    on:keydown=move |event| if event.key() == "Enter" && !event.is_composing() {
                        event.prevent_default();
                        if !(event.ctrl_key() || event.meta_key()) { store.analyse(); }
                    }
                    on:input=move |event| {
                        let text = event_target_value(&event).replace(['\r', '\n'], " ");
                        store.edit(Edit::Question, |d| d.edit_question(&text));
                    }></textarea>
            </div>
            <label for="paragraph">{words.paragraph}</label>
            <textarea id="paragraph" class="paragraph" data-testid="paragraph" rows="4" spellcheck="false"
                placeholder=words.paragraph_hint prop:value=move || paragraph.get()
                on:input=move |event| { let text = event_target_value(&event); store.edit(Edit::Paragraph, |d| d.edit_paragraph(&text)); } ></textarea>
            <div class="fieldrow">
                <button type="submit" class="main" data-testid="analyse" class:wanted=move || store.stale.get()>{label}</button>
                <span class="soft small keys">{words.analyse_keys}</span>
                <span class="push"></span>
                <DecoderPicker store />
            </div>
        </form>
    }
}

/// The choice of the decoder.
#[component]
fn DecoderPicker(store: Store) -> impl IntoView {
    let words = store.words;
    let decoder = store.part(|d| d.decoder);
    let choose = move |event: leptos::ev::Event| {
        if let Ok(decoder) = event_target_value(&event).parse() {
            store.set_decoder(decoder);
        }
    };
    view! {
        <label class="picker">
            <span class="soft small">{words.decoder}</span>
            <select data-testid="decoder" on:change=choose>
                {Decoder::ALL.map(|d| view! {
                    <option value=d.name() selected=move || decoder.get() == d>{(words.decoder_name)(d)}</option>
                }).collect_view()}
            </select>
        </label>
    }
}
