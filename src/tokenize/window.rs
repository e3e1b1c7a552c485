//! Windows over a paragraph that is longer than the encoder's positions.
//!
//! A window is `[CLS] Q [SEP] P [SEP]`, [`POSITIONS`] long in all. Successive windows share [`OVERLAP`]
//! paragraph tokens, or half of the paragraph's part of a window where that is less: behind a long question windows
//! still move on by at least half. A token's values come from the window in which it stands farthest from an edge.

use crate::inference::Window;

/// Positions of a window, special tokens included.
pub const POSITIONS: usize = 384;
/// Positions that are neither question nor paragraph: `[CLS]` and two `[SEP]`.
pub const SPECIAL: usize = 3;
/// Most paragraph tokens that successive windows share; see [`overlap`].
pub const OVERLAP: usize = 128;
/// Most word pieces of a question that are read; a longer one is cut there.
pub const MAX_QUESTION: usize = 256;
/// Fewest paragraph tokens that a window has room for, however long the question. Where a model has so few positions
/// that [`MAX_QUESTION`] pieces would leave less, the question is cut earlier.
pub const LEAST_ROOM: usize = 64;

/// Most word pieces of a question that a window of `positions` takes; `positions` > [`LEAST_ROOM`] + [`SPECIAL`].
pub fn most_question(positions: usize) -> usize {
    MAX_QUESTION.min(positions - SPECIAL - LEAST_ROOM)
}

/// Paragraph tokens that successive windows share where each has room for `room` of them.
pub fn overlap(room: usize) -> usize {
    OVERLAP.min(room / 2)
}

/// The windows over `paragraph` tokens, each at most `room` long.
///
/// # Panics
/// `room` is 0.
pub fn windows(paragraph: usize, room: usize) -> Vec<Window> {
    assert!(room > 0, "a window must have room for a token");
    let mut all = Vec::new();
    let mut start = 0;
    loop {
        let end = paragraph.min(start + room);
        all.push(Window { start, end });
        if end == paragraph {
            return all;
        }
        start = end - overlap(room);
    }
}

/// For each of `paragraph` tokens the index of the window that its values come from: the one where
/// min(tokens to the left, tokens to the right) is larger, ties to the earlier one.
pub fn home(paragraph: usize, windows: &[Window]) -> Vec<usize> {
    let context = |w: &Window, i: usize| (i - w.start).min(w.end - 1 - i);
    let mut best = vec![0; paragraph];
    for (k, w) in windows.iter().enumerate().skip(1) {
        for (i, home) in best.iter_mut().enumerate().take(w.end).skip(w.start) {
            let held = &windows[*home];
            if i >= held.end || context(w, i) > context(held, i) {
                *home = k;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_window_when_it_fits() {
        assert_eq!(windows(300, 300), [Window { start: 0, end: 300 }]);
        assert_eq!(windows(1, 300), [Window { start: 0, end: 1 }]);
    }

    #[test]
    fn two_windows_by_hand() {
        // 301 tokens, room 300: the second window begins at 300 - 128 = 172 and holds 129 tokens.
        let w = windows(301, 300);
        assert_eq!(w, [Window { start: 0, end: 300 }, Window { start: 172, end: 301 }]);
        let home = home(301, &w);
        // Token 235: 64 to the right in window 0 and 63 to the left in window 1: window 0.
        // Token 236: 63 to the right in window 0, 64 on either side in window 1: window 1.
        assert_eq!((home[235], home[236]), (0, 1));
        // Near the end the second window cuts its own right side short: token 299 has 0 right of it in
        // window 0, 1 in window 1; token 300 is only in window 1.
        assert_eq!((home[299], home[300]), (1, 1));
    }

    #[test]
    fn a_small_window_overlaps_by_half() {
        // Behind a question of 256 pieces: 384 - 3 - 256 = 125 tokens, of which 62 are shared.
        assert_eq!((most_question(POSITIONS), overlap(125), overlap(300)), (256, 62, 128));
        let w = windows(200, 125);
        let bounds: Vec<(usize, usize)> = w.iter().map(|w| (w.start, w.end)).collect();
        assert_eq!(bounds, [(0, 125), (63, 188), (126, 200)]);
        // A model of few positions: the paragraph keeps its part.
        assert_eq!((most_question(196), most_question(130)), (129, 63));
        assert_eq!(windows(3, 1).len(), 3);
    }

    #[test]
    fn ties_go_to_the_earlier_window() {
        // Windows 0..300 and 172..400: token i has 299 - i right in the first, i - 172 left in the second.
        // 299 - i = i - 172 has no whole solution; with an odd span it has one:
        let w = [Window { start: 0, end: 300 }, Window { start: 171, end: 400 }];
        let home = home(400, &w);
        assert_eq!(299 - 235, 235 - 171);
        assert_eq!((home[235], home[236]), (0, 1));
    }

    proptest! {
        #[test]
        fn windows_cover_and_overlap(n in 1usize..3000, room in 1usize..400) {
            let w = windows(n, room);
            let shared = overlap(room);
            prop_assert!(shared <= OVERLAP && shared <= room / 2 && (shared == OVERLAP || shared == room / 2));
            prop_assert_eq!(w[0].start, 0);
            prop_assert_eq!(w[w.len() - 1].end, n);
            for pair in w.windows(2) {
                prop_assert_eq!(pair[0].end - pair[1].start, shared);
                prop_assert_eq!(pair[0].end - pair[0].start, room);
            }
            for (i, &k) in home(n, &w).iter().enumerate() {
                prop_assert!(w[k].start <= i && i < w[k].end);
                let context = |v: &Window| (i - v.start).min(v.end - 1 - i);
                for (other, v) in w.iter().enumerate().filter(|(_, v)| v.start <= i && i < v.end) {
                    prop_assert!(context(v) < context(&w[k]) || (context(v) == context(&w[k]) && other >= k));
                }
            }
        }
    }
}
