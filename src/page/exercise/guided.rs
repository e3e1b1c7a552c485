//! The guided exercise beside the live page: one question at a time, a place to answer, hints, what is right and why.

use leptos::html;
use leptos::prelude::*;

use crate::display::format::{fixed, fraction};
use crate::document::{Document, Edit, same_text};
use crate::exercise::{self, Answer, Facts, Mistake, Step};
use crate::page::components::focus::focus;
use crate::page::state::navigation::Place;
use crate::page::state::storage;
use crate::page::state::store::Store;

/// Where the user is.
#[derive(Clone, Copy, PartialEq)]
struct Progress {
    at: usize,
    done: [bool; Step::ALL.len()],
}

/// The guide's signals: they outlive a change of the language, and a look elsewhere. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct GuideState {
    open: RwSignal<bool>,
    progress: RwSignal<Progress>,
}

impl GuideState {
    /// Nobody has begun.
    pub fn new() -> GuideState {
        let progress = Progress { at: 0, done: [false; Step::ALL.len()] };
        GuideState { open: RwSignal::new(false), progress: RwSignal::new(progress) }
    }
}

/// What was said about the last answer.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    None,
    Right,
    /// A wrong number, and how one gets it where that is known.
    Wrong(Option<Mistake>),
    /// A wrong choice.
    Chosen(usize),
    Unreadable,
    Revealed,
}

/// Whether a document has the text of the guide.
fn is_of_guide(document: &Document) -> bool {
    same_text(document.text(), (exercise::QUESTION, exercise::PARAGRAPH))
}

/// The button that begins, or the guide.
#[component]
pub fn Guide() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.guide;
    let open = store.guide.open;
    let begin = move |_| {
        let present = store.editor.document.get_untracked();
        if !is_of_guide(&present) {
            storage::keep_before(&present); // an undo away after a reload, too
        }
        let names = words.annotators.map(String::from);
        store.editor.edit(Edit::Step, |document| exercise::prepare(document, names));
        store.editor.annotator.set(0);
        open.set(true);
        // The button is gone with the next frame; the keyboard goes on from the first question.
        request_animation_frame(|| focus("[data-testid=guide-question]"));
        if store.is_shipped(exercise::MODEL) && store.model() != exercise::MODEL {
            store.choose_model(exercise::MODEL);
        } else {
            store.analyse();
        }
    };
    // A link to the guided exercise has put its text in place already.
    let guided = store.editor.part(|d| d.assignment.guided);
    Effect::new(move |_| {
        if guided.get() {
            open.set(true);
        }
    });
    view! {
        <Show when=move || open.get() fallback=move || view! {
            <p class="guidecall"><button type="button" class="plain" data-testid="guide" on:click=begin>{words.begin}</button>
                <span class="soft small">{words.promise}</span></p>
        }>
            <Steps close=move || {
                open.set(false);
                request_animation_frame(|| focus("[data-testid=guide]"));
            } />
        </Show>
    }
}

#[component]
fn Steps(close: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.guide;
    let progress = store.guide.progress;
    let verdict = RwSignal::new(Verdict::None);
    let hint = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let asked: NodeRef<html::P> = NodeRef::new();
    let step = move || Step::ALL[progress.get().at];
    // The numbers are those of the guide's own text: with another one on show there is nothing to ask about.
    let facts = Memo::new(move |_| {
        let here = store.editor.document.with(is_of_guide);
        let gold = store.analysis.gold.get().known().filter(|_| here)?;
        store.analysis.shown.with(|shown| {
            let shown = shown.as_ref().filter(|s| s.question == exercise::QUESTION)?;
            Facts::new(&shown.analysis, &gold.loss, gold.labels.len())
        })
    });
    let go = move |to: usize| {
        progress.update(|p| p.at = to);
        verdict.set(Verdict::None);
        hint.set(false);
        typed.set(String::new());
        // From there the keyboard goes on to the field.
        if let Some(asked) = asked.get_untracked() {
            let _ = asked.focus();
        }
    };
    // Every step looks at its own part of the page, and at the token that it is about. A new analysis or a right answer turns no
    // tab: at the one for learning it would throw away what was learned.
    Effect::new(move |before: Option<(usize, Option<usize>)>| {
        let now = (progress.get().at, facts.with(|facts| facts.as_ref().map(|facts| facts.token)));
        if before.is_none_or(|before| before.0 != now.0) {
            let tab = Step::ALL[now.0].tab();
            match store.navigation.place.get_untracked() {
                Place::Learning if before.is_none() => {} // drawn anew, no step further
                Place::Exercise | Place::Learning => store.navigation.turn_to_tab(tab),
                _ => store.navigation.tab.set(tab),
            }
        }
        if before != Some(now) && now.1.is_some() {
            store.analysis.pinned.set(now.1);
        }
        now
    });
    let judge = move |right: bool, wrong: Verdict| {
        if right {
            progress.update(|p| p.done[p.at] = true);
        }
        verdict.set(if right { Verdict::Right } else { wrong });
    };
    let check = move || {
        let Some(facts) = facts.get_untracked() else { return };
        match exercise::number(&typed.get_untracked()) {
            Some(number) => {
                let right = facts.answer(step()).is(number).unwrap_or(false);
                judge(right, Verdict::Wrong(facts.mistake(step(), number)));
            }
            None => verdict.set(Verdict::Unreadable),
        }
    };
    let choose = move |k: usize| {
        if let Some(facts) = facts.get_untracked() {
            judge(facts.answer(step()) == Answer::Choice(k), Verdict::Chosen(k));
        }
    };
    let said = move || {
        let right = facts.get().map(|facts| words.why(step(), &facts, &told(facts.answer(step()))));
        match verdict.get() {
            Verdict::None => String::new(),
            Verdict::Right => format!("{} {}", words.right, right.unwrap_or_default()),
            Verdict::Revealed => right.unwrap_or_default(),
            Verdict::Wrong(None) => format!("{} {}", words.wrong, words.again),
            Verdict::Wrong(Some(mistake)) => format!("{} {}", words.wrong, words.mistake(step(), mistake)),
            Verdict::Chosen(k) => format!("{} {}", words.wrong, words.wrong_choice(step(), k)),
            Verdict::Unreadable => words.unreadable.into(),
        }
    };
    let field = move || {
        match facts.get().map(|facts| facts.answer(step())) {
        None => view! { <p class="soft">{words.waiting}</p> }.into_any(),
        Some(Answer::Number { .. }) => view! {
            <form class="tools" on:submit=move |event| { event.prevent_default(); check(); }>
                <input class="answer" data-testid="guide-answer" inputmode="decimal" autocomplete="off" aria-label=words.answer
                    prop:value=move || typed.get() on:input=move |e| typed.set(event_target_value(&e)) />
                <button type="submit" class="plain">{words.check}</button>
            </form>
        }
        .into_any(),
        Some(Answer::Choice(_)) => {
            let options = words.choices(step()).iter().enumerate().map(|(k, text)| view! {
                <button type="button" class="plain choice" data-testid="guide-choice" on:click=move |_| choose(k)>{*text}</button>
            });
            view! { <div class="tools">{options.collect_view()}</div> }.into_any()
        }
    }
    };
    let count = Step::ALL.len();
    let done = move || progress.get().done.iter().filter(|d| **d).count();
    view! {
        <section class="card guide" data-testid="guide-steps" aria-label=words.heading>
            <div class="tools">
                <h2>{words.heading}</h2>
                <span class="soft small">{move || words.place(progress.get().at + 1, count, done())}</span>
                <span class="push"></span>
                <button type="button" class="icon leave" title=words.close aria-label=words.close on:click=move |_| close()>"×"</button>
            </div>
            <p node_ref=asked class="ask-step" tabindex="-1" data-testid="guide-question" data-step=move || progress.get().at.to_string()
                inner_html=move || facts.get().map(|f| words.question(step(), &f)).unwrap_or_default()></p>
            {field}
            <p class="verdict" role="status" data-testid="guide-verdict"
                data-right=move || (verdict.get() == Verdict::Right).to_string() inner_html=said></p>
            <p class="soft small" inner_html=move || if hint.get() { words.hint_for(step()) } else { "" }></p>
            <div class="tools">
                <button type="button" class="plain" data-testid="guide-hint" on:click=move |_| hint.set(true)>{words.hint}</button>
                <button type="button" class="plain" data-testid="guide-reveal" disabled=move || !hint.get() title=words.hint_first
                    on:click=move |_| verdict.set(Verdict::Revealed)>{words.reveal}</button>
                <span class="push"></span>
                <button type="button" class="plain" disabled=move || progress.get().at == 0
                    on:click=move |_| go(progress.get_untracked().at - 1)>{words.back}</button>
                <button type="button" class="plain" data-testid="guide-next" disabled=move || progress.get().at + 1 == count
                    on:click=move |_| go(progress.get_untracked().at + 1)>{words.next}</button>
            </div>
        </section>
    }
}

/// The right number as it is shown; nothing for a choice.
fn told(answer: Answer) -> String {
    match answer {
        Answer::Number { value, .. } if value.fract() == 0.0 => fixed(value, 0),
        Answer::Number { value, .. } if fraction(value).contains('/') => fraction(value),
        Answer::Number { value, .. } => fixed(value, 3),
        Answer::Choice(_) => String::new(),
    }
}
