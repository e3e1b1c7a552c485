//! The engine in a Web Worker, and what tests and measurements ask of it.

#[cfg(target_arch = "wasm32")]
mod exports {
    use bioscope::worker::bench;
    use wasm_bindgen::prelude::*;

    /// Checks every kernel against the oracle; returns the number of comparisons.
    #[wasm_bindgen]
    pub fn check_kernels() -> Result<usize, String> {
        bench::check()
    }

    /// Names of the kernels, the one in use last.
    #[wasm_bindgen]
    pub fn kernel_names() -> String {
        bench::names().join("|")
    }

    /// Times the operations of one layer, as JSON.
    #[wasm_bindgen]
    pub fn time_operations(length: usize, rounds: usize) -> Result<String, String> {
        bench::operations(length, rounds)
    }
}

pub(crate) fn main() {
    #[cfg(target_arch = "wasm32")]
    bioscope::worker::serve();
}
