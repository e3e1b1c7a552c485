//! Learning and explaining in the worker: between two layers, or two passes, the event loop gets its turn.

use std::rc::Rc;

use web_time::Instant;

use crate::document::gold::Gold;
use crate::error::Error;
use crate::inference::Engine;
use crate::inference::learning::{AttentionOf, LabelledText, StepOptions, Target};
use crate::model::{Files, Format};
use crate::train::{Attending, Example, Explaining, Tuning, Work};

use super::event_loop::yield_to_event_loop;
use super::protocol::{FromWorker, Progress};
use super::serve::{Shared, pause, send, send_files};
use super::team::Leader;

/// One step on one instance, or on several.
pub(crate) async fn step(
    state: &Shared,
    id: u32,
    examples: &[LabelledText],
    options: StepOptions,
) -> Result<(), Error> {
    pause(state, id).await?; // one that was stopped while it waited is not begun
    let engine = state.borrow().engine.clone().ok_or(Error::NoModel)?;
    let example = |example: &LabelledText| {
        let encoded = engine.text().encode(&example.question, &example.paragraph)?;
        let length = example.paragraph.encode_utf16().count();
        let gold = Gold::from_json(&example.gold)?.over(&encoded.places(&example.paragraph), Some(length))?;
        Ok(Example::of(encoded, gold))
    };
    let instances = examples.iter().map(example).collect::<Result<Vec<_>, Error>>()?;
    if instances.is_empty() {
        return Err(Error::gold("there is no instance to learn from"));
    }
    let mut tuning = take(state, &engine)?;
    let mut work = tuning.step(instances.into(), options);
    let done = drive(state, id, &mut tuning, &mut work, true).await;
    finish(state, id, tuning, work, done)
}

/// The last step taken back. Not to be stopped half-way: what was made must be made again.
pub(crate) async fn undo(state: &Shared, id: u32) -> Result<(), Error> {
    let Some(mut tuning) = state.borrow_mut().tuning.take() else { return reset(state, id) };
    let mut work = tuning.undo()?;
    let done = drive(state, id, &mut tuning, &mut work, false).await;
    if tuning.steps() == 0 && done.is_ok() {
        return reset(state, id);
    }
    finish(state, id, tuning, work, done)
}

/// The model as loaded; the learner's memory is given back.
pub(crate) fn reset(state: &Shared, id: u32) -> Result<(), Error> {
    let engine = {
        let mut state = state.borrow_mut();
        (state.tuned, state.tuning) = (None, None);
        state.engine.clone().ok_or(Error::NoModel)?
    };
    stepped(id, &engine, None, 0)
}

async fn drive(state: &Shared, id: u32, tuning: &mut Tuning, work: &mut Work, may_stop: bool) -> Result<(), Error> {
    let clock = Instant::now();
    while !work.advance(tuning)? {
        // Quick steps need no progress.
        if clock.elapsed().as_millis() > 200 {
            let (loaded, total) = work.progress();
            let progress = Progress { stage: "step".into(), loaded: loaded as u64, total: total as u64 };
            send(&FromWorker::Progress { id, progress }, &[]);
        }
        yield_to_event_loop().await;
        if may_stop && work.is_open() && state.borrow().cancelled.contains(&id) {
            return Err(Error::Aborted);
        }
    }
    Ok(())
}

/// Puts the learner back, whatever came of its work, and reports.
fn finish(state: &Shared, id: u32, tuning: Tuning, work: Work, done: Result<(), Error>) -> Result<(), Error> {
    let loaded = state.borrow().engine.clone().ok_or(Error::NoModel)?;
    let steps = tuning.steps();
    let tuned = (steps > 0).then(|| Rc::new(loaded.with_model(tuning.model().clone())));
    {
        let mut state = state.borrow_mut();
        (state.tuned, state.tuning) = (tuned.clone(), Some(tuning));
    }
    done?;
    stepped(id, &tuned.unwrap_or(loaded), work.finish(), steps)
}

fn stepped(
    id: u32,
    engine: &Engine,
    report: Option<crate::inference::learning::StepReport>,
    steps: usize,
) -> Result<(), Error> {
    let (w, b) = engine.dense()?;
    send(&FromWorker::Stepped { id, report, steps }, &[&w, &b]);
    Ok(())
}

/// An explanation by the model as it is now, in f32.
pub(crate) async fn attribute(
    state: &Shared,
    id: u32,
    (question, paragraph): (&str, &str),
    target: Target,
) -> Result<(), Error> {
    yield_to_event_loop().await;
    let engine = state.borrow().engine.clone().ok_or(Error::NoModel)?;
    let encoded = engine.text().encode(question, paragraph)?;
    // Gradients need plain f32 weights, which a learner has.
    let mut tuning = take(state, &engine)?;
    tuning.rest(); // two records at a time would need twice the memory
    let made = explain(state, id, &engine, &tuning, &encoded, target).await;
    state.borrow_mut().tuning = Some(tuning);
    let attribution = made?.explanation(&encoded, question, paragraph)?;
    send(&FromWorker::Attributed { id, attribution }, &[]);
    Ok(())
}

/// The attention of one layer of the model as it is now, in f32.
pub(crate) async fn attend(
    state: &Shared,
    id: u32,
    (question, paragraph): (&str, &str),
    of: AttentionOf,
) -> Result<(), Error> {
    yield_to_event_loop().await;
    let engine = state.borrow().engine.clone().ok_or(Error::NoModel)?;
    let encoded = engine.text().encode(question, paragraph)?;
    let tuning = take(state, &engine)?;
    let mut made = Attending::new(tuning.model(), &encoded, of);
    let mut weights = Ok(None);
    while let (Ok(work), Ok(None)) = (&mut made, &weights) {
        weights = work.advance(tuning.model());
        if let Err(error) = pause(state, id).await {
            weights = Err(error);
        }
    }
    let sent = made.and_then(|work| {
        let maps = work.maps(tuning.model(), &encoded, question, paragraph);
        send(&FromWorker::Attended { id, maps }, &[&weights?.unwrap_or_default()]);
        Ok(())
    });
    state.borrow_mut().tuning = Some(tuning);
    sent
}

/// What the model as it is now reads in other texts. In f32 from the first time on: what changes afterwards has been learned.
pub(crate) async fn check(state: &Shared, id: u32, texts: &[(String, String)]) -> Result<(), Error> {
    yield_to_event_loop().await;
    let engine = state.borrow().engine.clone().ok_or(Error::NoModel)?;
    let tuning = take(state, &engine)?;
    let reader = engine.with_model(tuning.model().clone());
    state.borrow_mut().tuning = Some(tuning);
    let mut outputs = Vec::new();
    for (question, paragraph) in texts {
        outputs.push(reader.analyse_with(question, paragraph, &mut Leader::alone(state, id)).await?.0);
        let progress = Progress { stage: "check".into(), loaded: outputs.len() as u64, total: texts.len() as u64 };
        send(&FromWorker::Progress { id, progress }, &[]);
    }
    send(&FromWorker::Checked { id, outputs }, &[]);
    Ok(())
}

/// The files of the model as it is now, the weights in f32: a model loaded from them gives the same numbers.
pub(crate) async fn save(state: &Shared, id: u32, zip: bool) -> Result<(), Error> {
    yield_to_event_loop().await;
    let engine = state.borrow().engine.clone().ok_or(Error::NoModel)?;
    let tuning = take(state, &engine)?;
    let weights = tuning.weights().to_bytes(Format::F32);
    state.borrow_mut().tuning = Some(tuning);
    let (config, tokenizer) = state.borrow().sides.clone();
    let files = Files { weights: weights?, config, tokenizer };
    if zip {
        let folder = format!("{}-tuned", engine.info().model);
        send_files(&FromWorker::Saved { id }, &[&files.pack(&folder)?]);
    } else {
        send_files(&FromWorker::Saved { id }, &[&files.weights, &files.config, &files.tokenizer]);
    }
    Ok(())
}

/// The learner, made where there is none yet; whoever takes it puts it back.
fn take(state: &Shared, engine: &Engine) -> Result<Tuning, Error> {
    match state.borrow_mut().tuning.take() {
        Some(tuning) => Ok(tuning),
        None => Tuning::new(engine.model().config.clone(), engine.checkpoint().clone()),
    }
}

async fn explain(
    state: &Shared,
    id: u32,
    engine: &Engine,
    tuning: &Tuning,
    encoded: &crate::tokenize::Encoded,
    target: Target,
) -> Result<Explaining, Error> {
    let mut work = Explaining::new(tuning.model(), encoded, target, engine.text().mask())?;
    let total = work.left() as u64;
    while !work.advance(tuning.model())? {
        let loaded = total - work.left() as u64;
        send(&FromWorker::Progress { id, progress: Progress { stage: "explain".into(), loaded, total } }, &[]);
        pause(state, id).await?;
    }
    Ok(work)
}
