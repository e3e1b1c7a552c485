//! What several places of the page are made of.

pub mod add_to_set;
pub mod address;
pub mod clipboard;
pub mod download;
pub mod drop;
pub mod files;
pub mod focus;
pub mod idle;
pub mod math;
pub mod patched_row;
pub mod picture;
pub mod symbols;
