//! A link to copy.

use leptos::html;
use leptos::prelude::*;

use super::clipboard;
use crate::display::format::fixed;
use crate::error::Error;
use crate::locale::Strings;
use crate::page::state::words;

/// A link of more bytes is cut by some mail programs and chats.
pub const LONG: usize = 8000;

/// The length of a link, in thousands of bytes.
pub fn kilobytes(link: &str) -> String {
    fixed(link.len() as f64 / 1000.0, 1)
}

/// What the last attempt to copy came to.
pub fn said(words: &Strings, copied: Option<bool>) -> &'static str {
    copied.map_or("", |done| if done { words.sharing.copied } else { words.sharing.by_hand })
}

/// A field with the link, and the button that copies it; `hooks` are theirs for tests. A change of the link makes void what the
/// last attempt to copy came to.
#[component]
pub fn LinkField(
    link: Memo<Result<String, Error>>,
    name: &'static str,
    hooks: [&'static str; 2],
    copied: RwSignal<Option<bool>>,
    /// Whether opening it is asking for a copy.
    #[prop(optional)]
    mut at_once: bool,
) -> impl IntoView {
    let field: NodeRef<html::Input> = NodeRef::new();
    let full = move || link.get().unwrap_or_default();
    let copy = move || clipboard::copy_field(&untrack(full), field, copied);
    Effect::new(move |_| {
        link.track();
        copied.set(None);
        if std::mem::take(&mut at_once) {
            copy();
        }
    });
    on_cleanup(move || {
        copied.try_set(None);
    });
    view! {
        <div class="tools linkrow">
            <input node_ref=field class="field" data-testid=hooks[0] readonly aria-label=name prop:value=full on:focus=move |_| if let Some(field) = field.get() { field.select() } />
            <button type="button" class="plain" data-testid=hooks[1] disabled=move || link.with(Result::is_err) on:click=move |_| copy()>{words().sharing.copy}</button>
        </div>
    }
}
