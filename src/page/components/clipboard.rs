//! The clipboard, where there is one: pages without a secure context have none.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::download::download;

/// Puts a text on the clipboard; whether that worked. The request is made before this returns, while the user's click
/// still counts for it.
pub fn copy(text: &str) -> impl Future<Output = bool> + use<> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok();
    let clipboard = clipboard.filter(|c| !c.is_undefined()).map(|c| c.unchecked_into::<web_sys::Clipboard>());
    let writing = clipboard.map(|clipboard| JsFuture::from(clipboard.write_text(text)));
    async move {
        match writing {
            Some(writing) => writing.await.is_ok(),
            None => false,
        }
    }
}

/// Puts LaTeX on the clipboard and notes for a while that this was done; where the clipboard is out of reach, saves it as a file.
pub fn copy_latex(text: String, file: &'static str, copied: RwSignal<bool>) {
    let writing = copy(&text);
    spawn_local(async move {
        if !writing.await {
            return drop(download(file, "application/x-tex", &text.into()));
        }
        copied.try_set(true);
        let rest = move || {
            copied.try_set(false);
        };
        set_timeout(rest, Duration::from_secs(3));
    });
}

/// Copies what a field shows, and notes whether that was done; where the browser refuses, the field is selected for the user's own keys.
pub fn copy_field(text: &str, field: NodeRef<html::Input>, copied: RwSignal<Option<bool>>) {
    let copying = copy(text);
    spawn_local(async move {
        let done = copying.await;
        copied.try_set(Some(done));
        if let Some(field) = field.try_get_untracked().flatten().filter(|_| !done) {
            let _ = field.focus();
            field.select();
        }
    });
}
