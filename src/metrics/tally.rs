//! Precision, recall and F1 from three sums.

use crate::bio::Label;
use crate::bio::{Dist, Logits};

/// What precision, recall and F1 are made of. Gold may count in parts: a third of an annotators' vote is 1/3.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// What was predicted.
    pub found: f64,
    /// What is gold.
    pub gold: f64,
    /// What of `found` is gold, and so at most either.
    pub right: f64,
}

impl Tally {
    /// Adds another one's sums.
    pub fn add(&mut self, other: Tally) {
        self.found += other.found;
        self.gold += other.gold;
        self.right += other.right;
    }

    /// Of what was predicted, the share that is right; 0 when nothing was.
    pub fn precision(&self) -> f64 {
        share(self.right, self.found)
    }

    /// Of what is gold, the share that was found; 0 when nothing is.
    pub fn recall(&self) -> f64 {
        share(self.right, self.gold)
    }

    /// Harmonic mean of the two; 0 when there is nothing at all.
    pub fn f1(&self) -> f64 {
        share(2.0 * self.right, self.found + self.gold)
    }
}

/// `part / of`; 0 of nothing.
pub(super) fn share(part: f64, of: f64) -> f64 {
    if of == 0.0 { 0.0 } else { part / of }
}

/// One tally per class over the tokens of one instance, in the order B, I, O: a token counts as found for its
/// most probable class, as gold with its t.
///
/// The sum of `right` over the classes is the gold mass on the chosen labels: accuracy times N_P.
///
/// # Panics
/// Not one row of t per token.
pub fn token_tallies(logits: &[Logits], gold: &[Dist]) -> [Tally; 3] {
    assert_eq!(logits.len(), gold.len(), "one row of t per token");
    let mut tallies = [Tally::default(); 3];
    for (z, t) in logits.iter().zip(gold) {
        let label = Label::argmax(z).index();
        tallies[label].found += 1.0;
        tallies[label].right += t[label];
        (0..3).for_each(|j| tallies[j].gold += t[j]);
    }
    tallies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_hand() {
        let tally = Tally { found: 4.0, gold: 3.0, right: 2.0 };
        assert_eq!((tally.precision(), tally.recall()), (0.5, 2.0 / 3.0));
        assert!((tally.f1() - 4.0 / 7.0).abs() < 1e-15);
        let nothing = Tally::default();
        assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (0.0, 0.0, 0.0));
        let missed = Tally { found: 0.0, gold: 2.0, right: 0.0 };
        assert_eq!((missed.precision(), missed.recall(), missed.f1()), (0.0, 0.0, 0.0));
    }

    #[test]
    fn gold_counts_with_its_mass() {
        // Said: B, B, O. Gold: B by two of three; B by one of three, I by another; O.
        let third = 1.0 / 3.0;
        let z = [[2.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 3.0]];
        let t = [[2.0 * third, 0.0, third], [third, third, third], [0.0, 0.0, 1.0]];
        let [b, i, o] = token_tallies(&z, &t);
        assert_eq!((b.found, i.found, o.found), (2.0, 0.0, 1.0));
        assert!((b.right - 1.0).abs() < 1e-15 && (b.gold - 1.0).abs() < 1e-15);
        assert!((b.precision() - 0.5).abs() < 1e-15 && (b.recall() - 1.0).abs() < 1e-15);
        assert_eq!((i.gold, i.f1(), o.right), (third, 0.0, 1.0));
        assert!((o.gold - 5.0 * third).abs() < 1e-15);
    }
}
