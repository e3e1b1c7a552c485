//! (c) Every t_i 1-hot: the sum loses its zero terms step by step, with this paragraph's numbers.

use std::fmt::Write;

use leptos::prelude::*;

use crate::bio::{Comparison, Label, Majority, compare_one_hot};
use crate::display::format::{enough, escape, fixed, likelihood, probability, round};
use crate::page::components::math::{display, log, mi, mn, mo, number, plain, row, sub, sum};
use crate::page::state::analysis::Shown;
use crate::page::state::store::Store;

/// Part (c).
#[component]
pub fn OneHot() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let assumed = RwSignal::new(true);
    let body = move || match store.analysis.labelled() {
        Some((shown, gold)) => {
            let Ok(found) = compare_one_hot(&shown.analysis.logits(), &gold.t) else { return ().into_any() };
            let one_hot = gold.t.iter().all(|t| t.contains(&1.0));
            let i = store.analysis.focused().map_or(0, |(i, _)| i);
            let steps = if assumed.get() || one_hot {
                steps(store, i, &shown, &found)
            } else {
                format!("<p class=\"hint\">{}</p>", words.not_one_hot)
            };
            view! {
                <div class="derivation" data-testid="derivation" inner_html=steps></div>
                <div data-part="2" inner_html=sides(store, &found)></div>
            }
            .into_any()
        }
        None => view! { <p class="soft">{store.words.loss_hint}</p> }.into_any(),
    };
    view! {
        <label class="switch"><input type="checkbox" role="switch" data-testid="assume" prop:checked=move || assumed.get()
            on:change=move |e| assumed.set(event_target_checked(&e)) />{words.assume}</label>
        {body}
    }
}

/// The steps, each with its reason; the chosen token's terms stand for all.
fn steps(store: Store, i: usize, shown: &Shown, found: &Comparison) -> String {
    let words = &store.words.exercise;
    let i = i.min(found.classes.len().saturating_sub(1));
    let (token, Majority { class, tie }) = (&shown.analysis.tokens[i], found.classes[i]);
    let ij = row(&[mi("i"), mi("j")]);
    let over_i = || sum(&row(&[mi("i"), mo("="), mn(1)]), &sub(&mi("N"), &mi("P")));
    let r = row(&[mi("i"), mo(","), mi("r"), plain("("), mi("i"), plain(")")]);
    let p = |j: usize| number(&probability(token.p[j]));
    let product = |j: usize, t: &str| row(&[mn(t), mo("·"), log(), p(j)]);
    let zero = |j: usize| format!("<mrow class=\"vanishes\">{}</mrow>", product(j, "0"));
    let ones: Vec<String> =
        Label::ALL.iter().map(|l| if *l == class { product(l.index(), "1") } else { zero(l.index()) }).collect();
    let k =
        enough(3, |k| fixed(round(found.terms.iter().map(|t| round(*t, k)).sum(), k), 3) == fixed(found.one_hot, 3));
    let step = |number: usize, formula: String, reason: &str| {
        format!(
            r#"<li value="{number}" data-part="{}"><div class="eq">{formula}</div><p class="soft small">{reason}</p></li>"#,
            if number < 4 { 1 } else { 2 }
        )
    };
    let index = row(&[mn(i + 1), mo(","), mi(class.letter())]);
    let mut html = String::from("<ol>");
    html += &step(
        1,
        display(&[
            mi("L"),
            mo("="),
            mo("−"),
            over_i(),
            sum(&mi("j"), ""),
            sub(&mi("t"), &ij),
            log(),
            sub(&mi("p"), &ij),
        ]),
        words.steps[0],
    );
    html += &step(
        2,
        display(&[
            mo("−"),
            sum(&mi("j"), ""),
            sub(&mi("t"), &row(&[mn(i + 1), mi("j")])),
            log(),
            sub(&mi("p"), &row(&[mn(i + 1), mi("j")])),
            mo("="),
            mo("−"),
            mo("("),
            ones.join(&mo("+")),
            mo(")"),
        ]),
        &words.step_token(i + 1, escape(&token.text), class, tie),
    );
    html += &step(
        3,
        display(&[
            mo("="),
            mo("−"),
            log(),
            p(class.index()),
            mo("="),
            mo("−"),
            log(),
            sub(&mi("p"), &index),
            mo("="),
            number(&fixed(found.terms[i], k)),
        ]),
        words.steps[1],
    );
    html += &step(4, display(&[mi("L"), mo("="), mo("−"), over_i(), log(), sub(&mi("p"), &r)]), words.steps[2]);
    html +=
        &step(5, display(&[mi("L"), mo("="), number(&fixed(found.one_hot, 3))]), &words.step_sum(found.terms.len()));
    let ties = found.classes.iter().filter(|m| m.tie).count();
    html += "</ol>";
    if ties > 0 {
        let _ = write!(html, "<p class=\"small\">{}</p>", words.ties(ties));
    }
    html
}

/// Soft and majority loss beside each other.
fn sides(store: Store, found: &Comparison) -> String {
    let words = &store.words.exercise;
    let gap = found.soft - found.one_hot;
    let k = enough(3, |k| fixed(round(found.soft, k) - round(found.one_hot, k), k) == fixed(gap, k));
    format!(
        r#"<dl class="facts" data-testid="soft-and-hard"><div><dt>{}</dt><dd class="num" data-value="{}">{}</dd></div><div><dt>{}</dt><dd class="num" data-value="{}">{}</dd></div><div><dt>{}</dt><dd class="num">{}</dd></div></dl><p class="soft small">{}</p>"#,
        words.soft_loss,
        found.soft,
        fixed(found.soft, k),
        words.hard_loss,
        found.one_hot,
        fixed(found.one_hot, k),
        words.difference,
        fixed(gap, k),
        words.likelihood(likelihood(-found.one_hot))
    )
}
