//! Events of the window, and the element that an event is about.

use leptos::ev::EventDescriptor;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Hears an event of the window, as long as what is being drawn is there.
pub fn on_window<E: EventDescriptor + 'static>(event: E, hear: impl Fn(E::EventType) + 'static)
where
    E::EventType: JsCast,
{
    until_gone(window_event_listener(event, hear));
}

/// The same for an event that Leptos has no name for.
pub fn on_window_untyped(event: &str, hear: impl Fn(Event) + 'static) {
    until_gone(window_event_listener_untyped(event, hear));
}

fn until_gone(listener: WindowListenerHandle) {
    on_cleanup(move || listener.remove());
}

/// The element that an event is about, or the first around it, that fits the selector.
pub fn within(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}
