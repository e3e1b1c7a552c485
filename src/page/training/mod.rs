//! Learning in the page: gradient steps on the labels on show, what they do elsewhere, and why a p is what it is.

mod attention;
mod collect;
mod compare;
mod held_out;
mod predict;
mod session;
mod views;

use leptos::prelude::*;

use crate::bio::Label;
use crate::display::format::{escape, fixed, megabytes};
use crate::figure::{self, Frame};
use crate::inference::learning::{Method, Mode, Optimizer, StepOptions, Target};

use super::components::picture::SavePicture;
use super::state::store::Store;
use session::{Action, Learner, Phase};

/// The tab.
#[component]
pub fn Learning() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = &store.words.learning;
    let learner = Learner::new(store);
    let steps = move || learner.reports.with(Vec::len);
    let known = move || store.analysis.gold.get().known().is_some() || store.learning.with(|c| !c.is_empty());
    let may = move || learner.free() && known() && !store.analysis.stale.get() && !no_rate(learner.options.get());
    let made = move || {
        learner.reports.with(|reports| match reports.last() {
            None => words.ready.to_string(),
            Some(r) => {
                words.stepped(r.steps, fixed(r.loss_before, 3), fixed(r.loss_after, 3), fixed(r.milliseconds, 0))
            }
        })
    };
    let status = move || match learner.phase.get() {
        Phase::Loading(loaded, total) if total > 0 => {
            store.words.loading(megabytes(loaded), megabytes(total), (100 * loaded / total.max(1)) as u32)
        }
        Phase::Loading(..) => words.starting.to_string(),
        Phase::Working(Action::Explain(_), done, total) => words.explaining(done as usize, total as usize),
        Phase::Working(Action::CheckFirst, done, total) => words.checking_first(done as usize, total as usize),
        Phase::Working(Action::Check, done, total) => {
            format!("{} {}", made(), words.checking(done as usize, total as usize))
        }
        Phase::Working(Action::Step(_), done, total) if total > 0 => {
            words.stepping_through(done as usize, total as usize)
        }
        Phase::Working(Action::Again(_) | Action::Undo, done, total) if total > 0 => {
            words.again_through(done as usize, total as usize)
        }
        Phase::Working(Action::Step(_) | Action::Again(_) | Action::Undo | Action::Reset, ..) => {
            words.stepping.to_string()
        }
        Phase::Working(..) => words.working.to_string(),
        Phase::Idle if !known() => store.words.loss_hint.to_string(),
        Phase::Idle => made(),
    };
    let curve = move || learner.reports.with(|reports| views::curve(reports, words));
    let picture = move |mut frame: Frame| {
        let (losses, floor) = learner.reports.with_untracked(|reports| views::losses(reports));
        // The mean L of several texts answers no one question.
        if store.learning.with_untracked(|c| !c.is_empty()) {
            frame.question.clear();
        }
        Some(figure::curve::draw(&losses, floor, &frame))
    };
    let layers = move || learner.reports.with(|r| r.last().map(|r| views::layers(r, words)).unwrap_or_default());
    let changes = move || {
        let gold = store.analysis.gold.get().known();
        store.analysis.shown.with(|shown| {
            let shown = shown.as_ref()?;
            learner.before.with(|before| {
                let (_, p) = before.as_ref().filter(|(paragraph, _)| *paragraph == shown.paragraph)?;
                Some(views::changes(shown, p, gold.as_ref().map(|g| &g.t[..]), words))
            })
        })
    };
    let play = move |_| {
        if learner.playing.get_untracked() {
            return learner.stop();
        }
        learner.play();
    };
    // Neither the curve of one text goes on with another, nor what explains it.
    Effect::new(move |before: Option<String>| {
        let text = store.analysis.shown.with(|shown| {
            shown.as_ref().map(|shown| format!("{}\n{}", shown.question, shown.paragraph)).unwrap_or_default()
        });
        if before.is_some_and(|before| before != text) {
            learner.drop_explanations();
            if store.learning.with_untracked(Vec::is_empty) && learner.playing.get_untracked() {
                learner.stop();
            }
        }
        text
    });
    let checked = move || steps() > 0 && learner.held_out.with(|(_, now)| !now.is_empty());
    let others =
        move || checked().then(|| learner.held_out.with(|(shipped, now)| held_out::table(shipped, now, words)));
    let compared =
        move || learner.runs.with(|runs| learner.held_out.with(|(shipped, _)| compare::table(runs, shipped, words)));
    let take_back = move |action: Action| move |_| learner.ask(&[action, Action::Read, Action::Check]);
    view! {
        <p class="hint" data-part="1" inner_html=words.intro></p>
        <div class="tools learn" data-part="1">
            <Choices learner />
            <span class="push"></span>
            <button type="button" class="main" data-testid="learn-step" disabled=move || !may() on:click=move |_| learner.step()>{words.step}</button>
            <button type="button" class="plain" data-testid="learn-play" aria-pressed=move || learner.playing.get().to_string()
                disabled=move || !(learner.playing.get() || may()) on:click=play>{move || if learner.playing.get() { words.stop } else { words.play }}</button>
            <button type="button" class="plain" data-testid="learn-undo" disabled=move || !(learner.free() && steps() > 0)
                on:click=take_back(Action::Undo)>{store.words.undo}</button>
            <button type="button" class="plain" data-testid="learn-reset" disabled=move || !(learner.free() && steps() > 0)
                on:click=take_back(Action::Reset)>{words.reset}</button>
            <button type="button" class="plain" data-testid="learn-save" disabled=move || !(learner.free() && steps() > 0)
                title=words.save_note on:click=move |_| learner.ask(&[Action::Save])>{words.save}</button>
        </div>
        <predict::Predict learner />
        <collect::Collect learner />
        <p class="status" role="status" data-part="1" data-testid="learn-status" data-steps=move || steps().to_string()
            data-state=move || if learner.idle() { "idle" } else { "busy" }>
            {status}" "
            <Show when=move || matches!(learner.phase.get(), Phase::Working(action, ..) if action != Action::Undo) && !learner.playing.get()>
                <button type="button" class="plain" data-testid="learn-stop" on:click=move |_| learner.stop()>{words.stop}</button>
            </Show>
        </p>
        <div class="learned" data-part="1">
            <div><div inner_html=curve></div>
                <SavePicture chart="curve" name=words.curve when=Signal::derive(move || steps() > 0) draw=picture /></div>
            <div data-part="0" inner_html=move || changes().filter(|_| steps() > 0) on:click=move |event| store.choose(&event)></div>
            <div data-part="0"><Show when=move || { steps() > 0 }><h3>{words.moved}</h3></Show><div inner_html=layers></div></div>
            <div data-part="0"><Show when=checked><h3>{words.held_out}</h3></Show><div inner_html=others></div></div>
        </div>
        <details class="fold" data-part="0">
            <summary data-testid="compare-fold">{words.compare}</summary>
            <p class="hint">{words.compare_note(compare::STEPS)}</p>
            <button type="button" class="plain" data-testid="compare-modes" disabled=move || !may() on:click=move |_| learner.compare()>{words.compare_go}</button>
            <div inner_html=compared></div>
        </details>
        <details class="fold" open data-part="2">
            <summary>{words.why}</summary>
            <Explain learner />
        </details>
        <details class="fold" data-part="0">
            <summary data-testid="attention-fold">{words.attention}</summary>
            <attention::AttentionView learner />
        </details>
    }
}

/// Whether something was typed that is no rate: it stays to be mended, and no step is made until it is.
fn no_rate(options: StepOptions) -> bool {
    options.learning_rate.is_some_and(f64::is_nan)
}

/// Which parameters move, how, and how far.
#[component]
fn Choices(learner: Learner) -> impl IntoView {
    let words = &learner.store.words.learning;
    let options = learner.options;
    let mode = move |mode: Mode, name: &'static str| {
        let hook = if mode == Mode::Head { "head" } else { "joint" };
        view! { <button type="button" data-testid="learn-mode" data-mode=hook aria-pressed=move || (options.get().mode == mode).to_string()
        on:click=move |_| options.update(|o| o.mode = mode)>{name}</button> }
    };
    let pick = move |event: leptos::ev::Event| {
        let sgd = event_target_value(&event) == "sgd";
        options.update(|o| o.optimizer = if sgd { Optimizer::Sgd } else { Optimizer::AdamW });
    };
    let usual = move || {
        let d = learner.store.analysis.shown.with(|s| s.as_ref().map_or(1, |s| s.analysis.hidden_size));
        let o = options.get();
        format!("{:.1e}", o.optimizer.default_rate(o.mode, d))
    };
    let rate = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        let rate = crate::exercise::number(&text).filter(|rate| *rate >= 0.0).unwrap_or(f64::NAN);
        options.update(|o| o.learning_rate = (!text.trim().is_empty()).then_some(rate));
    };
    view! {
        <div class="seg" role="group" aria-label=words.which>
            {mode(Mode::Joint, words.joint)}{mode(Mode::Head, words.head)}
        </div>
        <label class="picker"><span>{words.optimizer}</span>
            <select data-testid="learn-optimizer" on:change=pick><option value="adamw">"AdamW"</option><option value="sgd">"SGD"</option></select></label>
        <label class="picker"><span>{words.rate}</span>
            <input class="rate" type="text" inputmode="decimal" data-testid="learn-rate" placeholder=usual
                aria-invalid=move || no_rate(options.get()).to_string() on:change=rate /></label>
        <span class="broken small" role="status">{move || no_rate(options.get()).then_some(words.no_rate)}</span>
    }
}

/// What every input token adds to p of the token in focus.
#[component]
fn Explain(learner: Learner) -> impl IntoView {
    let (store, words) = (learner.store, &learner.store.words.learning);
    let method = RwSignal::new(Method::Integrated);
    let ask = move |label: Label| {
        let press = move |_| {
            if let Some(token) = store.analysis.focus.get_untracked() {
                learner.ask(&[Action::Explain(Target { token, label, method: method.get_untracked() })]);
            }
        };
        let name = move || words.explain(label);
        view! { <button type="button" class=format!("set ask-why {}", label.letter()) data-testid="explain" data-class=label.letter()
        aria-label=name title=name disabled=move || !learner.idle() || store.analysis.stale.get() on:click=press>{label.letter()}</button> }
    };
    let pick = move |event: leptos::ev::Event| {
        method.set(if event_target_value(&event) == "gradient" { Method::Gradient } else { Method::Integrated });
    };
    let of = move || {
        let i = store.analysis.focus.get()?;
        Some(store.words.token(i + 1, &store.analysis.token_text(i)?))
    };
    let body = move || {
        learner.explained.with(|explained| {
            let (target, attribution) = explained.as_ref()?;
            let heading = words.explained(target.token + 1, target.label);
            Some(format!("<h3>{}</h3>{}", escape(&heading), views::shares(attribution, words)))
        })
    };
    view! {
        <div class="tools">
            <span>{of}</span>
            <span class="setters" role="group" aria-label=words.why>{Label::ALL.map(ask).collect_view()}</span>
            <select data-testid="explain-method" aria-label=words.method on:change=pick>
                <option value="integrated">{words.integrated}</option><option value="gradient">{words.gradient}</option>
            </select>
        </div>
        <div data-testid="explanation" inner_html=body></div>
        <p class="soft small" inner_html=words.why_note></p>
    }
}
