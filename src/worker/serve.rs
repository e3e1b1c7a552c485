//! The worker's loop: messages come in, one request runs at a time, and between two layers the event
//! loop gets its turn, so that a cancellation is heard while an analysis runs.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Float32Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, MessageEvent};
use web_time::Instant;

use crate::bio::Decoder;
use crate::error::Error;
use crate::inference::{Analysis, Engine, milliseconds};
use crate::model::Files;

use super::event_loop::yield_to_event_loop;
use super::protocol::{FromWorker, Progress, ToWorker};
use super::team::{Helpers, Leader};
use super::{data, download, learner, scope, team, words};

/// A request that waits, with the arrays that came beside it.
type Waiting = (ToWorker, Vec<Uint8Array>);

/// The worker's state.
#[derive(Default)]
pub(crate) struct State {
    /// The model as loaded.
    pub engine: Option<Rc<Engine>>,
    /// The model as learning has changed it.
    pub tuned: Option<Rc<Engine>>,
    /// The learner, from its first step on; out while it works.
    pub tuning: Option<crate::train::Tuning>,
    /// `config.json` and `tokenizer.json`, for saving what was learned.
    pub sides: (Vec<u8>, Vec<u8>),
    queue: VecDeque<Waiting>,
    /// Requests that are to stop.
    pub cancelled: HashSet<u32>,
    /// The download under way, so that it can be stopped.
    download: Option<(u32, AbortController)>,
    busy: bool,
    /// Those who analyse together with this worker.
    pub helpers: Option<Rc<Helpers>>,
}

impl State {
    /// Whether a request is under way.
    pub fn busy(&self) -> bool {
        self.busy
    }
}

/// The worker's state, shared by its tasks.
pub(crate) type Shared = Rc<RefCell<State>>;

/// Listens for requests as long as the worker lives.
pub fn serve() {
    console_error_panic_hook::set_once();
    if team::asked_to_help() {
        return team::serve();
    }
    let state = Shared::default();
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| match receive(&message.data()) {
            Ok(request) => accept(&state, request),
            Err(why) => fail(0, Error::Internal { why }),
        });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // lives as long as the worker
    send(&FromWorker::Here, &[]);
}

fn receive(data: &JsValue) -> Result<Waiting, String> {
    let parcel: &Array = data.dyn_ref().ok_or("the page sent something that is no parcel")?;
    let text = parcel.get(0).as_string().ok_or("a parcel begins with a text")?;
    let request = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let arrays = parcel.iter().skip(1).map(|array| array.dyn_into().map_err(words));
    Ok((request, arrays.collect::<Result<_, _>>()?))
}

fn accept(state: &Shared, request: Waiting) {
    match request.0 {
        ToWorker::Cancel { id } => {
            let mut state = state.borrow_mut();
            state.cancelled.insert(id);
            if let Some((_, controller)) = state.download.as_ref().filter(|(running, _)| *running == id) {
                controller.abort();
            }
            return;
        }
        ToWorker::Ping => return send(&FromWorker::Here, &[]),
        _ => {}
    }
    state.borrow_mut().queue.push_back(request);
    if !state.borrow().busy {
        state.borrow_mut().busy = true;
        let state = state.clone();
        spawn_local(async move {
            loop {
                let next = state.borrow_mut().queue.pop_front();
                let Some((request, arrays)) = next else { break };
                answer(&state, request, &arrays).await;
            }
            let mut state = state.borrow_mut();
            state.busy = false;
            state.cancelled.clear(); // ids are never used twice, so old ones need not be kept
        });
    }
}

async fn answer(state: &Shared, request: ToWorker, arrays: &[Uint8Array]) {
    let (id, done) = match request {
        ToWorker::LoadShipped { id, name, base, workers } => (id, load_shipped(state, id, &base, &name, workers).await),
        ToWorker::LoadOwn { id, workers } => (id, load_own(state, id, arrays, workers).await),
        ToWorker::Analyse { id, question, paragraph, decode } => {
            (id, analyse(state, id, &question, &paragraph, decode).await)
        }
        ToWorker::Step { id, examples, options } => (id, learner::step(state, id, &examples, options).await),
        ToWorker::Undo { id } => (id, learner::undo(state, id).await),
        ToWorker::Reset { id } => (id, learner::reset(state, id)),
        ToWorker::Attribute { id, question, paragraph, target } => {
            (id, learner::attribute(state, id, (&question, &paragraph), target).await)
        }
        ToWorker::Attend { id, question, paragraph, of } => {
            (id, learner::attend(state, id, (&question, &paragraph), of).await)
        }
        ToWorker::Check { id, texts } => (id, learner::check(state, id, &texts).await),
        ToWorker::Save { id, zip } => (id, learner::save(state, id, zip).await),
        ToWorker::Parse { id, names, options } => return data::parse(state, id, &names, &options, arrays).await,
        ToWorker::Serialise { id, records, format, archive } => {
            return data::serialise(id, records, format, archive.as_deref());
        }
        ToWorker::Cancel { .. } | ToWorker::Ping => return, // heard on arrival
    };
    if let Err(error) = done {
        fail(id, error);
    }
}

async fn load_shipped(state: &Shared, id: u32, base: &str, name: &str, workers: Option<usize>) -> Result<(), Error> {
    pause(state, id).await?; // as in `analyse`
    let progress = |progress| send(&FromWorker::Progress { id, progress }, &[]);
    let controller = AbortController::new().map_err(|e| Error::Internal { why: words(e) })?;
    let stop = controller.signal();
    state.borrow_mut().download = Some((id, controller));
    let files = download::model(base, name, &stop, progress).await;
    state.borrow_mut().download = None;
    let mut files = files?;
    let total = files.model.bytes();
    progress(Progress { stage: "prepare".into(), loaded: total, total });
    let weights = files.take(|name| name.ends_with(".safetensors") || name.ends_with(".gguf"))?;
    let config = files.take(|name| name == "config.json")?;
    let tokenizer = files.take(|name| name == "tokenizer.json")?;
    let engine = Engine::load(&files.model.name, weights, &config, &tokenizer)?;
    ready(state, id, engine, (config, tokenizer), workers).await
}

async fn load_own(state: &Shared, id: u32, arrays: &[Uint8Array], workers: Option<usize>) -> Result<(), Error> {
    let Files { weights, config, tokenizer } = match arrays {
        [weights, config, tokenizer] => {
            Files { weights: weights.to_vec(), config: config.to_vec(), tokenizer: tokenizer.to_vec() }
        }
        [archive] => Files::unpack(&archive.to_vec())?,
        _ => return Err(Error::Internal { why: "a model is three files".into() }),
    };
    ready(state, id, Engine::load("own", weights, &config, &tokenizer)?, (config, tokenizer), workers).await
}

/// Takes the engine into use. The earlier one stays in use until here, also when a load fails.
async fn ready(
    state: &Shared,
    id: u32,
    engine: Engine,
    sides: (Vec<u8>, Vec<u8>),
    workers: Option<usize>,
) -> Result<(), Error> {
    let (w, b) = engine.dense()?;
    let info = engine.info().clone();
    {
        let mut state = state.borrow_mut();
        state.engine = Some(Rc::new(engine));
        (state.tuned, state.tuning) = (None, None);
        state.sides = sides;
    }
    team::start(state, workers).await;
    send(&FromWorker::Ready { id, info }, &[&w, &b]);
    Ok(())
}

/// Lets messages in.
///
/// # Errors
/// [`Error::Aborted`] when this request is not wanted any more.
pub(crate) async fn pause(state: &Shared, id: u32) -> Result<(), Error> {
    yield_to_event_loop().await;
    if state.borrow().cancelled.contains(&id) { Err(Error::Aborted) } else { Ok(()) }
}

/// The engine that analyses: the tuned one after a step of learning.
fn current(state: &Shared) -> Result<Rc<Engine>, Error> {
    let state = state.borrow();
    if let Some(tuned) = &state.tuned {
        return Ok(tuned.clone());
    }
    state.engine.clone().ok_or(Error::NoModel)
}

pub(crate) fn fail(id: u32, error: Error) {
    let message = error.to_string();
    send(&FromWorker::Failed { id, error, message }, &[]);
}

async fn analyse(
    state: &Shared,
    id: u32,
    question: &str,
    paragraph: &str,
    decode: Option<Decoder>,
) -> Result<(), Error> {
    // A cancellation may already wait behind this request: let it in first.
    pause(state, id).await?;
    let engine = current(state)?;
    let mut team = Leader::new(state, id);
    let done = engine.analyse_with(question, paragraph, &mut team).await;
    team.replace_the_dead(&engine);
    let (output, hidden) = done?;
    let reply = match decode {
        None => FromWorker::Analysed { id, output },
        Some(decoder) => {
            let clock = Instant::now();
            let mut analysis = Analysis::new(paragraph, output, decoder);
            analysis.milliseconds.decode = milliseconds(clock);
            FromWorker::Decoded { id, analysis }
        }
    };
    send(&reply, &[&hidden]);
    Ok(())
}

/// Sends a message with arrays beside it; their memory moves over without a second copy.
pub(crate) fn send(message: &FromWorker, arrays: &[&[f32]]) {
    let arrays = arrays.iter().map(|values| Float32Array::from(*values));
    post(message, arrays.map(|array| (array.buffer(), array.into())));
}

/// The same with files.
pub(crate) fn send_files(message: &FromWorker, files: &[&[u8]]) {
    let arrays = files.iter().map(|bytes| Uint8Array::from(*bytes));
    post(message, arrays.map(|array| (array.buffer(), array.into())));
}

fn post(message: &FromWorker, beside: impl Iterator<Item = (ArrayBuffer, JsValue)>) {
    let text = serde_json::to_string(message).expect("messages are plain data");
    let parcel = Array::of1(&JsValue::from(text));
    let transfer = Array::new();
    for (buffer, array) in beside {
        transfer.push(&buffer);
        parcel.push(&array);
    }
    if let Err(error) = scope().post_message_with_transfer(&parcel, &transfer) {
        web_sys::console::error_1(&error);
    }
}
