//! The model as a picture, with this input's own tokens: `[CLS]` question `[SEP]` paragraph `[SEP]` through BERT to
//! h_i, and for the paragraph through W and b to p_i and into L.

use std::fmt::Write;

use leptos::html;
use leptos::prelude::*;

use crate::display::format::escape;
use crate::page::components::idle::deferred;
use crate::page::state::analysis::Shown;
use crate::page::state::store::Store;

/// The picture.
#[component]
pub fn ModelDiagram() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let late = deferred(store.analysis.shown);
    let columns = move || late.with(|shown| shown.as_ref().map(|s| columns(s)).unwrap_or_default());
    let facts = move || {
        late.with(|shown| {
            let a = &shown.as_ref()?.analysis;
            Some(words.picture(a.question_tokens, a.paragraph_tokens, a.hidden_size, 3 * a.hidden_size + 3))
        })
    };
    // The chosen token's path is lit in place, so that choosing another redraws nothing.
    let cols: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| {
        late.track();
        let (Some(cols), chosen) = (cols.get(), store.analysis.focus.get()) else { return };
        let find = |selector: &str| cols.query_selector(selector).ok().flatten();
        if let Some(old) = find(".lit") {
            let _ = old.class_list().remove_1("lit");
        }
        if let Some(new) = chosen.and_then(|i| find(&format!("[data-index=\"{i}\"]"))) {
            let _ = new.class_list().add_1("lit");
            // In front of a class nobody scrolls.
            if store.navigation.presenting.get().is_some() {
                let (row, token) = (cols.get_bounding_client_rect(), new.get_bounding_client_rect());
                let further = token.left() + token.width() / 2.0 - row.left() - row.width() / 2.0;
                cols.set_scroll_left(cols.scroll_left() + further as i32);
            }
        }
    });
    view! {
        <p class="hint" inner_html=facts></p>
        <div class="net" data-testid="picture">
            <div class="rowname" aria-hidden="true">
                <span>{words.rows[0]}</span><span>"BERT"</span><span><var>"h"</var><sub>"i"</sub></span>
                <span><var>"W"</var>", "<var>"b"</var></span><span><var>"p"</var><sub>"i"</sub></span><span><var>"L"</var></span>
            </div>
            <div class="cols" node_ref=cols tabindex="0" role="group" aria-label=store.words.text inner_html=columns on:click=move |event| store.choose(&event)></div>
        </div>
        <p class="soft small foot" inner_html=words.picture_note></p>
    }
}

fn columns(shown: &Shown) -> String {
    let analysis = &shown.analysis;
    let question: Vec<u16> = shown.question.encode_utf16().collect();
    let mut html = String::new();
    let mut other = |text: &str, class: &str| {
        let _ = write!(
            html,
            r#"<div class="col {class}"><b>{}</b><i class="bert"></i><i class="h"></i></div>"#,
            escape(text)
        );
    };
    other("[CLS]", "special");
    for piece in &analysis.question_pieces {
        let text = question.get(piece.start..piece.end).map(String::from_utf16_lossy).unwrap_or_default();
        other(&text, "asked");
    }
    other("[SEP]", "special");
    for (i, token) in analysis.tokens.iter().enumerate() {
        let _ = write!(
            html,
            r#"<div class="col read" data-index="{i}"><b>{}</b><i class="bert"></i><i class="h"></i><i class="dense"></i><i class="p" data-style="--pb:{:.1}%;--pi:{:.1}%"></i><i class="into"></i></div>"#,
            escape(&token.text),
            100.0 * token.p[0],
            100.0 * (token.p[0] + token.p[1]),
        );
    }
    html.push_str(r#"<div class="col special"><b>[SEP]</b><i class="bert"></i><i class="h"></i></div>"#);
    html
}
