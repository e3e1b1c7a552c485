//! One edit of a text as "these units became those", and what it does to a span.

use crate::bio::Span;

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
