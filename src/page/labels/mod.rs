//! Gold labels: the annotators' spans, and t set directly.

pub mod annotators;
pub mod simplex;
