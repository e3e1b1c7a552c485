//! The table of scores: one row per question, sorted by the column that is chosen.

use std::fmt::Write;

use leptos::prelude::*;

use super::state::Scored;
use crate::dataset::{Score, means};
use crate::display::format::{escape, fixed};
use crate::page::components::events::within;
use crate::page::components::focus::focus;
use crate::page::state::engine::Load;
use crate::page::state::store::Store;

/// Questions that are scored unless another number is given, and at most.
const SOME: usize = 50;
const MOST: usize = 5000;

/// Rows that are in the page at once.
const ROWS: usize = 200;

/// The controls and the table.
#[component]
pub fn Scores() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    let dataset = store.dataset;
    let found = dataset.found;
    let many = RwSignal::new(SOME);
    // By L, the largest first: what the model finds hardest is what one looks for.
    let order = RwSignal::new((2_usize, true));
    let ready = move || store.engine.load.with(|l| matches!(l, Load::Ready(_)));
    let running = Memo::new(move |_| dataset.scoring.get());
    let status = move || {
        dataset.scored.with(|rows| match running.get() {
            Some(of) => Some(words.scoring(rows.len(), of)),
            None => means(rows.iter().filter_map(|r| r.score.as_ref().ok())).map(|(loss, em, f1)| {
                let count = rows.iter().filter(|r| r.score.is_ok()).count();
                let said = words.means(count, fixed(loss, 2), fixed(em, 1), fixed(f1, 1));
                // It was stopped, or another model was chosen meanwhile.
                let of = dataset.scored_by.with(|(.., of)| *of);
                if rows.len() < of { format!("{} {said}", words.scoring(rows.len(), of)) } else { said }
            }),
        })
    };
    // Pressed, it keeps the focus: so it is not `disabled` while it runs.
    let may = move || ready() && running.get().is_none() && !found.with(Vec::is_empty);
    let start = move |_| {
        if !untrack(may) {
            return;
        }
        let questions = found.with_untracked(|f| f.iter().copied().take(many.get_untracked()).collect());
        store.start_scoring(questions);
    };
    let set_many = move |event| {
        if let Ok(count) = event_target_value(&event).trim().parse::<usize>() {
            many.set(count.clamp(1, MOST));
        }
    };
    let table = move || dataset.scored.with(|rows| table(store, rows, order.get()));
    let press = move |event: leptos::ev::MouseEvent| {
        let number = |selector: &str, name: &str| within(&event, selector)?.get_attribute(name)?.parse::<usize>().ok();
        if let Some(column) = number("[data-column]", "data-column") {
            // A second press turns the order round.
            order.update(|(by, down)| (*by, *down) = (column, if *by == column { !*down } else { column == 2 }));
            focus(&format!("[data-testid=scores] [data-column=\"{column}\"]"));
        } else if let Some(index) = number("tr[data-index]", "data-index") {
            store.choose_question(index, event.detail() == 0);
        }
    };
    let by = move || {
        dataset.scored_by.with(|(model, decoder, _)| {
            format!("{} {}", words.as_loaded(store.title(model)), words.by(store.words.decoder_name(*decoder)))
        })
    };
    view! {
        <div class="tools scoretools">
            <button type="button" class="plain" data-testid="score" aria-disabled=move || (!may()).to_string() on:click=start>{words.score}</button>
            <label class="number"><span class="soft small">{words.how_many}</span>
                <input class="field" type="number" min="1" max=MOST.to_string() data-testid="how-many" prop:value=move || many.get().to_string() on:change=set_many /></label>
            <Show when=move || running.get().is_some()>
                <button type="button" class="plain" data-testid="score-stop" on:click=move |_| store.stop_scoring()>{words.stop}</button>
                <progress max=move || running.get().unwrap_or(1).to_string() prop:value=move || dataset.scored.with(Vec::len) as f64 aria-label=words.score></progress>
            </Show>
        </div>
        <p class="status" role="status" data-testid="score-status" aria-live=move || if running.get().is_some() { "off" } else { "polite" } data-running=move || running.get().is_some().to_string()>{status}</p>
        <Show when=move || dataset.scored.with(|rows| !rows.is_empty())>
            <div class="panel scorepanel" data-testid="scores" tabindex="0" role="group" aria-label=words.score inner_html=table on:click=press></div>
            <p class="soft small" data-testid="scored-by">{by}</p>
        </Show>
    }
}

fn table(store: Store, rows: &[Scored], (by, down): (usize, bool)) -> String {
    let words = &store.words.sharing;
    let question = |index: usize| {
        store.dataset.open.with(|b| b.as_ref().and_then(|b| b.dataset.records.get(index)).map(|i| i.question.clone()))
    };
    let key = |score: &Score| match by {
        3 => f64::from(u8::from(score.em)),
        4 => score.f1,
        _ => score.loss,
    };
    let mut order: Vec<&Scored> = rows.iter().collect();
    order.sort_by(|a, b| {
        let sides = match (by, &a.score, &b.score) {
            (0, ..) => a.index.cmp(&b.index),
            (1, ..) => question(a.index).cmp(&question(b.index)),
            (5, Ok(a), Ok(b)) => a.answer.cmp(&b.answer),
            (_, Ok(a), Ok(b)) => key(a).total_cmp(&key(b)),
            // What could not be scored comes last, whichever way round.
            (_, a, b) => return a.is_err().cmp(&b.is_err()),
        };
        (if down { sides.reverse() } else { sides }).then(a.index.cmp(&b.index))
    });
    let mut html = String::from(r#"<table class="numbers"><thead><tr>"#);
    for (column, name) in words.columns.iter().enumerate() {
        let sorted = match (column == by, down) {
            (true, true) => r#" aria-sort="descending""#,
            (true, false) => r#" aria-sort="ascending""#,
            _ => "",
        };
        let class = if (2..5).contains(&column) { r#" class="num""# } else { "" };
        let arrow = if column != by {
            ""
        } else if down {
            " ↓"
        } else {
            " ↑"
        };
        let _ = write!(
            html,
            r#"<th{class}{sorted}><button type="button" class="link" data-column="{column}">{name}{arrow}</button></th>"#
        );
    }
    html += "</tr></thead><tbody>";
    for row in order.iter().take(ROWS) {
        let asked = escape(&question(row.index).unwrap_or_default());
        let _ = write!(
            html,
            r#"<tr data-index="{}"><td class="soft">{}</td><td class="wide"><button type="button" class="link">{asked}</button></td>"#,
            row.index,
            row.index + 1
        );
        let _ = match &row.score {
            Ok(score) => write!(
                html,
                r#"<td class="num" data-value="{}">{}</td><td class="num" data-em="{}">{}</td><td class="num" data-f1="{}">{}</td><td class="wide">{}</td>"#,
                score.loss,
                fixed(score.loss, 2),
                score.em,
                if score.em { "1" } else { "0" },
                score.f1,
                fixed(score.f1, 2),
                if score.answer.is_empty() {
                    format!(r#"<span class="soft">{}</span>"#, words.none)
                } else {
                    format!("<q>{}</q>", escape(&score.answer))
                }
            ),
            Err(error) => {
                write!(html, r#"<td colspan="4" class="broken">{}</td>"#, escape(&store.words.error(error)))
            }
        };
        html += "</tr>";
    }
    html += "</tbody></table>";
    if order.len() > ROWS {
        let _ = write!(html, r#"<p class="soft small">{}</p>"#, words.more(order.len() - ROWS));
    }
    html
}
