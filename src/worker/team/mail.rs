//! What members of a team have sent, until it is asked for.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use js_sys::{Float32Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::kernel::encoder::Scratch;
use crate::worker::scope;

/// Whose rows, in which layer of which job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub number: u32,
    pub from: usize,
    pub k: usize,
}

impl Key {
    /// In place of a layer: h, when all are done.
    pub const H: usize = usize::MAX;
}

/// Arrays that came, and a bell that rings for each.
#[derive(Default)]
pub(super) struct Mail {
    arrays: RefCell<HashMap<Key, Float32Array>>,
    /// Shares that were taken: what is sent next is written into them, for new memory costs more than what is written.
    taken: RefCell<Vec<Float32Array>>,
    /// Who has answered a ping.
    pub answered: RefCell<HashSet<usize>>,
    /// Jobs below this number are not wanted any more.
    wanted_from: Cell<u32>,
    waiting: RefCell<Vec<Function>>,
}

impl Mail {
    /// Keeps an array, unless nobody wants it.
    pub fn put(&self, key: Key, values: Float32Array) {
        if key.number >= self.wanted_from.get() {
            self.arrays.borrow_mut().insert(key, values);
        }
        self.ring();
    }

    /// The arrays of all these keys, when all are there.
    pub fn take_all(&self, keys: &[Key]) -> Option<Vec<Float32Array>> {
        let mut arrays = self.arrays.borrow_mut();
        if !keys.iter().all(|key| arrays.contains_key(key)) {
            return None;
        }
        Some(keys.iter().filter_map(|key| arrays.remove(key)).collect())
    }

    /// What others need of these rows, see [`Scratch::share`], as one array to be transferred.
    pub fn share(&self, s: &Scratch, rows: Range<usize>) -> Float32Array {
        let [largest_q, kv] = s.share(rows);
        let (cut, length) = (largest_q.len() as u32, (largest_q.len() + kv.len()) as u32);
        let mut taken = self.taken.borrow_mut();
        let buffer = taken.pop().map(|array| array.buffer()).filter(|buffer| buffer.byte_length() >= 4 * length);
        let array = match buffer {
            Some(buffer) => Float32Array::new_with_byte_offset_and_length(&buffer, 0, length),
            None => Float32Array::new_with_length(length),
        };
        array.subarray(0, cut).copy_from(largest_q);
        array.subarray(cut, length).copy_from(kv);
        array
    }

    /// Takes what [`Mail::share`] of somebody else has made of these rows.
    pub fn gather(&self, s: &mut Scratch, rows: Range<usize>, share: Float32Array) {
        let [largest_q, kv] = s.share(rows.clone());
        let cut = largest_q.len() as u32;
        assert_eq!(share.length() as usize, largest_q.len() + kv.len(), "a share of {} rows", rows.len());
        let largest_q = share.subarray(0, cut).to_vec();
        share.subarray(cut, share.length()).copy_to(s.gather(rows, &largest_q));
        self.taken.borrow_mut().push(share);
    }

    /// Jobs below that number are no longer wanted.
    pub fn abandon(&self, before: u32) {
        self.wanted_from.set(before.max(self.wanted_from.get()));
        self.arrays.borrow_mut().retain(|key, _| key.number >= before);
        self.ring();
    }

    /// Whether a job is still wanted.
    pub fn wanted(&self, number: u32) -> bool {
        number >= self.wanted_from.get()
    }

    /// Wakes who waits.
    pub fn ring(&self) {
        let waiting = self.waiting.take();
        for resolve in waiting {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    /// Waits for the next ring, or so many milliseconds.
    pub async fn wait(&self, ms: Option<i32>) {
        let mut timer = None;
        let promise = Promise::new(&mut |resolve: Function, _| {
            timer = ms.and_then(|ms| scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).ok());
            self.waiting.borrow_mut().push(resolve);
        });
        let _ = JsFuture::from(promise).await;
        if let Some(timer) = timer {
            scope().clear_timeout_with_handle(timer);
        }
    }
}

/// Calls a function of the worker's scope that www/worker.js has put there.
pub(super) fn call(name: &str) -> Option<JsValue> {
    let function: Function = Reflect::get(&scope(), &name.into()).ok()?.dyn_into().ok()?;
    function.call0(&JsValue::NULL).ok().filter(JsValue::is_object)
}
