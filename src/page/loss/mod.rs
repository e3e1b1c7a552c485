//! The loss.

pub mod card;
