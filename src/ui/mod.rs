//! The page. `state` holds what is known, `session` talks to the engine, every other file shows one part.

pub mod folds;
pub mod format;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod answers;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod app;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod ask;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod book;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod carry;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod class;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod clipboard;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod drop;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod examples;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod exercise;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod files;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod gold;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod guide;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod header;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod inspector;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod keys;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod legend;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod lesson;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod live;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod loss;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod math;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod model_picker;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod models;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod offer;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod open_link;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod own_model;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod paint;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod parts;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod pointer;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod present;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod reading;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod rest;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod self_test;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod session;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod share;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod shelf;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod simplex;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod state;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod storage;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod strings;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod strip;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod symbols;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
mod table;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub use app::mount;
