//! Bioscope looks inside a reading-comprehension model: a BERT whose dense layer tags every
//! paragraph token as Begin, Inside or Outside of an answer.
//!
//! The floors, from the ground up; an import never goes up (see ARCHITECTURE.md):
//!
//! * [`bio`]: the exercise's mathematics: labels, softmax, gold distributions, loss, decoders
//! * [`kernel`]: the hot loops; the only place where `unsafe` may live
//! * [`fault`]: everything that can go wrong, as sentences
//! * [`analysis`]: what one analysis says, as plain data
//! * [`gold`]: gold labels as they come from outside
//! * [`text`]: question + paragraph to windows of token ids, with exact offsets
//! * [`model`]: the encoder, the B/I/O head and the files they are loaded from
//! * [`engine`]: the one door: load a model, analyse a question and a paragraph
//! * [`document`]: what the user has typed and labelled, as one value
//! * [`export`]: what the user takes away and brings back: JSON, CSV, LaTeX, links, a class's labels
//! * [`learning`]: gradient steps on the user's own labels and explanations, as plain data
//! * [`train`]: fine-tuning: the trainer, and single steps with undo for the page
//! * `data`: data files (in the page from bytes); `evaluate`, `plot`, `cli` (native): scores, pictures, the command line
//! * [`guide`]: the guided exercise's questions and what is right
//! * [`versions`]: two versions of a text beside each other
//! * [`self_test`]: what the engine in this browser says against reference values
//! * [`protocol`]: what page and worker say to each other
//! * `web` (wasm32): the worker's loop, its client, downloads
//! * [`display`]: numbers and long texts as people read them
//! * `ui` (wasm32): the page

pub mod analysis;
pub mod bio;
pub mod display;
pub mod document;
#[cfg(feature = "engine")]
pub mod engine;
pub mod export;
pub mod fault;
pub mod gold;
pub mod guide;
#[cfg(feature = "engine")]
pub mod kernel;
pub mod learning;
#[cfg(feature = "engine")]
pub mod model;
pub mod protocol;
pub mod self_test;
#[cfg(feature = "engine")]
pub mod text;
pub mod versions;

#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod cli;
#[cfg(any(feature = "page", all(feature = "engine", not(target_arch = "wasm32"))))]
pub mod dataset;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod evaluate;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod plot;
#[cfg(feature = "engine")]
pub mod train;

#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod web;
