//! The button that adds the question on the page to the teacher's set, wherever a teacher may want it.

use leptos::prelude::*;

use crate::page::state::store::Store;

/// The button, and what came of it.
#[component]
pub fn AddToSet() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let note = RwSignal::new(String::new());
    let add = move |_| {
        let document = store.editor.document.get_untracked();
        let set = store.sets.composed;
        note.set(match store.add_to_set(&document) {
            true => words.count(set.with_untracked(|set| set.items.len())),
            false if set.with_untracked(|set| set.find(&document).is_some()) => words.known.into(),
            false => words.unfit.into(),
        });
    };
    view! {
        <button type="button" class="plain" data-testid="set-add" on:click=add>{words.add}</button>
        <span class="soft small" role="status" data-testid="set-added">{move || note.get()}</span>
    }
}
