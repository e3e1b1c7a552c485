//! The side of the worker that leads: starts helpers, hands them the layers, notices when one dies or lags, and is
//! number 0 of the team.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, Event, MessageChannel, MessageEvent, Worker};
use web_time::Instant;

use super::mail::{self, Key, Mail};
use super::{FromHelper, ToHelper, numbers, pack, pack_bytes, pack_numbers, unpack};
use crate::error::Error;
use crate::inference::team::{Job, Team};
use crate::inference::{Engine, milliseconds};
use crate::kernel::encoder::Scratch;
use crate::model::int8;
use crate::worker::serve::{Shared, pause};
use crate::worker::{scope, words};

/// The most workers that a model is given unasked: beyond, what they tell each other costs more than they compute.
const MOST: usize = 4;
/// The most workers that can be asked for.
const LIMIT: usize = 16;
/// How long one is waited for before it is asked whether it is there, and again for its answer: so many times what a step
/// takes here, within these bounds (milliseconds).
const LAG: (f64, f64, f64) = (30.0, 200.0, 5000.0);
/// How long one is waited for that answers, but does not get on (milliseconds).
const STUCK: f64 = 60_000.0;
/// How long a start may take (milliseconds).
const START: f64 = 20_000.0;
/// Helpers that die one after the other, without an analysis in between, before no more are started.
const ATTEMPTS: usize = 5;
/// A team is kept if it needs at most this part of the time that one alone needs.
const WORTH: f64 = 0.9;
/// After a load, the first look for an idle moment (milliseconds).
const IDLE: i32 = 400;

/// A helper and what listens to it.
struct Member {
    worker: Worker,
    loaded: bool,
    // Kept alive as long as the browser may call them.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

/// The helpers of a loaded model.
pub(crate) struct Helpers {
    members: RefCell<BTreeMap<usize, Member>>,
    mail: Rc<Mail>,
    /// How many there are to be; none once the team was ended, so that a start under way ends too.
    wanted: Cell<usize>,
    /// Deaths since the last analysis that they took part in.
    deaths: Cell<usize>,
    next_job: Cell<u32>,
    next_member: Cell<usize>,
}

/// Ends the helpers of the model before.
pub(crate) fn stop(state: &Shared) {
    let helpers = state.borrow_mut().helpers.take();
    if let Some(helpers) = helpers {
        helpers.wanted.set(0);
        let members: Vec<usize> = helpers.members.borrow().keys().copied().collect();
        members.into_iter().for_each(|member| helpers.dismiss(member));
    }
}

/// Starts helpers for the model just loaded, so that there are `workers` in all. Unasked (`None`) they are started later, in
/// an idle moment, as many as the machine is likely to have cores for, and only kept if an analysis is quicker by them.
pub(crate) async fn start(state: &Shared, workers: Option<usize>) {
    stop(state);
    let Some(engine) = state.borrow().engine.clone() else { return };
    let count = workers.unwrap_or_else(likely_to_pay).clamp(1, LIMIT);
    if engine.model().int8.is_none() || count == 1 {
        return;
    }
    let helpers = Rc::new(Helpers {
        members: RefCell::default(),
        mail: Rc::default(),
        wanted: Cell::new(count - 1),
        deaths: Cell::new(0),
        next_job: Cell::new(1),
        next_member: Cell::new(1),
    });
    state.borrow_mut().helpers = Some(helpers.clone());
    if workers.is_some() {
        helpers.fill(&engine).await;
        return;
    }
    let state = state.clone();
    spawn_local(async move {
        let mine = |state: &Shared| state.borrow().helpers.as_ref().is_some_and(|now| Rc::ptr_eq(now, &helpers));
        while mine(&state) {
            helpers.mail.wait(Some(IDLE)).await;
            if state.borrow().busy() || !mine(&state) {
                continue;
            }
            helpers.fill(&engine).await;
            match worth_it(&state, &engine).await {
                Ok(true) => return,
                Ok(false) => return stop(&state),
                Err(_) => {} // disturbed: again later
            }
        }
    });
}

/// min(4, cores − 1), fewer where there is little memory.
fn likely_to_pay() -> usize {
    let number = |name: &str| {
        let navigator = Reflect::get(&scope(), &"navigator".into()).ok()?;
        Reflect::get(&navigator, &name.into()).ok()?.as_f64()
    };
    let cores = number("hardwareConcurrency").unwrap_or(1.0) as usize;
    let most = match number("deviceMemory") {
        Some(gigabytes) if gigabytes <= 2.0 => 1,
        Some(gigabytes) if gigabytes <= 4.0 => 2,
        _ => MOST,
    };
    cores.saturating_sub(1).clamp(1, most)
}

/// Whether a text is analysed faster together than alone, each measured twice.
async fn worth_it(state: &Shared, engine: &Engine) -> Result<bool, Error> {
    let text = "How long it takes to read these words is measured. ".repeat(24);
    let (mut alone, mut together) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..2 {
        let mut one = Leader { idle: true, ..Leader::alone(state, 0) };
        let (output, _) = engine.analyse_with("How long?", &text, &mut one).await?;
        alone = alone.min(output.forward_ms);
        let mut team = Leader { idle: true, ..Leader::new(state, 0) };
        if team.members().len() == 1 {
            return Ok(false);
        }
        let (output, _) = engine.analyse_with("How long?", &text, &mut team).await?;
        together = together.min(output.forward_ms);
    }
    Ok(together <= WORTH * alone)
}

impl Helpers {
    /// Starts helpers until there are as many as wanted, or no more can be had.
    pub async fn fill(self: &Rc<Self>, engine: &Engine) {
        while self.members.borrow().len() < self.wanted.get() && self.deaths.get() < ATTEMPTS {
            let missing = self.wanted.get() - self.members.borrow().len();
            let fresh: Vec<usize> = (0..missing).map_while(|_| self.spawn(engine).ok()).collect();
            if fresh.is_empty() {
                return; // the browser starts none
            }
            let began = Instant::now();
            loop {
                let waiting = |m: &usize| self.members.borrow().get(m).is_some_and(|member| !member.loaded);
                if !fresh.iter().any(waiting) {
                    break;
                }
                if milliseconds(began) > START {
                    fresh.iter().filter(|m| waiting(m)).for_each(|m| self.lose(*m));
                    break;
                }
                self.mail.wait(Some(50)).await;
            }
            self.link(&fresh);
        }
    }

    /// Starts a helper and gives it the layers.
    fn spawn(self: &Rc<Self>, engine: &Engine) -> Result<usize, Error> {
        let none = || Error::WorkerDied { why: "no worker can be started here".into() };
        let layers = engine.model().int8.as_ref().ok_or_else(none)?;
        let worker: Worker = mail::call("bioscopeHelper").ok_or_else(none)?.unchecked_into();
        let number = self.next_member.replace(self.next_member.get() + 1);
        let helpers = Rc::downgrade(self);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(helpers) = helpers.upgrade() {
                helpers.hear(number, &event.data());
            }
        });
        let helpers = Rc::downgrade(self);
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            if let Some(helpers) = helpers.upgrade() {
                let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                web_sys::console::warn_1(&format!("a helper of the engine has stopped: {why}").into());
                helpers.lose(number);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let member = Member { worker, loaded: false, _on_message: on_message, _on_error: on_error };
        self.members.borrow_mut().insert(number, member);
        self.send(number, pack(&ToHelper::Shape { shape: layers.shape(), layers: layers.depth() }));
        for k in 0..layers.depth() {
            self.send(number, pack_bytes(&ToHelper::Layer, &int8::to_bytes(layers.packed(k))));
        }
        Ok(number)
    }

    /// Gives every fresh helper a channel to each of the others.
    fn link(&self, fresh: &[usize]) {
        let all: Vec<usize> = self.members.borrow().keys().copied().collect();
        for (at, &a) in fresh.iter().enumerate().filter(|(_, m)| all.contains(m)) {
            for &b in all.iter().filter(|b| **b != a && !fresh[..at].contains(b)) {
                let Ok(channel) = MessageChannel::new() else { continue };
                for (to, member, port) in [(a, b, channel.port1()), (b, a, channel.port2())] {
                    let (parcel, transfer) = pack(&ToHelper::Link { member });
                    parcel.push(&port);
                    transfer.push(&port);
                    self.send(to, (parcel, transfer));
                }
            }
        }
    }

    fn send(&self, member: usize, (parcel, transfer): (Array, Array)) {
        let sent = match self.members.borrow().get(&member) {
            Some(member) => member.worker.post_message_with_transfer(&parcel, &transfer),
            None => return,
        };
        if let Err(error) = sent {
            web_sys::console::warn_1(&words(error).into());
            self.lose(member);
        }
    }

    fn hear(&self, from: usize, data: &JsValue) {
        let Some((message, beside)) = unpack(data) else {
            return self.hear_script(from, data);
        };
        match message {
            FromHelper::Loaded => {
                if let Some(member) = self.members.borrow_mut().get_mut(&from) {
                    member.loaded = true;
                }
                self.mail.ring();
            }
            FromHelper::Share { number, k } => self.mail.put(Key { number, from, k }, numbers(beside)),
            FromHelper::Done { number } => self.mail.put(Key { number, from, k: Key::H }, numbers(beside)),
            FromHelper::Here => {
                self.mail.answered.borrow_mut().insert(from);
                self.mail.ring();
            }
        }
    }

    /// What a helper's first script says, in the page's messages: its requests are the page's to count, a failure is ours.
    fn hear_script(&self, from: usize, data: &JsValue) {
        let text = data.dyn_ref::<Array>().and_then(|parcel| parcel.get(0).as_string()).unwrap_or_default();
        if text.starts_with("{\"fetched\"") {
            let _ = scope().post_message(data);
        } else if text.starts_with("{\"failed\"") {
            self.lose(from);
        }
    }

    /// Ends a helper.
    fn dismiss(&self, member: usize) {
        let member = self.members.borrow_mut().remove(&member);
        if let Some(member) = member {
            member.worker.set_onmessage(None);
            member.worker.set_onerror(None);
            member.worker.terminate();
        }
    }

    /// One has died, or lags: it is done without.
    fn lose(&self, member: usize) {
        self.dismiss(member);
        self.deaths.set(self.deaths.get() + 1);
        self.mail.ring();
    }

    /// Those of `members` that are no longer here.
    fn gone(&self, members: &[usize]) -> bool {
        let here = self.members.borrow();
        members.iter().any(|m| !here.contains_key(m))
    }

    /// Nothing of the jobs so far is wanted any more.
    fn abandon(&self) {
        let before = self.next_job.get();
        self.mail.abandon(before);
        let members: Vec<usize> = self.members.borrow().keys().copied().collect();
        members.into_iter().for_each(|m| self.send(m, pack(&ToHelper::Abandon { before })));
    }
}

/// Number 0 of the team, for one request.
pub(crate) struct Leader<'a> {
    state: &'a Shared,
    /// Number of the request.
    id: u32,
    helpers: Option<Rc<Helpers>>,
    /// When this worker went on with its own rows, and how long the longest step with them took (milliseconds).
    went_on: Instant,
    pace: f64,
    /// Whether to give up as soon as somebody wants something of the worker.
    idle: bool,
}

impl<'a> Leader<'a> {
    /// The team as it is now.
    pub fn new(state: &'a Shared, id: u32) -> Leader<'a> {
        Leader { helpers: state.borrow().helpers.clone(), ..Leader::alone(state, id) }
    }

    /// The worker by itself, with its event loop.
    pub fn alone(state: &'a Shared, id: u32) -> Leader<'a> {
        Leader { state, id, helpers: None, went_on: Instant::now(), pace: 0.0, idle: false }
    }

    /// After an analysis: those that died are replaced, while nobody waits.
    pub fn replace_the_dead(self, engine: &Rc<Engine>) {
        let Some(helpers) = self.helpers else { return };
        if helpers.members.borrow().len() >= helpers.wanted.get() || self.state.borrow().engine.is_none() {
            return;
        }
        // An automatic team that was never filled waits for its idle moment.
        if helpers.next_member.get() > 1 {
            let engine = engine.clone();
            spawn_local(async move { helpers.fill(&engine).await });
        }
    }

    /// Waits for arrays of these members. Who is asked twice and does not answer is dead.
    async fn collect(&self, number: u32, from: &[usize], k: usize) -> Result<Vec<Float32Array>, Error> {
        let helpers = self.helpers.as_ref().ok_or_else(gone)?;
        let keys: Vec<Key> = from.iter().map(|from| Key { number, from: *from, k }).collect();
        let lag = (LAG.0 * self.pace).clamp(LAG.1, LAG.2);
        let (mut began, mut asked, waited) = (Instant::now(), false, Instant::now());
        loop {
            if let Some(arrays) = helpers.mail.take_all(&keys) {
                return Ok(arrays);
            }
            if self.state.borrow().cancelled.contains(&self.id) {
                helpers.abandon();
                return Err(Error::Aborted);
            }
            if milliseconds(began) > lag {
                // One that waits for a third has not sent either: only who does not answer is at fault.
                let silent = |m: &usize| !helpers.mail.answered.borrow().contains(m);
                if asked {
                    let others: Vec<usize> = helpers.members.borrow().keys().copied().collect();
                    others.iter().filter(|m| silent(m)).for_each(|m| helpers.lose(*m));
                } else {
                    helpers.mail.answered.borrow_mut().clear();
                    let others: Vec<usize> = helpers.members.borrow().keys().copied().collect();
                    others.iter().for_each(|m| helpers.send(*m, pack(&ToHelper::Ping)));
                }
                (began, asked) = (Instant::now(), !asked);
            }
            if milliseconds(waited) > STUCK {
                from.iter().for_each(|m| helpers.lose(*m));
            }
            if helpers.gone(from) {
                helpers.abandon();
                return Err(gone());
            }
            helpers.mail.wait(Some(25)).await;
        }
    }
}

fn gone() -> Error {
    Error::WorkerDied { why: "a helper does not answer".into() }
}

impl Team for Leader<'_> {
    fn members(&self) -> Vec<usize> {
        let helpers = self.helpers.iter().flat_map(|helpers| {
            let members = helpers.members.borrow();
            members.iter().filter(|(_, member)| member.loaded).map(|(number, _)| *number).collect::<Vec<_>>()
        });
        std::iter::once(0).chain(helpers).collect()
    }

    async fn pause(&mut self) -> Result<(), Error> {
        let mut paused = pause(self.state, self.id).await;
        if self.idle && self.state.borrow().busy() {
            paused = Err(Error::Aborted);
        }
        if paused.is_err()
            && let Some(helpers) = &self.helpers
        {
            helpers.abandon();
        }
        paused
    }

    fn give(&mut self, job: &Job, x: impl Fn(Range<usize>) -> Vec<f32>) -> u32 {
        let Some(helpers) = &self.helpers else { return 0 };
        let number = helpers.next_job.replace(helpers.next_job.get() + 1);
        for &me in job.members.iter().filter(|me| **me != 0) {
            let begin = ToHelper::Begin { number, me, job: job.clone() };
            helpers.send(me, pack_numbers(&begin, &Float32Array::from(&x(job.rows(me))[..])));
        }
        self.went_on = Instant::now();
        number
    }

    async fn gather(&mut self, number: u32, job: &Job, k: usize, s: &mut Scratch) -> Result<(), Error> {
        let others: Vec<usize> = job.members.iter().copied().filter(|m| *m != 0).collect();
        self.pace = self.pace.max(milliseconds(self.went_on));
        let Some(helpers) = &self.helpers else { return Err(gone()) };
        for &other in &others {
            let share = helpers.mail.share(s, job.rows(0));
            helpers.send(other, pack_numbers(&ToHelper::Share { number, from: 0, k }, &share));
        }
        let shares = self.collect(number, &others, k).await?;
        others.iter().zip(shares).for_each(|(other, share)| helpers.mail.gather(s, job.rows(*other), share));
        self.went_on = Instant::now();
        Ok(())
    }

    async fn take(&mut self, number: u32, _job: &Job, member: usize) -> Result<Vec<f32>, Error> {
        let h = self.collect(number, &[member], Key::H).await?.remove(0);
        if let Some(helpers) = &self.helpers {
            helpers.deaths.set(0); // they can do it
        }
        Ok(h.to_vec())
    }
}
