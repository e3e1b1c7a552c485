//! A class's labels: files and links come in, a list says what became of each, a heat map shows where they disagree.

mod handed_in;
pub mod heat_map;
mod overview;
mod read;
pub mod state;
mod take_away;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::document::Edit;
use crate::document::class::{self, HandedIn};
use crate::document::detect::{HEAD, Kind, kind};
use crate::document::merge::{self, Entry, MergeOutcome, Options};
use crate::error::Error;

use super::components::files;
use super::state::store::Store;
use state::Imported;

impl Store {
    /// Reads files of labels and takes them in.
    pub fn take_labels(self, taken: Vec<File>) {
        spawn_local(async move {
            let (mut entries, mut handed, mut others) = (Vec::new(), Vec::new(), Vec::new());
            for file in taken {
                let name = file.name();
                match files::text(&file, self.words).await {
                    Ok(text) => match class::read(&name, &text) {
                        Some(of_set) => handed.push(of_set),
                        None => others.push((name, text)),
                    },
                    Err(error) => entries.push(Entry { name, read: Err(error) }),
                }
            }
            for (name, text) in others {
                let mut read = merge::read(&name, &text);
                let data = kind(&name, text.as_bytes()) == Kind::Data && text.trim_start().starts_with(['{', '[']);
                if data && read.iter().all(|entry| entry.read.is_err()) {
                    let why = self.words.sharing.not_labels.into();
                    read = vec![Entry { name: name.clone(), read: Err(Error::Argument { why }) }];
                }
                // Beside sets, what is nothing at all was to be one.
                if !handed.is_empty() && read.iter().all(|entry| entry.read.is_err()) {
                    handed.push(HandedIn::from((name, text.chars().take(HEAD).collect())));
                } else {
                    entries.extend(read);
                }
            }
            if !handed.is_empty() {
                self.take_handed_in(handed);
            }
            if entries.is_empty() {
                return;
            }
            self.merge(entries, Options { replace: !self.class.keep.get_untracked(), ..Options::default() });
        });
    }

    /// Takes entries in, as one step of the history.
    fn merge(self, entries: Vec<Entry>, options: Options) {
        let shown = self.analysis.shown.get_untracked();
        let tokens = shown.as_ref().map(|s| s.analysis.spans());
        let known = shown.as_ref().zip(tokens.as_deref()).map(|(s, tokens)| (&*s.paragraph, tokens));
        let (merged, outcomes) = self.editor.document.with_untracked(|d| merge::merge(d, known, &entries, options));
        let other_text = self.editor.document.with_untracked(|d| merge::elsewhere(d, &merged).is_some());
        // Nothing came in: then nothing goes, either.
        if outcomes.iter().any(|o| matches!(o, MergeOutcome::Added { .. })) {
            self.editor.edit(Edit::Step, |d| *d = merged);
            self.editor.annotator.set(0);
        }
        let annotators = self.editor.document.with_untracked(|d| d.annotators.len());
        self.class.imported.set(Imported { entries, outcomes, annotators });
        if other_text {
            self.analyse();
        }
    }

    /// Takes those entries in again whose outcome is one of these, with other options; the list keeps the rest.
    fn merge_again(self, which: fn(&MergeOutcome) -> bool, options: Options) {
        let before = self.class.imported.get_untracked();
        let again = before.entries.iter().zip(&before.outcomes).filter(|(_, o)| which(o)).map(|(e, _)| e.clone());
        self.merge(again.collect(), options);
        self.class.imported.update(|now| {
            let mut fresh = std::mem::take(&mut now.outcomes).into_iter();
            let entries = before.entries.iter().zip(&before.outcomes);
            now.outcomes = self.editor.document.with_untracked(|document| {
                // After another text was taken over, what came in before is about another text.
                let kept = |entry: &Entry, outcome: &MergeOutcome| {
                    let read = entry.read.as_ref().ok().filter(|_| matches!(outcome, MergeOutcome::Added { .. }));
                    read.and_then(|read| merge::elsewhere(read, document)).unwrap_or_else(|| outcome.clone())
                };
                let again = |(e, o): (&Entry, &MergeOutcome)| {
                    if which(o) { fresh.next() } else { None }.unwrap_or_else(|| kept(e, o))
                };
                entries.map(again).collect()
            });
            now.entries = before.entries;
        });
    }
}

/// The card.
#[component]
pub fn ClassCard() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    let field: NodeRef<html::Textarea> = NodeRef::new();
    let paste = move |_| {
        let Some(field) = field.get() else { return };
        let text = field.value();
        if text.trim().is_empty() {
            return;
        }
        field.set_value("");
        store.merge(
            merge::read(words.link, &text),
            Options { replace: !store.class.keep.get_untracked(), ..Options::default() },
        );
    };
    view! {
        <section class="card classcard" data-testid="class">
            <h2>{words.class}</h2>
            <p class="hint">{words.class_note}</p>
            <div class="tools">
                <label class="plain file">{words.choose}
                    <input type="file" class="sr" multiple accept=".json,.txt,application/json,text/plain" data-testid="class-files"
                        on:change=move |event| store.take_labels(files::chosen(&event)) /></label>
                <label class="switch"><input type="checkbox" data-testid="class-keep" prop:checked=move || store.class.keep.get()
                    on:change=move |event| store.class.keep.set(event_target_checked(&event)) /><span>{words.keep}</span></label>
            </div>
            <div class="tools linkrow">
                <textarea node_ref=field class="field" rows="2" spellcheck="false" data-testid="class-links" aria-label=words.paste placeholder=words.paste></textarea>
                <button type="button" class="plain" data-testid="class-add" on:click=paste>{words.add}</button>
            </div>
            <Report />
            <overview::Overview />
            <heat_map::HeatMap />
        </section>
    }
}

/// What became of everything that came in.
#[component]
fn Report() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.sharing;
    let class = store.class.imported;
    let any = move |which: fn(&MergeOutcome) -> bool| class.with(|c| c.outcomes.iter().any(which));
    let summary = move || {
        class.with(|c| {
            let added = c.outcomes.iter().filter(|o| matches!(o, MergeOutcome::Added { .. })).count();
            (!c.outcomes.is_empty()).then(|| words.summary(c.outcomes.len(), added, c.annotators))
        })
    };
    let line = move |(entry, outcome): (&Entry, &MergeOutcome)| {
        let added = matches!(outcome, MergeOutcome::Added { .. });
        view! { <li data-testid="came-in" data-added=added.to_string()><b>{entry.name.clone()}</b>" "<span class:soft=added class:broken=!added>{said(store, outcome)}</span></li> }
    };
    let lines = move || class.with(|c| c.entries.iter().zip(&c.outcomes).map(line).collect_view());
    view! {
        <p class="status" role="status" data-testid="class-summary">{summary}</p>
        <div class="tools">
            <Show when=move || any(elsewhere)><button type="button" class="plain" data-testid="adopt"
                on:click=move |_| store.merge_again(elsewhere, Options { adopt: true, ..Options::default() })>{words.adopt}</button></Show>
            <Show when=move || any(double)><button type="button" class="plain" data-testid="doubles"
                on:click=move |_| store.merge_again(double, Options { doubles: true, ..Options::default() })>{words.count_doubles}</button></Show>
        </div>
        <ul class="camein small" tabindex="0" aria-label=words.class>{lines}</ul>
    }
}

fn elsewhere(outcome: &MergeOutcome) -> bool {
    matches!(outcome, MergeOutcome::OtherText | MergeOutcome::OtherQuestion)
}

fn double(outcome: &MergeOutcome) -> bool {
    matches!(outcome, MergeOutcome::Duplicate { .. })
}

fn said(store: Store, outcome: &MergeOutcome) -> String {
    let words = &store.words.sharing;
    match outcome {
        MergeOutcome::Added { annotators, known, direct } => words.added(*annotators, *known, *direct),
        MergeOutcome::OtherText => words.other_text.into(),
        MergeOutcome::OtherQuestion => words.other_question.into(),
        MergeOutcome::Duplicate { of } if of.is_empty() => words.duplicate_here.into(),
        MergeOutcome::Duplicate { of } => words.duplicate(of),
        MergeOutcome::Unlabelled => words.unlabelled.into(),
        MergeOutcome::Unfit { error } | MergeOutcome::Unreadable { error } => store.words.error(error),
    }
}
