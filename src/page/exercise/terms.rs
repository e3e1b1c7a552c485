//! (b) L as a sum: its largest terms, what each annotator's labels alone would cost, and how far they agree.

use std::fmt::Write;

use leptos::prelude::*;

use super::token_head;
use crate::bio::{self, one_hot_loss};
use crate::display::format::{escape, fixed, fraction, part_decimals, probability, round, sum_decimals};
use crate::display::ranked;
use crate::page::class::heat_map::{agreed, facts};
use crate::page::components::math::{display, log, mi, mn, mo, plain, row, sub, sum};
use crate::page::state::analysis::{Gold, Shown};
use crate::page::state::store::Store;

/// Terms that are listed.
const LISTED: usize = 8;

/// Part (b).
#[component]
pub fn Terms() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let counts = move || {
        store.analysis.shown.with(|s| {
            let a = &s.as_ref()?.analysis;
            Some(words.sum_over(a.question_tokens, a.paragraph_tokens))
        })
    };
    let body = move || match store.analysis.labelled() {
        Some((shown, gold)) => view! {
            <div data-part="2" inner_html=list(store, &shown, &gold) on:click=move |event| store.choose(&event)></div>
            <div inner_html=annotators(store, &shown, &gold)></div>
        }
        .into_any(),
        None => view! { <p class="soft">{store.words.loss_hint}</p> }.into_any(),
    };
    view! {
        <div class="eq wide" data-part="1" inner_html=formula()></div>
        <p class="hint" data-part="1" inner_html=counts></p>
        {body}
    }
}

/// L = - sum_i sum_j t_ij log p_ij.
fn formula() -> String {
    let ij = row(&[mi("i"), mi("j")]);
    display(&[
        mi("L"),
        mo("="),
        mo("−"),
        sum(&row(&[mi("i"), mo("="), mn(1)]), &sub(&mi("N"), &mi("P"))),
        sum(&row(&[mi("j"), mo("∈"), plain("{"), mi("B"), mo(","), mi("I"), mo(","), mi("O"), plain("}")]), ""),
        sub(&mi("t"), &ij),
        log(),
        sub(&mi("p"), &ij),
    ])
}

/// The largest terms and the sum of the others.
fn list(store: Store, shown: &Shown, gold: &Gold) -> String {
    let words = &store.words.exercise;
    let loss = &gold.loss;
    let order = ranked(&loss.terms);
    let (listed, rest) = order.split_at(order.len().min(LISTED));
    let others: f64 = rest.iter().map(|&i| loss.terms[i]).sum();
    let shown_sum = |k: usize| listed.iter().map(|&i| round(loss.terms[i], k)).sum::<f64>() + round(others, k);
    let k = part_decimals(shown_sum, loss.total, gold.total_decimals, 3);
    let mut html = format!(
        r#"<table class="numbers"><thead><tr><th>{}</th><th><i>t</i><sub>i</sub></th><th><i>p</i><sub>i</sub></th><th class="num"><i>H</i>(<i>t</i><sub>i</sub>)</th><th class="num">KL</th><th class="num">{}</th></tr></thead><tbody>"#,
        words.token, words.term
    );
    for &i in listed {
        let token = &shown.analysis.tokens[i];
        let one = bio::loss(&[token.logits], &[gold.t[i]]);
        let (entropy, kl) = one.map_or((0.0, 0.0), |l| (l.entropy, l.kl));
        let part = sum_decimals(&[entropy, kl], loss.terms[i], k);
        let _ = write!(
            html,
            r#"<tr data-index="{i}">{}<td>({})</td><td>({})</td><td class="num">{}</td><td class="num">{}</td><td class="num strong" data-value="{}">{}</td></tr>"#,
            token_head(i, &token.text),
            gold.t[i].map(fraction).join(", "),
            token.p.map(probability).join(", "),
            fixed(entropy, part),
            fixed(kl, part),
            loss.terms[i],
            fixed(loss.terms[i], k)
        );
    }
    if !rest.is_empty() {
        let _ = write!(
            html,
            r#"<tr class="soft"><th colspan="5">{}</th><td class="num">{}</td></tr>"#,
            words.other_terms(rest.len()),
            fixed(others, k)
        );
    }
    let _ = write!(
        html,
        r#"</tbody><tfoot><tr><th colspan="3"><i>L</i></th><td class="num">{}</td><td class="num">{}</td><td class="num strong">{}</td></tr></tfoot></table>"#,
        fixed(loss.entropy, gold.total_decimals),
        fixed(loss.kl, gold.total_decimals),
        fixed(loss.total, gold.total_decimals)
    );
    html
}

/// Every annotator's own L, its weighted mean, and the agreement.
fn annotators(store: Store, shown: &Shown, gold: &Gold) -> String {
    let words = &store.words.exercise;
    if gold.labels.is_empty() {
        return String::new(); // all of t was set directly
    }
    let people = store.editor.document.with(|d| d.annotators.clone());
    let weights: f64 = people.iter().map(|a| a.weight).sum();
    let logits = shown.analysis.logits();
    let each: Vec<(f64, f64)> = people
        .iter()
        .zip(&gold.labels)
        .map(|(a, labels)| (a.weight / weights, one_hot_loss(&logits, labels).unwrap_or(f64::NAN)))
        .collect();
    // L itself, unless some t_i are not the annotators' mean.
    let direct = store.editor.document.with(|d| d.direct.len());
    let total = if direct == 0 { gold.loss.total } else { each.iter().map(|(w, l)| w * l).sum() };
    let mean = |k: usize| each.iter().map(|(w, l)| w * round(*l, k)).sum();
    let k = part_decimals(mean, total, gold.total_decimals, 3);
    let mut html = format!(
        r#"<div data-part="3"><h3>{}</h3><table class="numbers" data-testid="annotator-losses"><thead><tr><th>{}</th><th class="num">{}</th><th class="num"><i>L</i>(<i>t</i><sup>a</sup>)</th></tr></thead><tbody>"#,
        words.own_losses, words.annotator, words.share
    );
    for (person, (share, loss)) in people.iter().zip(&each) {
        let _ = write!(
            html,
            r#"<tr><th>{}</th><td class="num">{}</td><td class="num" data-value="{loss}">{}</td></tr>"#,
            escape(&person.name),
            fraction(*share),
            fixed(*loss, k)
        );
    }
    let _ = write!(
        html,
        r#"</tbody><tfoot><tr><th colspan="2">{}</th><td class="num strong">{}</td></tr></tfoot></table><p class="soft small">{}</p></div>"#,
        words.weighted_mean,
        fixed(total, gold.total_decimals),
        if direct == 0 { words.linear.to_string() } else { words.not_linear(direct) }
    );
    if let Some(agreed) = agreed(words, &gold.labels) {
        let [(name, observed, decimals), kappa, alpha] = agreed;
        let _ = write!(
            html,
            r#"<div data-part="3"><h3>{}</h3><dl class="facts" data-testid="agreement"><div><dt>{name}</dt><dd class="num">{}</dd></div>{}</dl><p class="soft small">{}</p></div>"#,
            words.agreement,
            fixed(observed.unwrap_or_default(), decimals),
            facts(words, &[kappa, alpha]),
            words.agreement_means(kappa.1)
        );
    }
    html
}
