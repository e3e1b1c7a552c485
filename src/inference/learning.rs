//! Learning from the user's own labels, as plain data: what is asked for and what came of it. Field names as in the
//! JavaScript API.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bio::Label;

/// Which parameters move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// W and b alone.
    Head,
    /// Every parameter, of BERT too.
    #[default]
    Joint,
}

/// How they move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// Down the gradient: w - rate * dL/dw.
    Sgd,
    /// AdamW without weight decay.
    #[default]
    AdamW,
}

impl Optimizer {
    /// A learning rate that works for a model with h in R^d.
    pub fn default_rate(self, mode: Mode, d: usize) -> f64 {
        match (self, mode) {
            // A step of AdamW moves every weight by about the rate, so narrow models need, and bear, more.
            (Optimizer::AdamW, Mode::Joint) => 0.01 / d as f64,
            (Optimizer::AdamW, Mode::Head) => 0.02,
            (Optimizer::Sgd, Mode::Joint) => 1e-3,
            (Optimizer::Sgd, Mode::Head) => 1e-2,
        }
    }
}

/// A text with gold labels, to learn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelledText {
    /// The question.
    pub question: String,
    /// The paragraph.
    pub paragraph: String,
    /// Gold labels, as JSON in one of the forms of [`crate::document::gold::Gold`].
    pub gold: String,
}

/// How a step is to be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StepOptions {
    /// Which parameters move.
    pub mode: Mode,
    /// How they move.
    pub optimizer: Optimizer,
    /// Learning rate; left out: [`Optimizer::default_rate`].
    pub learning_rate: Option<f64>,
}

/// What a step did. Losses in nats, against the step's own gold labels, both of the model in f32; of several instances their
/// mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// L before the step.
    pub loss_before: f64,
    /// L after it; no number (in JSON: null) when the rate was far too high.
    #[serde(deserialize_with = "or_nan")]
    pub loss_after: f64,
    /// H(t), below which L cannot fall.
    pub entropy: f64,
    /// L2 norm of what the step added to each tensor, by its name.
    pub update_norms: BTreeMap<String, f64>,
    /// L2 norm of the whole gradient.
    pub gradient_norm: f64,
    /// The rate that was used.
    pub learning_rate: f64,
    /// Steps since the shipped weights, this one included.
    pub steps: usize,
    /// Time of the step, the loss after it included.
    pub milliseconds: f64,
    /// Bytes of the engine's WebAssembly memory, which never shrinks; 0 for native programs.
    pub memory: usize,
}

/// JSON has no NaN: it is written as null.
fn or_nan<'de, D: serde::Deserializer<'de>>(value: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(value)?.unwrap_or(f64::NAN))
}

/// How the share of each input token is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Gradient times input.
    Gradient,
    /// Integrated gradients from the same input with its words masked.
    #[default]
    Integrated,
}

/// What is to be explained: the log odds log(p / (1 - p)) of a class at a paragraph token.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Index of the paragraph token.
    pub token: usize,
    /// The class.
    pub label: Label,
    /// How.
    #[serde(default)]
    pub method: Method,
}

/// Where a token of the input stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputPart {
    /// In the question.
    Question,
    /// In the paragraph.
    Paragraph,
    /// `[CLS]` or `[SEP]`.
    Special,
}

/// What stands at one position of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputToken {
    /// As it stands in the text; special tokens by name.
    pub text: String,
    /// Where it stands.
    pub part: InputPart,
}

/// Whose attention is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttentionOf {
    /// Index of a paragraph token: the maps are those of the window that it is read in.
    pub token: usize,
    /// Index of the encoder layer.
    pub layer: usize,
}

/// What attention maps are about; the weights, H x T x T, travel beside it: how much position i (row) of a head takes of
/// position j (column). Every row adds up to 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttentionMaps {
    /// The T positions of the window.
    pub tokens: Vec<InputToken>,
    /// Where the token stands among them.
    pub position: usize,
    /// The layer, counted from 0.
    pub layer: usize,
    /// Layers of the encoder.
    pub layers: usize,
    /// H.
    pub heads: usize,
}

/// One input token's share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// As it stands in the text; special tokens by name.
    pub text: String,
    /// Where it stands.
    pub part: InputPart,
    /// What it adds to the log odds, in nats.
    pub value: f64,
}

/// An explanation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribution {
    /// Every position of the window that the token is read in.
    pub tokens: Vec<Share>,
    /// Log odds of the input.
    pub value: f64,
    /// Log odds of the masked input that integrated gradients begin at.
    pub baseline: f64,
    /// |sum of the shares - (value - baseline)| / |value - baseline|; of gradient times input there is nothing to complete: 0.
    pub completeness_error: f64,
}
