//! The JavaScript API: what `bioscope.js` hands out. Promises over the worker's client.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{ArrayBuffer, Error, Float32Array, Function, JSON, Object, Reflect, Uint8Array, WeakMap};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, DomException};
use web_time::Instant;

use super::client::{Client, Dense, Event, Hidden};
use crate::analysis::Analysis;
use crate::bio::Decoder;
use crate::fault::Fault;
use crate::gold::Gold;
use crate::learning::{StepOptions, Target};
use crate::protocol::Info;

type Reply = Result<Event, Fault>;

#[derive(Default)]
struct Pending {
    waiting: HashMap<u32, oneshot::Sender<Reply>>,
    on_progress: Option<Function>,
    /// The worker has died since the last load.
    dead: bool,
}

impl Pending {
    fn settle(&mut self, id: u32, reply: Reply) {
        match (id, reply) {
            // Nobody's in particular: the worker itself failed, and with it all that waits.
            (0, Err(fault)) => {
                self.dead |= matches!(fault, Fault::WorkerDied { .. });
                for (_, sender) in self.waiting.drain() {
                    let _ = sender.send(Err(fault.clone()));
                }
            }
            (id, reply) => {
                if let Some(sender) = self.waiting.remove(&id) {
                    let _ = sender.send(reply);
                }
            }
        }
    }
}

/// A loaded model in a worker of its own.
#[wasm_bindgen]
pub struct Bioscope {
    client: Client,
    pending: Rc<RefCell<Pending>>,
    /// As given to `load`: a name, or the user's own files.
    model: JsValue,
    info: Info,
    dense: RefCell<Dense>,
    /// From the analyses handed out to their h: they go when the analysis does.
    hidden: WeakMap,
}

#[wasm_bindgen]
impl Bioscope {
    /// Starts a worker and loads a model; `base` is the site's root URL, `options` as in `bioscope.js`.
    pub async fn load(base: String, options: JsValue) -> Result<Bioscope, JsValue> {
        let pending = Rc::new(RefCell::new(Pending::default()));
        pending.borrow_mut().on_progress = property(&options, "onProgress").dyn_into().ok();
        let listener = {
            let pending = pending.clone();
            move |event: Event| match event {
                Event::Progress { progress, .. } => {
                    let on_progress = pending.borrow().on_progress.clone();
                    if let (Some(call), Ok(progress)) = (on_progress, to_js(&progress)) {
                        let _ = call.call1(&JsValue::NULL, &progress);
                    }
                }
                Event::Failed { id, fault } => pending.borrow_mut().settle(id, Err(fault)),
                Event::Ready { id, .. }
                | Event::Analysed { id, .. }
                | Event::Stepped { id, .. }
                | Event::Attributed { id, .. } => pending.borrow_mut().settle(id, Ok(event)),
            }
        };
        let client = Client::start(&base, listener).map_err(throw)?;
        let model = property(&options, "model");
        match fetch(&client, &pending, &model).await {
            Ok((info, dense)) => {
                let dense = RefCell::new(dense);
                Ok(Bioscope { client, pending, model, info, dense, hidden: WeakMap::new() })
            }
            Err(error) => {
                client.close();
                Err(error)
            }
        }
    }

    /// What is loaded.
    #[wasm_bindgen(getter)]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.info)
    }

    /// Analyses `{ question, paragraph, decode, signal }`.
    pub async fn analyse(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let (question, paragraph) = texts(&request)?;
        let decoder = decoder(&property(&request, "decode"))?;
        match self.ask(&request, |client| client.analyse(&question, &paragraph)).await? {
            Event::Analysed { reading, hidden, .. } => {
                let clock = Instant::now();
                let mut analysis = Analysis::new(&paragraph, reading, decoder);
                analysis.milliseconds.decode = clock.elapsed().as_secs_f64() * 1e3;
                let analysis = to_js(&analysis)?;
                self.hidden.set(analysis.unchecked_ref::<Object>(), &hidden.to_js());
                Ok(analysis)
            }
            _ => Err(unexpected()),
        }
    }

    /// One step of learning on `{ question, paragraph, gold, mode, optimizer, learningRate, signal }`.
    pub async fn step(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let (question, paragraph) = texts(&request)?;
        let gold = json(&property(&request, "gold"))?;
        let options: StepOptions = fields(&request, &["mode", "optimizer", "learningRate"])?;
        if options.learning_rate.is_some_and(|rate| !(rate.is_finite() && rate >= 0.0)) {
            return Err(Error::new("learningRate must be a number of at least 0").into());
        }
        match self.ask(&request, |client| client.step(&question, &paragraph, &gold, options)).await? {
            Event::Stepped { report: Some(report), dense, .. } => {
                *self.dense.borrow_mut() = dense;
                to_js(&report)
            }
            _ => Err(unexpected()),
        }
    }

    /// Takes the last step back; resolves with the number of steps that are left.
    pub async fn undo(&self) -> Result<JsValue, JsValue> {
        self.take_back(Client::undo).await
    }

    /// Takes all steps back: the weights as loaded.
    pub async fn reset(&self) -> Result<JsValue, JsValue> {
        self.take_back(Client::reset).await
    }

    async fn take_back(&self, how: fn(&Client) -> u32) -> Result<JsValue, JsValue> {
        match self.ask(&JsValue::UNDEFINED, how).await? {
            Event::Stepped { steps, dense, .. } => {
                *self.dense.borrow_mut() = dense;
                Ok(JsValue::from(steps as u32))
            }
            _ => Err(unexpected()),
        }
    }

    /// What every input token adds to the log odds of a class, for `{ question, paragraph, token, label, method, signal }`.
    pub async fn attribute(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let (question, paragraph) = texts(&request)?;
        let target: Target = fields(&request, &["token", "label", "method"])?;
        match self.ask(&request, |client| client.attribute(&question, &paragraph, target)).await? {
            Event::Attributed { attribution, .. } => to_js(&attribution),
            _ => Err(unexpected()),
        }
    }

    /// Makes a request and waits for its reply; `options.signal` stops it.
    async fn ask(&self, options: &JsValue, request: impl Fn(&Client) -> u32) -> Result<Event, JsValue> {
        let signal: Option<AbortSignal> = property(options, "signal").dyn_into().ok();
        if signal.as_ref().is_some_and(AbortSignal::aborted) {
            return Err(throw(Fault::Aborted));
        }
        // Taken before anything is awaited: a second call then only queues behind the load.
        if std::mem::take(&mut self.pending.borrow_mut().dead) {
            self.client.restart().map_err(throw)?;
            let (_, dense) = fetch(&self.client, &self.pending, &self.model).await?;
            *self.dense.borrow_mut() = dense;
        }
        let (id, wait) = expect(&self.pending, || request(&self.client));
        let on_abort = {
            let (client, pending) = (self.client.clone(), self.pending.clone());
            Closure::<dyn FnMut()>::new(move || {
                client.cancel(id);
                pending.borrow_mut().settle(id, Err(Fault::Aborted));
            })
        };
        if let Some(signal) = &signal {
            signal.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref())?;
        }
        let reply = wait.await;
        if let Some(signal) = &signal {
            signal.remove_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref())?;
        }
        match reply {
            Ok(Ok(event)) => Ok(event),
            Ok(Err(fault)) => Err(throw(fault)),
            Err(_) => Err(throw(Fault::WorkerDied { why: "no answer".into() })),
        }
    }

    /// The loss of an analysis against gold labels.
    pub fn loss(&self, analysis: JsValue, gold: JsValue) -> Result<JsValue, JsValue> {
        let analysis: Analysis = serde_json::from_str(&json(&analysis)?)
            .map_err(|e| JsValue::from(Error::new(&format!("the first argument is no analysis: {e}"))))?;
        let gold = Gold::from_json(&json(&gold)?).map_err(throw)?;
        to_js(&gold.loss(&analysis).map_err(throw)?)
    }

    /// `{ h, W, b }` of one token of an analysis that `analyse` has returned.
    pub async fn head(&self, analysis: JsValue, token: u32) -> Result<JsValue, JsValue> {
        let wrong = |why: &str| JsValue::from(Error::new(why));
        if !analysis.is_object() {
            return Err(wrong("head needs an analysis"));
        }
        let hidden = Hidden::from_js(&self.hidden.get(analysis.unchecked_ref::<Object>()))
            .ok_or_else(|| wrong("head needs the very object that analyse returned"))?;
        if token as usize >= hidden.len() {
            return Err(wrong(&format!("there is no token {token}: the paragraph has {}", hidden.len())));
        }
        let out = Object::new();
        let dense = self.dense.borrow();
        let w: Vec<f32> = dense.w.concat();
        Reflect::set(&out, &"h".into(), &hidden.array(token as usize))?;
        Reflect::set(&out, &"W".into(), &Float32Array::from(&w[..]))?;
        Reflect::set(&out, &"b".into(), &Float32Array::from(&dense.b[..]))?;
        Ok(out.into())
    }

    /// Ends the worker; whatever waits is rejected.
    pub fn close(&self) {
        self.client.close();
        self.pending.borrow_mut().settle(0, Err(Fault::Aborted));
    }
}

/// Loads a model, by name or from the three buffers of an object.
async fn fetch(client: &Client, pending: &Rc<RefCell<Pending>>, model: &JsValue) -> Result<(Info, Dense), JsValue> {
    let (_, wait) = if model.is_object() {
        let file = |name: &str| {
            let buffer: ArrayBuffer = property(model, name)
                .dyn_into()
                .map_err(|_| Error::new(&format!("model.{name} must be an ArrayBuffer")))?;
            // A copy: what is sent moves to the worker, and the caller's buffer stays the caller's.
            Ok::<_, JsValue>(Uint8Array::new(&buffer.slice(0)))
        };
        let (weights, config, tokenizer) = (file("weights")?, file("config")?, file("tokenizer")?);
        expect(pending, || client.load_own(weights, config, tokenizer))
    } else {
        expect(pending, || client.load(&model.as_string().unwrap_or_default()))
    };
    match wait.await {
        Ok(Ok(Event::Ready { info, dense, .. })) => Ok((info, dense)),
        Ok(Err(fault)) => Err(throw(fault)),
        _ => Err(throw(Fault::WorkerDied { why: "no answer".into() })),
    }
}

/// Makes a request and the promise of its reply.
fn expect(pending: &Rc<RefCell<Pending>>, request: impl FnOnce() -> u32) -> (u32, oneshot::Receiver<Reply>) {
    let (sender, receiver) = oneshot::channel();
    let id = request();
    pending.borrow_mut().waiting.insert(id, sender);
    (id, receiver)
}

/// `question` and `paragraph` of a request.
fn texts(request: &JsValue) -> Result<(String, String), JsValue> {
    let text = |name: &str| {
        let value = property(request, name).as_string();
        value.ok_or_else(|| JsValue::from(Error::new(&format!("{name} must be a string"))))
    };
    Ok((text("question")?, text("paragraph")?))
}

/// Some fields of a request as one value; those left out have their defaults.
fn fields<T: DeserializeOwned>(request: &JsValue, names: &[&str]) -> Result<T, JsValue> {
    let out = Object::new();
    for name in names {
        let value = property(request, name);
        if !value.is_undefined() {
            Reflect::set(&out, &(*name).into(), &value)?;
        }
    }
    serde_json::from_str(&json(&out)?).map_err(|e| Error::new(&format!("{}: {e}", names.join(", "))).into())
}

fn unexpected() -> JsValue {
    throw(Fault::Internal { why: "the worker answered something else".into() })
}

fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn decoder(value: &JsValue) -> Result<Decoder, JsValue> {
    match value.as_string() {
        None => Ok(Decoder::default()),
        Some(name) => name
            .parse()
            .map_err(|_| JsValue::from(Error::new(&format!("decode must be viterbi, one or greedy, not “{name}”")))),
    }
}

fn json(value: &JsValue) -> Result<String, JsValue> {
    Ok(JSON::stringify(value)?.as_string().unwrap_or_default())
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    JSON::parse(&serde_json::to_string(value).map_err(|e| JsValue::from(Error::new(&e.to_string())))?)
}

/// An `Error` with the sentence as its message and the fault's `kind`; a cancellation is an `AbortError`.
fn throw(fault: Fault) -> JsValue {
    if fault == Fault::Aborted {
        let abort = DomException::new_with_message_and_name(&fault.to_string(), "AbortError");
        return abort.map_or_else(|e| e, JsValue::from);
    }
    let error = Error::new(&fault.to_string());
    let _ = Reflect::set(&error, &"kind".into(), &fault.kind().into());
    error.into()
}
