//! The page as a whole: what it consists of, and the keys that work everywhere. Which of it is on screen, `places` decides.

use leptos::ev;
use leptos::prelude::*;

use super::assignment::{self, AssignmentBar};
use super::class::ClassCard;
use super::components::drop::DropSheet;
use super::components::events::{on_window, within};
use super::components::focus::focus;
use super::components::idle::{after_paint, draw_when_idle, when_idle};
use super::dataset::{DatasetCard, Neighbours};
use super::exercise::Exercise;
use super::export::ExportBar;
use super::header::{ErrorMessage, Header};
use super::inspector::Inspector;
use super::labels::annotators::GoldCard;
use super::loss::{LossCard, TokenLoss};
use super::paragraph::answers::Answers;
use super::paragraph::question_form::QuestionForm;
use super::paragraph::view::ParagraphView;
use super::places;
use super::presenter::{self, PresenterBar};
use super::question_set::card::QuestionSetCard;
use super::question_set::work::WorkBar;
use super::settings::benchmark::{BenchmarkButton, BenchmarkPanel};
use super::settings::offline::{OfflineFooter, OfflineState};
use super::share::panel::SharePanel;
use super::state::storage;
use super::state::store::Store;

/// Puts the page in place of the skeleton in index.html and starts the engine.
pub fn mount() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
    if let Some(skeleton) = document().get_element_by_id("skeleton") {
        skeleton.remove(); // it has hidden the page until here (styles/base.css)
    }
}

/// The page: one state, shown in the language that is chosen.
#[component]
fn App() -> impl IntoView {
    let store = Store::new(storage::language(), storage::saved());
    if let Some(before) = storage::before() {
        store.editor.remember(&before);
    }
    storage::autosave(store);
    store.sets.autosave();
    store.follow_set();
    store.class.autosave();
    store.follow_class();
    store.dataset.autosave();
    store.analysis.note_loss();
    let offline = OfflineState::new(store);
    assignment::follow(store);
    presenter::follow(store);
    places::follow(store);
    store.open_address();
    store.analyse_while_typing();
    // The page is painted first; then the engine may have the network and the processor.
    after_paint(move || when_idle(move || store.start_engine()));
    on_window(ev::keydown, move |event| everywhere(store, &event));
    // A link that is pasted into the address of an open page does not load the page again.
    on_window(ev::hashchange, move |_| store.open_address());
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", store.language.get().language);
        }
    });
    move || {
        provide_context(store.speaking(store.language.get()));
        view! { <Page offline /> }
    }
}

#[component]
fn Page(offline: OfflineState) -> impl IntoView {
    let store = expect_context::<Store>();
    view! {
        <button type="button" class="sr plain skip" on:click=|_| focus("main")>{store.words.skip}</button>
        <Header />
        <p class="sr" role="status" data-testid="said">{move || store.editor.said.get()}</p>
        <ErrorMessage />
        <AssignmentBar />
        <WorkBar />
        <div class="panelplace"><SharePanel /><BenchmarkPanel /></div>
        <main tabindex="-1">
            <div class="column">
                <QuestionForm />
                <Neighbours />
                <Answers />
                <ParagraphView />
                {draw_when_idle(move || view! { <GoldCard /><ExportBar /> })}
            </div>
            <aside class="column">{draw_when_idle(move || view! { <LossCard /><Inspector /><TokenLoss /> })}</aside>
            <div class="below">{draw_when_idle(move || view! { <Exercise /> })}</div>
            <div class="below more-cards">{draw_when_idle(move || view! { <QuestionSetCard /><ClassCard /><DatasetCard /> })}</div>
        </main>
        <PresenterBar />
        <DropSheet />
        {draw_when_idle(move || view! {
            <footer class="soft small">
                <p>{move || store.quality()}" "<BenchmarkButton />" "{store.words.privacy}</p>
                <OfflineFooter offline />
            </footer>
        })}
    }
}

/// Ctrl + Enter analyses; Ctrl + Z and Ctrl + Y undo and redo, except where a field has its own.
fn everywhere(store: Store, event: &ev::KeyboardEvent) {
    if !(event.ctrl_key() || event.meta_key()) {
        return;
    }
    let in_field = within(event, "input, textarea, select").is_some();
    match event.key().to_ascii_lowercase().as_str() {
        "enter" => store.analyse(),
        "z" if !in_field && event.shift_key() => store.travel(false),
        "z" if !in_field => store.travel(true),
        "y" if !in_field => store.travel(false),
        _ => return,
    }
    event.prevent_default();
}
