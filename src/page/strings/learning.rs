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
    /// Something of the learner's that has no sentence of its own is under way.
    pub working: &'static str,
    /// A step is under way: layers passed, in all.
    pub stepping_through: fn(usize, usize) -> String,
    /// The other questions are read before the first step: so many, of so many.
    pub checking_first: fn(usize, usize) -> String,
    /// The other questions are read again.
    pub checking: fn(usize, usize) -> String,
    /// Saves the tuned model.
    pub save: &'static str,
    /// What becomes of it.
    pub save_note: &'static str,
    /// The question before a step: token.
    pub predict: fn(&str) -> String,
    /// An answer to it: class, whether it will rise.
    pub predict_name: fn(Label, bool) -> String,
    /// How many came true, of how many, and the changes.
    pub predicted: fn(usize, usize, &str) -> String,
    /// Adds the text on show to the set.
    pub collect: &'static str,
    /// What is learned from without a set.
    pub collect_none: &'static str,
    /// What is learned from with a set of so many.
    pub collect_some: fn(usize) -> String,
    /// Takes an instance out of the set: its question.
    pub drop: fn(&str) -> String,
    /// The same, in short.
    pub drop_short: &'static str,
    /// Heading of the other questions.
    pub held_out: &'static str,
    /// Answers changed, of how many, mean L before and after.
    pub held_out_summary: fn(usize, usize, &str, &str) -> String,
    /// Column headings of the other questions.
    pub other_question: &'static str,
    /// See `other_question`.
    pub answer_before: &'static str,
    /// See `other_question`.
    pub answer_now: &'static str,
    /// In place of an answer.
    pub no_answer: &'static str,
    /// Heading of the comparison of head and joint.
    pub compare: &'static str,
    /// What it does: steps of each.
    pub compare_note: fn(usize) -> String,
    /// Its button.
    pub compare_go: &'static str,
    /// Rows of the comparison: L.
    pub compare_loss: &'static str,
    /// Share of KL that is gone.
    pub compare_kl: &'static str,
    /// How far W and b moved.
    pub compare_head: &'static str,
    /// How far BERT moved.
    pub compare_bert: &'static str,
    /// Other answers that changed.
    pub compare_changed: &'static str,
    /// Mean L of the other questions.
    pub compare_others: &'static str,
    /// Time of a step.
    pub compare_time: &'static str,
    /// Heading of the attention maps.
    pub attention: &'static str,
    /// Label of the choice of a layer.
    pub attention_layer: &'static str,
    /// Name of the heads' pictures.
    pub attention_heads: &'static str,
    /// A head, by its number.
    pub attention_head: fn(usize) -> String,
    /// All heads together.
    pub attention_mean: &'static str,
    /// The token in focus is read in another window.
    pub attention_elsewhere: &'static str,
    /// Heading: token, layer, head.
    pub attended: fn(&str, usize, &str) -> String,
    /// What the pictures mean, as HTML.
    pub attention_note: &'static str,
}
