//! One worker behind the API: requests by number, and the promises of their replies.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{ArrayBuffer, Error, Function, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::super::client::{Client, Dense, Event, Program};
use super::{property, throw, to_js, unexpected};
use crate::fault::Fault;
use crate::protocol::Info;

type Reply = Result<Event, Fault>;

#[derive(Default)]
struct Pending {
    waiting: HashMap<u32, oneshot::Sender<Reply>>,
    on_progress: Option<Function>,
    /// The worker has died since the last load.
    dead: bool,
    /// It was ended on purpose.
    closed: bool,
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

/// A worker and what waits for it.
pub(super) struct Wire {
    client: Client,
    pending: Rc<RefCell<Pending>>,
}

impl Wire {
    /// Starts the worker.
    pub fn start(base: &str, program: Program, on_progress: Option<Function>) -> Result<Wire, JsValue> {
        let pending = Rc::new(RefCell::new(Pending { on_progress, ..Pending::default() }));
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
                | Event::Attributed { id, .. }
                | Event::Attended { id, .. }
                | Event::Checked { id, .. }
                | Event::Saved { id, .. } => pending.borrow_mut().settle(id, Ok(event)),
                #[cfg(feature = "page")]
                Event::Examined(_) => {} // the page's alone
            }
        };
        Ok(Wire { client: Client::start(base, program, listener).map_err(throw)?, pending })
    }

    /// Ends the worker; whatever waits is rejected.
    pub fn close(&self) {
        self.client.close();
        let mut pending = self.pending.borrow_mut();
        pending.closed = true;
        pending.settle(0, Err(Fault::Aborted));
    }

    /// Whether [`Wire::close`] was called.
    pub fn closed(&self) -> bool {
        self.pending.borrow().closed
    }

    /// Whether the worker has died since this was asked last.
    pub fn died(&self) -> bool {
        std::mem::take(&mut self.pending.borrow_mut().dead)
    }

    /// Starts the worker anew.
    pub fn restart(&self) -> Result<(), JsValue> {
        self.client.restart().map_err(throw)
    }

    /// Loads a model: by name, from the three buffers of an object, or from the buffer of an archive. `options.signal`
    /// stops it.
    pub async fn fetch(&self, model: &JsValue, options: &JsValue) -> Result<(Info, Dense), JsValue> {
        let loaded = if let Some(archive) = model.dyn_ref::<ArrayBuffer>() {
            let archive = Uint8Array::new(&archive.slice(0));
            self.ask(options, |client| client.load_archive(archive.clone())).await
        } else if model.is_object() {
            let file = |name: &str| {
                let buffer: ArrayBuffer = property(model, name)
                    .dyn_into()
                    .map_err(|_| Error::new(&format!("model.{name} must be an ArrayBuffer")))?;
                // A copy: what is sent moves to the worker, and the caller's buffer stays the caller's.
                Ok::<_, JsValue>(Uint8Array::new(&buffer.slice(0)))
            };
            let (weights, config, tokenizer) = (file("weights")?, file("config")?, file("tokenizer")?);
            self.ask(options, |client| client.load_own(weights.clone(), config.clone(), tokenizer.clone())).await
        } else {
            let name = model.as_string().unwrap_or_default();
            self.ask(options, |client| client.load(&name)).await
        };
        match loaded? {
            Event::Ready { info, dense, .. } => Ok((info, dense)),
            _ => Err(unexpected()),
        }
    }

    /// Makes a request and waits for its reply; `options.signal` stops it.
    pub async fn ask(&self, options: &JsValue, request: impl Fn(&Client) -> u32) -> Result<Event, JsValue> {
        let signal: Option<AbortSignal> = property(options, "signal").dyn_into().ok();
        // Nobody would answer a request after the end.
        if self.closed() || signal.as_ref().is_some_and(AbortSignal::aborted) {
            return Err(throw(Fault::Aborted));
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
}

/// Makes a request and the promise of its reply.
fn expect(pending: &Rc<RefCell<Pending>>, request: impl FnOnce() -> u32) -> (u32, oneshot::Receiver<Reply>) {
    let (sender, receiver) = oneshot::channel();
    let id = request();
    pending.borrow_mut().waiting.insert(id, sender);
    (id, receiver)
}
