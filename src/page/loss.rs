//! The loss: of one token, and of the paragraph with the term of every token.

use leptos::prelude::*;

use crate::bio::{self, Dist, Logits};
use crate::display::format::{enough, escape, fixed, fraction, power, round, sum_decimals};
use crate::figure::{self, Frame};
use crate::inference::Token;
use crate::locale::Strings;
use crate::page::components::math::{display, display_result, log, mi, mn, mo, number, row, sub, sum};
use crate::page::components::patched_row::PatchedRow;
use crate::page::components::picture::SavePicture;
use crate::page::components::symbols::{Linked, symbol};
use crate::page::labels::simplex::SetGold;
use crate::page::state::analysis::{Gold, GoldState, Shown};
use crate::page::state::store::Store;

/// The term of the token in the inspector.
#[component]
pub fn TokenLoss() -> impl IntoView {
    let Store { words, analysis, .. } = expect_context::<Store>();
    let parts = move || {
        let (i, gold) = (analysis.focus.get()?, analysis.gold.get().known()?);
        let z = analysis.shown.with(|s| s.as_ref()?.analysis.tokens.get(i).map(|t| t.logits))?;
        Some((z, *gold.t.get(i)?))
    };
    let body = move || match parts() {
        Some((z, t)) => term(&z, &t, words.entropy, words.kl),
        None => format!("<p class=\"soft small\">{}</p>", words.token_loss_later),
    };
    let dist = move || parts().map(|(_, t)| format!("<i>t</i> = ({})", t.map(fraction).join(", "))).unwrap_or_default();
    view! {
        <section class="card tokenloss" class:stale=move || analysis.behind.get() aria-label=words.token_loss>
            <div class="tools"><h2>{words.token_loss}</h2><span class="push"></span><span class="gold small" inner_html=dist></span></div>
            // Above the numbers, whose lines come and go: the triangle keeps its place under a pointer that drags in it.
            <SetGold />
            <div class="termbody" inner_html=body></div>
        </section>
    }
}

/// − Σ_j t_j log p_j with this token's numbers, and its split.
fn term(z: &Logits, t: &Dist, entropy: &str, kl: &str) -> String {
    let Ok(loss) = bio::loss(&[*z], &[*t]) else { return String::new() };
    let p = bio::softmax(z);
    let decimals = sum_decimals(&[loss.entropy, loss.kl], loss.total, 3);
    // As many digits of p and t as the reader needs to find the term again.
    let digits = enough(4, |k| {
        let again: f64 = (0..3).filter(|j| t[*j] > 0.0).map(|j| -share(t[j], k).1 * digits_of(p[j], k).1.ln()).sum();
        fixed(again, decimals) == fixed(loss.total, decimals)
    });
    let products: Vec<String> = (0..3)
        .filter(|j| t[*j] > 0.0)
        .map(|j| {
            let p = number(&digits_of(p[j], digits).0);
            if t[j] == 1.0 { row(&[log(), p]) } else { row(&[number(&share(t[j], digits).0), log(), p]) }
        })
        .collect();
    let total = fixed(loss.total, decimals);
    let sum = products.join(&mo("+"));
    let formula = if products.len() == 1 {
        display_result(&[mo("−"), sum], &total)
    } else {
        display_result(&[mo("−"), mo("("), sum, mo(")")], &total)
    };
    format!("<div class=\"eq\">{formula}</div>{}", split(loss.entropy, loss.kl, decimals, entropy, kl))
}

/// A probability with `k` digits that count: as text and as the value of that text.
fn digits_of(p: f64, k: usize) -> (String, f64) {
    if p < 0.001 {
        let digits = k - 1;
        (power(p, digits), format!("{p:.digits$e}").parse().unwrap_or(p))
    } else {
        let decimals = k + (-p.log10()).floor() as usize;
        (fixed(p, decimals), round(p, decimals))
    }
}

/// A gold share: an exact fraction, or `k` decimals.
fn share(t: f64, k: usize) -> (String, f64) {
    let text = fraction(t);
    if text.contains('/') || t == 0.0 || t == 1.0 { (text, t) } else { (fixed(t, k), round(t, k)) }
}

/// H and KL as a divided bar with their numbers.
fn split(entropy: f64, kl: f64, decimals: usize, entropy_words: &str, kl_words: &str) -> String {
    let total = entropy + kl;
    let width = if total > 0.0 { 100.0 * entropy / total } else { 0.0 };
    format!(
        r#"<div class="split" aria-hidden="true"><i class="h" data-style="width:{width:.2}%"></i><i class="kl" data-style="width:{:.2}%"></i></div>
        <dl class="parts small"><div><dt><b class="swatch h"></b><i>H</i></dt><dd class="num">{}</dd><dd class="soft">{entropy_words}</dd></div>
        <div><dt><b class="swatch kl"></b>KL</dt><dd class="num">{}</dd><dd class="soft">{kl_words}</dd></div></dl>"#,
        if total > 0.0 { 100.0 - width } else { 0.0 },
        fixed(entropy, decimals),
        fixed(kl, decimals)
    )
}

/// L, its formula, its parts, and every token's term.
#[component]
pub fn LossCard() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let known = Memo::new(move |_| matches!(store.analysis.gold.get(), GoldState::Known(_)));
    let body = move || match known.get() {
        true => Known().into_any(),
        false => {
            let why = move || match store.analysis.gold.get() {
                GoldState::OtherText => words.gold_other_text.to_string(),
                GoldState::Broken(error) => words.error(&error),
                _ => words.loss_hint.to_string(),
            };
            view! { <p class="soft">{why}</p> }.into_any()
        }
    };
    view! {
        <section class="card losscard" class:stale=move || store.analysis.behind.get() aria-label=words.loss>
            <div class="tools"><h2>{words.loss}</h2></div>
            {body}
            <p class="soft small foot">{words.natural_log}</p>
        </section>
    }
}

/// The card's body with gold labels.
#[component]
fn Known() -> impl IntoView {
    let Store { words, analysis, .. } = expect_context::<Store>();
    let gold = move || analysis.gold.get().known();
    let value = move |part: fn(&Gold) -> f64| move || gold().map(|gold| part(&gold).to_string());
    let formula = Memo::new(move |_| gold().map(|gold| formula(words, gold.t.len())).unwrap_or_default());
    let total = move || gold().map(|gold| fixed(gold.loss.total, gold.total_decimals));
    let parts =
        move || gold().map(|gold| split(gold.loss.entropy, gold.loss.kl, gold.total_decimals, words.entropy, words.kl));
    let largest = move || {
        let gold = gold()?;
        let (i, term) = gold.loss.terms.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Some(words.largest_term(&analysis.token_text(i)?, fixed(*term, 2)))
    };
    let picture = move |frame: Frame| {
        let (gold, shown) = (analysis.gold.get_untracked().known()?, analysis.shown.get_untracked()?);
        let tokens: Vec<&str> = shown.analysis.tokens.iter().map(|token| &*token.text).collect();
        Some(figure::loss::draw(&tokens, &gold.loss, gold.total_decimals, &frame))
    };
    view! {
        <p class="total"><var>"L"</var>" = "<b data-testid="loss-total" data-value=value(|g| g.loss.total)
            data-entropy=value(|g| g.loss.entropy) data-kl=value(|g| g.loss.kl)>{total}</b>
            <span class="soft small">" "{words.nats}</span></p>
        <Linked formula />
        <div inner_html=parts></div>
        <div class="termhead"><h3>{words.terms}</h3><span class="largest">{largest}</span>
            <SavePicture chart="loss" name=words.figure.loss draw=picture /></div>
        <TermStrip />
    }
}

/// One bar per term; the one of the token in focus stands out.
#[component]
fn TermStrip() -> impl IntoView {
    let store = expect_context::<Store>();
    let items =
        Memo::new(move |_| store.analysis.labelled().map(|(shown, gold)| bars(&shown, &gold)).unwrap_or_default());
    let dense = Memo::new(move |_| items.with(|items| items.len() > 120));
    let strip = view! {
        <div class="termbox" class:dense=move || dense.get() on:click=move |event| store.choose(&event)
            on:pointerover=move |event| store.preview(&event) on:pointerleave=move |_| store.analysis.hovered.set(None)>
            <PatchedRow class="terms" items />
        </div>
    };
    // After the strip's own effect, which may have replaced the element.
    Effect::new(move |before: Option<Option<web_sys::Element>>| {
        items.track();
        if let Some(element) = before.flatten() {
            let _ = element.remove_attribute("data-focus");
        }
        let selector = format!(".terms [data-index=\"{}\"]", store.analysis.focus.get()?);
        let term = document().query_selector(&selector).ok().flatten()?;
        let _ = term.set_attribute("data-focus", "");
        Some(term)
    });
    strip
}

/// L = − Σ_i Σ_j t_ij log p_ij, with this paragraph's N_P; its symbols are linked to the page.
fn formula(words: &Strings, tokens: usize) -> String {
    let ij = row(&[mi("i"), mi("j")]);
    let paragraph = row(&[sub(&mi("N"), &mi("P")), mo("="), mn(tokens)]);
    display(&[
        symbol(words, "L", &mi("L")),
        mo("="),
        mo("−"),
        sum(&row(&[mi("i"), mo("="), mn(1)]), &symbol(words, "N", &paragraph)),
        sum(&mi("j"), ""),
        symbol(words, "t", &sub(&mi("t"), &ij)),
        log(),
        symbol(words, "p", &sub(&mi("p"), &ij)),
    ])
}

fn bars(shown: &Shown, gold: &Gold) -> Vec<String> {
    let top = gold.loss.terms.iter().copied().fold(0.5, f64::max);
    let bar = |(i, (term, token)): (usize, (&f64, &Token))| {
        format!(
            r#"<i data-testid="loss-term" data-index="{i}" data-value="{term}" title="{} {}" data-style="--h:{:.1}%"></i>"#,
            i + 1,
            escape(&token.text),
            100.0 * term / top
        )
    };
    gold.loss.terms.iter().zip(&shown.analysis.tokens).enumerate().map(bar).collect()
}
