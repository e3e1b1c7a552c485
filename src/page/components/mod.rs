//! What several places of the page are made of.

pub mod add_to_set;
pub mod clipboard;
pub mod download;
pub mod drop;
pub mod events;
pub mod files;
pub mod focus;
pub mod idle;
pub mod link_field;
pub mod math;
pub mod patched_row;
pub mod picture;
pub mod symbols;
