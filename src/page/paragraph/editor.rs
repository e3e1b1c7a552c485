//! The paragraph's field. It is there at all times: closed it is the button "Edit"; with the focus in it, it takes the place of
//! the analysed text. What is typed is the document's at once, so that no way out of the field loses anything.

use std::cell::Cell;
use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;

use crate::bio::Span;
use crate::document::Edit;
use crate::page::components::events::{on_window, within};
use crate::page::components::focus::focus_text;
use crate::page::state::navigation::Place;
use crate::page::state::store::Store;

/// The field's id; its label names it.
const ID: &str = "paragraph";

/// How long after a press of the pointer its click has been heard.
const CLICK: Duration = Duration::from_millis(50);

thread_local! {
    /// Whether a button of the pointer is down: the field does not close under a click on something else, which would move away.
    static DOWN: Cell<bool> = const { Cell::new(false) };
    /// Whether the field has lost the focus meanwhile.
    static LEFT: Cell<bool> = const { Cell::new(false) };
}

fn field() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

/// Whether the keyboard writes into the field.
fn focused() -> bool {
    document().active_element().is_some_and(|element| element.id() == ID)
}

/// Opens the field, with this part of the text selected.
pub fn open_at(span: Span) {
    if let Some(field) = field() {
        let _ = field.focus();
        let _ = field.set_selection_range(span.start as u32, span.end as u32);
    }
}

/// Closes the field and has the text read, if it has changed and there is any.
fn close(store: Store) {
    if focused() || !store.editor.editing.get_untracked() {
        return;
    }
    store.editor.editing.set(false);
    if store.analysis.stale.get_untracked() && store.text_error().is_none() && !store.asked() {
        store.analyse();
    }
}

/// The field, and what the label over it says.
#[component]
pub fn Editor(height: RwSignal<f64>) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let paragraph = store.editor.part(|d| d.paragraph.clone());
    let place: NodeRef<html::Textarea> = NodeRef::new();
    on_window(ev::pointerdown, |_| DOWN.set(true));
    let released = move || {
        DOWN.set(false);
        if LEFT.take() {
            set_timeout(move || close(store), CLICK);
        }
    };
    on_window(ev::pointerup, move |_| released());
    on_window(ev::pointercancel, move |_| released());
    on_window(ev::paste, move |event| paste(store, &event));
    // Closed by something else than by leaving it, such as a press of "Analyse" by a script, it gives the focus back.
    Effect::new(move |_| {
        if !store.editor.editing.get()
            && focused()
            && let Some(place) = place.get_untracked()
        {
            let _ = place.blur();
        }
    });
    let keys = move |event: ev::KeyboardEvent| {
        // "Done", which a Tab would lead to, goes with the field.
        let leaves = event.key() == "Escape" || event.key() == "Tab" && !event.shift_key();
        if leaves && !event.is_composing() {
            event.prevent_default();
            store.editor.editing.set(false);
            focus_text();
            if store.analysis.stale.get_untracked() && store.text_error().is_none() {
                store.analyse();
            }
        }
    };
    view! {
        <textarea node_ref=place id=ID class="editor" dir="auto" data-testid="paragraph" rows="3" spellcheck="false" title=words.edit_keys
            placeholder=words.paragraph_hint prop:value=move || paragraph.get() aria-label=words.paragraph
            style:--height=move || format!("{:.0}px", height.get())
            on:focus=move |_| store.editor.editing.set(true)
            on:blur=move |_| if DOWN.get() { LEFT.set(true) } else { set_timeout(move || close(store), Duration::ZERO) }
            on:keydown=keys
            on:input=move |event| { let text = event_target_value(&event); store.editor.edit(Edit::Paragraph, |d| d.edit_paragraph(&text)); } ></textarea>
        <span class="edithandle small" aria-hidden="true"><i>"✎"</i>{words.edit}</span>
        <button type="button" class="plain done" data-testid="done" on:click=move |_| close(store)>{words.done}</button>
    }
}

/// Text that is pasted beside all fields becomes the paragraph; the one before is an undo away.
fn paste(store: Store, event: &web_sys::Event) {
    let in_field = within(event, "input, textarea, select").is_some();
    if in_field || !matches!(store.navigation.place.get_untracked(), Place::Read | Place::Labels) {
        return;
    }
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
    let text = get(event, "clipboardData").and_then(|data| {
        let read: js_sys::Function = get(&data, "getData")?.dyn_into().ok()?;
        read.call1(&data, &"text/plain".into()).ok()?.as_string()
    });
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        event.prevent_default();
        store.editor.edit(Edit::Step, |d| d.edit_paragraph(text.trim()));
        store.analyse();
    }
}
