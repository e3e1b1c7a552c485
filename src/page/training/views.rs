//! Pictures of what was learned: L over the steps, p before and after, where the weights moved, what the input adds.

use std::fmt::Write;

use crate::bio::Dist;
use crate::display::format::{escape, fixed, probability};
use crate::display::ranked;
use crate::inference::learning::{Attribution, InputPart, StepReport};
use crate::locale::LearningStrings;
use crate::page::exercise::{signed_bar, token_head};
use crate::page::state::analysis::Shown;

/// Tokens whose p is listed.
const LISTED: usize = 8;
/// Size of the curve's drawing.
const SIZE: (f64, f64) = (420.0, 160.0);

/// One curve of L.
pub struct Line {
    /// What the style sheet calls it.
    pub class: &'static str,
    /// L before the first step and after every one.
    pub losses: Vec<f64>,
}

/// Curves of L over the steps, with H as the floor.
pub fn chart(lines: &[Line], floor: f64, name: &str) -> String {
    let all = || lines.iter().flat_map(|line| line.losses.iter().copied());
    let top = all().filter(|l| l.is_finite()).fold(floor.max(1e-9), f64::max);
    let last = lines.iter().map(|line| line.losses.len()).max().unwrap_or(0).saturating_sub(1).max(1);
    let x = |k: usize| 8.0 + (SIZE.0 - 16.0) * k as f64 / last as f64;
    let y = |l: f64| 8.0 + (SIZE.1 - 16.0) * (1.0 - (l / top).clamp(0.0, 1.0));
    let mut html = format!(
        r#"<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="floor" d="M8 {:.1}H{:.1}"/>"#,
        SIZE.0,
        SIZE.1,
        escape(name),
        y(floor),
        SIZE.0 - 8.0
    );
    for line in lines {
        let known = || line.losses.iter().enumerate().filter(|(_, l)| l.is_finite()).map(|(k, l)| (x(k), y(*l)));
        let points: Vec<String> = known().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = write!(html, r#"<g class="{}"><path class="line" d="M{}"/>"#, line.class, points.join("L"));
        for (x, y) in known() {
            let _ = write!(html, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3"/>"#);
        }
        html += "</g>";
    }
    html + "</svg>"
}

/// L before the first step and after every one, and H.
pub fn losses(reports: &[StepReport]) -> (Vec<f64>, f64) {
    let before = reports.first().map(|r| r.loss_before);
    (
        before.into_iter().chain(reports.iter().map(|r| r.loss_after)).collect(),
        reports.last().map_or(0.0, |r| r.entropy),
    )
}

/// The curve of one model's L.
pub fn curve(reports: &[StepReport], words: &LearningStrings) -> String {
    let Some(first) = reports.first() else { return String::new() };
    let (losses, floor) = losses(reports);
    let after = losses[losses.len() - 1];
    format!(
        r#"<figure class="curve">{}<figcaption class="small soft"><i>L</i> {} → <b data-testid="loss-after" data-value="{after}">{}</b>, <i>H</i> = {}</figcaption></figure>"#,
        chart(&[Line { class: "all", losses }], floor, words.curve),
        fixed(first.loss_before, 3),
        fixed(after, 3),
        fixed(floor, 3)
    )
}

/// The tokens whose p changed most, before and after.
pub fn changes(shown: &Shown, before: &[Dist], t: Option<&[Dist]>, words: &LearningStrings) -> String {
    let tokens = &shown.analysis.tokens;
    let change = |i: usize| (0..3).map(|j| (tokens[i].p[j] - before[i][j]).abs()).sum::<f64>();
    let mut order = ranked(&(0..tokens.len().min(before.len())).map(change).collect::<Vec<_>>());
    order.truncate(LISTED);
    order.sort_unstable();
    let dist = |p: &Dist| p.map(probability).join(", ");
    let mut html = format!(
        r#"<table class="numbers" data-testid="changes"><thead><tr><th>{}</th><th>{}</th><th>{}</th><th><i>t</i></th></tr></thead><tbody>"#,
        words.token, words.before, words.after
    );
    for i in order {
        let gold = t.and_then(|t| t.get(i)).map(|t| t.map(crate::display::format::fraction).join(", "));
        let _ = write!(
            html,
            r#"<tr data-index="{i}">{}<td>{}</td><td class="strong">{}</td><td>{}</td></tr>"#,
            token_head(i, &tokens[i].text),
            dist(&before[i]),
            dist(&tokens[i].p),
            gold.unwrap_or_default()
        );
    }
    html + "</tbody></table>"
}

/// Norm of the last step's update by layer.
pub fn layers(report: &StepReport, words: &LearningStrings) -> String {
    // Place in the order, name, sum of squares.
    let mut sums: Vec<(usize, String, f64)> = Vec::new();
    for (name, norm) in &report.update_norms {
        let (place, label) =
            match name.strip_prefix("encoder.layer.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok()) {
                Some(k) => (k + 1, words.layer(k + 1)),
                None if name.starts_with("classifier") => (usize::MAX, words.head_part.to_string()),
                None => (0, words.embeddings.to_string()),
            };
        match sums.iter_mut().find(|sum| sum.0 == place) {
            Some(sum) => sum.2 += norm * norm,
            None => sums.push((place, label, norm * norm)),
        }
    }
    sums.sort_by_key(|sum| sum.0);
    let most = sums.iter().map(|sum| sum.2).fold(0.0, f64::max).sqrt();
    let mut html = String::from(r#"<table class="numbers" data-testid="update-norms"><tbody>"#);
    for (_, name, square) in &sums {
        let norm = square.sqrt();
        let _ = write!(
            html,
            r#"<tr><th>{name}</th><td><span class="bar wide" aria-hidden="true"><i data-style="width:{:.1}%"></i></span></td><td class="num">{norm:.2e}</td></tr>"#,
            if most > 0.0 { 100.0 * norm / most } else { 0.0 }
        );
    }
    html + "</tbody></table>"
}

/// Question and paragraph, every token shaded by what it adds.
pub fn shares(attribution: &Attribution, words: &LearningStrings) -> String {
    let most = attribution.tokens.iter().map(|t| t.value.abs()).fold(1e-12, f64::max);
    let mut html = String::from(r#"<p class="shares-text" data-testid="shares">"#);
    for token in &attribution.tokens {
        let strength = 70.0 * token.value.abs() / most;
        let colour = if token.value < 0.0 { "var(--loss)" } else { "var(--b)" };
        let class = match token.part {
            InputPart::Special => " class=\"soft\"",
            _ => "",
        };
        let _ = write!(
            html,
            r#"<span{class} data-value="{}" title="{}" data-style="background:color-mix(in srgb,{colour} {strength:.0}%,transparent)">{}</span> "#,
            token.value,
            fixed(token.value, 3),
            escape(&token.text)
        );
    }
    html += "</p>";
    let order = ranked(&attribution.tokens.iter().map(|token| token.value.abs()).collect::<Vec<_>>());
    html += r#"<table class="numbers"><tbody>"#;
    for token in order.into_iter().take(LISTED).map(|k| &attribution.tokens[k]) {
        let _ = write!(
            html,
            r#"<tr><th><q>{}</q></th><td>{}</td><td class="num" data-value="{}">{}</td></tr>"#,
            escape(&token.text),
            signed_bar(token.value, most),
            token.value,
            fixed(token.value, 3)
        );
    }
    let _ = write!(
        html,
        r#"</tbody></table><p class="soft small" data-testid="completeness">{}</p>"#,
        words.complete(
            fixed(attribution.value, 3),
            fixed(attribution.baseline, 3),
            fixed(100.0 * attribution.completeness_error, 2)
        )
    );
    html
}
