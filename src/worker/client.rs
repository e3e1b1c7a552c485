//! The page's end of the wire: starts the worker, sends requests, hands what comes back to one listener.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Float32Array, Function, JsString, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::dataset::{Dataset, Feature, Format, Options, Problem, Record};
use crate::error::Error;
use crate::inference::ModelOutput;
use crate::inference::learning::{
    AttentionMaps, AttentionOf, Attribution, LabelledText, StepOptions, StepReport, Target,
};

use super::protocol::{FromWorker, Info, Progress, ToWorker};
use super::words;

/// h of one analysis: N_P rows of d values, kept in the browser's memory.
#[derive(Clone, Debug)]
pub struct Hidden {
    values: Float32Array,
    width: usize,
}

impl Hidden {
    /// h_i, length d.
    pub fn row(&self, i: usize) -> Vec<f32> {
        self.array(i).to_vec()
    }

    /// N_P.
    pub fn len(&self) -> usize {
        self.values.length() as usize / self.width
    }

    /// True for no token; an analysis has at least one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// h_i as a fresh typed array.
    pub fn array(&self, i: usize) -> Float32Array {
        self.values.slice((i * self.width) as u32, ((i + 1) * self.width) as u32)
    }
}

/// The task-specific dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// W, three rows of d values in the order B, I, O.
    pub w: Vec<Vec<f32>>,
    /// b in the order B, I, O.
    pub b: [f32; 3],
}

/// What the client tells its listener.
#[derive(Clone, Debug)]
pub enum Event {
    /// A load goes on.
    Progress {
        /// Number of the load.
        id: u32,
        /// How far it is.
        progress: Progress,
    },
    /// The load `id` is done.
    Ready {
        /// Number of the load.
        id: u32,
        /// What was loaded.
        info: Info,
        /// Its dense layer.
        dense: Dense,
    },
    /// The analysis `id` is done.
    Analysed {
        /// Number of the request.
        id: u32,
        /// What the model read.
        output: ModelOutput,
        /// h of every paragraph token.
        hidden: Hidden,
    },
    /// A step of learning was made or taken back.
    Stepped {
        /// Number of the request.
        id: u32,
        /// What a step did; nothing for one taken back.
        report: Option<StepReport>,
        /// Steps since the loaded weights.
        steps: usize,
        /// The dense layer as it is now.
        dense: Dense,
    },
    /// An explanation is done.
    Attributed {
        /// Number of the request.
        id: u32,
        /// The explanation.
        attribution: Attribution,
    },
    /// A layer's attention.
    Attended {
        /// Number of the request.
        id: u32,
        /// What the weights are about.
        maps: AttentionMaps,
        /// H x T x T.
        weights: Float32Array,
    },
    /// Texts were read.
    Checked {
        /// Number of the request.
        id: u32,
        /// One for every text.
        outputs: Vec<ModelOutput>,
    },
    /// The model's files: weights, config, tokenizer; or one archive of them.
    Saved {
        /// Number of the request.
        id: u32,
        /// Their bytes.
        files: Vec<Uint8Array>,
    },
    /// A piece of data files that were read.
    Parsed {
        /// Number of the request.
        id: u32,
        /// What was read; problems and notices come with the last piece.
        dataset: Dataset,
        /// Whether more pieces follow.
        more: bool,
    },
    /// Data files cannot be read, or records not be written.
    Refused {
        /// Number of the request.
        id: u32,
        /// Why.
        problem: Problem,
    },
    /// Records were written.
    Serialised {
        /// Number of the request.
        id: u32,
        /// The files: names and bytes; an empty name where there is only one.
        files: Vec<(String, Uint8Array)>,
        /// What the format cannot hold, and in how many records.
        losses: Vec<(Feature, usize)>,
    },
    /// The worker's program was looked at.
    Examined(Examined),
    /// The request `id` failed; 0: nothing in particular did.
    Failed {
        /// Number of the request.
        id: u32,
        /// Why.
        error: Error,
    },
}

/// What is known of a worker's program.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// Names of its kernels, the one in use last.
    pub kernels: String,
    /// How many comparisons of its kernels with the portable one were made, all of them equal; 0 where none was asked for.
    pub comparisons: usize,
    /// Bytes of its WebAssembly memory.
    pub memory: usize,
}

type Listener = Rc<dyn Fn(Event)>;

struct Running {
    worker: Worker,
    watch: Rc<Watch>,
    // Kept alive as long as the browser may call them.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
    _on_watch: Closure<dyn FnMut()>,
}

/// A browser that ends a worker for its memory tells nobody. So the worker holds a lock as long as it lives, and the page waits
/// for it to become free. Until the worker says which, and where there are no locks (a site without https), it is asked for a
/// heartbeat this often (ms), and taken for dead after so many questions without any message from it. Its longest task without
/// a look at its messages, building a model, takes about a second on a slow machine, and many times that on one with much to do.
const WATCH_EVERY: i32 = 1500;
const PATIENCE: u32 = 40;

/// What the page knows of a worker's life.
struct Watch {
    /// The heartbeat's timer.
    timer: Cell<i32>,
    /// The page itself has ended it.
    closed: Cell<bool>,
}

#[wasm_bindgen]
extern "C" {
    /// Calls back with the lock of this name, once nobody else has it; web-sys has the Web Locks API as unstable only.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, granted: &JsValue) -> Result<JsValue, JsValue>;
}

/// A worker and the conversation with it. Cloning gives another handle to the same worker. What asks the worker for
/// something returns the request's number.
#[derive(Clone)]
pub struct Client {
    /// How many workers are to analyse together; nothing: as many as pay.
    workers: Option<usize>,
    listener: Listener,
    running: Rc<RefCell<Option<Running>>>,
    next: Rc<Cell<u32>>,
}

impl Client {
    /// Starts the worker. `listener` receives every event, on the page's thread.
    /// So many `workers` analyse together; nothing: as many as pay.
    pub fn start(workers: Option<usize>, listener: impl Fn(Event) + 'static) -> Result<Client, Error> {
        let client =
            Client { workers, listener: Rc::new(listener), running: Rc::default(), next: Rc::new(Cell::new(1)) };
        client.spawn()?;
        Ok(client)
    }

    /// Loads a shipped model; an empty name means the default one.
    pub fn load(&self, name: &str) -> u32 {
        self.send(&[], |id| ToWorker::LoadShipped {
            id,
            name: name.into(),
            base: super::site::root(),
            workers: self.workers,
        })
    }

    /// Loads the user's own files.
    pub fn load_own(&self, weights: Uint8Array, config: Uint8Array, tokenizer: Uint8Array) -> u32 {
        self.send(&[weights, config, tokenizer], |id| ToWorker::LoadOwn { id, workers: self.workers })
    }

    /// Asks for an analysis. Earlier ones go on unless cancelled.
    pub fn analyse(&self, question: &str, paragraph: &str) -> u32 {
        self.send(&[], |id| ToWorker::Analyse {
            id,
            question: question.into(),
            paragraph: paragraph.into(),
            decode: None,
        })
    }

    /// Loads the user's own files out of one archive.
    pub fn load_archive(&self, archive: Uint8Array) -> u32 {
        self.send(&[archive], |id| ToWorker::LoadOwn { id, workers: self.workers })
    }

    /// Asks for one step of learning.
    pub fn step(&self, examples: &[LabelledText], options: StepOptions) -> u32 {
        self.send(&[], |id| ToWorker::Step { id, examples: examples.to_vec(), options })
    }

    /// Takes the last step back.
    pub fn undo(&self) -> u32 {
        self.send(&[], |id| ToWorker::Undo { id })
    }

    /// Takes all steps back.
    pub fn reset(&self) -> u32 {
        self.send(&[], |id| ToWorker::Reset { id })
    }

    /// Asks for an explanation.
    pub fn attribute(&self, question: &str, paragraph: &str, target: Target) -> u32 {
        self.send(&[], |id| ToWorker::Attribute { id, question: question.into(), paragraph: paragraph.into(), target })
    }

    /// Asks for a layer's attention.
    pub fn attend(&self, question: &str, paragraph: &str, of: AttentionOf) -> u32 {
        self.send(&[], |id| ToWorker::Attend { id, question: question.into(), paragraph: paragraph.into(), of })
    }

    /// Asks what the model as it is now reads in these texts.
    pub fn check(&self, texts: &[(String, String)]) -> u32 {
        self.send(&[], |id| ToWorker::Check { id, texts: texts.to_vec() })
    }

    /// Asks for the files of the model as it is now, as one archive or three files.
    pub fn save(&self, zip: bool) -> u32 {
        self.send(&[], |id| ToWorker::Save { id, zip })
    }

    /// Reads data files; needs no model.
    pub fn parse(&self, files: &[(String, Uint8Array)], options: &Options) -> u32 {
        let (names, arrays): (Vec<String>, Vec<Uint8Array>) = files.iter().cloned().unzip();
        self.send(&arrays, |id| ToWorker::Parse { id, names: names.clone(), options: options.clone() })
    }

    /// Writes records in a format, several files as one archive of that name; needs no model.
    pub fn serialise(&self, records: &[Record], format: Format, archive: &str) -> u32 {
        let archive = Some(archive.to_owned());
        self.send(&[], |id| ToWorker::Serialise { id, records: records.to_vec(), format, archive: archive.clone() })
    }

    /// Looks at the worker's program, and checks its kernels if so wished. It is no business of the program's own:
    /// www/worker.js answers.
    pub fn examine(&self, kernels: bool) {
        self.post(&Array::of1(&JsValue::from(kernels)), &Array::new(), 0);
    }

    /// Stops that request: an analysis at the next yield, a download at once.
    pub fn cancel(&self, id: u32) {
        self.send(&[], |_| ToWorker::Cancel { id });
    }

    /// Ends the worker and starts a fresh one, which has no model yet.
    pub fn restart(&self) -> Result<(), Error> {
        self.close();
        self.spawn()
    }

    /// Ends the worker.
    pub fn close(&self) {
        if let Some(running) = self.running.borrow_mut().take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.watch.closed.set(true);
            running.worker.terminate();
            clear_interval(running.watch.timer.get());
        }
    }

    fn send(&self, arrays: &[Uint8Array], message: impl Fn(u32) -> ToWorker) -> u32 {
        let id = self.next.get();
        self.next.set(id + 1);
        let text = serde_json::to_string(&message(id)).expect("messages are plain data");
        let parcel = Array::of1(&JsValue::from(text));
        let transfer = Array::new();
        for array in arrays {
            parcel.push(array);
            transfer.push(&array.buffer());
        }
        self.post(&parcel, &transfer, id);
        id
    }

    /// Posts a parcel; where that fails, so has the request of this number.
    fn post(&self, parcel: &Array, transfer: &Array, id: u32) {
        let sent = match &*self.running.borrow() {
            Some(running) => running.worker.post_message_with_transfer(parcel, transfer).map_err(words),
            None => Err("it is not running".into()),
        };
        if let Err(why) = sent {
            (self.listener)(Event::Failed { id, error: Error::WorkerDied { why } });
        }
    }

    fn spawn(&self) -> Result<(), Error> {
        let worker = super::site::worker(super::kernel().0).map_err(|e| Error::WorkerDied { why: words(e) })?;
        let unheard = Rc::new(Cell::new(0)); // questions since the last message
        let watch = Rc::new(Watch { timer: Cell::new(0), closed: Cell::new(false) });
        let (listener, silence, life) = (self.listener.clone(), unheard.clone(), watch.clone());
        let on_message = Closure::new(move |message: MessageEvent| {
            silence.set(0);
            match receive(&message.data()) {
                Ok(Heard::Event(event)) => listener(event),
                Ok(Heard::Holds(lock)) => wait_for_end(&lock, &life, &listener),
                Ok(Heard::Sign) => {}
                Err(why) => listener(Event::Failed { id: 0, error: Error::Internal { why } }),
            }
        });
        let listener = self.listener.clone();
        let on_error = Closure::new(move |error: ErrorEvent| {
            error.prevent_default();
            // A worker that never began has an error without a message.
            let message = js_sys::Reflect::get(&error, &"message".into()).ok().and_then(|message| message.as_string());
            let why = message.unwrap_or_else(|| "it could not be started".into());
            listener(Event::Failed { id: 0, error: Error::WorkerDied { why } });
        });
        let (listener, asked) = (self.listener.clone(), worker.clone());
        let ping = JsValue::from(serde_json::to_string(&ToWorker::Ping).expect("messages are plain data"));
        let on_watch = Closure::new(move || {
            unheard.set(unheard.get() + 1);
            if unheard.get() == PATIENCE {
                let why = "it no longer answers".into();
                listener(Event::Failed { id: 0, error: Error::WorkerDied { why } });
            } else {
                let _ = asked.post_message(&Array::of1(&ping));
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        watch.timer.set(set_interval(on_watch.as_ref().unchecked_ref(), WATCH_EVERY));
        *self.running.borrow_mut() =
            Some(Running { worker, watch, _on_message: on_message, _on_error: on_error, _on_watch: on_watch });
        Ok(())
    }
}

/// Waits for the lock that the worker holds, in place of its heartbeat.
fn wait_for_end(lock: &str, watch: &Rc<Watch>, listener: &Listener) {
    let (life, listener) = (watch.clone(), listener.clone());
    let ended = Closure::once_into_js(move || {
        if !life.closed.get() {
            let why = "it has ended".into();
            listener(Event::Failed { id: 0, error: Error::WorkerDied { why } });
        }
    });
    if request_lock(lock, &ended).is_ok() {
        clear_interval(watch.timer.get());
    }
}

fn set_interval(call: &Function, ms: i32) -> i32 {
    let window = web_sys::window().expect("the client lives in a page");
    window.set_interval_with_callback_and_timeout_and_arguments_0(call, ms).unwrap_or(0)
}

fn clear_interval(handle: i32) {
    if let Some(window) = web_sys::window() {
        window.clear_interval_with_handle(handle);
    }
}

/// What a message from the worker is.
enum Heard {
    /// Something for the listener.
    Event(Event),
    /// The worker holds a lock of this name.
    Holds(String),
    /// A sign of life.
    Sign,
}

/// One parcel from the worker: a JSON text, then the arrays that its variant promises.
fn receive(data: &JsValue) -> Result<Heard, String> {
    let parcel: &Array = data.dyn_ref().ok_or("the worker sent something that is no parcel")?;
    if let (Some(comparisons), Some(memory)) = (parcel.get(0).as_f64(), parcel.get(1).as_f64()) {
        let kernels = parcel.get(2).as_string().unwrap_or_default();
        let (comparisons, memory) = (comparisons as usize, memory as usize);
        return Ok(Heard::Event(Event::Examined(Examined { kernels, comparisons, memory })));
    }
    let text: String = parcel.get(0).dyn_into::<JsString>().map_err(words)?.into();
    let array = |k: u32| parcel.get(k).dyn_into::<Float32Array>().map_err(words);
    Ok(Heard::Event(match serde_json::from_str(&text).map_err(|e| e.to_string())? {
        FromWorker::Here => return Ok(Heard::Sign),
        FromWorker::Holds { lock } => return Ok(Heard::Holds(lock)),
        FromWorker::Fetched { url, at } => {
            super::requests::note(url, at);
            return Ok(Heard::Sign);
        }
        FromWorker::Progress { id, progress } => Event::Progress { id, progress },
        FromWorker::Ready { id, info } => Event::Ready { id, info, dense: dense(array(1)?, array(2)?)? },
        FromWorker::Stepped { id, report, steps } => {
            Event::Stepped { id, report, steps, dense: dense(array(1)?, array(2)?)? }
        }
        FromWorker::Attributed { id, attribution } => Event::Attributed { id, attribution },
        FromWorker::Attended { id, maps } => Event::Attended { id, maps, weights: array(1)? },
        FromWorker::Checked { id, outputs } => Event::Checked { id, outputs },
        FromWorker::Saved { id } => {
            let files = parcel.iter().skip(1).map(|file| file.dyn_into().map_err(words));
            Event::Saved { id, files: files.collect::<Result<_, _>>()? }
        }
        FromWorker::Analysed { id, output } => {
            let hidden = Hidden { values: array(1)?, width: output.hidden_size };
            Event::Analysed { id, output, hidden }
        }
        FromWorker::Parsed { id, dataset, more, .. } => Event::Parsed { id, dataset, more },
        FromWorker::Refused { id, problem, .. } => Event::Refused { id, problem },
        FromWorker::Serialised { id, names, losses } => {
            let files = parcel.iter().skip(1).map(|file| file.dyn_into().map_err(words));
            let files = names.into_iter().zip(files).map(|(name, file)| file.map(|file| (name, file)));
            Event::Serialised { id, files: files.collect::<Result<_, _>>()?, losses }
        }
        FromWorker::Decoded { .. } => return Err("the page decodes itself".into()),
        FromWorker::Failed { id, error, .. } => Event::Failed { id, error },
    }))
}

/// W and b as they come: three rows one after the other, and three values.
fn dense(w: Float32Array, b: Float32Array) -> Result<Dense, String> {
    let w = w.to_vec();
    let b = b.to_vec().try_into().map_err(|_| "b has not three values")?;
    Ok(Dense { w: w.chunks_exact((w.len() / 3).max(1)).map(<[f32]>::to_vec).collect(), b })
}
