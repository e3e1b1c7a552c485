//! What the colours and places mean.

use leptos::prelude::*;

use crate::bio::Label;
use crate::document::View;
use crate::page::state::analysis::GoldState;
use crate::page::state::store::Store;

/// The legend below the analysed text.
#[component]
pub fn Legend() -> impl IntoView {
    let Store { words, analysis, editor, .. } = expect_context::<Store>();
    let labels = Label::ALL
        .map(|l| view! { <span><b class=format!("tag {}", l.letter())>{l.letter()}</b>{words.label_name(l)}</span> });
    let view = editor.part(|d| d.view);
    // What the view in use does not show needs no explanation.
    let gold = move || matches!(analysis.gold.get(), GoldState::Known(_)) && view.get() != View::Table;
    let loss = move || gold() && view.get() == View::Bars;
    view! {
        <div class="legend small soft">
            {labels.collect_view()}
            {move || gold().then(|| view! { <span><b class="swatch gold"></b>{words.legend_gold}</span> })}
            {move || loss().then(|| view! { <span><b class="swatch loss"></b>{words.legend_loss}</span> })}
        </div>
    }
}
