//! Windows over a paragraph that is longer than the encoder's positions.
//!
//! A window is `[CLS] Q [SEP] P [SEP]`, [`POSITIONS`] long in all. Successive windows share [`OVERLAP`]
//! paragraph tokens; a token's values come from the window in which it stands farthest from an edge.

use crate::analysis::Window;

/// Positions of a window, special tokens included.
pub const POSITIONS: usize = 384;
/// Paragraph tokens that successive windows share.
pub const OVERLAP: usize = 128;
/// Most word pieces that a question may have.
pub const MAX_QUESTION: usize = 64;

/// The windows over `paragraph` tokens, each at most `room` long; `room` > [`OVERLAP`].
pub fn windows(paragraph: usize, room: usize) -> Vec<Window> {
    assert!(room > OVERLAP, "a window must be longer than the overlap");
    let mut all = Vec::new();
    let mut start = 0;
    loop {
        let end = paragraph.min(start + room);
        all.push(Window { start, end });
        if end == paragraph {
            return all;
        }
        start = end - OVERLAP;
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
        fn windows_cover_and_overlap(n in 1usize..3000, room in 129usize..400) {
            let w = windows(n, room);
            prop_assert_eq!(w[0].start, 0);
            prop_assert_eq!(w[w.len() - 1].end, n);
            for pair in w.windows(2) {
                prop_assert_eq!(pair[0].end - pair[1].start, OVERLAP);
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
