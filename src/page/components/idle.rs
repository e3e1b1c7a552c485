//! What may wait until the browser has nothing better to do: so the first screen is painted before the panels below it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdleRequestOptions;

/// A busy page calls after this many milliseconds all the same.
const TIMEOUT: u32 = 500;

/// Calls in an idle moment of the browser; with a timer where it has no `requestIdleCallback` (Safari).
pub fn when_idle(call: impl FnOnce() + 'static) {
    let window = window();
    if !js_sys::Reflect::has(&window, &JsValue::from("requestIdleCallback")).unwrap_or(false) {
        return set_timeout(call, Duration::ZERO);
    }
    let options = IdleRequestOptions::new();
    options.set_timeout(TIMEOUT);
    let call = Closure::once_into_js(call);
    let _ = window.request_idle_callback_with_options(call.as_ref().unchecked_ref(), &options);
}

/// Calls when the page has been painted. In a tab that is not on show nothing is painted, and it is not to be waited for.
pub fn after_paint(call: impl FnOnce() + 'static) {
    let call = Rc::new(Cell::new(Some(call)));
    let once = move || {
        if let Some(call) = call.take() {
            call();
        }
    };
    request_animation_frame(once.clone());
    let patience = Duration::from_secs(if document().hidden() { 0 } else { 1 });
    set_timeout(once, patience);
}

/// Draws in an idle moment: for what is below the first screen.
pub fn draw_when_idle<V: IntoView + 'static>(draw: impl Fn() -> V + Send + 'static) -> impl IntoView {
    let idle = RwSignal::new(false);
    when_idle(move || {
        idle.try_set(true);
    });
    move || idle.get().then(&draw)
}

/// The signal's value, an idle moment later: for what is far down the page and takes long to draw.
pub fn deferred<T: Clone + PartialEq + Send + Sync + 'static>(
    now: impl Get<Value = T> + GetUntracked<Value = T> + Copy + Send + 'static,
) -> RwSignal<T> {
    let late = RwSignal::new(now.get_untracked());
    Effect::new(move |_| {
        let value = now.get();
        if late.get_untracked() != value {
            when_idle(move || {
                late.try_set(value);
            });
        }
    });
    late
}
