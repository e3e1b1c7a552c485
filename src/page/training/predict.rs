//! A prediction before a step: which p of a token will rise, which will fall?

use leptos::prelude::*;

use crate::bio::{Dist, Label};
use crate::display::format::probability;
use crate::page::state::analysis::Shown;

use super::session::Learner;

/// What was foretold of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The paragraph that it is in.
    paragraph: String,
    /// Its index.
    token: usize,
    /// For B, I and O: whether p will rise; nothing: not said.
    rises: [Option<bool>; 3],
    /// p when it was said.
    before: Dist,
    /// p after the step.
    after: Option<Dist>,
}

impl Prediction {
    /// Takes the outcome down, the first one only.
    pub fn reveal(&mut self, shown: &Shown) {
        if self.after.is_none() && shown.paragraph == self.paragraph {
            self.after = shown.analysis.tokens.get(self.token).map(|token| token.p);
        }
    }

    /// How many of the things said came true, of how many.
    fn score(&self) -> Option<(usize, usize)> {
        let after = self.after?;
        let said: Vec<bool> = (0..3).filter_map(|j| Some(self.rises[j]? == (after[j] > self.before[j]))).collect();
        Some((said.iter().filter(|right| **right).count(), said.len()))
    }
}

/// The question and, after the step, what came of it.
#[component]
pub fn Predict(learner: Learner) -> impl IntoView {
    let (store, words) = (learner.store, &learner.store.words.learning);
    let prediction = learner.prediction;
    let open = move || prediction.with(|p| p.as_ref().is_none_or(|p| p.after.is_some()));
    let at = move || store.analysis.focus.get();
    let question = move |i: usize| Some(words.predict(i + 1, &store.analysis.token_text(i)?));
    // A prediction sticks to its token; before there is one, it will be about the token in focus.
    let about = move || {
        let kept = prediction.with(|p| p.as_ref().filter(|p| p.after.is_none()).map(|p| p.token));
        kept.or_else(at).and_then(question)
    };
    let say = move |j: usize, up: bool| {
        let Some(i) = at() else { return };
        let Some(shown) = store.analysis.shown.get_untracked() else { return };
        let Some(p) = shown.analysis.tokens.get(i).map(|t| t.p) else { return };
        let fresh = open();
        prediction.update(|slot| {
            let fresh_one = || Prediction {
                paragraph: shown.paragraph.clone(),
                token: i,
                rises: [None; 3],
                before: p,
                after: None,
            };
            let kept = slot.take().filter(|_| !fresh).unwrap_or_else(fresh_one);
            let mut rises = kept.rises;
            rises[j] = if rises[j] == Some(up) { None } else { Some(up) };
            *slot = rises.iter().any(Option::is_some).then_some(Prediction { rises, ..kept });
        });
    };
    let pressed = move |j: usize, up: bool| {
        prediction.with(|p| p.as_ref().is_some_and(|p| p.after.is_none() && p.rises[j] == Some(up))).to_string()
    };
    let pair = move |label: Label| {
        let j = label.index();
        let button = move |up: bool| {
            view! { <button type="button" class="plain" data-testid="predict" data-class=label.letter() data-up=up.to_string()
            aria-label=words.predict_name(label, up) aria-pressed=move || pressed(j, up) disabled=move || !learner.free()
            on:click=move |_| say(j, up)>{if up { "▲" } else { "▼" }}</button> }
        };
        view! { <span class="foretell"><b class=format!("tag {}", label.letter())>{label.letter()}</b>{button(true)}{button(false)}</span> }
    };
    let verdict = move || {
        prediction.with(|p| {
            let p = p.as_ref()?;
            let ((right, said), after) = (p.score()?, p.after?);
            let change = |j: usize| {
                format!("{} {} → {}", Label::ALL[j].letter(), probability(p.before[j]), probability(after[j]))
            };
            let changes: Vec<String> = (0..3).filter(|j| p.rises[*j].is_some()).map(change).collect();
            Some(words.predicted(right, said, changes.join(", ")))
        })
    };
    view! {
        <div class="tools predict">
            <span>{about}</span>
            {Label::ALL.map(pair).collect_view()}
        </div>
        <p class="verdict" role="status" data-testid="prediction">{verdict}</p>
    }
}
