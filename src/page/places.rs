//! The links to the page's places, and what keeps the page where its address and its files lead.

use leptos::ev;
use leptos::prelude::*;

use super::components::events::on_window;
use super::dataset::{OpenResult, beside_labels};
use super::state::navigation::Place;
use super::state::store::Store;

/// Follows the address, tells the style sheet where the page is, and goes where files that come in are shown.
pub fn follow(store: Store) {
    store.navigation.follow_address();
    Effect::new(move |_| {
        let Some(body) = document().body() else { return };
        let place = store.navigation.place.get();
        let _ = body.set_attribute("data-place", place.name());
        let name = store.language.get().places[place as usize];
        document().set_title(&if place == Place::Read { "Bioscope".into() } else { format!("{name} · Bioscope") });
    });
    let editor = store.editor;
    Effect::watch(
        move || store.navigation.place.get(),
        move |&place, _, _| {
            // Where labels are set, the switch can be seen.
            if place != Place::Labels {
                editor.marking.set(false);
            }
            editor.editing.set(false);
        },
        false,
    );
    let hidden = editor.part(|d| d.assignment.hidden);
    // A label of one's own shows the answers; where words are tapped, when the last one is.
    let marked = editor.part(|d| d.is_marked());
    Effect::new(move |_| {
        if hidden.get() && marked.get() && !editor.marking.get() {
            editor.arrange(|d| d.assignment.hidden = false);
        }
    });
    // Who asks for the answers amid marking goes on where the switch for that can be seen.
    Effect::new(move |before: Option<bool>| {
        let hidden = hidden.get();
        if before == Some(true) && !hidden && editor.marking.get_untracked() {
            store.navigation.go(Place::Labels);
        }
        hidden
    });
    let (guided, class) = (store.editor.part(|d| d.assignment.guided), store.class.imported);
    Effect::new(move |_| {
        if guided.get() {
            store.navigation.enter(Place::Exercise, None);
        }
    });
    Effect::watch(
        move || class.with(|c| c.outcomes.len()),
        move |&came, _, _| {
            if came > 0 {
                store.navigation.go(Place::Class)
            }
        },
        false,
    );
    let handed = store.class.handed;
    Effect::watch(
        move || handed.with(Vec::len),
        move |&came, before, _| {
            if came > before.copied().unwrap_or_default() {
                store.navigation.go(Place::Class)
            }
        },
        false,
    );
    let files = store.dataset.opened_files;
    Effect::watch(
        move || {
            files.with(|list| {
                !beside_labels(list) && list.iter().any(|opened| matches!(opened.outcome, OpenResult::Reading))
            })
        },
        move |&reading, _, _| {
            if reading {
                store.navigation.go(Place::Dataset)
            }
        },
        false,
    );
    on_window(ev::hashchange, move |_| store.navigation.follow_address());
}

/// The links.
#[component]
pub fn Places() -> impl IntoView {
    let Store { words, navigation, .. } = expect_context::<Store>();
    let link = |(place, name): (Place, &'static str)| {
        let current = move || (navigation.place.get() == place).then_some("page");
        view! {
            <a href=format!("#{}", place.name()) data-testid="place" data-name=place.name() aria-current=current>
                <i aria-hidden="true"></i>{name}</a>
        }
    };
    view! { <nav class="places" aria-label=words.places_name>{Place::ALL.into_iter().zip(words.places).map(link).collect_view()}</nav> }
}
