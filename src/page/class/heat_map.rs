//! Where annotators disagree: the paragraph, every token shaded by H(t_i), with the agreement's figures and L.

use std::fmt::Write;

use leptos::prelude::*;

use crate::bio::{Dist, Label, Loss, entropy};
use crate::display::format::{escape, fixed, fraction};
use crate::display::ranked;
use crate::figure::{self, Frame};
use crate::inference::with_accents;
use crate::locale::ExerciseStrings;
use crate::metrics::agreement;
use crate::page::components::focus::focus_text;
use crate::page::components::idle::deferred;
use crate::page::components::picture::SavePicture;
use crate::page::state::analysis::{Gold, Shown};
use crate::page::state::navigation::Place;
use crate::page::state::store::Store;
use crate::page::state::tokens::numbered;

/// Tokens that are listed below the map.
const LISTED: usize = 6;

/// The map, where there are two annotators or more.
#[component]
pub fn HeatMap() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    // What was read and the labels of these tokens, together: an idle moment later there may be others of either.
    let late = deferred(Memo::new(move |_| (store.analysis.gold.get(), store.analysis.shown.get())));
    let html = move || {
        let (gold, shown) = late.get();
        let gold = gold.known().filter(|gold| gold.labels.len() > 1)?;
        shown.map(|shown| map(store, &shown, &gold))
    };
    let html = Memo::new(move |_| html());
    let picture = move |frame: Frame| {
        let (gold, shown) = (store.analysis.gold.get_untracked().known()?, store.analysis.shown.get_untracked()?);
        let (labels, found) = (gold.labels.len(), agreement(&gold.labels));
        Some(figure::heat_map::draw(&shown.paragraph, &shown.analysis, &gold.t, labels, found.as_ref(), &frame))
    };
    // Its labels are shown where they are set.
    let show = move |event: leptos::ev::MouseEvent| {
        if let Some(token) = numbered(&event) {
            store.analysis.pinned.set(Some(token));
            store.navigation.go(Place::Labels);
            focus_text();
        }
    };
    view! {
        <Show when=move || html.with(Option::is_some)>
            <h3>{words.heat}</h3>
            <p class="soft small" inner_html=words.heat_note></p>
            <div class="disagreement" class:stale=move || store.analysis.behind.get() data-testid="heat" lang="en" inner_html=move || html.get().unwrap_or_default() on:click=show></div>
            <SavePicture chart="heat" name=words.heat gold_only=true draw=picture />
        </Show>
    }
}

fn map(store: Store, shown: &Shown, gold: &Gold) -> String {
    let words = &store.words.sharing;
    let mut html = paragraph(store, shown, gold) + &figures(store, gold);
    let entropies: Vec<f64> = gold.t.iter().map(entropy).collect();
    let mut order = ranked(&entropies);
    order.retain(|&i| entropies[i] > 0.0);
    if order.is_empty() {
        let _ = write!(html, r#"<p class="soft small">{}</p>"#, words.undisputed);
    } else {
        let _ = write!(html, r#"<h3>{}</h3><ul class="camein small">"#, words.disputed);
        for &i in order.iter().take(LISTED) {
            let _ = write!(
                html,
                r#"<li data-index="{i}"><button type="button" class="link">{}</button></li>"#,
                told(store, shown, i, &gold.t[i])
            );
        }
        html += "</ul>";
    }
    html
}

/// A token's H and t, in words.
fn told(store: Store, shown: &Shown, token: usize, t: &Dist) -> String {
    let [b, i, o] = t.map(fraction);
    let text = &shown.analysis.tokens[token].text;
    escape(&store.words.sharing.heat_token(token + 1, text, fixed(entropy(t), 2), b, i, o))
}

/// The paragraph, every token shaded.
pub(super) fn paragraph(store: Store, shown: &Shown, gold: &Gold) -> String {
    let units: Vec<u16> = shown.paragraph.encode_utf16().collect();
    let slice = |from: usize, to: usize| escape(&String::from_utf16_lossy(units.get(from..to).unwrap_or_default()));
    let mut html = String::from(r#"<p class="heatmap">"#);
    let mut at = 0;
    for (i, (token, t)) in shown.analysis.tokens.iter().zip(&gold.t).enumerate() {
        let share = 100.0 * entropy(t) / 3f64.ln();
        let gap = slice(at, token.start);
        at = with_accents(&units, token.end);
        // Where all agree there is nothing to point at.
        if share > 0.0 {
            let _ = write!(
                html,
                r#"{gap}<span class="hot" data-index="{i}" data-entropy="{}" data-style="--heat:{share:.0}%" title="{}">{}</span>"#,
                entropy(t),
                told(store, shown, i, t),
                slice(token.start, at)
            );
        } else {
            html += &(gap + &slice(token.start, at));
        }
    }
    html + &slice(at, units.len()) + "</p>"
}

/// A name, a value where it is defined, and its decimals.
type Fact = (&'static str, Option<f64>, usize);

/// How far annotators agree: observed, kappa, alpha.
pub fn agreed(words: &ExerciseStrings, labels: &[Vec<Label>]) -> Option<[Fact; 3]> {
    let found = agreement(labels)?;
    let kappa = if labels.len() == 2 { words.cohen } else { words.fleiss };
    Some([(words.observed, Some(found.observed), 3), (kappa, found.kappa(), 3), (words.alpha, found.alpha, 3)])
}

/// Agreement, L and its parts.
pub(super) fn figures(store: Store, gold: &Gold) -> String {
    let words = &store.words.exercise;
    let Some(agreed) = agreed(words, &gold.labels) else { return String::new() };
    let Loss { total, entropy, kl, .. } = gold.loss;
    let parts = [("<i>L</i>", total), ("<i>H</i>(<i>t</i>)", entropy), ("KL", kl)];
    let parts = parts.map(|(name, value)| (name, Some(value), gold.total_decimals));
    format!(r#"<dl class="facts small">{}</dl>"#, facts(words, &[agreed, parts].concat()))
}

/// Facts as the entries of a list.
pub fn facts(words: &ExerciseStrings, facts: &[Fact]) -> String {
    let entry = |&(name, value, decimals): &Fact| {
        let shown = value.map_or_else(|| words.undefined.to_string(), |v| fixed(v, decimals));
        let exact = value.map(|v| v.to_string()).unwrap_or_default();
        format!(r#"<div><dt>{name}</dt><dd class="num" data-value="{exact}">{shown}</dd></div>"#)
    };
    facts.iter().map(entry).collect()
}
