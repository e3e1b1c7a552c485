//! Mouse and touch on the tokens: pointing previews, a click pins, dragging marks a gold answer.
//! On touch screens a drag scrolls unless the user has switched marking on.

use std::cell::Cell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::bio::Label;
use crate::display::format::glance;
use crate::page::components::events::{on_window, within};
use crate::page::state::store::Store;

use super::view::{CanvasRef, reveal, token_of, unfold};

/// A drag within one token marks it if it is at least so long, in CSS pixels; a shorter one is a click by an unsteady hand, and
/// a finger is less steady than a mouse.
const DRAG: f64 = 6.0;
const FINGER_DRAG: f64 = 16.0;

/// A drag under way.
#[derive(Clone, Copy)]
struct Drag {
    /// The token where it began.
    anchor: usize,
    /// The place where it began, from the left of the window.
    x: f64,
    /// Whether it is a drag, and not a click.
    moved: bool,
}

thread_local! {
    // One pointer drags at a time, whatever component it is over.
    static NOW: Cell<Option<Drag>> = const { Cell::new(None) };
    // Whether the latest one marked something: the click that may come with its end is none.
    static MARKED: Cell<bool> = const { Cell::new(false) };
}

/// The pointer is over something.
pub fn over(store: Store, event: &ev::PointerEvent) {
    if event.pointer_type() == "mouse" && NOW.get().is_none() {
        let token = token_of(event.target());
        store.analysis.hovered.set(token);
        // Here and not with the tokens: a title is what a screen reader says of each, and of a table's row in place of its word.
        let p = store.analysis.shown.with_untracked(|s| Some(s.as_ref()?.analysis.tokens.get(token?)?.p.map(glance)));
        // No such element where the answers are hidden.
        if let (Some([b, i, o]), Some(element)) = (p, within(event, "[data-pb]")) {
            let _ = element.set_attribute("title", &format!("p_B {b}  p_I {i}  p_O {o}"));
        }
    }
}

/// A button or a finger goes down.
pub fn down(store: Store, event: &ev::PointerEvent) {
    MARKED.set(false);
    let may_drag = event.pointer_type() != "touch" || store.editor.marking.get_untracked();
    let plain = event.button() == 0 && event.is_primary() && !event.shift_key();
    if let Some(i) = token_of(event.target()).filter(|_| may_drag && plain) {
        if event.pointer_type() != "touch" {
            event.prevent_default(); // no text selection; focus is set on click
        }
        NOW.set(Some(Drag { anchor: i, x: event.client_x().into(), moved: false }));
    }
}

/// A click, which may be the end of a drag.
pub fn click(store: Store, canvas: CanvasRef, event: &ev::MouseEvent) {
    if MARKED.take() {
        return;
    }
    if let Some(button) = within(event, "button.more") {
        return unfold(&button);
    }
    let Some(i) = token_of(event.target()) else { return };
    if event.shift_key() {
        let from = store.analysis.pinned.get_untracked().unwrap_or(i);
        return store.editor.selected.set(Some((from.min(i), from.max(i))));
    }
    store.editor.selected.set(None);
    if store.editor.marking.get_untracked() {
        toggle(store, i);
    }
    pin(store, canvas, i, event.detail() > 0);
}

/// Pins a token and gives it the keyboard.
pub fn pin(store: Store, canvas: CanvasRef, i: usize, focus: bool) {
    store.analysis.pinned.set(Some(i));
    store.analysis.hovered.set(None);
    let token = canvas.with_value(|c| c.tokens.get(i).cloned());
    if let Some(token) = token.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
        reveal(&token);
        if focus {
            let _ = token.focus();
        }
    }
}

/// Marks the word of token `i`, or takes its label off. A word beside a marked one belongs to the same answer: a finger marks an
/// answer of several words by tapping them.
fn toggle(store: Store, i: usize) {
    let row = store.editor.annotator.get_untracked();
    let labels = store.analysis.gold.get_untracked().known().and_then(|gold| gold.labels.get(row).cloned());
    let (mut first, mut last) = store.whole(i, i);
    let Some(labels) = labels else { return store.label(first, last, Label::B) };
    if labels[i] != Label::O {
        return store.label(first, last, Label::O);
    }
    if first > 0 && labels[first - 1] != Label::O {
        first = (0..first).rfind(|&k| labels[k] == Label::B).unwrap_or(first);
    }
    if labels.get(last + 1).is_some_and(|label| *label != Label::O) {
        last = (last + 2..labels.len()).find(|&k| labels[k] != Label::I).unwrap_or(labels.len()) - 1;
    }
    store.label(first, last, Label::B);
}

/// Follows a drag wherever on the page it goes and ends.
pub fn listen(store: Store, canvas: CanvasRef) {
    on_window(ev::pointermove, move |event| {
        let Some(drag) = NOW.get() else { return };
        let under = document().element_from_point(event.client_x() as f32, event.client_y() as f32);
        let Some(i) = token_of(under.map(Into::into)) else { return };
        let far = if event.pointer_type() == "touch" { FINGER_DRAG } else { DRAG };
        if drag.moved || i != drag.anchor || (f64::from(event.client_x()) - drag.x).abs() >= far {
            NOW.set(Some(Drag { moved: true, ..drag }));
            store.editor.selected.set(Some(store.whole(drag.anchor.min(i), drag.anchor.max(i))));
        }
    });
    on_window(ev::pointerup, move |_| {
        let moved = NOW.take().is_some_and(|drag| drag.moved);
        let Some((first, last)) = store.editor.selected.get_untracked().filter(|_| moved) else { return };
        MARKED.set(true);
        store.editor.selected.set(None);
        store.label(first, last, Label::B);
        pin(store, canvas, first, true);
    });
    on_window(ev::pointercancel, move |_| {
        if NOW.take().is_some_and(|drag| drag.moved) {
            store.editor.selected.set(None);
        }
    });
}
