//! The whole class as CSV, as LaTeX and on paper.

use std::fmt::Write;

use leptos::prelude::*;

use super::heat_map;
use super::overview::{model, read_by, summary};
use super::read::{Read, all_read};
use crate::display::format::escape;
use crate::document::csv::{self, Separator};
use crate::document::latex;
use crate::page::components::clipboard;
use crate::page::components::download::{download, file_name};
use crate::page::question_set::card::titled;
use crate::page::state::store::Store;

/// CSV, LaTeX and paper.
#[component]
pub fn TakeAway() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let exercise = &store.words.exercise;
    let read = Memo::new(move |_| {
        let (done, well) =
            store.class.read.with(|read| (read.iter().flatten().count(), read.iter().flatten().flatten().count()));
        (done, well, store.class.merged.with(|class| class.questions.len()))
    });
    let ready = move || read.with(|(_, well, of)| well == of && *of > 0) && model(store).is_some();
    let copied = RwSignal::new(false);
    let pairs = move || {
        let all = untrack(|| all_read(store))?;
        Some(all.into_iter().map(|read| (read.document, read.shown.analysis.clone())).collect::<Vec<_>>())
    };
    let title = move || store.class.merged.with_untracked(|class| class.title.clone());
    let csv = move |separator: Separator| {
        let Some(pairs) = pairs() else { return };
        let name = file_name(&["bioscope-class", &title()], ".csv");
        let model = untrack(|| model(store)).unwrap_or_default();
        store.guard(csv::class(&pairs, &model, separator).and_then(|table| download(&name, "text/csv", &table.into())));
    };
    let latex = move |_| {
        let Some(pairs) = pairs() else { return };
        let by = untrack(|| read_by(store)).unwrap_or_default();
        let text = match latex::class(&[&title(), &by], &pairs) {
            Ok(text) => text,
            Err(error) => return store.error.set(Some(error)),
        };
        clipboard::copy_latex(text, "bioscope-class.tex", copied);
    };
    view! {
        <div class="tools classaway">
            <button type="button" class="plain" data-testid="class-csv" title=exercise.csv_comma disabled=move || !ready() on:click=move |_| csv(Separator::Comma)>"CSV ,"</button>
            <button type="button" class="plain" data-testid="class-csv-semicolon" title=exercise.csv_semicolon disabled=move || !ready() on:click=move |_| csv(Separator::Semicolon)>"CSV ;"</button>
            <button type="button" class="plain" data-testid="class-latex" disabled=move || !ready() on:click=latex>{move || if copied.get() { exercise.copied } else { exercise.copy_latex }}</button>
            <button type="button" class="plain" data-testid="class-print" disabled=move || !ready() on:click=move |_| drop(window().print())>{words.print}</button>
            <span class="soft small" role="status">{move || { let (done, _, of) = read.get(); (done < of).then(|| words.reading(done, of)) }}</span>
        </div>
        <div class="classpage" data-testid="class-page" lang="en" inner_html=move || all_read(store).map(|all| page(store, &all)).unwrap_or_default()></div>
    }
}

/// What is printed: every question with its heat map and figures.
fn page(store: Store, all: &[Read]) -> String {
    let words = &store.words.question_set;
    let title = store.class.merged.with(|class| titled(store, &class.title));
    let by = read_by(store).unwrap_or_default();
    let mut html = format!("<h2>{}</h2><p>{} {}</p>", escape(&title), escape(&summary(store)), escape(&by));
    for (k, Read { document, shown, gold }) in all.iter().enumerate() {
        let students = words.students(document.annotators.len());
        let _ = write!(html, "<h3>{}. {} <span>{}</span></h3>", k + 1, escape(&document.question), escape(&students));
        match gold {
            Some(gold) => {
                html += &heat_map::paragraph(store, shown, gold);
                html += &heat_map::figures(store, gold);
            }
            None => {
                let _ = write!(html, r#"<p class="heatmap">{}</p>"#, escape(&document.paragraph));
            }
        }
    }
    html
}
