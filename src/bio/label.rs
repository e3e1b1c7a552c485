//! The three classes, always in the order B, I, O.

use serde::{Deserialize, Serialize};

/// Logits z_i of one token, in the order B, I, O.
pub type Logits = [f32; 3];

/// A distribution over B, I, O: p_i or t_i. Also used for its logarithm and for gradients.
pub type Dist = [f64; 3];

/// The class of one paragraph token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Label {
    /// Begins an answer.
    B = 0,
    /// Inside an answer that an earlier token began.
    I = 1,
    /// Outside of every answer.
    O = 2,
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.letter())
    }
}

impl Label {
    /// All labels, in class order.
    pub const ALL: [Label; 3] = [Label::B, Label::I, Label::O];

    /// The class index j in a row of W, z, p or t: 0, 1, 2.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The letter that the page and the files show.
    pub fn letter(self) -> &'static str {
        ["B", "I", "O"][self.index()]
    }

    /// The label with the largest value; of equal ones the first.
    pub fn argmax<T: PartialOrd>(values: &[T; 3]) -> Label {
        let mut best = 0;
        for j in 1..3 {
            if values[j] > values[best] {
                best = j;
            }
        }
        Label::ALL[best]
    }

    /// The 1-hot distribution of this label.
    pub fn one_hot(self) -> Dist {
        let mut t = [0.0; 3];
        t[self.index()] = 1.0;
        t
    }
}
