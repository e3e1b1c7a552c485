//! Two versions of a text beside each other: which tokens are the same, and how much their p differ.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::bio::Dist;

/// A token of the earlier version, of the later one, or of both: the same text at the same place among its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its index in the earlier version.
    pub before: Option<usize>,
    /// Its index in the later one.
    pub now: Option<usize>,
}

/// Aligns two versions by the shortest edit script; in order, what was taken out before what was put in.
pub fn align(before: &[&str], now: &[&str]) -> Vec<Pair> {
    let mut out = Vec::with_capacity(before.len().max(now.len()));
    for op in capture_diff_slices(Algorithm::Myers, before, now) {
        let (tag, old, new) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            out.extend(old.zip(new).map(|(i, j)| Pair { before: Some(i), now: Some(j) }));
        } else {
            out.extend(old.map(|i| Pair { before: Some(i), now: None }));
            out.extend(new.map(|j| Pair { before: None, now: Some(j) }));
        }
    }
    out
}

/// Half the sum of |p_j - q_j|: the share of probability that has moved, between 0 and 1.
pub fn moved(p: &Dist, q: &Dist) -> f64 {
    0.5 * p.iter().zip(q).map(|(p, q)| (p - q).abs()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_in_the_middle() {
        let pairs = align(&["Ada", "sang", "in", "Oslo"], &["Ada", "never", "sang", "in", "Rome"]);
        let plain: Vec<_> = pairs.iter().map(|p| (p.before, p.now)).collect();
        assert_eq!(
            plain,
            [
                (Some(0), Some(0)),
                (None, Some(1)),
                (Some(1), Some(2)),
                (Some(2), Some(3)),
                (Some(3), None),
                (None, Some(4))
            ]
        );
    }

    #[test]
    fn nothing_in_common_and_nothing_at_all() {
        assert_eq!(align(&["a"], &["b"]).len(), 2);
        assert!(align(&[], &[]).is_empty());
    }

    #[test]
    fn moved_by_hand() {
        assert!((moved(&[0.5, 0.25, 0.25], &[0.25, 0.25, 0.5]) - 0.25).abs() < 1e-15);
        assert!((moved(&[1.0, 0.0, 0.0], &[0.0, 0.0, 1.0]) - 1.0).abs() < 1e-15);
    }
}
