//! Questions from a file: opened, searched and paged through, put in place one by one, labelled, saved and scored.

mod list;
mod opened;
mod save;
mod scores;
mod scoring;
pub mod state;

use std::sync::Arc;

use leptos::prelude::*;

use crate::bio::Span;
use crate::dataset::{self, Instance, Record, Soft};
use crate::document::{Annotator, Change, Direct, Document, Edit, same_text};
use crate::locale::LANGUAGES;

use super::components::events::on_window_untyped;
use super::components::files;
use super::components::focus::{focus, focus_text, show_question};
use super::state::store::Store;
use state::{DatasetState, Kept};

pub use list::Neighbours;
pub use opened::{OpenResult, Opened, beside_labels};

pub use scoring::Scoring;

impl Store {
    /// Puts a question of the file in place. Who was chosen to label goes on labelling, in a row of their own. Where it was chosen
    /// by `key`, the keyboard goes on in the text.
    pub fn choose_question(self, index: usize, key: bool) {
        self.keep_question();
        let Some(record) = self.record(index) else { return };
        let asks = record.question.is_empty();
        let editor = self.editor;
        editor.edit(Edit::Step, |document| put(document, &record, |number| self.words.annotator_name(number)));
        let row = editor.document.with_untracked(|document| match editor.labels_as.with_untracked(Option::is_some) {
            true => editor.row_of_chosen(document).unwrap_or(document.annotators.len()),
            false => 0,
        });
        editor.annotator.set(row);
        self.dataset.chosen.set(Some(index));
        editor.said.set(format!("{}: {}", untrack(|| self.place_in_file()), record.question));
        show_question();
        if asks {
            focus("[data-testid=question]"); // the text has none: it is the user's turn
        } else {
            self.analyse();
            if key {
                focus_text();
            }
        }
    }

    /// Which question of the file is on the page, of how many.
    fn place_in_file(self) -> String {
        let of = self.dataset.open.with(|open| open.as_ref().map_or(0, |open| open.dataset.records.len()));
        self.words.question_set.place(self.dataset.chosen.get().unwrap_or_default() + 1, of)
    }

    /// Takes what the user has changed in the file's question on the page into its record, at every change of the document;
    /// a text that has come in its place leaves the record as it is.
    fn keep_question(self) {
        let DatasetState { open, chosen, changed, unsaved, .. } = self.dataset;
        let kept = self.editor.document.with_untracked(|document| {
            open.with_untracked(|open| {
                let records = &open.as_ref()?.dataset.records;
                let index = tied(records, chosen.get_untracked(), document, self.editor.latest.get_value())?;
                Some((index, edited(&records[index], document)))
            })
        });
        let index = kept.as_ref().map(|(index, _)| *index);
        if chosen.get_untracked() != index {
            chosen.set(index);
        }
        let before = index.and_then(|index| self.record(index));
        let (Some((index, now)), Some(before)) = (kept, before) else { return };
        if now == before {
            return;
        }
        let listed = now.question != before.question || now.context != before.context;
        open.update_untracked(|open| {
            if let Some(open) = open {
                Arc::make_mut(&mut open.dataset).records[index] = now;
            }
        });
        if listed {
            open.notify(); // not at every label: the list would be drawn anew under the focus
        }
        unsaved.set_value(true);
        if changed.with_untracked(|changed| !changed.contains(&index)) {
            changed.update(|changed| changed.push(index));
        } else {
            changed.notify();
        }
        // For the next visit, should the tab be closed before they are saved.
        self.dataset.kept.update(|kept| {
            open.with_untracked(|open| {
                let Some(open) = open else { return };
                let record = |k: usize| Kept::new(k, &open.dataset.records[k], &open.read.records[k]);
                kept.insert(open.name.clone(), changed.get_untracked().into_iter().map(record).collect());
            });
        });
    }

    /// Keeps what is changed in the file's question, and asks before the page is left with changes that are not saved.
    fn follow_question(self) {
        Effect::new(move |_| {
            self.editor.document.track();
            self.keep_question();
        });
        on_window_untyped("beforeunload", move |event| {
            if self.dataset.unsaved.try_get_value() == Some(true) {
                event.prevent_default();
            }
        });
    }

    /// Adds a question of the file to the teacher's set.
    pub fn add_record_to_set(self, index: usize) {
        if let Some(document) = self.as_document(index)
            && !self.add_to_set(&document)
        {
            self.choose_question(index, false); // it has no question yet
        }
    }

    /// Whether the teacher's set has a question of the file.
    pub fn is_record_in_set(self, index: usize) -> bool {
        let texts = |record: &Record| (record.question_line(), record.field_text().into_owned());
        let texts = self.dataset.open.with(|open| open.as_ref()?.dataset.records.get(index).map(texts));
        texts.is_some_and(|(question, paragraph)| {
            let same = |d: &Document| same_text(d.text(), (&question, &paragraph));
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

/// Puts a record into a document. Annotators that the file does not name get the page's own names.
fn put(document: &mut Document, record: &Record, name: impl Fn(usize) -> String) {
    let shown = record.shown(name);
    let annotator =
        |a: dataset::Annotator| Annotator { name: a.name, weight: a.weight, spans: a.spans, stray: a.stray };
    let annotators = shown.annotators.into_iter().map(annotator).collect();
    document.set_example("", &shown.question, &shown.context, annotators);
    document.direct = shown.soft.iter().map(|s| Direct { start: s.span.start, end: s.span.end, t: s.t }).collect();
    document.example = None;
}

/// The record with what a document says.
fn edited(record: &Record, document: &Document) -> Record {
    let annotator = |a: &Annotator| dataset::Annotator {
        weight: a.weight,
        stray: a.stray.clone(),
        ..dataset::Annotator::new(&*a.name, a.spans.clone())
    };
    let annotators = document.annotators.iter().map(annotator).collect();
    let soft = document.direct.iter().map(|d| Soft { span: Span { start: d.start, end: d.end }, t: d.t }).collect();
    let own = |number, name: &str| LANGUAGES.iter().any(|words| words.annotator_name(number) == name);
    record.edited(&document.question, &document.paragraph, annotators, soft, own)
}

/// The record that the document's text is of after its latest change, where it was of the record `before`.
fn tied(records: &[Record], before: Option<usize>, document: &Document, latest: Option<Edit>) -> Option<usize> {
    let same_question = |record: &Record| record.question_line() == document.question;
    let same = |record: &Record| *record.field_text() == *document.paragraph && same_question(record);
    let before = before.filter(|index| *index < records.len());
    match latest {
        _ if before.is_some_and(|index| same(&records[index])) => return before,
        // Another text came at once: an example, a link, a pasted text.
        Some(Edit::Step) => return None,
        // A step back may lead to another question of the file.
        None => {
            if let Some(index) = records.iter().position(same) {
                return Some(index);
            }
        }
        Some(_) => {}
    }
    before.filter(|index| {
        let record = &records[*index];
        let old = record.field_text();
        if *old == *document.paragraph {
            return true; // another question
        }
        let another = Change::leave_little(&Change::all_between(&old, &document.paragraph), &old);
        !another && same_question(record) && !document.paragraph.trim().is_empty()
    })
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
            list.iter().find(|opened| matches!(opened.outcome, OpenResult::Reading)).map(|opened| opened.name.clone())
        });
        let reading = reading.map(|name| words.opening(&name));
        reading.or_else(|| {
            dataset.open.with(|b| b.as_ref().map(|b| words.holds(&b.name, store.words.files.records(&b.dataset))))
        })
    };
    let take = move |event: leptos::ev::Event| store.take_files(files::chosen(&event));
    store.follow_question();
    view! {
        <details class="card datasetcard" data-testid="book" open>
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
