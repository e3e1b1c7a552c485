//! The link to the document: a button, and a panel with the link and what it shall ask of the page.

use crate::page::state::editor::EditorState;
use crate::page::state::navigation::{Navigation, Place};
use crate::page::state::words;
use leptos::html;
use leptos::prelude::*;

use crate::display::format::fixed;
use crate::document::{Assignment, link};
use crate::page::components::add_to_set::AddToSet;
use crate::page::components::focus::focus;
use crate::page::components::{address, clipboard};

/// A link of more bytes is cut by some mail programs and chats.
const LONG: usize = 8000;

/// Opens the panel; a second press closes it.
#[component]
pub fn ShareButton() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let words = words();
    let sharing = navigation.sharing;
    view! {
        <button type="button" class="plain sharebutton" data-testid="share" aria-expanded=move || sharing.get().to_string()
            on:click=move |_| sharing.update(|open| *open = !*open)>{words.share}</button>
    }
}

/// The panel, while it is open.
#[component]
pub fn SharePanel() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    view! { <Show when=move || navigation.sharing.get()><Panel /></Show> }
}

#[component]
fn Panel() -> impl IntoView {
    let editor = expect_context::<EditorState>();
    let navigation = expect_context::<Navigation>();
    let strings = words();
    let words = &words().sharing;
    let assignment = RwSignal::new(Assignment::default());
    let (at_tab, at_place) = (RwSignal::new(false), RwSignal::new(false));
    // The exercise and learning are tabs, which a link names in what it holds.
    let place =
        move || Some(navigation.place.get()).filter(|p| matches!(p, Place::Labels | Place::Class | Place::Dataset));
    let place_name = move || place().map(|place| strings.places[place as usize]);
    // What the last attempt to copy came to; a change of the link makes it void.
    let copied: RwSignal<Option<bool>> = RwSignal::new(None);
    let field: NodeRef<html::Input> = NodeRef::new();
    let asked = move || Assignment { tab: at_tab.get().then(|| navigation.tab.get()), ..assignment.get() };
    let made = Memo::new(move |_| editor.document.with(|d| link::encode(d, asked())));
    let suffix =
        move || place().filter(|_| at_place.get()).map(|p| format!("{}{}", link::PLACE, p.name())).unwrap_or_default();
    let full = move || made.get().map(|fragment| address::plain() + &fragment + &suffix()).unwrap_or_default();
    let copy = move || clipboard::copy_field(&full(), field, copied);
    let mut first = true;
    Effect::new(move |_| {
        made.track();
        at_place.track();
        copied.set(None);
        // Opening the panel is asking for the link.
        if std::mem::take(&mut first) {
            copy();
            request_animation_frame(|| focus("[data-testid=link]"));
        }
    });
    let close = move || {
        navigation.sharing.set(false);
        focus("[data-testid=share]");
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let note = move || match (made.get(), copied.get()) {
        (Err(error), _) => strings.error(&error),
        (_, Some(true)) => words.copied.to_string(),
        (_, Some(false)) => words.by_hand.to_string(),
        _ => String::new(),
    };
    let size = move || words.size(fixed(full().len() as f64 / 1000.0, 1));
    let long = move || (full().len() > LONG).then_some(words.long);
    let from_file = address::plain().starts_with("file:").then(|| view! { <p class="small">{words.from_file}</p> });
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
            <div class="tools linkrow">
                <input node_ref=field class="field" data-testid="link" readonly aria-label=words.link prop:value=full on:focus=move |_| if let Some(field) = field.get() { field.select() } />
                <button type="button" class="plain" data-testid="copy-link" disabled=move || made.with(Result::is_err) on:click=move |_| copy()>{words.copy}</button>
            </div>
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
            <p class="soft small">{size}" "{long}</p>
            {from_file}
            <div class="tools"><AddToSet /><a class="small" href="#class" data-testid="to-set">{strings.question_set.heading}</a></div>
        </section>
    }
}
