//! The words of the exercise's tabs.

use crate::bio::Label;

/// One language's.
pub struct Words {
    /// Heading.
    pub heading: &'static str,
    /// The tabs: the model, (a), (b), (c), the gradient, learning, two versions, the decoders.
    pub tabs: [&'static str; 8],
    /// Column heading of a token.
    pub token: &'static str,
    /// Column heading of a term.
    pub term: &'static str,

    /// Above the picture: N_Q, N_P, d, as HTML.
    pub picture: fn(usize, usize, usize) -> String,
    /// The picture's rows that are no symbols.
    pub rows: [&'static str; 1],
    /// Below the picture, as HTML.
    pub picture_note: &'static str,

    /// Above (a): d, as HTML.
    pub layer: fn(usize) -> String,
    /// The products that are not listed.
    pub rest: &'static str,
    /// The bias, as HTML.
    pub bias: &'static str,
    /// Heading of the softmax.
    pub softmax: &'static str,
    /// Heading of the sliders.
    pub what_if: &'static str,
    /// What to do with them.
    pub what_if_note: &'static str,
    /// Sets them back.
    pub reset: &'static str,
    /// A slider's name.
    pub logit: fn(Label) -> String,

    /// Above (b): N_Q, N_P, as HTML.
    pub sum_over: fn(usize, usize) -> String,
    /// The terms that are not listed: their number.
    pub other_terms: fn(usize) -> String,
    /// Heading of the annotators' own losses.
    pub own_losses: &'static str,
    /// Column heading of an annotator.
    pub annotator: &'static str,
    /// Column heading of the share of the weights.
    pub share: &'static str,
    /// The last line: their mean.
    pub weighted_mean: &'static str,
    /// Why that is L.
    pub linear: &'static str,
    /// Why it is not L when so many t_i were set directly.
    pub not_linear: fn(usize) -> String,
    /// Heading of the agreement.
    pub agreement: &'static str,
    /// Agreement as counted.
    pub observed: &'static str,
    /// Cohen's kappa.
    pub cohen: &'static str,
    /// Fleiss' kappa.
    pub fleiss: &'static str,
    /// Krippendorff's alpha.
    pub alpha: &'static str,
    /// A figure that does not exist.
    pub undefined: &'static str,
    /// What a kappa means, in a line.
    pub agreement_means: fn(Option<f64>) -> &'static str,

    /// The switch of (c).
    pub assume: &'static str,
    /// The switch is off, and t is not 1-hot.
    pub not_one_hot: &'static str,
    /// Reasons of the first, third and fourth step, as HTML.
    pub steps: [&'static str; 3],
    /// Reason of the second step: the token's number and text, r(i), whether another class has as much.
    pub step_token: fn(usize, &str, Label, bool) -> String,
    /// Reason of the last step: N_P.
    pub step_sum: fn(usize) -> String,
    /// Tokens without a majority: their number.
    pub ties: fn(usize) -> String,
    /// L against t.
    pub soft_loss: &'static str,
    /// L against the majority.
    pub hard_loss: &'static str,
    /// The one minus the other.
    pub difference: &'static str,
    /// The likelihood of the labels.
    pub likelihood: fn(&str) -> String,

    /// Above the gradient, as HTML.
    pub gradient: &'static str,
    /// Heading of the list.
    pub largest_gradients: &'static str,
    /// Heading of the chain rule.
    pub onward: &'static str,
    /// What "jointly" means, as HTML.
    pub jointly: &'static str,

    /// Above the decoders.
    pub decoding: &'static str,
    /// Column heading of the likeliest class.
    pub likeliest: &'static str,
    /// Marks a repaired label.
    pub repaired_mark: &'static str,
    /// Tokens left out: their number.
    pub all_outside: fn(usize) -> String,
    /// log p of the whole sequence.
    pub sequence_log_p: &'static str,
    /// The best span's odds.
    pub best_score: &'static str,
    /// P(no answer).
    pub p_no_answer: fn(&str) -> String,
    /// Heading of the windows.
    pub windows: &'static str,
    /// One window: number, first and last token.
    pub window: fn(usize, usize, usize) -> String,
    /// Below several windows.
    pub windows_note: &'static str,
    /// Below a single one.
    pub one_window: &'static str,

    /// Copies the derivation.
    pub copy_latex: &'static str,
    /// Said after that.
    pub copied: &'static str,
    /// Opens an exported file.
    pub open: &'static str,
    /// Prints.
    pub print: &'static str,
}
