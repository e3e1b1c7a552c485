//! What the places of the page share.

mod analyse_while_typing;
pub mod current_analysis;
mod editing;
pub mod examples;
pub mod place;
pub mod session;
pub mod shelf;
pub mod storage;
pub mod store;
