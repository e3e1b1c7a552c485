//! One token in detail: h_i → z_i = W h_i + b → p_i = softmax(z_i), with its real numbers.

use std::fmt::Write;

use leptos::prelude::*;

use crate::bio::{self, Label};
use crate::display::format::{enough, escape, fixed, power, probability, round};
use crate::inference::Token;
use crate::page::components::math::{display_result, frac, mi, mn, mo, row, sub, sup};
use crate::page::state::store::Store;
use crate::worker::Dense;

/// Cells in one line of a strip, at most.
const LINE: usize = 96;

/// The inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let Store { words, analysis, .. } = expect_context::<Store>();
    let token = Memo::new(move |_| analysis.focused());
    let heading = move || token.get().map_or_else(|| words.no_token.into(), |(i, t)| words.token(i + 1, &t.text));
    let space = move || {
        let (i, _) = token.get()?;
        let d = analysis.shown.with(|s| s.as_ref().map(|s| s.analysis.hidden_size))?;
        Some(format!("<i>h</i><sub>{}</sub> ∈ ℝ<sup>{d}</sup>", i + 1))
    };
    let strips = move || match (token.get(), analysis.vectors()) {
        (Some((i, t)), Some((h, dense))) => layer(i, &t, &h, &dense, &words.strip_h(first_values(&h), h.len())),
        (Some((i, t)), None) => {
            format!("{}<p class=\"soft small later\">{}</p>", logits_only(i, &t), words.hidden_later)
        }
        _ => String::new(),
    };
    let repaired = move || {
        analysis
            .focus
            .get()
            .is_some_and(|i| analysis.shown.with(|s| s.as_ref().is_some_and(|s| s.analysis.repaired.contains(&i))))
    };
    let softmax = move || token.get().map(|(i, t)| softmax_line(i, &t)).unwrap_or_default();
    let bars = move || token.get().map(|(_, t)| bars(&t)).unwrap_or_default();
    view! {
        <section class="card inspector" class:stale=move || analysis.behind.get() aria-label=heading>
            <div class="tools">
                <h2>{heading}</h2>
                <span class="push"></span>
                <span class="soft small" inner_html=move || space().unwrap_or_default()></span>
                <Show when=move || analysis.pinned.get().is_some()>
                    <button type="button" class="icon" title=words.unpin aria-label=words.unpin
                        on:click=move |_| analysis.pinned.set(None)>"×"</button>
                </Show>
            </div>
            <div class="layer" inner_html=strips></div>
            <div class="eq" inner_html=softmax></div>
            <div class="probabilities" inner_html=bars></div>
            <p class="small repaired" hidden=move || !repaired()>{words.repaired}</p>
            <p class="soft small foot" inner_html=words.strips></p>
        </section>
    }
}

/// Decimals of z at which softmax of the shown z gives the shown p.
pub fn logit_decimals(token: &Token) -> usize {
    enough(2, |k| {
        let z = token.logits.map(|z| round(f64::from(z), k) as f32);
        let p = bio::softmax(&z);
        (0..3).all(|j| probability(p[j]) == probability(token.p[j]))
    })
}

fn label_index(i: usize, label: Label) -> String {
    row(&[mn(i + 1), mo(","), mi(label.letter())])
}

/// The first values of h, for an idea of what they are.
fn first_values(h: &[f32]) -> String {
    h.iter().take(3).map(|x| fixed(f64::from(*x), 2)).collect::<Vec<_>>().join(", ")
}

/// h as a strip, and for each class the products W_jk h_k, their sum, b and z.
fn layer(i: usize, token: &Token, h: &[f32], dense: &Dense, caption: &str) -> String {
    let mut html = format!(
        r#"<div class="striprow"><span class="name"><i>h</i><sub>{}</sub></span>{}<span class="soft small">{caption}</span></div>"#,
        i + 1,
        sparkline(h, largest(h))
    );
    let products: Vec<Vec<f32>> = dense.w.iter().map(|w| w.iter().zip(h).map(|(w, h)| w * h).collect()).collect();
    let scale = products.iter().map(|p| largest(p)).fold(0.0, f32::max);
    let sums: Vec<f64> = products.iter().map(|p| p.iter().map(|x| f64::from(*x)).sum()).collect();
    let (b, z) = (dense.b.map(f64::from), token.logits.map(f64::from));
    let least = logit_decimals(token);
    for label in Label::ALL {
        let j = label.index();
        // Enough decimals of W h and b that their shown digits give z as it is shown. z comes from the engine
        // in f32, so far beyond its precision the two sides may differ for good.
        let k = enough(least, |k| k > 6 || fixed(round(sums[j], k) + round(b[j], k), least) == fixed(z[j], least));
        let _ = write!(
            html,
            r#"<div class="striprow"><span class="name"><i>W</i><sub>{0}</sub><i>h</i></span>{1}<span class="sum"><i>z</i><sub>{0}</sub> = {2} {3} {4} = <b>{5}</b></span></div>"#,
            label.letter(),
            sparkline(&products[j], scale),
            fixed(sums[j], k),
            if b[j] < 0.0 { "−" } else { "+" },
            fixed(b[j].abs(), k),
            fixed(z[j], least)
        );
    }
    html
}

fn logits_only(i: usize, token: &Token) -> String {
    let k = logit_decimals(token);
    let mut html = String::from(r#"<div class="logits">"#);
    for label in Label::ALL {
        let z = fixed(f64::from(token.logits[label.index()]), k);
        let _ = write!(html, "<span><i>z</i><sub>{},{}</sub> = <b>{z}</b></span>", i + 1, label.letter());
    }
    html + "</div>"
}

/// The largest absolute value.
pub fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |m, v| v.abs().max(m))
}

/// Values as a block of coloured cells, in as few lines of equal length as hold them, drawn by one gradient per line.
pub fn sparkline(values: &[f32], scale: f32) -> String {
    let mut html = String::from(r#"<span class="strip" aria-hidden="true">"#);
    let length = values.len().div_ceil(values.len().div_ceil(LINE).max(1)).max(1);
    for line in values.chunks(length) {
        html.push_str(r#"<i data-style="background:linear-gradient(90deg"#);
        for (k, value) in line.iter().enumerate() {
            let share = if scale > 0.0 { (value.abs() / scale).sqrt() * 100.0 } else { 0.0 };
            let colour = if *value < 0.0 { "var(--less)" } else { "var(--more)" };
            let (from, to) = (100.0 * k as f32 / length as f32, 100.0 * (k + 1) as f32 / length as f32);
            let _ = write!(html, ",color-mix(in srgb,{colour} {share:.0}%,var(--card)) {from:.2}% {to:.2}%");
        }
        // A last line that is shorter does not go on in its last cell's colour.
        html.push_str(r#",transparent 0)"></i>"#);
    }
    html + "</span>"
}

/// The softmax of the decoded class, written out.
fn softmax_line(i: usize, token: &Token) -> String {
    let k = logit_decimals(token);
    let e = |j: usize| sup(&mi("e"), &mn(fixed(f64::from(token.logits[j]), k)));
    let label = token.label;
    let p = probability(token.p[label.index()]);
    let quotient = frac(&e(label.index()), &row(&[e(0), mo("+"), e(1), mo("+"), e(2)]));
    display_result(&[sub(&mi("p"), &label_index(i, label)), mo("="), quotient], &p)
}

fn bars(token: &Token) -> String {
    let mut html = String::new();
    for label in Label::ALL {
        let p = token.p[label.index()];
        let _ = write!(
            html,
            r#"<div class="prow"><b class="tag {0}">{0}</b><span class="bar"><i class="{0}" data-style="width:{1:.2}%"></i></span><span class="num" title="{2}">{3}</span></div>"#,
            label.letter(),
            100.0 * p,
            escape(&power(p, 6)),
            probability(p)
        );
    }
    html
}
