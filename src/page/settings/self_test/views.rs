//! int8 against f32, token by token.

use std::fmt::Write;

use crate::display::format::{escape, probability};
use crate::display::ranked;
use crate::locale::SelfTestStrings;
use crate::self_test::TokenDifference;

use super::Differences;

/// Tokens that are listed.
const LISTED: usize = 8;

/// The difference of p that is shaded most; larger ones take its place.
const FULL: f64 = 0.05;

/// The text, every token shaded by its largest difference of p, and a list of the largest.
pub(crate) fn differences(differences: &Differences, words: &SelfTestStrings) -> String {
    let mine = words;
    let most = differences.all.iter().map(|t| t.p).fold(FULL, f64::max);
    let other = |t: &TokenDifference| t.labels.0 != t.labels.1;
    let mut html = String::from(r#"<p class="shares-text">"#);
    for (text, t) in differences.texts.iter().zip(&differences.all) {
        let class = if other(t) { r#" class="here""# } else { "" };
        let _ = write!(
            html,
            r#"<span{class} data-p="{}" data-kl="{}" title="{} · KL {}" data-style="background:color-mix(in srgb,var(--loss) {:.0}%,transparent)">{}</span> "#,
            t.p,
            t.kl,
            probability(t.p),
            probability(t.kl),
            70.0 * t.p / most,
            escape(text)
        );
    }
    let largest = ranked(&differences.all.iter().map(|t| t.p).collect::<Vec<_>>());
    let _ = write!(html, r#"</p><div class="wide"><table class="numbers"><thead><tr>"#);
    for (k, name) in mine.columns.iter().enumerate() {
        let class = if k > 0 { r#" class="num""# } else { "" };
        let _ = write!(html, r#"<th scope="col"{class}>{name}</th>"#);
    }
    html += "</tr></thead><tbody>";
    for i in largest.into_iter().take(LISTED) {
        let (text, t) = (&differences.texts[i], &differences.all[i]);
        let (int8, f32) = (t.labels.0.letter(), t.labels.1.letter());
        let labels = if other(t) { format!("{int8} ≠ {f32}") } else { int8.to_string() };
        let _ = write!(
            html,
            r#"<tr><th scope="row"><q>{}</q></th><td class="num">{}</td><td class="num">{}</td><td class="num">{labels}</td></tr>"#,
            escape(text),
            probability(t.p),
            probability(t.kl)
        );
    }
    html + "</tbody></table></div>"
}
