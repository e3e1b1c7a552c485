//! The words of the guided exercise.

use crate::exercise::{Facts, Step};

/// One language's.
pub struct Words {
    /// The button that begins.
    pub begin: &'static str,
    /// What it leads to.
    pub promise: &'static str,
    /// Heading.
    pub heading: &'static str,
    /// The three annotators.
    pub annotators: [&'static str; 3],
    /// Step, number of steps, steps answered.
    pub place: fn(usize, usize, usize) -> String,
    /// Nothing can be asked yet.
    pub waiting: &'static str,
    /// Label of the field.
    pub answer: &'static str,
    /// Checks the answer.
    pub check: &'static str,
    /// Shows a hint.
    pub hint: &'static str,
    /// Shows what is right.
    pub reveal: &'static str,
    /// The step before.
    pub back: &'static str,
    /// The step after.
    pub next: &'static str,
    /// Ends the guide.
    pub close: &'static str,
    /// The answer is right.
    pub right: &'static str,
    /// It is not.
    pub wrong: &'static str,
    /// It is no number.
    pub unreadable: &'static str,
    /// The questions, as HTML.
    pub questions: fn(Step, &Facts) -> String,
    /// The choices of a step that has some.
    pub choices: fn(Step) -> &'static [&'static str],
    /// The hints, as HTML.
    pub hints: fn(Step) -> &'static str,
    /// Why the answer is what it is, as HTML; the last argument is the right number.
    pub why: fn(Step, &Facts, &str) -> String,
}
