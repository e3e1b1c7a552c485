//! The records of the file, with the labels on the page, written in any format.

use std::time::Duration;

use js_sys::Uint8Array;
use leptos::prelude::*;

use crate::dataset::{Annotator, Dataset, Format, Place, Record};
use crate::document::Document;
use crate::page::components::download;
use crate::page::state::session::base;
use crate::page::state::store::Store;
use crate::worker::{Client, Event};

/// The choice of a format, what it cannot hold, and the button.
#[component]
pub fn SaveAs() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.files;
    let chosen = RwSignal::new(Format::Lines);
    let open = RwSignal::new(false);
    let options = Format::written().map(|format| {
        view! { <option value=format.name() selected=format == Format::Lines>{words.format(format)}" ("{format.name()}")"</option> }
    });
    let options = options.collect_view();
    let choose = move |event| {
        if let Ok(format) = event_target_value(&event).parse() {
            chosen.set(format);
        }
        open.set(true);
    };
    // Said as soon as a format is chosen, before anything is saved.
    let losses = move || {
        if !open.get() {
            return Vec::new();
        }
        store.editor.document.track();
        dataset(store).losses(chosen.get())
    };
    let said = move || {
        let line = |(feature, count)| view! { <li data-testid="loss-of-format">{words.loses(words.feature(feature), count)}</li> };
        losses().into_iter().map(line).collect_view()
    };
    view! {
        <div class="tools">
            <label class="number"><span class="soft small">{words.save_as}</span>
                <select class="field" data-testid="save-format" on:change=choose>{options}</select></label>
            <button type="button" class="plain" data-testid="save-data" on:click=move |_| save(store, chosen.get_untracked())>{words.save}</button>
        </div>
        <ul class="camein small" role="status">{said}</ul>
    }
}

/// The file's records; the one on the page with the labels that it has there. Without a file, the text on the page.
fn dataset(store: Store) -> Dataset {
    let (format, mut records) = store.dataset.open.with_untracked(|dataset| match dataset {
        Some(open) => (open.dataset.format, open.dataset.records.clone()),
        None => (Format::Plain, Vec::new()),
    });
    store.editor.document.with_untracked(|document| {
        let chosen = store.dataset.chosen.get_untracked().filter(|&k| k < records.len());
        if let Some(record) = chosen.map(|k| &mut records[k]).filter(|r| *r.context == *document.paragraph) {
            record.annotators = annotators(document);
            record.question.clone_from(&document.question);
        } else if records.is_empty() && !document.paragraph.is_empty() {
            records.push(Record {
                id: "1".into(),
                question: document.question.clone(),
                title: String::new(),
                context: document.paragraph.as_str().into(),
                annotators: annotators(document),
                soft: Vec::new(),
                confidence: None,
                note: String::new(),
                place: Place::Record(1),
            });
        }
    });
    Dataset { format, records, problems: Vec::new(), notices: Vec::new() }
}

/// The document's annotators, in code points.
fn annotators(document: &Document) -> Vec<Annotator> {
    let point = |unit: usize| {
        let mut at = 0;
        document
            .paragraph
            .chars()
            .take_while(|c| {
                at += c.len_utf16();
                at <= unit
            })
            .count()
    };
    let annotator = |a: &crate::document::Annotator| {
        let spans = a.spans.iter().map(|s| crate::bio::Span { start: point(s.start), end: point(s.end) });
        Annotator { weight: a.weight, ..Annotator::new(&*a.name, spans.collect()) }
    };
    document.annotators.iter().map(annotator).collect()
}

fn save(store: Store, format: Format) {
    let records = dataset(store).records;
    if records.is_empty() {
        return;
    }
    // A worker of its own, which ends with the answer.
    let ended: StoredValue<Option<Client>, LocalStorage> = StoredValue::new_local(None);
    let client = Client::start(&base(), Some(1), move |event| {
        match event {
            Event::Serialised { files, .. } => {
                for (name, bytes) in &files {
                    let name = if name.is_empty() { format!("bioscope.{}", format.extension()) } else { name.clone() };
                    download(store, &name, bytes);
                }
            }
            Event::Failed { error, .. } => drop(store.error.try_set(Some(error))),
            Event::Refused { .. } => {}
            _ => return,
        }
        if let Some(client) = ended.try_update_value(Option::take).flatten() {
            set_timeout(move || client.close(), Duration::ZERO); // not from within its own listener
        }
    });
    match client {
        Ok(client) => {
            client.serialise(&records, format);
            ended.set_value(Some(client));
        }
        Err(error) => store.error.set(Some(error)),
    }
}

fn download(store: Store, name: &str, bytes: &Uint8Array) {
    if let Err(error) = download::download(name, "application/octet-stream", bytes) {
        store.error.set(Some(error));
    }
}
