//! Joint fine-tuning: every parameter of BERT and of the dense layer learns from
//! L = - sum_i sum_j t_ij log p_ij, t_i any gold distribution.

mod adamw;
mod attention;
mod attribute;
#[cfg(not(target_arch = "wasm32"))]
mod average;
mod batch;
#[cfg(not(target_arch = "wasm32"))]
pub mod distill;
mod loss;
mod pass;
#[cfg(not(target_arch = "wasm32"))]
mod plan;
mod positions;
#[cfg(not(target_arch = "wasm32"))]
pub mod relabel;
mod sgd;
#[cfg(not(target_arch = "wasm32"))]
mod state;
mod trainer;
mod tuning;
mod variables;

pub use adamw::{AdamW, Settings};
pub use attention::Attending;
pub use attribute::Explaining;
#[cfg(not(target_arch = "wasm32"))]
pub use average::average;
pub use batch::{Batch, Example};
pub use loss::{batch_logits, batch_loss};
#[cfg(not(target_arch = "wasm32"))]
pub use plan::{Random, epoch, rate};
pub use trainer::{Step, Trainer};
pub use tuning::{Instances, Tuning, Work};
pub use variables::Variables;
