//! Which runs of words are folded away where every token has an item of its own.

use std::ops::Range;

/// Words beside something of interest that are never folded.
const CONTEXT: usize = 2;

/// A shorter run is not worth a fold.
const SHORTEST: usize = 4;

/// The runs of dull words that can go. `dull[k]`: word k says nothing. `clings[k]`: word k is a mark that stands right
/// against word k - 1, such as a comma, and stays on that word's side of a fold.
///
/// ```
/// use bioscope::display::folds::folds;
/// let dull = [false, true, true, true, true, true, true, true];
/// let mut clings = [false; 8];
/// assert_eq!(folds(&dull, &clings)[0], 3..8);
/// clings[3] = true; // the mark stays with the words that are kept beside the interesting one
/// assert_eq!(folds(&dull, &clings)[0], 4..8);
/// ```
pub fn folds(dull: &[bool], clings: &[bool]) -> Vec<Range<usize>> {
    let near = |k: usize| dull[k.saturating_sub(CONTEXT)..dull.len().min(k + CONTEXT + 1)].contains(&false);
    let mut folds: Vec<Range<usize>> = Vec::new();
    for k in (0..dull.len()).filter(|&k| dull[k] && !near(k)) {
        match folds.last_mut() {
            Some(fold) if fold.end == k => fold.end = k + 1,
            _ => folds.push(k..k + 1),
        }
    }
    for fold in &mut folds {
        while fold.start < fold.end && clings[fold.start] {
            fold.start += 1;
        }
        while fold.end < dull.len() && dull[fold.end] && clings[fold.end] {
            fold.end += 1;
        }
    }
    folds.retain(|fold| fold.len() >= SHORTEST);
    folds
}

#[cfg(test)]
mod tests {
    fn folds(dull: &[bool], clings: &[bool]) -> Vec<(usize, usize)> {
        super::folds(dull, clings).into_iter().map(|fold| (fold.start, fold.end)).collect()
    }

    #[test]
    fn what_is_interesting_keeps_its_neighbours() {
        let mut dull = [true; 20];
        dull[9] = false;
        assert_eq!(folds(&dull, &[false; 20]), [(0, 7), (12, 20)]);
        dull[15] = false;
        // 12 is all that is left between the two, 18 and 19 are too few for a fold.
        assert_eq!(folds(&dull, &[false; 20]), [(0, 7)]);
        assert!(folds(&[], &[]).is_empty());
    }

    #[test]
    fn a_mark_stays_with_its_word() {
        let mut dull = [true; 12];
        dull[11] = false;
        let mut clings = [false; 12];
        clings[9] = true; // word 8 is folded, and the comma after it would stand alone
        assert_eq!(folds(&dull, &clings), [(0, 10)]);
    }
}
