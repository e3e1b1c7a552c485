//! Keeping the document for the next visit. A browser that blocks storage just does not keep it. Several tabs keep theirs in the
//! same place: the last that was changed is what the next visit opens with, and the one before it is an undo away.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::document::{Document, inputs};
use crate::locale::{self, Strings};

use super::store::Store;
use crate::page::components::events::on_window_untyped;

const KEY: &str = "bioscope.document";
const BEFORE: &str = "bioscope.before";
const LANGUAGE: &str = "bioscope.language";

/// Typing is saved this long after it stops.
const REST: Duration = Duration::from_millis(300);

thread_local! {
    /// The document as this tab has found or saved it last.
    static MINE: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Whether the browser keeps anything for this page; one that blocks storage, or leaves no room in it, does not.
pub fn keeps() -> bool {
    const PROBE: &str = "bioscope.probe";
    storage().is_some_and(|storage| storage.set_item(PROBE, "0").and_then(|()| storage.remove_item(PROBE)).is_ok())
}

fn kept(key: &str) -> Option<Document> {
    Document::from_json(&storage()?.get_item(key).ok()??).filter(inputs::sound)
}

/// What an earlier visit kept.
pub fn saved() -> Option<Document> {
    kept(KEY)
}

/// Keeps the document that a link is about to replace, so that it is an undo away after a reload, too.
pub fn keep_before(document: &Document) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(BEFORE, &document.to_json());
    }
}

/// What a link has replaced on this visit or an earlier one.
pub fn before() -> Option<Document> {
    kept(BEFORE)
}

/// Keeps the document, if it has changed. What another tab has saved in the meantime is kept as that which a link replaces is.
pub fn save(document: &Document) {
    let Some(storage) = storage() else { return };
    let new = document.to_json();
    let Some(mine) = MINE.with(|mine| mine.replace(Some(new.clone())).filter(|mine| *mine != new)) else { return };
    // A full or blocked storage is no reason to disturb anyone.
    if let Some(other) = storage.get_item(KEY).ok().flatten().filter(|kept| *kept != mine && *kept != new) {
        let _ = storage.set_item(BEFORE, &other);
    }
    let _ = storage.set_item(KEY, &new);
}

/// The words of the language that was chosen on an earlier visit, else of the browser's first one that the page speaks, else of
/// the default.
pub fn language() -> &'static Strings {
    let chosen = storage().and_then(|s| s.get_item(LANGUAGE).ok().flatten());
    let preferred = web_sys::window().map(|w| w.navigator().languages()).unwrap_or_default();
    let preferred = preferred.iter().filter_map(|tag| tag.as_string());
    let known = chosen.into_iter().chain(preferred).find_map(|tag| locale::find(&tag));
    known.unwrap_or(locale::LANGUAGES[0])
}

/// Keeps the chosen language.
pub fn keep_language(language: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(LANGUAGE, language);
    }
}

/// A value that an earlier visit kept.
pub fn kept_value<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&storage()?.get_item(key).ok()??).ok()
}

/// Keeps a value whenever it has changed and rested, and at once when the page is left.
pub fn keep_when_it_changes<T: Serialize + Send + Sync + 'static>(key: &'static str, value: RwSignal<T>) {
    let save = move || {
        if let (Some(Ok(text)), Some(storage)) = (value.try_with_untracked(serde_json::to_string), storage()) {
            let _ = storage.set_item(key, &text);
        }
    };
    save_when_rested(Box::new(move || value.track()), Rc::new(save));
}

/// Saves the document whenever it has changed and rested, and at once when the page is left.
pub fn autosave(store: Store) {
    let document = store.editor.document;
    MINE.with(|mine| mine.replace(Some(document.with_untracked(Document::to_json))));
    let save = move || {
        document.try_with_untracked(save);
    };
    save_when_rested(Box::new(move || document.track()), Rc::new(save));
}

/// No types of its own for each value: the page's program would hold all this as often.
fn save_when_rested(track: Box<dyn Fn()>, save: Rc<dyn Fn()>) {
    let timer: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let waits = move || timer.try_update_value(Option::take).flatten();
    let then = save.clone();
    Effect::new(move |first: Option<()>| {
        track();
        if first.is_some() {
            if let Some(waiting) = waits() {
                waiting.clear();
            }
            let save = then.clone();
            let rested = move || {
                waits();
                save();
            };
            timer.set_value(set_timeout_with_handle(rested, REST).ok());
        }
    });
    on_window_untyped("pagehide", move |_| {
        if let Some(waiting) = waits() {
            waiting.clear();
            save();
        }
    });
}
