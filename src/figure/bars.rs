//! The paragraph with the bars of p: under every token its p as one divided bar, below it the gold lines, below them its
//! term of the loss.

use std::ops::Range;

use crate::bio::{Dist, Label};
use crate::inference::Analysis;

use super::lines::{Gap, gaps, lay_out};
use super::svg::{ADVANCE, Figure, Frame, MARGIN, Sheet, Style, mix, shorten};

/// Annotators that have a line each. A class has one for all, as dark as it is many.
pub const MOST_LINES: usize = 8;

/// Pixels of a loss of one nat, and of the largest one shown.
pub const LOSS_PIXELS: f64 = 12.0;
/// See [`LOSS_PIXELS`].
pub const LOSS_LIMIT: f64 = 34.0;

/// Width of the picture, size of its tokens.
const WIDTH: f64 = 760.0;
const SIZE: f64 = 15.0;

/// Heights: the letters above a line of text, the text, a bar, a gold line; blanks are part of each.
const LETTERS: f64 = 13.0;
const TEXT: f64 = 20.0;
const BAR: f64 = 8.0;
const LINE: f64 = 6.0;
const BETWEEN: f64 = 14.0;

/// Gold labels of the tokens.
#[derive(Clone, Copy)]
pub struct Gold<'a> {
    /// Each annotator's label of each token.
    pub labels: &'a [Vec<Label>],
    /// t_i.
    pub t: &'a [Dist],
    /// Each token's term of L.
    pub terms: &'a [f64],
}

/// What to draw.
#[derive(Clone, Copy)]
pub struct Bars<'a> {
    /// The paragraph.
    pub paragraph: &'a str,
    /// What the model says of it.
    pub analysis: &'a Analysis,
    /// Gold labels, if there are any.
    pub gold: Option<Gold<'a>>,
    /// Whether the pieces of a word stand apart.
    pub pieces: bool,
    /// Tokens that are left out, in order, and what stands in their place.
    pub folds: &'a [(Range<usize>, String)],
}

impl Bars<'_> {
    /// The picture.
    pub fn draw(&self, frame: &Frame) -> Figure {
        let words = frame.words;
        let mut sheet = Sheet::new(frame, words.figure.bars, WIDTH);
        let items = self.items();
        let most = (sheet.inner() / (ADVANCE * SIZE)) as usize;
        let texts: Vec<(Gap, String)> = items.iter().map(|(_, gap, text)| (*gap, shorten(text, most))).collect();
        let places = lay_out(&texts, sheet.inner(), SIZE);
        let mut k = 0;
        while k < places.len() {
            let end = k + places[k..].iter().take_while(|place| place.line == places[k].line).count();
            let tokens = || items[k..end].iter().filter_map(|(token, ..)| *token);
            let top = sheet.y + if tokens().any(|i| !self.letter(i).is_empty()) { LETTERS } else { 0.0 };
            let lines = LINE * tokens().map(|i| self.lines(i)).max().unwrap_or(0) as f64;
            let loss = tokens().map(|i| self.loss(i)).fold(0.0, f64::max);
            for at in k..end {
                let (x, width) = (MARGIN + places[at].x, places[at].width);
                match items[at].0 {
                    Some(i) => self.token(&mut sheet, i, (x, top), width, &texts[at].1, lines),
                    None => {
                        let style = Style::new(SIZE, sheet.palette.soft);
                        sheet.token((x, top + 15.0), style, false, &texts[at].1);
                    }
                }
            }
            sheet.y = top + TEXT + BAR + lines + loss + BETWEEN;
            k = end;
        }
        let palette = sheet.palette;
        let label = |label: Label| format!("{}: {}", label.letter(), words.label_name(label));
        let [b, i, o] = Label::ALL.map(label);
        let mut legend = vec![(palette.b, &b[..]), (palette.mid, &i[..]), (palette.o, &o[..])];
        if self.gold.is_some() {
            legend.extend([(palette.gold, words.legend_gold), (palette.loss, words.legend_loss)]);
        }
        sheet.legend(&legend);
        sheet.finish()
    }

    /// The tokens that are drawn, and the folds (no token), with what stands before each.
    fn items(&self) -> Vec<(Option<usize>, Gap, &str)> {
        let gaps = gaps(self.paragraph, self.analysis, self.pieces);
        let mut folds = self.folds.iter().peekable();
        let mut items = Vec::new();
        let mut shown_from = 0;
        for (i, token) in self.analysis.tokens.iter().enumerate() {
            if let Some((fold, text)) = folds.next_if(|(fold, _)| fold.start == i) {
                items.push((None, Gap::Blank, &text[..]));
                shown_from = fold.end;
            }
            if i >= shown_from {
                items.push((Some(i), gaps[i], &token.text[..]));
            }
        }
        items
    }

    /// The letter above a token; one stands for all the pieces of a word that go on with an answer.
    fn letter(&self, i: usize) -> &'static str {
        let tokens = &self.analysis.tokens;
        let goes_on = !self.pieces && i > 0 && tokens[i - 1].word == tokens[i].word;
        match tokens[i].label {
            _ if self.analysis.repaired.contains(&i) => "I → B",
            Label::O => "",
            Label::I if goes_on => "",
            label => label.letter(),
        }
    }

    /// The gold lines of a token.
    fn lines(&self, i: usize) -> usize {
        match self.gold {
            None => 0,
            Some(gold) if gold.labels.len() > MOST_LINES => usize::from(gold.t[i][2] < 1.0),
            Some(gold) if gold.labels.iter().all(|labels| labels[i] == Label::O) => 0,
            Some(gold) => gold.labels.len(),
        }
    }

    /// The height of a token's term.
    fn loss(&self, i: usize) -> f64 {
        self.gold.map_or(0.0, |gold| (gold.terms[i] * LOSS_PIXELS).min(LOSS_LIMIT))
    }

    fn token(&self, sheet: &mut Sheet, i: usize, (x, y): (f64, f64), width: f64, text: &str, lines: f64) {
        let palette = sheet.palette;
        let token = &self.analysis.tokens[i];
        let ink = match token.label {
            Label::B => palette.b_ink,
            _ => palette.ink,
        };
        match token.label {
            Label::B => sheet.rect((x, y), (width, TEXT - 1.0), 2.0, palette.b),
            Label::I => sheet.rect((x, y), (width, TEXT - 1.0), 2.0, palette.i),
            Label::O => {}
        }
        if !self.letter(i).is_empty() {
            sheet.text((x, y - 3.0), Style::new(9.5, palette.b).bold(), self.letter(i));
        }
        sheet.token((x, y + 15.0), Style::new(SIZE, ink), false, text);
        let [b, inside, _] = token.p;
        let (bar, high) = (y + TEXT + 1.0, BAR - 2.0);
        // One upon the other, so that no seam shows between them; a pixel is between the bars of two tokens.
        let whole = width - 1.0;
        sheet.rect((x, bar), (whole, high), 0.0, palette.o);
        sheet.rect((x, bar), (whole * (b + inside).min(1.0), high), 0.0, palette.mid);
        sheet.rect((x, bar), (whole * b, high), 0.0, palette.b);
        let Some(gold) = self.gold else { return };
        let below = y + TEXT + BAR;
        if gold.labels.len() > MOST_LINES {
            let share = gold.t[i][0] + gold.t[i][1];
            if share > 0.0 {
                sheet.rect((x, below + 2.0), (width, 4.0), 0.0, mix(palette.gold, share, palette.card));
            }
        } else {
            for (row, labels) in gold.labels.iter().enumerate() {
                let color = [Some(palette.gold), Some(palette.gold_soft), None][labels[i].index()];
                if let Some(color) = color {
                    sheet.rect((x, below + 2.0 + LINE * row as f64), (width, 4.0), 0.0, color);
                }
            }
        }
        let wide = width.min(8.0);
        let corner = (x + (width - wide) / 2.0, below + lines + 3.0);
        if self.loss(i) >= 1.0 {
            sheet.rect(corner, (wide, self.loss(i)), 1.0, palette.loss);
        }
    }
}
