//! The engine in a Web Worker, and what tests and measurements ask of it.
//!
//! A package of its own for its profile: the last optimisation of the whole program goes by this package's level, which is for
//! speed, while the library below is compiled for size (`profile.web` in the workspace's `Cargo.toml`).
#![cfg(target_arch = "wasm32")]

mod bench;

pub use bioscope::worker::serve;
use wasm_bindgen::prelude::*;

/// Checks every kernel against the oracle; returns the number of comparisons.
///
/// # Errors
/// The first difference.
#[wasm_bindgen]
pub fn check_kernels() -> Result<usize, String> {
    bioscope::kernel::check()
}

/// Names of the kernels, the one in use last.
#[wasm_bindgen]
pub fn kernel_names() -> String {
    bioscope::kernel::kernels().iter().map(|kernel| kernel.name()).collect::<Vec<_>>().join("|")
}

/// Times the operations of one layer, as JSON.
///
/// # Errors
/// The tensor library's.
#[wasm_bindgen]
pub fn time_operations(length: usize, rounds: usize) -> Result<String, String> {
    bench::operations(length, rounds)
}
