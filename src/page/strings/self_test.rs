//! The words of the self-test.

use crate::self_test::{Found, State, Test, Why};

/// One language's.
pub struct Words {
    /// Heading of the panel.
    pub heading: &'static str,
    /// What is tested, and what it costs.
    pub intro: &'static str,
    /// Begins.
    pub run: &'static str,
    /// Stops.
    pub stop: &'static str,
    /// How far it is: tests done, of.
    pub progress: fn(usize, usize) -> String,
    /// What came of it: passed, failed, not run.
    pub verdict: fn(usize, usize, usize) -> String,
    /// A test, for people.
    pub title: fn(Test) -> &'static str,
    /// How far it is.
    pub state: fn(State) -> &'static str,
    /// What it has found.
    pub found: fn(&Found) -> String,
    /// Why it has found nothing. Faults have sentences of their own.
    pub why: fn(&Why) -> String,
    /// Heading of int8 against f32.
    pub differences: &'static str,
    /// Column headings, as HTML: token, difference of p, KL, label.
    pub columns: [&'static str; 4],
    /// Heading of the report.
    pub report: &'static str,
    /// What is in it, and what is not.
    pub report_note: &'static str,
    /// Puts it on the clipboard.
    pub copy: &'static str,
    /// It is there.
    pub copied: &'static str,
    /// The clipboard is out of reach.
    pub by_hand: &'static str,
    /// Saves it as a file.
    pub save: &'static str,
}
