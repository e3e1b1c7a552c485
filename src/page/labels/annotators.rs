//! Gold labels: one row per annotator, their cells, and the tools to set labels.

use leptos::prelude::*;

use crate::bio::{self, Dist, Label};
use crate::display::format::{escape, fraction};
use crate::document::Edit;
use crate::exercise;
use crate::page::components::focus::focus;
use crate::page::components::patched_row::PatchedRow;
use crate::page::paragraph::keyboard::label_here;
use crate::page::state::analysis::{Gold, GoldState};
use crate::page::state::store::Store;

/// The annotators.
#[component]
pub fn GoldCard() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let count = store.editor.part(|d| d.annotators.len());
    let message = move || match store.analysis.gold.get() {
        GoldState::Empty if count.get() == 0 => words.gold_hint.into(),
        GoldState::OtherText => words.gold_other_text.into(),
        GoldState::Broken(error) => words.error(&error),
        _ => words.gold_keys.to_string(),
    };
    let mean = Memo::new(move |_| store.analysis.gold.get().known().map(|gold| mean_cells(&gold)).unwrap_or_default());
    // With one annotator t is that annotator's row, unless some of it was set directly.
    let direct = store.editor.part(|d| !d.direct.is_empty());
    let meaned = move || (count.get() > 1 || direct.get()) && mean.with(|cells| !cells.is_empty());
    view! {
        <section class="card goldcard" aria-label=words.gold>
            <div class="tools">
                <h2>{words.gold}</h2>
                <span class="push"></span>
                <button type="button" class="plain" aria-disabled=move || (!store.editor.reach.get().0).to_string() on:click=move |_| store.travel(true)>{words.undo}</button>
                <button type="button" class="plain" aria-disabled=move || (!store.editor.reach.get().1).to_string() on:click=move |_| store.travel(false)>{words.redo}</button>
            </div>
            <p class="hint">{message}</p>
            <div class="rows" class:many=move || { count.get() > 8 }>
                <For each=move || 0..count.get() key=|row| *row children=move |row| view! { <Row row /> } />
                <Show when=meaned>
                    <div class="annotator mean"><span class="who"><var>"t"</var></span><PatchedRow class="cells" items=mean /></div>
                </Show>
            </div>
            <div class="tools end">
                <button type="button" class="plain add" on:click=move |_| store.add_annotator()>"+ "{words.add_annotator}</button>
                <button type="button" class="plain add" data-testid="two-of-three" title=words.two_of_three_note on:click=move |_| {
                    if let Some(i) = store.analysis.focus.get_untracked() {
                        let (first, last) = store.whole(i, i);
                        store.two_of_three(first, last);
                    }
                }>{words.two_of_three}</button>
                <span class="push"></span>
                <Setters />
            </div>
        </section>
    }
}

/// Buttons that do what the keys B, I and O do, for fingers.
#[component]
fn Setters() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let name = move || store.labelling();
    let set = move |label: Label| {
        let press = move |_| {
            if let Some(i) = store.analysis.focus.get_untracked() {
                label_here(store, i, label);
            }
        };
        view! { <button type="button" class=format!("set {}", label.letter()) title=words.set_label(label)
        aria-label=words.set_label(label) on:click=press>{label.letter()}</button> }
    };
    view! {
        <span class="setters" role="group" aria-label=name>
            <span class="soft small" role="status">{name}</span>
            {Label::ALL.map(set).collect_view()}
            <button type="button" class="plain" data-testid="set-none" on:click=move |_| store.no_answer()>{words.says_no_answer}</button>
            <button type="button" class="plain" aria-pressed=move || store.editor.marking.get().to_string()
                on:click=move |_| store.editor.marking.update(|m| *m = !*m)>{words.mark}</button>
        </span>
    }
}

/// One annotator.
#[component]
fn Row(row: usize) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let annotator = Memo::new(move |_| store.editor.document.with(|d| d.annotators.get(row).cloned()));
    let name = move || annotator.get().map(|a| a.name).unwrap_or_default();
    let quotes = move || {
        let annotator = annotator.get()?;
        Some(store.editor.document.with_untracked(|d| store.quotes(d, &annotator)))
    };
    let cells = Memo::new(move |_| {
        store
            .analysis
            .gold
            .get()
            .known()
            .and_then(|g| g.labels.get(row).map(|l| label_cells(l, words.stray)))
            .unwrap_or_default()
    });
    let current = move || store.editor.annotator.get() == row;
    // Whether something was typed that is no weight: it stays to be mended, and the one before counts on.
    let wrong = RwSignal::new(false);
    let weigh = move |event: leptos::ev::Event| {
        let weight = exercise::number(&event_target_value(&event)).filter(|weight| *weight >= 0.0);
        wrong.set(weight.is_none());
        if let Some(weight) = weight {
            store.editor.edit(Edit::Annotator(row), |d| d.weigh_annotator(row, weight));
        }
    };
    view! {
        <div class="annotator" role="group" aria-label=name data-testid="annotator" data-index=row.to_string() class:current=current>
            <button type="button" class="who" aria-pressed=move || current().to_string() title=move || words.label_as(name())
                aria-label=move || words.label_as(name()) on:click=move |_| store.editor.choose_annotator(row)>
                <span class="pen" aria-hidden="true"></span>
            </button>
            <input class="name" aria-label=words.name prop:value=name
                on:focus=move |_| store.editor.choose_annotator(row)
                on:change=move |e| { let name = event_target_value(&e); store.editor.edit(Edit::Annotator(row), |d| d.rename_annotator(row, &name)); store.editor.choose_annotator(row); } />
            <span class="quotes" class:soft=move || annotator.get().is_some_and(|a| a.spans.is_empty())>{quotes}</span>
            <label class="weight"><span class="soft small">{words.weight}</span>
                <input type="text" inputmode="decimal" aria-invalid=move || wrong.get().to_string()
                    prop:value=move || annotator.get().map(|a| a.weight.to_string()).unwrap_or_default() on:change=weigh />
                <span class="broken small" role="status">{move || wrong.get().then_some(words.no_weight)}</span></label>
            <button type="button" class="icon" title=move || words.remove(name()) aria-label=move || words.remove(name())
                on:click=move |_| { store.remove_annotator(row); focus_row(store, row); }>"×"</button>
            <PatchedRow class="cells" items=cells />
            <Show when=move || annotator.get().is_some_and(|a| !a.stray.is_empty())>
                <span class="stray small" role="status">{words.stray}</span>
            </Show>
        </div>
    }
}

/// The row after one that is gone has its place, and the focus; after the last there is none.
fn focus_row(store: Store, row: usize) {
    if store.editor.document.with_untracked(|d| d.annotators.len() <= row) {
        focus(".goldcard .add");
    }
}

fn label_cells(labels: &[Label], stray: &str) -> Vec<String> {
    let strays = bio::stray_insides(labels);
    let cell = |(i, label): (usize, &Label)| {
        let letter = label.letter();
        let shown = if *label == Label::O { "" } else { letter };
        let mark =
            if strays.contains(&i) { format!(r#" data-stray title="{}""#, escape(stray)) } else { String::new() };
        format!(
            r#"<i class="{letter}" data-testid="gold-token" data-index="{i}" data-label="{letter}"{mark}>{shown}</i>"#
        )
    };
    labels.iter().enumerate().map(cell).collect()
}

/// t of every token: the filled part is B (dark) and I (light), the rest O.
fn mean_cells(gold: &Gold) -> Vec<String> {
    let cell = |(i, t): (usize, &Dist)| {
        let some = if t[2] < 1.0 { " some" } else { "" };
        let title = escape(&format!("t{} = ({})", i + 1, t.map(fraction).join(", ")));
        format!(
            r#"<i class="mix{some}" title="{title}" data-style="--pb:{:.0}%;--pi:{:.0}%"></i>"#,
            100.0 * t[0],
            100.0 * (t[0] + t[1])
        )
    };
    gold.t.iter().enumerate().map(cell).collect()
}
