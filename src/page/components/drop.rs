//! Files dropped on the page: each goes where it belongs.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DragEvent;

use crate::page::state::store::Store;

use super::events::on_window;
use super::files;

/// The sheet that lists what can be dropped, while files are held over the page. It takes them, too.
#[component]
pub fn DropSheet() -> impl IntoView {
    let store = expect_context::<Store>();
    let over = RwSignal::new(false);
    let has_files = |event: &DragEvent| {
        let kinds = carried(event, "types").map(|kinds| js_sys::Array::from(&kinds));
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
    };
    on_window(leptos::ev::dragenter, move |event| {
        if has_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    });
    on_window(leptos::ev::dragover, move |event| {
        if has_files(&event) {
            event.prevent_default(); // else the browser would open the file in place of the page
        }
    });
    on_window(leptos::ev::dragleave, move |event| {
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    on_window(leptos::ev::drop, move |event| {
        if has_files(&event) {
            event.prevent_default();
            over.set(false);
            let taken = files::listed(carried(&event, "files").and_then(|files| files.dyn_into().ok()));
            store.take_files(taken);
        }
    });
    view! { <Show when=move || over.get()><div class="dropsheet" data-testid="drop" aria-hidden="true"><span>{store.words.sharing.drop}</span></div></Show> }
}

/// A part of what a drag carries.
fn carried(event: &DragEvent, part: &str) -> Option<JsValue> {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok().filter(|v| !v.is_falsy());
    get(&get(event, "dataTransfer")?, part)
}
