//! The exercise's mathematics. Pure Rust: no tensors, no web, no input or output.
//!
//! For every paragraph token i the model gives logits z_i in the order **B, I, O**;
//! p_i = softmax(z_i), and L = - sum_i sum_j t_ij log p_ij against any gold distributions t_i.

mod decode;
mod dense;
mod fraction;
mod gold;
mod label;
mod loss;
mod one_hot;
mod softmax;

pub use decode::{Decoded, Decoder, TokenSpan, UnknownDecoder, best_spans, decode, decode_one_within, log_no_answer};
pub use dense::{DenseGradient, Product, Products, dense_gradient, hidden_gradient, products};
pub use fraction::{fraction, in_twelfths};
pub use gold::{
    GoldError, Span, check_dists, labels_from_spans, mean_labels, spans_from_labels, stray_insides, with_share,
};
pub use label::{Dist, Label, Logits};
pub use loss::{Loss, entropy, loss, one_hot_loss};
pub use one_hot::{Comparison, Majority, compare_one_hot, majority};
pub use softmax::{log_softmax, softmax};
