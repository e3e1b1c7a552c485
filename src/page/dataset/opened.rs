//! Files that were opened or dropped. Each is read in a worker of its own, so that the page stays responsive while a large
//! one is; a list tells what became of every one.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::state::OpenDataset;
use crate::dataset::{Dataset, Encoding, Format, Notice, Options, Problem, Reason, Unit};
use crate::document::Edit;
use crate::document::detect::Kind;
use crate::error::Error;
use crate::locale::Strings;
use crate::page::components::files;
use crate::page::state::store::Store;
use crate::worker::{Asker, Event, site, unexpected};

/// What became of a file.
#[derive(Clone, Debug)]
pub enum OpenResult {
    /// It is being read.
    Reading,
    /// It holds records.
    Read(Arc<Dataset>),
    /// It holds none that can be read, or a decision is needed.
    Refused(Problem),
    /// It could not be read at all.
    Failed(Error),
    /// It went to the class's labels.
    Labels,
    /// It went to the model's files.
    Model,
    /// It is a set of questions, to be labelled.
    Set,
}

/// A file that was opened or dropped; brat's two files are one.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its name.
    pub name: String,
    /// How it is read.
    pub options: Options,
    /// What became of it.
    pub outcome: OpenResult,
}

/// Has a worker read a file.
async fn read(reader: &Asker, parts: &[File], options: &Options, words: &Strings) -> OpenResult {
    let mut contents = Vec::new();
    for part in parts {
        match files::limited(part, words).await {
            Ok(array) => contents.push((part.name(), array)),
            Err(error) => return OpenResult::Failed(error),
        }
    }
    match reader.ask(|client| client.parse(&contents, options)).await {
        Ok(Event::Parsed { dataset, .. }) => OpenResult::Read(Arc::new(dataset)),
        Ok(Event::Refused { problem, .. }) => OpenResult::Refused(problem),
        Ok(_) => OpenResult::Failed(unexpected()),
        Err(error) => OpenResult::Failed(error),
    }
}

/// Files that are read together: brat's annotations and their text.
fn grouped(all: Vec<File>) -> Vec<Vec<File>> {
    let parts = |file: &File| {
        let name = file.name();
        name.rsplit_once('.').map_or((name.clone(), String::new()), |(stem, end)| (stem.into(), end.to_lowercase()))
    };
    let (annotations, mut others): (Vec<File>, Vec<File>) = all.into_iter().partition(|file| parts(file).1 == "ann");
    let mut groups = Vec::new();
    for annotation in annotations {
        let text = others.iter().position(|other| parts(other) == (parts(&annotation).0, "txt".into()));
        let text = text.map(|k| others.remove(k));
        groups.push([annotation].into_iter().chain(text).collect());
    }
    groups.extend(others.into_iter().map(|file| vec![file]));
    groups
}

impl Store {
    /// Takes files of any kind: data, a class's labels, a model.
    pub fn take_files(self, taken: Vec<File>) {
        spawn_local(async move {
            let (mut labels, mut data, mut model, mut sets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for file in taken {
                match files::kind_of(&file).await {
                    Kind::Labels => labels.push(file),
                    Kind::Set => sets.push(file),
                    Kind::Weights | Kind::Config | Kind::Tokenizer => model.push(file),
                    Kind::Data => data.push(file),
                }
            }
            let went = |files: &[File], outcome: OpenResult| {
                let opened =
                    |file: &File| Opened { name: file.name(), options: Options::default(), outcome: outcome.clone() };
                files.iter().map(opened).collect::<Vec<_>>()
            };
            let known = [(&labels, OpenResult::Labels), (&model, OpenResult::Model), (&sets, OpenResult::Set)];
            let mut list: Vec<Opened> = known.into_iter().flat_map(|(files, outcome)| went(files, outcome)).collect();
            let mut contents: Vec<Vec<File>> =
                labels.iter().chain(&model).chain(&sets).map(|file| vec![file.clone()]).collect();
            let first = list.len();
            for group in grouped(data) {
                let name = group[0].name();
                list.push(Opened { name, options: Options::default(), outcome: OpenResult::Reading });
                contents.push(group);
            }
            let count = list.len();
            self.dataset.opened_files.set(list);
            self.dataset.contents.set_value(contents);
            if !model.is_empty() {
                self.take_model(model);
            }
            for set in sets {
                self.take_set(set);
            }
            let unread = self.read_files((first..count).collect(), true).await;
            if !labels.is_empty() {
                // What is no data was to be labels.
                labels.extend(unread);
                self.take_labels(labels);
            }
        });
    }

    /// Reads files of the list, and shows the first that holds records where `show`. Gives back those that hold none; a plain
    /// text among students' files is one of them.
    async fn read_files(self, which: Vec<usize>, mut show: bool) -> Vec<File> {
        let mut unread = Vec::new();
        if which.is_empty() {
            return unread;
        }
        let reader = match Asker::start() {
            Ok(reader) => reader,
            Err(error) => {
                self.error.try_set(Some(error));
                return unread;
            }
        };
        let beside = self.dataset.opened_files.with_untracked(|list| beside_labels(list));
        for index in which {
            let opened = self.dataset.opened_files.with_untracked(|list| list.get(index).cloned());
            let contents = self.dataset.contents.with_value(|contents| contents.get(index).cloned());
            let (Some(opened), Some(contents)) = (opened, contents) else { break };
            let outcome = read(&reader, &contents, &opened.options, self.words).await;
            let nothing = |d: &Dataset| d.records.is_empty() || beside && d.format == Format::Plain;
            let usable = matches!(&outcome, OpenResult::Read(dataset) if !nothing(dataset));
            let still = self.dataset.opened_files.try_update(|list| {
                let entry = list.get_mut(index).filter(|entry| entry.name == opened.name)?;
                entry.outcome = outcome;
                Some(())
            });
            if still.flatten().is_none() {
                break; // other files have come since
            }
            if !usable {
                unread.extend(contents);
            } else if show {
                show = false;
                self.show_file(index);
            }
        }
        reader.close();
        unread
    }

    /// Reads a file of the list again, in another way.
    fn read_again(self, index: usize, change: impl FnOnce(&mut Options)) {
        self.dataset.opened_files.update(|list| {
            if let Some(entry) = list.get_mut(index) {
                change(&mut entry.options);
                entry.outcome = OpenResult::Reading;
            }
        });
        spawn_local(async move { drop(self.read_files(vec![index], true).await) });
    }

    /// Makes a file of the list the one that is paged through. A single text without a question is put in place at
    /// once, and the question is asked for.
    fn show_file(self, index: usize) {
        let found = self.dataset.opened_files.with_untracked(|list| {
            let entry = list.get(index)?;
            let OpenResult::Read(dataset) = &entry.outcome else { return None };
            Some((entry.name.clone(), dataset.clone()))
        });
        let Some((name, read)) = found else { return };
        let mut dataset = read.clone();
        self.keep_question();
        let changed = self.dataset.changed.get_untracked();
        let again = self.dataset.open.with_untracked(|open| carried(open.as_ref()?, &name, &dataset, &changed));
        match again {
            Some(again) => dataset = Arc::new(again),
            None if self.may_close() => {
                self.dataset.earlier.set(false);
                if self.dataset.unsaved.get_value() {
                    let open = self.dataset.open.with_untracked(|open| open.as_ref().map(|open| open.name.clone()));
                    self.dataset.forget(&open.unwrap_or_default());
                }
                let kept = self.dataset.kept.with_untracked(|kept| kept.get(&name).cloned()).unwrap_or_default();
                let mut changed = Vec::new();
                for kept in kept {
                    if let Some(read) = Arc::make_mut(&mut dataset).records.get_mut(kept.0)
                        && kept.is_of(read)
                    {
                        *read = kept.1;
                        changed.push(kept.0);
                    }
                }
                self.dataset.earlier.set(!changed.is_empty());
                self.dataset.unsaved.set_value(!changed.is_empty());
                self.dataset.changed.set(changed);
            }
            None => return,
        }
        self.stop_scoring();
        self.dataset.scored.set(Vec::new());
        self.dataset.wanted.set(String::new());
        self.dataset.first.set(0);
        self.dataset.chosen.set(None);
        self.editor.latest.set_value(Some(Edit::Step)); // what was undone before is of no record of this file
        let alone = dataset.records.len() == 1;
        self.dataset.open.set(Some(OpenDataset { name, dataset, read }));
        if alone {
            self.choose_question(0, false);
        }
    }

    /// Whether another file may take the place of the one that is open: asked if that one has changes that are not saved.
    fn may_close(self) -> bool {
        let name = self.dataset.open.with_untracked(|open| open.as_ref().map(|open| open.name.clone()));
        name.filter(|_| self.dataset.unsaved.get_value())
            .is_none_or(|name| window().confirm_with_message(&self.words.files.unsaved(name)).unwrap_or(true))
    }
}

/// Whether files came in together with labels or sets of questions: then the page does not go to the data.
pub fn beside_labels(list: &[Opened]) -> bool {
    list.iter().any(|opened| matches!(opened.outcome, OpenResult::Labels | OpenResult::Set))
}

/// A file that is read again, with what was changed in it, where its records are the same ones still.
fn carried(open: &OpenDataset, name: &str, again: &Dataset, changed: &[usize]) -> Option<Dataset> {
    let (old, new) = (&open.read.records, &again.records);
    let same_file = open.name == name && open.read.format == again.format && old.len() == new.len();
    let same = |k: &usize| (&old[*k].id, &old[*k].context) == (&new[*k].id, &new[*k].context);
    if changed.is_empty() || !same_file || !changed.iter().all(same) {
        return None;
    }
    let mut again = again.clone();
    changed.iter().for_each(|&k| again.records[k] = open.dataset.records[k].clone());
    Some(again)
}

/// The list of files, and what became of each.
#[component]
pub fn OpenedFiles() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.files;
    let list = store.dataset.opened_files;
    let lines = move || {
        let all = list.get();
        all.into_iter().enumerate().map(|(index, opened)| line(store, index, opened)).collect_view()
    };
    view! {
        <Show when=move || !list.with(Vec::is_empty)>
            <ul class="camein small" tabindex="0" aria-label=words.heading data-testid="opened-files">{lines}</ul>
            <p class="soft small">{match site::single() {
                true => view! { {words.formats}": docs/formats.md" }.into_any(), // no other page is in the single file
                false => view! { <a href="formats.html" data-testid="formats">{words.formats}</a> }.into_any(),
            }}</p>
        </Show>
    }
}

fn line(store: Store, index: usize, opened: Opened) -> impl IntoView {
    let words = &store.words.files;
    let Opened { name, options, outcome } = opened;
    let (state, text) = match &outcome {
        OpenResult::Reading => ("reading", words.reading.to_owned()),
        OpenResult::Read(d) => ("read", words.about(d)),
        OpenResult::Refused(problem) => ("refused", words.problem(problem)),
        OpenResult::Failed(error) => ("failed", store.words.error(error)),
        OpenResult::Labels => ("labels", words.as_labels.to_owned()),
        OpenResult::Model => ("model", words.as_model.to_owned()),
        OpenResult::Set => ("set", store.words.question_set.opened.to_owned()),
    };
    let data = matches!(outcome, OpenResult::Read(_) | OpenResult::Refused(_));
    let broken = match &outcome {
        OpenResult::Read(dataset) => dataset.records.is_empty(),
        other => matches!(other, OpenResult::Refused(_) | OpenResult::Failed(_)),
    };
    // Where the format's own part of the document begins.
    let about = match &outcome {
        OpenResult::Read(dataset) if !dataset.problems.is_empty() => Some(dataset.format.anchor()),
        OpenResult::Refused(problem) => Some(problem.format.map_or("", Format::anchor)),
        _ => None,
    };
    let about = about.filter(|_| !site::single()).map(|anchor| {
        view! { " "<a href=format!("formats.html#{anchor}") data-testid="about-format">{words.formats}</a> }
    });
    let (notices, problems) = match &outcome {
        OpenResult::Read(dataset) => (dataset.notices.clone(), dataset.problems.clone()),
        _ => (Vec::new(), Vec::new()),
    };
    let readable = matches!(&outcome, OpenResult::Read(dataset) if !dataset.records.is_empty());
    let offers = offers(store, index, &outcome);
    let chosen = options.from.map_or("", Format::name);
    let formats = Format::ALL.map(|format| {
        view! { <option value=format.name() selected=format.name() == chosen>{words.format(format)}" ("{format.name()}")"</option> }
    });
    let read = move |from| store.read_again(index, |options| options.from = from);
    let waits = RwSignal::new(None::<Option<Format>>);
    // An arrow key chooses, too: changes that are not saved are not at stake before a button is pressed.
    let correct = move |event| {
        let from = event_target_value(&event).parse().ok();
        if store.dataset.unsaved.get_value() { waits.set(Some(from)) } else { read(from) }
    };
    let again = move || {
        waits.get().map(|from| view! { <button type="button" class="plain" data-testid="read-again" on:click=move |_| read(from)>{words.read_again}</button> })
    };
    view! {
        <li data-testid="opened-file" data-state=state>
            <b>{name}</b>" "<span class:soft=!broken class:broken=broken role="status">{text}</span>{about}
            {readable.then(|| view! { " "<button type="button" class="plain" data-testid="show-file" on:click=move |_| store.show_file(index)>{words.show}</button> })}
            {data.then(|| view! {
                <label class="number"><span class="soft">{words.read_as}</span>
                    <select class="field" data-testid="file-format" on:change=correct>
                        <option value="" selected=chosen.is_empty()>{words.by_content}</option>{formats.collect_view()}
                    </select></label>{again}
            })}
            {notices.iter().map(|notice| view! { <p class="soft" data-testid="file-notice">{words.notice(notice)}</p> }).collect_view()}
            {offers}
            {(!problems.is_empty()).then(|| view! {
                <details data-testid="skipped"><summary>{words.skipped(problems.len())}</summary>
                    <ul>{problems.iter().map(|problem| view! { <li>{words.problem(problem)}</li> }).collect_view()}</ul></details>
            })}
        </li>
    }
}

/// What can be decided about a file that nobody should guess.
fn offers(store: Store, index: usize, outcome: &OpenResult) -> impl IntoView + use<> {
    let words = &store.words.files;
    let button = move |name: String, hook: &'static str, change: fn(&mut Options)| {
        view! { <button type="button" class="plain" data-testid=hook on:click=move |_| store.read_again(index, change)>{name}</button> }
            .into_any()
    };
    let mut all = Vec::new();
    let western = || button(words.windows_1252.into(), "as-windows-1252", |o| o.encoding = Some(Encoding::Windows1252));
    let greek = || button(words.windows_1253.into(), "as-windows-1253", |o| o.encoding = Some(Encoding::Windows1253));
    match outcome {
        OpenResult::Refused(Problem { reason: Reason::NotUtf8, .. }) => all.extend([western(), greek()]),
        OpenResult::Refused(Problem { reason: Reason::AskLabels { .. }, .. }) => {
            all.push(button(words.name_labels.into(), "name-labels", |o| o.labels = Some([0, 1, 2])));
        }
        OpenResult::Refused(Problem { reason: Reason::AskColumns { .. }, .. }) => {
            all.push(button(words.gold_column(1), "gold-column-1", |o| o.columns = vec!["gold".into()]));
            let second: fn(&mut Options) = |o| o.columns = vec![String::new(), "gold".into()];
            all.push(button(words.gold_column(2), "gold-column-2", second));
        }
        OpenResult::Read(dataset) => {
            // Which of the two it was nobody can tell but who reads the text.
            let read_as = |encoding: Encoding| {
                let named = |notice: &Notice| matches!(notice, Notice::Encoding { name } if name == encoding.name());
                dataset.notices.iter().any(named)
            };
            all.extend(read_as(Encoding::Windows1252).then(greek));
            all.extend(read_as(Encoding::Windows1253).then(western));
            if dataset.notices.iter().any(|notice| matches!(notice, Notice::PerhapsUtf16 { .. })) {
                all.push(button(words.utf16.into(), "as-utf16", |o| o.offsets = Some(Unit::Utf16)));
            }
            if dataset.notices.iter().any(|notice| matches!(notice, Notice::NoQuestions)) {
                let ask = move |_| {
                    let question = store.editor.document.with_untracked(|d| d.question.trim().to_owned());
                    match question.is_empty() {
                        true => store.error.set(Some(Error::EmptyQuestion)),
                        false => store.read_again(index, |options| options.question = Some(question)),
                    }
                };
                let name = words.question_above;
                all.push(view! { <button type="button" class="plain" data-testid="question-above" on:click=ask>{name}</button> }.into_any());
            }
            let moved = |problem: &Problem| matches!(problem.reason, Reason::NotThere { once: Some(_), .. });
            if dataset.problems.iter().any(moved) {
                all.push(button(words.repair.into(), "repair", |o| o.repair = true));
            }
        }
        _ => {}
    }
    all.into_iter().collect_view()
}
