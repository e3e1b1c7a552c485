//! The learner's conversation with a worker of its own, which begins with the first step and ends with the tab: wasm memory
//! never shrinks, and gradients need much of it.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::json;

use crate::analysis::Analysis;
use crate::bio::Dist;
use crate::fault::Fault;
use crate::learning::{Attribution, StepOptions, StepReport, Target};
use crate::web::{Client, Dense, Event, Program};

use super::super::super::session::{base, load};
use super::super::super::state::{Inside, Shown, Store};

/// What the learner is asked to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// One step on the labels on show.
    Step,
    /// The last step taken back.
    Undo,
    /// All steps taken back.
    Reset,
    /// An explanation.
    Explain(Target),
}

/// What it is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Nothing.
    Idle,
    /// Its model is on the way: bytes so far and in all.
    Loading(u64, u64),
    /// A step, or one taken back.
    Stepping,
    /// An explanation: passes so far and in all.
    Explaining(u64, u64),
}

#[derive(Default)]
struct Wire {
    client: Option<Client>,
    /// Name of the model that it has; empty: none yet.
    model: String,
    /// What waits for the model.
    waiting: Option<Action>,
    dense: Option<Arc<Dense>>,
    /// The latest request.
    id: u32,
    asked: (String, String),
}

/// The learner. Copies are handles to the same one.
#[derive(Clone, Copy)]
pub struct Learner {
    pub store: Store,
    /// How steps are made.
    pub options: RwSignal<StepOptions>,
    /// What it is doing.
    pub phase: RwSignal<Phase>,
    /// Steps so far.
    pub reports: RwSignal<Vec<StepReport>>,
    /// The paragraph that was learned from and p of its tokens before the first step on it.
    pub before: RwSignal<Option<(String, Vec<Dist>)>>,
    /// Whether one step follows the other.
    pub playing: RwSignal<bool>,
    /// The latest explanation, and of what.
    pub explained: RwSignal<Option<(Target, Attribution)>>,
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
            explained: RwSignal::new(None),
            wire: StoredValue::new_local(Wire::default()),
        };
        on_cleanup(move || {
            let tuned = learner.end();
            if tuned {
                // Every view goes back to the model as shipped.
                store.analyse();
            }
        });
        learner
    }

    /// Ends the worker; whether its model had changed.
    fn end(self) -> bool {
        if let Some(client) = self.wire.try_update_value(|w| std::mem::take(w).client).flatten() {
            client.close();
        }
        self.reports.try_get_untracked().is_some_and(|reports| !reports.is_empty())
    }

    /// Whether it can be asked now.
    pub fn idle(self) -> bool {
        self.phase.get() == Phase::Idle
    }

    /// Does it, once the model is there.
    pub fn ask(self, action: Action) {
        let model = self.store.model();
        if self.wire.with_value(|w| w.client.is_some() && w.model != model) {
            // Another model was chosen meanwhile: what was learned was the earlier one's.
            self.end();
            self.clear();
        }
        if self.wire.with_value(|w| !w.model.is_empty()) {
            return self.perform(action);
        }
        self.phase.set(Phase::Loading(0, 0));
        match Client::start(&base(), Program::Learner, move |event| self.hear(event)) {
            Ok(client) => {
                let id = load(self.store, &client);
                self.wire
                    .update_value(|w| *w = Wire { client: Some(client), waiting: Some(action), id, ..Wire::default() });
            }
            Err(fault) => self.fail(fault),
        }
    }

    fn clear(self) {
        self.reports.try_set(Vec::new());
        self.before.try_set(None);
        self.explained.try_set(None);
    }

    fn perform(self, action: Action) {
        let Some(client) = self.wire.with_value(|w| w.client.clone()) else { return };
        let Some(shown) = self.store.shown.get_untracked() else { return };
        let (question, paragraph) = (shown.question.clone(), shown.paragraph.clone());
        self.phase.set(Phase::Stepping);
        let id = match action {
            Action::Step => {
                let Some(gold) = self.store.gold.get_untracked().known() else {
                    self.phase.set(Phase::Idle);
                    return self.playing.set(false);
                };
                if self.before.with_untracked(|b| b.as_ref().is_none_or(|(text, _)| *text != paragraph)) {
                    let p = shown.analysis.tokens.iter().map(|t| t.p).collect();
                    self.before.set(Some((paragraph.clone(), p)));
                }
                let gold = json!({"tokens": gold.t}).to_string();
                client.step(&question, &paragraph, &gold, self.options.get_untracked())
            }
            Action::Undo => client.undo(),
            Action::Reset => client.reset(),
            Action::Explain(target) => {
                self.phase.set(Phase::Explaining(0, 0));
                self.explained.set(None);
                client.attribute(&question, &paragraph, target)
            }
        };
        self.wire.update_value(|w| (w.id, w.asked, w.waiting) = (id, (question, paragraph), Some(action)));
    }

    /// Stops what runs; a step that was made stays.
    pub fn stop(self) {
        self.playing.set(false);
        let running = self.wire.with_value(|w| w.client.clone().map(|client| (client, w.id)));
        if let Some((client, id)) = running.filter(|_| self.phase.get_untracked() != Phase::Idle) {
            client.cancel(id);
        }
    }

    fn hear(self, event: Event) {
        let Some(id) = self.wire.try_with_value(|w| w.id) else { return };
        match event {
            Event::Progress { id: of, progress } if of == id => {
                let phase = match progress.stage.as_str() {
                    "explain" => Phase::Explaining(progress.loaded, progress.total),
                    _ => Phase::Loading(progress.loaded, progress.total),
                };
                self.phase.try_set(phase);
            }
            Event::Ready { dense, .. } => {
                let model = self.store.model();
                let waiting = self.wire.try_update_value(|w| {
                    (w.model, w.dense) = (model, Some(dense.into()));
                    w.waiting.take()
                });
                match waiting.flatten() {
                    Some(action) => self.perform(action),
                    None => drop(self.phase.try_set(Phase::Idle)),
                }
            }
            Event::Stepped { id: of, report, steps, dense } if of == id => {
                self.wire.update_value(|w| w.dense = Some(dense.into()));
                self.reports.update(|reports| {
                    reports.truncate(if report.is_some() { steps.saturating_sub(1) } else { steps });
                    reports.extend(report);
                });
                self.explained.try_set(None);
                if self.reports.with_untracked(|r| r.last().is_some_and(|r| !r.loss_after.is_finite())) {
                    return self.fail(Fault::Diverged); // Undo is still there
                }
                // Every view shows the model as it is now.
                let Some((client, (question, paragraph))) =
                    self.wire.with_value(|w| w.client.clone().map(|client| (client, w.asked.clone())))
                else {
                    return;
                };
                let id = client.analyse(&question, &paragraph);
                self.wire.update_value(|w| w.id = id);
            }
            Event::Analysed { id: of, reading, hidden } if of == id => {
                let Some(((question, paragraph), Some(dense))) =
                    self.wire.try_with_value(|w| (w.asked.clone(), w.dense.clone()))
                else {
                    return;
                };
                let decoder = self.store.document.with_untracked(|d| d.decoder);
                let analysis = Analysis::new(&paragraph, reading, decoder);
                let (model, tuned) = (self.store.model(), self.reports.with_untracked(Vec::len));
                let shown = Shown { question, paragraph, analysis, model, stored: false, tuned };
                self.store.show(shown, Inside { hidden, dense });
                self.phase.try_set(Phase::Idle);
                if self.playing.get_untracked() {
                    // Not at once: the page is painted first.
                    request_animation_frame(move || {
                        if self.playing.try_get_untracked() == Some(true) && self.phase.get_untracked() == Phase::Idle {
                            self.ask(Action::Step);
                        }
                    });
                }
            }
            Event::Attributed { id: of, attribution } if of == id => {
                if let Some(Some(Action::Explain(target))) = self.wire.try_with_value(|w| w.waiting) {
                    self.explained.try_set(Some((target, attribution)));
                }
                self.phase.try_set(Phase::Idle);
            }
            Event::Failed { id: of, fault } if of == id || of == 0 => self.fail(fault),
            _ => {}
        }
    }

    fn fail(self, fault: Fault) {
        self.playing.try_set(false);
        self.phase.try_set(Phase::Idle);
        if matches!(fault, Fault::WorkerDied { .. }) || self.wire.try_with_value(|w| w.model.is_empty()) == Some(true) {
            // Not now: this very call may come from a closure that ending the worker drops.
            let again = move || {
                if self.end() {
                    self.store.analyse();
                }
                self.clear();
            };
            set_timeout(again, std::time::Duration::ZERO);
        }
        if fault != Fault::Aborted {
            self.store.fault.try_set(Some(fault));
        }
    }
}
