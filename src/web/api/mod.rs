//! The JavaScript API: what `bioscope.js` hands out. Promises over the worker's client.

mod wire;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Error, JSON, Object, Reflect, WeakMap};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::DomException;
use web_time::Instant;

use super::client::{Client, Dense, Event, Hidden, Program};
use crate::analysis::Analysis;
use crate::bio::Decoder;
use crate::fault::Fault;
use crate::gold::Gold;
use crate::learning::{AttentionOf, Lesson, StepOptions, Target};
use crate::protocol::Info;
use wire::Wire;

/// A loaded model in a worker of its own.
#[wasm_bindgen]
pub struct Bioscope {
    wire: Wire,
    /// The worker that learns and explains, from the first wish on. It has the model in f32.
    learner: RefCell<Option<Rc<Wire>>>,
    /// Steps of learning; beyond 0, the learner analyses.
    steps: Cell<usize>,
    /// URL of the site's root.
    base: String,
    /// As given to `load`: a name, or the user's own files.
    model: JsValue,
    info: Info,
    /// As loaded.
    dense: RefCell<Dense>,
    /// As learned.
    tuned: RefCell<Option<Dense>>,
    /// From the analyses handed out to their h, W and b: they go when the analysis does.
    inside: WeakMap,
}

#[wasm_bindgen]
impl Bioscope {
    /// Starts a worker and loads a model; `base` is the site's root URL, `options` as in `bioscope.js`.
    pub async fn load(base: String, options: JsValue) -> Result<Bioscope, JsValue> {
        let wire = Wire::start(&base, Program::ENGINE, property(&options, "onProgress").dyn_into().ok())?;
        let model = property(&options, "model");
        match wire.fetch(&model, &options).await {
            Ok((info, dense)) => Ok(Bioscope {
                wire,
                learner: RefCell::default(),
                steps: Cell::new(0),
                base,
                model,
                info,
                dense: RefCell::new(dense),
                tuned: RefCell::default(),
                inside: WeakMap::new(),
            }),
            Err(error) => {
                wire.close();
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
        let learner = if self.steps.get() > 0 { Some(self.learner().await?) } else { None };
        let wire = match &learner {
            Some(learner) => learner,
            // Taken before anything is awaited: a second call then only queues behind the load.
            None if self.wire.died() => {
                self.wire.restart()?;
                let (_, dense) = self.wire.fetch(&self.model, &JsValue::UNDEFINED).await?;
                *self.dense.borrow_mut() = dense;
                &self.wire
            }
            None => &self.wire,
        };
        match wire.ask(&request, |client| client.analyse(&question, &paragraph)).await? {
            Event::Analysed { reading, hidden, .. } => {
                let clock = Instant::now();
                let mut analysis = Analysis::new(&paragraph, reading, decoder);
                analysis.milliseconds.decode = clock.elapsed().as_secs_f64() * 1e3;
                let analysis = to_js(&analysis)?;
                let dense = if learner.is_some() { self.tuned.borrow().clone() } else { None };
                let dense = dense.unwrap_or_else(|| self.dense.borrow().clone());
                let inside = Array::of3(&hidden.to_js(), &dense.array_of_w(), &dense.array_of_b());
                self.inside.set(analysis.unchecked_ref::<Object>(), &inside);
                Ok(analysis)
            }
            _ => Err(unexpected()),
        }
    }

    /// One step of learning on `{ question, paragraph, gold, mode, optimizer, learningRate, signal }`, or with
    /// `instances: [{ question, paragraph, gold }, ...]` on the mean of several L.
    pub async fn step(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let lesson = |from: &JsValue| {
            let (question, paragraph) = texts(from)?;
            Ok::<_, JsValue>(Lesson { question, paragraph, gold: json(&property(from, "gold"))? })
        };
        let lessons = match property(&request, "instances").dyn_into::<Array>() {
            Ok(instances) => instances.iter().map(|instance| lesson(&instance)).collect::<Result<Vec<_>, _>>()?,
            Err(_) => vec![lesson(&request)?],
        };
        let options: StepOptions = fields(&request, &["mode", "optimizer", "learningRate"])?;
        if options.learning_rate.is_some_and(|rate| !(rate.is_finite() && rate >= 0.0)) {
            return Err(Error::new("learningRate must be a number of at least 0").into());
        }
        let learner = self.learner().await?;
        match learner.ask(&request, |client| client.step(&lessons, options)).await? {
            Event::Stepped { report: Some(report), dense, steps, .. } => {
                self.steps.set(steps);
                *self.tuned.borrow_mut() = Some(dense);
                to_js(&report)
            }
            _ => Err(unexpected()),
        }
    }

    /// Takes the last step back; resolves with the number of steps that are left.
    pub async fn undo(&self) -> Result<JsValue, JsValue> {
        if self.steps.get() == 0 {
            return Ok(0.into());
        }
        match self.learner().await?.ask(&JsValue::UNDEFINED, Client::undo).await? {
            Event::Stepped { steps, dense, .. } => {
                self.steps.set(steps);
                *self.tuned.borrow_mut() = Some(dense);
                Ok(JsValue::from(steps as u32))
            }
            _ => Err(unexpected()),
        }
    }

    /// Takes all steps back: the weights as loaded, which another worker has kept.
    pub async fn reset(&self) -> JsValue {
        self.forget();
        0.into()
    }

    /// Ends the worker that learns.
    fn forget(&self) {
        self.steps.set(0);
        *self.tuned.borrow_mut() = None;
        if let Some(learner) = self.learner.borrow_mut().take() {
            learner.close();
        }
    }

    /// The worker that learns, started where there is none. One that has died has lost its steps.
    async fn learner(&self) -> Result<Rc<Wire>, JsValue> {
        if self.wire.closed() {
            return Err(throw(Fault::Aborted));
        }
        let known = self.learner.borrow().clone();
        if let Some(learner) = known {
            if !learner.died() {
                return Ok(learner);
            }
            let lost = self.steps.get();
            self.forget();
            if lost > 0 {
                return Err(throw(Fault::WorkerDied { why: format!("{lost} steps of learning are lost") }));
            }
        }
        let learner = Rc::new(Wire::start(&self.base, Program::LEARNER, None)?);
        // Taken into use before its model is there: who comes meanwhile queues behind the load.
        *self.learner.borrow_mut() = Some(learner.clone());
        if let Err(error) = learner.fetch(&self.model, &JsValue::UNDEFINED).await {
            self.forget();
            return Err(error);
        }
        Ok(learner)
    }

    /// What every input token adds to the log odds of a class, for `{ question, paragraph, token, label, method, signal }`.
    pub async fn attribute(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let (question, paragraph) = texts(&request)?;
        let target: Target = fields(&request, &["token", "label", "method"])?;
        let learner = self.learner().await?;
        match learner.ask(&request, |client| client.attribute(&question, &paragraph, target)).await? {
            Event::Attributed { attribution, .. } => to_js(&attribution),
            _ => Err(unexpected()),
        }
    }

    /// The attention of one layer for `{ question, paragraph, token, layer, signal }`:
    /// `{ tokens, position, layer, layers, heads, weights }`, weights H x T x T.
    pub async fn attention(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let (question, paragraph) = texts(&request)?;
        let of: AttentionOf = fields(&request, &["token", "layer"])?;
        let learner = self.learner().await?;
        match learner.ask(&request, |client| client.attend(&question, &paragraph, of)).await? {
            Event::Attended { maps, weights, .. } => {
                let out = to_js(&maps)?;
                Reflect::set(&out, &"weights".into(), &weights)?;
                Ok(out)
            }
            _ => Err(unexpected()),
        }
    }

    /// The model as it is now: `{ weights, config, tokenizer }` as ArrayBuffers, weights in f32; what `load` takes.
    pub async fn save(&self) -> Result<JsValue, JsValue> {
        let learner = self.learner().await?;
        match learner.ask(&JsValue::UNDEFINED, |client| client.save(false)).await? {
            Event::Saved { files, .. } => {
                let out = Object::new();
                for (name, file) in ["weights", "config", "tokenizer"].into_iter().zip(files) {
                    Reflect::set(&out, &name.into(), &file.buffer())?;
                }
                Ok(out.into())
            }
            _ => Err(unexpected()),
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
        let inside = self.inside.get(analysis.unchecked_ref::<Object>());
        let inside: Array = inside.dyn_into().map_err(|_| wrong("head needs the very object that analyse returned"))?;
        let hidden = Hidden::from_js(&inside.get(0)).ok_or_else(unexpected)?;
        if token as usize >= hidden.len() {
            return Err(wrong(&format!("there is no token {token}: the paragraph has {}", hidden.len())));
        }
        let out = Object::new();
        Reflect::set(&out, &"h".into(), &hidden.array(token as usize))?;
        for (k, name) in ["W", "b"].into_iter().enumerate() {
            // A copy, as h is: what is done with it is nobody else's business.
            let array: js_sys::Float32Array = inside.get(k as u32 + 1).unchecked_into();
            Reflect::set(&out, &name.into(), &array.slice(0, array.length()))?;
        }
        Ok(out.into())
    }

    /// Ends the workers; whatever waits or comes later is rejected.
    pub fn close(&self) {
        self.forget();
        self.wire.close();
    }
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
