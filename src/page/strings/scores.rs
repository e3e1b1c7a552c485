//! The words of how well the models read.

use crate::metrics::benchmark::{FileScores, Kind};

/// One language's.
pub struct Words {
    /// The entry of the model menu that opens the chart.
    pub entry: &'static str,
    /// Opens it at the foot of the page.
    pub open: &'static str,
    /// Heading.
    pub heading: &'static str,
    /// Closes it.
    pub close: &'static str,
    /// Where the numbers come from.
    pub intro: &'static str,
    /// What the dark part of a bar is.
    pub exact: &'static str,
    /// What all of a bar is.
    pub partly: &'static str,
    /// What the line across a bar is.
    pub never: &'static str,
    /// Column heading of the kinds.
    pub questions: &'static str,
    /// A kind of questions.
    pub kind: fn(Kind) -> &'static str,
    /// How many there are.
    pub count: fn(usize) -> String,
    /// A model was not measured on them.
    pub unknown: &'static str,
    /// Several answers: a model's title, shares of the questions with all answers found and with at least one, in percent.
    pub several: fn(&str, f64, f64) -> String,
    /// What to expect of a model in a sentence: its title, its scores.
    pub quality: fn(&str, &[FileScores]) -> String,
}

/// A share in percent as a number of tenths, or `None` where it is nearer to none.
pub fn tenths(percent: f64) -> Option<u32> {
    Some((percent / 10.0).round() as u32).filter(|n| *n > 0)
}
