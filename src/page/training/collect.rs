//! A small set of instances to learn from together: the mean of their L goes down, and one text's gain is not the others' loss.

use leptos::prelude::*;

use crate::document::same_text;
use crate::inference::learning::LabelledText;

use super::session::{Learner, on_show};

/// More would take longer than one wants to wait for a step.
const MOST: usize = 8;

/// The set, and the button that adds the text on show to it.
#[component]
pub fn Collect(learner: Learner) -> impl IntoView {
    let (store, words) = (learner.store, &learner.store.words.learning);
    let collected = store.learning;
    let add = move |_| {
        let Some(here) = untrack(|| on_show(store)) else { return };
        collected.update(|set| {
            let same =
                |c: &&mut LabelledText| same_text((&c.question, &c.paragraph), (&here.question, &here.paragraph));
            match set.iter_mut().find(same) {
                Some(known) => known.gold = here.gold,
                None => set.push(here),
            }
        });
    };
    let may = move || {
        !store.analysis.stale.get()
            && collected.with(|set| set.len() < MOST)
            && on_show(store).is_some_and(|here| collected.with(|set| !set.contains(&here)))
    };
    let items = move || {
        collected.with(|set| {
            set.iter()
                .enumerate()
                .map(|(k, c)| {
                    view! {
                        <li>{c.question.clone()}" "
                            <button type="button" class="icon" aria-label=words.drop(&c.question) title=words.drop_short
                                on:click=move |_| collected.update(|set| drop(set.remove(k)))>"×"</button></li>
                    }
                })
                .collect_view()
        })
    };
    let say = move || {
        collected
            .with(|set| if set.is_empty() { words.collect_none.to_string() } else { words.collect_some(set.len()) })
    };
    view! {
        <div class="collected">
            <button type="button" class="plain" data-testid="collect" disabled=move || !may() on:click=add>{words.collect}</button>
            <span class="soft small">{say}</span>
            <ul data-testid="collected">{items}</ul>
        </div>
    }
}
