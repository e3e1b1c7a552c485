//! A paragraph's tokens in lines, each in a place that does not depend on the reader's fonts.

use crate::inference::Analysis;

use super::svg::{ADVANCE, cells};

/// Pixels between the pieces of a word, where they stand apart.
const APART: f64 = 5.0;

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Gap {
    /// Nothing: it goes on with the one before.
    None,
    /// Nothing, and yet a little room.
    Apart,
    /// A blank.
    Blank,
    /// The end of a line.
    Line,
}

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub x: f64,
    pub width: f64,
    pub line: usize,
}

/// The gap before each token of the paragraph.
pub(super) fn gaps(paragraph: &str, analysis: &Analysis, apart: bool) -> Vec<Gap> {
    let units: Vec<u16> = paragraph.encode_utf16().collect();
    let mut before = 0;
    let gap = |(i, token): (usize, &crate::inference::Token)| {
        let between = String::from_utf16_lossy(units.get(before..token.start).unwrap_or_default());
        before = token.end;
        let joined = if apart && i > 0 && analysis.tokens[i - 1].word == token.word { Gap::Apart } else { Gap::None };
        match between.find('\n') {
            Some(_) => Gap::Line,
            None if between.contains(char::is_whitespace) => Gap::Blank,
            None => joined,
        }
    };
    analysis.tokens.iter().enumerate().map(gap).collect()
}

/// Puts texts into lines of that width; what stands together stays together. The lines of a text in Hebrew or Arabic, and the
/// pieces of such a word, run from right to left.
pub(super) fn lay_out(texts: &[(Gap, String)], width: f64, size: f64) -> Vec<Place> {
    let cell = ADVANCE * size;
    let mut places: Vec<Place> = Vec::new();
    let all_rtl = texts.iter().flat_map(|(_, text)| text.chars()).find(|c| c.is_alphabetic()).is_some_and(rtl);
    let (mut x, mut line) = (0.0, 0);
    let mut first = 0;
    while first < texts.len() {
        let joins = |(gap, _): &&(Gap, String)| matches!(gap, Gap::None | Gap::Apart);
        let group = &texts[first..=first + texts[first + 1..].iter().take_while(joins).count()];
        let room = |gap: Gap| if gap == Gap::Apart { APART } else { 0.0 };
        let wide = |text: &str| cells(text) as f64 * cell;
        let all: f64 = group.iter().map(|(_, text)| wide(text)).sum();
        let all = all + group[1..].iter().map(|(gap, _)| room(*gap)).sum::<f64>();
        if x > 0.0 && (group[0].0 == Gap::Line || x + all > width) {
            (x, line) = (0.0, line + 1);
        }
        let begin = (x, line);
        for (k, (gap, text)) in group.iter().enumerate() {
            if k > 0 {
                x += room(*gap);
            }
            if x > 0.0 && x + wide(text) > width {
                (x, line) = (0.0, line + 1);
            }
            places.push(Place { x, width: wide(text), line });
            x += wide(text);
        }
        // Once more with the whole line, below.
        let group_rtl = group.iter().any(|(_, text)| text.chars().any(rtl));
        if group_rtl != all_rtl && line == begin.1 {
            for place in &mut places[first..] {
                place.x = begin.0 + all - (place.x - begin.0) - place.width;
            }
        }
        x += cell;
        first += group.len();
    }
    if all_rtl {
        for place in &mut places {
            place.x = width - place.x - place.width;
        }
    }
    places
}

/// Whether a letter is of a script that runs from right to left.
pub fn rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(texts: &[(Gap, &str)], width: f64) -> Vec<(f64, usize)> {
        let texts: Vec<(Gap, String)> = texts.iter().map(|(gap, text)| (*gap, (*text).into())).collect();
        lay_out(&texts, width, 10.0).iter().map(|place| (place.x, place.line)).collect()
    }

    #[test]
    fn lines_break_between_words() {
        let texts = [(Gap::None, "river"), (Gap::None, "side"), (Gap::Blank, "mill"), (Gap::None, ",")];
        // A cell has 6 pixels: 54, a blank, 30.
        assert_eq!(places(&texts, 90.0), [(0.0, 0), (30.0, 0), (60.0, 0), (84.0, 0)]);
        assert_eq!(places(&texts, 89.0), [(0.0, 0), (30.0, 0), (0.0, 1), (24.0, 1)]);
        // A word that no line holds is broken where it has to be.
        assert_eq!(places(&texts, 32.0), [(0.0, 0), (0.0, 1), (0.0, 2), (24.0, 2)]);
        let texts = [(Gap::None, "a"), (Gap::Apart, "b"), (Gap::Line, "c")];
        assert_eq!(places(&texts, 90.0), [(0.0, 0), (11.0, 0), (0.0, 1)]);
    }

    #[test]
    fn hebrew_runs_from_right_to_left() {
        let texts = [(Gap::None, "של"), (Gap::None, "ום"), (Gap::Blank, "plat"), (Gap::None, "z")];
        assert_eq!(places(&texts, 90.0), [(78.0, 0), (66.0, 0), (30.0, 0), (54.0, 0)]);
        let texts = [(Gap::None, "say"), (Gap::Blank, "של"), (Gap::None, "ום"), (Gap::None, ".")];
        assert_eq!(places(&texts, 90.0), [(0.0, 0), (42.0, 0), (30.0, 0), (24.0, 0)]);
    }
}
