//! The engine in a Web Worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    bioscope_worker::serve();
}
