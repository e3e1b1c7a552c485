//! The browser's side of the engine: the worker's loop, its client, downloads, the JavaScript API.

mod api;
mod cache;
mod client;
mod download;
mod worker;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

pub use api::Bioscope;
pub use client::{Client, Dense, Event, Hidden};
pub use worker::serve;

/// Names this build in the URLs of the worker's files, which have no content hash of their own.
pub const VERSION: &str = match option_env!("BIOSCOPE_VERSION") {
    Some(version) => version,
    None => "dev",
};

/// The worker build to start.
fn kernel() -> &'static str {
    "simd128"
}

/// The global scope of the worker that this runs in.
fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The browser's own words for an exception.
fn words(error: JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
