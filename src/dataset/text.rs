//! A text by its code points, and which pieces of it can be marked.

use std::sync::Arc;

use super::Reason;
use crate::bio::Span;

/// A text that spans are checked against.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// The text itself.
    pub text: Arc<str>,
    /// Code points.
    length: usize,
}

impl Text {
    pub fn new(text: &str) -> Text {
        Text { length: text.chars().count(), text: text.into() }
    }

    /// Byte offset of a code point that is in the text or its end.
    fn byte(&self, point: usize) -> usize {
        if self.length == self.text.len() {
            return point;
        }
        self.text.char_indices().nth(point).map_or(self.text.len(), |(at, _)| at)
    }

    /// Code point of a byte offset between two characters.
    pub fn point(&self, byte: usize) -> usize {
        if self.length == self.text.len() { byte } else { self.text[..byte].chars().count() }
    }

    /// Code point of a UTF-16 offset; `None` in the middle of a character or past the end.
    pub fn point_of_utf16(&self, unit: i64) -> Option<usize> {
        let unit = usize::try_from(unit).ok()?;
        let mut at = 0;
        for (point, c) in self.text.chars().enumerate() {
            if at >= unit {
                return (at == unit).then_some(point);
            }
            at += c.len_utf16();
        }
        (at == unit).then_some(self.length)
    }

    /// The span from `start` to `end` (code points, exclusive).
    ///
    /// # Errors
    /// It is empty, ends past the text, or cuts a character in two: an accent from its letter, an emoji from what
    /// modifies it. (A code point cannot be cut, so this is what a wrong unit or an off-by-one looks like.)
    pub fn span(&self, start: i64, end: i64) -> Result<Span, Reason> {
        if start < 0 {
            return Err(Reason::Negative { start, end });
        }
        if start >= end {
            return Err(Reason::EmptySpan { start, end });
        }
        let length = self.length;
        let span = match (usize::try_from(start), usize::try_from(end)) {
            (Ok(start), Ok(end)) if end <= length => Span { start, end },
            _ => return Err(Reason::PastEnd { start, end, length }),
        };
        match [span.start, span.end].into_iter().find(|&at| self.cuts(at)) {
            Some(at) => Err(Reason::CutsCharacter { start, end, at: at as i64 }),
            None => Ok(span),
        }
    }

    /// The text of a span of this text.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[self.byte(span.start)..self.byte(span.end)]
    }

    /// Whether the text of `length` code points from `start` on is `text`.
    pub fn says(&self, start: i64, text: &str) -> Option<Span> {
        let start = usize::try_from(start).ok().filter(|start| *start <= self.length)?;
        self.text[self.byte(start)..].starts_with(text).then(|| Span { start, end: start + text.chars().count() })
    }

    /// Where a text stands: the first place, and whether there is another.
    pub fn find(&self, text: &str) -> Option<(Span, bool)> {
        let mut places = self.text.match_indices(text).map(|(byte, _)| byte);
        let start = self.point(places.next()?);
        Some((Span { start, end: start + text.chars().count() }, places.next().is_some()))
    }

    /// Whether a place is between two letters or digits.
    pub fn splits_a_word(&self, point: usize) -> bool {
        let at = self.byte(point);
        let before = self.text[..at].chars().next_back();
        before.is_some_and(char::is_alphanumeric) && self.text[at..].chars().next().is_some_and(char::is_alphanumeric)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn cuts(&self, point: usize) -> bool {
        use unicode_segmentation::GraphemeCursor;
        let at = self.byte(point);
        // CR LF counts as one character, but nothing is lost by a cut through white space.
        let Some(next) = self.text[at..].chars().next().filter(|c| !c.is_whitespace()) else { return false };
        let before = self.text[..at].chars().next_back();
        if next.is_ascii() && before.is_none_or(|c| c.is_ascii()) {
            return false;
        }
        !GraphemeCursor::new(at, self.text.len(), true).is_boundary(&self.text, 0).unwrap_or(true)
    }

    /// The page does without Unicode's tables: it shows every span on its text, where a cut is seen.
    #[cfg(target_arch = "wasm32")]
    fn cuts(&self, _: usize) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_piece_of_the_text() {
        let p = Text::new("Zoë 🎻 sang");
        let slice = |start, end| p.span(start, end).map(|s| p.slice(s).to_owned()).map_err(|e| e.to_string());
        assert_eq!(slice(4, 5), Ok("🎻".into()));
        assert_eq!(slice(6, 10), Ok("sang".into()));
        assert!(slice(6, 11).unwrap_err().contains("past the paragraph's 10 characters"));
        assert!(slice(3, 3).unwrap_err().contains("empty"));
        assert!(slice(4, 3).unwrap_err().contains("empty"));
        assert!(slice(-1, 3).unwrap_err().contains("before"));
        assert!(p.span(i64::MAX - 1, i64::MAX).is_err());
    }

    #[test]
    fn a_character_is_not_cut() {
        // A decomposed e with diaeresis (code points 2 and 3), a waving hand with its skin tone (5 and 6), CR LF.
        let p = Text::new("Zoe\u{308} \u{1f44b}\u{1f3fd}\r\nBo");
        assert!(p.span(0, 4).is_ok() && p.span(5, 7).is_ok() && p.span(0, 8).is_ok());
        assert!(p.span(0, 3).unwrap_err().to_string().contains("cuts a character in two at 3"));
        assert!(p.span(6, 7).unwrap_err().to_string().contains("cuts a character in two at 6"));
        assert!(p.span(5, 6).is_err());
    }

    #[test]
    fn units() {
        let p = Text::new("🎻 Ann");
        assert_eq!([0, 1, 2, 3, 6, 7].map(|u| p.point_of_utf16(u)), [Some(0), None, Some(1), Some(2), Some(5), None]);
        assert_eq!(p.find("n"), Some((Span { start: 3, end: 4 }, true)));
        assert_eq!(p.says(2, "Ann"), Some(Span { start: 2, end: 5 }));
        assert_eq!((p.says(1, "Ann"), p.says(-1, "Ann"), p.says(9, "")), (None, None, None));
    }
}
