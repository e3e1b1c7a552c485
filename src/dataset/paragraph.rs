//! A paragraph by its code points, and which pieces of it an annotator can have marked.

use std::sync::Arc;

use crate::bio::Span;

/// A paragraph that spans are checked against.
pub(super) struct Paragraph {
    /// Its text.
    pub text: Arc<str>,
    points: Vec<char>,
    /// For each code point whether a character, as readers see it, begins there.
    begins: Vec<bool>,
}

impl Paragraph {
    pub fn new(text: &str) -> Paragraph {
        let points: Vec<char> = text.chars().collect();
        Paragraph { begins: begins(text, points.len()), text: text.into(), points }
    }

    /// The span from `start` to `end` (code points, exclusive).
    ///
    /// # Errors
    /// It is empty, ends past the text, or cuts a character in two: an accent from its letter, an emoji from what
    /// modifies it. (A code point cannot be cut, so this is what a wrong unit or an off-by-one looks like.)
    pub fn span(&self, start: usize, end: usize) -> Result<Span, String> {
        if end > self.points.len() {
            return Err(format!("the span {start}..{end} ends past the paragraph's {} characters", self.points.len()));
        }
        if start >= end {
            return Err(format!("the span {start}..{end} is empty"));
        }
        match [start, end].into_iter().find(|&at| self.cuts(at)) {
            Some(at) => Err(format!("the span {start}..{end} cuts a character in two at {at}")),
            None => Ok(Span { start, end }),
        }
    }

    /// The text of a span of this paragraph.
    pub fn slice(&self, span: Span) -> String {
        self.points[span.start..span.end].iter().collect()
    }

    fn cuts(&self, at: usize) -> bool {
        // CR LF counts as one character, but nothing is lost by a cut through white space.
        self.begins.get(at).is_some_and(|begins| !begins) && !self.points[at].is_whitespace()
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn begins(text: &str, points: usize) -> Vec<bool> {
    use unicode_segmentation::UnicodeSegmentation;
    let mut begins = vec![false; points];
    let mut at = 0;
    for cluster in text.graphemes(true) {
        begins[at] = true;
        at += cluster.chars().count();
    }
    begins
}

/// The page does without Unicode's tables: it shows every span on its text, where a cut is seen.
#[cfg(target_arch = "wasm32")]
fn begins(_: &str, points: usize) -> Vec<bool> {
    vec![true; points]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_piece_of_the_text() {
        let p = Paragraph::new("Zoë 🎻 sang");
        assert_eq!(p.span(4, 5).map(|s| p.slice(s)), Ok("🎻".into()));
        assert_eq!(p.span(6, 10).map(|s| p.slice(s)), Ok("sang".into()));
        assert!(p.span(6, 11).unwrap_err().contains("past the paragraph's 10 characters"));
        assert!(p.span(3, 3).unwrap_err().contains("empty"));
        assert!(p.span(4, 3).unwrap_err().contains("empty"));
        assert!(p.span(usize::MAX - 1, usize::MAX).is_err());
    }

    #[test]
    fn a_character_is_not_cut() {
        // A decomposed e with diaeresis (code points 2 and 3), a waving hand with its skin tone (5 and 6), CR LF.
        let p = Paragraph::new("Zoe\u{308} \u{1f44b}\u{1f3fd}\r\nBo");
        assert!(p.span(0, 4).is_ok() && p.span(5, 7).is_ok() && p.span(0, 8).is_ok());
        assert!(p.span(0, 3).unwrap_err().contains("cuts a character in two at 3"));
        assert!(p.span(6, 7).unwrap_err().contains("cuts a character in two at 6"));
        assert!(p.span(5, 6).is_err());
    }
}
