//! A class's answers to a set of questions: what became of every file, the questions to choose from with their figures, and the
//! whole class as CSV, as LaTeX and on paper.

use std::fmt::Write;
use std::sync::Arc;

use leptos::prelude::*;

use super::heat_map;
use super::state::Reading;
use crate::display::format::{escape, fixed};
use crate::document::class::{self, HandedIn, Report};
use crate::document::csv::{self, Separator};
use crate::document::merge::MergeOutcome;
use crate::document::{Document, Edit, latex, same_text};
use crate::error::Error;
use crate::inference::Analysis;
use crate::metrics::agreement;
use crate::page::components::clipboard;
use crate::page::components::download::{download, file_name};
use crate::page::state::analysis::{Gold, Shown, gold_state};
use crate::page::state::engine::Load;
use crate::page::state::store::Store;
use crate::worker::Event;

/// A question of the class that the engine reads.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    id: u32,
    /// The question's index.
    at: usize,
    /// The question as it was asked.
    question: String,
    /// Its paragraph.
    paragraph: String,
    /// The model that reads it.
    model: String,
}

impl Store {
    /// Takes in what students have handed in, beside what is here or in place of it.
    pub(super) fn take_handed_in(self, handed: Vec<HandedIn>) {
        self.class.forgotten.set(Vec::new());
        self.class.handed.update(|all| {
            if !self.class.keep.get_untracked() {
                all.clear();
            }
            // The very same file again is no other student's.
            all.extend(handed.into_iter().filter(|new| !all.contains(new)).collect::<Vec<_>>());
        });
        self.merge_handed_in();
        self.show_of_class(self.class.question.get_untracked());
    }

    /// Forgets the files. If one of their questions is on the page, what was there before comes back.
    fn forget_handed_in(self) {
        let here = self.of_class(&self.editor.document.get_untracked());
        self.class.forgotten.set(self.class.handed.get_untracked());
        self.class.handed.set(Vec::new());
        self.merge_handed_in();
        if let Some(before) = self.class.before.try_update_value(Option::take).flatten().filter(|_| here) {
            self.put_in_place(before, "");
            self.editor.annotator.set(0);
        }
    }

    /// Whether a document has the text of one of the class's questions.
    fn of_class(self, document: &Document) -> bool {
        self.class.of_set.with_untracked(|class| class.find(document).is_some())
    }

    /// Merges all files anew, and has the questions read that have not been.
    pub(crate) fn merge_handed_in(self) {
        let doubles = self.class.doubles.get_untracked();
        let merged = self
            .class
            .handed
            .with_untracked(|handed| self.sets.composed.with_untracked(|set| class::merge(set, handed, doubles)));
        let of = merged.questions.len();
        let kept = self.class.of_set.with_untracked(|old| {
            let mut pairs = old.questions.iter().zip(&merged.questions);
            old.questions.len() == of && pairs.all(|(old, new)| same_text(old.text(), new.text()))
        });
        if !kept {
            self.class.read.set(vec![None; of]);
            self.class.question.set(0);
        }
        self.class.of_set.set(merged);
        self.read_next_of_class();
    }

    /// Puts a question of the class on the page, with all students as its annotators.
    pub(crate) fn show_of_class(self, at: usize) {
        let question = self.class.of_set.with_untracked(|class| class.questions.get(at).cloned());
        let Some(mut question) = question else { return };
        self.editor.document.with_untracked(|present| {
            (question.view, question.units, question.fold) = (present.view, present.units, present.fold);
            question.model.clone_from(&present.model);
        });
        let decoder = question.decoder;
        let present = self.editor.document.get_untracked();
        let merged = self.class.of_set.with_untracked(|class| {
            class.find(&present).is_some_and(|k| class.questions[k].annotators == present.annotators)
        });
        if !merged && (self.class.before.with_value(Option::is_none) || !self.of_class(&present)) {
            self.class.before.set_value(Some(present));
        }
        self.class.question.set(at);
        self.close_set(); // the class's labels are nobody's own work
        let read = self.class.read.with_untracked(|read| read.get(at).cloned().flatten());
        let read = read.and_then(Result::ok).filter(|read| read.analysis.decode == decoder);
        self.editor.edit(Edit::Step, |d| *d = question);
        self.editor.annotator.set(0);
        if let Some(read) = read {
            self.analysis.shown.set(Some(read)); // at once; the engine reads it for h as well
        }
        self.analyse();
    }

    /// Asks the engine for the first question that has not been read by the model in use.
    pub(crate) fn read_next_of_class(self) {
        let Load::Ready(info) = self.engine.load.get_untracked() else { return };
        if self.class.reading.with_value(Option::is_some) {
            return;
        }
        let other = |read: &Reading| read.as_ref().is_ok_and(|shown| shown.model != info.model);
        let unread = |read: &Option<Reading>| read.as_ref().is_none_or(other);
        let next = self.class.read.with_untracked(|read| read.iter().position(unread));
        let text = next.and_then(|at| {
            let text = |d: &Document| (at, d.question.clone(), d.paragraph.clone());
            self.class.of_set.with_untracked(|class| class.questions.get(at).map(text))
        });
        let (Some((at, question, paragraph)), Some(client)) = (text, self.client()) else { return };
        let id = client.analyse(&question, &paragraph);
        self.class.reading.set_value(Some(Asked { id, at, question, paragraph, model: info.model }));
    }

    /// Takes what belongs to the class's questions; gives back what does not.
    pub(crate) fn hear_class(self, event: Event) -> Option<Event> {
        let Some(Asked { id: asked, at, question, paragraph, model }) = self.class.reading.try_get_value().flatten()
        else {
            return Some(event);
        };
        let read = match event {
            Event::Analysed { id, output, .. } if id == asked => Ok(output),
            Event::Failed { error: Error::WorkerDied { .. }, .. } => {
                self.class.reading.set_value(None); // the worker comes back, and then they are asked for again
                return Some(event);
            }
            Event::Failed { id, error } if id == asked => Err(error),
            other => return Some(other),
        };
        self.class.reading.set_value(None);
        // Other files may have come in since: what stands there now may be another question.
        let same = |document: &&Document| same_text(document.text(), (&question, &paragraph));
        let decoder = self
            .class
            .of_set
            .with_untracked(|class| class.questions.get(at).filter(same).map(|document| document.decoder));
        if let Some(decoder) = decoder {
            let read = read.map(|output| {
                let analysis = Analysis::new(&paragraph, output, decoder);
                Arc::new(Shown { question, paragraph, analysis, model, stored: false, tuned: 0 })
            });
            self.class.read.update(|all| {
                if let Some(place) = all.get_mut(at) {
                    *place = Some(read);
                }
            });
        }
        self.read_next_of_class();
        None
    }

    /// Has the class's questions read as soon as a model is ready, and again when another one is.
    pub fn follow_class(self) {
        self.merge_handed_in(); // on an earlier visit
        Effect::new(move |_| {
            if self.engine.load.with(|load| matches!(load, Load::Ready(_))) {
                // What one model could not read perhaps another one can.
                self.class.read.update(|all| all.iter_mut().for_each(|read| drop(read.take_if(|read| read.is_err()))));
                self.read_next_of_class();
            }
        });
    }
}

/// A question with what was read in it and what the class says to it.
struct Read {
    document: Document,
    shown: Arc<Shown>,
    gold: Option<Arc<Gold>>,
}

/// The class's questions; `None` while one of them is still to be read.
fn all_read(store: Store) -> Option<Vec<Read>> {
    let read = store.class.read.get();
    store.class.of_set.with(|class| {
        let one = |(document, read): (&Document, Option<Reading>)| {
            let shown = read?.ok().filter(|shown| shown.paragraph == document.paragraph)?;
            let gold = gold_state(document, Some(&shown)).known();
            Some(Read { document: document.clone(), shown, gold })
        };
        (class.questions.len() == read.len()).then(|| class.questions.iter().zip(read).map(one).collect()).flatten()
    })
}

/// All that is of the class and its set.
#[component]
pub fn OfSet() -> impl IntoView {
    let store = expect_context::<Store>();
    let any = Memo::new(move |_| store.class.handed.with(|handed| !handed.is_empty()));
    let forgotten = store.class.forgotten;
    let undo = move |_| store.take_handed_in(forgotten.get_untracked());
    view! {
        <Show when=move || any.get()><Class /></Show>
        <Show when=move || forgotten.with(|files| !files.is_empty())>
            <button type="button" class="plain" data-testid="class-set-undo" on:click=undo>{store.words.question_set.bring_back}</button></Show>
    }
}

#[component]
fn Class() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let class = store.class.of_set;
    let summary = move || {
        class.with(|c| {
            let students = c.reports.iter().filter(|report| report.added() > 0).count();
            words.summary(c.reports.len(), students, c.questions.len())
        })
    };
    let twice = move || {
        let duplicate = |outcome: &Option<MergeOutcome>| matches!(outcome, Some(MergeOutcome::Duplicate { .. }));
        let any = class.with(|c| c.reports.iter().any(|r| r.outcome.iter().flatten().any(duplicate)));
        any || store.class.doubles.get()
    };
    let lines = move || class.with(|c| c.reports.iter().map(|report| line(store, report)).collect_view());
    // Also where the page's own analyses are by a model that has learned.
    let by = move || {
        let model =
            store.class.read.with(|read| read.iter().flatten().flatten().next().map(|shown| shown.model.clone()));
        model.map(|model| store.words.sharing.as_loaded(store.title(&model)))
    };
    let rows = move || {
        let (of, chosen) = (class.with(|c| c.questions.len()), store.class.question.get());
        (0..of).map(|at| view! { <Question at chosen={chosen == at} /> }).collect_view()
    };
    view! {
        <div class="ofset" data-testid="class-set">
            <h3>{words.class}</h3>
            <p class="status" role="status" data-testid="class-set-summary">{summary}</p>
            <div class="tools">
                <Show when=twice><label class="switch"><input type="checkbox" data-testid="class-set-doubles" prop:checked=move || store.class.doubles.get()
                    on:change=move |event| { store.class.doubles.set(event_target_checked(&event)); store.merge_handed_in(); store.show_of_class(store.class.question.get_untracked()); } />
                    <span>{words.doubles}</span></label></Show>
                <button type="button" class="plain" data-testid="class-set-forget" on:click=move |_| store.forget_handed_in()>{words.forget}</button>
            </div>
            <ul class="camein small" tabindex="0" aria-label=words.class>{lines}</ul>
            <div class="tablewrap"><table class="numbers classtable" data-testid="class-questions">
                <thead><tr>{words.columns.map(|name| view! { <th scope="col">{name}</th> })}</tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <p class="soft small">{by}</p>
            <TakeAway />
        </div>
    }
}

/// A question of the overview; pressed, it is the one on the page.
#[component]
fn Question(at: usize, chosen: bool) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let question = store.class.of_set.with_untracked(|c| c.questions.get(at).cloned()).unwrap_or_default();
    let name = words.choose(at + 1, &question.question);
    let figures = move || {
        let shown = match store.class.read.with(|read| read.get(at).cloned().flatten()) {
            Some(Err(error)) => {
                return view! { <td class="broken" colspan="4">{store.words.error(&error)}</td> }.into_any();
            }
            read => read.and_then(Result::ok),
        };
        let gold = shown.and_then(|shown| gold_state(&question, Some(&shown)).known());
        let found = gold.as_ref().and_then(|gold| agreement(&gold.labels));
        let kappa = found.and_then(|found| found.cohen.or(found.fleiss));
        let cell = |value: Option<f64>, decimals: usize| {
            let exact = value.map(|v| v.to_string()).unwrap_or_default();
            view! { <td class="num" data-value=exact>{value.map_or_else(|| "–".into(), |v| fixed(v, decimals))}</td> }
        };
        let total = gold.as_ref().map(|gold| (gold.loss.total, gold.total_decimals));
        view! {
            <td class="num">{question.annotators.len()}</td>
            {cell(found.map(|f| f.observed), 3)}{cell(kappa, 3)}{cell(total.map(|t| t.0), total.map_or(2, |t| t.1))}
        }
        .into_any()
    };
    let asked = store.class.of_set.with_untracked(|c| c.questions.get(at).map(|d| d.question.clone()));
    view! {
        <tr data-testid="class-question" data-index=at.to_string() aria-current=chosen.then_some("true")>
            <th scope="row"><button type="button" class="link" aria-pressed=chosen.to_string() aria-label=name.clone() title=name
                on:click=move |_| store.show_of_class(at)>{at + 1}". "{asked}</button></th>{figures}
        </tr>
    }
}

/// What became of a file.
fn line(store: Store, report: &Report) -> impl IntoView + use<> {
    let words = &store.words.question_set;
    let added = report.added();
    let mut parts: Vec<String> = Vec::new();
    match &report.outcome {
        Err(error) => parts.push(store.words.error(error)),
        Ok(outcomes) => {
            // Where nothing was taken for other reasons, these are told below.
            match added {
                0 if outcomes.iter().all(is_blank) => parts.push(words.nothing.into()),
                0 => {}
                _ => parts.push(words.added(added, outcomes.len())),
            }
            for (k, outcome) in outcomes.iter().enumerate() {
                if let Some(why) = not_taken(store, outcome.as_ref()).filter(|_| added > 0 || !is_blank(outcome)) {
                    parts.push(words.question_not_taken(k + 1, why));
                }
            }
        }
    }
    if report.others > 0 {
        parts.push(words.others(report.others));
    }
    let who = (!report.student.is_empty()).then(|| format!("{} · ", report.student));
    let taken = added > 0;
    view! {
        <li data-testid="handed-in" data-added=taken.to_string() data-questions=added.to_string()><b>{who}{report.name.clone()}</b>" "
            <span class:soft=taken class:broken=!taken>{parts.join(" · ")}</span></li>
    }
}

fn is_blank(outcome: &Option<MergeOutcome>) -> bool {
    matches!(outcome, Some(MergeOutcome::Unlabelled))
}

/// Why a question of a file was not taken, if it was not.
fn not_taken(store: Store, outcome: Option<&MergeOutcome>) -> Option<String> {
    let words = &store.words.question_set;
    Some(match outcome {
        Some(MergeOutcome::Added { .. }) => return None,
        Some(MergeOutcome::Unlabelled) => words.blank.into(),
        Some(MergeOutcome::Duplicate { of }) => words.same(of),
        Some(MergeOutcome::Unfit { error } | MergeOutcome::Unreadable { error }) => store.words.error(error),
        Some(MergeOutcome::OtherText | MergeOutcome::OtherQuestion) | None => words.absent.into(),
    })
}

/// CSV, LaTeX and paper.
#[component]
fn TakeAway() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let exercise = &store.words.exercise;
    let read = Memo::new(move |_| {
        let (done, well) =
            store.class.read.with(|read| (read.iter().flatten().count(), read.iter().flatten().flatten().count()));
        (done, well, store.class.of_set.with(|class| class.questions.len()))
    });
    let ready = move || read.with(|(_, well, of)| well == of && *of > 0);
    let copied = RwSignal::new(false);
    let pairs = move || {
        let all = untrack(|| all_read(store))?;
        Some(all.into_iter().map(|read| (read.document, read.shown.analysis.clone())).collect::<Vec<_>>())
    };
    let title = move || store.class.of_set.with_untracked(|class| class.title.clone());
    let csv = move |separator: Separator| {
        let Some(pairs) = pairs() else { return };
        let name = file_name(&["bioscope-class", &title()], ".csv");
        store.guard(csv::class(&pairs, separator).and_then(|table| download(&name, "text/csv", &table.into())));
    };
    let latex = move |_| {
        let Some(pairs) = pairs() else { return };
        let text = match latex::class(&title(), &pairs) {
            Ok(text) => text,
            Err(error) => return store.error.set(Some(error)),
        };
        clipboard::copy_latex(text, "bioscope-class.tex", copied);
    };
    view! {
        <div class="tools classaway">
            <button type="button" class="plain" data-testid="class-csv" title=exercise.csv_comma disabled=move || !ready() on:click=move |_| csv(Separator::Comma)>"CSV ,"</button>
            <button type="button" class="plain" data-testid="class-csv-semicolon" title=exercise.csv_semicolon disabled=move || !ready() on:click=move |_| csv(Separator::Semicolon)>"CSV ;"</button>
            <button type="button" class="plain" data-testid="class-latex" disabled=move || !ready() on:click=latex>{move || if copied.get() { exercise.copied } else { exercise.copy_latex }}</button>
            <button type="button" class="plain" data-testid="class-print" disabled=move || !ready() on:click=move |_| drop(window().print())>{words.print}</button>
            <span class="soft small" role="status">{move || { let (done, _, of) = read.get(); (done < of).then(|| words.reading(done, of)) }}</span>
        </div>
        <div class="classpage" data-testid="class-page" lang="en" inner_html=move || all_read(store).map(|all| page(store, &all)).unwrap_or_default()></div>
    }
}

/// What is printed: every question with its heat map and figures.
fn page(store: Store, all: &[Read]) -> String {
    let words = &store.words.question_set;
    let summary = store.class.of_set.with(|c| {
        let students = c.reports.iter().filter(|report| report.added() > 0).count();
        words.summary(c.reports.len(), students, c.questions.len())
    });
    let title = store.class.of_set.with(|c| c.title.clone());
    let title = if title.is_empty() { words.untitled.into() } else { title };
    let mut html = format!("<h2>{}</h2><p>{}</p>", escape(&title), escape(&summary));
    for (k, Read { document, shown, gold }) in all.iter().enumerate() {
        let students = words.students(document.annotators.len());
        let _ = write!(html, "<h3>{}. {} <span>{}</span></h3>", k + 1, escape(&document.question), escape(&students));
        match gold {
            Some(gold) => {
                html += &heat_map::paragraph(store, shown, gold);
                html += &heat_map::figures(store, gold);
            }
            None => {
                let _ = write!(html, r#"<p class="heatmap">{}</p>"#, escape(&document.paragraph));
            }
        }
    }
    html
}
