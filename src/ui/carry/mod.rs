//! What makes the page one to carry anywhere: what is kept for the next visit, what the network is used for, and the self-test.

mod kept;
mod network;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::web::kept::{Kept, list};
use crate::web::traffic::{self, Request};
use crate::web::{offline, site};

use super::self_test::{SelfTest, SelfTestPanel};
use super::session::base;
use super::state::{Load, Store};

/// What is known of it. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Carry {
    /// Every request so far.
    requests: RwSignal<Vec<Request>>,
    /// When the model in use was loaded, on the clock of the requests.
    since: RwSignal<Option<f64>>,
    /// What the browser keeps; unknown before the first model.
    kept: RwSignal<Option<Kept>>,
    /// Whether the page opens without a network.
    offline: RwSignal<bool>,
    /// Whether the next visit will show another version.
    update: RwSignal<bool>,
    /// The self-test.
    test: SelfTest,
}

impl Carry {
    /// Listens from now on; the page is kept once its model is there and needs the network no longer.
    pub fn new(store: Store) -> Carry {
        let carry = Carry {
            requests: RwSignal::new(Vec::new()),
            since: RwSignal::new(None),
            kept: RwSignal::new(None),
            offline: RwSignal::new(false),
            update: RwSignal::new(false),
            test: SelfTest::new(),
        };
        traffic::listen(move |request| {
            carry.requests.try_update(|all| all.push(request));
        });
        offline::on_update(move || {
            carry.update.try_set(true);
        });
        Effect::new(move |_| {
            if store.load.with(|load| matches!(load, Load::Ready(_))) {
                carry.since.set(Some(traffic::now()));
                spawn_local(async move {
                    carry.look().await;
                    let offline = offline::keep(&base()).await;
                    carry.offline.try_set(offline);
                    carry.look().await;
                });
            }
        });
        carry
    }

    /// Looks anew at what is kept.
    async fn look(self) {
        let kept = list().await;
        self.kept.try_set(Some(kept));
    }
}

/// At the foot of the page: what is kept, and what the network is used for.
#[component]
pub fn CarryFoot(store: Store, carry: Carry) -> impl IntoView {
    let words = &store.words.carry;
    let reload = move |_| {
        let _ = window().location().reload();
    };
    view! {
        <Show when=move || carry.update.get()>
            <p class="update" role="status" data-testid="update">
                {words.update}" "<button type="button" class="plain" on:click=reload>{words.reload}</button>
            </p>
        </Show>
        <div class="carry">
            <network::Network store carry />
            {if site::single() {
                view! { <p data-testid="single">{words.single}</p> }.into_any()
            } else {
                view! { <kept::Storage store carry /><a href=words.lesson_page data-testid="lesson">{words.lesson}</a><a href="licences.txt">{words.licences}</a> }.into_any()
            }}
            <SelfTestPanel store test=carry.test />
        </div>
    }
}
