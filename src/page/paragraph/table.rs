//! The analysed paragraph as a table: one row per token with z, p, the label, t and the loss term.

use std::fmt::Write;

use crate::bio::{Dist, Label};
use crate::display::format::{escape, fixed, fraction, short_probability};
use crate::document::Units;
use crate::page::inspector::logit_decimals;
use crate::page::state::analysis::Gold;

use super::render::{Scene, hooks};

/// Rows that enter the page in one go: a row costs the browser more than running text.
const CHUNK: usize = 30;

/// Number of columns.
const COLUMNS: usize = 11;

/// The table without its rows.
pub fn frame(scene: &Scene) -> String {
    let [token, label, term] = scene.words.columns;
    let heads = ["z", "p"]
        .iter()
        .flat_map(|v| Label::ALL.map(|l| format!("<th scope=\"col\"><var>{v}</var><sub>{}</sub></th>", l.letter())));
    format!(
        "<table><thead><tr><th scope=\"col\"><var>i</var></th><th scope=\"col\" class=\"word\">{token}</th>{}<th scope=\"col\">{label}</th>\
         <th scope=\"col\"><var>t</var><sub>BIO</sub></th><th scope=\"col\">{term}</th></tr></thead><tbody></tbody></table>",
        heads.collect::<String>()
    )
}

/// The rows, in chunks of HTML.
pub fn rows(scene: &Scene) -> Vec<String> {
    let words = scene.words();
    let folds = scene.folds(&words);
    let mut folds = folds.iter().peekable();
    let mut chunks = Vec::new();
    let (mut html, mut painted) = (String::new(), 0);
    let mut hidden_until = 0;
    for (k, word) in words.iter().enumerate() {
        if let Some(fold) = folds.next_if(|fold| fold.start == k) {
            hidden_until = fold.end;
            let _ = write!(
                html,
                r#"<tr class="foldrow"><td colspan="{}"><button type="button" class="more" data-rows="{}">{}</button></td></tr>"#,
                COLUMNS,
                words[fold.end - 1].end - words[fold.start].start,
                scene.words.more_words(fold.len())
            );
        }
        for i in word.clone() {
            row(scene, i, word.len() > 1, i > word.start, k < hidden_until, &mut html);
        }
        painted += word.len();
        // A fold counts the rows after it, so it must arrive whole.
        if painted >= CHUNK && k + 1 >= hidden_until {
            chunks.push(std::mem::take(&mut html));
            painted = 0;
        }
    }
    chunks.push(html);
    chunks
}

fn row(scene: &Scene, i: usize, split: bool, goes_on: bool, hidden: bool, html: &mut String) {
    let token = &scene.analysis().tokens[i];
    let text = escape(&token.text);
    // A piece inside a word: joined to what is before it, or standing alone with its hyphen.
    let text = match (split, goes_on, scene.units) {
        (true, true, Units::Words) => format!("<span class=\"piece\">└ {text}</span>"),
        (true, true, Units::Pieces) => format!("<span class=\"piece\">##</span>{text}"),
        _ => text,
    };
    let _ = write!(
        html,
        r#"<tr class="t"{}{}><td>{}</td><td class="word">{text}</td>"#,
        hooks(token, i),
        if hidden { " hidden" } else { "" },
        i + 1
    );
    let decimals = logit_decimals(token);
    for z in token.logits {
        let _ = write!(html, "<td>{}</td>", fixed(f64::from(z), decimals));
    }
    for p in token.p {
        let _ = write!(html, r#"<td class="pr" data-style="--p:{:.0}%">{}</td>"#, 100.0 * p, short_probability(p));
    }
    let [t, term] = scene.gold.map(|g| overlay(g, i)).unwrap_or_default();
    let _ =
        write!(html, r#"<td><b class="tag {0}">{0}</b></td><td>{t}</td><td>{term}</td></tr>"#, token.label.letter());
}

/// The contents of the last two cells of a row: t and the term.
pub fn overlay(gold: &Gold, i: usize) -> [String; 2] {
    let t: Dist = gold.t[i];
    let sure = Label::ALL.into_iter().find(|l| t[l.index()] >= 1.0);
    let shown = match sure {
        Some(label) => label.letter().into(),
        None => format!("({})", t.map(fraction).join(", ")),
    };
    [shown, fixed(gold.loss.terms[i], gold.term_decimals)]
}
