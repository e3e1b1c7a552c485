//! Bioscope looks inside a reading-comprehension model: a BERT whose dense layer tags every
//! paragraph token as Begin, Inside or Outside of an answer.
//!
//! The layers, from the ground up (ARCHITECTURE.md says what may import what):
//!
//! * [`bio`]: the exercise's mathematics: labels, softmax, gold distributions, loss, decoders
//! * `kernel`: SIMD loops on slices, a crate of its own; the only place where `unsafe` may live
//! * [`error`]: everything that can go wrong, as sentences
//! * `tokenize`: question + paragraph to windows of token ids, with exact offsets
//! * `model`: the encoder, the B/I/O head and the files they are loaded from
//! * [`inference`]: load a model, analyse a question and a paragraph; an analysis as plain data
//! * [`train`]: fine-tuning, and single steps with undo and explanations for the page
//! * [`metrics`]: scores against gold labels
//! * [`dataset`]: files of questions, texts and labels, of every format
//! * [`document`]: what the user has typed and labelled, as one value: JSON, CSV, LaTeX, links, a class's labels
//! * [`exercise`]: the guided exercise's questions and what is right
//! * [`self_test`]: what the engine in this browser returns against reference values
//! * [`locale`]: the interface's texts, compiled from `locales/`
//! * [`worker`]: the messages between page and worker, the worker's loop, its client, downloads
//! * [`display`]: numbers and long texts as people read them
//! * [`figure`]: the page's charts as pictures to take away
//! * `cli`, `plot` (native): the command line, pictures
//! * `page` (wasm32): the page

pub mod bio;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod cli;
pub mod dataset;
pub mod display;
pub mod document;
pub mod error;
pub mod exercise;
pub mod figure;
pub mod inference;
mod internally_tagged;
pub mod locale;
pub mod metrics;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub mod page;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod plot;
pub mod self_test;
#[cfg(feature = "engine")]
pub mod tokenize;
#[cfg(feature = "engine")]
pub mod train;
pub mod worker;

#[cfg(feature = "engine")]
pub use bioscope_kernel as kernel;
