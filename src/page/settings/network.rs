//! The count of network requests since the model was loaded.

use leptos::prelude::*;

use crate::page::state::words;
use crate::worker::requests::Request;

use super::offline::OfflineState;

/// The count; opened, what the requests were for.
#[component]
pub fn Network(offline: OfflineState) -> impl IntoView {
    let words = &words().offline;
    let later = Memo::new(move |_| {
        let since = offline.since.get()?;
        Some(offline.requests.with(|all| {
            all.iter().filter(|r| r.at > since).map(name).filter(|name| !is_program(name)).collect::<Vec<_>>()
        }))
    });
    let count = move || later.with(|later| later.as_ref().map(Vec::len));
    let said = move || match count() {
        Some(count) => words.requests(count),
        None => words.requests_before.into(),
    };
    let names = move || later.with(|later| later.as_ref().map(|names| names.join(", ")).unwrap_or_default());
    view! {
        <details class="network" data-testid="network" data-count=move || count().map(|n| n.to_string()) data-all=move || offline.requests.with(Vec::len).to_string()>
            <summary><span class="dot" class:some=move || count().is_none_or(|n| n > 0) aria-hidden="true"></span>{said}</summary>
            <p>{words.requests_note}</p>
            <p class="names">{names}</p>
        </details>
    }
}

/// What a request was for, in short: the path's last part.
fn name(request: &Request) -> String {
    let url = request.url.split(['?', '#']).next().unwrap_or_default();
    url.rsplit('/').next().unwrap_or_default().into()
}

/// Whether it is a program of the page's own: workers are started for every core and for learning, the service worker once the
/// model is there.
fn is_program(name: &str) -> bool {
    name == "sw.js" || name.starts_with("worker") && [".js", ".wasm"].iter().any(|ending| name.ends_with(ending))
}
