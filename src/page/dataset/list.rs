//! The questions of the file: search, a page of the list, and the way to a number.

use leptos::prelude::*;

use crate::dataset::Record;
use crate::page::state::store::Store;

/// Questions on one page.
const PAGE: usize = 8;

/// The records that fit the search, by their index.
pub fn found(records: &[Record], wanted: &str) -> Vec<usize> {
    if wanted.is_empty() {
        return (0..records.len()).collect();
    }
    let wanted = wanted.to_lowercase();
    // Questions of one paragraph share it, and stand together: each is searched once.
    let mut last = (std::ptr::null(), false);
    let fits = |(_, i): &(usize, &Record)| {
        if !std::ptr::eq(last.0, i.context.as_ptr()) {
            last = (i.context.as_ptr(), i.context.to_lowercase().contains(&wanted));
        }
        last.1 || i.question.to_lowercase().contains(&wanted)
    };
    records.iter().enumerate().filter(fits).map(|(k, _)| k).collect()
}

/// A record by its question, else by how its text begins.
fn name_of(record: &Record) -> String {
    if !record.question.is_empty() {
        return record.question.clone();
    }
    let mut begin: String = record.context.chars().take(80).collect();
    if begin.len() < record.context.len() {
        begin.push('…');
    }
    begin
}

/// The list.
#[component]
pub fn List() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    let dataset = store.dataset;
    let found = dataset.found;
    let count = move || found.with(Vec::len);
    let first = move || dataset.first.get().min(count().saturating_sub(1) / PAGE * PAGE);
    let last = move || first() + PAGE >= count();
    let entry = move |index: usize| {
        let question = dataset.open.with(|b| b.as_ref().and_then(|b| b.dataset.records.get(index)).map(name_of));
        let add = store.words.question_set.add_entry(index + 1, question.clone().unwrap_or_default());
        let in_set = Memo::new(move |_| store.is_record_in_set(index));
        let changed = Memo::new(move |_| dataset.changed.with(|changed| changed.contains(&index)));
        let mark = move || {
            changed.get().then(
                || view! { " "<span class="soft small" data-testid="entry-changed">{store.words.files.changed}</span> },
            )
        };
        let current = move || (dataset.chosen.get() == Some(index)).then_some("true");
        view! {
            <li class:changed=changed><button type="button" class="entry" data-testid="question-entry" data-index=index.to_string() aria-current=current
                on:click=move |event| store.choose_question(index, event.detail() == 0)><span class="soft">{index + 1}</span><span>{question.clone()}{mark}</span></button>
                <button type="button" class="icon" data-testid="entry-to-set" aria-disabled=move || in_set.get().to_string() title=add.clone() aria-label=add.clone()
                    on:click=move |_| if !in_set.get_untracked() { store.add_record_to_set(index) }>{move || if in_set.get() { "✓" } else { "+" }}</button></li>
        }
    };
    let page = move || found.with(|f| f.iter().copied().skip(first()).take(PAGE).map(entry).collect_view());
    let place = move || match count() {
        0 => words.nothing.to_string(),
        count => words.listed(first() + 1, (first() + PAGE).min(count), count),
    };
    let search = move |event| {
        dataset.wanted.set(event_target_value(&event));
        dataset.first.set(0);
    };
    let of = move || dataset.open.with(|b| b.as_ref().map_or(0, |b| b.dataset.records.len())).to_string();
    let go = move |event| {
        // The browser says which numbers there are.
        if !event_target::<web_sys::HtmlInputElement>(&event).report_validity() {
            return;
        }
        let Some(index) = event_target_value(&event).parse::<usize>().ok().and_then(|number| number.checked_sub(1))
        else {
            return;
        };
        dataset.wanted.set(String::new());
        dataset.first.set(index / PAGE * PAGE);
        store.choose_question(index, true);
    };
    view! {
        <div class="tools">
            <input type="search" class="field" data-testid="book-search" aria-label=words.search placeholder=words.search
                prop:value=move || dataset.wanted.get() on:input=search />
            <label class="number"><span class="soft small">{words.go_to}</span>
                <input class="field" type="number" min="1" max=of data-testid="book-go" on:change=go /></label>
        </div>
        <ul class="entries withtools">{page}</ul>
        <div class="tools">
            <button type="button" class="plain" aria-disabled=move || (first() == 0).to_string() on:click=move |_| dataset.first.set(first().saturating_sub(PAGE))>{words.previous}</button>
            <button type="button" class="plain" data-testid="book-next" aria-disabled=move || last().to_string() on:click=move |_| if !untrack(last) { dataset.first.set(first() + PAGE) }>{words.next}</button>
            <span class="soft small" role="status" data-testid="book-place">{place}</span>
        </div>
    }
}

/// Beside the text: which question of the file it is, the ones before and after it, and who labels.
#[component]
pub fn Neighbours() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let chosen = store.dataset.chosen;
    let go = move |step: isize| {
        if let Some(index) = chosen.get_untracked().and_then(|index| index.checked_add_signed(step)) {
            store.choose_question(index, false);
        }
    };
    view! {
        <Show when=move || chosen.get().is_some()>
            <div class="tools neighbours soft small" role="group" aria-label=store.words.sharing.dataset>
                <span data-testid="book-at">{move || store.place_in_file()}</span>
                <button type="button" class="plain" data-testid="question-before" on:click=move |_| go(-1)>{words.previous}</button>
                <button type="button" class="plain" data-testid="question-after" on:click=move |_| go(1)>{words.next}</button>
                <span role="status" data-testid="book-labelling">{move || store.labelling()}</span>
            </div>
        </Show>
    }
}
