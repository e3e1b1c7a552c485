//! A row of many small elements of which an edit changes few: only those are replaced, the others keep their layout.

use leptos::html;
use leptos::prelude::*;

/// `items` are the elements as HTML.
#[component]
pub fn PatchedRow(class: &'static str, #[prop(into)] items: Signal<Vec<String>>) -> impl IntoView {
    let place: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |before: Option<Vec<String>>| {
        let items = items.get();
        let Some(place) = place.get() else { return Vec::new() };
        let children = place.children();
        match before.filter(|before| before.len() == items.len() && children.length() as usize == items.len()) {
            Some(before) => {
                for (i, _) in items.iter().zip(&before).enumerate().filter(|(_, (now, before))| now != before) {
                    if let Some(child) = children.item(i as u32) {
                        child.set_outer_html(&items[i]);
                    }
                }
            }
            None => place.set_inner_html(&items.concat()),
        }
        items
    });
    view! { <div class=class node_ref=place></div> }
}
