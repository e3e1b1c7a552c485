//! The browser's side of the engine: the worker's loop, its client, downloads, the JavaScript API.

mod client;

pub use client::{Client, Dense, Event, Hidden};
