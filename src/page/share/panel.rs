//! The link to the document: a button, and a panel with the link and what it shall ask of the page.

use leptos::prelude::*;

use crate::document::{Assignment, link};
use crate::page::components::add_to_set::AddToSet;
use crate::page::components::focus::focus;
use crate::page::components::link_field::{LONG, LinkField, kilobytes, said};
use crate::page::state::navigation::Place;
use crate::page::state::store::Store;
use crate::worker::site;

/// Opens the panel; a second press closes it.
#[component]
pub fn ShareButton() -> impl IntoView {
    let Store { words, navigation, .. } = expect_context::<Store>();
    let sharing = navigation.sharing;
    view! {
        <button type="button" class="plain sharebutton" data-testid="share" aria-expanded=move || sharing.get().to_string()
            on:click=move |_| sharing.update(|open| *open = !*open)>{words.share}</button>
    }
}

/// The panel, while it is open.
#[component]
pub fn SharePanel() -> impl IntoView {
    let Store { navigation, .. } = expect_context::<Store>();
    view! { <Show when=move || navigation.sharing.get()><Panel /></Show> }
}

#[component]
fn Panel() -> impl IntoView {
    let store = expect_context::<Store>();
    let Store { words: strings, editor, navigation, .. } = store;
    let words = &strings.sharing;
    let assignment = RwSignal::new(Assignment::default());
    let (at_tab, at_place) = (RwSignal::new(false), RwSignal::new(false));
    // The exercise and learning are tabs, which a link names in what it holds.
    let place =
        move || Some(navigation.place.get()).filter(|p| matches!(p, Place::Labels | Place::Class | Place::Dataset));
    let place_name = move || place().map(|place| strings.places[place as usize]);
    let copied = RwSignal::new(None);
    let asked = move || Assignment { tab: at_tab.get().then(|| navigation.tab.get()), ..assignment.get() };
    let suffix =
        move || place().filter(|_| at_place.get()).map(|p| format!("{}{}", link::PLACE, p.name())).unwrap_or_default();
    let made = Memo::new(move |_| {
        editor.document.with(|d| link::encode(d, asked())).map(|fragment| site::address() + &fragment + &suffix())
    });
    request_animation_frame(|| focus("[data-testid=link]"));
    let close = move || {
        navigation.sharing.set(false);
        focus("[data-testid=share]");
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let note = move || match made.get() {
        Err(error) => strings.error(&error),
        Ok(_) => said(strings, copied.get()).into(),
    };
    let full = move || made.get().unwrap_or_default();
    let size = move || words.size(kilobytes(&full()));
    let long = move || (full().len() > LONG).then_some(words.long);
    let from_file = site::address().starts_with("file:").then(|| view! { <p class="small">{words.from_file}</p> });
    let other_model = move || store.not_in_link(&editor.document.with(|document| document.model.clone()));
    let choice = move |name: &'static str,
                       hook: &'static str,
                       get: fn(&Assignment) -> bool,
                       set: fn(&mut Assignment, bool)| {
        view! {
            <label class="switch"><input type="checkbox" data-testid=hook prop:checked=move || assignment.with(get)
                on:change=move |event| assignment.update(|l| set(l, event_target_checked(&event))) /><span>{name}</span></label>
        }
    };
    view! {
        <section class="card sharepanel" aria-label=words.heading on:keydown=keys>
            <div class="tools">
                <h2>{words.heading}</h2>
                <span class="push"></span>
                <button type="button" class="icon" title=words.close aria-label=words.close on:click=move |_| close()>"×"</button>
            </div>
            <LinkField link=made name=words.link hooks=["link", "copy-link"] copied at_once=true />
            <p class="verdict" role="status" data-testid="share-note">{note}</p>
            {choice(words.hide, "link-hidden", |l| l.hidden, |l, on| l.hidden = on)}
            {choice(words.guided, "link-guided", |l| l.guided, |l, on| l.guided = on)}
            <label class="switch"><input type="checkbox" data-testid="link-tab" prop:checked=move || at_tab.get()
                on:change=move |event| at_tab.set(event_target_checked(&event)) />
                <span>{move || words.at_tab(strings.exercise.tabs[navigation.tab.get()])}</span></label>
            <Show when=move || place().is_some()>
                <label class="switch"><input type="checkbox" data-testid="link-place" prop:checked=move || at_place.get()
                    on:change=move |event| at_place.set(event_target_checked(&event)) />
                    <span>{move || place_name().map(|name| words.at_place(name))}</span></label>
            </Show>
            <p class="soft small">{size}" "{long}" "{other_model}</p>
            {from_file}
            <div class="tools"><AddToSet /><a class="small" href="#class" data-testid="to-set">{strings.question_set.heading}</a></div>
        </section>
    }
}
