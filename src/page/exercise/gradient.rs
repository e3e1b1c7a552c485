//! The gradient: dL/dz_i = p_i - t_i, and where it goes from there.

use std::fmt::Write;

use leptos::prelude::*;

use crate::bio::{Dist, Label, dense_gradient, hidden_gradient};
use crate::display::format::{enough, escape, fixed, fraction, round};
use crate::display::ranked;
use crate::page::components::math::{display, frac, mi, mo, plain, row, sub, sum, sup};
use crate::page::state::analysis::{Gold, Inside, Shown};
use crate::page::state::store::Store;

use super::{signed_bar, token_head};

/// Tokens that are listed.
const LISTED: usize = 8;

/// The gradient at the logits, and on into the dense layer and BERT.
#[component]
pub fn Gradient() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let body = move || match store.analysis.labelled() {
        Some((shown, gold)) => {
            let inside =
                store.analysis.inside.with(|inside| inside.as_ref().map(|inside| into_layers(store, &gold, inside)));
            view! {
                <div data-part="1" inner_html=token(store, &gold)></div>
                <div data-part="2" inner_html=list(store, &shown, &gold) on:click=move |event| store.choose(&event)></div>
                <div data-part="3" inner_html=inside></div>
            }
            .into_any()
        }
        None => view! { <p class="soft">{store.words.loss_hint}</p> }.into_any(),
    };
    view! {
        <div class="eq wide" data-part="1" inner_html=derivation()></div>
        <p class="hint" data-part="1" inner_html=words.gradient></p>
        {body}
    }
}

/// dL/dz_ik = sum_j t_ij (p_ik - [j = k]) = p_ik - t_ik.
fn derivation() -> String {
    let ij = row(&[mi("i"), mi("j")]);
    let ik = row(&[mi("i"), mi("k")]);
    let d = |of: String, by: String| frac(&row(&[mo("∂"), of]), &row(&[mo("∂"), by]));
    let over_j = |x: String| row(&[sum(&mi("j"), ""), x]);
    display(&[
        d(mi("L"), sub(&mi("z"), &ik)),
        mo("="),
        mo("−"),
        over_j(row(&[sub(&mi("t"), &ij), d(row(&[mi("log"), sub(&mi("p"), &ij)]), sub(&mi("z"), &ik))])),
        mo("="),
        mo("−"),
        over_j(row(&[
            sub(&mi("t"), &ij),
            plain("("),
            row(&[plain("["), mi("j"), mo("="), mi("k"), plain("]")]),
            mo("−"),
            sub(&mi("p"), &ik),
            plain(")"),
        ])),
        mo("="),
        sub(&mi("p"), &ik),
        mo("−"),
        sub(&mi("t"), &ik),
    ])
}

/// The chosen token: p, t and their difference, class by class.
fn token(store: Store, gold: &Gold) -> String {
    let Some((i, token)) = store.analysis.focused() else { return String::new() };
    let (Some(t), Some(gradient)) = (gold.t.get(i), gold.loss.gradient.get(i)) else { return String::new() };
    let k = enough(3, |k| (0..3).all(|j| fixed(round(token.p[j], k) - share(t[j], k), k) == fixed(gradient[j], k)));
    let mut html = format!(
        r#"<table class="numbers" data-testid="gradient"><caption>{}</caption><thead><tr><th></th><th class="num"><i>p</i></th><th class="num"><i>t</i></th><th></th><th class="num"><i>p</i> − <i>t</i></th></tr></thead><tbody>"#,
        store.words.token(i + 1, escape(&token.text))
    );
    for label in Label::ALL {
        let j = label.index();
        let _ = write!(
            html,
            r#"<tr><th><b class="tag {0}">{0}</b></th><td class="num">{1}</td><td class="num">{2}</td><td>{3}</td><td class="num strong" data-value="{4}">{5}</td></tr>"#,
            label.letter(),
            fixed(token.p[j], k),
            fraction(t[j]),
            signed_bar(gradient[j], 1.0),
            gradient[j],
            fixed(gradient[j], k)
        );
    }
    html + "</tbody></table>"
}

/// A gold share as it is shown: exactly where it is a fraction.
fn share(t: f64, decimals: usize) -> f64 {
    if fraction(t).contains('.') { round(t, decimals) } else { t }
}

fn size(gradient: &Dist) -> f64 {
    gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
}

/// The tokens with the largest gradients.
fn list(store: Store, shown: &Shown, gold: &Gold) -> String {
    let words = &store.words.exercise;
    let order = ranked(&gold.loss.gradient.iter().map(size).collect::<Vec<_>>());
    let mut html = format!(
        r#"<h3>{}</h3><table class="numbers"><thead><tr><th>{}</th><th>B</th><th>I</th><th>O</th></tr></thead><tbody>"#,
        words.largest_gradients, words.token
    );
    for &i in order.iter().take(LISTED) {
        let _ = write!(html, r#"<tr data-index="{i}">{}"#, token_head(i, &shown.analysis.tokens[i].text));
        for g in gold.loss.gradient[i] {
            let _ = write!(html, r#"<td>{}<span class="num">{}</span></td>"#, signed_bar(g, 1.0), fixed(g, 3));
        }
        html += "</tr>";
    }
    html + "</tbody></table>"
}

/// dL/dW, dL/db and dL/dh of the chosen token.
fn into_layers(store: Store, gold: &Gold, inside: &Inside) -> String {
    let words = &store.words.exercise;
    let d = inside.dense.w.first().map_or(0, Vec::len);
    let rows: Vec<Vec<f32>> = (0..inside.hidden.len()).map(|i| inside.hidden.row(i)).collect();
    let gradient = dense_gradient(&gold.loss.gradient, rows.iter().map(|h| &h[..]), d);
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|x| x * x).sum::<f64>().sqrt();
    let w = norm(&mut gradient.w.iter().flatten().copied());
    let at = store.analysis.focused().map_or(0, |(i, _)| i).min(gold.t.len().saturating_sub(1));
    let h = norm(&mut hidden_gradient(&inside.dense.w, &gold.loss.gradient[at]).into_iter());
    let transposed = |base: &str| sup(&mi(base), &mi("T"));
    let slope = row(&[plain("("), sub(&mi("p"), &mi("i")), mo("−"), sub(&mi("t"), &mi("i")), plain(")")]);
    let over_i = row(&[sum(&mi("i"), ""), slope.clone()]);
    let d_of = |of: String| row(&[frac(&row(&[mo("∂"), mi("L")]), &row(&[mo("∂"), of])), mo("=")]);
    let h_i = || sub(&mi("h"), &mi("i"));
    format!(
        r#"<h3>{}</h3><div class="eq wide">{}{}{}</div><dl class="facts" data-testid="gradient-norms"><div><dt>‖∂<i>L</i>/∂<i>W</i>‖, 3 × {d}</dt><dd class="num" data-value="{w}">{}</dd></div><div><dt>∂<i>L</i>/∂<i>b</i></dt><dd class="num">({})</dd></div><div><dt>‖∂<i>L</i>/∂<i>h</i><sub>{}</sub>‖, {d}</dt><dd class="num" data-value="{h}">{}</dd></div></dl><p class="soft small">{}</p>"#,
        words.onward,
        display(&[d_of(mi("W")), over_i.clone(), format!("<msubsup>{}{}{}</msubsup>", mi("h"), mi("i"), mi("T"))]),
        display(&[d_of(mi("b")), over_i]),
        display(&[d_of(h_i()), transposed("W"), slope]),
        fixed(w, 3),
        gradient.b.map(|g| fixed(g, 3)).join(", "),
        at + 1,
        fixed(h, 3),
        words.jointly
    )
}
