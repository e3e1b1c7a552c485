//! What became of a text, as "these units became those", and what that does to a span.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::bio::Span;

/// Words beyond which the places of a change are not looked for one by one: texts that have little in common take a while.
const MOST_WORDS: usize = 2000;

/// The part of a text that an edit replaced, in UTF-16 code units: `start..old` became `start..new`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Length of the common beginning.
    pub start: usize,
    /// End of the replaced part in the old text.
    pub old: usize,
    /// End of its replacement in the new text.
    pub new: usize,
}

impl Change {
    /// Finds the change by the common beginning and the common end. Never splits a surrogate pair.
    pub fn between(old: &str, new: &str) -> Change {
        let prefix: usize = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let (old_tail, new_tail) = (&old[prefix..], &new[prefix..]);
        let same = old_tail.chars().rev().zip(new_tail.chars().rev()).take_while(|(a, b)| a == b);
        let suffix: usize = same.map(|(a, _)| a.len_utf8()).sum();
        let units = |text: &str| text.encode_utf16().count();
        let start = units(&old[..prefix]);
        Change {
            start,
            old: start + units(&old_tail[..old_tail.len() - suffix]),
            new: start + units(&new_tail[..new_tail.len() - suffix]),
        }
    }

    /// Finds the changes, the last one first, `new` of each as if those before it had not been made. Texts that have less than half
    /// of the old one's words in common are one change.
    pub fn all_between(old: &str, new: &str) -> Vec<Change> {
        let whole = Change::between(old, new);
        let [before, now] = [old, new].map(|text| text.split_inclusive(char::is_whitespace).collect::<Vec<_>>());
        if before.len().max(now.len()) > MOST_WORDS {
            return vec![whole];
        }
        let mut changes = Vec::new();
        let (mut at, mut kept) = (0, 0);
        for op in capture_diff_slices(Algorithm::Myers, &before, &now) {
            let (tag, old, new) = op.as_tag_tuple();
            let was = before[old.clone()].concat();
            if tag == DiffTag::Equal {
                kept += old.len();
            } else {
                let within = Change::between(&was, &now[new].concat());
                changes.push(Change { start: at + within.start, old: at + within.old, new: at + within.new });
            }
            at += was.encode_utf16().count();
        }
        if 2 * kept < before.len() {
            return vec![whole];
        }
        changes.reverse();
        changes
    }

    /// Whether changes leave less than half of the old text: then the new one is another text, and no corrected one.
    pub fn leave_little(changes: &[Change], old: &str) -> bool {
        let replaced: usize = changes.iter().map(|change| change.old - change.start).sum();
        2 * replaced > old.encode_utf16().count()
    }

    /// Where a span of the old text lies in the new one: before the change it stays, after it it shifts,
    /// around it it grows or shrinks with it, and one that the change cuts into keeps what is outside.
    pub fn carry(&self, span: Span) -> Option<Span> {
        let shift = |at: usize| at - self.old + self.new;
        let (start, end) = if span.end <= self.start {
            (span.start, span.end)
        } else if span.start >= self.old {
            (shift(span.start), shift(span.end))
        } else if span.start <= self.start && span.end >= self.old {
            (span.start, shift(span.end))
        } else if span.start < self.start {
            (span.start, self.start)
        } else if span.end > self.old {
            (self.new, shift(span.end))
        } else {
            return None;
        };
        (start < end).then_some(Span { start, end })
    }
}
