//! Where the user asks: the question, the examples, the button. The paragraph's field is in `editor`.

use leptos::prelude::*;

use crate::document::Edit;
use crate::error::Error;
use crate::page::components::focus::focus;
use crate::page::state::examples::{self, Example};
use crate::page::state::store::Store;

/// The form.
#[component]
pub fn QuestionForm() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let question = store.editor.part(|d| d.question.clone());
    // The note is about the question as it was read, so it goes when that is edited.
    let cut = Memo::new(move |_| {
        let question = question.get();
        store.analysis.shown.with(|shown| {
            let shown = shown.as_ref().filter(|s| s.analysis.question_truncated && s.question == question)?;
            Some(shown.analysis.question_tokens)
        })
    });
    let label = move || match (store.engine.busy.get(), store.engine.queued.get()) {
        (true, _) => words.analysing,
        (_, true) => words.queued,
        _ => words.analyse,
    };
    let analyse = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        store.analyse();
        if matches!(store.text_error(), Some(Error::EmptyQuestion)) {
            focus("#question");
        }
    };
    // An empty field is as high as what it asks for.
    let twin = move || question.with(|q| if q.is_empty() { words.question_hint.into() } else { q.clone() });
    view! {
        <form class="ask" aria-label=words.ask on:submit=analyse>
            <div class="fieldrow">
                <label for="question">{words.question}</label>
                <span class="soft small" data-testid="live">{move || store.quick().then_some(words.live)}</span>
                <ExampleNote />
                <ExamplePicker />
            </div>
            <div class="askrow">
                // A one-line field that grows when a long question wraps: its twin in the style sheet has the same text.
                <div class="grow question" data-value=twin>
                    <textarea id="question" dir="auto" data-testid="question" rows="1" autocomplete="off" spellcheck="false"
                        placeholder=words.question_hint prop:value=move || question.get()
                        on:keydown=move |event| if event.key() == "Enter" && !event.is_composing() {
                            event.prevent_default();
                            if !(event.ctrl_key() || event.meta_key()) { store.analyse(); }
                        }
                        on:input=move |event| {
                            let text = event_target_value(&event).replace(['\r', '\n'], " ");
                            store.editor.edit(Edit::Question, |d| d.edit_question(&text));
                        }></textarea>
                </div>
                <button type="submit" class="main" data-testid="analyse" title=words.analyse_keys aria-keyshortcuts="Control+Enter"
                    class:wanted=move || store.analysis.behind.get()>{label}</button>
            </div>
            <p class="hint cut" role="status" data-testid="question-truncated" hidden=move || cut.get().is_none()>
                {move || cut.get().map(|pieces| words.question_truncated(pieces))}
            </p>
        </form>
    }
}

/// The choice of an example.
#[component]
fn ExamplePicker() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let example = store.editor.part(|d| d.example.clone());
    let choose = move |event: leptos::ev::Event| store.choose_example(&event_target_value(&event));
    let entry = move |e: &'static Example| {
        view! {
            <option value=e.id.clone() title=e.note(words) selected=move || example.get().as_ref() == Some(&e.id)>
                {e.title(words)}
            </option>
        }
    };
    view! {
        <label class="picker">
            <span class="soft small">{words.example}</span>
            <select data-testid="example" on:change=choose>
                <option value="" disabled selected=move || example.get().is_none()>{words.own_text}</option>
                {examples::all().iter().map(entry).collect_view()}
            </select>
        </label>
    }
}

/// What the chosen example shows. Once the text is edited it keeps its place, unseen, so that nothing moves under
/// the user's fingers.
#[component]
fn ExampleNote() -> impl IntoView {
    let Store { words, editor, .. } = expect_context::<Store>();
    let example = editor.part(|d| d.example.clone());
    let note = Memo::new(move |before: Option<&&'static str>| {
        let chosen = example.get().and_then(|id| examples::all().iter().find(|e| e.id == id));
        chosen.map(|e| e.note(words)).or(before.copied()).unwrap_or_default()
    });
    view! {
        <span class="about soft small" class:gone=move || example.get().is_none() title=move || note.get()>{move || note.get()}</span>
    }
}
