//! Gold labels: the annotators' spans, and t set directly.

pub mod annotators;
mod labelling;
pub mod simplex;
