//! The tokens that an event of a view is about, and the words that they are of.

use leptos::ev;
use leptos::prelude::*;

use super::store::Store;
use crate::document::Units;
use crate::page::components::events::within;

impl Store {
    /// Chooses the token whose number the clicked element, or one around it, carries in `data-index`.
    pub fn choose(self, event: &ev::MouseEvent) {
        if let Some(i) = numbered(event) {
            self.analysis.pinned.set(Some(i));
        }
    }

    /// Looks at that token while the pointer is over the element.
    pub fn preview(self, event: &ev::PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.analysis.hovered.set(numbered(event));
        }
    }

    /// In words mode a selection takes whole words.
    pub fn whole(self, first: usize, last: usize) -> (usize, usize) {
        if self.editor.document.with_untracked(|d| d.units) == Units::Pieces {
            return (first, last);
        }
        self.analysis.shown.with_untracked(|shown| {
            let Some(tokens) = shown.as_ref().map(|s| &s.analysis.tokens) else { return (first, last) };
            let same = |a: usize, b: usize| tokens.get(a).zip(tokens.get(b)).is_some_and(|(a, b)| a.word == b.word);
            let first = (0..=first).rev().take_while(|&k| same(k, first)).last().unwrap_or(first);
            let last = (last..tokens.len()).take_while(|&k| same(k, last)).last().unwrap_or(last);
            (first, last)
        })
    }
}

/// The number that the element of an event, or one around it, carries.
pub fn numbered(event: &web_sys::Event) -> Option<usize> {
    within(event, "[data-index]")?.get_attribute("data-index")?.parse().ok()
}
