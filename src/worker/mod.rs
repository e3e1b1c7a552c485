//! The engine in a Web Worker: the messages between page and worker, the worker's loop, the page's client for it, downloads,
//! storage. www/bioscope.js is the client for pages of other people.

#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod asker;
#[cfg(target_arch = "wasm32")]
pub mod cache_storage;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod client;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod data;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod download;
#[cfg(target_arch = "wasm32")]
mod environment;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod event_loop;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod learner;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod model_cache;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod offline;
pub mod protocol;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod requests;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod serve;
#[cfg(target_arch = "wasm32")]
pub mod site;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod team;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use asker::{Asker, unexpected};
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use client::{Client, Dense, Event, Examined, Hidden};
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
use environment::scope;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use environment::wanted_workers;
#[cfg(target_arch = "wasm32")]
pub(crate) use environment::words;
#[cfg(target_arch = "wasm32")]
pub use environment::{VERSION, kernel};
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
pub use serve::serve;
