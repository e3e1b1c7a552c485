//! A class's answers to a set of questions: what became of every file, and the questions to choose from with their figures.

use leptos::prelude::*;

use super::take_away::TakeAway;
use crate::display::format::fixed;
use crate::document::class::Report;
use crate::document::merge::MergeOutcome;
use crate::metrics::agreement;
use crate::page::state::analysis::gold_state;
use crate::page::state::store::Store;

/// All that is of the class and its set.
#[component]
pub fn Overview() -> impl IntoView {
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

/// How many files, students and questions there are.
pub(super) fn summary(store: Store) -> String {
    store.class.merged.with(|class| {
        let students = class.reports.iter().filter(|report| report.added() > 0).count();
        store.words.question_set.summary(class.reports.len(), students, class.questions.len())
    })
}

/// The model that read the questions. `None` while another one reads them anew, and some are still the one's of before.
pub(super) fn model(store: Store) -> Option<String> {
    store.class.read.with(|read| {
        let mut models = read.iter().flatten().flatten().map(|shown| &shown.model);
        let first = models.next()?;
        models.all(|model| model == first).then(|| first.clone())
    })
}

/// The same in words: as it was loaded, also where the page's own analyses are by one that has learned.
pub(super) fn read_by(store: Store) -> Option<String> {
    model(store).map(|model| store.words.sharing.as_loaded(store.title(&model)))
}

#[component]
fn Class() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let class = store.class.merged;
    let twice = move || {
        let duplicate = |outcome: &Option<MergeOutcome>| matches!(outcome, Some(MergeOutcome::Duplicate { .. }));
        let any = class.with(|c| c.reports.iter().any(|r| r.outcome.iter().flatten().any(duplicate)));
        any || store.class.doubles.get()
    };
    let lines = move || class.with(|c| c.reports.iter().map(|report| line(store, report)).collect_view());
    let rows = move || {
        let (of, chosen) = (class.with(|c| c.questions.len()), store.class.question.get());
        (0..of).map(|at| view! { <Question at chosen={chosen == at} /> }).collect_view()
    };
    view! {
        <div class="ofset" data-testid="class-set">
            <h3>{words.class}</h3>
            <p class="status" role="status" data-testid="class-set-summary">{move || summary(store)}</p>
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
            <p class="soft small">{move || read_by(store)}</p>
            <TakeAway />
        </div>
    }
}

/// A question of the overview; pressed, it is the one on the page.
#[component]
fn Question(at: usize, chosen: bool) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.question_set;
    let question = store.class.merged.with_untracked(|c| c.questions.get(at).cloned()).unwrap_or_default();
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
        let kappa = found.and_then(|found| found.kappa());
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
    let asked = store.class.merged.with_untracked(|c| c.questions.get(at).map(|d| d.question.clone()));
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
