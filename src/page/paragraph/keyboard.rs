//! The keyboard on the tokens: arrows move, Shift extends a selection, B, I and O set labels, E edits the text, Escape lets go.

use leptos::ev;
use leptos::prelude::*;

use crate::bio::Label;
use crate::page::state::store::Store;

use super::pointer::pin;
use super::view::CanvasRef;

/// A key on the analysed text.
pub fn press(store: Store, canvas: CanvasRef, event: &ev::KeyboardEvent) {
    let count = canvas.with_value(|c| c.tokens.len());
    if count == 0 || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let at = super::view::token_of(event.target()).or(store.analysis.pinned.get_untracked()).unwrap_or(0);
    let key = event.key();
    // A presentation goes on and back with them.
    if store.navigation.presenting.get_untracked().is_some()
        && matches!(key.as_str(), "ArrowRight" | "ArrowLeft" | "Escape")
    {
        return;
    }
    let to = match key.as_str() {
        "ArrowRight" => Some((at + 1).min(count - 1)),
        "ArrowLeft" => Some(at.saturating_sub(1)),
        "ArrowDown" => Some(line(canvas, at, 1)),
        "ArrowUp" => Some(line(canvas, at, -1)),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    };
    if let Some(to) = to {
        event.prevent_default();
        let from = match store.editor.selected.get_untracked() {
            // The end that does not move is the one away from the keyboard's token.
            Some((first, last)) if first == at => last,
            Some((first, _)) => first,
            None => at,
        };
        store.editor.selected.set(event.shift_key().then(|| (from.min(to), from.max(to))));
        return pin(store, canvas, to, true);
    }
    let label = match key.as_str() {
        "b" | "B" | "1" => Some(Label::B),
        "i" | "I" | "2" => Some(Label::I),
        "o" | "O" | "3" | "Backspace" | "Delete" => Some(Label::O),
        _ => None,
    };
    match (label, key.as_str()) {
        (Some(label), _) => {
            event.prevent_default();
            label_here(store, at, label);
        }
        // A fold's button is inside the text and keeps its own keys.
        (None, "Enter" | " ") if super::view::token_of(event.target()).is_some() => {
            event.prevent_default();
            pin(store, canvas, at, true);
        }
        (None, "e" | "E" | "F2") => {
            event.prevent_default();
            if let Some(span) = store.analysis.token(at) {
                super::editor::open_at(span);
            }
        }
        (None, "Escape") => {
            store.editor.selected.set(None);
            store.analysis.pinned.set(None);
        }
        _ => {}
    }
}

/// Labels the selection, or else the unit at a token.
pub fn label_here(store: Store, at: usize, label: Label) {
    let selected = store.editor.selected.get_untracked();
    let (first, last) = selected.unwrap_or((at, at));
    let (first, last) = store.whole(first, last);
    match selected {
        Some(_) => store.label(first, last, label),
        None => store.label_one(first, last, label),
    }
    store.editor.selected.set(None);
}

/// The token a line below or above: the nearest in the next row of boxes.
fn line(canvas: CanvasRef, at: usize, step: isize) -> usize {
    canvas.with_value(|c| {
        let Some(here) = c.tokens.get(at).map(|t| t.get_bounding_client_rect()) else { return at };
        let middle = here.left() + here.width() / 2.0;
        let (mut best, mut row) = (at, None);
        let mut k = at;
        while let Some(next) = k.checked_add_signed(step).filter(|k| *k < c.tokens.len()) {
            k = next;
            let rect = c.tokens[k].get_bounding_client_rect();
            if rect.width() == 0.0 || (rect.top() - here.top()).abs() < here.height() / 2.0 {
                continue;
            }
            let top = *row.get_or_insert(rect.top());
            if (rect.top() - top).abs() > here.height() / 2.0 {
                break;
            }
            let away = |r: &web_sys::DomRect| (r.left() + r.width() / 2.0 - middle).abs();
            if best == at || away(&rect) < away(&c.tokens[best].get_bounding_client_rect()) {
                best = k;
            }
        }
        best
    })
}
