//! A small student of a large teacher: the same architecture, narrower.
//!
//! Labels alone do not teach a small encoder to match a question with a paragraph, so the student gets a
//! signal in every layer:
//!
//! 1. [`init_student`] cuts it out of the teacher: everything is projected on the principal components of the teacher's
//!    hidden states, the heads and neurons that matter most are kept, and output matrices and LayerNorms
//!    are fitted by least squares, layer by layer, to what the teacher computes there.
//! 2. While it trains, [`distillation_loss`] adds to L (whose t_i mix the teacher's p_i with the gold labels)
//!    how far a linear map of every layer's hidden states is from the teacher's principal components, and how
//!    far every head's attention is from that of the teacher's head it came from.
//!
//! The teacher is deterministic, so its output for a text is computed once and kept on disk ([`TeacherOutputs`]).

mod attention_loss;
mod init;
mod linalg;
mod losses;
mod teacher;
mod teacher_outputs;

pub use init::{Student, init_student};
pub use losses::{LossWeights, Parts, distillation_loss};
pub use teacher::{Source, Teacher};
pub use teacher_outputs::TeacherOutputs;

/// Sizes of a student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// d, the length of h_i.
    pub width: usize,
    /// Encoder layers.
    pub layers: usize,
    /// Attention heads; each is as wide as one of the teacher's.
    pub heads: usize,
    /// Neurons of a feed-forward layer.
    pub intermediate: usize,
}

impl Shape {
    /// The level of a teacher of `depth` layers (0: the embeddings) that the output of student layer `k` imitates.
    pub fn level(&self, k: usize, depth: usize) -> usize {
        ((k + 1) * depth).div_ceil(self.layers)
    }
}

/// Names of a student's extra variables: the map from its hidden states at `level` to the teacher's components.
fn map_names(level: usize) -> (String, String) {
    (format!("imitation.{level}.weight"), format!("imitation.{level}.bias"))
}

/// Whether a variable only serves the imitation and is no part of the model.
pub fn is_aid(name: &str) -> bool {
    name.starts_with("imitation.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_by_hand() {
        let shape = |layers| Shape { width: 128, layers, heads: 4, intermediate: 512 };
        let levels = |layers: usize| (0..layers).map(|k| shape(layers).level(k, 6)).collect::<Vec<_>>();
        assert_eq!(levels(6), [1, 2, 3, 4, 5, 6]);
        assert_eq!(levels(3), [2, 4, 6]);
        assert_eq!(levels(12), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    }
}
