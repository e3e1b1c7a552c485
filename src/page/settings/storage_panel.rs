//! The storage panel: what the browser keeps for the next visit, in megabytes, and a way to delete it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::display::format::megabytes;
use crate::page::state::engine::Load;
use crate::page::state::storage;
use crate::page::state::store::Store;
use crate::worker::cache_storage::{CachedFiles, forget_model, forget_pages};
use crate::worker::offline;
use crate::worker::protocol::{Shipped, ShippedFile};

use super::offline::OfflineState;

/// Something that is kept.
#[derive(Clone, PartialEq)]
struct Row {
    /// A hook for tests: a model's name, `pages`, `earlier`.
    hook: String,
    title: String,
    size: String,
    what: What,
}

/// What a row's button deletes.
#[derive(Clone, PartialEq)]
enum What {
    /// The page and its programs.
    Pages,
    /// Model files, by their hashes.
    Model(Vec<String>),
}

/// The panel.
#[component]
pub fn Storage(offline: OfflineState) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.offline;
    let rows =
        Memo::new(move |_| offline.cached.with(|kept| kept.as_ref().map(|k| rows(store, k)).unwrap_or_default()));
    // The model in use was downloaded, and yet it is not there.
    let full = move || {
        let files = store.entry(&store.model()).map(|m| m.files).unwrap_or_default();
        let whole = |cached: &CachedFiles, f: &ShippedFile| cached.files.contains(&(f.sha256.clone(), f.bytes));
        let missing = |cached: &CachedFiles| files.iter().any(|f| !whole(cached, f));
        let loaded = store.engine.load.with(|load| matches!(load, Load::Ready(_)));
        loaded && offline.cached.with(|kept| kept.as_ref().is_some_and(missing))
    };
    let state = Memo::new(move |_| match offline.cached.with(|kept| kept.as_ref().map(|k| k.able)) {
        None => "unknown",
        Some(false) => "blocked",
        Some(true) if full() => "full",
        Some(true) if offline.offline.get() => "offline",
        Some(true) => "online",
    });
    let keeps = storage::keeps();
    let models = move || match state.get() {
        "unknown" => words.storage.to_string(),
        "blocked" => words.blocked.to_string(),
        "full" => words.full.to_string(),
        state => {
            let bytes = offline.cached.with(|kept| kept.as_ref().map_or(0, CachedFiles::bytes));
            let end = if state == "offline" { words.offline } else { words.online };
            format!("{} {end}", words.kept(megabytes(bytes)))
        }
    };
    let said = move || if keeps { models() } else { format!("{} {}", models(), words.text_unkept) };
    let delete = move |whats: Vec<What>| {
        spawn_local(async move {
            for what in whats {
                match what {
                    What::Model(hashes) => forget_model(&hashes).await,
                    What::Pages => {
                        offline::end().await;
                        forget_pages().await;
                        offline.offline.try_set(false);
                    }
                }
            }
            offline.look().await;
        });
    };
    let all = move |_| delete(rows.get_untracked().into_iter().map(|row| row.what).collect());
    let row = move |row: Row| {
        let (label, what) = (words.delete(&row.title), row.what);
        view! {
            <li data-kept=row.hook>
                <span>{row.title}</span>
                <span class="num">{row.size}</span>
                <button type="button" class="plain" aria-label=label on:click=move |_| delete(vec![what.clone()])>{words.delete_short}</button>
            </li>
        }
    };
    // Opened, it shows what is there now: other pages of this site share it.
    let look = move |_| spawn_local(offline.look());
    view! {
        <details class="storage" data-testid="storage" data-state=move || state.get() data-keeps=keeps.to_string()
            data-bytes=move || offline.cached.with(|kept| kept.as_ref().map_or(0, CachedFiles::bytes)).to_string() on:toggle=look>
            <summary>{said}</summary>
            <ul>{move || rows.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || { rows.with(|rows| rows.len() > 1) }>
                <button type="button" class="plain" data-testid="delete-all" on:click=all>{words.delete_all}</button>
            </Show>
            <p>{keeps.then_some(words.storage_note)}</p>
        </details>
    }
}

/// What is kept, for people: the page, each model that the site ships, and files that it ships no longer.
fn rows(store: Store, cached: &CachedFiles) -> Vec<Row> {
    let words = &store.words.offline;
    let mut rows = Vec::new();
    if cached.pages > 0 {
        let (title, size) = (words.pages.into(), words.megabytes(megabytes(cached.pages)));
        rows.push(Row { hook: "pages".into(), title, size, what: What::Pages });
    }
    let mut rest = cached.files.clone();
    for model in store.engine.shipped.get() {
        let (mine, others) = rest.into_iter().partition(|(sha256, _)| model.files.iter().any(|f| f.sha256 == *sha256));
        rest = others;
        rows.extend(of_model(words, model, mine));
    }
    if !rest.is_empty() {
        let size = words.megabytes(megabytes(rest.iter().map(|(_, bytes)| bytes).sum()));
        let what = What::Model(rest.into_iter().map(|(sha256, _)| sha256).collect());
        rows.push(Row { hook: "earlier".into(), title: words.earlier.into(), size, what });
    }
    rows
}

/// A model of which something is kept.
fn of_model(words: &crate::locale::OfflineStrings, model: Shipped, mine: Vec<(String, u64)>) -> Option<Row> {
    let bytes: u64 = mine.iter().map(|(_, bytes)| bytes).sum();
    let whole = model.bytes();
    let size = match bytes < whole {
        true => words.partly(megabytes(bytes), megabytes(whole)),
        false => words.megabytes(megabytes(bytes)),
    };
    let what = What::Model(mine.into_iter().map(|(sha256, _)| sha256).collect());
    (bytes > 0).then_some(Row { hook: model.name, title: model.title, size, what })
}
