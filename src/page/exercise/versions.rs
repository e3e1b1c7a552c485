//! Change a word: the analysis on show beside that of an earlier version of the text.

use std::fmt::Write;

use leptos::prelude::*;

use super::token_head;
use crate::display::format::{escape, fixed, probability};
use crate::document::same_text;
use crate::document::versions::{Pair, align, moved};
use crate::page::state::analysis::{Earlier, Shown};
use crate::page::state::store::Store;

/// Tokens whose p is listed.
const LISTED: usize = 10;

/// The tab.
#[component]
pub fn Versions() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.versions;
    let keep = move |_| store.analysis.keep_this();
    let same = move || {
        store.analysis.shown.with(|now| {
            store.analysis.earlier.with(|earlier| {
                earlier.as_ref().zip(now.as_ref()).is_some_and(|(e, now)| same_text(e.shown.text(), now.text()))
            })
        })
    };
    let body = move || {
        let loss = store.analysis.gold.get().known().map(|gold| gold.loss.total);
        store.analysis.shown.with(|now| {
            store.analysis.earlier.with(|earlier| match (earlier, now) {
                (Some(earlier), Some(now)) => compared(store, earlier, now, loss),
                _ => format!("<p>{}</p>", words.none),
            })
        })
    };
    view! {
        <p class="hint">{words.intro}</p>
        <div class="tools">
            <button type="button" class="plain" data-testid="keep-version" on:click=keep>{words.keep}</button>
            <span class="soft small">{move || if same() { words.kept } else { "" }}</span>
        </div>
        <div data-testid="versions" inner_html=body on:click=move |event| store.choose(&event) on:pointerover=move |event| store.preview(&event)></div>
    }
}

fn compared(store: Store, earlier: &Earlier, now: &Shown, loss: Option<f64>) -> String {
    let words = &store.words.versions;
    let before = &*earlier.shown;
    let texts = |shown: &Shown| shown.analysis.tokens.iter().map(|t| t.text.clone()).collect::<Vec<_>>();
    let (old, new) = (texts(before), texts(now));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.iter().map(|t| &**t).collect(), new.iter().map(|t| &**t).collect());
    let pairs = align(&old, &new);
    let common = pairs.iter().filter(|pair| pair.before.is_some() && pair.now.is_some()).count();
    if 2 * common < old.len().min(new.len()) {
        return format!("<p>{}</p>", words.other_text);
    }
    let mut html = String::new();
    if before.question != now.question {
        let asked = |text: &str| text.split_whitespace().map(str::to_string).collect::<Vec<_>>();
        let (old, new) = (asked(&before.question), asked(&now.question));
        let (old, new): (Vec<&str>, Vec<&str>) =
            (old.iter().map(|t| &**t).collect(), new.iter().map(|t| &**t).collect());
        html += "<p class=\"shares-text\">";
        for pair in align(&old, &new) {
            html += &word(&pair, &old, &new, 0.0, None);
        }
        html += "</p>";
    }
    let change = |pair: &Pair| match (pair.before, pair.now) {
        (Some(i), Some(j)) => moved(&before.analysis.tokens[i].p, &now.analysis.tokens[j].p),
        _ => 0.0,
    };
    html += "<p class=\"shares-text versions\">";
    for pair in &pairs {
        html += &word(pair, &old, &new, change(pair), pair.now);
    }
    let _ = write!(html, "</p><p class=\"soft small\">{}</p>", words.legend);
    facts(&mut html, store, earlier, now, loss);
    let mut order: Vec<&Pair> = pairs.iter().filter(|pair| change(pair) > 0.0).collect();
    order.sort_by(|a, b| change(b).total_cmp(&change(a)));
    order.truncate(LISTED);
    order.sort_by_key(|pair| pair.now);
    let _ = write!(
        html,
        r#"<table class="numbers" data-testid="moved"><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>"#,
        words.token, words.before, words.now, words.moved
    );
    for pair in order {
        let (Some(i), Some(j)) = (pair.before, pair.now) else { continue };
        let dist = |shown: &Shown, k: usize| shown.analysis.tokens[k].p.map(probability).join(", ");
        let value = change(pair);
        let _ = write!(
            html,
            r#"<tr data-index="{j}" data-value="{value}">{}<td>{}</td><td class="strong">{}</td><td class="num">{}</td></tr>"#,
            token_head(j, new[j]),
            dist(before, i),
            dist(now, j),
            fixed(value, 3)
        );
    }
    html + "</tbody></table>"
}

/// One token or word, marked as taken out, put in, or shaded by how much its p moved.
fn word(pair: &Pair, old: &[&str], new: &[&str], change: f64, index: Option<usize>) -> String {
    match (pair.before, pair.now) {
        (Some(i), None) => format!("<del>{}</del> ", escape(old[i])),
        (None, Some(j)) => {
            let index = index.map(|j| format!(r#" data-index="{j}""#)).unwrap_or_default();
            format!("<ins{index}>{}</ins> ", escape(new[j]))
        }
        (_, Some(j)) => {
            let index = index.map(|j| format!(r#" data-index="{j}""#)).unwrap_or_default();
            format!(
                r#"<span{index} title="{}" data-style="background:color-mix(in srgb,var(--loss) {:.0}%,transparent)">{}</span> "#,
                fixed(change, 3),
                70.0 * change,
                escape(new[j])
            )
        }
        (None, None) => String::new(),
    }
}

/// Answers, P(no answer) and L, before and now.
fn facts(html: &mut String, store: Store, earlier: &Earlier, now: &Shown, loss: Option<f64>) {
    let words = &store.words.versions;
    let before = &*earlier.shown;
    let answers = |shown: &Shown| {
        let texts: Vec<String> = shown.analysis.answers.iter().map(|a| format!("<q>{}</q>", escape(&a.text))).collect();
        if texts.is_empty() { words.no_answer.to_string() } else { texts.join(", ") }
    };
    let told = |loss: Option<f64>| loss.map_or_else(|| "–".to_string(), |l| fixed(l, 3));
    let _ = write!(
        html,
        r#"<table class="numbers"><thead><tr><th></th><th>{}</th><th>{}</th></tr></thead><tbody>"#,
        words.before, words.now
    );
    let mut row = |name: &str, before: String, now: String| {
        let class = if before == now { "" } else { " class=\"strong\"" };
        let _ = write!(html, "<tr><th>{name}</th><td>{before}</td><td{class}>{now}</td></tr>");
    };
    row(words.answers, answers(before), answers(now));
    row("P(∅)", probability(before.analysis.no_answer), probability(now.analysis.no_answer));
    row("<i>L</i>", told(earlier.loss), told(loss));
    *html += "</tbody></table>";
}
