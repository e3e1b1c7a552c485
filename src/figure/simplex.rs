//! p and t of one token in the triangle of all distributions over B, I and O.

use crate::bio::{Dist, Label};
use crate::display::format::{fixed, fraction, probability};

use super::svg::{Figure, Frame, MARGIN, Sheet, Style, hex, mix};

/// Corners of B, I and O in the drawing, whose height is that of an equilateral triangle.
pub const CORNERS: [(f64, f64); 3] = [(16.0, 172.0), (204.0, 172.0), (110.0, 9.2)];
/// Width and height of the drawing.
pub const SIZE: (f64, f64) = (220.0, 192.0);

const WIDTH: f64 = 660.0;
/// How much larger the triangle is here.
const SCALE: f64 = 1.5;

/// Where a distribution lies in the drawing.
pub fn point(t: &Dist) -> (f64, f64) {
    let along = |axis: fn(&(f64, f64)) -> f64| (0..3).map(|j| t[j] * axis(&CORNERS[j])).sum();
    (along(|c| c.0), along(|c| c.1))
}

/// The lines on which one class has a third or two thirds.
pub fn grid() -> impl Iterator<Item = [(f64, f64); 2]> {
    (0..3).flat_map(|j| {
        [1.0 / 3.0, 2.0 / 3.0].map(|third| {
            [(j + 1) % 3, (j + 2) % 3].map(|other| {
                let mut end = [0.0; 3];
                (end[j], end[other]) = (third, 1.0 - third);
                point(&end)
            })
        })
    })
}

/// A token's p and t.
#[derive(Clone, Copy, Debug)]
pub struct Simplex<'a> {
    /// Its number, from 0.
    pub token: usize,
    /// Its text.
    pub text: &'a str,
    /// p_i.
    pub p: Dist,
    /// t_i.
    pub t: Dist,
    /// Its term of the loss, where there are gold labels.
    pub term: Option<f64>,
}

impl Simplex<'_> {
    /// The picture.
    pub fn draw(&self, frame: &Frame) -> Figure {
        let words = frame.words;
        let mut sheet = Sheet::new(frame, &words.figure.simplex(self.token + 1, self.text), WIDTH);
        let palette = sheet.palette;
        let top = sheet.y;
        let place = |(x, y): (f64, f64)| (MARGIN + SCALE * x, top + SCALE * y);
        let [b, i, o] = CORNERS.map(place);
        sheet.shape(&format!(
            r#"<path d="M{} {}L{} {}L{} {}Z" fill="{}" stroke="{}"/>"#,
            b.0,
            b.1,
            i.0,
            i.1,
            o.0,
            o.1,
            hex(mix(palette.o, 0.3, palette.card)),
            hex(palette.edge)
        ));
        for ends in grid() {
            sheet.path(&ends.map(place), 1.0, palette.line, false);
        }
        for (label, (x, y)) in Label::ALL.iter().zip([(6.0, 188.0), (214.0, 188.0), (124.0, 14.0)]) {
            sheet.text(place((x, y)), Style::new(16.0, palette.ink).bold().middle(), label.letter());
        }
        let (p, t) = (place(point(&self.p)), place(point(&self.t)));
        sheet.path(&[p, t], 3.0, palette.loss, false);
        sheet.disc(t, 11.0, palette.gold, palette.card);
        sheet.disc(p, 7.0, palette.b, palette.card);

        let x = MARGIN + SCALE * SIZE.0 + 12.0;
        let mut y = top + 0.42 * SCALE * SIZE.1;
        let mut line = |color, text: &str| {
            sheet.rect((x, y - 10.0), (12.0, 12.0), 2.0, color);
            sheet.text((x + 20.0, y), Style::new(13.0, palette.ink), text);
            y += 24.0;
        };
        line(palette.b, &format!("p = ({})", self.p.map(probability).join(", ")));
        line(palette.gold, &format!("t = ({})", self.t.map(fraction).join(", ")));
        if let Some(term) = self.term {
            line(palette.loss, &format!("−Σ t log p = {} {}", fixed(term, 3), words.nats));
        }
        sheet.y = top + SCALE * SIZE.1 + 12.0;
        sheet.finish()
    }
}
