//! A helper's side: it has the layers and nothing else of the model, and computes the rows that it is given.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, MessagePort};

use super::mail::{Key, Mail};
use super::{FromHelper, ToHelper, numbers, pack, pack_numbers, unpack};
use crate::error::Error;
use crate::inference::team::{Job, Rows, forward};
use crate::kernel::encoder::Scratch;
use crate::kernel::{self, Int8Encoder};
use crate::model::int8;
use crate::worker::event_loop::yield_to_event_loop;
use crate::worker::scope;

/// A job that waits for its turn.
struct Waiting {
    number: u32,
    me: usize,
    job: Job,
    x: Vec<f32>,
}

#[derive(Default)]
struct State {
    encoder: Option<Int8Encoder>,
    /// Layers still to come.
    layers: usize,
    links: BTreeMap<usize, MessagePort>,
    queue: VecDeque<Waiting>,
    busy: bool,
}

#[derive(Clone, Default)]
struct Helper {
    state: Rc<RefCell<State>>,
    mail: Rc<Mail>,
}

/// Whether this worker was started to help another one, as www/worker.js says.
pub(crate) fn asked_to_help() -> bool {
    Reflect::get(&scope(), &"bioscopeHelps".into()).is_ok_and(|helps| helps.is_truthy())
}

/// Listens as long as the worker lives.
pub(crate) fn serve() {
    let helper = Helper::default();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some((message, beside)) = unpack(&event.data()) {
            helper.hear(message, beside);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // lives as long as the worker
}

fn send((parcel, transfer): (Array, Array)) {
    if let Err(error) = scope().post_message_with_transfer(&parcel, &transfer) {
        web_sys::console::error_1(&error);
    }
}

impl Helper {
    fn hear(&self, message: ToHelper, beside: JsValue) {
        match message {
            ToHelper::Shape { shape, layers } => {
                let mut state = self.state.borrow_mut();
                state.encoder = Some(Int8Encoder::new(shape, kernel::best()));
                state.layers = layers;
            }
            ToHelper::Layer => self.add_layer(&Uint8Array::from(beside).to_vec()),
            ToHelper::Link { member } => self.link(member, beside.unchecked_into()),
            ToHelper::Begin { number, me, job } => {
                self.state.borrow_mut().queue.push_back(Waiting { number, me, job, x: numbers(beside).to_vec() });
                if !std::mem::replace(&mut self.state.borrow_mut().busy, true) {
                    let helper = self.clone();
                    spawn_local(async move { helper.work().await });
                }
            }
            ToHelper::Share { number, from, k } => self.mail.put(Key { number, from, k }, numbers(beside)),
            ToHelper::Abandon { before } => {
                self.state.borrow_mut().queue.retain(|waiting| waiting.number >= before);
                self.mail.abandon(before);
            }
            ToHelper::Ping => send(pack(&FromHelper::Here)),
        }
    }

    fn add_layer(&self, bytes: &[u8]) {
        let mut state = self.state.borrow_mut();
        let added = state
            .encoder
            .as_mut()
            .is_some_and(|encoder| int8::from_bytes(bytes).map(|layer| encoder.push(layer)).is_ok());
        state.layers = state.layers.saturating_sub(1);
        if added && state.layers == 0 {
            send(pack(&FromHelper::Loaded));
        }
    }

    fn link(&self, member: usize, port: MessagePort) {
        let helper = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some((message, beside)) = unpack(&event.data()) {
                helper.hear(message, beside);
            }
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget(); // a few per worker, as long as it lives
        self.state.borrow_mut().links.insert(member, port);
    }

    /// Does the jobs one after the other.
    async fn work(&self) {
        loop {
            let next = self.state.borrow_mut().queue.pop_front();
            let Some(next) = next else { break };
            let encoder = self.state.borrow_mut().encoder.take();
            if let Some(encoder) = encoder {
                // An error says that nobody wants the result any more.
                if let Ok(h) = self.compute(&encoder, &next).await {
                    send(pack_numbers(&FromHelper::Done { number: next.number }, &Float32Array::from(&h[..])));
                }
                self.state.borrow_mut().encoder = Some(encoder);
            }
        }
        self.state.borrow_mut().busy = false;
    }

    async fn compute(&self, encoder: &Int8Encoder, next: &Waiting) -> Result<Vec<f32>, Error> {
        let mine = next.job.rows(next.me);
        let mut s = encoder.begin_rows(next.job.length, mine, &next.x);
        let mut rows = Mine { helper: self, next };
        let done = forward(encoder, &mut s, next.job.wanted.clone(), &mut rows).await?;
        let d = encoder.shape().d;
        Ok(s.x[done.start * d..done.end * d].to_vec())
    }
}

/// A helper's rows of a job.
struct Mine<'a> {
    helper: &'a Helper,
    next: &'a Waiting,
}

impl Rows for Mine<'_> {
    fn mine(&self) -> Range<usize> {
        self.next.job.rows(self.next.me)
    }

    async fn gather(&mut self, k: usize, s: &mut Scratch) -> Result<(), Error> {
        let mail = &self.helper.mail;
        let Waiting { number, me, job, .. } = self.next;
        let (number, me) = (*number, *me);
        let others: Vec<usize> = job.members.iter().copied().filter(|member| *member != me).collect();
        for other in &others {
            let share = mail.share(s, job.rows(me));
            if *other == 0 {
                send(pack_numbers(&FromHelper::Share { number, k }, &share));
            } else if let Some(port) = self.helper.state.borrow().links.get(other) {
                let (parcel, transfer) = pack_numbers(&ToHelper::Share { number, from: me, k }, &share);
                let _ = port.post_message_with_transferable(&parcel, &transfer);
            }
        }
        if others.is_empty() {
            yield_to_event_loop().await; // for pings; who waits for others hears them then
        }
        let keys: Vec<Key> = others.iter().map(|from| Key { number, from: *from, k }).collect();
        loop {
            if !mail.wanted(number) {
                return Err(Error::Aborted);
            }
            if let Some(arrays) = mail.take_all(&keys) {
                others.iter().zip(arrays).for_each(|(other, share)| mail.gather(s, job.rows(*other), share));
                return Ok(());
            }
            mail.wait(None).await;
        }
    }
}
