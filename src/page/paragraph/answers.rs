//! The decoded answers, and single spans with their odds: a span that holds several answers may have the better ones.

use leptos::prelude::*;

use crate::display::format::{fixed, glance, odds};
use crate::inference::{Analysis, Answer};
use crate::page::presenter::PresentedQuestion;
use crate::page::state::store::Store;

/// The list of answers.
#[component]
pub fn Answers() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = store.words;
    let body = move || {
        store.analysis.shown.with(|shown| {
            let analysis = &shown.as_ref()?.analysis;
            let found = analysis.answers.iter().map(|a| line(store, a, true)).collect_view();
            let others = runners_up(analysis).into_iter().map(|a| line(store, a, false)).collect_view();
            let p = analysis.no_answer;
            let verdict = if analysis.answers.is_empty() {
                view! { <p class="noanswer" data-testid="no-answer" data-p=p.to_string()>{words.no_answer}</p> }
                    .into_any()
            } else {
                view! { <ul class="spans">{found}</ul> }.into_any()
            };
            let heading = if analysis.answers.is_empty() { words.best_spans } else { words.alternatives };
            Some(view! {
                {verdict}
                <p class="soft small beside">{words.no_answer_beside(compared(p))}</p>
                <h3>{heading}</h3>
                <ul class="spans other">{others}</ul>
            })
        })
    };
    view! {
        <section class="answers" class:stale=move || store.analysis.behind.get() aria-label=words.answers title=words.score_note>
            <PresentedQuestion />
            <h2 title=words.odds_heading>{words.answers}</h2>
            {body}
        </section>
    }
}

/// `= 0.82`, `< 0.01`, `> 0.99`.
fn compared(p: f64) -> String {
    let shown = glance(p);
    match shown.strip_prefix(['<', '>']) {
        Some(bound) => format!("{} {bound}", &shown[..1]),
        None => format!("= {shown}"),
    }
}

fn runners_up(analysis: &Analysis) -> Vec<&Answer> {
    let found = |a: &Answer| analysis.answers.iter().any(|b| (a.first, a.last) == (b.first, b.last));
    analysis.alternatives.iter().filter(|a| !found(a)).take(4).collect()
}

fn line(store: Store, answer: &Answer, found: bool) -> impl IntoView + use<> {
    let (first, last) = (answer.first, answer.last);
    let go = move |_| {
        store.analysis.pinned.set(Some(first));
        store.editor.selected.set(Some((first, last - 1)));
    };
    let hook = found.then_some("answer");
    view! {
        <li>
            <button type="button" class="span" on:click=go>
                <q data-testid=hook data-start=answer.start.to_string() data-end=answer.end.to_string()
                    data-score=answer.score.to_string()>{answer.text.clone()}</q>
            </button>
            <span class="odds" title=store.words.score(fixed(answer.score, 2))>{odds(answer.score)}</span>
        </li>
    }
}
