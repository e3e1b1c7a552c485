//! (a) From h_i to p_i: the products that make each logit, the softmax written out, and what would be if a logit moved.

use std::fmt::Write;

use leptos::prelude::*;

use crate::bio::{self, Label, products};
use crate::display::format::{enough, fixed, power, probability, round};
use crate::inference::Token;
use crate::page::components::math::{display, frac, mi, mn, mo, number, row, sub, sup};
use crate::page::inspector::{largest, logit_decimals, sparkline};
use crate::page::state::store::Store;
use crate::page::state::words;
use crate::worker::Dense;

use super::signed_bar;

/// Products that are listed for each class.
const LISTED: usize = 6;

/// Part (a).
#[component]
pub fn Layer() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let token = Memo::new(move |_| store.analysis.focused());
    let d = move || store.analysis.shown.with(|s| s.as_ref().map_or(0, |s| s.analysis.hidden_size));
    let lists = move || match (token.get(), store.analysis.vectors()) {
        (Some((_, token)), Some((h, dense))) => lists(&token, &h, &dense, words.rest, words.bias),
        _ => format!("<p class=\"soft small\">{}</p>", store.words.hidden_later),
    };
    let heat = move || match (token.get(), store.analysis.vectors()) {
        (Some((i, _)), Some((h, dense))) => heat(i, &h, &dense),
        _ => String::new(),
    };
    let softmax = move || token.get().map(|(i, t)| softmax(i, &t)).unwrap_or_default();
    view! {
        <p class="hint" data-part="1" inner_html=move || words.layer(d())></p>
        <div class="heat" data-part="1" data-testid="heat" inner_html=heat></div>
        <div class="products" data-part="2" data-testid="products" inner_html=lists></div>
        <h3 data-part="3">{words.softmax}</h3>
        <div class="eq wide" data-part="3" data-testid="softmax" inner_html=softmax></div>
        <WhatIf token />
    }
}

/// h_i above the three rows of W, column by column, each matrix on its own scale.
fn heat(i: usize, h: &[f32], dense: &Dense) -> String {
    let line = |name: String, values: &[f32], scale: f32, shape: String| {
        format!(
            r#"<div class="striprow"><span class="name">{name}</span>{}<span class="soft small">{shape}</span></div>"#,
            sparkline(values, scale)
        )
    };
    let d = h.len();
    let mut html = line(format!("<i>h</i><sub>{}</sub>", i + 1), h, largest(h), format!("∈ ℝ<sup>{d}</sup>"));
    let scale = dense.w.iter().map(|w| largest(w)).fold(0.0, f32::max);
    for label in Label::ALL {
        let letter = label.letter();
        let shape = if label == Label::B { format!("<i>W</i> ∈ ℝ<sup>3×{d}</sup>") } else { String::new() };
        html += &line(format!("<i>W</i><sub>{letter}</sub>"), &dense.w[label.index()], scale, shape);
    }
    html
}

/// W_j h_i as ranked signed bars, the rest summed, b_j, z_j.
fn lists(token: &Token, h: &[f32], dense: &Dense, rest: &str, bias: &str) -> String {
    let all: Vec<bio::Products> = dense.w.iter().map(|w| products(w, h, LISTED)).collect();
    let most = all.iter().filter_map(|p| p.largest.first()).map(|p| p.value.abs()).fold(0.0, f64::max);
    let mut html = String::new();
    for label in Label::ALL {
        let j = label.index();
        let (p, b, z) = (&all[j], f64::from(dense.b[j]), f64::from(token.logits[j]));
        let least = logit_decimals(token).max(2);
        // Enough decimals that what is shown adds up to z as it is shown.
        let k = enough(least + 1, |k| {
            let sum: f64 = p.largest.iter().map(|p| round(p.value, k)).sum();
            k > 6 || fixed(sum + round(p.rest, k) + round(b, k), least) == fixed(z, least)
        });
        let _ = write!(
            html,
            r#"<table class="productlist"><caption><b class="tag {0}">{0}</b> <i>z</i><sub>{0}</sub> = <b data-value="{z}">{1}</b></caption><tbody>"#,
            label.letter(),
            fixed(z, least)
        );
        for p in &p.largest {
            let _ = write!(
                html,
                r#"<tr><th><span class="index"><i>k</i> = </span>{}</th><td>{} · {}</td><td>{}</td><td class="num" data-value="{}">{}</td></tr>"#,
                p.k + 1,
                fixed(p.w, 3),
                fixed(p.h, 3),
                signed_bar(p.value, most),
                p.value,
                fixed(p.value, k)
            );
        }
        for (name, value) in [(rest, p.rest), (bias, b)] {
            let _ = write!(
                html,
                r#"<tr class="soft"><th colspan="2">{name}</th><td>{}</td><td class="num">{}</td></tr>"#,
                signed_bar(value, most),
                fixed(value, k)
            );
        }
        html.push_str("</tbody></table>");
    }
    html
}

/// All three p_ij, each as its quotient.
fn softmax(i: usize, token: &Token) -> String {
    let k = logit_decimals(token);
    let e = |j: usize| sup(&mi("e"), &mn(fixed(f64::from(token.logits[j]), k)));
    let below = row(&[e(0), mo("+"), e(1), mo("+"), e(2)]);
    let mut html = String::new();
    for label in Label::ALL {
        let j = label.index();
        let index = row(&[mn(i + 1), mo(","), mi(label.letter())]);
        html +=
            &display(&[sub(&mi("p"), &index), mo("="), frac(&e(j), &below), mo("="), number(&probability(token.p[j]))]);
    }
    html
}

/// Three sliders for z, and the p that follows.
#[component]
fn WhatIf(token: Memo<Option<(usize, Token)>>) -> impl IntoView {
    let words = &words().exercise;
    let z = RwSignal::new([0f32; 3]);
    let reset = move || z.set(token.get_untracked().map_or([0.0; 3], |(_, t)| t.logits));
    Effect::new(move |_| {
        token.track();
        reset();
    });
    let slider = move |label: Label| {
        let j = label.index();
        let p = move || bio::softmax(&z.get())[j];
        let name = words.logit(label);
        view! {
            <label class="whatif">
                <b class=format!("tag {}", label.letter())>{label.letter()}</b>
                <input type="range" min="-12" max="12" step="0.05" aria-label=name prop:value=move || z.get()[j].to_string()
                    on:input=move |e| if let Ok(value) = event_target_value(&e).parse() { z.update(|z| z[j] = value); } />
                <span class="num">{move || fixed(f64::from(z.get()[j]), 2)}</span>
                <span class="bar" aria-hidden="true"><i class=label.letter() style:width=move || format!("{:.2}%", 100.0 * p())></i></span>
                <span class="num" title=move || power(p(), 6)>{move || probability(p())}</span>
            </label>
        }
    };
    view! {
        <h3 data-part="4">{words.what_if}</h3>
        <div class="whatifs" data-part="4" data-testid="what-if">{Label::ALL.map(slider).collect_view()}</div>
        <p class="tools" data-part="4"><span class="soft small">{words.what_if_note}</span><span class="push"></span>
            <button type="button" class="plain" on:click=move |_| reset()>{words.reset}</button></p>
    }
}
