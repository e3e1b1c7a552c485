//! What all pictures share: colours, text, the title above and the source below.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::display::format::escape;
use crate::locale::Strings;

/// Space around everything.
pub(super) const MARGIN: f64 = 24.0;
/// Advance of a fixed-width font, in em: 0.6 for most.
pub(super) const ADVANCE: f64 = 0.6;
/// At least the mean advance of the letters of a font with letters of several widths; DejaVu's are the widest of those named.
const MEAN_ADVANCE: f64 = 0.58;
/// Lines of a long question that are shown.
const QUESTION_LINES: usize = 3;

const SANS: &str = "'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Helvetica,Arial,sans-serif";
const MONO: &str = "'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,'Courier New',monospace";

/// A finished picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The file.
    pub svg: String,
    /// Its width in CSS pixels.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// What a picture says beside its chart, and how it looks.
#[derive(Clone)]
pub struct Frame {
    /// The question that the paragraph was read for; may be empty.
    pub question: String,
    /// Where the picture comes from.
    pub source: String,
    /// Whether it is for a dark page.
    pub dark: bool,
    /// The words of its language.
    pub words: &'static Strings,
}

/// Red, green, blue.
pub(super) type Color = [u8; 3];

/// The page's colours (www/styles/base.css): blue is prediction, amber is gold, red is loss.
pub(super) struct Palette {
    pub card: Color,
    pub ink: Color,
    pub soft: Color,
    pub line: Color,
    pub edge: Color,
    pub b: Color,
    pub b_ink: Color,
    pub i: Color,
    pub mid: Color,
    pub o: Color,
    pub gold: Color,
    pub gold_soft: Color,
    pub loss: Color,
}

const fn rgb(hex: u32) -> Color {
    let [_, r, g, b] = hex.to_be_bytes();
    [r, g, b]
}

pub(super) const LIGHT: Palette = Palette {
    card: rgb(0xffffff),
    ink: rgb(0x1b1f24),
    soft: rgb(0x59626c),
    line: rgb(0xe3ded4),
    edge: rgb(0x8b8f94),
    b: rgb(0x1d4ed8),
    b_ink: rgb(0xffffff),
    i: rgb(0xcddfff),
    mid: rgb(0x7ba2f2),
    o: rgb(0xe2ded5),
    gold: rgb(0xb45309),
    gold_soft: rgb(0xf0bf72),
    loss: rgb(0xbe123c),
};

pub(super) const DARK: Palette = Palette {
    card: rgb(0x1c1f25),
    ink: rgb(0xe9e7e2),
    soft: rgb(0xa0a9b4),
    line: rgb(0x31363f),
    edge: rgb(0x727a85),
    b: rgb(0x6d9bff),
    b_ink: rgb(0x0a1022),
    i: rgb(0x27437f),
    mid: rgb(0x4169bd),
    o: rgb(0x383e48),
    gold: rgb(0xf5a524),
    gold_soft: rgb(0x8a611a),
    loss: rgb(0xff6b8a),
};

/// A colour as an attribute's value.
pub(super) fn hex([r, g, b]: Color) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// `share` of one colour, the rest of another.
pub(super) fn mix(one: Color, share: f64, other: Color) -> Color {
    let blend = |k: usize| (share * f64::from(one[k]) + (1.0 - share) * f64::from(other[k])).round() as u8;
    [blend(0), blend(1), blend(2)]
}

/// A coordinate, to a hundredth of a pixel.
pub(super) fn n(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// How wide a text is in a fixed-width font: 2 for a Chinese character or an emoji, 0 for an accent of its own.
pub(super) fn cells(text: &str) -> usize {
    text.width().max(1)
}

/// The text, or as much of it as fits into so many cells.
pub(super) fn shorten(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.into();
    }
    let mut short = String::new();
    for c in text.chars() {
        if short.width() + c.width().unwrap_or(0) >= most {
            break;
        }
        short.push(c);
    }
    short + "…"
}

/// Text that is safe in XML, which has no place for most control characters.
fn xml(text: &str) -> String {
    let allowed =
        |c: &char| matches!(*c, '\t' | '\n' | ' '..) && !matches!(*c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    escape(&text.chars().filter(allowed).collect::<String>())
}

/// Lines of at most so many cells.
fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = shorten(word, most);
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// How a text stands.
#[derive(Clone, Copy)]
pub(super) struct Style {
    size: f64,
    color: Color,
    bold: bool,
    anchor: &'static str,
}

impl Style {
    pub(super) fn new(size: f64, color: Color) -> Style {
        Style { size, color, bold: false, anchor: "start" }
    }

    pub(super) fn bold(self) -> Style {
        Style { bold: true, ..self }
    }

    pub(super) fn middle(self) -> Style {
        Style { anchor: "middle", ..self }
    }

    pub(super) fn end(self) -> Style {
        Style { anchor: "end", ..self }
    }

    fn attributes(self) -> String {
        let mut out = format!(r#"font-size="{}" fill="{}""#, n(self.size), hex(self.color));
        if self.bold {
            out += r#" font-weight="600""#;
        }
        if self.anchor != "start" {
            let _ = write!(out, r#" text-anchor="{}""#, self.anchor);
        }
        out
    }
}

/// A picture while it is drawn, from top to bottom.
pub(super) struct Sheet<'a> {
    /// The colours.
    pub palette: &'static Palette,
    /// Where the next thing begins.
    pub y: f64,
    frame: &'a Frame,
    title: String,
    width: f64,
    shapes: String,
}

impl<'a> Sheet<'a> {
    /// A picture of that width, with title and question at its head.
    pub fn new(frame: &'a Frame, title: &str, width: f64) -> Sheet<'a> {
        let palette = if frame.dark { &DARK } else { &LIGHT };
        let (title, shapes) = (title.to_owned(), String::new());
        let mut sheet = Sheet { palette, y: MARGIN, frame, title, width, shapes };
        let title = sheet.title.clone();
        sheet.paragraph(&title, Style::new(17.0, palette.ink).bold(), usize::MAX);
        sheet.paragraph(&frame.question, Style::new(14.0, palette.soft), QUESTION_LINES);
        sheet.y += 14.0;
        sheet
    }

    /// The width between the margins.
    pub fn inner(&self) -> f64 {
        self.width - 2.0 * MARGIN
    }

    /// Lines of text from here on; of a longer text the first `most`.
    pub fn paragraph(&mut self, text: &str, style: Style, most: usize) {
        let advance = style.size * if style.bold { MEAN_ADVANCE * 1.07 } else { MEAN_ADVANCE };
        let mut lines = wrap(text, (self.inner() / advance) as usize);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
        }
        for line in lines {
            self.text((MARGIN, self.y + style.size), style, &line);
            self.y += 1.4 * style.size;
        }
    }

    /// A text whose baseline begins, has its middle or ends at a point.
    pub fn text(&mut self, (x, y): (f64, f64), style: Style, text: &str) {
        let _ = writeln!(self.shapes, r#"<text x="{}" y="{}" {}>{}</text>"#, n(x), n(y), style.attributes(), xml(text));
    }

    /// The same in the font of the tokens; `turned` reads upwards.
    pub fn token(&mut self, (x, y): (f64, f64), style: Style, turned: bool, text: &str) {
        let (x, y, length) = (n(x), n(y), n(cells(text) as f64 * ADVANCE * style.size));
        let turn = if turned { format!(r#" transform="rotate(-90 {x} {y})""#) } else { String::new() };
        let _ = writeln!(
            self.shapes,
            r#"<text x="{x}" y="{y}"{turn} font-family="{MONO}" textLength="{length}" lengthAdjust="spacingAndGlyphs" {}>{}</text>"#,
            style.attributes(),
            xml(text)
        );
    }

    /// A filled rectangle, its corners round by `round`; one without an area is left out.
    pub fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), round: f64, color: Color) {
        if n(width) > 0.0 && n(height) > 0.0 {
            let round = if round > 0.0 { format!(r#" rx="{round}""#) } else { String::new() };
            let (x, y, width, height, color) = (n(x), n(y), n(width), n(height), hex(color));
            let _ = writeln!(
                self.shapes,
                r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"{round} fill="{color}"/>"#
            );
        }
    }

    /// A line through points.
    pub fn path(&mut self, points: &[(f64, f64)], thickness: f64, color: Color, dashed: bool) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
        let dashes = if dashed { r#" stroke-dasharray="6 4""# } else { "" };
        let (points, color) = (points.join("L"), hex(color));
        let _ = writeln!(
            self.shapes,
            r#"<path d="M{points}" fill="none" stroke="{color}" stroke-width="{thickness}" stroke-linejoin="round"{dashes}/>"#
        );
    }

    /// A disc with a rim.
    pub fn disc(&mut self, (x, y): (f64, f64), radius: f64, color: Color, rim: Color) {
        let (x, y, color, rim) = (n(x), n(y), hex(color), hex(rim));
        let _ = writeln!(
            self.shapes,
            r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{color}" stroke="{rim}" stroke-width="1.5"/>"#
        );
    }

    /// Any other element.
    pub fn shape(&mut self, element: &str) {
        self.shapes.push_str(element);
        self.shapes.push('\n');
    }

    /// What colours mean, in as many lines as it takes.
    pub fn legend(&mut self, entries: &[(Color, &str)]) {
        let style = Style::new(12.0, self.palette.soft);
        let (mut x, mut line) = (MARGIN, 0.0);
        for (color, name) in entries {
            let wide = 18.0 + name.width() as f64 * style.size * MEAN_ADVANCE;
            if x > MARGIN && x + wide > self.width - MARGIN {
                (x, line) = (MARGIN, line + 20.0);
            }
            self.rect((x, self.y + line), (12.0, 12.0), 2.0, *color);
            self.text((x + 18.0, self.y + line + 10.5), style, name);
            x += wide + 16.0;
        }
        self.y += line + 20.0;
    }

    /// The file, with the source at its foot.
    pub fn finish(mut self) -> Figure {
        self.y += 6.0;
        let frame = self.frame;
        self.paragraph(&frame.source, Style::new(11.0, self.palette.soft), usize::MAX);
        let (width, height) = (self.width, (self.y + MARGIN - 6.0).round());
        let (title, source, paper, language) =
            (xml(&self.title), xml(&frame.source), hex(self.palette.card), frame.words.language);
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             xml:lang=\"{language}\" role=\"img\" font-family=\"{SANS}\">\n<title>{title}</title>\n<desc>{source}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\n{}</svg>\n",
            self.shapes
        );
        Figure { svg, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_the_pages() {
        let css = include_str!("../../www/styles/base.css");
        let both = |name: &str, light: Color, dark: Color| {
            let line = format!("--{name}: light-dark({}, {});", hex(light), hex(dark));
            assert!(css.contains(&line), "{line}");
        };
        both("card", LIGHT.card, DARK.card);
        both("ink", LIGHT.ink, DARK.ink);
        both("soft", LIGHT.soft, DARK.soft);
        both("line", LIGHT.line, DARK.line);
        both("edge", LIGHT.edge, DARK.edge);
        both("b", LIGHT.b, DARK.b);
        both("b-ink", LIGHT.b_ink, DARK.b_ink);
        both("i", LIGHT.i, DARK.i);
        both("mid", LIGHT.mid, DARK.mid);
        both("o", LIGHT.o, DARK.o);
        both("gold", LIGHT.gold, DARK.gold);
        both("gold-soft", LIGHT.gold_soft, DARK.gold_soft);
        both("loss", LIGHT.loss, DARK.loss);
        assert_eq!(mix(LIGHT.card, 0.25, LIGHT.ink), [0x54, 0x57, 0x5b]);
    }

    #[test]
    fn text_is_measured_and_cut_by_what_is_seen() {
        assert_eq!(["mill", "ποτάμι", "水車", "e\u{301}", "👩‍🔬", ""].map(cells), [4, 6, 4, 1, 2, 1]);
        assert_eq!((shorten("wheel", 5), shorten("wheels", 5)), ("wheel".into(), "whee…".into()));
        assert_eq!(shorten("水車水車", 5), "水車…");
        assert_eq!(wrap("the old  mill\nby the river", 8), ["the old", "mill by", "the", "river"]);
        assert_eq!(wrap("riverbanks", 6), ["river…"]);
    }

    #[test]
    fn no_control_character_gets_into_the_file() {
        assert_eq!(xml("a\u{0}\u{b}\u{1b}<b>&\"\u{ffff}\n👩‍🔬"), "a&lt;b&gt;&amp;&quot;\n👩‍🔬");
    }
}
