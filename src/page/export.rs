//! What can be taken away: the analysis as JSON, its tokens as CSV, the loss as LaTeX, a printed page; and the way back
//! from JSON.

use leptos::prelude::*;

use crate::bio::GoldError;
use crate::document::class;
use crate::document::csv::{self, Separator};
use crate::document::detect::Kind;
use crate::document::json::{self, Exported};
use crate::document::{Edit, latex};
use crate::error::Error;
use crate::page::components::download::download;
use crate::page::components::{clipboard, files};
use crate::page::presenter;
use crate::page::state::store::Store;

/// What is taken away.
#[derive(Clone, Copy)]
enum Saved {
    Json,
    Csv(Separator),
    Latex,
}

/// The menu.
#[component]
pub fn ExportBar() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.exercise;
    let copied = RwSignal::new(false);
    let ready = move || store.analysis.shown.with(|s| s.is_some());
    let save = move |what: Saved| {
        store.guard(with_shown(store, |document, shown| match what {
            Saved::Json => {
                let mut exported = Exported::new(document, &shown.question, &shown.paragraph, &shown.analysis)?;
                (exported.model, exported.tuned) = (shown.model.clone(), shown.tuned);
                download("bioscope.json", "application/json", &exported.to_json().into())
            }
            Saved::Csv(separator) => {
                let table =
                    csv::table(document, &shown.paragraph, &shown.analysis, (&shown.model, shown.tuned), separator)?;
                let name = match separator {
                    Separator::Comma => "bioscope.csv",
                    Separator::Semicolon => "bioscope-semicolon.csv",
                };
                download(name, "text/csv", &table.into())
            }
            Saved::Latex => {
                let text = latex::derivation(&[&store.source(shown)], document, &shown.paragraph, &shown.analysis)?;
                let text = text.ok_or_else(|| Error::from(GoldError::NoAnnotator))?;
                clipboard::copy_latex(text, "bioscope.tex", copied);
                Ok(())
            }
        }));
    };
    // What was edited since is analysed first: what is saved is what stands on the page.
    let wanted = RwSignal::new(None::<Saved>);
    let ask = move |what: Saved| {
        if !store.analysis.stale.get_untracked() {
            return save(what);
        }
        wanted.set(Some(what));
        store.analyse();
    };
    Effect::new(move |_| {
        let (stale, failed) = (store.analysis.stale.get(), store.error.with(Option::is_some));
        if !stale || failed {
            let what = wanted.get_untracked();
            wanted.set(None);
            what.filter(|_| !failed).into_iter().for_each(save);
        }
    });
    let import = move |event: leptos::ev::Event| {
        let mut chosen = files::chosen(&event);
        leptos::task::spawn_local(async move {
            // One saved document takes the place of what is here; everything else goes where a drop takes it.
            let saved = match &chosen[..] {
                [file] => matches!(files::kind_of(file).await, Kind::Labels | Kind::Set),
                _ => false,
            };
            let Some(file) = chosen.pop_if(|_| saved) else { return store.take_files(chosen) };
            let text = files::text(&file, store.words).await;
            // What one has saved of a set oneself is gone on with; what others have saved is dropped on the page.
            if text.as_ref().is_ok_and(|text| class::read("", text).is_some()) {
                return store.take_set(file);
            }
            let read = text.and_then(|text| {
                store.editor.document.with_untracked(|document| json::import(document, &file.name(), &text))
            });
            match read {
                Ok(mut read) => {
                    // Of the user's own model, or of one that is not here, only the numbers were saved.
                    let present = store.editor.document.with_untracked(|d| d.model.clone());
                    let other_model = read.model != store.model() && store.entry(&read.model).is_some();
                    if !other_model {
                        read.model = present;
                    }
                    store.editor.edit(Edit::Step, |document| *document = read);
                    store.editor.annotator.set(0);
                    store.analyse_opened(other_model);
                }
                Err(error) => store.error.set(Some(error)),
            }
        });
    };
    view! {
        <div class="takeaway">
            <button type="button" class="plain" data-testid="present" on:click=move |_| presenter::begin(store)>{store.words.present}</button>
            <button type="button" class="plain" data-testid="copy-latex" disabled=move || !ready() on:click=move |_| ask(Saved::Latex)>
                {move || if copied.get() { words.copied } else { words.copy_latex }}</button>
            <button type="button" class="plain" data-testid="save-json" disabled=move || !ready() on:click=move |_| ask(Saved::Json)>"JSON"</button>
            <button type="button" class="plain" data-testid="save-csv" title=words.csv_comma disabled=move || !ready()
                on:click=move |_| ask(Saved::Csv(Separator::Comma))>"CSV ,"</button>
            <button type="button" class="plain" data-testid="save-csv-semicolon" title=words.csv_semicolon disabled=move || !ready()
                on:click=move |_| ask(Saved::Csv(Separator::Semicolon))>"CSV ;"</button>
            <label class="plain file">{words.open}
                <input type="file" class="sr" multiple data-testid="open-json" on:change=import /></label>
            <button type="button" class="plain" on:click=move |_| drop(window().print())>{words.print}</button>
        </div>
    }
}

/// Calls with the document and the analysis on show, where there is one.
fn with_shown(
    store: Store,
    work: impl FnOnce(&crate::document::Document, &crate::page::state::analysis::Shown) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(shown) = store.analysis.shown.get_untracked() else { return Ok(()) };
    store.editor.document.with_untracked(|document| work(document, &shown))
}
