//! Links that hold a document: made and opened.

mod open;
pub mod panel;
