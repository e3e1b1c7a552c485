//! The engine in a Web Worker, for browsers with relaxed SIMD.

#[path = "worker.rs"]
mod worker;

fn main() {
    worker::main();
}
