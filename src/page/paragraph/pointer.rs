//! Mouse and touch on the tokens: pointing previews, a click pins, dragging marks a gold answer.
//! On touch screens a drag scrolls unless the user has switched marking on.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::bio::Label;
use crate::document::Units;
use crate::page::state::store::Store;

use super::view::{CanvasRef, index_of, reveal, token_of, unfold};

/// A drag under way.
#[derive(Clone, Copy, Default)]
struct Drag {
    anchor: Option<usize>,
    moved: bool,
}

thread_local! {
    // One pointer drags at a time, whatever component it is over.
    static DRAG: std::cell::Cell<Drag> = const { std::cell::Cell::new(Drag { anchor: None, moved: false }) };
}

/// The pointer is over something.
pub fn over(store: Store, event: &ev::PointerEvent) {
    if event.pointer_type() == "mouse" && DRAG.get().anchor.is_none() {
        store.analysis.hovered.set(token_of(event.target()));
    }
}

/// A button or a finger goes down.
pub fn down(store: Store, _canvas: CanvasRef, event: &ev::PointerEvent) {
    let may_drag = event.pointer_type() != "touch" || store.editor.marking.get_untracked();
    let plain = event.button() == 0 && event.is_primary() && !event.shift_key();
    if let Some(i) = token_of(event.target()).filter(|_| may_drag && plain) {
        if event.pointer_type() != "touch" {
            event.prevent_default(); // no text selection; focus is set on click
        }
        DRAG.set(Drag { anchor: Some(i), moved: false });
    }
}

/// A click, which may be the end of a drag.
pub fn click(store: Store, canvas: CanvasRef, event: &ev::MouseEvent) {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return };
    if let Ok(Some(button)) = target.closest("button.more") {
        return unfold(&button);
    }
    let Some(i) = index_of(&target) else { return };
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

/// Marks the word of token `i`, or takes its label off.
fn toggle(store: Store, i: usize) {
    let row = store.editor.annotator.get_untracked();
    let gold = store.analysis.gold.get_untracked().known();
    let labelled = gold.and_then(|g| g.labels.get(row).map(|l| l[i] != Label::O)).unwrap_or(false);
    let (first, last) = whole(store, i, i);
    store.label(first, last, if labelled { Label::O } else { Label::B });
}

/// In words mode a selection takes whole words.
pub fn whole(store: Store, first: usize, last: usize) -> (usize, usize) {
    if store.editor.document.with_untracked(|d| d.units) == Units::Pieces {
        return (first, last);
    }
    store.analysis.shown.with_untracked(|shown| {
        let Some(tokens) = shown.as_ref().map(|s| &s.analysis.tokens) else { return (first, last) };
        let same = |a: usize, b: usize| tokens.get(a).zip(tokens.get(b)).is_some_and(|(a, b)| a.word == b.word);
        let first = (0..=first).rev().take_while(|&k| same(k, first)).last().unwrap_or(first);
        let last = (last..tokens.len()).take_while(|&k| same(k, last)).last().unwrap_or(last);
        (first, last)
    })
}

/// Follows a drag wherever on the page it goes and ends.
pub fn listen(store: Store, canvas: CanvasRef) {
    let moving = window_event_listener(ev::pointermove, move |event| {
        let drag = DRAG.get();
        let Some(anchor) = drag.anchor else { return };
        let under = document().element_from_point(event.client_x() as f32, event.client_y() as f32);
        let Some(i) = under.as_ref().and_then(index_of) else { return };
        if i != anchor || drag.moved {
            DRAG.set(Drag { moved: true, ..drag });
            store.editor.selected.set(Some(whole(store, anchor.min(i), anchor.max(i))));
        }
    });
    let up = window_event_listener(ev::pointerup, move |_| {
        let drag = DRAG.take();
        let Some((first, last)) = store.editor.selected.get_untracked().filter(|_| drag.moved) else { return };
        store.editor.selected.set(None);
        store.label(first, last, Label::B);
        pin(store, canvas, first, true);
    });
    let cancelled = window_event_listener(ev::pointercancel, move |_| {
        if DRAG.take().moved {
            store.editor.selected.set(None);
        }
    });
    on_cleanup(move || {
        moving.remove();
        up.remove();
        cancelled.remove();
    });
}

/// Chooses the token whose number the clicked element, or one around it, carries in `data-index`.
pub fn choose(store: Store, event: &ev::MouseEvent) {
    if let Some(i) = numbered(event.target()) {
        store.analysis.pinned.set(Some(i));
    }
}

/// Looks at that token while the pointer is over the element.
pub fn preview(store: Store, event: &ev::PointerEvent) {
    if event.pointer_type() == "mouse" {
        store.analysis.hovered.set(numbered(event.target()));
    }
}

fn numbered(target: Option<web_sys::EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest("[data-index]").ok()??.get_attribute("data-index")?.parse().ok()
}
