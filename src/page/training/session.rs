//! The learner's conversation with a worker of its own, which begins with the first request and ends with the tab: wasm memory
//! never shrinks, and gradients need much of it. Wishes wait in a queue; one is seen to at a time.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::json;

use crate::bio::Dist;
use crate::document::same_text;
use crate::error::Error;
use crate::inference::Analysis;
use crate::inference::learning::{AttentionOf, Attribution, LabelledText, Mode, StepOptions, StepReport, Target};
use crate::page::state::analysis::{Inside, Shown};
use crate::page::state::session::load;
use crate::page::state::store::Store;
use crate::worker::{Client, Dense, Event};

use super::attention::Attention;
use super::compare::{self, Run};
use super::held_out::{self, Answered};
use super::predict::Prediction;

/// What the learner is asked to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// One step on the labels on show, or on the collected instances; the mode is the chosen one unless said.
    Step(Option<Mode>),
    /// One of the steps that a worker which died had made, by its number.
    Again(usize),
    /// The last step taken back.
    Undo,
    /// All steps taken back.
    Reset,
    /// The document's text read by the model as it is now, and shown.
    Read,
    /// The other questions read by it.
    Check,
    /// The same before anything was learned, once.
    CheckFirst,
    /// What the steps so far came to is kept for comparison.
    Keep(Mode),
    /// An explanation.
    Explain(Target),
    /// A layer's attention.
    Attend(AttentionOf),
    /// The model as it is now, as a file.
    Save,
}

/// What it is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Nothing.
    Idle,
    /// Its model is on the way: bytes so far and in all.
    Loading(u64, u64),
    /// That, and how far it is: parts done, and in all; 0 while unknown.
    Working(Action, u64, u64),
}

#[derive(Default)]
struct Wire {
    client: Option<Client>,
    /// Whether the worker has its model.
    ready: bool,
    /// The request under way.
    id: u32,
    /// The text that it is about.
    asked: (String, String),
    dense: Option<Arc<Dense>>,
    queue: VecDeque<Action>,
    /// The step under way, and those that the model has behind it.
    step: Option<Made>,
    made: Vec<Made>,
    /// What a new worker has to make again, until it has.
    again: Vec<Made>,
    /// What the worker before died of, until this one gets past that.
    died_of: Option<Action>,
}

/// What a step learns from, and how. Made again from the same weights, it gives the same weights.
type Made = (Vec<LabelledText>, StepOptions);

/// The text on show with its gold labels, to learn from.
pub fn on_show(store: Store) -> Option<LabelledText> {
    let (shown, gold) = store.analysis.labelled()?;
    let (question, paragraph) = (shown.question.clone(), shown.paragraph.clone());
    Some(LabelledText { question, paragraph, gold: json!({ "tokens": gold.t }).to_string() })
}

/// Learning, as the tab sees it.
#[derive(Clone, Copy)]
pub struct Learner {
    pub store: Store,
    /// How the next step is to be made.
    pub options: RwSignal<StepOptions>,
    pub phase: RwSignal<Phase>,
    /// The steps since the shipped weights.
    pub reports: RwSignal<Vec<StepReport>>,
    /// p before the first of them, and the paragraph that it is of.
    pub before: RwSignal<Option<(String, Vec<Dist>)>>,
    /// Whether step follows step.
    pub playing: RwSignal<bool>,
    /// What was foretold of the next step, or of the last one.
    pub prediction: RwSignal<Option<Prediction>>,
    /// The other questions: as the shipped model reads them, and as the model does now.
    pub held_out: RwSignal<(Vec<Answered>, Vec<Answered>)>,
    /// Head only and joint, as far as they were compared.
    pub runs: RwSignal<Vec<Run>>,
    /// What is explained.
    pub explained: RwSignal<Option<(Target, Attribution)>>,
    /// The attention on show.
    pub attention: RwSignal<Option<Arc<Attention>>>,
    wire: StoredValue<Wire, LocalStorage>,
}

impl Learner {
    pub fn new(store: Store) -> Learner {
        let learner = Learner {
            store,
            options: RwSignal::new(StepOptions::default()),
            phase: RwSignal::new(Phase::Idle),
            reports: RwSignal::new(Vec::new()),
            before: RwSignal::new(None),
            playing: RwSignal::new(false),
            prediction: RwSignal::new(None),
            held_out: RwSignal::default(),
            runs: RwSignal::new(Vec::new()),
            explained: RwSignal::new(None),
            attention: RwSignal::new(None),
            wire: StoredValue::new_local(Wire::default()),
        };
        Effect::watch(
            move || store.engine.choices.get(),
            move |_, _, _| {
                // What was learned was the earlier model's; the new one reads the text as soon as it is there.
                learner.end();
                learner.clear();
                learner.phase.set(Phase::Idle);
                learner.playing.set(false);
            },
            false,
        );
        on_cleanup(move || {
            if learner.end() {
                // Every view goes back to the model as shipped.
                store.analyse();
            }
        });
        learner
    }

    /// Ends the worker; whether its model had changed.
    fn end(self) -> bool {
        self.store.engine.session.try_update_value(|s| s.reader = None);
        if let Some(client) = self.wire.try_update_value(|w| std::mem::take(w).client).flatten() {
            client.close();
        }
        self.reports.try_get_untracked().is_some_and(|reports| !reports.is_empty())
    }

    /// Whether it can be asked for steps now: it rests, or does what can wait or is soon done.
    pub fn free(self) -> bool {
        let soon = matches!(self.phase.get(), Phase::Working(Action::Check | Action::Read, ..));
        (soon && self.wire.with_value(|w| w.queue.is_empty())) || self.idle()
    }

    /// Whether nothing goes on.
    pub fn idle(self) -> bool {
        self.phase.get() == Phase::Idle
    }

    /// One step, then its consequences on every view; of the other questions too, unless more steps follow.
    pub fn step(self) {
        let check = if self.playing.get_untracked() { None } else { Some(Action::Check) };
        let wanted = [Action::CheckFirst, Action::Step(None), Action::Read];
        self.ask(&wanted.into_iter().chain(check).collect::<Vec<_>>());
    }

    /// Does it, once the model is there and what was asked before is done.
    pub fn ask(self, actions: &[Action]) {
        self.wire.update_value(|w| {
            for action in actions {
                if w.queue.back() != Some(&Action::Read) || *action != Action::Read {
                    w.queue.push_back(*action);
                }
            }
        });
        if self.wire.with_value(|w| w.ready) {
            match self.phase.get_untracked() {
                Phase::Idle => self.next(),
                Phase::Working(Action::Check, ..) => self.cancel(),
                _ => {}
            }
            return;
        }
        if self.wire.with_value(|w| w.client.is_some()) {
            return; // its model is on the way
        }
        self.phase.set(Phase::Loading(0, 0));
        match Client::start(Some(1), move |event| self.on_event(event)) {
            Ok(client) => {
                let id = load(self.store, &client);
                self.wire.update_value(|w| (w.client, w.id) = (Some(client), id));
            }
            Err(error) => self.fail(error),
        }
    }

    fn clear(self) {
        self.reports.try_set(Vec::new());
        self.before.try_set(None);
        self.prediction.try_set(None);
        self.held_out.try_set(Default::default());
        self.runs.try_set(Vec::new());
        self.explained.try_set(None);
        self.attention.try_set(None);
    }

    /// The instances that a step learns from: the collected ones, or the text on show with its labels.
    fn examples(self) -> Vec<LabelledText> {
        let collected = self.store.learning.get_untracked();
        if collected.is_empty() { untrack(|| on_show(self.store)).into_iter().collect() } else { collected }
    }

    /// Whether the document's text is not the one on show: a link was opened, say, and it is still to be read.
    fn unread(self) -> bool {
        let document = self.store.editor.document;
        let same = |shown: &Arc<Shown>| document.with_untracked(|d| same_text(shown.text(), d.text()));
        self.store.analysis.shown.with_untracked(|shown| !shown.as_ref().is_some_and(same))
    }

    /// Drops what waits, but not the reading of a text that is not on show yet: nobody would ask for it again.
    fn drop_waiting(self) {
        let unread = self.unread();
        self.wire.update_value(|w| w.queue.retain(|action| unread && *action == Action::Read));
    }

    /// Drops explanations that wait: their token is one of a text that is not on show any more.
    pub fn drop_explanations(self) {
        self.explained.set(None);
        self.attention.set(None);
        self.wire.update_value(|w| w.queue.retain(|a| !matches!(a, Action::Explain(_) | Action::Attend(_))));
    }

    /// Whether what the worker was asked about is still on show.
    fn asked_is_shown(self) -> bool {
        let shown = self.store.analysis.shown.try_get_untracked().flatten();
        self.wire.with_value(|w| shown.is_some_and(|shown| shown.text() == (&*w.asked.0, &*w.asked.1)))
    }

    /// Begins the next action of the queue, if there is one.
    fn next(self) {
        let Some(action) = self.wire.try_update_value(|w| w.queue.pop_front()).flatten() else {
            self.phase.try_set(Phase::Idle);
            if self.playing.try_get_untracked() == Some(true) {
                // Not at once: the page is painted first.
                request_animation_frame(move || {
                    if self.playing.try_get_untracked() == Some(true) && self.phase.get_untracked() == Phase::Idle {
                        self.step();
                    }
                });
            }
            return;
        };
        let Some(client) = self.wire.with_value(|w| w.client.clone()) else { return };
        // None after a link was opened, until its text is read; most requests do without.
        let shown = self.store.analysis.shown.get_untracked();
        let (mut question, mut paragraph) =
            shown.as_ref().map(|s| (s.question.clone(), s.paragraph.clone())).unwrap_or_default();
        self.phase.set(Phase::Working(action, 0, 0));
        let past =
            self.wire.with_value(|w| w.died_of.is_some_and(|of| of != action)) && !matches!(action, Action::Again(_));
        if past {
            self.wire.update_value(|w| w.died_of = None);
            if self.store.error.with_untracked(|e| matches!(e, Some(Error::WorkerDied { .. }))) {
                self.store.error.set(None);
            }
        }
        let id = match action {
            Action::Step(mode) => {
                let examples = self.examples();
                if examples.is_empty() || super::no_rate(self.options.get_untracked()) {
                    self.playing.set(false);
                    self.drop_waiting();
                    return self.next();
                }
                if let Some(shown) = &shown
                    && self.before.with_untracked(|b| b.as_ref().is_none_or(|(text, _)| *text != paragraph))
                {
                    let p = shown.analysis.tokens.iter().map(|t| t.p).collect();
                    self.before.set(Some((paragraph.clone(), p)));
                }
                let options = self.options.get_untracked();
                let options = match mode {
                    // A rate that was typed is meant for the chosen mode.
                    Some(mode) if mode != options.mode => StepOptions { mode, learning_rate: None, ..options },
                    _ => options,
                };
                let id = client.step(&examples, options);
                self.wire.update_value(|w| w.step = Some((examples, options)));
                id
            }
            Action::Again(k) => {
                let Some((examples, options)) = self.wire.with_value(|w| w.again.get(k).cloned()) else {
                    return self.next();
                };
                let id = client.step(&examples, options);
                self.wire.update_value(|w| w.step = Some((examples, options)));
                id
            }
            Action::Undo => client.undo(),
            Action::Reset => client.reset(),
            Action::Read => {
                if self.store.text_error().is_some() {
                    return self.next();
                }
                (question, paragraph) =
                    self.store.editor.document.with_untracked(|d| (d.question.clone(), d.paragraph.clone()));
                client.analyse(&question, &paragraph)
            }
            Action::CheckFirst
                if self.held_out.with_untracked(|h| !h.0.is_empty()) || !self.reports.with_untracked(Vec::is_empty) =>
            {
                return self.next();
            }
            Action::Check | Action::CheckFirst => {
                let texts = if action == Action::CheckFirst {
                    held_out::choose(&paragraph)
                } else {
                    self.held_out.with_untracked(|(shipped, _)| shipped.iter().map(Answered::text).collect())
                };
                if texts.is_empty() {
                    return self.next();
                }
                client.check(&texts)
            }
            Action::Keep(mode) => {
                let (reports, held_out) = (self.reports.get_untracked(), self.held_out.with_untracked(|h| h.1.clone()));
                self.runs.update(|runs| runs.push(Run { mode, reports, held_out }));
                return self.next();
            }
            Action::Explain(_) | Action::Attend(_) if shown.is_none() => return self.next(),
            Action::Explain(target) => {
                self.explained.set(None);
                client.attribute(&question, &paragraph, target)
            }
            Action::Attend(of) => client.attend(&question, &paragraph, of),
            Action::Save => client.save(true),
        };
        self.wire.update_value(|w| (w.id, w.asked) = (id, (question, paragraph)));
    }

    /// Ten steps of the head alone and ten of everything, each from the shipped weights.
    pub fn compare(self) {
        self.runs.set(Vec::new());
        self.ask(&compare::script());
    }

    /// Makes steps until it is stopped.
    pub fn play(self) {
        self.playing.set(true);
        self.held_out.update(|(_, now)| now.clear()); // looked at again when it stops
        self.step();
    }

    /// Stops what runs and what waits; a step that was made stays, and after several its consequences for the other questions
    /// are looked at.
    pub fn stop(self) {
        let played = self.playing.get_untracked() && self.reports.with_untracked(|reports| !reports.is_empty());
        self.playing.set(false);
        self.drop_waiting();
        self.wire.update_value(|w| {
            w.queue.extend(played.then_some(Action::Check));
            w.again.clear();
        });
        match self.phase.get_untracked() {
            Phase::Working(..) => self.cancel(),
            Phase::Idle if played => self.next(),
            _ => {}
        }
    }

    fn cancel(self) {
        if let Some((client, id)) = self.wire.with_value(|w| w.client.clone().map(|client| (client, w.id))) {
            client.cancel(id);
        }
    }

    fn on_event(self, event: Event) {
        let Some(id) = self.wire.try_with_value(|w| w.id) else { return };
        let phase = self.phase.try_get_untracked().unwrap_or(Phase::Idle);
        match event {
            Event::Progress { id: of, progress } if of == id => {
                let phase = match phase {
                    Phase::Working(action, ..) => Phase::Working(action, progress.loaded, progress.total),
                    _ => Phase::Loading(progress.loaded, progress.total),
                };
                self.phase.try_set(phase);
            }
            Event::Ready { dense, .. } => {
                self.wire.try_update_value(|w| (w.ready, w.dense) = (true, Some(dense.into())));
                self.next();
            }
            Event::Stepped { id: of, report, steps, dense } if of == id => {
                self.wire.update_value(|w| {
                    w.dense = Some(dense.into());
                    w.made.truncate(if report.is_some() { steps.saturating_sub(1) } else { steps });
                    if report.is_some() {
                        w.made.extend(w.step.take());
                    }
                    if w.made.len() == w.again.len() {
                        w.again.clear();
                    }
                });
                self.reports.update(|reports| {
                    reports.truncate(if report.is_some() { steps.saturating_sub(1) } else { steps });
                    reports.extend(report);
                });
                self.explained.try_set(None);
                self.attention.try_set(None);
                // From now on it is this model that reads what the page wants read.
                let read: Option<Rc<dyn Fn()>> =
                    (steps > 0).then(|| Rc::new(move || self.ask(&[Action::Read])) as Rc<dyn Fn()>);
                self.store.engine.session.try_update_value(|s| s.reader = read);
                if self.reports.with_untracked(|r| r.last().is_some_and(|r| !r.loss_after.is_finite())) {
                    return self.fail(Error::Diverged); // Undo is still there
                }
                if self.store.error.with_untracked(|e| matches!(e, Some(Error::Diverged))) {
                    self.store.error.set(None); // undone
                }
                self.next();
            }
            Event::Analysed { id: of, output, hidden } if of == id => {
                let Some(((question, paragraph), Some(dense))) =
                    self.wire.try_with_value(|w| (w.asked.clone(), w.dense.clone()))
                else {
                    return;
                };
                let decoder = self.store.editor.document.with_untracked(|d| d.decoder);
                let analysis = Analysis::new(&paragraph, output, decoder);
                let (model, tuned) = (self.store.model(), self.reports.with_untracked(Vec::len));
                let shown = Shown { question, paragraph, analysis, model, stored: false, tuned };
                self.prediction.update(|p| {
                    if let Some(p) = p {
                        p.reveal(&shown);
                    }
                });
                self.store.show(shown, Inside { hidden, dense });
                self.next();
                self.store.catch_up();
            }
            Event::Checked { id: of, outputs } if of == id => {
                if let Phase::Working(Action::CheckFirst, ..) = phase {
                    let texts = self.wire.with_value(|w| held_out::choose(&w.asked.1));
                    let shipped = held_out::answered(&texts, outputs);
                    self.held_out.try_set((shipped, Vec::new()));
                } else {
                    self.held_out.update(|(shipped, now)| {
                        let texts: Vec<_> = shipped.iter().map(Answered::text).collect();
                        *now = held_out::answered(&texts, outputs);
                    });
                }
                self.next();
            }
            Event::Attributed { id: of, attribution } if of == id => {
                if let Phase::Working(Action::Explain(target), ..) = phase
                    && self.asked_is_shown()
                {
                    self.explained.try_set(Some((target, attribution)));
                }
                self.next();
            }
            Event::Attended { id: of, maps, weights } if of == id => {
                if let Phase::Working(Action::Attend(of), ..) = phase
                    && self.asked_is_shown()
                {
                    self.attention.try_set(Some(Arc::new(Attention { of, maps, weights: weights.to_vec() })));
                }
                self.next();
            }
            Event::Saved { id: of, files } if of == id => {
                let name = format!("{}-tuned.zip", self.store.model());
                if let Some(file) = files.first() {
                    self.store.download(&name, "application/zip", file);
                }
                self.next();
            }
            Event::Failed { id: of, error: Error::Aborted } if of == id => {
                match phase {
                    Phase::Working(Action::Step(_), ..) => drop(self.playing.try_set(false)),
                    // Of the steps that were to be made again the model has only some.
                    Phase::Working(Action::Again(_), ..) => {
                        let made = self.wire.with_value(|w| w.made.len());
                        self.reports.update(|reports| reports.truncate(made));
                        self.wire.update_value(|w| w.queue.push_front(Action::Read));
                    }
                    _ => {}
                }
                self.next();
            }
            Event::Failed { id: of, error } if of == id || of == 0 => self.fail(error),
            _ => {}
        }
    }

    /// Says what went wrong. A worker that died gives way to a new one, which first makes the steps again that were made, and then
    /// does what it died of, once: a browser's faults come and go. Where it dies of that again, for lack of memory perhaps, the
    /// steps alone are made; where that fails too, everything goes back to the model as shipped.
    fn fail(self, error: Error) {
        self.playing.try_set(false);
        let phase = self.phase.try_get_untracked();
        let (queue, repeating, died_of) = self
            .wire
            .try_update_value(|w| {
                let repeating = !std::mem::take(&mut w.again).is_empty();
                (std::mem::take(&mut w.queue), repeating, w.died_of.take())
            })
            .unwrap_or_default();
        let died = matches!(error, Error::WorkerDied { .. });
        if !died && self.wire.try_with_value(|w| w.ready) != Some(false) {
            self.phase.try_set(Phase::Idle);
            self.store.error.try_set(Some(error));
            if queue.contains(&Action::Read) && self.unread() {
                self.ask(&[Action::Read]);
            }
            return;
        }
        let under_way = match phase {
            Some(Phase::Working(action, ..)) => Some(action),
            _ => None,
        };
        let wanted = under_way.into_iter().chain(queue).collect::<Vec<_>>();
        let once_more = died && !repeating && !wanted.is_empty() && wanted.first() != died_of.as_ref();
        // Not now: this very call may come from a closure that ending the worker drops. Until then it does not rest: a step that is
        // asked for now would go to the dead worker.
        self.phase.try_set(Phase::Loading(0, 0));
        let anew = move || {
            let (made, asked) = self
                .wire
                .try_update_value(|w| (std::mem::take(&mut w.made), std::mem::take(&mut w.queue)))
                .unwrap_or_default();
            let learned = self.end();
            let made = if died && !repeating { made } else { Vec::new() };
            if once_more || !made.is_empty() {
                self.explained.try_set(None);
                self.attention.try_set(None);
                let steps = (0..made.len()).map(Action::Again);
                let then = if once_more { wanted.clone() } else { vec![Action::Read] };
                let died_of = once_more.then(|| wanted[0]);
                self.wire.update_value(|w| (w.again, w.died_of) = (made, died_of));
                self.ask(&steps.chain(then).chain(asked).collect::<Vec<_>>());
            } else {
                self.phase.try_set(Phase::Idle);
                if learned {
                    self.store.analyse();
                }
                self.clear();
            }
            // What is read next must not take the message away.
            self.store.error.try_set(Some(error.clone()));
        };
        set_timeout(anew, std::time::Duration::ZERO);
    }
}
