//! Joint fine-tuning: every parameter of BERT and of the dense layer learns from
//! L = - sum_i sum_j t_ij log p_ij, t_i any gold distribution.

#[cfg(feature = "engine")]
mod adamw;
#[cfg(feature = "engine")]
mod attention;
#[cfg(feature = "engine")]
mod attribute;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
mod average;
#[cfg(feature = "engine")]
mod batch;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod distill;
pub mod learning;
#[cfg(feature = "engine")]
mod loss;
#[cfg(feature = "engine")]
mod pass;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
mod plan;
#[cfg(feature = "engine")]
mod positions;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub mod relabel;
#[cfg(feature = "engine")]
mod sgd;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
mod state;
#[cfg(feature = "engine")]
mod trainer;
#[cfg(feature = "engine")]
mod tuning;
#[cfg(feature = "engine")]
mod variables;

#[cfg(feature = "engine")]
pub use adamw::{AdamW, Settings};
#[cfg(feature = "engine")]
pub use attention::Attending;
#[cfg(feature = "engine")]
pub use attribute::Explaining;
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub use average::average;
#[cfg(feature = "engine")]
pub use batch::{Batch, Example};
#[cfg(feature = "engine")]
pub use loss::{batch_logits, batch_loss};
#[cfg(all(feature = "engine", not(target_arch = "wasm32")))]
pub use plan::{Random, epoch, rate};
#[cfg(feature = "engine")]
pub use trainer::{Step, Trainer};
#[cfg(feature = "engine")]
pub use tuning::{Instances, Tuning, Work};
#[cfg(feature = "engine")]
pub use variables::Variables;
