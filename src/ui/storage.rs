//! Keeping the document for the next visit. A browser that blocks storage just does not keep it.

use std::time::Duration;

use leptos::prelude::*;

use crate::document::Document;

use super::state::Store;

const KEY: &str = "bioscope.document";

/// Typing is saved this long after it stops.
const REST: Duration = Duration::from_millis(300);

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What an earlier visit kept.
pub fn saved() -> Option<Document> {
    Document::from_json(&storage()?.get_item(KEY).ok()??)
}

fn save(document: &Document) {
    if let Some(storage) = storage() {
        // A full or blocked storage is no reason to disturb anyone.
        let _ = storage.set_item(KEY, &document.to_json());
    }
}

/// Saves the document whenever it has changed and rested, and at once when the page is left.
pub fn autosave(store: Store) {
    let timer: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    Effect::new(move |first: Option<()>| {
        store.document.track();
        if first.is_some() {
            if let Some(waiting) = timer.get_value() {
                waiting.clear();
            }
            let saving = move || {
                store.document.try_with_untracked(save);
            };
            timer.set_value(set_timeout_with_handle(saving, REST).ok());
        }
    });
    let leaving = window_event_listener_untyped("pagehide", move |_| {
        store.document.try_with_untracked(save);
    });
    on_cleanup(move || leaving.remove());
}
