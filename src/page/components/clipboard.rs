//! The clipboard, where there is one: pages without a secure context have none.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

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
