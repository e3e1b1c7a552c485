//! One token in detail.

pub mod inspector;
