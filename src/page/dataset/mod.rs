//! Questions from a file: opened, searched and paged through, put in place one by one, and scored.

mod list;
mod scores;
mod scoring;

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::dataset::{self, Instance};
use crate::document::{Annotator, Document, Edit};
use crate::error::Error;

use super::components::files;
use super::state::shelf::Book;
use super::state::store::Store;

pub use scoring::Scoring;

impl Store {
    /// Reads a file of questions.
    pub fn open_book(self, file: File) {
        let (shelf, words) = (self.shelf, self.words);
        let name = file.name();
        shelf.opening.set(Some(name.clone()));
        spawn_local(async move {
            let bytes = files::bytes(&file, words).await;
            let parse = move || {
                let read = bytes.and_then(|bytes| {
                    dataset::instances(&name, &bytes).map_err(|error| {
                        let place = error.place.map(|place| format!("{place}: ")).unwrap_or_default();
                        Error::Corrupt { file: error.file, why: place + &error.why }
                    })
                });
                shelf.opening.try_set(None);
                match read {
                    Ok(instances) => {
                        self.stop_scoring();
                        shelf.scored.set(Vec::new());
                        shelf.wanted.set(String::new());
                        shelf.first.set(0);
                        shelf.chosen.set(None);
                        shelf.book.set(Some(Book { name, instances: Arc::new(instances) }));
                    }
                    Err(fault) => drop(self.fault.try_set(Some(fault))),
                }
            };
            // The name is on screen before a large file keeps the page busy for a moment.
            set_timeout(parse, Duration::from_millis(30));
        });
    }

    /// Puts a question of the file in place.
    pub fn choose_question(self, index: usize) {
        let Some(instance) = self.instance(index) else { return };
        let name = self.words.annotator_name;
        self.edit(Edit::Step, |document| put(document, &instance, name));
        self.annotator.set(0);
        self.shelf.chosen.set(Some(index));
        self.analyse();
    }

    fn instance(self, index: usize) -> Option<Instance> {
        self.shelf.book.with_untracked(|book| book.as_ref()?.instances.get(index).cloned())
    }
}

fn put(document: &mut Document, instance: &Instance, name: fn(usize) -> String) {
    let annotators = instance.utf16().into_iter().enumerate().map(|(k, mut spans)| {
        spans.sort_unstable();
        spans.dedup();
        Annotator { name: name(k + 1), weight: 1.0, spans, stray: Vec::new() }
    });
    document.set_example("", &instance.question.replace(['\r', '\n'], " "), &instance.context, annotators.collect());
    document.example = None;
}

/// The card.
#[component]
pub fn BookCard(store: Store) -> impl IntoView {
    let words = &store.words.sharing;
    let shelf = store.shelf;
    let here = Memo::new(move |_| shelf.book.with(Option::is_some));
    let open = move || here.get() || shelf.opening.with(Option::is_some);
    let status = move || {
        let opening = shelf.opening.get().map(|name| (words.opening)(&name));
        opening.or_else(|| shelf.book.with(|b| b.as_ref().map(|b| (words.holds)(&b.name, b.instances.len()))))
    };
    let take = move |event: leptos::ev::Event| {
        if let Some(file) = files::chosen(&event).into_iter().next() {
            store.open_book(file);
        }
    };
    view! {
        <details class="card bookcard" data-testid="book" prop:open=open>
            <summary><h2>{words.book}</h2></summary>
            <p class="hint">{words.book_note}</p>
            <div class="tools">
                <label class="plain file">{words.open}
                    <input type="file" class="sr" accept=".json,.jsonl,application/json" data-testid="book-file" on:change=take /></label>
                <span role="status" data-testid="book-status">{status}</span>
            </div>
            <Show when=move || here.get()><list::List store /><scores::Scores store /></Show>
        </details>
    }
}
