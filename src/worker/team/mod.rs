//! Several workers that analyse together. The worker that the page has started leads; it starts helpers, instances of the
//! same program, and gives them the layers as they lie in its memory. They send each other K and V of their rows, layer by
//! layer, through channels of their own ([`crate::inference::team`] is what they compute). Ordinary workers and ordinary
//! messages: no server has to send headers for them, as it would for shared memory.
//!
//! A message is an array, as on the way to the page: a JSON text, and behind it typed arrays.

mod helper;
mod lead;
mod mail;

use js_sys::{Array, Float32Array, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

pub(crate) use helper::{asked_to_help, serve};
pub(crate) use lead::{Helpers, Leader, start};

use crate::inference::team::Job;
use crate::kernel::encoder::Shape;

/// To a helper: from the worker that leads, `Share` also from another helper.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ToHelper {
    /// The encoder's sizes; so many `Layer` messages follow.
    Shape {
        /// The sizes.
        shape: Shape,
        /// How many layers.
        layers: usize,
    },
    /// A layer; its bytes follow.
    Layer,
    /// From now on that member is reached through the port that follows.
    Link {
        /// Its number.
        member: usize,
    },
    /// Compute these rows. Their embeddings follow, f32.
    Begin {
        /// The job's number.
        number: u32,
        /// The number of the helper.
        me: usize,
        /// What is to be computed.
        job: Job,
    },
    /// K and V of somebody's rows follow.
    Share {
        /// The job's number.
        number: u32,
        /// Whose rows.
        from: usize,
        /// The layer.
        k: usize,
    },
    /// Jobs with smaller numbers are no longer wanted.
    Abandon {
        /// The first number that is.
        before: u32,
    },
    /// Are you there?
    Ping,
}

/// From a helper to the worker that leads.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum FromHelper {
    /// The layers are there.
    Loaded,
    /// K and V of its rows follow.
    Share {
        /// The job's number.
        number: u32,
        /// The layer.
        k: usize,
    },
    /// h of its wanted rows follows.
    Done {
        /// The job's number.
        number: u32,
    },
    /// In answer to a ping.
    Here,
}

/// The parts of a parcel.
fn unpack<T: for<'a> Deserialize<'a>>(data: &JsValue) -> Option<(T, JsValue)> {
    let parcel: &Array = data.dyn_ref()?;
    let message = serde_json::from_str(&parcel.get(0).as_string()?).ok()?;
    Some((message, parcel.get(1)))
}

/// A parcel without anything beside it, and what is to be transferred: nothing.
fn pack(message: &impl Serialize) -> (Array, Array) {
    let text = serde_json::to_string(message).expect("messages are plain data");
    (Array::of1(&JsValue::from(text)), Array::new())
}

/// A parcel with numbers beside it.
fn pack_numbers(message: &impl Serialize, values: &Float32Array) -> (Array, Array) {
    let (parcel, transfer) = pack(message);
    transfer.push(&values.buffer());
    parcel.push(values);
    (parcel, transfer)
}

/// A parcel with bytes beside it.
fn pack_bytes(message: &impl Serialize, bytes: &[u8]) -> (Array, Array) {
    let (parcel, transfer) = pack(message);
    let bytes = Uint8Array::from(bytes);
    transfer.push(&bytes.buffer());
    parcel.push(&bytes);
    (parcel, transfer)
}

fn numbers(beside: JsValue) -> Float32Array {
    beside.dyn_into().unwrap_or_default()
}
