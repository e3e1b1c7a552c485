//! The teacher's side: the list of questions, what is hidden in it, the file and the link.

use leptos::prelude::*;

use crate::document::link;
use crate::document::question_set::{Item, QuestionSet};
use crate::page::components::add_to_set::AddToSet;
use crate::page::components::download::file_name;
use crate::page::components::files;
use crate::page::components::link_field::{LONG, LinkField, kilobytes, said};
use crate::page::state::store::Store;
use crate::worker::site;

use super::state::Work;

impl Store {
    /// Opens a file with a set, for its author to go on with.
    fn take_composed(self, mut taken: Vec<web_sys::File>) {
        if let Some(file) = taken.pop() {
            self.read_set(file, |store, read| store.sets.change(|set| *set = read.composed_again()));
        }
    }
}

/// The card.
#[component]
pub fn QuestionSetCard() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let sets = store.sets;
    let any = Memo::new(move |_| sets.composed.with(|set| !set.items.is_empty()));
    let count = Memo::new(move |_| sets.composed.with(|set| set.items.len()));
    let save = move |_| {
        let (name, text) =
            sets.composed.with_untracked(|set| (file_name(&["bioscope-set", &set.title], ".json"), set.to_json()));
        store.download(&name, "application/json", &text.into());
    };
    let switch = move |name: &'static str,
                       hook: &'static str,
                       get: fn(&QuestionSet) -> bool,
                       set: fn(&mut QuestionSet, bool)| {
        view! {
            <label class="switch"><input type="checkbox" data-testid=hook prop:checked=move || sets.composed.with(get)
                on:change=move |event| sets.change(|all| set(all, event_target_checked(&event))) /><span>{name}</span></label>
        }
    };
    let earlier = move || {
        let works = sets.works.get();
        let first = usize::from(works.open);
        let line = move |(k, work): (usize, Work)| {
            let (done, of) = work.set.progress();
            let title = titled(store, &work.set.title);
            view! { <button type="button" class="plain" data-testid="set-go-on" on:click=move |_| store.go_on_with_set(k)>{words.go_on(title, done, of)}</button> }
        };
        works.all.into_iter().enumerate().skip(first).map(line).collect_view()
    };
    view! {
        <section class="card setcard" data-testid="set">
            <h2>{words.heading}</h2>
            <p class="hint">{words.note}</p>
            <div class="tools">
                <AddToSet />
                <label class="plain file">{words.open}
                    <input type="file" class="sr" accept=".json,application/json" data-testid="set-open" on:change=move |event| store.take_composed(files::chosen(&event)) /></label>
                <Show when=move || sets.before.with(Option::is_some)>
                    <button type="button" class="plain" data-testid="set-undo" on:click=move |_| sets.undo()>{words.undo}</button></Show>
                <span class="soft small" role="status" data-testid="set-count">{move || words.count(count.get())}</span>
            </div>
            <ol class="setlist"><For each=move || 0..count.get() key=|at| *at children=move |at| view! { <Row at /> } /></ol>
            <Show when=move || any.get()>
                <div class="tools">
                    <label class="number titled"><span class="soft small">{words.title}</span>
                        <input class="field" data-testid="set-title" prop:value=move || sets.composed.with(|set| set.title.clone())
                            on:change=move |event| { let title = event_target_value(&event); sets.change(|set| set.title = title.trim().into()); } /></label>
                </div>
                {switch(words.hide, "set-hidden", |set| set.hidden, |set, on| set.hidden = on)}
                {switch(words.guide, "set-guided", QuestionSet::has_guide, QuestionSet::set_guide)}
                <Link />
                <div class="tools">
                    <button type="button" class="plain" data-testid="set-save" on:click=save>{words.save}</button>
                    <button type="button" class="plain" data-testid="set-clear" on:click=move |_| {
                        sets.change(|set| *set = QuestionSet::default());
                        crate::page::components::focus::focus("[data-testid=set] [data-testid=set-add]");
                    }>{words.clear}</button>
                </div>
            </Show>
            <div class="tools">{earlier}</div>
        </section>
    }
}

/// A set's title, or what one without is called.
pub(in crate::page) fn titled(store: Store, title: &str) -> String {
    if title.is_empty() { store.words.question_set.untitled } else { title }.into()
}

/// What an entry of a list is called.
pub(super) fn name_of(store: Store, item: &Item) -> String {
    if item.guided { store.words.question_set.guided.into() } else { item.document.question.clone() }
}

/// One question of the list.
#[component]
fn Row(at: usize) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let sets = store.sets;
    let item = Memo::new(move |_| {
        sets.composed.with(|set| Some((set.items.get(at)?.clone(), at + 1 < set.items.len()))).unwrap_or_default()
    });
    // Where the question on the page is in the set; with a place of its own it can replace no other.
    let here = Memo::new(move |_| store.editor.document.with(|d| sets.composed.with(|set| set.find(d))));
    let replace = move |_| {
        let document = store.editor.document.get_untracked();
        sets.change(|set| {
            set.replace(at, &document);
        });
    };
    let moved = move |to: usize| {
        sets.change(|set| set.swap(at.min(to)));
        focus(to, if to < at { "set-up" } else { "set-down" });
    };
    // Drawn as a whole: a row changes rarely, and each part that changes by itself costs the program bytes.
    move || {
        let (Item { document, guided, .. }, further) = item.get();
        let name = if guided { words.guided.to_string() } else { document.question };
        let begins = document.paragraph.chars().take(160).collect::<String>();
        let (up, down, replaces, remove) =
            (words.up(&name), words.down(&name), words.replace(&name), words.remove(&name));
        let (here, show) = (here.get(), words.show(&name));
        view! {
            <li data-testid="set-row" data-index=at.to_string()>
                <button type="button" class="entry" aria-current=(here == Some(at)).then_some("true") title=show
                    disabled=guided on:click=move |_| store.show_composed(at)>
                    <span class="soft">{at + 1}</span><span><b>{name}</b>" "<span class="soft small">{begins}</span></span></button>
                <span class="settools">
                    <button type="button" class="icon" data-testid="set-up" disabled=at == 0 aria-label=up on:click=move |_| moved(at - 1)>"↑"</button>
                    <button type="button" class="icon" data-testid="set-down" disabled=!further aria-label=down on:click=move |_| moved(at + 1)>"↓"</button>
                    <button type="button" class="plain" data-testid="set-replace" disabled=guided || here.is_some_and(|here| here != at) aria-label=replaces
                        on:click=replace>{words.replace_short}</button>
                    <button type="button" class="icon" data-testid="set-remove" aria-label=remove on:click=move |_| sets.change(|set| set.remove(at))>"×"</button>
                </span>
            </li>
        }
    }
}

/// The focus goes with the question that was moved, to its other button where this one has nowhere to go.
fn focus(at: usize, hook: &str) {
    let find = |hook: &str| {
        let selector = format!("[data-testid=set-row][data-index='{at}'] [data-testid={hook}]:not(:disabled)");
        document().query_selector(&selector).ok().flatten()
    };
    let button = find(hook).or_else(|| find("set-up")).or_else(|| find("set-down"));
    if let Some(button) = button {
        let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(button).focus();
    }
}

/// The link, while the set fits in one.
#[component]
fn Link() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let copied = RwSignal::new(None);
    let composed = store.sets.composed;
    let made = Memo::new(move |_| composed.with(link::encode_set).map(|fragment| site::address() + &fragment));
    let fits = move || made.with(|made| made.as_ref().is_ok_and(|link| link.len() <= LONG));
    let size = move || match made.get() {
        Ok(link) if fits() => words.size(kilobytes(&link)),
        Ok(link) => words.long(kilobytes(&link)),
        Err(error) => store.words.error(&error),
    };
    let other_model = move || {
        let named = composed.with(|set| set.items.first().map(|item| item.document.model.clone()));
        named.and_then(|named| store.not_in_link(&named))
    };
    view! {
        <Show when=fits><LinkField link=made name=words.link hooks=["set-link", "set-copy"] copied /></Show>
        <p class="small" class:soft=fits data-testid="set-size">{size}" "{other_model}" "<span role="status">{move || said(store.words, copied.get())}</span></p>
    }
}
