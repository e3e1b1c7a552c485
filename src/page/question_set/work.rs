//! The student's side: which question of the open set is on the page, the way to the others, the name and the file.

use leptos::html;
use leptos::prelude::*;

use super::card::{name_of, titled};
use crate::document::question_set::Item;
use crate::page::components::download::file_name;
use crate::page::state::store::Store;

/// The bar, while a set is open.
#[component]
pub fn WorkBar() -> impl IntoView {
    let store = expect_context::<Store>();
    let open = Memo::new(move |_| store.sets.works.with(|works| works.current().is_some()));
    view! { <Show when=move || open.get()><Bar /></Show> }
}

#[component]
fn Bar() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let works = store.sets.works;
    let count = Memo::new(move |_| works.with(|w| w.current().map_or(0, |work| work.set.items.len())));
    let at = Memo::new(move |_| works.with(|w| w.current().map_or(0, |work| work.at)));
    let title = Memo::new(move |_| works.with(|w| w.current().map(|work| titled(store, &work.set.title))));
    let student = Memo::new(move |_| works.with(|w| w.current().map(|work| work.set.student.clone())));
    let progress = Memo::new(move |_| works.with(|w| w.current().map(|work| work.set.progress())).unwrap_or_default());
    let elsewhere = Memo::new(move |_| {
        store.editor.document.with(|d| works.with_untracked(|w| w.current().is_some() && w.place_of(d).is_none()))
    });
    let note = RwSignal::new(String::new());
    let name: NodeRef<html::Input> = NodeRef::new();
    let write_name = move |event| {
        let name = event_target_value(&event);
        works.update(|w| {
            if let Some(work) = w.current_mut() {
                work.set.student = name;
            }
        });
        note.set(String::new());
    };
    let hand_in = move |_| {
        let Some(set) = works.with_untracked(|w| w.current().map(|work| work.set.clone())) else { return };
        if set.student.trim().is_empty() {
            note.set(words.name_first.into());
            if let Some(name) = name.get_untracked() {
                let _ = name.focus();
            }
            return;
        }
        let file = file_name(&["bioscope", set.student.trim()], ".json");
        if store.download(&file, "application/json", &set.answers_to_json().into()) {
            let (done, of) = set.progress();
            note.set(words.saved(&file, done, of));
        }
    };
    let entry = move |k: usize| {
        let item = Memo::new(move |_| {
            let found = works.with(|w| w.current().and_then(|work| work.set.items.get(k).cloned()));
            found.map(|item: Item| (name_of(store, &item), item.is_labelled())).unwrap_or_default()
        });
        move || {
            let (name, labelled) = item.get();
            let told = words.entry(k + 1, &name, labelled);
            let current = (at.get() == k && !elsewhere.get()).then_some("step");
            view! {
                <li><button type="button" data-testid="work-entry" data-index=k.to_string() data-labelled=labelled.to_string() aria-current=current
                    on:click=move |_| store.show_question(k)>
                    <span class="sr">{told}</span><span class="number" aria-hidden="true">{k + 1}</span><span class="asks" aria-hidden="true">{name}</span></button></li>
            }
        }
    };
    view! {
        <nav class="workbar" data-testid="work" aria-label=words.bar>
            <div class="tools">
                <b>{move || title.get()}</b>
                <span role="status" data-testid="work-place">{move || words.place(at.get() + 1, count.get())}</span>
                <button type="button" class="plain" data-testid="work-previous" disabled=move || at.get() == 0 aria-label=words.previous on:click=move |_| store.show_question(at.get_untracked() - 1)>"←"<span class="word">" "{words.previous}</span></button>
                <button type="button" class="plain" data-testid="work-next" disabled=move || { at.get() + 1 >= count.get() } aria-label=words.next on:click=move |_| store.show_question(at.get_untracked() + 1)><span class="word">{words.next}" "</span>"→"</button>
                <span class="push"></span>
                <span class="soft small" data-testid="work-done">{move || { let (done, of) = progress.get(); words.done(done, of) }}</span>
                <label class="number titled"><span class="soft small">{words.student}</span>
                    <input node_ref=name class="field" autocomplete="name" data-testid="work-student" prop:value=move || student.get() on:input=write_name /></label>
                <button type="button" class="main" data-testid="work-save" on:click=hand_in>{words.hand_in}</button>
                <button type="button" class="icon" data-testid="work-close" title=words.close aria-label=words.close on:click=move |_| store.close_set()>"×"</button>
            </div>
            <ol><For each=move || 0..count.get() key=|k| *k children=entry /></ol>
            <Show when=move || elsewhere.get()><p class="small" data-testid="work-elsewhere">{words.elsewhere}</p></Show>
            <p class="small" role="status" data-testid="work-note">{move || note.get()}</p>
        </nav>
    }
}
