//! The engine in a Web Worker, with the trainer.

#[path = "worker.rs"]
mod worker;

fn main() {
    worker::main();
}
