//! The engine in a Web Worker, for browsers with relaxed SIMD.

fn main() {
    #[cfg(target_arch = "wasm32")]
    bioscope_worker::serve();
}
