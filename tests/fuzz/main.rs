//! Random damage to everything that comes from outside: weight files, tokenizers and texts, links, label and data files,
//! messages. Nothing may panic, hang or ask for memory without bound.
//!
//! `cargo test` makes a few thousand executions of each target; `cargo xtask fuzz` makes as many as one likes. Every
//! execution follows from its number alone, so that a failure can be made again: its message says how.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod driver;
mod labels;
mod links;
mod messages;
mod texts;
mod weights;
