//! The decoders side by side, P(no answer), and the windows of a long paragraph.

use std::fmt::Write;

use leptos::prelude::*;

use super::token_head;
use crate::bio::{self, Decoder, Dist, Label, Logits};
use crate::display::format::{escape, fixed, odds, probability, signed};
use crate::page::state::analysis::Shown;
use crate::page::state::store::Store;

/// The decoding lab.
#[component]
pub fn Decoding() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let body = move || store.analysis.shown.with(|shown| shown.as_ref().map(|s| side_by_side(store, s)));
    let windows = move || store.analysis.shown.with(|shown| shown.as_ref().map(|s| windows(store, s)));
    view! {
        <p class="hint">{words.decoding}</p>
        <div inner_html=body on:click=move |event| store.choose(&event)></div>
        <h3>{words.windows}</h3>
        <div inner_html=windows></div>
    }
}

fn side_by_side(store: Store, shown: &Shown) -> String {
    let words = &store.words.exercise;
    let logits: Vec<Logits> = shown.analysis.logits();
    let log_p: Vec<Dist> = logits.iter().map(bio::log_softmax).collect();
    let bias = shown.analysis.b_bias;
    let decoded = Decoder::ALL.map(|decoder| (decoder, bio::decode(&log_p, decoder, bias)));
    // Tokens that some decoder, or the likeliest label, puts into an answer.
    let told = |i: usize| Label::argmax(&logits[i]) != Label::O || decoded.iter().any(|(_, d)| d.labels[i] != Label::O);
    let listed: Vec<usize> = (0..logits.len()).filter(|&i| told(i)).collect();
    let mut html = String::from(r#"<table class="numbers decoders" data-testid="decoders"><thead><tr>"#);
    let _ = write!(html, "<th>{}</th><th><i>p</i></th><th>{}</th>", words.token, words.likeliest);
    for (decoder, _) in &decoded {
        let _ = write!(
            html,
            "<th title=\"{}\">{}</th>",
            escape(&store.words.about(*decoder, bias)),
            store.words.name_of(*decoder, bias)
        );
    }
    html += "</tr></thead><tbody>";
    let tag = |label: Label| format!(r#"<b class="tag {0}">{0}</b>"#, label.letter());
    for (n, &i) in listed.iter().enumerate() {
        if n > 0 && listed[n - 1] + 1 < i {
            let _ = write!(
                html,
                r#"<tr class="soft"><td colspan="6">{}</td></tr>"#,
                words.all_outside(i - listed[n - 1] - 1)
            );
        }
        let _ = write!(
            html,
            r#"<tr data-index="{i}">{}<td>({})</td><td>{}</td>"#,
            token_head(i, &shown.analysis.tokens[i].text),
            shown.analysis.tokens[i].p.map(probability).join(", "),
            tag(Label::argmax(&logits[i]))
        );
        for (_, d) in &decoded {
            let repaired = if d.repaired.contains(&i) { words.repaired_mark } else { "" };
            let _ = write!(html, "<td>{}{repaired}</td>", tag(d.labels[i]));
        }
        html += "</tr>";
    }
    html += "</tbody><tfoot>";
    let mut line = |name: &str, value: &dyn Fn(&bio::Decoded) -> String| {
        let _ = write!(html, r#"<tr><th colspan="3">{name}</th>"#);
        for (_, d) in &decoded {
            let _ = write!(html, "<td>{}</td>", value(d));
        }
        html += "</tr>";
    };
    line(words.sequence_log_p, &|d| fixed(d.labels.iter().zip(&log_p).map(|(l, log_p)| log_p[l.index()]).sum(), 3));
    line(words.best_score, &|d| {
        let best = d.spans.iter().map(|s| s.score).max_by(f64::total_cmp);
        best.map_or_else(|| "–".into(), odds)
    });
    let p = bio::log_no_answer(&log_p).exp();
    let _ = write!(
        html,
        r#"</tfoot></table><p class="small" data-testid="p-no-answer" data-value="{p}">{}</p>"#,
        words.p_no_answer(probability(p))
    );
    if bias != 0.0 {
        let note = store.words.b_bias_note(signed(bias, 2), bias > 0.0);
        let _ = write!(html, r#"<p class="small" data-testid="b-bias" data-value="{bias}">{}</p>"#, escape(&note));
    }
    html
}

/// Every window as a bar over the paragraph's tokens; what it is home to is solid.
fn windows(store: Store, shown: &Shown) -> String {
    let words = &store.words.exercise;
    let analysis = &shown.analysis;
    let count = analysis.paragraph_tokens.max(1) as f64;
    let mut html = String::from(r#"<div class="windows" data-testid="windows">"#);
    for (k, window) in analysis.windows.iter().enumerate() {
        let home: Vec<usize> = (0..analysis.tokens.len()).filter(|&i| analysis.tokens[i].window == k).collect();
        let (first, last) = (home.first().copied().unwrap_or(0), home.last().map_or(0, |i| i + 1));
        let _ = write!(
            html,
            r#"<div><span class="small">{}</span><span class="track"><i class="all" data-style="left:{:.2}%;width:{:.2}%"></i><i class="home" data-style="left:{:.2}%;width:{:.2}%"></i></span></div>"#,
            words.window(k + 1, window.start + 1, window.end),
            100.0 * window.start as f64 / count,
            100.0 * (window.end - window.start) as f64 / count,
            100.0 * first as f64 / count,
            100.0 * (last - first) as f64 / count
        );
    }
    let note = if analysis.windows.len() > 1 { words.windows_note } else { words.one_window };
    html + "</div><p class=\"soft small\">" + note + "</p>"
}
