//! Learning and explaining in the worker: between two layers, or two passes, the event loop gets its turn.

use std::rc::Rc;
use std::sync::Arc;

use super::breath::breathe;
use super::worker::{Shared, send};
use crate::engine::Engine;
use crate::fault::Fault;
use crate::gold::Gold;
use crate::learning::{StepOptions, Target};
use crate::protocol::{FromWorker, Progress};
use crate::train::{Example, Explaining, Tuning, Work};

/// One step on one instance.
pub(super) async fn step(
    state: &Shared,
    id: u32,
    (question, paragraph): (&str, &str),
    gold: &str,
    options: StepOptions,
) -> Result<(), Fault> {
    breathe().await;
    let engine = state.borrow().engine.clone().ok_or(Fault::NoModel)?;
    let encoded = engine.text().encode(question, paragraph)?;
    let gold = Gold::from_json(gold)?.over(&encoded.places(paragraph))?;
    let example = Arc::new(Example::of(encoded, gold));
    let mut tuning = match state.borrow_mut().tuning.take() {
        Some(tuning) => tuning,
        None => Tuning::new(engine.model().config.clone(), engine.checkpoint().clone())?,
    };
    let mut work = tuning.step(example, options);
    let done = drive(state, id, &mut tuning, &mut work).await;
    finish(state, id, tuning, work, done)
}

/// The last step taken back.
pub(super) async fn undo(state: &Shared, id: u32) -> Result<(), Fault> {
    let Some(mut tuning) = state.borrow_mut().tuning.take() else { return reset(state, id) };
    let mut work = tuning.undo()?;
    // Not to be stopped half-way: what was made must be made again.
    let done = drive(state, 0, &mut tuning, &mut work).await;
    if tuning.steps() == 0 && done.is_ok() {
        return reset(state, id);
    }
    finish(state, id, tuning, work, done)
}

/// The model as loaded; the learner's memory is given back.
pub(super) fn reset(state: &Shared, id: u32) -> Result<(), Fault> {
    let engine = {
        let mut state = state.borrow_mut();
        (state.tuned, state.tuning) = (None, None);
        state.engine.clone().ok_or(Fault::NoModel)?
    };
    stepped(id, &engine, None, 0)
}

async fn drive(state: &Shared, id: u32, tuning: &mut Tuning, work: &mut Work) -> Result<(), Fault> {
    while !work.advance(tuning)? {
        breathe().await;
        if work.is_open() && state.borrow().cancelled.contains(&id) {
            return Err(Fault::Aborted);
        }
    }
    Ok(())
}

/// Puts the learner back, whatever came of its work, and reports.
fn finish(state: &Shared, id: u32, tuning: Tuning, work: Work, done: Result<(), Fault>) -> Result<(), Fault> {
    let loaded = state.borrow().engine.clone().ok_or(Fault::NoModel)?;
    let steps = tuning.steps();
    let tuned = (steps > 0).then(|| Rc::new(loaded.with_model(tuning.model().clone())));
    {
        let mut state = state.borrow_mut();
        (state.tuned, state.tuning) = (tuned.clone(), Some(tuning));
    }
    done?;
    stepped(id, &tuned.unwrap_or(loaded), work.finish(), steps)
}

fn stepped(id: u32, engine: &Engine, report: Option<crate::learning::StepReport>, steps: usize) -> Result<(), Fault> {
    let (w, b) = engine.dense()?;
    send(&FromWorker::Stepped { id, report, steps }, &[&w, &b]);
    Ok(())
}

/// An explanation by the model as it is now, in f32.
pub(super) async fn attribute(
    state: &Shared,
    id: u32,
    (question, paragraph): (&str, &str),
    target: Target,
) -> Result<(), Fault> {
    breathe().await;
    let engine = state.borrow().engine.clone().ok_or(Fault::NoModel)?;
    let encoded = engine.text().encode(question, paragraph)?;
    // Gradients need plain f32 weights, which a learner has; one that exists only for this goes again.
    let tuning = match state.borrow_mut().tuning.take() {
        Some(tuning) => tuning,
        None => Tuning::new(engine.model().config.clone(), engine.checkpoint().clone())?,
    };
    let made = explain(state, id, &engine, &tuning, &encoded, target).await;
    if tuning.steps() > 0 {
        state.borrow_mut().tuning = Some(tuning);
    }
    let attribution = made?.explanation(&encoded, question, paragraph)?;
    send(&FromWorker::Attributed { id, attribution }, &[]);
    Ok(())
}

async fn explain(
    state: &Shared,
    id: u32,
    engine: &Engine,
    tuning: &Tuning,
    encoded: &crate::text::Encoded,
    target: Target,
) -> Result<Explaining, Fault> {
    let mut work = Explaining::new(tuning.model(), encoded, target, engine.text().mask())?;
    let total = work.left() as u64;
    while !work.advance(tuning.model())? {
        let loaded = total - work.left() as u64;
        send(&FromWorker::Progress { id, progress: Progress { stage: "explain".into(), loaded, total } }, &[]);
        breathe().await;
        if state.borrow().cancelled.contains(&id) {
            return Err(Fault::Aborted);
        }
    }
    Ok(work)
}
