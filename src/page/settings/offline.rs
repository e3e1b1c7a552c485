//! Use without a network: what is stored for the next visit, the requests that the network was used for, the self-test.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::page::state::engine::Load;
use crate::page::state::storage;
use crate::page::state::store::Store;
use crate::page::state::words;
use crate::worker::cache_storage::{CachedFiles, list};
use crate::worker::requests::{self, Request};
use crate::worker::{offline, site};

use super::network::Network;
use super::self_test::{SelfTest, SelfTestPanel};
use super::storage_panel::Storage;

/// What is known of it. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct OfflineState {
    /// Every request so far.
    pub(super) requests: RwSignal<Vec<Request>>,
    /// When the model in use was loaded, on the clock of the requests.
    pub(super) since: RwSignal<Option<f64>>,
    /// What the browser keeps; unknown before the first model.
    pub(super) cached: RwSignal<Option<CachedFiles>>,
    /// Whether the page opens without a network.
    pub(super) offline: RwSignal<bool>,
    /// Whether the next visit will show another version.
    pub(super) update: RwSignal<bool>,
    /// The self-test.
    pub(super) test: SelfTest,
}

impl OfflineState {
    /// Listens from now on; the page is kept once its model is there and needs the network no longer.
    pub fn new(store: Store) -> OfflineState {
        let offline = OfflineState {
            requests: RwSignal::new(Vec::new()),
            since: RwSignal::new(None),
            cached: RwSignal::new(None),
            offline: RwSignal::new(false),
            update: RwSignal::new(false),
            test: SelfTest::new(),
        };
        requests::listen(move |request| {
            offline.requests.try_update(|all| all.push(request));
        });
        offline::on_update(move || {
            offline.update.try_set(true);
        });
        Effect::new(move |_| {
            if store.engine.load.with(|load| matches!(load, Load::Ready(_))) {
                offline.since.set(Some(requests::now()));
                spawn_local(async move {
                    offline.look().await;
                    let opens = offline::keep().await;
                    offline.offline.try_set(opens);
                    offline.look().await;
                });
            }
        });
        offline
    }

    /// Looks anew at what is kept.
    pub(super) async fn look(self) {
        let kept = list().await;
        self.cached.try_set(Some(kept));
    }
}

/// At the foot of the page: what is kept, and what the network is used for.
#[component]
pub fn OfflineFooter(offline: OfflineState) -> impl IntoView {
    let words = &words().offline;
    let reload = move |_| {
        let _ = window().location().reload();
    };
    view! {
        <Show when=move || offline.update.get()>
            <p class="update" role="status" data-testid="update">
                {words.update}" "<button type="button" class="plain" on:click=reload>{words.reload}</button>
            </p>
        </Show>
        <div class="carry">
            <Network offline />
            {if site::single() {
                let kept = if storage::keeps() { words.single_kept } else { words.text_unkept };
                view! { <p data-testid="single">{words.single}" "{kept}</p> }.into_any()
            } else {
                view! { <Storage offline /><a href=words.lesson_page data-testid="lesson">{words.lesson}</a><a href="licences.txt">{words.licences}</a> }.into_any()
            }}
            <SelfTestPanel test=offline.test />
        </div>
    }
}
