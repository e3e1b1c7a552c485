//! What a teacher's link asked for, in a bar at the top, and the way out of it. A class of the body tells the style sheet.

use leptos::prelude::*;

use crate::page::state::store::Store;

/// Tells the style sheet what is hidden.
pub fn follow(store: Store) {
    let assignment = store.editor.part(|d| d.assignment);
    Effect::new(move |_| {
        let Some(body) = document().body() else { return };
        let assignment = assignment.get();
        let parts = [(assignment.hidden, "hidden"), (assignment.guided, "guided")];
        let parts: Vec<&str> = parts.into_iter().filter_map(|(on, name)| on.then_some(name)).collect();
        let _ = match parts.is_empty() {
            true => body.remove_attribute("data-lesson"),
            false => body.set_attribute("data-lesson", &parts.join(" ")),
        };
    });
}

/// The bar.
#[component]
pub fn AssignmentBar() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    let assignment = store.editor.part(|d| d.assignment);
    let opened = store.editor.link_opened;
    view! {
        <div class="lessons" aria-live="polite">
            <Show when=move || opened.get()>
                <p class="lesson" data-testid="opened"><span>{words.opened}</span><span class="push"></span>
                    <button type="button" class="plain" data-testid="undo-link" on:click=move |_| { store.editor.undo(); store.show_example(); store.analyse(); }>{store.words.undo}</button>
                    <button type="button" class="icon" title=words.close aria-label=words.close on:click=move |_| opened.set(false)>"×"</button></p>
            </Show>
            <Show when=move || assignment.get().hidden>
                <p class="lesson" data-testid="hidden-note"><span>{words.hidden_note}</span><span class="push"></span>
                    <button type="button" class="plain" data-testid="show-answers" on:click=move |_| store.editor.arrange(|d| d.assignment.hidden = false)>{words.show}</button></p>
            </Show>
            <Show when=move || assignment.get().guided>
                <p class="lesson" data-testid="guided-note"><span>{words.guided_note}</span><span class="push"></span>
                    <button type="button" class="plain" data-testid="whole-page" on:click=move |_| store.editor.arrange(|d| d.assignment.guided = false)>{words.whole}</button></p>
            </Show>
        </div>
    }
}
