//! Reliability: whether what the model gives probability p happens in a share p of the cases.

use super::tally::share;
use crate::bio::Dist;

/// Number of bins over 0..1.
pub const BINS: usize = 10;

/// The tokens whose p lies in one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Number of tokens.
    pub count: usize,
    /// Sum of their p.
    pub p: f64,
    /// Sum of their t: what happened, in parts where annotators disagree.
    pub t: f64,
}

impl Bin {
    /// Mean p, or `None` for an empty bin.
    pub fn mean_p(&self) -> Option<f64> {
        (self.count > 0).then(|| self.p / self.count as f64)
    }

    /// Mean t, or `None` for an empty bin. Calibrated: equal to the mean p.
    pub fn mean_t(&self) -> Option<f64> {
        (self.count > 0).then(|| self.t / self.count as f64)
    }
}

/// Pairs of p and t of one class, sorted into [`BINS`] bins of equal width by p. Bin k holds
/// k/10 <= p < (k+1)/10, the last one also p = 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reliability {
    /// The bins, by rising p.
    pub bins: [Bin; BINS],
}

impl Reliability {
    /// Adds one token: the model's p of the class, and its gold t.
    pub fn add(&mut self, p: f64, t: f64) {
        let bin = &mut self.bins[((p * BINS as f64) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.p += p;
        bin.t += t;
    }

    /// Expected calibration error: the mean over all tokens of |mean p - mean t| of a token's bin. 0 to 1.
    ///
    /// Most tokens are surely O, so this is small for any model; see [`Reliability::misplaced`].
    pub fn ece(&self) -> f64 {
        share(self.gap(), self.bins.iter().map(|bin| bin.count as f64).sum())
    }

    /// The same gap in proportion to the class's gold mass instead of to the number of tokens: the sum over
    /// bins of |sum p - sum t|, divided by the sum of all t. 0.1 for B says that of the annotators' begins,
    /// a tenth is promised in the wrong place.
    pub fn misplaced(&self) -> f64 {
        share(self.gap(), self.bins.iter().map(|bin| bin.t).sum())
    }

    fn gap(&self) -> f64 {
        self.bins.iter().map(|bin| (bin.p - bin.t).abs()).sum()
    }
}

/// Adds the tokens of one instance to the three classes' bins, in the order B, I, O.
pub fn add_tokens(classes: &mut [Reliability; 3], p: &[Dist], t: &[Dist]) {
    for (p, t) in p.iter().zip(t) {
        (0..3).for_each(|j| classes[j].add(p[j], t[j]));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bin_holds_its_lower_edge() {
        let mut r = Reliability::default();
        for k in 0..BINS {
            r.add(k as f64 / 10.0, 0.0);
            assert_eq!(r.bins[k].count, 1, "{k}/10");
        }
        r.add(1.0, 1.0);
        assert_eq!(r.bins[BINS - 1].count, 2);
    }

    #[test]
    fn numbers_by_hand() {
        let mut r = Reliability::default();
        assert_eq!((r.ece(), r.misplaced(), r.bins[0].mean_p()), (0.0, 0.0, None));
        // Bin 0: p = 0.05, 0.05, 0.02 and t = 0, 1/3, 0. Bin 8: p = 0.8 and t = 1.
        for (p, t) in [(0.05, 0.0), (0.05, 1.0 / 3.0), (0.02, 0.0), (0.8, 1.0)] {
            r.add(p, t);
        }
        assert!((r.bins[0].mean_p().unwrap() - 0.04).abs() < 1e-15);
        assert!((r.bins[0].mean_t().unwrap() - 1.0 / 9.0).abs() < 1e-15);
        // |0.12 - 1/3| + |0.8 - 1| = 0.41333..., over 4 tokens, and over a gold mass of 4/3.
        let gap = 1.0 / 3.0 - 0.12 + 0.2;
        assert!((r.ece() - gap / 4.0).abs() < 1e-15);
        assert!((r.misplaced() - gap * 0.75).abs() < 1e-15);
    }

    #[test]
    fn three_classes_at_once() {
        let mut classes = [Reliability::default(); 3];
        add_tokens(&mut classes, &[[0.7, 0.1, 0.2], [0.0, 0.05, 0.95]], &[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]);
        assert_eq!(classes[0].bins[7], Bin { count: 1, p: 0.7, t: 1.0 });
        assert_eq!(classes[1].bins[1], Bin { count: 1, p: 0.1, t: 0.0 });
        assert_eq!(classes[2].bins[9], Bin { count: 1, p: 0.95, t: 1.0 });
    }

    proptest! {
        #[test]
        fn who_says_what_happens_is_calibrated(p in prop::collection::vec(0.0..=1.0_f64, 1..50)) {
            let mut r = Reliability::default();
            p.iter().for_each(|&p| r.add(p, p));
            prop_assert!(r.ece() == 0.0 && r.misplaced() == 0.0);
        }

        #[test]
        fn the_error_is_at_least_the_bias(pairs in prop::collection::vec((0.0..=1.0_f64, 0.0..=1.0_f64), 1..50)) {
            let mut r = Reliability::default();
            pairs.iter().for_each(|&(p, t)| r.add(p, t));
            let bias = pairs.iter().map(|(p, t)| p - t).sum::<f64>().abs() / pairs.len() as f64;
            prop_assert!(r.ece() >= bias - 1e-12 && r.ece() <= 1.0);
        }
    }
}
