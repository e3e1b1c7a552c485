//! Questions from a file: opened, searched and paged through, put in place one by one, and scored.

mod list;
mod opened;
mod save;
mod scores;
mod scoring;
pub mod state;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::dataset::{Instance, Record};
use crate::document::{Annotator, Document, Edit};

use super::components::files;
use super::state::store::Store;

pub use opened::{Opened, Outcome};

pub use scoring::Scoring;

impl Store {
    /// Puts a question of the file in place.
    pub fn choose_question(self, index: usize) {
        let Some(record) = self.record(index) else { return };
        let asks = record.question.is_empty();
        self.editor.edit(Edit::Step, |document| put(document, &record, |number| self.words.annotator_name(number)));
        self.editor.annotator.set(0);
        self.dataset.chosen.set(Some(index));
        if asks {
            focus_question(); // the text has none: it is the user's turn
        } else {
            self.analyse();
        }
    }

    /// Adds a question of the file to the teacher's set.
    pub fn add_record_to_set(self, index: usize) {
        if let Some(document) = self.as_document(index)
            && !self.add_to_set(&document)
        {
            self.choose_question(index); // it has no question yet
        }
    }

    /// Whether the teacher's set has a question of the file.
    pub fn is_record_in_set(self, index: usize) -> bool {
        let texts = |record: &Record| (question(record), record.context.clone());
        let texts = self.dataset.open.with(|open| open.as_ref()?.dataset.records.get(index).map(texts));
        texts.is_some_and(|(question, paragraph)| {
            let same = |d: &Document| d.question.trim() == question.trim() && *d.paragraph == *paragraph;
            self.sets.composed.with(|set| set.items.iter().any(|item| same(&item.document)))
        })
    }

    fn as_document(self, index: usize) -> Option<Document> {
        let record = self.record(index)?;
        let mut document = self.editor.document.get_untracked();
        put(&mut document, &record, |number| self.words.annotator_name(number));
        Some(document)
    }

    fn record(self, index: usize) -> Option<Record> {
        self.dataset.open.with_untracked(|dataset| dataset.as_ref()?.dataset.records.get(index).cloned())
    }

    fn instance(self, index: usize) -> Option<Instance> {
        self.record(index).map(Record::into_instance)
    }
}

fn focus_question() {
    let field = document().query_selector("[data-testid=question]").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// A question is one line.
fn question(record: &Record) -> String {
    record.question.replace(['\r', '\n'], " ")
}

/// Annotators that the file does not name get the page's own names.
fn put(document: &mut Document, record: &Record, name: impl Fn(usize) -> String) {
    let spans = record.clone().into_instance().utf16();
    let annotators = record.annotators.iter().zip(spans).enumerate().map(|(k, (annotator, spans))| {
        let unnamed = annotator.name == (k + 1).to_string();
        let name = if unnamed { name(k + 1) } else { annotator.name.clone() };
        Annotator { name, weight: annotator.weight, spans, stray: Vec::new() }
    });
    document.set_example("", &question(record), &record.context, annotators.collect());
    document.example = None;
}

/// The card.
#[component]
pub fn DatasetCard() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    let dataset = store.dataset;
    let here = Memo::new(move |_| dataset.open.with(Option::is_some));
    let status = move || {
        let reading = dataset.opened_files.with(|list| {
            list.iter().find(|opened| matches!(opened.outcome, Outcome::Reading)).map(|opened| opened.name.clone())
        });
        let reading = reading.map(|name| words.opening(&name));
        reading.or_else(|| dataset.open.with(|b| b.as_ref().map(|b| words.holds(&b.name, b.dataset.records.len()))))
    };
    let take = move |event: leptos::ev::Event| store.take_files(files::chosen(&event));
    view! {
        <details class="card bookcard" data-testid="book" open>
            <summary><h2>{words.dataset}</h2></summary>
            <p class="hint">{words.dataset_note}</p>
            <div class="tools">
                <label class="plain file">{words.open}
                    <input type="file" class="sr" multiple data-testid="book-file" on:change=take /></label>
                <span role="status" data-testid="book-status">{status}</span>
            </div>
            <opened::OpenedFiles />
            <save::SaveAs />
            <Show when=move || here.get()><list::List /><scores::Scores /></Show>
        </details>
    }
}
