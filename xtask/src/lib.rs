//! What the project's own tests share with its chores: the static server.

mod server;

pub use server::{Access, Server};
