//! What the colours and places mean.

use leptos::prelude::*;

use crate::bio::Label;

use super::state::{GoldState, Store};

/// The legend below the analysed text.
#[component]
pub fn Legend(store: Store) -> impl IntoView {
    let words = store.words;
    let labels = Label::ALL
        .map(|l| view! { <span><b class=format!("tag {}", l.letter())>{l.letter()}</b>{(words.label_name)(l)}</span> });
    let gold = move || {
        matches!(store.gold.get(), GoldState::Known(_)).then(|| {
            view! {
                <span><b class="swatch gold"></b>{words.legend_gold}</span>
                <span><b class="swatch loss"></b>{words.legend_loss}</span>
            }
        })
    };
    view! { <div class="legend small soft">{labels.collect_view()}{gold}</div> }
}
