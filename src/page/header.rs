//! The top of the page: the name, which model it is and how far, the links to the places, and what went wrong.

use leptos::prelude::*;

use crate::display::format::megabytes;
use crate::page::state::words;

use super::places::Places;
use super::settings::model_picker::{ModelPicker, Quicker};
use super::share::panel::ShareButton;
use super::state::engine::Load;
use super::state::storage;
use super::state::store::Store;
use crate::locale::{self, Strings};

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    let words = words();
    view! {
        <header>
            <span class="logo" aria-hidden="true"><i></i><i></i><i></i></span>
            <h1>"Bioscope"</h1>
            <span class="tagline soft">{words.tagline}</span>
            <span class="push"></span>
            <ShareButton />
            <ModelPicker />
            <LanguagePicker />
            <Places />
            <Quicker />
            <Status />
        </header>
    }
}

/// The choice of the language.
#[component]
fn LanguagePicker() -> impl IntoView {
    let store = expect_context::<Store>();
    let choose = move |event: leptos::ev::Event| {
        let Some(words) = locale::find(&event_target_value(&event)) else { return };
        storage::keep_language(words.language);
        store.language.set(words);
    };
    let entry = |words: &'static Strings| {
        let language = words.language;
        view! { <option value=language lang=language selected={language == store.words.language}>{words.language_name}</option> }
    };
    view! {
        <select class="language" data-testid="language" aria-label=store.words.choose_language title=store.words.choose_language on:change=choose>
            {locale::LANGUAGES.into_iter().map(entry).collect_view()}
        </select>
    }
}

/// How far the model is.
#[component]
fn Status() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let state = move || match (store.engine.load.get(), store.engine.busy.get()) {
        (Load::Failed, _) => "failed",
        (_, true) => "running",
        (Load::Ready(_), _) => "ready",
        _ => "loading",
    };
    let progress = move || match store.engine.load.get() {
        Load::Loading(progress) => (progress.loaded, progress.total),
        Load::Ready(info) => (info.bytes as u64, info.bytes as u64),
        _ => (0, 0),
    };
    let share = move || match progress() {
        (_, 0) => 0.0,
        (loaded, total) => 100.0 * loaded.min(total) as f64 / total as f64,
    };
    let kernel = move || match store.engine.load.get() {
        Load::Ready(info) => info.kernel,
        _ => String::new(),
    };
    let workers = move || store.analysis.shown.with(|s| s.as_ref().map_or(0, |s| s.analysis.workers)).to_string();
    let text = move || match store.engine.load.get() {
        Load::Starting => words.starting.to_string(),
        Load::Loading(p) => match p.stage.as_str() {
            "prepare" => words.preparing.to_string(),
            "cache" => words.from_cache.to_string(),
            _ if p.total == 0 => words.starting.to_string(),
            _ => words.loading(megabytes(p.loaded), megabytes(p.total), share() as u32),
        },
        Load::Ready(_) if store.engine.busy.get() => words.reading.to_string(),
        Load::Ready(info) => words.ready(words.kernel_name(&info.kernel)),
        Load::Failed => words.failed.to_string(),
    };
    // What a screen reader hears of it: not every percent, nor every reading.
    let stage = Memo::new(move |_| match store.engine.load.get() {
        Load::Ready(info) => words.ready(words.kernel_name(&info.kernel)),
        Load::Loading(p) if p.stage == "prepare" => words.preparing.into(),
        Load::Failed => words.failed.into(),
        _ => words.starting.into(),
    });
    view! {
        <span class="chip" data-testid="status" data-state=state
            data-loaded=move || progress().0.to_string() data-total=move || progress().1.to_string() data-kernel=kernel data-workers=workers
            style:--share=move || format!("{:.1}%", share())
        >
            <span class="sr" role="status">{move || stage.get()}</span>
            <span class="dot" aria-hidden="true"></span>
            <span>{text}</span>
        </span>
        <Show when=move || store.engine.load.with(|l| *l == Load::Failed)>
            <button type="button" class="plain" on:click=move |_| store.try_again()>{words.retry}</button>
        </Show>
    }
}

/// What went wrong, until it is dismissed.
#[component]
pub fn ErrorMessage() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    view! {
        <div class="errors" aria-live="assertive">
            {move || store.error.get().map(|error| view! {
                <div class="error" role="alert">
                    <span data-testid="error">{words.error(&error)}</span>
                    <button type="button" class="icon" aria-label=words.dismiss title=words.dismiss
                        on:click=move |_| store.error.set(None)>"×"</button>
                </div>
            })}
        </div>
    }
}
