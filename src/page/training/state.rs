//! What outlives the tab of learning.

use leptos::prelude::*;

use crate::bio::Dist;

/// An instance that was collected to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Collected {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// t of every token.
    pub t: Vec<Dist>,
}

/// The signals of learning that the page keeps. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct LearningState {
    /// Instances that were collected to learn from together.
    pub collected: RwSignal<Vec<Collected>>,
}

impl LearningState {
    /// Nothing is collected.
    pub fn new() -> LearningState {
        LearningState { collected: RwSignal::new(Vec::new()) }
    }
}
