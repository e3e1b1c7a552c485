//! The words of learning in the page.

use crate::bio::Label;

/// One language's.
pub struct Words {
    /// Above the controls, as HTML.
    pub intro: &'static str,
    /// Name of the choice between head and joint.
    pub which: &'static str,
    /// Every parameter.
    pub joint: &'static str,
    /// W and b.
    pub head: &'static str,
    /// Label of the choice of the optimiser.
    pub optimizer: &'static str,
    /// Label of the learning rate.
    pub rate: &'static str,
    /// One step.
    pub step: &'static str,
    /// Step after step.
    pub play: &'static str,
    /// Stops that.
    pub stop: &'static str,
    /// Back to the shipped weights.
    pub reset: &'static str,
    /// The learner's worker starts.
    pub starting: &'static str,
    /// A step is under way.
    pub stepping: &'static str,
    /// An explanation is under way: passes so far, in all.
    pub explaining: fn(usize, usize) -> String,
    /// Nothing was learned yet.
    pub ready: &'static str,
    /// A step was made: number, L before, L after, milliseconds.
    pub stepped: fn(usize, &str, &str, &str) -> String,
    /// The text on show is the tuned model's: title, steps.
    pub tuned: fn(&str, usize) -> String,
    /// Name of the curve.
    pub curve: &'static str,
    /// Column headings.
    pub token: &'static str,
    /// See `token`.
    pub before: &'static str,
    /// See `token`.
    pub after: &'static str,
    /// Heading of the norms.
    pub moved: &'static str,
    /// A layer, by its number.
    pub layer: fn(usize) -> String,
    /// The embeddings.
    pub embeddings: &'static str,
    /// W and b.
    pub head_part: &'static str,
    /// Heading of the explanation.
    pub why: &'static str,
    /// The button of a class.
    pub explain: fn(Label) -> String,
    /// Heading of an explanation: token, class.
    pub explained: fn(usize, Label) -> String,
    /// Label of the choice of the method.
    pub method: &'static str,
    /// Integrated gradients.
    pub integrated: &'static str,
    /// Gradient times input.
    pub gradient: &'static str,
    /// Log odds of the input and of the baseline, completeness error in percent.
    pub complete: fn(&str, &str, &str) -> String,
    /// What the shares mean, as HTML.
    pub why_note: &'static str,
}
