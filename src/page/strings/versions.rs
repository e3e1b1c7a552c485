//! The words of comparing two versions of a text.

/// One language's.
pub struct Words {
    /// Above the comparison.
    pub intro: &'static str,
    /// There is nothing to compare with yet.
    pub none: &'static str,
    /// The text before was about something else.
    pub other_text: &'static str,
    /// Takes the analysis on show as the one to compare with.
    pub keep: &'static str,
    /// It is the one on show.
    pub kept: &'static str,
    /// What the marks mean.
    pub legend: &'static str,
    /// Column headings.
    pub token: &'static str,
    /// See `token`.
    pub before: &'static str,
    /// See `token`.
    pub now: &'static str,
    /// See `token`.
    pub moved: &'static str,
    /// The row of the answers.
    pub answers: &'static str,
    /// In place of an answer.
    pub no_answer: &'static str,
}
