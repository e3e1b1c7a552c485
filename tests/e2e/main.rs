//! End-to-end tests: the built site in a headless browser, driven as a user would, its numbers compared with
//! the native engine's. `cargo xtask test e2e` builds the site and names it; run alone, the tests do nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

mod access;
mod api;
mod bench;
mod benchmark;
mod browser;
#[path = "../common/mod.rs"]
mod common;
mod data;
mod element;
mod embedding;
mod errors;
mod exercise;
mod files;
mod gold;
mod kernel;
mod learning;
mod lesson;
mod limits;
mod live;
mod merge;
mod models;
mod offline;
mod page;
mod phone;
mod pictures;
mod places;
mod present;
mod private;
mod question_set;
mod screenshots;
mod self_test;
mod share;
mod single;
mod sizes;
mod speed;
mod tabs;
mod types;
mod workers;
