//! The records of the file, with what was changed in them here, written in any format.

use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::edited;
use crate::dataset::{Dataset, Format, Place, Record};
use crate::error::Error;
use crate::page::state::store::Store;
use crate::worker::{Asker, Event, unexpected};

/// The choice of a format, what it cannot hold, and the button.
#[component]
pub fn SaveAs() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.files;
    let chosen = RwSignal::new(Format::Lines);
    let open = RwSignal::new(false);
    // The files that were saved last, until something is changed or another text is there.
    let saved = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        store.dataset.changed.track();
        store.dataset.chosen.track();
        saved.set(None);
    });
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
    let losses = move || match open.get() {
        true => with_dataset(store, |dataset| dataset.losses(chosen.get())),
        false => Vec::new(),
    };
    let said = move || {
        let line = |(feature, count)| view! { <li data-testid="loss-of-format">{words.loses(words.feature(feature), count)}</li> };
        losses().into_iter().map(line).collect_view()
    };
    // Which file that is, and whether the text on the page is in it.
    let what = move || {
        if let Some(name) = saved.get() {
            return words.saved(name);
        }
        let name = store.dataset.open.with(|open| open.as_ref().map(|open| open.name.clone()));
        let Some(name) = name else { return words.saves_page.to_owned() };
        let mut what = words.saves(name, store.dataset.changed.with(Vec::len));
        if store.dataset.earlier.get() {
            what = format!("{what} {}", words.earlier);
        }
        match store.dataset.chosen.get() {
            Some(_) => what,
            None => format!("{what} {}", words.saves_without),
        }
    };
    view! {
        <div class="tools">
            <label class="number"><span class="soft small">{words.save_as}</span>
                <select class="field" data-testid="save-format" on:change=choose>{options}</select></label>
            <button type="button" class="plain" data-testid="save-data" on:click=move |_| save(store, chosen.get_untracked(), saved)>{words.save}</button>
            <span class="soft small" role="status" data-testid="save-what">{what}</span>
        </div>
        <ul class="camein small" role="status">{said}</ul>
    }
}

/// What is saved: the file's records, with what was changed in them; without a file, the text on the page.
fn with_dataset<T>(store: Store, take: impl FnOnce(&Dataset) -> T) -> T {
    store.dataset.changed.track();
    store.dataset.open.with(|open| match open {
        Some(open) => take(&open.dataset),
        None => {
            let records = store.editor.document.with(|document| match document.paragraph.is_empty() {
                true => Vec::new(),
                false => vec![edited(&blank(), document)],
            });
            take(&Dataset { format: Format::Plain, records, problems: Vec::new(), notices: Vec::new() })
        }
    })
}

/// The record that a text of the page's own begins with.
fn blank() -> Record {
    Record {
        id: "1".into(),
        question: String::new(),
        title: String::new(),
        context: "".into(),
        annotators: Vec::new(),
        soft: Vec::new(),
        confidence: None,
        agrees: None,
        note: String::new(),
        place: Place::Record(1),
    }
}

fn save(store: Store, format: Format, saved: RwSignal<Option<String>>) {
    store.keep_question();
    let records = untrack(|| with_dataset(store, |dataset| dataset.records.clone()));
    if records.is_empty() {
        return;
    }
    let name = store.dataset.open.with_untracked(|open| open.as_ref().map(|open| open.name.clone()));
    let archive =
        name.as_deref().map_or("bioscope", |name| name.rsplit_once('.').map_or(name, |(stem, _)| stem)).to_owned();
    let stem = archive.trim_end_matches(format.name()).trim_end_matches('.').to_owned();
    let unsaved = store.dataset.unsaved.get_value();
    store.dataset.unsaved.set_value(false); // what is changed from now on is
    spawn_local(async move {
        match written(store, &records, format, &archive).await {
            Ok(files) => {
                // Unless something was changed since.
                if let Some(name) = name.filter(|_| store.dataset.unsaved.try_get_value() == Some(false)) {
                    store.dataset.forget(&name);
                }
                for (name, bytes) in files {
                    // Named after the file that was opened, and after the format, of which several have one extension.
                    let name = if name.is_empty() { format!("{stem}.{format}.{}", format.extension()) } else { name };
                    if store.download(&name, "application/octet-stream", &bytes) {
                        saved.try_set(Some(name));
                    }
                }
            }
            Err(error) => {
                store.error.try_set(Some(error));
                store.dataset.unsaved.try_update_value(|now| *now |= unsaved);
            }
        }
    });
}

/// The files, by a worker of its own.
async fn written(
    store: Store,
    records: &[Record],
    format: Format,
    archive: &str,
) -> Result<Vec<(String, Uint8Array)>, Error> {
    let writer = Asker::start()?;
    let reply = writer.ask(|client| client.serialise(records, format, archive)).await;
    writer.close();
    match reply? {
        Event::Serialised { files, .. } => Ok(files),
        Event::Refused { problem, .. } => Err(Error::Argument { why: store.words.files.problem(&problem) }),
        _ => Err(unexpected()),
    }
}
