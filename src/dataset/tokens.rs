//! Tokens and labels, as the formats that have a label for every token need them: spans to labels and back.

use super::Reason;
use super::text::Text;
use crate::bio::Span;

/// Tokens without the text that they are from, joined by blanks; with the place of each.
pub(super) fn join(tokens: &[&str]) -> (String, Vec<Span>) {
    let (mut at, mut places) = (0, Vec::with_capacity(tokens.len()));
    for token in tokens {
        let start = at;
        at += token.chars().count() + 1;
        places.push(Span { start, end: at - 1 });
    }
    (tokens.join(" "), places)
}

/// The place of each token in the text that they are from.
///
/// # Errors
/// The text does not go on with a token, blanks aside.
pub(super) fn align(text: &Text, tokens: &[&str]) -> Result<Vec<Span>, Reason> {
    let (mut rest, mut at) = (&*text.text, 0);
    let mut places = Vec::with_capacity(tokens.len());
    for token in tokens {
        let trimmed = rest.trim_start();
        at += rest[..rest.len() - trimmed.len()].chars().count();
        rest = trimmed.strip_prefix(token).ok_or_else(|| Reason::Token { token: (*token).into() })?;
        let start = at;
        at += token.chars().count();
        places.push(Span { start, end: at });
    }
    Ok(places)
}

/// The tokens that a text is cut into: words, ASCII punctuation, and a cut wherever a span begins or ends.
pub(super) fn split<'t>(text: &'t Text, spans: &[Span]) -> Vec<(Span, &'t str)> {
    let cut = |point: usize| spans.iter().any(|span| span.start == point || span.end == point);
    let mut tokens: Vec<(Span, &str)> = Vec::new();
    let mut open: Option<(usize, usize, bool)> = None; // point, byte, whether it is a word
    let mut point = 0;
    for (byte, c) in text.text.char_indices() {
        let word = !c.is_ascii_punctuation();
        let goes_on = |&(_, _, was): &(usize, usize, bool)| was && word && !c.is_whitespace() && !cut(point);
        if !open.as_ref().is_some_and(goes_on) {
            let ended = open.take().map(|(start, from, _)| (Span { start, end: point }, &text.text[from..byte]));
            tokens.extend(ended);
            open = (!c.is_whitespace()).then_some((point, byte, word));
        }
        point += 1;
    }
    tokens.extend(open.map(|(start, from, _)| (Span { start, end: point }, &text.text[from..])));
    tokens
}

/// IOB2 labels of tokens.
pub(super) fn labels(tokens: &[(Span, &str)], spans: &[Span]) -> Vec<&'static str> {
    let label = |(token, _): &(Span, &str)| {
        let within = spans.iter().find(|span| span.start < token.end && token.start < span.end);
        within.map_or("O", |span| if token.start <= span.start { "B" } else { "I" })
    };
    let mut labels: Vec<&str> = tokens.iter().map(label).collect();
    // A span that begins with blanks begins with its first token.
    for span in spans {
        let first = tokens.iter().position(|(token, _)| span.start < token.end && token.start < span.end);
        first.into_iter().for_each(|k| labels[k] = "B");
    }
    labels
}

/// A label's letter and its kind: B, I, O, and BILOU's L and U or IOBES' E and S.
pub(super) fn parts(label: &str) -> Option<(char, &str)> {
    let letter = label.chars().next().filter(|c| "BIOLUES".contains(*c))?;
    match &label[1..] {
        "" => Some((letter, "")),
        rest if letter != 'O' => rest.strip_prefix('-').filter(|kind| !kind.is_empty()).map(|kind| (letter, kind)),
        _ => None,
    }
}

/// Which scheme labels follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scheme {
    /// L, U, E or S occur.
    pub bilou: bool,
    /// An I begins a span.
    pub inside_begins: bool,
    /// A B begins a span that does not touch the one before.
    pub begin_is_free: bool,
}

impl Scheme {
    /// Whether it is IOB2, perhaps with an I that begins a span.
    pub fn is_iob2(self) -> bool {
        !self.bilou && (self.begin_is_free || !self.inside_begins)
    }

    /// Its name, unless it is IOB2.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Scheme { bilou: true, .. } => Some("BILOU"),
            Scheme { inside_begins: true, begin_is_free: false, .. } => Some("IOB1"),
            Scheme { inside_begins: true, .. } => Some("IOB2, with an I that begins a span (read as B)"),
            _ => None,
        }
    }
}

/// The spans of labels, as half-open ranges of token indices, each with its kind, under IOB1, IOB2 and BILOU alike.
///
/// # Errors
/// A label that is none.
pub(super) fn ranges<'l>(labels: &[&'l str], scheme: &mut Scheme) -> Result<Vec<(usize, usize, &'l str)>, Reason> {
    let mut ranges: Vec<(usize, usize, &str)> = Vec::new();
    let mut open: Option<&str> = None;
    for (k, label) in labels.iter().enumerate() {
        let (letter, kind) = parts(label).ok_or_else(|| Reason::Label { label: (*label).into() })?;
        scheme.bilou |= "LUES".contains(letter);
        match letter {
            'O' => {}
            'I' | 'L' | 'E' if open == Some(kind) => {
                ranges.last_mut().expect("one is open").1 = k + 1;
            }
            _ => {
                scheme.inside_begins |= letter == 'I';
                scheme.begin_is_free |= letter == 'B' && open != Some(kind);
                ranges.push((k, k + 1, kind));
            }
        }
        open = (!"OLUES".contains(letter)).then_some(kind);
    }
    Ok(ranges)
}

/// Labels of IOB1 or BILOU as IOB2 has them.
///
/// # Errors
/// A label that is none.
pub(super) fn iob2(labels: &[&str]) -> Result<Vec<String>, Reason> {
    let mut out = vec!["O".to_owned(); labels.len()];
    for (first, last, kind) in ranges(labels, &mut Scheme::default())? {
        for (k, label) in out.iter_mut().enumerate().take(last).skip(first) {
            let letter = if k == first { "B" } else { "I" };
            *label = if kind.is_empty() { letter.into() } else { format!("{letter}-{kind}") };
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(labels: &str) -> (Vec<(usize, usize, &str)>, Option<&'static str>) {
        let mut scheme = Scheme::default();
        let ranges = ranges(&labels.split(' ').collect::<Vec<_>>(), &mut scheme).unwrap();
        (ranges, scheme.name())
    }

    #[test]
    fn schemes() {
        assert_eq!(read("O B I O B B"), (vec![(1, 3, ""), (4, 5, ""), (5, 6, "")], None));
        assert_eq!(read("I I O I B"), (vec![(0, 2, ""), (3, 4, ""), (4, 5, "")], Some("IOB1")));
        assert_eq!(read("U O B I L"), (vec![(0, 1, ""), (2, 5, "")], Some("BILOU")));
        assert_eq!(read("S B-X E-X"), (vec![(0, 1, ""), (1, 3, "X")], Some("BILOU")));
        assert_eq!(read("B-A I-B").0, [(0, 1, "A"), (1, 2, "B")], "another kind begins another span");
        assert_eq!(iob2(&["B-P", "L-P", "O", "U"]).unwrap(), ["B-P", "I-P", "O", "B"]);
        assert_eq!(iob2(&["I-P", "I-P", "B-P", "O", "I-Q"]).unwrap(), ["B-P", "I-P", "B-P", "O", "B-Q"]);
        for label in ["", "X", "Bad", "O-A", "B-", "b"] {
            assert!(ranges(&[label], &mut Scheme::default()).is_err(), "{label:?}");
        }
    }

    #[test]
    fn texts_are_cut_and_put_together() {
        let text = Text::new(" Zoë's \u{1f355}pie, (b)\u{a0}c");
        let spans = [Span { start: 8, end: 11 }];
        let tokens = split(&text, &spans);
        let words: Vec<&str> = tokens.iter().map(|t| t.1).collect();
        assert_eq!(words, ["Zoë", "'", "s", "\u{1f355}", "pie", ",", "(", "b", ")", "c"]);
        assert_eq!(labels(&tokens, &spans), ["O", "O", "O", "O", "B", "O", "O", "O", "O", "O"]);
        assert_eq!(align(&text, &words).unwrap(), tokens.iter().map(|t| t.0).collect::<Vec<_>>());
        assert!(align(&text, &["Zoe"]).is_err());
        assert_eq!(
            join(&["Zoë", "sang"]),
            ("Zoë sang".into(), vec![Span { start: 0, end: 3 }, Span { start: 4, end: 8 }])
        );
    }
}
