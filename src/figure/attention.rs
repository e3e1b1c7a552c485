//! One head's attention, or the mean of all: a row for each position, shaded by what it takes of every other.

use std::fmt::Write;

use super::svg::{ADVANCE, Figure, Frame, MARGIN, Sheet, Style, cells, hex, mix, n, shorten};

/// Side of the square, at most, and of one of its cells.
const SIDE: f64 = 640.0;
const CELL: f64 = 24.0;
/// Below this a cell has no room for a name beside it.
const LEGIBLE: f64 = 6.0;
/// Cells of a token's name that are shown.
const NAME: usize = 14;
/// Steps of shade. The cells of one are one path: a file of hundreds of thousands of elements is no file to draw in.
const SHADES: usize = 32;

/// The weights of a head.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Which: its name.
    pub name: &'a str,
    /// Number of its layer, from 0.
    pub layer: usize,
    /// The input's tokens.
    pub tokens: &'a [&'a str],
    /// `[T, T]`: what each row's token takes of every column's.
    pub weights: &'a [f32],
    /// The token in focus, by its row.
    pub focus: Option<usize>,
}

impl Head<'_> {
    /// The picture.
    pub fn draw(&self, frame: &Frame) -> Figure {
        let words = &frame.words.figure;
        let count = self.tokens.len().max(1);
        let cell = (SIDE / count as f64).min(CELL);
        let named = cell >= LEGIBLE;
        let size = cell.min(11.0);
        let longest = self.tokens.iter().map(|token| cells(token).min(NAME)).max().unwrap_or(0) as f64;
        let names = if named { longest * ADVANCE * size + 6.0 } else { 0.0 };
        let side = cell * count as f64;
        let mut sheet =
            Sheet::new(frame, &words.attention(self.layer + 1, self.name), (2.0 * MARGIN + names + side).max(480.0));
        let palette = sheet.palette;
        sheet.paragraph(words.attention_rows, Style::new(12.0, palette.soft), usize::MAX);
        sheet.y += 8.0;
        let (left, top) = (MARGIN + names, sheet.y + names);
        for (k, token) in self.tokens.iter().enumerate().filter(|_| named) {
            let name = shorten(token, NAME);
            let middle = (k as f64 + 0.5) * cell + 0.35 * size;
            let color = if self.focus == Some(k) { palette.b } else { palette.ink };
            sheet.token((left - 6.0, top + middle), Style::new(size, color).end(), false, &name);
            sheet.token((left + middle, top - 6.0), Style::new(size, palette.ink), true, &name);
        }
        sheet.rect((left, top), (side, side), 0.0, mix(palette.o, 0.25, palette.card));
        let mut cells = String::new();
        for (shade, path) in self.shades().iter().enumerate().filter(|(_, path)| !path.is_empty()) {
            let _ = writeln!(cells, r#"<path fill="{}" d="{path}"/>"#, hex(self.color(&sheet, shade)));
        }
        // In units of cells. Edges are not smoothed: neighbours would not meet.
        sheet.shape(&format!(
            "<g transform=\"translate({} {}) scale({cell})\" shape-rendering=\"crispEdges\">\n{cells}</g>",
            n(left),
            n(top)
        ));
        if let Some(row) = self.focus {
            let (x, y, high) = (left, top + row as f64 * cell, cell);
            let around = [(x, y), (x + side, y), (x + side, y + high), (x, y + high), (x, y)];
            sheet.path(&around, 1.0, palette.b, false);
        }
        sheet.y = top + side + 14.0;
        let colors: Vec<_> =
            [0.01, 0.05, 0.2, 0.5, 1.0].iter().map(|a| (self.color(&sheet, shade(*a)), format!("{a}"))).collect();
        sheet.legend(&colors.iter().map(|(color, text)| (*color, &text[..])).collect::<Vec<_>>());
        sheet.finish()
    }

    fn color(&self, sheet: &Sheet, shade: usize) -> [u8; 3] {
        mix(sheet.palette.b, shade as f64 / (SHADES - 1) as f64, mix(sheet.palette.o, 0.25, sheet.palette.card))
    }

    /// The cells of each shade as the data of a path; neighbours in a row are one rectangle. The palest have none.
    fn shades(&self) -> Vec<String> {
        let mut paths = vec![String::new(); SHADES];
        for (y, row) in self.weights.chunks(self.tokens.len().max(1)).enumerate() {
            let shades: Vec<usize> = row.iter().map(|a| shade(f64::from(*a))).collect();
            let mut x = 0;
            for run in shades.chunk_by(|a, b| a == b) {
                if run[0] > 0 {
                    let wide = run.len();
                    let _ = write!(paths[run[0]], "M{x} {y}h{wide}v1h-{wide}z");
                }
                x += run.len();
            }
        }
        paths
    }
}

/// The root makes small weights visible beside large ones.
fn shade(weight: f64) -> usize {
    (weight.clamp(0.0, 1.0).sqrt() * (SHADES - 1) as f64).round() as usize
}
